"""The MultiRecord area."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.codes import MultirecordType
from baseboard.errors import EncodeError, TruncatedError
from baseboard.records.fru import ManagementAccess, MultiRecord, OemMultiRecord, PowerSupply
from baseboard.records.fru.fields import checksum
from baseboard.records.fru.multirecord import (
    AnyMultiRecord,
    MultiRecordHeader,
    read_multirecords,
    read_record,
    write_multirecords,
)
from baseboard.records.fru.relations import AccessType
from baseboard.testing.strategies import members
from baseboard.wire import Unknown
from tests.records.fru.images import KONTRON, image
from tests.records.vectors import vectors

PICMG = 0x315A


@vectors("fru", "mr_header")
def test_headers(raw: bytes, decoded: dict[str, Any]) -> None:
    header = MultiRecordHeader.decode(raw)
    assert header.data_checksum == int(decoded["data_checksum"], 16)
    assert (header.record_type, header.last, header.length) == (raw[0], raw[1] >= 0x80, raw[2])
    assert header.header_checksum == checksum(raw[:4])
    # These examples leave the format version at 0.
    assert header.format_version == 0
    assert header.encode() == raw


def test_records_of_a_real_device() -> None:
    raw, decoded = image(KONTRON)
    found = read_multirecords(raw, 0x39 * 8)
    assert found.problems == []
    assert found.size == len(raw) - 0x39 * 8
    for record, data, expected in zip(found.records, found.data, decoded["multi"], strict=True):
        assert isinstance(record, OemMultiRecord)
        assert record.selector == int(expected["type"], 16)
        assert record.manufacturer_id == PICMG
        assert data == record.encode() == bytes.fromhex(expected["data"])
        assert len(data) == expected["len"]
    assert write_multirecords(found.records) == raw[0x39 * 8 :]
    assert decoded["end"] == len(raw)


def test_a_list_made_anew() -> None:
    supply = PowerSupply(capacity=750)
    unknown = Unknown(selector=0x0B, raw=b"NVMe")
    oem = OemMultiRecord(selector=0xC0, manufacturer_id=PICMG, data=b"\x16\x00\x1e")
    raw = write_multirecords([supply, unknown, oem])
    assert raw[:5] == bytes.fromhex("00 02 18") + bytes((checksum(supply.encode()), checksum(raw[:4])))
    assert raw[-11:] == bytes.fromhex("C0 82 06 41 77 5A3100 16001E")
    found = read_multirecords(b"\xff" * 8 + raw + b"\xff", 8)
    assert found == ((supply, unknown, oem), (supply.encode(), b"NVMe", oem.encode()), len(raw), [])
    assert write_multirecords([]) == b""


def test_what_a_class_does_not_know_is_kept() -> None:
    odd = PowerSupply(capacity=750).encode()[:-7] + b"\xe0" + bytes(6) + b"more"
    (record,), (data,), *_ = read_multirecords(write_multirecords([Unknown(selector=0, raw=odd)]))
    assert isinstance(record, PowerSupply)
    assert data == odd
    assert record.encode() != odd
    assert write_multirecords([record], {record: data})[5:] == odd


RAW = write_multirecords(
    [
        ManagementAccess(access_type=AccessType.SYSTEM_URL, value=b"url"),
        ManagementAccess(access_type=AccessType.SYSTEM_NAME, value=b"me"),
    ]
)


def damaged(offset: int, byte: int, *, header: bool = True) -> bytes:
    """The list with a byte changed, and the checksum of the header right again."""
    raw = bytearray(RAW)
    raw[offset] = byte
    if header:
        start = 0 if offset < 9 else 9
        raw[start + 4] = checksum(raw[start : start + 4])
    return bytes(raw)


@pytest.mark.parametrize(
    ("raw", "count", "offset", "text"),
    [
        (damaged(7, 0x58, header=False), 2, 0, "checksum is ACh, not C6h"),
        (damaged(1, 0x12, header=False), 0, 0, "list has no end: header checksum is wrong"),
        (damaged(9, 0xFF), 1, 9, "list has no end: blank"),
        (damaged(10, 0x02), 2, 17, "list runs past the end of the device"),
        (RAW[:12], 1, 9, "list runs past the end of the device"),
        (RAW[:15], 2, 9, "record of 3 bytes, 1 are there"),
        (write_multirecords([Unknown(selector=0, raw=b"short")]), 1, 0, "PowerSupply: 5 bytes"),
        (b"", 0, 0, "list runs past the end of the device"),
    ],
    ids=["data", "header", "blank", "no end", "no header", "no data", "too short", "nothing"],
)
def test_damaged_lists_are_read_as_far_as_they_go(raw: bytes, count: int, offset: int, text: str) -> None:
    found = read_multirecords(raw)
    assert len(found.records) == len(found.data) == count
    (problem,) = found.problems
    assert (problem.area, problem.offset) == ("multirecord", offset)
    assert problem.text.startswith(text)


def test_a_record_that_does_not_fit_its_class_keeps_its_data() -> None:
    found = read_multirecords(write_multirecords([Unknown(selector=1, raw=b"\1")]))
    assert found.records == (Unknown(selector=1, raw=b"\1"),)
    with pytest.raises(TruncatedError):
        read_record(1, b"\1")


def test_an_oem_record_without_a_manufacturer_is_kept() -> None:
    assert read_record(0xC5, b"\1\2") == Unknown(selector=0xC5, raw=b"\1\2")
    assert read_record(0xC5, b"\1\0\0") == OemMultiRecord(selector=0xC5, manufacturer_id=1)


def test_a_record_that_is_too_long_is_refused() -> None:
    with pytest.raises(EncodeError, match="256 bytes"):
        write_multirecords([ManagementAccess(access_type=AccessType.SYSTEM_URL, value=bytes(255))])
    assert (
        len(write_multirecords([ManagementAccess(access_type=AccessType.SYSTEM_URL, value=bytes(254))]))
        == 260
    )


def test_types_without_a_class_are_those_that_others_define() -> None:
    assert sorted(MultiRecord.members()) == sorted(MultirecordType)


RECORDS = st.one_of(
    members(MultiRecord).filter(lambda record: record.selector < 0xC0),
    st.builds(
        OemMultiRecord,
        selector=st.integers(0xC0, 0xFE),
        manufacturer_id=st.integers(0, 0xFFFFFF),
        data=st.binary(max_size=40),
    ),
)


@given(st.lists(RECORDS, min_size=1, max_size=5), st.binary(max_size=9))
def test_a_list_reads_back(records: list[AnyMultiRecord], rest: bytes) -> None:
    raw = write_multirecords(records)
    found = read_multirecords(raw + rest)
    assert found.records == tuple(records)
    assert (found.size, found.problems) == (len(raw), [])


@given(st.binary(max_size=60))
def test_any_bytes_are_a_list(raw: bytes) -> None:
    found = read_multirecords(raw)
    assert found.size <= len(raw)
    assert found.size == sum(5 + len(data) for data in found.data)
    assert found.problems or found.records
