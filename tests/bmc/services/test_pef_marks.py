"""The last processed event IDs, and what was not processed before a restart (§17.5)."""

from __future__ import annotations

from baseboard.bmc.services.pef_marks import MOST_OPEN, NONE, Marks
from baseboard.bmc.services.sel import Sel
from tests.bmc.services.homes import FakeHome, make_home

EVENT = bytes.fromhex("0000 02 00000000 2000 04 01 30 01 595A58")


def make(home: FakeHome | None = None, events: int = 0) -> tuple[FakeHome, Sel, Marks]:
    home = home or make_home()
    sel = Sel(home)
    marks = Marks(home, sel)
    for _ in range(events):
        sel.add(EVENT)
    return home, sel, marks


def numbers(marks: Marks) -> list[int]:
    return [int.from_bytes(record[:2], "little") for record in marks.unprocessed()]


def test_at_first_nothing_is_processed() -> None:
    _, _, marks = make()
    assert (marks.last_record, marks.software, marks.bmc) == (NONE, NONE, NONE)
    assert marks.idle
    assert marks.unprocessed() == []


def test_both_are_kept() -> None:
    home, _, marks = make(events=3)
    marks.set(software=1)
    marks.set(bmc=2)
    _, sel, marks = make(home.again())
    assert (marks.last_record, marks.software, marks.bmc) == (3, 1, 2)
    assert len(sel) == 3


def test_clearing_the_log_sets_both_to_ffffh() -> None:
    home, sel, marks = make(events=2)
    marks.set(software=1, bmc=2)
    marks.begin(2)
    sel.clear()
    assert (marks.software, marks.bmc) == (NONE, NONE)
    marks.end(2)
    assert (marks.bmc, marks.idle) == (NONE, True)
    assert make(home.again())[2].software == NONE


def test_the_mark_moves_when_all_is_done_about_an_event_and_those_before() -> None:
    _, _, marks = make(events=3)
    marks.begin(1)
    marks.begin(1)
    marks.begin(2)
    marks.end(2)
    assert marks.bmc == NONE
    marks.end(1)
    assert (marks.bmc, marks.idle) == (NONE, False)
    marks.end(1)
    assert (marks.bmc, marks.idle) == (2, True)
    marks.end(1)
    assert marks.bmc == 2


def test_what_goes_on_for_ever_takes_no_memory() -> None:
    _, _, marks = make()
    for record in range(1, MOST_OPEN + 2):
        marks.begin(record)
    assert marks.bmc == 1


def test_what_will_not_be_done_any_more_is_passed_over() -> None:
    _, _, marks = make()
    marks.begin(5)
    marks.begin(6)
    marks.forget()
    assert (marks.bmc, marks.idle) == (6, True)


def test_unprocessed_is_what_neither_has_processed() -> None:
    _, _, marks = make(events=4)
    assert numbers(marks) == [1, 2, 3, 4]
    marks.set(bmc=2)
    assert numbers(marks) == [3, 4]
    marks.set(software=3)
    assert numbers(marks) == [4]
    marks.set(bmc=4)
    assert numbers(marks) == []


def test_a_mark_whose_record_was_deleted_still_counts() -> None:
    _, sel, marks = make(events=4)
    marks.set(bmc=2)
    sel.delete(2)
    assert numbers(marks) == [3, 4]


def test_0000h_leaves_nothing_unprocessed() -> None:
    _, _, marks = make(events=2)
    marks.set(bmc=0)
    assert marks.unprocessed() == []
