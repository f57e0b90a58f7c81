"""Restarting a controller, and waiting until it is back (§20.2, §20.3)."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

from baseboard.client.bmc import BUSY
from baseboard.client.deadline import remaining
from baseboard.client.lan import LanInterface
from baseboard.client.reconnect import LOST, insist
from baseboard.codes import Cc
from baseboard.commands.app.device import ColdReset, GetDeviceId, WarmReset
from baseboard.errors import CompletionError, NoEffect, NoResponse, SessionClosed
from baseboard.transports import waiting

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc

_LOOK: Final = 1.0
"""Seconds between looks at a controller that restarts, and for which an answer is waited for."""

_GOES: Final = 20.0
"""Seconds within which a controller that restarts cold has dropped its sessions."""

_COMING_BACK: Final = BUSY | {Cc.NOT_SUPPORTED_IN_STATE}
"""What controllers answer while they start (Q-SLOWRESET)."""

_UPDATING: Final = 0x80


async def restart(bmc: Bmc, *, cold: bool, wait: float | None) -> None:
    """Restart a controller; see `Bmc.reset`."""
    # It need not answer (§20.2), and many are gone before they do.
    with contextlib.suppress(NoResponse, SessionClosed):
        await bmc.execute(ColdReset() if cold else WarmReset(), retry=False, timeout=2 * bmc.settings.timeout)
    if wait is None:
        return
    loop = waiting.running()
    end = loop.time() + wait
    if isinstance(bmc.interface, LanInterface):
        if await _stays(bmc, min(end, loop.time() + _GOES)) and cold:
            # QUIRK iDRAC in lockdown: accepts the command and does nothing (Q-LOCKDOWN).
            bmc.meet("Q-LOCKDOWN")
            error = NoEffect("the reset was accepted, but the controller went on in the same session")
            error.hint = "some controllers can be locked against changes; look at its web page"
            raise error
        if bmc.interface.closed or cold:
            await insist(bmc, max(end - loop.time(), 0.0))
    await _back(bmc, end)


async def _stays(bmc: Bmc, end: float) -> bool:
    """Watch the session until it is gone; False then."""
    loop, command = waiting.running(), GetDeviceId.command
    while loop.time() < end:
        await waiting.sleep(remaining(_LOOK))
        try:
            answer = await bmc.interface.exchange(
                command.netfn, command.cmd, b"", timeout=remaining(_LOOK), retry=False
            )
        except LOST:
            return False
        if answer[0] in _COMING_BACK:
            return False
    return True


async def _back(bmc: Bmc, end: float) -> None:
    """Wait until the controller answers like one that has started."""
    loop, command = waiting.running(), GetDeviceId.command
    while True:
        try:
            answer = await bmc.exchange(command.netfn, command.cmd, patient=False)
        except NoResponse:
            answer = b""
        if answer and answer[0] not in _COMING_BACK:
            if answer[0]:
                raise CompletionError(answer[0])
            # One that tells less than Table 20-2 asks for does not say that it is still starting either.
            if not any(byte & _UPDATING for byte in answer[3:4]):
                return
        bmc.meet("Q-SLOWRESET")
        if loop.time() >= end:
            raise NoResponse("the controller was reset and has not come back in time")
        await waiting.sleep(remaining(min(_LOOK, max(end - loop.time(), 0.0))))
