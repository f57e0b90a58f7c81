"""Readings, scanning and the events that come of them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import pytest

from baseboard.bmc.services.events import Event
from baseboard.bmc.services.sensor_writing import EventDataWritten
from baseboard.bmc.services.sensors import FRESH_S, Reading
from baseboard.codes import Cc, Linearization, SensorType
from baseboard.commands.sensor.sensors import GetSensorReadingResponse
from baseboard.errors import CompletionError, EncodeError
from baseboard.records.sdr import CompactSensorRecord, FullSensorRecord, read_sdr
from tests.bmc.services.homes import make_home
from tests.bmc.services.sensor_rig import Rig, rig
from tests.bmc.services.sensor_specs import (
    EVENT_ONLY,
    LATCH,
    LOG,
    PLAIN,
    PRESENCE,
    TEMPERATURE,
    WATCHDOG,
)

UNC_HIGH, UC_HIGH, LC_LOW = 7, 9, 2


def test_35_an_unknown_sensor_is_not_present() -> None:
    one = rig()
    for lun, number in ((1, 1), (0, 2), (0, 99)):
        with pytest.raises(CompletionError) as refused:
            one.sensors.find(lun, number)
        assert refused.value.code == Cc.NOT_PRESENT


def test_35_14_a_reading_and_the_thresholds_that_it_has_reached() -> None:
    one = rig()
    assert one.reading() == Reading(available=True, raw=25)
    one.port.values["Inlet"] = 50.2
    assert one.reading() == Reading(available=True, raw=50, states=0x18)
    one.port.values["Inlet"] = 4.9
    assert one.reading() == Reading(available=True, raw=5, states=0x02)
    assert one.reading(6) == Reading(available=True, raw=100)


def test_35_14_states_are_those_that_the_sensor_can_show() -> None:
    one = rig()
    one.port.states["Slot"] = 0xF0F5
    assert one.reading(2, lun=1) == Reading(available=True, states=0b0101)


@pytest.mark.parametrize("value", [None, math.nan])
def test_35_14_without_a_value_the_reading_is_unavailable(value: float | None) -> None:
    one = rig(inlet=value)
    assert one.reading() == Reading(available=False)
    one.port.states["Slot"] = None
    assert one.reading(2, lun=1) == Reading(available=False)


def test_36_3_a_value_that_the_linearization_never_gives_is_no_reading() -> None:
    one = rig(replace(PLAIN, linearization=Linearization.EXP10, minimum=1, maximum=100))
    one.port.values["Watts"] = -5
    assert one.reading(6) == Reading(available=False)


def test_a_server_without_a_sensor_port_knows_only_what_the_controller_knows() -> None:
    one = rig()
    one.home.backend.sensors = None
    with pytest.raises(CompletionError) as refused:
        one.reading()
    assert refused.value.code == Cc.INVALID_COMMAND
    assert one.reading(4) == one.reading(5) == Reading(available=True)
    one.sensors.override(1, raw=30)
    assert one.reading() == Reading(available=True, raw=30)
    one.sensors.scan()
    one.home.clock.advance(20)
    assert one.news() == []


def test_29_7_crossing_thresholds_is_told_step_by_step_and_the_same_way_back() -> None:
    """Event data: 50h + offset, trigger reading, threshold (Table 29-6)."""
    one = rig()
    assert one.show(39.4) == []
    assert one.show(40) == [(1, "+57 28 28")]
    assert one.show(55) == [(1, "+59 37 32")]
    assert one.show(55) == []
    assert one.show(20) == [(1, "-59 14 32"), (1, "-57 14 28")]
    assert one.show(3) == [(1, "+52 03 05")]
    assert one.show(90) == [(1, "-52 5a 05"), (1, "+57 5a 28"), (1, "+59 5a 32")]


def test_35_13_the_hysteresis_holds_an_event_back() -> None:
    one = rig()
    one.show(40)
    assert one.show(38) == []
    assert one.show(37) == [(1, "-57 25 28")]
    assert one.show(39) == []


def test_an_event_says_whose_it_is() -> None:
    one = rig()
    one.port.values["Inlet"], one.port.states["Slot"] = 45, 0b0110
    one.sensors.scan()
    first, second = one.events_seen
    assert (first.sensor_type, first.event_type, first.generator_id) == (SensorType.TEMPERATURE, 1, 0x20)
    assert (second.sensor_type, second.event_type, second.generator_id) == (SensorType.SLOT, 0x6F, 0x120)


def test_without_a_reading_nothing_is_crossed_and_nothing_is_over() -> None:
    """The fans of a server that is off are no news; when it is on again things go on from where they were."""
    one = rig()
    one.show(45)
    one.news()
    assert one.show(None) == []
    assert one.states(None) == []
    assert one.show(45) == []
    one.show(None)
    assert one.show(20) == [(1, "-57 14 28")]


def test_35_13_states_are_told_as_they_come_and_go() -> None:
    """The states 0 and 1 make events, state 2 does not; the data are the offset and FFh FFh."""
    one = rig()
    assert one.states(0b0101) == [(2, "+00 ff ff")]
    assert one.states(0b0010) == [(2, "-00 ff ff"), (2, "+01 ff ff")]
    assert one.states(0b0110) == []


def test_an_event_only_sensor_tells_what_begins() -> None:
    one = rig()
    assert one.states(0b0010, "Stop") == [(3, "+01 ff ff")]
    assert one.states(0b0000, "Stop") == []


def test_what_holds_at_the_start_is_news_only_if_it_is_not_usual() -> None:
    one = Rig(make_home(sensors=(TEMPERATURE, PRESENCE, WATCHDOG)))
    one.port.values["Inlet"] = 60
    one.port.states["Slot"] = 0b0111
    one.sensors.start()
    one.sensors.scan()
    assert one.news() == [(1, "+57 3c 28"), (1, "+59 3c 32"), (2, "+01 ff ff")]


def test_states_that_are_there_later_than_the_controller_are_no_news() -> None:
    one = Rig(make_home(sensors=(PRESENCE,)))
    one.sensors.start()
    assert one.states(0b0101) == []
    assert one.states(0b0110) == [(2, "-00 ff ff"), (2, "+01 ff ff")]


def test_scanning_is_every_second_while_things_change_and_every_ten_while_not() -> None:
    one = rig()
    one.port.values["Inlet"] = 45
    one.port.jittering = True
    one.home.clock.advance(1)
    assert len(one.news()) == 1
    one.port.jittering = False
    one.home.clock.advance(10)
    one.port.values["Inlet"] = 20
    told: list[int] = []
    for second in range(10):
        one.home.clock.advance(1)
        told += [second] * len(one.news())
    assert len(told) == 1
    one.sensors.stop()
    one.sensors.stop()
    assert one.home.clock.next_due() is None


def test_nobody_scans_where_nothing_can_be_told() -> None:
    assert rig(PLAIN).home.clock.next_due() is None
    assert rig(TEMPERATURE).home.clock.next_due() is not None


def test_the_scans_of_many_controllers_are_spread_over_tenths_of_a_second() -> None:
    due = set()
    for number in range(40):
        home = make_home(sensors=(TEMPERATURE,))
        home.blueprint = replace(home.blueprint, identity=replace(home.blueprint.identity, name=f"n{number}"))
        one = Rig(home)
        one.sensors.start()
        when = home.clock.next_due()
        assert when is not None
        due.add(round(when, 6))
    assert due == {tenth / 10 for tenth in range(1, 11)}


def test_35_8_new_thresholds_are_judged_at_once() -> None:
    one = rig()
    sensor = one.sensors.find(0, 1)
    settings = one.sensors.settings.of(sensor)
    one.sensors.configure(sensor, settings._replace(thresholds=bytes((0, 5, 0, 20, 50, 0))))
    assert one.news() == [(1, "+57 19 14")]
    again = Rig(one.home.again())
    again.port.values["Inlet"] = 25
    again.sensors.scan()
    assert again.news() == [(1, "+57 19 14")]


def test_35_10_only_enabled_events_are_told() -> None:
    one = rig()
    sensor = one.sensors.find(0, 1)
    settings = one.sensors.settings.of(sensor)
    one.sensors.configure(sensor, settings._replace(assertions=1 << UC_HIGH, deassertions=0))
    assert one.show(60) == [(1, "+59 3c 32")]
    assert one.show(20) == []
    one.sensors.configure(sensor, settings._replace(events_enabled=False))
    assert one.show(60) == []
    assert one.sensors.status(sensor) == (1 << UNC_HIGH | 1 << UC_HIGH, 0)


def test_35_10_what_is_not_scanned_shows_nothing_and_tells_nothing() -> None:
    one = rig()
    sensor = one.sensors.find(0, 1)
    one.sensors.configure(sensor, one.sensors.settings.of(sensor)._replace(scanning_enabled=False))
    assert one.show(60) == []
    assert one.reading() == Reading(available=True)
    one.sensors.configure(sensor, one.sensors.settings.of(sensor)._replace(scanning_enabled=True))
    assert one.news() == [(1, "+57 3c 28"), (1, "+59 3c 32")]


def test_35_12_re_arming_tells_anew_what_still_holds() -> None:
    one = rig()
    one.show(60)
    sensor = one.sensors.find(0, 1)
    one.sensors.rearm(sensor, 1 << UC_HIGH, 0)
    assert one.news() == [(1, "+59 3c 32")]
    one.sensors.rearm(sensor)
    assert one.news() == [(1, "+57 3c 28"), (1, "+59 3c 32")]


def test_29_1_setting_the_event_receiver_re_arms_everything() -> None:
    one = rig()
    one.show(45)
    one.states(0b0101)
    one.events.set_receiver(0x20, 0)
    assert one.news() == [(1, "+57 2d 28"), (2, "+00 ff ff")]


def test_35_12_a_sensor_that_is_re_armed_by_hand_tells_once() -> None:
    one = rig()
    assert one.states(0b01, "Errors") == [(7, "+00 ff ff")]
    assert one.states(0b00, "Errors") == [(7, "-00 ff ff")]
    assert one.states(0b01, "Errors") == []
    one.sensors.rearm(one.sensors.find(0, 7))
    assert one.news() == [(7, "+00 ff ff")]


def test_35_17_a_written_reading_stays_until_it_is_released() -> None:
    one = rig()
    one.sensors.override(1, value=60.3)
    assert one.news() == [(1, "+57 3c 28"), (1, "+59 3c 32")]
    assert one.show(20) == []
    assert one.reading().raw == 60
    one.sensors.release(1)
    assert one.news() == [(1, "-59 14 32"), (1, "-57 14 28")]
    one.sensors.release(1)
    assert one.news() == []
    one.sensors.override(1, raw=3)
    assert one.news() == [(1, "+52 03 05")]


def test_35_17_written_states_are_those_that_the_sensor_has() -> None:
    one = rig()
    one.sensors.override(2, 1, states=0xF2)
    assert one.news() == [(2, "+01 ff ff")]
    assert one.states(0b0001) == []
    assert one.reading(2, lun=1).states == 0b0010


def test_35_17_event_data_may_come_with_the_reading() -> None:
    one = rig()
    sensor = one.sensors.find(1, 2)
    one.sensors.write(sensor, 0b0010, EventDataWritten(b"\xa5\x11\x22", keep_offset=True))
    one.sensors.write(sensor, 0b0000, EventDataWritten(b"\xa5\x11\x22", keep_offset=False))
    assert one.news() == [(2, "+a1 11 22"), (2, "-a5 11 22")]


def test_a_value_without_a_reading_cannot_be_written() -> None:
    with pytest.raises(EncodeError):
        rig().sensors.override(1, value=math.nan)


def test_33_6_the_agents_records_set_the_sensors_of_this_controller() -> None:
    one = rig()
    record = read_sdr(one.sensors.find(0, 1).record)
    assert isinstance(record, FullSensorRecord)
    one.sensors.initialize(record.replace(upper_non_critical=20))
    assert one.news() == [(1, "+57 19 14")]
    one.sensors.initialize(record.replace(owner_id=0x82, upper_non_critical=99))
    one.sensors.initialize(record.replace(sensor_number=99, upper_non_critical=99))
    assert one.sensors.settings.of(one.sensors.find(0, 1)).thresholds[3] == 20
    states = read_sdr(one.sensors.find(1, 2).record)
    assert isinstance(states, CompactSensorRecord)
    one.sensors.initialize(states.replace(assertion_mask=0))
    assert one.sensors.settings.of(one.sensors.find(1, 2)).assertions == 0


def test_20_2_a_cold_reset_brings_defaults_back() -> None:
    one = rig()
    sensor = one.sensors.find(0, 1)
    one.sensors.configure(sensor, sensor.settings._replace(positive=9))
    one.sensors.override(1, raw=60)
    one.states(0b0110)
    one.news()
    one.sensors.reset_defaults()
    assert one.sensors.settings.of(sensor) == sensor.settings
    assert one.reading().raw == 25
    assert one.sensors.status(one.sensors.find(1, 2)) == (0, 0)
    one.sensors.scan()
    assert one.news() == [(2, "+01 ff ff")]
    assert not Rig(one.home.again()).sensors.settings.changed


def test_the_watchdogs_sensor_shows_what_the_watchdog_told() -> None:
    one = rig()
    assert one.reading(4).states == 0
    one.events.publish(Event(SensorType.WATCHDOG_2, 4, 0x6F, b"\xc8\x24\xff"))
    assert one.reading(4).states == 0x100
    one.events.publish(Event(SensorType.WATCHDOG_2, 4, 0x6F, b"\xc1\x24\xff"))
    assert one.reading(4).states == 0b0010
    assert one.sensors.status(one.sensors.find(0, 4)) == (0b0010, 0x100)
    one.events.publish(Event(SensorType.WATCHDOG_2, 4, 0x6F, b"\xc1\x24\xff", deassertion=True))
    one.events.receive(Event(SensorType.WATCHDOG_2, 4, 0x6F, b"\xc1\x24\xff", generator_id=0x81))
    one.events.publish(Event(SensorType.WATCHDOG_2, 5, 0x6F, b"\xc1\x24\xff"))
    assert one.reading(4).states == 0
    one.news()
    one.sensors.scan()
    assert one.news() == []


def test_the_event_logs_sensor_shows_how_full_it_is() -> None:
    """Table 42-3, 10h: offset 5 almost full, offset 4 full, which takes the log's last place."""
    one = rig(LOG, sel_capacity=20)
    filler = Event(SensorType.FAN, 99, 1, b"\1\xff\xff")
    for _ in range(17):
        one.events.publish(filler)
    one.news()
    one.sensors.scan()
    assert one.news() == []
    one.events.publish(filler)
    one.news()
    one.sensors.scan()
    assert one.news() == [(5, "+05 ff ff")]
    one.sensors.scan()
    assert one.news() == [(5, "+04 ff ff")]
    assert len(one.sel) == 20
    assert not one.sel.overflow
    assert one.reading(5).states == 0b110000
    one.sel.clear()
    one.home.clock.advance(10)
    assert [what for number, what in one.news() if number == 5] == ["-05 ff ff", "-04 ff ff"]


def test_the_latch_and_the_event_only_sensor_are_looked_at_with_the_others() -> None:
    one = rig(LATCH, EVENT_ONLY)
    one.port.states |= {"Errors": 0b10, "Stop": 0b10}
    one.home.clock.advance(10)
    assert one.news() == [(7, "+01 ff ff"), (3, "+01 ff ff")]


# What was told a moment ago

ANSWER = GetSensorReadingResponse(
    reading=25, events_enabled=True, scanning_enabled=True, unavailable=False, states_low=0xC0
)


def told(changes: int = 0, number: int = 1, lun: int = 0) -> Rig:
    """A sensor of which something was told, in front of readings that say when they move."""
    one = rig()
    one.port.changes = changes
    one.sensors.remember(one.sensors.find(lun, number), ANSWER)
    return one


def test_an_answer_holds_for_a_moment() -> None:
    one = told()
    sensor = one.sensors.find(0, 1)
    assert one.sensors.told(sensor) is ANSWER
    one.home.clock.advance(FRESH_S / 2)
    assert one.sensors.told(sensor) is ANSWER
    one.home.clock.advance(FRESH_S)
    assert one.sensors.told(sensor) is None


@pytest.mark.parametrize(
    "happen",
    [
        lambda one: setattr(one.port, "changes", 1),
        lambda one: setattr(one.home.backend, "sensors", None),
        lambda one: one.sensors.look(one.sensors.find(0, 1)),
        lambda one: one.sensors.override(1, raw=30),
        lambda one: one.sensors.release(1),
        lambda one: one.sensors.rearm(one.sensors.find(0, 1)),
        lambda one: one.sensors.scan(),
        lambda one: one.sensors.reset_defaults(),
        lambda one: one.sensors.configure(
            one.sensors.find(0, 1),
            one.sensors.settings.of(one.sensors.find(0, 1))._replace(scanning_enabled=False),
        ),
    ],
)
def test_an_answer_is_forgotten_when_something_happens_to_the_sensor(happen: Callable[[Rig], None]) -> None:
    one = told()
    sensor = one.sensors.find(0, 1)
    happen(one)
    assert one.sensors.told(sensor) is None


def test_only_answers_about_what_time_alone_moves_are_remembered() -> None:
    unsaid = told(changes=-1)
    assert unsaid.sensors.told(unsaid.sensors.find(0, 1)) is None
    discrete = told(number=2, lun=1)
    assert discrete.sensors.told(discrete.sensors.find(1, 2)) is None
    portless = rig()
    portless.home.backend.sensors = None
    portless.sensors.remember(portless.sensors.find(0, 1), ANSWER)
    assert portless.sensors.told(portless.sensors.find(0, 1)) is None


def test_few_answers_are_remembered() -> None:
    many = tuple(replace(TEMPERATURE, number=number, name=f"Inlet {number}") for number in range(1, 20))
    one = rig(*many)
    one.port.changes = 0
    found = [one.sensors.find(0, number) for number in range(1, 20)]
    for sensor in found:
        one.sensors.remember(sensor, ANSWER)
    assert [one.sensors.told(sensor) is ANSWER for sensor in found] == [False] * 16 + [True] * 3
