"""The RMCP+ packet: header, payload, and a trailer that proves both (§13.6, Table 13-8).

Receiving takes four steps, since the keys are known only once the session is: `parse` the header, find the
session, `authenticate` the packet, ask the session's window, then `open_payload`.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from baseboard.codes import AuthType, PayloadType
from baseboard.errors import DecodeError, EncodeError, RemoteProtocolError, TruncatedError
from baseboard.rmcp.header import IPMI, IPMI_HEADER, VERSION

if TYPE_CHECKING:
    from baseboard.crypto.confidentiality import Confidentiality
    from baseboard.crypto.integrity import Integrity

FORMAT: Final = int(AuthType.RMCP_PLUS)
"""Authentication type that says: this is an RMCP+ packet."""

ENCRYPTED: Final = 0x80
AUTHENTICATED: Final = 0x40
TYPE_MASK: Final = 0x3F
_SEALED: Final = ENCRYPTED | AUTHENTICATED
OEM_EXPLICIT: Final = int(PayloadType.OEM_EXPLICIT)
NEXT_HEADER: Final = 0x07

_RMCP: Final = 4
_HEADER: Final = struct.Struct("<BxBBBBIIH")
_OEM_HEADER: Final = struct.Struct("<BxBBBBIHIIH")
_unpack, _HEADER_SIZE = _HEADER.unpack_from, _HEADER.size
_pack = struct.Struct("<4sBBIIH").pack
_pack_oem = struct.Struct("<4sBBIHIIH").pack
# Integrity pad, pad length and next header, by how far the bytes before them are past a multiple of 4.
_TRAILERS: Final = tuple(b"\xff" * pad + bytes((pad, NEXT_HEADER)) for pad in (2, 1, 0, 3))


def parse(data: bytes) -> tuple[int, int, int, int, int]:
    """Read the header of a datagram: where things are in it; nothing of it is verified yet.

    Returns: flags (payload type in [5:0], ``AUTHENTICATED``, ``ENCRYPTED``); the receiver's own session ID
        and the session sequence number, both 0 outside a session; where the payload begins and ends.

    Raises:
        TruncatedError: it ends too early.
        DecodeError: it is not an RMCP+ packet.
    """
    size = len(data)
    if size < _HEADER_SIZE:
        raise TruncatedError(f"RMCP+ packet of {size} bytes (Table 13-8)")
    version, _, message_class, form, flags, session_id, sequence, length = _unpack(data)
    if version != VERSION or message_class != IPMI or form != FORMAT:
        raise DecodeError("not an RMCP+ packet (Table 13-8)")
    start = _HEADER_SIZE
    if flags & TYPE_MASK == OEM_EXPLICIT:
        start = _OEM_HEADER.size
        if size < start:
            raise TruncatedError(f"RMCP+ packet of {size} bytes ends in its OEM header (Table 13-8)")
        session_id, sequence, length = _OEM_HEADER.unpack_from(data)[7:]
    end = start + length
    if size < end:
        raise TruncatedError(
            f"RMCP+ packet announces {length} bytes of payload, has {size - start} (Table 13-8)"
        )
    return flags, session_id, sequence, start, end


def oem_of(data: bytes) -> tuple[int, int]:
    """Read whose OEM-explicit payload a parsed datagram carries.

    Returns: IANA enterprise number and OEM payload ID.
    """
    iana, payload_id = _OEM_HEADER.unpack_from(data)[5:7]
    return iana & 0xFFFFFF, payload_id


def authenticate(data: bytes, flags: int, end: int, integrity: Integrity) -> None:
    """Check the trailer of a parsed datagram against the session's integrity algorithm.

    The AuthCode is taken from the end of the datagram and covers all between the RMCP header and itself: some
    controllers count the pad wrongly, and what they sign is right all the same.

    Raises:
        TruncatedError: there is no room for the trailer.
        RemoteProtocolError: the AuthCode is wrong, or the session has none; drop the packet silently.
    """
    size = integrity.size
    if not flags & AUTHENTICATED:
        return
    if not size:
        raise RemoteProtocolError("authenticated packet in a session without integrity (§13.28.4)")
    if len(data) < end + 2 + size:
        raise TruncatedError(f"RMCP+ session trailer of {len(data) - end} bytes (Table 13-8)")
    if not integrity.verify(data[_RMCP:-size], data[-size:]):
        raise RemoteProtocolError("AuthCode of an RMCP+ packet is wrong (§13.28.4)")


def open_payload(data: bytes, flags: int, start: int, end: int, confidentiality: Confidentiality) -> bytes:
    """Take the payload out of an authenticated datagram and decrypt it where it is encrypted.

    Raises:
        DecodeError: its confidentiality header or trailer is wrong.
        RemoteProtocolError: it is encrypted, and the session has no algorithm for that.
    """
    if not flags & ENCRYPTED:
        return data[start:end]
    if not confidentiality.algorithm:
        raise RemoteProtocolError("encrypted packet in a session without confidentiality (§13.29)")
    return confidentiality.decrypt(data[start:end])


def seal(
    session_id: int, sequence: int, message: bytes, integrity: Integrity, confidentiality: Confidentiality
) -> bytes:
    """Make a datagram of an IPMI message that is both signed and encrypted: most are.

    It is `wrap` without its choices, 0.4 us less.
    """
    payload = confidentiality.encrypt(message)
    packet = _pack(IPMI_HEADER, FORMAT, _SEALED, session_id, sequence, len(payload)) + payload
    packet += _TRAILERS[len(packet) & 3]
    return packet + integrity.sign(packet[_RMCP:])


def wrap(
    payload_type: int,
    session_id: int,
    sequence: int,
    payload: bytes,
    integrity: Integrity | None = None,
    confidentiality: Confidentiality | None = None,
    oem: tuple[int, int] | None = None,
) -> bytes:
    """Make a datagram.

    Args:
        payload_type: 0-63, without flags.
        session_id: the receiver's own ID; 0 outside a session.
        integrity: signs the packet; None, or the algorithm "none", leaves the trailer away.
        confidentiality: encrypts the payload; None, or the algorithm "none", sends it in clear.
        oem: IANA number and OEM payload ID of an OEM-explicit payload (type 02h).

    Raises:
        EncodeError: a number does not fit its field.
    """
    flags = payload_type
    if confidentiality is not None and confidentiality.algorithm:
        payload = confidentiality.encrypt(payload)
        flags |= ENCRYPTED
    if integrity is not None and integrity.size:
        flags |= AUTHENTICATED
    try:
        if oem is None:
            packet = _pack(IPMI_HEADER, FORMAT, flags, session_id, sequence, len(payload)) + payload
        else:
            head = _pack_oem(IPMI_HEADER, FORMAT, flags, *oem, session_id, sequence, len(payload))
            packet = head + payload
    except struct.error as error:
        raise EncodeError(
            f"RMCP+ packet with a payload of {len(payload)} bytes: {error} (Table 13-8)"
        ) from error
    if not flags & AUTHENTICATED or integrity is None:
        return packet
    packet += _TRAILERS[len(packet) & 3]
    return packet + integrity.sign(packet[_RMCP:])
