"""The interface ``memory``: a controller in the same process, reached by a function call."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from baseboard.client.interface import BMC, Target
from baseboard.codes import Privilege
from baseboard.errors import NoResponse, SessionClosed
from baseboard.transports import waiting

if TYPE_CHECKING:
    import asyncio

Ask: TypeAlias = Callable[[int, int, int, bytes, Callable[[bytes], None]], None]
"""Takes netfn, LUN, command, data, and what to call with completion code and response data, now or later."""


class MemoryInterface:
    """A controller that answers by a call, with no bytes on any wire between.

    Args:
        ask: the controller.
    """

    def __init__(self, ask: Ask) -> None:
        self.name = "memory"
        self.depth = 1
        self.largest_request = 0xFF
        self.largest_response = 0xFF
        self.privilege = int(Privilege.ADMINISTRATOR)
        self._ask: Ask | None = ask

    async def exchange(
        self, netfn: int, cmd: int, data: bytes, *, target: Target = BMC, timeout: float, retry: bool = True
    ) -> bytes:
        """See `Interface.exchange`; what never answers is given up after ``timeout`` seconds."""
        del retry
        if self._ask is None:
            raise SessionClosed("the interface is closed")
        answered: asyncio.Future[bytes] = waiting.running().create_future()

        def answer(data: bytes) -> None:
            if not answered.done():
                answered.set_result(data)

        self._ask(netfn, target.lun, cmd, data, answer)
        if answered.done():
            return answered.result()
        try:
            async with waiting.timeout(timeout):
                return await answered
        except TimeoutError:
            raise NoResponse(f"no answer to {netfn:02X}h/{cmd:02X}h in {timeout:.1f} s") from None

    async def close(self) -> None:
        """Ask it nothing any more."""
        self._ask = None
