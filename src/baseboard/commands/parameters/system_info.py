"""System Info parameters: names and versions of software, as strings in blocks (Table 22-16c)."""

from __future__ import annotations

from collections.abc import Sequence

from baseboard.commands.parameters.progress import SetInProgressState
from baseboard.errors import DecodeError, EncodeError
from baseboard.wire import Family, OpenEnum, at

BLOCK = 16
"""Bytes of a block."""

_HEADER = 2  # block 0 begins with encoding and length


class StringEncoding(OpenEnum):
    """How the bytes of a System Info string are to be read (Table 22-16c)."""

    ASCII_LATIN1 = 0
    UTF_8 = 1
    UNICODE = 2


class SystemInfoParameter(Family):
    """A System Info parameter, by selector (Table 22-16c)."""


@SystemInfoParameter.of(0)
class SetInProgress(SystemInfoParameter):
    """Who changes parameters says so; volatile."""

    state: SetInProgressState = at("1[1:0]")


@SystemInfoParameter.of(1)
class SystemFirmwareVersion(SystemInfoParameter):
    """Version of the system's firmware."""

    set_selector: int = at("1", "number of the block, from 0")
    block: bytes = at("2:", "16 bytes; see split()")


@SystemInfoParameter.of(2)
class SystemName(SystemInfoParameter):
    """Name of the system."""

    set_selector: int = at("1", "number of the block, from 0")
    block: bytes = at("2:", "16 bytes; see split()")


@SystemInfoParameter.of(3)
class PrimaryOperatingSystemName(SystemInfoParameter):
    """Name of the operating system that the system boots by default."""

    set_selector: int = at("1", "number of the block, from 0")
    block: bytes = at("2:", "16 bytes; see split()")


@SystemInfoParameter.of(4)
class OperatingSystemName(SystemInfoParameter):
    """Name of the operating system that runs; volatile, cleared when the system restarts."""

    set_selector: int = at("1", "number of the block, from 0")
    block: bytes = at("2:", "16 bytes; see split()")


@SystemInfoParameter.of(5)
class PresentOsVersionNumber(SystemInfoParameter):
    """Version of the operating system that runs; volatile."""

    set_selector: int = at("1", "number of the block, from 0")
    block: bytes = at("2:", "16 bytes; see split()")


@SystemInfoParameter.of(6)
class BmcUrl(SystemInfoParameter):
    """Where the BMC's own web page is."""

    set_selector: int = at("1", "number of the block, from 0")
    block: bytes = at("2:", "16 bytes; see split()")


@SystemInfoParameter.of(7)
class ManageabilityUrl(SystemInfoParameter):
    """Where the base operating system or hypervisor is managed."""

    set_selector: int = at("1", "number of the block, from 0")
    block: bytes = at("2:", "16 bytes; see split()")


def split(text: bytes, encoding: StringEncoding = StringEncoding.ASCII_LATIN1) -> list[bytes]:
    """The blocks that hold a string: block 0 begins with its encoding and whole length.

    Args:
        text: up to 255 bytes.
        encoding: of the bytes.

    Returns:
        Blocks of 16 bytes, the last one padded with 00h.

    Raises:
        EncodeError: the string is too long.
    """
    if len(text) > 0xFF:
        raise EncodeError(f"System Info string of {len(text)} bytes; its length is one byte")
    whole = bytes((encoding, len(text))) + text
    return [whole[at : at + BLOCK].ljust(BLOCK, b"\0") for at in range(0, len(whole), BLOCK)]


def join(blocks: Sequence[bytes]) -> tuple[StringEncoding, bytes]:
    """The string that blocks hold, from block 0 on; a short last block is as far as it goes.

    Raises:
        DecodeError: block 0 is missing, or lacks encoding or length.
    """
    whole = b"".join(blocks)
    if len(whole) < _HEADER:
        raise DecodeError("System Info string: block 0 has no encoding and length")
    return StringEncoding(whole[0] & 0x0F), whole[_HEADER : _HEADER + whole[1]]
