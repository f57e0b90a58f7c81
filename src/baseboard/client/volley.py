"""Many requests in one go, without a task and a future for each: what comes back sends the next itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from baseboard.errors import NoResponse

if TYPE_CHECKING:
    import asyncio

    from baseboard.client.lan import LanInterface


class Place:
    """Where the answer to one request of a volley goes; to the interface it is like a future."""

    __slots__ = ("_number", "_volley", "started", "token")

    def __init__(self, volley: Volley, number: int) -> None:
        self.token, self.started = 0, 0.0
        self._volley, self._number = volley, number

    def done(self) -> bool:
        """Whether its answer has come: then it is not awaited any more."""
        return False

    def set_result(self, answer: bytes) -> None:
        """Take the answer."""
        self._volley.answers[self._number] = answer
        self._volley.came(self.token)

    def set_exception(self, error: Exception) -> None:
        """There is none; what the end of the session has prevented may be asked again."""
        if isinstance(error, NoResponse):
            self._volley.answers[self._number] = error
        self._volley.came(self.token)

    def exception(self) -> None:
        """Nobody asks what the error was."""


class Volley:
    """Requests to the BMC of a session, in order.

    Attributes:
        answers: completion code and data of each, or that there was no answer; None where it was not awaited.
    """

    def __init__(self, interface: LanInterface, requests: Sequence[tuple[int, int, bytes]], lun: int) -> None:
        self.answers: list[bytes | NoResponse | None] = [None] * len(requests)
        self._interface, self._requests, self._lun = interface, requests, lun
        self._next = 0
        self._awaited: dict[int, Place] = {}
        self._over: asyncio.Future[None] | None = None

    async def run(self, over: asyncio.Future[None]) -> None:
        """Send until all are answered or given up, or no more are let in.

        Args:
            over: a new future of the loop.
        """
        self._over = over
        self._send()
        self._interface.flush()
        if self._awaited:
            await over

    def came(self, token: int) -> None:
        """A request has ended; the next takes its place."""
        place = self._awaited.pop(token)
        self._interface.release(token, place.started)
        self._send()
        if not self._awaited and self._over is not None and not self._over.done():
            self._over.set_result(None)

    def _send(self) -> None:
        requests, interface = self._requests, self._interface
        for _ in range(min(interface.room, len(requests) - self._next)):
            netfn, cmd, data = requests[self._next]
            place = Place(self, self._next)
            self._next += 1
            interface.ask(netfn, cmd, data, self._lun, place)
            self._awaited[place.token] = place

    def end(self) -> None:
        """Wait for no more."""
        for token in self._awaited:
            self._interface.forget(token)
        self._awaited.clear()
