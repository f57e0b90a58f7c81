"""The BMC's session table of one LAN channel: every datagram from the port comes here first (§13).

One table serves all consoles of the channel. It answers what needs no BMC behind it (presence pings, the
messages of a v2.0 login), drops what may not pass, and hands the rest over as events. `respond` answers them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.errors import DecodeError, RemoteProtocolError
from baseboard.rmcp import asf, header, table_v15, table_v20, v20
from baseboard.rmcp.registry import Registry
from baseboard.rmcp.session import SessionV20

if TYPE_CHECKING:
    from baseboard.rmcp.machine import Address
    from baseboard.rmcp.pending import Activation
    from baseboard.rmcp.session import AnySession, Event, RequestReceived

_IPMI: Final = header.IPMI
_V20: Final = v20.FORMAT
_receive_v20: Final = table_v20.receive
_receive_v15: Final = table_v15.receive


class SessionTable(Registry):
    """An `Endpoint`: datagrams and time in; datagrams and events out.

    Nothing received raises an error, and nothing received without a password grows the table beyond its
    slots. The handlers of Get Session Challenge, Activate Session and Close Session call `challenge`,
    `activate` and `close`.
    """

    __slots__ = ()

    def receive(self, data: bytes, address: Address, now: float) -> None:
        """Take a datagram; what may not pass is dropped silently (§13.6, §22.13 ff.)."""
        try:
            if len(data) > 4 and data[3] == _IPMI:
                if data[4] == _V20:
                    _receive_v20(self, data, address, now)
                else:
                    _receive_v15(self, data, address, now)
            else:
                self._other_class(data, address)
        except (DecodeError, RemoteProtocolError):
            return

    def _other_class(self, data: bytes, address: Address) -> None:
        """§13.2: acknowledge what wants it, answer presence pings; anybody may ask."""
        acknowledgement = header.acknowledgement(data)
        if acknowledgement is not None:
            self.outbox.append((acknowledgement, address))
        message = asf.decode(data)
        if isinstance(message, asf.Ping):
            self.outbox.append((asf.Pong(message.tag, iana=self.maker).encode(), address))

    def outgoing(self) -> list[tuple[bytes, Address]]:
        """Hand over the datagrams to be sent, each once."""
        outbox, self.outbox = self.outbox, []
        return outbox

    def events(self) -> list[Event]:
        """Hand over what happened, each event once; a driver may take them out of `happened` instead."""
        happened = self.happened.copy()
        self.happened.clear()
        return happened

    def respond(self, request: RequestReceived, data: bytes) -> None:
        """Answer a request; nothing is sent if its session has ended meanwhile.

        Args:
            data: completion code and what follows it.
        """
        session = request.session
        if session is not None and session.closed:
            if session.farewell is not request:
                return
            # The two would keep each other, and with them the session's keys, until a collection of cycles.
            session.farewell = None
        if request.form == _V20:
            table_v20.respond(self, request, data)
        else:
            table_v15.respond(self, request, data)

    def challenge(
        self, request: RequestReceived, auth_type: int, name: bytes, now: float
    ) -> tuple[int, bytes]:
        """Carry out Get Session Challenge; see `table_v15.challenge`."""
        return table_v15.challenge(self, request, auth_type, name, now)

    def activate(
        self,
        request: RequestReceived,
        auth_type: int,
        privilege: int,
        challenge: bytes,
        outbound: int,
        now: float,
    ) -> Activation:
        """Carry out Activate Session; see `table_v15.activate`."""
        return table_v15.activate(self, request, auth_type, privilege, challenge, outbound, now)

    def send_message(self, session: AnySession, message: bytes) -> None:
        """Send a console an IPMI message that answers no request in hand: a request, a bridged response.

        Args:
            message: from its first address to its second checksum.
        """
        if session.closed:
            return
        if isinstance(session, SessionV20):
            table_v20.send(self, session, 0, message, session.ipmi_flags)
        else:
            table_v15.send(self, session, message)

    def admit_payload(
        self, session: SessionV20, payload: int | tuple[int, int], *, authenticated: bool, encrypted: bool
    ) -> None:
        """Let packets of a payload type pass from now on; before, they are dropped.

        Args:
            payload: payload type, or IANA number and payload ID of an OEM-explicit one.
            authenticated: drop packets that are not, if the suite can sign.
            encrypted: drop packets that are not, if the suite can encrypt.
        """
        flags = (v20.AUTHENTICATED if authenticated else 0) | (v20.ENCRYPTED if encrypted else 0)
        session.payloads[payload] = flags & session.ipmi_flags

    def refuse_payload(self, session: SessionV20, payload: int | tuple[int, int]) -> None:
        """Drop packets of a payload type from now on."""
        session.payloads.pop(payload, None)

    def send_payload(
        self,
        session: SessionV20,
        payload: int | tuple[int, int],
        data: bytes,
        *,
        authenticated: bool,
        encrypted: bool,
        address: Address | None = None,
    ) -> None:
        """Send a payload that is no IPMI message.

        Args:
            payload: payload type, or IANA number and payload ID of an OEM-explicit one.
            authenticated: sign it, if the suite can.
            encrypted: encrypt it, if the suite can; then it is signed too.
            address: where to; None = where the console was heard last.
        """
        if session.closed:
            return
        flags = (v20.AUTHENTICATED if authenticated or encrypted else 0) | (v20.ENCRYPTED if encrypted else 0)
        if isinstance(payload, tuple):
            table_v20.send(self, session, v20.OEM_EXPLICIT, data, flags, payload, address)
        else:
            table_v20.send(self, session, payload, data, flags, None, address)
