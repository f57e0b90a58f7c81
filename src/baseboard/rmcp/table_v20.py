"""The RMCP+ packets of a BMC's session table (§13.6, §13.28): which are admitted, how others are made.

The logins are in `table_setup`. `receive` and `respond` are the BMC's hottest lines: one object per packet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.rmcp import v20
from baseboard.rmcp.incoming import answer, read, session_less
from baseboard.rmcp.session import LAST_NUMBER, PayloadReceived, Reason, RequestReceived, SessionV20
from baseboard.rmcp.table_setup import setup

if TYPE_CHECKING:
    from baseboard.rmcp.machine import Address
    from baseboard.rmcp.registry import Registry

_parse: Final = v20.parse
_AUTHENTICATED: Final = v20.AUTHENTICATED
_ENCRYPTED: Final = v20.ENCRYPTED
_PROTECTED: Final = _AUTHENTICATED | _ENCRYPTED
_seal: Final = v20.seal


def receive(table: Registry, data: bytes, address: Address, now: float) -> None:
    """Admit a packet or drop it (§13.28.4 ff.): AuthCode, window, decryption, message, in this order.

    Raises:
        DecodeError: it does not hold together; drop it.
        RemoteProtocolError: it cannot come now; drop it.
    """
    flags, session_id, sequence, start, end = _parse(data)
    if not session_id:
        _outside(table, data[start:end], flags, address, now)
        return
    session = table.sessions.get(session_id)
    if not isinstance(session, SessionV20):
        return
    if flags != session.ipmi_flags:
        _payload(table, session, data, address, now)
        return
    if flags:
        size = session.integrity.size
        if len(data) < end + 2 + size or not session.integrity.verify(data[4:-size], data[-size:]):
            return
        if session.inbound.judge(sequence):
            return
        message = data[start:end]
        if flags & _ENCRYPTED:
            message = session.confidentiality.decrypt(message)
    elif session.inbound_plain.judge(sequence):
        return
    else:
        message = data[start:end]
    received = read(message, session, address, v20.FORMAT)
    if received is None:
        return
    session.final = None
    session.last_active, session.address = now, address
    table.happened.append(received)


def _outside(table: Registry, payload: bytes, flags: int, address: Address, now: float) -> None:
    """Session ID 0: session-less commands and the messages of a login; never signed, never encrypted."""
    policy = table.policy
    if not policy.channel_open():
        return
    if flags:
        answered = setup(table, flags, payload, address, now) if policy.v20_enabled() else None
        if answered is not None:
            table.outbox.append((v20.wrap(flags + 1, 0, 0, answered), address))
        return
    request = read(payload, None, address, v20.FORMAT)
    if isinstance(request, RequestReceived) and session_less(request):
        table.happened.append(request)


def _payload(table: Registry, session: SessionV20, data: bytes, address: Address, now: float) -> None:
    """A packet that is no IPMI message as this session's must be: SOL, OEM, or cleartext to be dropped."""
    flags, _, sequence, start, end = _parse(data)
    kind = flags & v20.TYPE_MASK
    oem = v20.oem_of(data) if kind == v20.OEM_EXPLICIT else None
    required = session.payloads.get(kind if oem is None else oem)
    if required is None or flags & required != required:
        return
    authenticated = flags & _AUTHENTICATED
    # No suite encrypts without signing.
    if flags & _ENCRYPTED and not authenticated:
        return
    v20.authenticate(data, flags, end, session.integrity)
    if (session.inbound if authenticated else session.inbound_plain).judge(sequence):
        return
    payload = v20.open_payload(data, flags, start, end, session.confidentiality)
    session.final, session.last_active = None, now
    # An unsigned packet does not redirect a session that can do better.
    if authenticated or not session.integrity.size:
        session.address = address
    table.happened.append(PayloadReceived(session, kind, payload, oem))


def respond(table: Registry, request: RequestReceived, data: bytes) -> None:
    """Answer a request in RMCP+ format, with the strongest protection that its session has."""
    message, session = answer(request, data), request.session
    if type(session) is not SessionV20:
        packet = v20.wrap(0, 0, 0, message)
    elif session.ipmi_flags == _PROTECTED:
        number = session.outbound = session.outbound + 1
        if number >= LAST_NUMBER:
            table.close(session, Reason.OUT_OF_NUMBERS)
        packet = _seal(
            session.console_session_id, number, message, session.integrity, session.confidentiality
        )
    else:
        packet = _wrap(table, session, 0, message, session.ipmi_flags, None)
    table.outbox.append((packet, request.address))


def send(
    table: Registry,
    session: SessionV20,
    payload_type: int,
    payload: bytes,
    flags: int,
    oem: tuple[int, int] | None = None,
    address: Address | None = None,
) -> None:
    """Send a payload.

    Args:
        flags: `v20.AUTHENTICATED` and `v20.ENCRYPTED`; what the suite does not have is left away.
        address: where to; None = where the console was heard last.
    """
    packet = _wrap(table, session, payload_type, payload, flags, oem)
    table.outbox.append((packet, address or session.address))


def _wrap(
    table: Registry,
    session: SessionV20,
    payload_type: int,
    payload: bytes,
    flags: int,
    oem: tuple[int, int] | None,
) -> bytes:
    """Use up a number of the right counter; after the last one the session must end (§6.12.9)."""
    integrity = session.integrity if flags & _AUTHENTICATED else None
    confidentiality = session.confidentiality if flags & _ENCRYPTED else None
    if integrity is not None and integrity.size:
        number = session.outbound = session.outbound + 1
    else:
        number = session.outbound_plain = session.outbound_plain + 1
    if number >= LAST_NUMBER:
        table.close(session, Reason.OUT_OF_NUMBERS)
    return v20.wrap(
        payload_type, session.console_session_id, number, payload, integrity, confidentiality, oem
    )
