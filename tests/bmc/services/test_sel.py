"""The event log: IDs, time, reservations, a full log, erasure, what survives (§31)."""

from __future__ import annotations

import pytest

from baseboard.bmc.services.sel import ERASE_S_PER_ENTRY, ERASED_AT_ONCE, Sel
from baseboard.errors import CompletionError
from tests.bmc.services.homes import make_home

EVENT = bytes.fromhex("0000 02 00000000 2000 04 01 30 01 57 5a 55".replace(" ", ""))
OEM = bytes.fromhex("0000 e0 0102030405060708090a0b0c0d".replace(" ", ""))


def test_an_entry_gets_an_id_and_a_time() -> None:
    home = make_home()
    sel = Sel(home)
    assert sel.add(EVENT) == 1
    entry, following = sel.read(0)
    assert entry[:2] == b"\x01\x00"
    assert int.from_bytes(entry[3:7], "little") == int(home.clock.wall())
    assert entry[2:3] + entry[7:] == EVENT[2:3] + EVENT[7:]
    assert following == 0xFFFF
    assert sel.added == int(home.clock.wall())


def test_a_record_of_e0h_keeps_what_stands_in_place_of_a_time() -> None:
    sel = Sel(make_home())
    assert sel.read(sel.add(OEM))[0] == b"\x01\x00" + OEM[2:]


def test_entries_are_walked_by_the_next_id() -> None:
    sel = Sel(make_home())
    for _ in range(4):
        sel.add(EVENT)
    assert sel.delete(2) == 2
    seen, number = [], 0
    while number != 0xFFFF:
        entry, number = sel.read(number)
        seen.append(entry[0])
    assert seen == [1, 3, 4]
    assert sel.read(0xFFFF)[0][0] == 4


@pytest.mark.parametrize("record_id", [0, 1, 0xFFFF])
def test_an_empty_log_has_no_entry(record_id: int) -> None:
    with pytest.raises(CompletionError, match="^CBh"):
        Sel(make_home()).read(record_id)


def test_a_full_log_refuses_and_says_so_until_it_is_cleared() -> None:
    home = make_home(sel_capacity=2)
    sel = Sel(home)
    sel.add(EVENT)
    sel.add(EVENT)
    assert (sel.free_space, sel.overflow) == (0, False)
    for _ in range(2):
        with pytest.raises(CompletionError, match="^C4h"):
            sel.add(EVENT)
    assert sel.overflow
    assert Sel(home.again()).overflow
    sel.delete(1)
    assert not sel.overflow


def test_adding_and_clearing_cancel_the_reservation() -> None:
    sel = Sel(make_home())
    for change in (lambda: sel.add(EVENT), sel.clear):
        held = sel.reservation.take()
        change()
        with pytest.raises(CompletionError, match="^C5h"):
            sel.reservation.check(held)


def test_deleting_changes_no_other_id_so_one_reservation_is_enough_for_several() -> None:
    sel = Sel(make_home())
    for _ in range(3):
        sel.add(EVENT)
    held = sel.reservation.take()
    for record_id in (1, 3):
        sel.reservation.check(held)
        assert sel.delete(record_id) == record_id
    assert sel.read(0) == sel.read(2)


def test_an_erasure_takes_its_time_and_answers_to_the_one_who_began_it() -> None:
    home = make_home()
    sel = Sel(home)
    cleared: list[bool] = []
    sel.on_cleared.append(lambda: cleared.append(True))
    for _ in range(100):
        sel.add(EVENT)
    held = sel.reservation.take()
    sel.clear()
    assert len(sel) == 0
    assert sel.erasing(held)
    assert sel.erasing(0)
    with pytest.raises(CompletionError, match="^C5h"):
        sel.erasing(held + 1)
    with pytest.raises(CompletionError, match="^81h"):
        sel.check_idle()
    home.clock.advance(100 * ERASE_S_PER_ENTRY)
    assert not sel.erasing(held)
    assert cleared == [True]
    sel.check_idle()
    assert sel.erased == int(home.clock.wall())
    assert sel.add(EVENT) == 1
    sel.stop()


def test_a_stopped_erasure_tells_nobody() -> None:
    home = make_home()
    sel = Sel(home)
    cleared: list[bool] = []
    sel.on_cleared.append(lambda: cleared.append(True))
    for _ in range(100):
        sel.add(EVENT)
    sel.clear()
    sel.stop()
    home.clock.advance(1)
    assert cleared == []


def test_a_page_of_entries_is_erased_at_once() -> None:
    sel = Sel(make_home())
    cleared: list[int] = []
    sel.on_cleared.append(lambda: cleared.append(len(sel)))
    for _ in range(ERASED_AT_ONCE):
        sel.add(EVENT)
    held = sel.reservation.take()
    sel.clear()
    assert cleared == [0]
    assert not sel.erasing(held)
    sel.check_idle()
    with pytest.raises(CompletionError, match="^C5h"):
        sel.reservation.check(held)


def test_pieces_make_an_entry_when_the_last_one_came() -> None:
    sel = Sel(make_home())
    number = sel.add_part(0, 0, EVENT[:10], last=False)
    assert len(sel) == 0
    assert sel.add_part(number, 10, EVENT[10:], last=True) == number
    assert sel.read(number)[0][7:] == EVENT[7:]


@pytest.mark.parametrize(
    ("offset", "data", "last"), [(9, EVENT[10:], True), (10, EVENT[10:15], True), (10, EVENT, False)]
)
def test_pieces_that_do_not_fit_are_refused_and_forgotten(offset: int, data: bytes, last: bool) -> None:
    sel = Sel(make_home())
    number = sel.add_part(0, 0, EVENT[:10], last=False)
    with pytest.raises(CompletionError, match="^80h"):
        sel.add_part(number, offset, data, last=last)
    with pytest.raises(CompletionError, match="^CBh"):
        sel.add_part(number, 10, EVENT[10:], last=True)


def test_ids_go_on_after_fffeh_at_the_first_that_is_free() -> None:
    home = make_home()
    sel = Sel(home)
    home.journal.put("sel", 0xFFFE, b"\xfe\xff" + EVENT[2:])
    home.journal.put("sel", 1, b"\x01\x00" + EVENT[2:])
    again = Sel(home.again())
    assert again.add(EVENT) == 2
    assert sel.add(EVENT) == 1


def walked(sel: Sel) -> list[int]:
    """The IDs in the order in which the log gives its entries."""
    seen, number = [], 0
    while number != 0xFFFF:
        entry, number = sel.read(number)
        seen.append(int.from_bytes(entry[:2], "little"))
    return seen


def test_the_order_is_that_of_adding_also_where_ids_begin_anew_and_after_a_restart() -> None:
    home = make_home()
    for number in (0xFFFC, 0xFFFD):
        home.journal.put("sel", number, number.to_bytes(2, "little") + EVENT[2:])
    home = home.again()
    sel = Sel(home)
    assert [sel.add(EVENT) for _ in range(4)] == [0xFFFE, 1, 2, 3]
    sel.delete(1)
    assert walked(sel) == [0xFFFC, 0xFFFD, 0xFFFE, 2, 3]
    assert sel.read(0xFFFF) == sel.read(3)
    again = Sel(home.again())
    assert walked(again) == walked(sel)
    assert again.add(EVENT) == 4


def test_everything_survives_a_restart() -> None:
    home = make_home()
    sel = Sel(home)
    for _ in range(3):
        sel.add(EVENT)
    sel.delete(2)
    sel.set_time(1_000_000_000)
    sel.set_utc_offset(-60)
    sel.set_auxiliary(0, bytes(8))
    again = Sel(home.again())
    assert [again.read(number)[0][0] for number in (1, 3)] == [1, 3]
    assert again.time() == 1_000_000_000
    assert again.utc_offset == -60
    assert again.auxiliary == {0: bytes(8)}
    assert again.erased == sel.erased
    again.clear()
    assert len(Sel(home.again())) == 0


def test_the_clock_runs_on_from_what_it_was_set_to() -> None:
    home = make_home()
    sel = Sel(home)
    sel.set_time(1000)
    home.clock.advance(5)
    assert sel.time() == 1005
