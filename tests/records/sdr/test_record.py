"""What all Sensor Data Records begin with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.codes import SdrType
from baseboard.errors import DecodeError, TruncatedError
from baseboard.records.sdr import FruDeviceLocatorRecord, FullSensorRecord, OemRecord, Sdr, read_sdr
from baseboard.testing.strategies import members
from baseboard.wire import UnknownRecord
from tests.records.vectors import vector


def test_every_type_of_the_table_has_a_class() -> None:
    assert sorted(Sdr.members()) == sorted(SdrType)


def test_a_type_that_nobody_declared_is_kept() -> None:
    raw = bytes.fromhex("0500 51 0A 03 112233")
    record = Sdr.unpack(raw)
    assert isinstance(record, UnknownRecord)
    assert (record.selector, record.pack()) == (0x0A, raw)


def test_the_length_follows_the_name() -> None:
    record = FruDeviceLocatorRecord(record_id=7, fru_device_id=1, id_string="Board")
    assert record.length == 16
    longer = record.replace(id_string="Backplane")
    assert (longer.record_id, longer.length, longer.encode()[4]) == (7, 20, 20)
    assert record.replace(record_id=8) == FruDeviceLocatorRecord(
        record_id=8, fru_device_id=1, id_string="Board"
    )


def test_a_length_beyond_the_data_is_set_right() -> None:
    raw, decoded = vector("sdr", "mc_locator")
    with pytest.raises(TruncatedError):
        Sdr.unpack(raw)
    record = read_sdr(raw)
    assert getattr(record, "id_string", None) == decoded["id"]
    assert record.encode()[:4] == raw[:4]
    assert record.encode()[4] == len(raw) - 5


def test_a_record_that_is_too_short_is_refused() -> None:
    for raw in (b"", b"\0\0\x51\x01", bytes.fromhex("0000 51 01 30"), bytes.fromhex("0000 51 01 00")):
        with pytest.raises(TruncatedError):
            read_sdr(raw)


def test_what_follows_a_record_is_none_of_its_business() -> None:
    raw, decoded = vector("sdr", "full_a2_vcc12")
    record = read_sdr(raw + b"more")
    assert isinstance(record, FullSensorRecord)
    assert record.id_string == decoded["id"]
    assert record.encode() == raw


@given(st.binary(max_size=70), st.sampled_from([*SdrType]))
def test_any_bytes_are_a_record_or_refused(raw: bytes, record_type: SdrType) -> None:
    data = bytes((*raw[:3], record_type, *raw[4:]))
    try:
        record = read_sdr(data)
    except DecodeError:
        return
    again = record.pack()
    assert read_sdr(again) == record
    assert read_sdr(again).pack() == again


@given(members(Sdr))
def test_a_record_reads_back(record: Sdr) -> None:
    assert Sdr.unpack(record.pack()) == record
    assert read_sdr(record.pack()) == record


def test_the_data_of_a_maker() -> None:
    record = OemRecord(manufacturer_id=343, data=b"abc")
    assert record.encode() == bytes.fromhex("0000 51 C0 06 570100 616263")
    assert Sdr.unpack(record.encode()) == record
    assert record.replace(data=b"").length == 3
