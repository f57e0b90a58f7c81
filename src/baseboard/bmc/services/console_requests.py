"""Requests of controllers that consoles are to answer, each into a session (§6.12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from baseboard.bmc.clock import Clock
from baseboard.bmc.services.bus_station import EXPIRES_S, SEQUENCES, Asker
from baseboard.bmc.services.events import BMC_ADDRESS
from baseboard.bmc.shared import Sparse
from baseboard.codes import Cc
from baseboard.errors import CompletionError
from baseboard.rmcp import lan_message

if TYPE_CHECKING:
    from baseboard.rmcp.lan_message import LanMessage
    from baseboard.rmcp.session import AnySession, Session
    from baseboard.rmcp.table import SessionTable

MOST: Final = 16


class _Sent(NamedTuple):
    session: Session
    netfn: int
    cmd: int
    asker: Asker
    until: float


class ConsoleRequests(Sparse):
    """What consoles were asked and have not answered yet."""

    __slots__ = ("_clock", "_sent", "_sequence")
    PARTS = (("_sent", dict),)

    _sent: dict[int, _Sent]

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._sequence = 0

    def send(self, session: AnySession, table: SessionTable, message: LanMessage, asker: Asker) -> None:
        """Ask a console, under a number of the BMC's own.

        Raises:
            CompletionError: C0h, too much is under way.
        """
        now = self._clock.now()
        self._sent = {number: sent for number, sent in self._sent.items() if now < sent.until}
        if len(self._sent) >= MOST:
            raise CompletionError(Cc.NODE_BUSY)
        while self._sequence in self._sent:
            self._sequence = (self._sequence + 1) % SEQUENCES
        self._sent[self._sequence] = _Sent(session, message.netfn | 1, message.cmd, asker, now + EXPIRES_S)
        frame = lan_message.wrap_request(
            message.netfn, message.cmd, message.data, self._sequence,
            rs_addr=message.rs_addr, rs_lun=message.rs_lun, rq_addr=BMC_ADDRESS,
        )  # fmt: skip
        self._sequence = (self._sequence + 1) % SEQUENCES
        table.send_message(session, frame)

    def received(self, session: Session, message: LanMessage) -> bool:
        """Pass a console's response on.

        Returns: whether it was one to a request that is tracked.
        """
        sent = self._sent.get(message.rq_seq)
        if sent is None or sent.session is not session or self._clock.now() >= sent.until:
            return False
        if (message.netfn, message.cmd) != (sent.netfn, sent.cmd) or message.rq_lun:
            return False
        del self._sent[message.rq_seq]
        sent.asker.answer(message)
        return True

    def forget(self, session: object) -> None:
        """A session ended."""
        if self._sent:
            self._sent = {number: sent for number, sent in self._sent.items() if sent.session is not session}
