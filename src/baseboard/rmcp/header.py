"""The RMCP header in front of everything on ports 623 and 664 (§13.1, Table 13-2), and its ACK (§13.2.1)."""

from __future__ import annotations

from typing import Final

from baseboard.errors import DecodeError, TruncatedError

SIZE: Final = 4
VERSION: Final = 6
"""RMCP 1.0."""

NO_ACK: Final = 0xFF
"""The RMCP sequence number that wants no acknowledgement; messages of class IPMI always carry it."""

ASF: Final = 6
IPMI: Final = 7
OEM: Final = 8
ACK: Final = 0x80
"""Bit of the class byte: an acknowledgement, which has no data."""

LARGEST_MESSAGE: Final = 255
"""Bytes of an IPMI message in the v1.5 wrapper, whose length has one byte (Table 13-8)."""

IPMI_HEADER: Final = bytes((VERSION, 0, NO_ACK, IPMI))
ASF_HEADER: Final = bytes((VERSION, 0, NO_ACK, ASF))


def message_class(data: bytes) -> int:
    """Tell what follows the RMCP header.

    Returns: ``ASF``, ``IPMI``, ``OEM`` or a reserved number 0-31; plus ``ACK`` for an acknowledgement.

    Raises:
        TruncatedError: there is no whole header.
        DecodeError: the version is not that of RMCP 1.0.
    """
    if len(data) < SIZE:
        raise TruncatedError(f"RMCP header of {len(data)} bytes (Table 13-2)")
    if data[0] != VERSION:
        raise DecodeError(f"RMCP version {data[0]:02X}h instead of 06h (Table 13-2)")
    return data[3] & (ACK | 0x1F)


def acknowledgement(data: bytes) -> bytes | None:
    """Make the RMCP ACK of a received message (§13.2.1).

    Returns: the datagram to send back, or None where none is due: the message is of class IPMI, wants no
        acknowledgement, or is one.

    Raises:
        DecodeError: this is not RMCP.
    """
    # Only class ASF defines an ACK (86h).
    if message_class(data) != ASF or data[2] == NO_ACK:
        return None
    return bytes((data[0], data[1], data[2], ASF | ACK))


def oem_payload(data: bytes) -> tuple[int, bytes]:
    """Take an RMCP message of class OEM apart.

    Returns: the IANA enterprise number and what follows it.
    """
    if len(data) < SIZE + 4:
        raise TruncatedError(f"RMCP message of class OEM with {len(data)} bytes has no IANA number (§13.1)")
    return int.from_bytes(data[SIZE : SIZE + 4], "big"), data[SIZE + 4 :]
