"""ASF presence ping and pong (§13.2.3, §13.2.4): is there a BMC, before any session?

Fields of ASF are big-endian, unlike everything else in IPMI.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

from baseboard.errors import DecodeError, TruncatedError
from baseboard.rmcp import header

IANA: Final = 4542
"""The enterprise number of the Alerting Specifications Forum."""

PING: Final = 0x80
PONG: Final = 0x40

UNIDIRECTIONAL: Final = 0xFF
"""The message tag that expects no reply; controllers answer all the same, and so does ours."""

_HEADER: Final = struct.Struct(">4sIBBBB")
_PONG_DATA: Final = struct.Struct(">I4sBB6x")


@dataclass(frozen=True, slots=True)
class Ping:
    """Presence Ping (Table 13-6).

    Attributes:
        tag: chosen by the console and copied into the pong, 0-254.
    """

    tag: int

    def encode(self) -> bytes:
        """Make the whole datagram."""
        return _HEADER.pack(header.ASF_HEADER, IANA, PING, self.tag, 0, 0)


@dataclass(frozen=True, slots=True)
class Pong:
    """Presence Pong (Table 13-7).

    Attributes:
        tag: that of the ping.
        entities: [7] IPMI supported, [3:0] 0001b ASF 1.0.
        interactions: [7] RMCP security extensions supported, [5] DASH supported.
        iana: whose OEM-defined bytes these are; 4542 if there are none.
        oem_defined: 4 bytes.
    """

    tag: int
    entities: int = 0x81
    interactions: int = 0
    iana: int = IANA
    oem_defined: bytes = bytes(4)

    @property
    def supports_ipmi(self) -> bool:
        """Tell whether the sender speaks IPMI."""
        return bool(self.entities & 0x80)

    def encode(self) -> bytes:
        """Make the whole datagram."""
        head = _HEADER.pack(header.ASF_HEADER, IANA, PONG, self.tag, 0, _PONG_DATA.size)
        return head + _PONG_DATA.pack(self.iana, self.oem_defined, self.entities, self.interactions)


def decode(data: bytes) -> Ping | Pong:
    """Read a presence ping or pong.

    Args:
        data: a datagram of RMCP class ASF.

    Raises:
        TruncatedError: it is too short.
        DecodeError: it is another kind of message; ignore it.
    """
    if len(data) < _HEADER.size:
        raise TruncatedError(f"ASF message of {len(data)} bytes (§13.2.3)")
    head, iana, kind, tag, _, size = _HEADER.unpack_from(data)
    if head[0] != header.VERSION or head[3] != header.ASF or iana != IANA:
        raise DecodeError("not an ASF message (§13.2.3)")
    if kind == PING:
        return Ping(tag)
    if kind != PONG:
        raise DecodeError(f"ASF message type {kind:02X}h is not used by IPMI (§13.2.3)")
    if size < _PONG_DATA.size or len(data) < _HEADER.size + _PONG_DATA.size:
        raise TruncatedError(f"presence pong with {len(data) - _HEADER.size} bytes of data (Table 13-7)")
    oem_iana, oem_defined, entities, interactions = _PONG_DATA.unpack_from(data, _HEADER.size)
    return Pong(tag, entities, interactions, oem_iana, oem_defined)
