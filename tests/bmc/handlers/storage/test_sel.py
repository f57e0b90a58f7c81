"""SEL commands (§31), byte for byte as consoles see them."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.bmc.services.sel import ERASE_S_PER_ENTRY
from tests.bmc.handlers.checks import ADMINISTRATOR, LAN, OPERATOR, USER, at_least, check
from tests.bmc.harness import Bench, make_bmc

STORAGE = 0x0A
INFO, ALLOCATION, RESERVE, GET, ADD, PARTIAL, DELETE, CLEAR = range(0x40, 0x48)
GET_TIME, SET_TIME, GET_AUXILIARY, SET_AUXILIARY, GET_OFFSET, SET_OFFSET = 0x48, 0x49, 0x5A, 0x5B, 0x5C, 0x5D

# an example of a system event, as it is given to the log and as it comes out
EVENT = "00 00 02 00 00 00 00 41 00 04 09 01 0b 03 ff ff"
OEM = "00 00 c0 00 00 00 00 f2 1b 00 01 02 03 04 05 06"
UNSTAMPED = "00 00 e0 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d"
CLR = "43 4c 52"
INITIATE, STATUS = "aa", "00"


def ask(bmc: Bench, cmd: int, data: str | bytes = "") -> bytes:
    """A request of an administrator over LAN."""
    sent = data if isinstance(data, bytes) else bytes.fromhex(data)
    return bmc.raw(STORAGE, cmd, sent, origin=bmc.origin(LAN))


def word(value: int) -> str:
    return value.to_bytes(2, "little").hex()


def reserve(bmc: Bench) -> str:
    """A reservation, as the commands take it."""
    answer = ask(bmc, RESERVE)
    assert (answer[0], len(answer)) == (0, 3)
    assert answer[1:] != b"\0\0"
    return answer[1:].hex()


def filled(count: int = 3, **changes: Any) -> Bench:
    """A BMC with entries 1, 2 ... in its log."""
    bmc = make_bmc(**changes)
    for number in range(1, count + 1):
        assert ask(bmc, ADD, EVENT) == b"\0" + number.to_bytes(2, "little")
    return bmc


@pytest.mark.parametrize(
    ("cmd", "level", "lengths"),
    [
        (INFO, USER, (0,)),
        (ALLOCATION, USER, (0,)),
        (RESERVE, USER, (0,)),
        (GET, USER, (6,)),
        (ADD, OPERATOR, (16,)),
        (PARTIAL, OPERATOR, at_least(6)),
        (DELETE, OPERATOR, (4,)),
        (CLEAR, OPERATOR, (6,)),
        (GET_TIME, USER, (0,)),
        (SET_TIME, OPERATOR, (4,)),
        (GET_AUXILIARY, USER, (1,)),
        (SET_AUXILIARY, ADMINISTRATOR, (9,)),
        (GET_OFFSET, USER, (0,)),
        (SET_OFFSET, OPERATOR, (2,)),
    ],
)
def test_g_1_levels_and_lengths(cmd: int, level: int, lengths: tuple[int, ...] | range) -> None:
    check(make_bmc(), STORAGE, cmd, level, lengths)


# Info


def test_31_2_how_full_the_log_is_and_what_can_be_done_with_it() -> None:
    bmc = make_bmc(sel_capacity=100)
    # version 51h, no entries, 1600 bytes free, nothing added nor erased; every operation is supported
    assert ask(bmc, INFO) == bytes.fromhex("00 51 00 00 40 06 ff ff ff ff ff ff ff ff 0f")
    ask(bmc, SET_TIME, "90 b3 c6 67")
    ask(bmc, ADD, EVENT)
    assert ask(bmc, INFO) == bytes.fromhex("00 51 01 00 30 06 90 b3 c6 67 ff ff ff ff 0f")
    ask(bmc, DELETE, reserve(bmc) + "00 00")
    assert ask(bmc, INFO) == bytes.fromhex("00 51 00 00 40 06 90 b3 c6 67 90 b3 c6 67 0f")


def test_31_2_65535_bytes_or_more_are_ffffh() -> None:
    assert ask(make_bmc(sel_capacity=4096), INFO)[4:6] == b"\xff\xff"
    assert ask(make_bmc(sel_capacity=4095), INFO)[4:6] == bytes.fromhex("f0 ff")


def test_31_3_a_unit_holds_an_entry() -> None:
    bmc = filled(1, sel_capacity=100)
    # 100 units of 16 bytes, 99 free and in one block; a record takes one
    assert ask(bmc, ALLOCATION) == bytes.fromhex("00 64 00 10 00 63 00 63 00 01")


def test_2_11_a_full_log_refuses_entries_until_something_goes() -> None:
    bmc = filled(2, sel_capacity=2)
    assert ask(bmc, INFO)[14] == 0x0F
    assert ask(bmc, ADD, EVENT) == b"\xc4"
    assert ask(bmc, INFO)[14] == 0x8F
    assert ask(bmc, DELETE, reserve(bmc) + "01 00") == bytes.fromhex("00 01 00")
    assert ask(bmc, INFO)[14] == 0x0F
    assert ask(bmc, ADD, EVENT) == bytes.fromhex("00 03 00")


# Entries


def test_31_5_an_entry_comes_with_the_id_of_the_next() -> None:
    bmc = make_bmc()
    ask(bmc, SET_TIME, "90 b3 c6 67")
    ask(bmc, ADD, EVENT)
    ask(bmc, ADD, OEM)
    ask(bmc, ADD, UNSTAMPED)
    first = "01 00 02 90 b3 c6 67 41 00 04 09 01 0b 03 ff ff"
    second = "02 00 c0 90 b3 c6 67 f2 1b 00 01 02 03 04 05 06"
    third = "03 00 e0 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d"
    assert ask(bmc, GET, "00 00 00 00 00 ff") == bytes.fromhex("00 02 00" + first)
    assert ask(bmc, GET, "00 00 02 00 00 ff") == bytes.fromhex("00 03 00" + second)
    assert ask(bmc, GET, "00 00 ff ff 00 ff") == bytes.fromhex("00 ff ff" + third)


def test_31_5_a_part_needs_a_reservation_unless_it_begins_at_the_start() -> None:
    bmc = filled(1)
    assert ask(bmc, GET, "00 00 01 00 00 03") == bytes.fromhex("00 ff ff 01 00 02")
    assert ask(bmc, GET, "00 00 01 00 07 02") == b"\xc5"
    held = reserve(bmc)
    assert ask(bmc, GET, held + "01 00 07 02") == bytes.fromhex("00 ff ff 41 00")
    assert ask(bmc, GET, held + "01 00 0f ff") == bytes.fromhex("00 ff ff ff")
    assert ask(bmc, GET, held + "01 00 10 01") == b"\xc9"


@pytest.mark.parametrize("record", ["05 00", "fe ff"])
def test_31_5_an_entry_that_there_is_not(record: str) -> None:
    bmc = filled()
    assert ask(bmc, GET, f"00 00 {record} 00 ff") == b"\xcb"
    assert ask(bmc, DELETE, reserve(bmc) + record) == b"\xcb"


def test_31_5_an_empty_log_has_none() -> None:
    bmc = make_bmc()
    for record in ("00 00", "01 00", "ff ff"):
        assert ask(bmc, GET, f"00 00 {record} 00 ff") == b"\xcb"
        assert ask(bmc, DELETE, reserve(bmc) + record) == b"\xcb"


def test_31_6_entries_survive() -> None:
    bmc = filled(2)
    before = [ask(bmc, GET, f"00 00 {word(number)} 00 ff") for number in (1, 2)]
    again = bmc.reopen()
    assert [ask(again, GET, f"00 00 {word(number)} 00 ff") for number in (1, 2)] == before
    assert ask(again, ADD, EVENT) == bytes.fromhex("00 03 00")


def test_31_7_an_entry_is_added_piece_by_piece() -> None:
    bmc = make_bmc()
    held, data = reserve(bmc), EVENT.replace(" ", "")
    answer = ask(bmc, PARTIAL, held + "00 00 00 00" + data[:20])
    assert answer[0] == 0
    number = answer[1:].hex()
    assert ask(bmc, INFO)[1:3] == b"\x51\0"
    assert ask(bmc, PARTIAL, held + number + "0a 00" + data[20:28])[0] == 0
    added = ask(bmc, PARTIAL, held + number + "0e 01" + data[28:])
    assert added[0] == 0
    assert ask(bmc, GET, f"00 00 {added[1:].hex()} 00 ff")[10:] == bytes.fromhex(EVENT)[7:]


@pytest.mark.parametrize(
    ("piece", "code"),
    [
        ("0b 01" + "00" * 6, 0x80),  # a gap
        ("09 01" + "00" * 7, 0x80),  # an overlap
        ("0a 01" + "00" * 5, 0x80),  # too little for an entry
        ("0a 00" + "00" * 7, 0x80),  # too much
        ("0a 02" + "00" * 6, 0xCC),  # reserved progress
    ],
)
def test_31_7_pieces_that_do_not_fit(piece: str, code: int) -> None:
    bmc = make_bmc()
    held = reserve(bmc)
    number = ask(bmc, PARTIAL, held + "00 00 00 00" + EVENT.replace(" ", "")[:20])[1:].hex()
    assert ask(bmc, PARTIAL, held + number + piece) == bytes((code,))
    assert ask(bmc, INFO)[2] == 0


def test_31_7_a_piece_of_nothing_and_one_without_reservation() -> None:
    bmc = make_bmc()
    assert ask(bmc, PARTIAL, "00 00 00 00 00 00 01") == b"\xc5"
    assert ask(bmc, PARTIAL, reserve(bmc) + "07 00 00 00 01") == b"\xcb"


# Reservations


def test_31_4_only_the_latest_reservation_counts() -> None:
    bmc = filled()
    first, second = reserve(bmc), reserve(bmc)
    assert ask(bmc, DELETE, first + "01 00") == b"\xc5"
    assert ask(bmc, DELETE, "00 00 01 00") == b"\xc5"
    assert ask(bmc, DELETE, second + "01 00") == bytes.fromhex("00 01 00")


def test_31_4_2_a_deletion_changes_no_other_id_so_the_reservation_holds_on() -> None:
    bmc = filled()
    held = reserve(bmc)
    assert ask(bmc, DELETE, held + "03 00") == bytes.fromhex("00 03 00")
    assert ask(bmc, DELETE, held + "01 00") == bytes.fromhex("00 01 00")


def test_31_4_an_event_that_arrives_cancels_it() -> None:
    bmc = filled()
    held = reserve(bmc)
    ask(bmc, ADD, EVENT)
    assert ask(bmc, DELETE, held + "01 00") == b"\xc5"
    assert ask(bmc, CLEAR, held + CLR + INITIATE) == b"\xc5"
    assert ask(bmc, PARTIAL, held + "00 00 00 00 00") == b"\xc5"
    assert ask(bmc, INFO)[2] == 4


def test_31_8_first_and_last_can_be_deleted_by_their_special_ids() -> None:
    bmc = filled()
    assert ask(bmc, DELETE, reserve(bmc) + "00 00") == bytes.fromhex("00 01 00")
    assert ask(bmc, DELETE, reserve(bmc) + "ff ff") == bytes.fromhex("00 03 00")
    assert ask(bmc, GET, "00 00 00 00 00 ff")[1:5] == bytes.fromhex("ff ff 02 00")


# Clear


def test_31_9_a_clear_takes_its_time_and_answers_to_its_reservation() -> None:
    bmc = filled(100)
    held = reserve(bmc)
    assert ask(bmc, CLEAR, held + CLR + INITIATE) == b"\0\0"
    assert ask(bmc, CLEAR, held + CLR + STATUS) == b"\0\0"
    assert ask(bmc, CLEAR, "0000" + CLR + STATUS) == b"\0\0"
    for cmd, data in (
        (INFO, ""),
        (RESERVE, ""),
        (GET, "00 00 00 00 00 ff"),
        (ADD, EVENT),
        (PARTIAL, held + "00 00 00 00 00"),
        (DELETE, held + "01 00"),
    ):
        assert ask(bmc, cmd, data) == b"\x81"
    assert ask(bmc, CLEAR, held + CLR + INITIATE) == b"\xc5"
    bmc.advance(100 * ERASE_S_PER_ENTRY)
    assert ask(bmc, CLEAR, held + CLR + STATUS) == b"\0\x01"
    assert ask(bmc, CLEAR, "0000" + CLR + STATUS) == b"\0\x01"
    assert ask(bmc, INFO)[1:4] == bytes.fromhex("51 00 00")
    assert ask(bmc.reopen(), GET, "00 00 00 00 00 ff") == b"\xcb"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("43 4c 53 aa", 0xCC),
        ("00 00 00 aa", 0xCC),
        ("43 4c 52 01", 0xCC),
        ("43 4c 52 ff", 0xCC),
    ],
)
def test_31_9_only_clr_and_aah_clear(data: str, code: int) -> None:
    bmc = filled()
    assert ask(bmc, CLEAR, reserve(bmc) + data) == bytes((code,))
    assert ask(bmc, INFO)[2] == 3


def test_31_9_without_a_reservation_nothing_is_cleared() -> None:
    bmc = filled()
    assert ask(bmc, CLEAR, "0000" + CLR + INITIATE) == b"\xc5"
    assert ask(bmc, CLEAR, "3412" + CLR + STATUS) == b"\xc5"


# Time


def test_31_10_the_clock_runs_on_from_what_it_was_set_to() -> None:
    bmc = make_bmc()
    assert ask(bmc, GET_TIME) == b"\0" + int(bmc.clock.wall()).to_bytes(4, "little")
    assert ask(bmc, SET_TIME, "90 b3 c6 67") == b"\0"
    bmc.advance(0x70)
    assert ask(bmc, GET_TIME) == bytes.fromhex("00 00 b4 c6 67")
    assert ask(bmc.reopen(), GET_TIME) == bytes.fromhex("00 00 b4 c6 67")


@pytest.mark.parametrize("offset", ["a0 05", "60 fa", "00 00", "88 ff", "ff 07"])
def test_31_11a_the_utc_offset_is_at_most_a_day_or_unspecified(offset: str) -> None:
    bmc = make_bmc()
    assert ask(bmc, SET_OFFSET, offset) == b"\0"
    assert ask(bmc, GET_OFFSET) == bytes.fromhex("00" + offset)
    assert ask(bmc.reopen(), GET_OFFSET) == bytes.fromhex("00" + offset)


@pytest.mark.parametrize("offset", ["a1 05", "5f fa", "fe 07", "00 08", "00 80"])
def test_31_11b_other_offsets_are_out_of_range(offset: str) -> None:
    bmc = make_bmc()
    assert ask(bmc, SET_OFFSET, offset) == b"\xc9"
    assert ask(bmc, GET_OFFSET) == bytes.fromhex("00 00 00")


# Auxiliary logs


@pytest.mark.parametrize(
    ("log", "empty", "status"),
    [
        ("00", "ff ff ff ff 00 00 00 00", "90 b3 c6 67 07 00 00 00"),
        ("01", "ff ff ff ff" + " 00" * 11, "90 b3 c6 67 f2 1b 00 01 02 03 04 05 06 07 08"),
        ("02", "ff ff ff ff" + " 00" * 11, "90 b3 c6 67 f2 1b 00 08 07 06 05 04 03 02 01"),
    ],
)
def test_31_12_software_says_how_far_its_logs_are(log: str, empty: str, status: str) -> None:
    bmc = make_bmc()
    assert ask(bmc, GET_AUXILIARY, log) == bytes.fromhex("00" + empty)
    assert ask(bmc, SET_AUXILIARY, log + status) == b"\0"
    for reached in (bmc, bmc.reopen()):
        assert ask(reached, GET_AUXILIARY, log) == bytes.fromhex("00" + status)
    for wrong in (status[:-2], status + "00"):
        assert ask(bmc, SET_AUXILIARY, log + wrong) == b"\xc7"


@pytest.mark.parametrize("log", ["03", "0f"])
def test_31_12_there_are_no_other_logs(log: str) -> None:
    assert ask(make_bmc(), GET_AUXILIARY, log) == b"\xcc"
    assert ask(make_bmc(), SET_AUXILIARY, log + " 00" * 8) == b"\xcc"
