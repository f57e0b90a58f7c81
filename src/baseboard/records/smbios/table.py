"""A whole SMBIOS: entry points, the table of structures, and dumps of both (DSP0134 §5).

Linux shows the two parts as files of ``/sys/firmware/dmi/tables``; dmidecode keeps them in one, the entry
point first and the table behind it, and that is what a dump is here too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from baseboard.errors import ChecksumError, DecodeError, EncodeError, TruncatedError
from baseboard.records.smbios.machine import EndOfTable
from baseboard.records.smbios.structure import END_OF_TABLE, HEADER_SIZE, Structure, StructureHeader
from baseboard.wire import Record, at

VERSION: Final = (3, 2)
"""That tables of ours follow: the one from which type 42 tells its protocols."""

TABLE_AT: Final = 0x20
"""Where the table begins in a dump."""

LARGEST: Final = 1 << 22
"""Bytes of a table that are looked at: many times what any firmware has."""

_ANCHOR_32, _INTERMEDIATE, _ANCHOR_64 = b"_SM_", b"_DMI_", b"_SM3_"
_BCD_VERSION: Final = (9, 9)


class EntryPoint32(Record):
    """Where the table is, as SMBIOS 2.1 and later tell it (DSP0134 §5.2.1), counted from 0."""

    _base = 0

    anchor: bytes = at("0:3", default=_ANCHOR_32)
    checksum: int = at("4", "all bytes add up to 0", default=0)
    length: int = at("5", default=0x1F)
    major: int = at("6")
    minor: int = at("7")
    largest: int = at("8:9", "bytes of the longest structure, strings included")
    revision: int = at("10", default=0)
    formatted: bytes = at("11:15", default=bytes(5))
    intermediate: bytes = at("16:20", default=_INTERMEDIATE)
    intermediate_checksum: int = at("21", "byte 16 and all behind it add up to 0", default=0)
    table_length: int = at("22:23")
    address: int = at("24:27")
    count: int = at("28:29", "of structures")
    bcd_revision: int = at("30", "version, a digit each; 0 = see major and minor", default=0)


class EntryPoint64(Record):
    """Where the table is, as SMBIOS 3.0 and later tell it (DSP0134 §5.2.2), counted from 0."""

    _base = 0

    anchor: bytes = at("0:4", default=_ANCHOR_64)
    checksum: int = at("5", "all bytes add up to 0", default=0)
    length: int = at("6", default=0x18)
    major: int = at("7")
    minor: int = at("8")
    docrev: int = at("9", default=0)
    revision: int = at("10", default=1)
    reserved: int = at("11", default=0)
    table_length: int = at("12:15", "at most")
    address: int = at("16:23")


@dataclass(frozen=True, slots=True)
class Smbios:
    """The tables of a machine.

    Attributes:
        structures: in the order of the table, its end included where it has one.
        version: of SMBIOS that they follow.
    """

    structures: tuple[Structure, ...]
    version: tuple[int, int] = VERSION

    def of(self, kind: int) -> list[Structure]:
        """The structures of a type, in their order."""
        return [structure for structure in self.structures if structure.type == kind]

    def handle(self, handle: int) -> Structure | None:
        """The structure with that handle."""
        return next((structure for structure in self.structures if structure.handle == handle), None)


def read_structures(table: bytes, count: int | None = None) -> tuple[Structure, ...]:
    """Read a table up to its end, or up to a number of structures.

    Raises:
        DecodeError: a structure is cut off, or shorter than its own header; the place is told.
    """
    found: list[Structure] = []
    position = 0
    table = table[:LARGEST]
    while position < len(table) and (count is None or len(found) < count):
        structure, position = _read(table, position, len(found))
        found.append(structure)
        if structure.type == END_OF_TABLE:
            break
    return tuple(found)


def _read(table: bytes, start: int, number: int) -> tuple[Structure, int]:
    """Read the structure at a place, and tell where the next one begins."""
    where = f"SMBIOS structure {number} at byte {start}"
    if len(table) < start + HEADER_SIZE:
        raise TruncatedError(f"{where}: {len(table) - start} bytes, a header has {HEADER_SIZE}")
    head = StructureHeader.decode(table[start : start + HEADER_SIZE])
    where += f" (type {head.structure_type}, handle {head.handle:04X}h)"
    if head.length < HEADER_SIZE:
        raise DecodeError(f"{where}: its length is {head.length}, a header alone has {HEADER_SIZE}")
    area = table[start + HEADER_SIZE : start + head.length]
    if len(area) < head.length - HEADER_SIZE:
        raise TruncatedError(f"{where}: {head.length} bytes, {len(table) - start} are there")
    end = table.find(b"\0\0", start + head.length)
    if end < 0:
        raise TruncatedError(f"{where}: its strings have no end")
    texts = table[start + head.length : end]
    strings = tuple(texts.split(b"\0")) if texts else ()
    return Structure(head.structure_type, head.handle, area, strings), end + 2


def write_structures(structures: Iterable[Structure]) -> bytes:
    """Write a table; its end is put behind the structures where they have none.

    Raises:
        EncodeError: a structure does not fit its fields, or a string would end it.
    """
    listed = list(structures)
    if not listed or listed[-1].type != END_OF_TABLE:
        listed.append(Structure.of(0x7F00, EndOfTable()))
    for structure in listed:
        if any(not text or b"\0" in text for text in structure.strings):
            raise EncodeError(
                f"handle {structure.handle:04X}h: a string is empty or has a NUL, which would end it early"
            )
    return b"".join(structure.encode() for structure in listed)


def read_entry(data: bytes) -> EntryPoint32 | EntryPoint64:
    """Read an entry point.

    Raises:
        DecodeError: there is none, or its checksum is wrong.
    """
    if data.startswith(_ANCHOR_64):
        entry = EntryPoint64.decode(data)
        _check(data, "_SM3_", entry.length)
        return entry
    if data.startswith(_ANCHOR_32):
        older = EntryPoint32.decode(data)
        # QUIRK some firmware of version 2.1: says 1Eh, which the specification of that time had in error.
        _check(data, "_SM_", max(older.length, 0x1F))
        return older
    raise DecodeError(f"no SMBIOS entry point: it begins with {data[:5].hex(' ')}, neither _SM_ nor _SM3_")


def _check(data: bytes, name: str, length: int) -> None:
    if sum(data[:length]) & 0xFF or len(data) < length:
        raise ChecksumError(f"SMBIOS entry point {name}: its {length} bytes do not add up to 0")


def read_tables(entry: bytes, table: bytes) -> Smbios:
    """Read the two files of ``/sys/firmware/dmi/tables``: ``smbios_entry_point`` and ``DMI``.

    Raises:
        DecodeError: one of them is broken; the place is told.
    """
    point = read_entry(entry)
    count = point.count if isinstance(point, EntryPoint32) else None
    if point.table_length < len(table):
        table = table[: point.table_length]
    return Smbios(read_structures(table, count), (point.major, point.minor))


def read_dump(data: bytes) -> Smbios:
    """Read a dump, as ``dmidecode --dump-bin`` makes it and we do.

    Raises:
        DecodeError: it is none, or it is broken; the place is told.
    """
    point = read_entry(data)
    if not 0 < point.address <= len(data):
        raise DecodeError(f"SMBIOS dump of {len(data)} bytes: its table begins at {point.address:#x}")
    return read_tables(data, data[point.address :])


def write_entry(
    table: bytes,
    structures: Iterable[Structure],
    version: tuple[int, int],
    address: int,
    bits: Literal[32, 64],
) -> bytes:
    """Write an entry point.

    Raises:
        EncodeError: the table is too long for one of 32 bits.
    """
    major, minor = version
    if bits == 64:
        raw = EntryPoint64(major=major, minor=minor, table_length=len(table), address=address).encode()
        return raw[:5] + bytes((-sum(raw) & 0xFF,)) + raw[6:]
    sizes = [len(structure.encode()) for structure in structures]
    raw = EntryPoint32(
        major=major,
        minor=minor,
        largest=max(sizes),
        table_length=len(table),
        address=address,
        count=len(sizes),
        bcd_revision=major << 4 | minor if version <= _BCD_VERSION else 0,
    ).encode()
    raw = raw[:21] + bytes((-sum(raw[16:]) & 0xFF,)) + raw[22:]
    return raw[:4] + bytes((-sum(raw) & 0xFF,)) + raw[5:]


def write_dump(smbios: Smbios, bits: Literal[32, 64] = 64) -> bytes:
    """Write tables as a dump, which ``dmidecode --from-dump`` reads.

    Args:
        bits: of the entry point.

    Raises:
        EncodeError: they do not fit.
    """
    table = write_structures(smbios.structures)
    entry = write_entry(table, read_structures(table), smbios.version, TABLE_AT, bits)
    return entry.ljust(TABLE_AT, b"\0") + table
