"""Tables and their entry points: ours are whole, and broken ones are told with the place."""

from __future__ import annotations

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.errors import ChecksumError, DecodeError, EncodeError, TruncatedError
from baseboard.records.smbios.controller import IpmiDevice
from baseboard.records.smbios.machine import EndOfTable, SystemInformation
from baseboard.records.smbios.structure import Structure
from baseboard.records.smbios.table import (
    TABLE_AT,
    EntryPoint32,
    EntryPoint64,
    Smbios,
    read_dump,
    read_entry,
    read_structures,
    read_tables,
    write_dump,
    write_structures,
)

SYSTEM = Structure.of(0x100, SystemInformation(), manufacturer="Acme")
DEVICE = Structure.of(0x2600, IpmiDevice.at_place("kcs"))
OTHER = Structure(221, 0xDD00, b"\x01\x02", (b"maker's own", b"x"))
END = Structure.of(0x7F00, EndOfTable())
ALL = (SYSTEM, DEVICE, OTHER, END)


def test_a_table_is_read_as_it_was_written() -> None:
    table = write_structures(ALL)
    assert read_structures(table) == ALL
    assert write_structures(ALL[:3]) == table  # its end is added
    assert read_structures(table + b"behind the end") == ALL
    assert read_structures(table, 2) == ALL[:2]


def test_structures_are_found_by_type_and_handle() -> None:
    found = Smbios(ALL)
    assert found.of(38) == [DEVICE]
    assert found.of(4) == []
    assert found.handle(0x100) is SYSTEM
    assert found.handle(0x101) is None


@pytest.mark.parametrize("bits", [32, 64])
def test_a_dump_is_read_as_it_was_written(bits: Literal[32, 64]) -> None:
    dump = write_dump(Smbios(ALL, (3, 2)), bits)
    assert read_dump(dump) == Smbios(ALL, (3, 2))
    assert dump[TABLE_AT:] == write_structures(ALL)
    assert read_tables(dump[:TABLE_AT], dump[TABLE_AT:] + b"more of the file") == Smbios(ALL)


def test_an_entry_point_of_32_bits() -> None:
    raw = write_dump(Smbios(ALL, (2, 8)), 32)[:0x1F]
    assert sum(raw) & 0xFF == sum(raw[16:]) & 0xFF == 0
    entry = read_entry(raw)
    assert isinstance(entry, EntryPoint32)
    assert (entry.anchor, entry.intermediate, entry.length) == (b"_SM_", b"_DMI_", 0x1F)
    assert (entry.count, entry.address, entry.bcd_revision) == (4, TABLE_AT, 0x28)
    assert (entry.table_length, entry.largest) == (len(write_structures(ALL)), len(SYSTEM.encode()))
    newer = read_entry(write_dump(Smbios(ALL, (10, 1)), 32))
    assert isinstance(newer, EntryPoint32)
    assert newer.bcd_revision == 0


def test_an_entry_point_of_64_bits() -> None:
    raw = write_dump(Smbios(ALL, (3, 7)))[:0x18]
    assert sum(raw) & 0xFF == 0
    entry = read_entry(raw)
    assert isinstance(entry, EntryPoint64)
    assert (entry.anchor, entry.length, entry.revision, entry.major, entry.minor) == (b"_SM3_", 0x18, 1, 3, 7)


def test_broken_entry_points_are_refused() -> None:
    dump = write_dump(Smbios(ALL))
    with pytest.raises(DecodeError, match="neither _SM_ nor _SM3_"):
        read_dump(b"no such thing at all")
    with pytest.raises(ChecksumError, match="_SM3_: its 24 bytes"):
        read_dump(dump[:8] + b"\xff" + dump[9:])
    with pytest.raises(ChecksumError):
        read_entry(dump[:6] + b"\xff" + dump[7:24])  # longer than what is there
    with pytest.raises(TruncatedError):
        read_dump(dump[:20])
    with pytest.raises(DecodeError, match="its table begins at 0x20"):
        read_dump(dump[:24])


def test_the_length_that_an_older_specification_had_in_error_is_taken() -> None:
    raw = bytearray(write_dump(Smbios(ALL), 32))
    raw[5], raw[4] = 0x1E, raw[4] + 1 & 0xFF
    assert read_dump(bytes(raw)).structures == ALL


@pytest.mark.parametrize(
    ("table", "where"),
    [
        (SYSTEM.encode() + b"\x01\x02\x03", "structure 1 at byte 33: 3 bytes, a header has 4"),
        (SYSTEM.encode() + b"\xdd\x03\x00\xdd\0\0", r"byte 33 \(type 221, handle DD00h\): its length is 3"),
        (b"\x26\x12\x00\x26\x01\x02", r"at byte 0 \(type 38, handle 2600h\): 18 bytes, 6 are there"),
        (DEVICE.encode()[:-1], "its strings have no end"),
        (OTHER.encode()[:-1], "its strings have no end"),
    ],
)  # fmt: skip
def test_broken_tables_are_told_with_the_place(table: bytes, where: str) -> None:
    with pytest.raises(DecodeError, match=where):
        read_structures(table)


@pytest.mark.parametrize("text", [b"", b"a\0b"])
def test_a_string_that_would_end_its_structure_is_not_written(text: bytes) -> None:
    with pytest.raises(EncodeError, match="0007h: a string is empty or has a NUL"):
        write_structures([Structure(221, 7, b"", (text,))])


@given(st.binary(max_size=400))
def test_any_table_is_read_or_refused(data: bytes) -> None:
    try:
        found = read_structures(data)
    except DecodeError:
        return
    if any(not text for structure in found for text in structure.strings):
        return
    behind = b"".join(structure.encode() for structure in found)
    assert data.startswith(behind)
    for structure in found:
        list(structure.texts())


@given(st.binary(max_size=100))
def test_any_dump_is_read_or_refused(data: bytes) -> None:
    for raw in (data, b"_SM_" + data, b"_SM3_" + data):
        try:
            read_dump(raw)
        except DecodeError:
            continue
