"""The line of a session: requests that wait until the BMC has room for them."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from baseboard.client.asked import Asked
from baseboard.client.deadline import time_left
from baseboard.errors import BaseboardError, DeadlinePassed
from baseboard.transports import waiting

if TYPE_CHECKING:
    from baseboard.client.asked import Words
    from baseboard.client.lan import LanInterface
    from baseboard.transports.arrival import Arrivals


class Line:
    """Lets one after the other in, in the order in which they came.

    Attributes:
        places: who waits, the first at the left.
    """

    __slots__ = ("_among", "_interface", "places")

    def __init__(self, interface: LanInterface, among: Arrivals) -> None:
        self._interface, self._among = interface, among
        self.places: deque[Asked[bytes | None]] = deque()

    async def wait(self, words: Words | None) -> bytes | None:
        """Wait until there is room, but not beyond the deadline of the whole operation.

        Args:
            words: what may be sent then without the task that waits; to wake it first costs a tenth more.

        Returns: the answer; None where the request has to be sent now.

        Raises:
            DeadlinePassed: there was no room in time.
        """
        left = time_left()
        asked: Asked[bytes | None] = Asked(self._among, words if left is None else None)
        self.places.append(asked)
        try:
            if left is None:
                answer = await asked
            else:
                async with waiting.timeout(left):
                    answer = await asked
        except BaseException as error:
            self._give_up(asked)
            if isinstance(error, TimeoutError):
                raise DeadlinePassed("the time for the whole operation is over") from None
            raise
        if answer is not None:
            self._interface.note_pace(asked)
            self._interface.end(asked)
        return answer

    def _give_up(self, asked: Asked[bytes | None]) -> None:
        if asked.token:
            self._interface.end(asked)
        elif asked in self.places:
            self.places.remove(asked)
        elif not asked.cancelled():
            self.let_in()  # its turn had come, and is not taken

    def let_in(self) -> None:
        """Let as many in as there is room for."""
        interface, places = self._interface, self.places
        room = interface.vacant
        while room > 0 and places:
            asked = places.popleft()
            if asked.done():
                continue
            if asked.words is None or interface.spared:
                asked.set_result(None)
                room -= 1
                continue
            try:
                interface.send(asked, asked.words)
                room -= 1
            except BaseboardError as error:
                asked.set_exception(error)
        interface.flush()
