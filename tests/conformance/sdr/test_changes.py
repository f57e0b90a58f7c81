"""Adding, deleting, clearing, and the clock (§33.13 to §33.18)."""

from __future__ import annotations

import pytest

from baseboard.commands.storage.sdr import (
    AddSdr,
    ClearSdrRepository,
    DeleteSdr,
    GetSdr,
    GetSdrRepositoryTime,
    PartialAddSdr,
    SetSdrRepositoryTime,
)
from tests.conformance.marks import exercises
from tests.conformance.sdr.rig import (
    ABSENT,
    ADD,
    CANCELLED,
    CLEAR,
    DELETE,
    GET_TIME,
    INFO,
    INVALID,
    LENGTH,
    OK,
    SET_TIME,
    UPDATING,
    oem,
    repository,
)

MISMATCH = b"\x80"
FIRST = bytes(2)


@exercises(AddSdr, GetSdr)
def test_33_13_an_added_record_gets_an_id_and_is_there() -> None:
    sdr = repository()
    assert sdr.ask(ADD, oem(12)) == bytes.fromhex("00 0400")
    assert sdr.read(4) == bytes.fromhex("00 FFFF 0400") + oem(12)[2:]
    assert sdr.ask(ADD, oem(200)) == bytes.fromhex("00 0500")
    assert list(sdr.restarted().listed()) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("record", [oem(12)[:-1], oem(12) + b"\0", oem(12)[:4], b""])
def test_33_13_a_record_must_be_as_long_as_it_says(record: bytes) -> None:
    sdr = repository()
    assert sdr.ask(ADD, record) == LENGTH
    assert len(sdr.listed()) == 3


@exercises(PartialAddSdr, GetSdr)
def test_33_14_a_record_in_pieces_is_there_with_the_last_and_not_before() -> None:
    sdr = repository()
    record, held = oem(40), sdr.reserve()
    times = sdr.times()
    answer = sdr.part(held, FIRST, 0, record[:16])
    assert answer[0] == 0
    number = answer[1:]
    assert sdr.part(held, number, 16, record[16:32]) == answer
    assert len(sdr.listed()) == 3
    assert sdr.times() == times
    # §33.14: a BMC that stops now has the old records, and none that is half there
    assert list(sdr.restarted().listed()) == [1, 2, 3]
    sdr = repository()
    held = sdr.reserve()
    number = sdr.part(held, FIRST, 0, record[:16])[1:]
    sdr.part(held, number, 16, record[16:32])
    assert sdr.part(held, number, 32, record[32:], last=1) == OK + number
    assert sdr.read(4)[5:] == record[2:]
    assert list(sdr.restarted().listed()) == [1, 2, 3, 4]


def test_33_14_a_piece_needs_the_reservation_of_the_first() -> None:
    sdr = repository()
    assert sdr.part(FIRST, FIRST, 0, oem(40)[:16]) == CANCELLED
    held = sdr.reserve()
    number = sdr.part(held, FIRST, 0, oem(40)[:16])[1:]
    newer = sdr.reserve()
    assert sdr.part(held, number, 16, oem(40)[16:], last=1) == CANCELLED
    # somebody else's reservation does not go on with it
    assert sdr.part(newer, number, 16, oem(40)[16:], last=1) == ABSENT
    assert len(sdr.listed()) == 3


@pytest.mark.parametrize(
    ("offset", "size", "last"),
    [(15, 25, 1), (17, 23, 1), (16, 23, 1), (16, 25, 1), (16, 250, 0)],
    ids=["overlaps", "leaves a gap", "too few", "too many", "longer than any record"],
)
def test_33_14_pieces_that_make_no_record(offset: int, size: int, last: int) -> None:
    sdr = repository()
    held = sdr.reserve()
    number = sdr.part(held, FIRST, 0, oem(40)[:16])[1:]
    assert sdr.part(held, number, offset, bytes(size), last=last) == MISMATCH
    # it is given up
    assert sdr.part(held, number, 16, oem(40)[16:], last=1) == ABSENT
    assert len(sdr.listed()) == 3


def test_33_14_other_refusals() -> None:
    sdr = repository()
    held = sdr.reserve()
    assert sdr.part(held, b"\x09\0", 16, b"\0") == ABSENT
    assert sdr.part(held, FIRST, 0, oem(40)[:16], last=2) == INVALID
    assert sdr.part(held, FIRST, 0, oem(40)[:3], last=1) == MISMATCH


@exercises(DeleteSdr)
def test_33_15_a_deleted_record_is_gone_and_the_others_keep_their_ids() -> None:
    sdr = repository()
    assert sdr.ask(DELETE, b"\0\0\x02\0") == CANCELLED
    assert sdr.ask(DELETE, sdr.reserve() + b"\x02\0") == bytes.fromhex("00 0200")
    assert list(sdr.listed()) == [1, 3]
    assert sdr.read(1)[1:3] == b"\x03\0"
    assert sdr.ask(DELETE, sdr.reserve() + b"\x02\0") == ABSENT
    assert list(sdr.restarted().listed()) == [1, 3]


@exercises(ClearSdrRepository)
def test_33_16_clearing_takes_its_name_its_time_and_everything() -> None:
    sdr = repository()
    held = sdr.reserve()
    assert sdr.ask(CLEAR, held + b"CLS\xaa") == INVALID
    assert sdr.ask(CLEAR, held + b"CLR\x55") == INVALID
    assert sdr.ask(CLEAR, b"\x77\x77CLR\xaa") == CANCELLED
    assert len(sdr.listed()) == 3
    assert sdr.ask(CLEAR, held + b"CLR\xaa") == bytes.fromhex("00 00")
    # in progress: nothing else is answered
    assert sdr.ask(CLEAR, held + b"CLR\x00") == bytes.fromhex("00 00")
    assert sdr.ask(INFO) == sdr.ask(ADD, oem()) == UPDATING
    sdr.bmc.advance(1)
    assert sdr.ask(CLEAR, held + b"CLR\x00") == bytes.fromhex("00 01")
    assert sdr.ask(INFO)[2:4] == bytes(2)
    assert sdr.read(0) == ABSENT
    assert sdr.read(0xFFFF) == ABSENT
    again = sdr.restarted()
    assert again.read(0) == ABSENT
    assert again.ask(ADD, oem())[0] == 0
    # the sensors themselves are not in the repository
    assert again.bmc.ask(0x2D, "01")[0] == 0


@exercises(GetSdrRepositoryTime, SetSdrRepositoryTime)
def test_33_17_one_clock_for_repository_and_event_log() -> None:
    sdr = repository()
    assert sdr.ask(SET_TIME, (1_000_000_000).to_bytes(4, "little")) == OK
    sdr.bmc.advance(7)
    assert sdr.ask(GET_TIME) == OK + (1_000_000_007).to_bytes(4, "little")
    assert sdr.bmc.raw(0x0A, 0x48) == OK + (1_000_000_007).to_bytes(4, "little")
    assert sdr.ask(ADD, oem())[0] == 0
    assert sdr.times()[0] == 1_000_000_007
