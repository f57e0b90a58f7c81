"""Records as read, and ipmitool's file of them."""

from __future__ import annotations

import pytest

from baseboard.client.sdr_entry import Records, SdrEntry, decode_dump, encode_dump
from baseboard.errors import DecodeError
from baseboard.records.sdr import FruDeviceLocatorRecord

# "Kontron MCMC", from a public test suite: FRU locator, record 0002h.
LOCATOR = bytes.fromhex("0200511117820380000010 02c26100cc") + b"Kontron MCMC"
OEM = bytes.fromhex("0700 51 c0 05 57 01 00 aa bb")


def test_an_entry_knows_its_record() -> None:
    entry = SdrEntry.of(LOCATOR)
    assert entry.record_id == 2
    assert isinstance(entry.record, FruDeviceLocatorRecord)
    assert entry.record.id_string == "Kontron MCMC"
    assert entry.problem == ""


def test_an_entry_may_be_found_by_another_id_than_it_holds() -> None:
    assert SdrEntry.of(LOCATOR, 9).record_id == 9


@pytest.mark.parametrize(
    ("raw", "problem"),
    [("0100 51 77 00", "record type 77h is not known"), ("0100 51 01 03 20 00 01", "FullSensorRecord")],
)
def test_what_cannot_be_decoded_is_kept(raw: str, problem: str) -> None:
    entry = SdrEntry.of(bytes.fromhex(raw))
    assert entry.record is None
    assert problem in entry.problem
    assert entry.raw == bytes.fromhex(raw)


def test_a_file_holds_the_records_one_after_the_other() -> None:
    entries = [SdrEntry.of(LOCATOR), SdrEntry.of(OEM)]
    assert encode_dump(entries) == LOCATOR + OEM
    again = decode_dump(encode_dump(entries))
    assert [entry.record_id for entry in again] == [2, 7]
    assert isinstance(again, Records)
    assert again[1].raw == OEM


def test_a_record_that_is_found_by_another_id_is_written_with_that() -> None:
    assert decode_dump(encode_dump([SdrEntry.of(OEM, 0x1234)]))[0].record_id == 0x1234


def test_a_record_that_was_shorter_than_it_said_is_written_as_long_as_it_is() -> None:
    short = SdrEntry.of(OEM[:4] + b"\x30" + OEM[5:])
    assert encode_dump([short]) == OEM


def test_headers_without_a_record_are_passed_over() -> None:
    assert len(decode_dump(bytes.fromhex("0000 00 00 00") + OEM)) == 1
    assert decode_dump(b"") == []


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (OEM + b"\x01\x02", "header read 2 bytes, expected 5"),
        (bytes.fromhex("0100 33 01 05 00 00 00 00 00"), "invalid sdr header version 33"),
        (OEM[:-1], "record 0007 read 4 bytes, expected 5"),
    ],
)
def test_a_file_that_is_none_is_refused(data: bytes, text: str) -> None:
    with pytest.raises(DecodeError, match=text):
        decode_dump(data)
