"""The System Event Log and the auxiliary logs (§31, §32, §37)."""

from __future__ import annotations

from typing import Any

from baseboard.commands.storage import sel
from tests.conformance.bench import OPERATOR, VIEWER, WholeBmc, bench
from tests.conformance.marks import exercises

STORAGE = 0x0A
INFO, ALLOCATION, RESERVE, GET, ADD, PARTIAL, DELETE, CLEAR = range(0x40, 0x48)
GET_TIME, SET_TIME, GET_AUXILIARY, SET_AUXILIARY, GET_OFFSET, SET_OFFSET = 0x48, 0x49, 0x5A, 0x5B, 0x5C, 0x5D
# A power unit's redundancy was lost, told by system software; its time is set by the log.
EVENT = bytes.fromhex("00 00 02 00 00 00 00 41 00 04 09 01 0b 03 ff ff")
MAKERS = bytes.fromhex("00 00 e0 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d")
FIRST, LAST, NONE = b"\0\0", b"\xff\xff", b"\xff\xff"
WHOLE = b"\0\xff"
INITIATE, STATUS = b"CLR\xaa", b"CLR\x00"
IN_PROGRESS, COMPLETED = b"\0\0", b"\0\1"


def ask(bmc: WholeBmc, cmd: int, data: bytes = b"") -> bytes:
    return bmc.system(cmd, data, STORAGE)


def filled(count: int, **changes: Any) -> WholeBmc:
    bmc = bench(**changes)
    for number in range(1, count + 1):
        assert ask(bmc, ADD, EVENT) == b"\0" + number.to_bytes(2, "little")
    return bmc


def reserved(bmc: WholeBmc) -> bytes:
    answer = ask(bmc, RESERVE)
    assert answer[0] == 0
    assert answer[1:] != b"\0\0"
    return answer[1:]


def entries(bmc: WholeBmc) -> int:
    return int.from_bytes(ask(bmc, INFO)[2:4], "little")


@exercises(sel.GetSelInfo, sel.AddSelEntry)
def test_31_2_info_counts_entries_free_space_and_tells_when() -> None:
    bmc = bench()
    before = ask(bmc, INFO)
    assert before[1] == 0x51
    assert before[2:4] == b"\0\0"
    assert before[14] & 0x0F == 0x0F
    free = int.from_bytes(before[4:6], "little")
    ask(bmc, SET_TIME, (0x60000000).to_bytes(4, "little"))
    ask(bmc, ADD, EVENT)
    after = ask(bmc, INFO)
    assert after[2:4] == b"\1\0"
    assert int.from_bytes(after[4:6], "little") == free - 16
    assert int.from_bytes(after[6:10], "little") == 0x60000000


@exercises(sel.GetSelAllocationInfo, sel.AddSelEntry)
def test_31_3_units_hold_an_entry_each_and_get_fewer() -> None:
    bmc = bench()
    before = ask(bmc, ALLOCATION)
    units, size, free = (int.from_bytes(before[at : at + 2], "little") for at in (1, 3, 5))
    assert size >= 16
    assert units == free
    ask(bmc, ADD, EVENT)
    assert int.from_bytes(ask(bmc, ALLOCATION)[5:7], "little") == free - 1


@exercises(sel.ReserveSel, sel.ClearSel, sel.AddSelEntry)
def test_31_4_an_event_that_came_since_saves_the_log_from_being_cleared() -> None:
    bmc = filled(2)
    reservation = reserved(bmc)
    ask(bmc, ADD, EVENT)
    assert ask(bmc, CLEAR, reservation + INITIATE) == b"\xc5"
    assert entries(bmc) == 3


@exercises(sel.ReserveSel, sel.DeleteSelEntry)
def test_31_4_a_new_reservation_cancels_the_one_before() -> None:
    bmc = filled(1)
    old = reserved(bmc)
    new = reserved(bmc)
    assert ask(bmc, DELETE, old + FIRST) == b"\xc5"
    assert ask(bmc, DELETE, new + FIRST) == b"\0\1\0"


@exercises(sel.GetSelEntry, sel.AddSelEntry)
def test_31_5_from_the_first_entry_to_the_last() -> None:
    bmc = filled(3)
    first = ask(bmc, GET, b"\0\0" + FIRST + WHOLE)
    assert first[:5] == b"\0\2\0\1\0"
    assert first[10:] == EVENT[7:]
    assert ask(bmc, GET, b"\0\0\2\0" + WHOLE)[1:3] == b"\3\0"
    assert ask(bmc, GET, b"\0\0" + LAST + WHOLE)[1:5] == NONE + b"\3\0"
    assert ask(bmc, GET, b"\0\0\7\0" + WHOLE) == b"\xcb"
    assert ask(bench(), GET, b"\0\0" + FIRST + WHOLE) == b"\xcb"


@exercises(sel.GetSelEntry, sel.ReserveSel)
def test_31_5_a_read_from_the_middle_wants_a_reservation() -> None:
    bmc = filled(1)
    assert ask(bmc, GET, b"\0\0\1\0" + b"\x0a\x02") == b"\xc5"
    assert ask(bmc, GET, reserved(bmc) + b"\1\0" + b"\x0a\x02")[3:] == EVENT[10:12]


@exercises(sel.AddSelEntry, sel.GetSelEntry)
def test_31_6_the_log_stamps_what_has_a_time_and_leaves_what_has_none() -> None:
    bmc = bench()
    ask(bmc, SET_TIME, (0x5F000000).to_bytes(4, "little"))
    ask(bmc, ADD, EVENT)
    ask(bmc, ADD, MAKERS)
    assert ask(bmc, GET, b"\0\0\1\0" + WHOLE)[6:10] == (0x5F000000).to_bytes(4, "little")
    assert ask(bmc, GET, b"\0\0\2\0" + WHOLE)[5:] == MAKERS[2:]


@exercises(sel.AddSelEntry, sel.GetSelInfo, sel.DeleteSelEntry)
def test_31_6_a_full_log_refuses_and_says_so_until_there_is_room() -> None:
    bmc = bench()
    while (answer := ask(bmc, ADD, EVENT))[0] == 0:
        assert entries(bmc) <= bmc.blueprint.sel_capacity
    assert answer == b"\xc4"
    assert ask(bmc, INFO)[14] & 0x80
    assert ask(bmc, DELETE, reserved(bmc) + FIRST)[0] == 0
    assert not ask(bmc, INFO)[14] & 0x80


@exercises(sel.PartialAddSelEntry, sel.ReserveSel, sel.GetSelEntry)
def test_31_7_an_entry_in_pieces_is_there_with_its_last() -> None:
    bmc = bench()
    reservation = reserved(bmc)
    answer = ask(bmc, PARTIAL, reservation + b"\0\0\0\0" + EVENT[:6])
    assert answer[0] == 0
    assert entries(bmc) == 0
    number = answer[1:3]
    assert ask(bmc, PARTIAL, reservation + number + b"\6\1" + EVENT[6:])[0] == 0
    assert ask(bmc, GET, b"\0\0" + FIRST + WHOLE)[10:] == EVENT[7:]


@exercises(sel.PartialAddSelEntry, sel.ReserveSel)
def test_31_7_pieces_that_make_no_entry_are_refused() -> None:
    bmc = bench()
    reservation = reserved(bmc)
    number = ask(bmc, PARTIAL, reservation + b"\0\0\0\0" + EVENT[:6])[1:3]
    assert ask(bmc, PARTIAL, reservation + number + b"\7\1" + EVENT[7:]) == b"\x80"
    assert ask(bmc, PARTIAL, b"\x99\x99\0\0\0\0" + EVENT[:6]) == b"\xc5"
    assert entries(bmc) == 0


@exercises(sel.DeleteSelEntry, sel.GetSelEntry)
def test_31_8_what_was_deleted_is_gone_for_good_and_nothing_else() -> None:
    bmc = filled(3)
    assert ask(bmc, DELETE, reserved(bmc) + b"\2\0") == b"\0\2\0"
    again = bmc.reopened()
    assert ask(again, GET, b"\0\0\2\0" + WHOLE) == b"\xcb"
    assert ask(again, GET, b"\0\0\1\0" + WHOLE)[1:3] == b"\3\0"
    assert ask(again, DELETE, reserved(again) + b"\2\0") == b"\xcb"


@exercises(sel.ClearSel, sel.ReserveSel, sel.GetSelInfo)
def test_31_9_clearing_takes_a_while_and_nothing_is_added_meanwhile() -> None:
    bmc = filled(100)
    reservation = reserved(bmc)
    assert ask(bmc, CLEAR, reservation + b"CLS\xaa") == b"\xcc"
    assert ask(bmc, CLEAR, reservation + INITIATE) == IN_PROGRESS
    for cmd, data in ((INFO, b""), (RESERVE, b""), (ADD, EVENT), (GET, b"\0\0" + FIRST + WHOLE)):
        assert ask(bmc, cmd, data) == b"\x81"
    assert ask(bmc, CLEAR, reservation + STATUS) == IN_PROGRESS
    bmc.clock.advance(10)
    assert ask(bmc, CLEAR, reservation + STATUS) == COMPLETED
    assert entries(bmc) == entries(bmc.reopened()) == 0


@exercises(sel.SetSelTime, sel.GetSelTime)
def test_31_11_the_clock_runs_on_from_what_was_set_also_over_a_restart() -> None:
    bmc = bench()
    ask(bmc, SET_TIME, (0x40000000).to_bytes(4, "little"))
    bmc.clock.advance(90)
    assert ask(bmc, GET_TIME) == b"\0" + (0x40000000 + 90).to_bytes(4, "little")
    assert ask(bmc.reopened(), GET_TIME) == b"\0" + (0x40000000 + 90).to_bytes(4, "little")


@exercises(sel.SetSelTimeUtcOffset, sel.GetSelTimeUtcOffset)
def test_31_11b_a_day_either_way_or_unspecified() -> None:
    bmc = bench()
    for minutes in (120, -570, 1440, -1440, 0x07FF):
        data = minutes.to_bytes(2, "little", signed=True)
        assert ask(bmc, SET_OFFSET, data) == b"\0"
        assert ask(bmc.reopened(), GET_OFFSET) == b"\0" + data
    assert ask(bmc, SET_OFFSET, (1441).to_bytes(2, "little")) == b"\xc9"


@exercises(sel.SetAuxiliaryLogStatus, sel.GetAuxiliaryLogStatus)
def test_31_13_software_says_how_far_its_log_is() -> None:
    bmc = bench()
    mca = b"\0\x10\x20\x30\x40" + b"\5\0\0\0"
    oem = b"\1\x10\x20\x30\x40" + b"\xf2\x1b\0" + b"anything"
    assert ask(bmc, SET_AUXILIARY, mca) == ask(bmc, SET_AUXILIARY, oem) == b"\0"
    again = bmc.reopened()
    assert ask(again, GET_AUXILIARY, b"\0") == b"\0" + mca[1:]
    assert ask(again, GET_AUXILIARY, b"\1") == b"\0" + oem[1:]
    assert ask(bmc, GET_AUXILIARY, b"\3") == ask(bmc, SET_AUXILIARY, b"\3" + mca[1:]) == b"\xcc"


@exercises(sel.SetSelTime, sel.AddSelEntry, sel.GetSelInfo)
def test_31_users_read_operators_write_administrators_say_how_far_logs_are() -> None:
    bmc = filled(1)
    viewer = bmc.in_v20(VIEWER)
    allowed = ((INFO, b""), (ALLOCATION, b""), (RESERVE, b""), (GET_TIME, b""), (GET_OFFSET, b""))
    assert all((viewer.ask(STORAGE, cmd, data) or b"?")[0] == 0 for cmd, data in allowed)
    refused = ((ADD, EVENT), (SET_TIME, bytes(4)), (SET_OFFSET, bytes(2)), (DELETE, bytes(4)))
    assert all(viewer.ask(STORAGE, cmd, data) == b"\xd4" for cmd, data in refused)
    bmc = filled(1)
    operator = bmc.in_v20(OPERATOR, level=3)
    assert (operator.ask(STORAGE, ADD, EVENT) or b"?")[0] == 0
    assert operator.ask(STORAGE, SET_TIME, bytes(4)) == b"\0"
    assert operator.ask(STORAGE, SET_AUXILIARY, bytes(9)) == b"\xd4"
