"""Logging in again, for what outlives a session: a console, a watch on the event log."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

from baseboard.client.deadline import remaining
from baseboard.errors import BaseboardError, LocalProtocolError, LoginRefused, SessionClosed, TransportError
from baseboard.transports import waiting

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc

LOST: Final = (SessionClosed, TransportError, LocalProtocolError)
"""What is raised when a session is gone, or the controller is."""

_PAUSES: Final = (0.5, 1.0, 2.0, 5.0, 10.0)


async def log_in_again(bmc: Bmc) -> None:
    """Put a new session under a `Bmc`, with the settings of the old one.

    Raises:
        LoginError: why not.
    """
    from baseboard.client.connect import open_interface

    with contextlib.suppress(*LOST):
        await bmc.interface.close()
    bmc.interface = await open_interface(bmc.settings)


async def insist(bmc: Bmc, patience: float | None = None) -> None:
    """Log in again, as often as it takes.

    Args:
        patience: seconds, None = for ever.

    Raises:
        LoginError: time is over, or name and password are refused: trying on would lock the user out.
    """
    loop = waiting.running()
    end = None if patience is None else loop.time() + patience
    pauses = list(_PAUSES)
    while True:
        try:
            await log_in_again(bmc)
        except LoginRefused:
            raise
        except BaseboardError:
            pause = pauses.pop(0) if len(pauses) > 1 else pauses[0]
            if end is not None and loop.time() + pause > end:
                raise
            await waiting.sleep(remaining(pause))
        else:
            return
