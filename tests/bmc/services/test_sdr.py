"""The SDR repository: records, reservation, erasure, update mode."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from baseboard.bmc.services.events import Events
from baseboard.bmc.services.messaging import Messaging
from baseboard.bmc.services.sdr import SdrRepository, piece
from baseboard.bmc.services.sdr_device import LAST, DeviceSdrs
from baseboard.bmc.services.sel import Sel
from baseboard.bmc.services.sensors import Sensors
from baseboard.bmc.store import MemoryStore
from baseboard.codes import Cc
from baseboard.errors import CompletionError
from baseboard.records.timestamps import UNSPECIFIED
from tests.bmc.services.homes import FakeHome, make_home
from tests.bmc.services.sensor_specs import EVENT_ONLY, PLAIN, PRESENCE, TEMPERATURE

SHIPPED = (TEMPERATURE, PRESENCE, EVENT_ONLY)
COUNT = 4
"""The three sensors and the controller's locator."""

NOW = 1_750_000_123
ONE, OTHER = (1, 1), (1, 2)


def oem(size: int = 12, fill: int = 0xAA) -> bytes:
    """An OEM record of so many bytes in all."""
    return bytes((0xEE, 0xEE, 0x51, 0xC0, size - 5)) + bytes((fill,)) * (size - 5)


def repository(home: FakeHome | None = None, **changes: Any) -> SdrRepository:
    home = home or make_home(sensors=SHIPPED, **changes)
    sel = Sel(home)
    return SdrRepository(home, Sensors(home, Events(home, sel, Messaging(home)), sel))


def home_of(**changes: Any) -> FakeHome:
    return make_home(sensors=SHIPPED, **changes)


def listed(sdr: SdrRepository | DeviceSdrs) -> list[int]:
    """The record IDs in the order in which a console comes upon them."""
    found, following = [], 0
    while following != LAST:
        record, following = sdr.read(following)
        found.append(int.from_bytes(record[:2], "little"))
    return found


def refused(code: int) -> Any:
    return pytest.raises(CompletionError, match=f"^{code:02X}h")


def test_33_12_records_are_read_one_after_the_other() -> None:
    sdr = repository()
    assert len(sdr) == COUNT
    assert listed(sdr) == [1, 2, 3, 4]
    assert sdr.read(LAST)[0] == sdr.read(4)[0]
    for unknown in (5, 0xFFFE):
        with refused(Cc.NOT_PRESENT):
            sdr.read(unknown)


def test_33_13_an_added_record_gets_its_id_and_keeps_it() -> None:
    home = home_of()
    sdr = repository(home)
    sdr.reservation.take()
    assert sdr.add(oem(), NOW) == 5
    assert sdr.add(oem(), NOW) == 6
    assert sdr.read(5) == (b"\x05\0" + oem()[2:], 6)
    assert sdr.added == NOW
    assert sdr.reservation.current == 0
    sdr.delete(5, NOW)
    assert sdr.add(oem(), NOW) == 7
    assert listed(sdr) == [1, 2, 3, 4, 6, 7]
    assert listed(repository(home.again())) == [1, 2, 3, 4, 6, 7]


@pytest.mark.parametrize("record", [b"", oem()[:4], oem()[:-1], oem() + b"\0"])
def test_33_13_a_record_must_be_as_long_as_it_says(record: bytes) -> None:
    with refused(Cc.INVALID_LENGTH):
        repository().add(record, NOW)


def test_33_9_a_record_that_has_no_room_leaves_the_overflow_flag() -> None:
    home = home_of(sdr_capacity=16 * 20)
    sdr = repository(home)
    used = sum(-(-len(sdr.read(number)[0]) // 16) for number in range(1, 5))
    assert (sdr.units, sdr.free_units) == (20, 20 - used)
    for left in range(20 - used, 0, -1):
        assert sdr.free_units == left
        sdr.add(oem(16), NOW)
    assert not sdr.overflow
    with refused(Cc.OUT_OF_SPACE):
        sdr.add(oem(16), NOW)
    assert sdr.overflow
    again = repository(home.again())
    assert (again.overflow, again.free_units) == (True, 0)
    again.delete(LAST, NOW)
    assert (again.overflow, again.free_units) == (False, 1)


def test_33_15_deleting_cancels_the_reservation_and_is_remembered() -> None:
    home = home_of()
    sdr = repository(home)
    assert sdr.erased == UNSPECIFIED
    sdr.reservation.take()
    assert sdr.delete(2, NOW) == 2
    assert sdr.delete(LAST, NOW) == 4
    assert sdr.delete(0, NOW) == 1
    assert sdr.reservation.current == 0
    assert listed(sdr) == [3]
    again = repository(home.again())
    assert listed(again) == [3]
    assert again.erased == NOW
    assert again.added == sdr.added
    assert again.free_units == sdr.free_units


def test_33_16_clearing_takes_its_time_and_answers_to_its_reservation() -> None:
    home = home_of()
    sdr = repository(home)
    own = sdr.reservation.take()
    sdr.clear(NOW)
    assert len(sdr) == 0
    assert sdr.erasing(own)
    assert sdr.erasing(0)
    with refused(Cc.RESERVATION_CANCELLED):
        sdr.erasing(own + 1)
    for check in (sdr.check_idle, lambda: sdr.check_allowed(ONE)):
        with refused(Cc.SDR_UPDATING):
            check()
    home.clock.advance(0.005)
    assert not sdr.erasing(own)
    sdr.check_idle()
    with refused(Cc.NOT_PRESENT):
        sdr.read(0)
    assert sdr.add(oem(), NOW) == 1
    again = repository(home.again())
    assert listed(again) == [1]
    assert again.erased == NOW
    assert again.free_units == again.units - 1


def test_33_14_pieces_make_a_record() -> None:
    sdr = repository()
    record = oem(30)
    number = sdr.add_part(0, 0, record[:10], NOW, last=False)
    assert sdr.add_part(number, 10, record[10:20], NOW, last=False) == number
    assert sdr.add_part(number, 20, record[20:], NOW, last=True) == number == 5
    assert sdr.read(5)[0][2:] == record[2:]
    with refused(Cc.NOT_PRESENT):
        sdr.add_part(number, 20, b"", NOW, last=True)


@pytest.mark.parametrize(
    ("offset", "data", "last"),
    [
        (9, oem(30)[9:], True),
        (10, oem(30)[10:29], True),
        (10, bytes(251), False),
        (10, oem(30)[10:] + b"\0", True),
    ],
)
def test_33_14_pieces_that_do_not_fit_end_it(offset: int, data: bytes, last: bool) -> None:
    sdr = repository()
    number = sdr.add_part(0, 0, oem(30)[:10], NOW, last=False)
    with refused(0x80):
        sdr.add_part(number, offset, data, NOW, last=last)
    with refused(Cc.NOT_PRESENT):
        sdr.add_part(number, 10, oem(30)[10:], NOW, last=True)
    assert len(sdr) == COUNT


def test_33_14_a_record_that_is_not_whole_yet_does_not_outlive_the_controller() -> None:
    home = home_of()
    repository(home).add_part(0, 0, oem(30)[:10], NOW, last=False)
    again = repository(home.again())
    assert listed(again) == [1, 2, 3, 4]
    with refused(Cc.NOT_PRESENT):
        again.add_part(5, 10, oem(30)[10:], NOW, last=True)


def test_which_records_there_are_and_which_were_added() -> None:
    sdr = repository()
    assert sdr.as_shipped
    assert sdr.added_records() == []
    sdr.add(oem(), NOW)
    sdr.delete(2, NOW)
    assert not sdr.as_shipped
    assert [record[0] for record in sdr.records()] == [1, 3, 4, 5]
    assert sdr.added_records() == [b"\5\0" + oem()[2:]]


def test_further_records_of_the_blueprint_come_last() -> None:
    sdr = repository(home_of(records=(oem(20),)))
    assert sdr.read(5)[0] == b"\x05\0" + oem(20)[2:]


def test_33_14_a_piece_of_no_record_is_refused() -> None:
    sdr = repository()
    number = sdr.add_part(0, 0, oem(30)[:10], NOW, last=False, reservation=5)
    with refused(Cc.NOT_PRESENT):
        sdr.add_part(number + 1, 10, oem(30)[10:], NOW, last=True, reservation=5)
    with refused(Cc.NOT_PRESENT):
        sdr.add_part(number, 10, oem(30)[10:], NOW, last=True, reservation=6)
    sdr.delete(1, NOW)
    with refused(Cc.NOT_PRESENT):
        sdr.add_part(number, 10, oem(30)[10:], NOW, last=True)
    with refused(0x80):
        sdr.add_part(0, 0, b"\0\0\x51", NOW, last=True)


def test_ids_go_on_after_fffeh_at_the_lowest_that_is_free() -> None:
    home = home_of()
    repository(home).add(oem(), NOW)
    home.journal.put("sdr", 0xFFFE, b"\xfe\xff" + oem()[2:])
    home.journal.put("sdr", 2, b"")
    home = home.again()
    sdr = repository(home)
    assert listed(sdr) == [1, 3, 4, 5, 0xFFFE]
    assert sdr.add(oem(), NOW) == 2
    assert sdr.add(oem(), NOW) == 6
    assert listed(repository(home.again())) == [1, 2, 3, 4, 5, 6, 0xFFFE]
    sdr.delete(2, NOW)
    assert listed(repository(home.again())) == [1, 3, 4, 5, 6, 0xFFFE]


def test_a_console_keeps_its_copy_over_restarts_and_drops_it_when_the_records_are_others() -> None:
    first, same = repository(), repository()
    assert (first.added, first.erased) == (same.added, same.erased)
    assert repository(make_home(sensors=(TEMPERATURE, PRESENCE, PLAIN))).added != first.added


def test_added_records_survive_a_change_of_the_make_up_and_deletions_do_not() -> None:
    home = home_of()
    sdr = repository(home)
    sdr.delete(2, NOW)
    sdr.add(oem(fill=1), NOW)
    sdr.add(oem(fill=2), NOW)
    store = home.journal.store
    assert isinstance(store, MemoryStore)
    larger = make_home(
        store=store, blueprint=replace(home.blueprint, sensors=(*SHIPPED, PLAIN)), clock=home.clock
    )
    for again in (repository(larger), repository(larger.again())):
        assert listed(again) == [1, 2, 3, 4, 5, 6, 7]
        assert again.read(6)[0] == b"\x06\0" + oem(fill=1)[2:]
        assert again.read(7)[0] == b"\x07\0" + oem(fill=2)[2:]
        assert again.added == int(home.clock.wall())
        assert again.erased == NOW


def test_33_19_in_update_mode_only_its_initiator_gets_through() -> None:
    sdr = repository()
    sdr.exit_update_mode(ONE)
    sdr.enter_update_mode(ONE)
    assert sdr.updating
    sdr.check_allowed(ONE)
    sdr.enter_update_mode(ONE)
    for refusal in (
        sdr.check_idle,
        lambda: sdr.check_allowed(OTHER),
        lambda: sdr.enter_update_mode(OTHER),
        lambda: sdr.exit_update_mode(OTHER),
    ):
        with refused(Cc.SDR_UPDATING):
            refusal()
    sdr.exit_update_mode(ONE)
    assert not sdr.updating
    sdr.check_allowed(OTHER)
    sdr.check_idle()


def test_an_update_whose_initiator_went_away_ends_by_itself() -> None:
    home = home_of()
    sdr = repository(home)
    sdr.enter_update_mode(ONE)
    home.clock.advance(59)
    sdr.check_allowed(ONE)
    home.clock.advance(59)
    assert sdr.updating
    home.clock.advance(1)
    assert not sdr.updating
    sdr.enter_update_mode(OTHER)


def test_an_update_ends_with_the_session_that_began_it() -> None:
    sdr = repository()
    sdr.enter_update_mode(ONE)
    sdr.gone(OTHER)
    assert sdr.updating
    sdr.gone(ONE)
    assert not sdr.updating
    sdr.gone(ONE)


def test_33_11_nobody_needs_a_reservation_in_update_mode() -> None:
    sdr = repository()
    with refused(Cc.RESERVATION_CANCELLED):
        sdr.check_reservation(0)
    sdr.check_reservation(sdr.reservation.take())
    sdr.enter_update_mode(ONE)
    sdr.check_reservation(0)
    with refused(Cc.RESERVATION_CANCELLED):
        sdr.check_reservation(0x7777)


def test_33_11_a_reset_ends_reservations_updates_and_half_added_records() -> None:
    sdr = repository()
    sdr.enter_update_mode(ONE)
    sdr.reservation.take()
    sdr.device.reservation.take()
    number = sdr.add_part(0, 0, oem(30)[:10], NOW, last=False)
    sdr.reset()
    assert not sdr.updating
    assert sdr.reservation.current == sdr.device.reservation.current == 0
    with refused(Cc.NOT_PRESENT):
        sdr.add_part(number, 10, oem(30)[10:], NOW, last=True)


def test_33_12_a_piece_of_a_record() -> None:
    record = bytes(range(20))
    assert piece(record, 0, 0xFF, 20) == record
    assert piece(record, 5, 0xFF, 20) == record[5:]
    assert piece(record, 5, 3, 3) == record[5:8]
    assert piece(record, 15, 20, 5) == record[15:]
    with refused(Cc.PARAMETER_OUT_OF_RANGE):
        piece(record, 20, 1, 20)
    for count in (0xFF, 20):
        with refused(Cc.CANNOT_RETURN_SO_MANY):
            piece(record, 0, count, 19)


def test_33_12_what_was_changed_is_read_by_its_ids() -> None:
    sdr = repository()
    records = sdr.records()
    assert [sdr.read(number) for number in range(1, COUNT)] == [
        (records[number - 1], number + 1) for number in range(1, COUNT)
    ]
    assert sdr.read(0) == (records[0], 2)
    assert sdr.read(COUNT) == (records[-1], LAST)
    sdr.delete(2, NOW)
    assert sdr.read(1) == (records[0], 3)
    with pytest.raises(CompletionError):
        sdr.read(2)


def test_33_19_it_is_guarded_once_an_update_or_an_erasure_was_begun() -> None:
    sdr = repository()
    assert not sdr.guarded
    sdr.enter_update_mode(ONE)
    assert sdr.guarded
    sdr.exit_update_mode(ONE)
    assert not sdr.guarded
    sdr.clear(NOW)
    assert sdr.guarded
