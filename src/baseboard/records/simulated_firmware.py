"""Firmware for the simulated components: what is in the bytes that an upgrade uploads.

A real controller knows the version of what it was given from the firmware itself, and so does the
simulated one.
The layout is ours: a mark, the version, what the self test of it says, then anything, and a checksum over
all.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Final

from baseboard.errors import ChecksumError, DecodeError, TruncatedError
from baseboard.records.hpm import HpmVersion

MARK: Final = b"BBSIMFW\x01"
PASSED: Final = 0x55
"""Self test result: no error (Table 20-6)."""

CORRUPT: Final = 0x57
"""Self test result: something is corrupted or cannot be reached."""

_VERSION: Final = slice(8, 14)
_RESULT, _DETAILS = 14, 15
_HEAD: Final = 16
_SUM: Final = 4


@dataclass(frozen=True, slots=True)
class SimulatedFirmware:
    """Firmware of a simulated component.

    Attributes:
        version: what the component reports once this runs.
        result: first byte of the self test's result.
        details: second byte of it.
        content: anything.
    """

    version: HpmVersion
    result: int = PASSED
    details: int = 0
    content: bytes = b""

    def encode(self) -> bytes:
        """The bytes that are uploaded."""
        body = MARK + self.version.encode() + bytes((self.result, self.details)) + self.content
        return body + zlib.crc32(body).to_bytes(_SUM, "little")


def read_firmware(data: bytes) -> SimulatedFirmware:
    """What is in uploaded bytes.

    Raises:
        ChecksumError: they are damaged.
        DecodeError: they are no firmware for a simulated component.
    """
    if data[: len(MARK)] != MARK:
        raise DecodeError("this is no firmware for a simulated component")
    if len(data) < _HEAD + _SUM:
        raise TruncatedError("the firmware is cut short")
    body, checksum = data[:-_SUM], data[-_SUM:]
    if zlib.crc32(body).to_bytes(_SUM, "little") != checksum:
        raise ChecksumError("the firmware's checksum is wrong")
    return SimulatedFirmware(
        HpmVersion.decode(body[_VERSION]), body[_RESULT], body[_DETAILS], bytes(body[_HEAD:])
    )
