"""A console before any session: presence ping, and the commands that need no login (§13.2.3, §6.12)."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from baseboard.codes import PayloadType
from baseboard.errors import RemoteProtocolError
from baseboard.rmcp import asf, header, v15, v20
from baseboard.rmcp.asf import Pong
from baseboard.rmcp.console_events import Ponged
from baseboard.rmcp.flight import DEFAULT_PACE
from baseboard.rmcp.requester import Requester

if TYPE_CHECKING:
    from baseboard.rmcp.flight import Pace, Pending


class Form(enum.Flag):
    """Which wrapper a session-less request travels in."""

    V15 = enum.auto()
    """That of v1.5, which BMCs of either version understand."""
    V20 = enum.auto()
    """That of RMCP+, the only one that some new BMCs answer."""


class Discovery(Requester):
    """Asks whoever is there what it is and which logins it offers.

    Answers in either wrapper are accepted; of two answers the first counts.
    """

    def __init__(
        self,
        *,
        form: Form = Form.V15,
        pace: Pace = DEFAULT_PACE,
        depth: int = 1,
        ignore_checksums: bool = False,
    ) -> None:
        super().__init__(pace, depth, first=0, ignore_checksums=ignore_checksums)
        self.form = form

    def ping(self, tag: int) -> None:
        """Send a presence ping; a `Ponged` event may come of it, a missing one proves nothing.

        Args:
            tag: 0-254; the pong carries it.
        """
        self._out.append(asf.Ping(tag).encode())

    def _transmit(self, pending: Pending, now: float) -> None:
        del now
        message = pending.message()
        if Form.V15 in self.form:
            self._out.append(v15.wrap(0, 0, 0, message))
        if Form.V20 in self.form:
            self._out.append(v20.wrap(PayloadType.IPMI_MESSAGE, 0, 0, message))

    def _take(self, data: bytes, now: float) -> None:
        if header.message_class(data) != header.IPMI:
            self._take_asf(data)
        elif data[header.SIZE : header.SIZE + 1] == bytes((v20.FORMAT,)):
            flags, session_id, _, start, end = v20.parse(data)
            if flags or session_id:
                raise RemoteProtocolError("an RMCP+ packet of a session, or no IPMI message")
            self._take_message(data[start:end], now)
        else:
            packet = v15.unwrap(data)
            if packet.auth_type or packet.session_id:
                raise RemoteProtocolError("a v1.5 packet of a session")
            self._take_message(packet.message, now)

    def _take_asf(self, data: bytes) -> None:
        ack = header.acknowledgement(data)
        if ack is not None:
            self._out.append(ack)
        message = asf.decode(data)
        if not isinstance(message, Pong):
            raise RemoteProtocolError("a ping is no answer")
        self._events.append(Ponged(message))
