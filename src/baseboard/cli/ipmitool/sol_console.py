"""``ipmitool sol activate`` and ``sol looptest``: the system's console on this terminal."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.questions import ask, known
from baseboard.cli.ipmitool.sol import deactivate
from baseboard.cli.ipmitool.text import COMPLETION
from baseboard.cli.results.sol import SolEnd
from baseboard.cli.terminal import Escapes, Over, converse
from baseboard.codes import PayloadType
from baseboard.commands.app.payload import ActivatePayload, SerialAlerts, SolActivation
from baseboard.errors import CompletionError, LocalProtocolError, NoResponse, SessionClosed

if TYPE_CHECKING:
    from baseboard.cli.call import Call

REFUSALS: Final = {
    int(ActivatePayload.ALREADY_ACTIVE): "Info: SOL payload already active on another session",
    int(ActivatePayload.TYPE_DISABLED): "Info: SOL payload disabled",
    int(ActivatePayload.LIMIT_REACHED): "Info: SOL payload activation limit reached",
    int(ActivatePayload.CANNOT_ENCRYPT): "Info: cannot activate SOL payload with encryption",
    int(ActivatePayload.MUST_ENCRYPT): "Info: cannot activate SOL payload without encryption",
}
NEEDS_LANPLUS: Final = "Error: This command is only available over the lanplus interface"
ANSWER_SIZE: Final = 12
KEEP_ALIVE: Final = 10.0


def _possible(call: Call, instance: int) -> bool:
    if call.options.settings.interface != "lanplus":
        call.err(NEEDS_LANPLUS)
        return False
    if not 1 <= instance <= 15:
        call.err("Error: Instance must range from 1 to 15")
        return False
    return True


def _refused(call: Call, code: int) -> int:
    call.err(REFUSALS.get(code, f"Error activating SOL payload: {known(code, COMPLETION)}"))
    return 1


async def activate(call: Call, instance: int, *, keep_alive: bool) -> int:
    """Join the system's console and this terminal until one of them has enough."""
    if not _possible(call, instance):
        return 1
    bmc = await call.bmc()
    try:
        console = await bmc.sol.open(instance, keep_alive=KEEP_ALIVE if keep_alive else None)
    except CompletionError as error:
        return _refused(call, error.code)
    except LocalProtocolError:
        call.err(NEEDS_LANPLUS)
        return 1
    except (NoResponse, SessionClosed):
        call.err("Error: No response activating SOL payload")
        return 1
    escapes = Escapes(call.options.escape)
    _print(f"[SOL Session operational.  Use {escapes.character}? for help]\n".encode())
    try:
        over = await converse(
            console, escapes, write=_print, noted=lambda item: _noted(call, item), exact=call.exact
        )
    except LocalProtocolError:
        over = Over.PEER  # it ended while something was typed
    finally:
        await console.close()
    return _ended(call, instance, over, console.ending)


def _ended(call: Call, instance: int, over: Over, ending: object) -> int:
    from baseboard.client.sol_stream import Ending

    why = {Ending.TAKEN: "taken", Ending.DEACTIVATED: "deactivated", Ending.LOST: "lost"}
    if over is not Over.PEER:
        call.result(SolEnd(instance=instance, why="closed"))
        return 0
    call.result(
        SolEnd(instance=instance, why=why.get(ending, "closed") if isinstance(ending, Ending) else "")
    )
    if ending is Ending.LOST:
        call.err("Error: No response to keepalive - Terminating session")
    else:
        call.err("SOL session closed by BMC")
    return 1


def _noted(call: Call, item: object) -> None:
    """Tell of a gap where that is wanted; ipmitool knows of none."""
    if not call.exact:
        from baseboard.client.sol_stream import SolGap

        if isinstance(item, SolGap):
            call.err(f"\r\n[characters may be missing: {item.reason.value}]\r")


def _print(data: bytes) -> None:
    """Put the console's bytes on the terminal as they are: that is what a console is for."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


async def looptest(call: Call, rounds: int, interval_ms: int, instance: int) -> int:
    """Activate and deactivate the console again and again."""
    for left in range(rounds, 0, -1):
        call.out(f"remain loop test counter: {left}")
        if await _once(call, instance):
            call.out("SOL looptest failed: -1")
            return 1
        await asyncio.sleep(interval_ms / 1000)
    call.result(SolEnd(instance=instance, why="closed"))
    return 0


async def _once(call: Call, instance: int) -> int:
    if not _possible(call, instance):
        return 1
    wishes = SolActivation(
        encrypted=True, authenticated=True, serial_alerts=SerialAlerts.DEFERRED, handshake=True
    )
    answer = await ask(
        call,
        ActivatePayload(payload_type=PayloadType.SOL, instance=instance, auxiliary=wishes.encode()),
    )
    if answer is None:
        call.err("Error: No response activating SOL payload")
        return 1
    if answer.code:
        return _refused(call, answer.code)
    if len(answer.data) != ANSWER_SIZE:
        call.err(
            f"Error: Unexpected data length ({len(answer.data)}) received in payload activation response"
        )
        return 1
    call.out(f"[SOL Session operational.  Use {call.options.escape}? for help]")
    await deactivate(call, instance)
    return 0
