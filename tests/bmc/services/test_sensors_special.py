"""Sensors that are written, that come and go, that need their time, that follow a curve."""

from __future__ import annotations

from dataclasses import replace

import pytest

from baseboard.bmc.blueprint import Physics
from baseboard.bmc.blueprint.sensors import Traits
from baseboard.bmc.services.sensor_writing import BitsWritten, Written
from baseboard.bmc.services.sensors import Reading
from baseboard.codes import Cc, SensorType
from baseboard.commands.sensor.sensors import BitsOperation
from baseboard.errors import CompletionError
from tests.bmc.services.sensor_rig import rig
from tests.bmc.services.sensor_specs import PRESENCE, TEMPERATURE

UNC_HIGH, UC_HIGH, LC_LOW = 7, 9, 2


def bits(operation: BitsOperation, mask: int) -> BitsWritten:
    return BitsWritten(operation, mask)


def test_35_17_conditions_of_a_sensor_that_measures_stay_as_written_until_it_reads_anew() -> None:
    one = rig()
    sensor = one.sensors.find(0, 1)
    one.sensors.apply(sensor, Written(assertions=bits(BitsOperation.SET, 1 << UC_HIGH)))
    assert one.news() == [(1, "+59 19 32")]
    assert one.sensors.status(sensor) == (1 << UC_HIGH, 0)
    one.sensors.scan()
    assert one.news() == []
    one.sensors.apply(sensor, Written(assertions=bits(BitsOperation.CLEAR, 1 << UC_HIGH)))
    assert one.news() == [(1, "-59 19 32")]
    one.sensors.apply(sensor, Written(assertions=bits(BitsOperation.WRITE, 1 << LC_LOW)))
    assert one.news() == [(1, "+52 19 05")]
    one.sensors.apply(sensor, Written(reading=41))
    assert one.news() == [(1, "-52 29 05"), (1, "+57 29 28")]
    one.sensors.apply(sensor, Written(reading=20, assertions=bits(BitsOperation.SET, 1 << UC_HIGH)))
    assert one.news() == [(1, "+59 14 32")]
    one.sensors.rearm(sensor)
    assert one.news() == []
    assert one.sensors.status(sensor) == (0, 0)


def test_35_17_deassertion_bits_end_what_holds_and_tell_what_never_held() -> None:
    one = rig()
    sensor = one.sensors.find(0, 1)
    one.show(60)
    one.sensors.apply(sensor, Written(deassertions=bits(BitsOperation.SET, 1 << UC_HIGH | 1 << LC_LOW)))
    assert one.news() == [(1, "-59 3c 32"), (1, "-52 3c 05")]
    assert one.sensors.status(sensor) == (1 << UNC_HIGH, 1 << UC_HIGH | 1 << LC_LOW)
    one.sensors.apply(sensor, Written(deassertions=bits(BitsOperation.CLEAR, 1 << LC_LOW)))
    assert one.sensors.status(sensor) == (1 << UNC_HIGH, 1 << UC_HIGH)
    one.sensors.apply(sensor, Written(deassertions=bits(BitsOperation.WRITE, 0)))
    assert one.sensors.status(sensor) == (1 << UNC_HIGH, 0)
    assert one.news() == []
    states = one.sensors.find(1, 2)
    one.sensors.apply(states, Written(deassertions=bits(BitsOperation.SET, 0b0011)))
    assert one.news() == [(2, "-01 ff ff"), (2, "-00 ff ff")]
    one.sensors.release(2, 1)
    one.sensors.release(1)
    assert one.news() == [(1, "+59 3c 32")]


def test_35_14_a_sensor_that_is_re_armed_needs_its_time_for_a_first_reading() -> None:
    one = rig(replace(TEMPERATURE, traits=Traits(update_s=3)), inlet=45.0)
    assert one.reading() == Reading(available=False)
    one.home.clock.advance(3)
    assert one.news() == [(1, "+57 2d 28")]
    assert one.reading() == Reading(available=True, raw=45, states=0x08)
    sensor = one.sensors.find(0, 1)
    one.sensors.rearm(sensor)
    one.home.clock.advance(2)
    one.sensors.rearm(sensor)
    one.home.clock.advance(2)
    assert one.reading() == Reading(available=False)
    one.home.clock.advance(1)
    assert one.news() == [(1, "+57 2d 28")]
    for scanning in (False, True):
        one.sensors.configure(sensor, one.sensors.settings.of(sensor)._replace(scanning_enabled=scanning))
    assert one.reading() == Reading(available=False)
    one.sensors.stop()
    assert one.home.clock.next_due() is None


BAY = replace(
    PRESENCE, number=8, name="Bay", lun=0, sensor_type=SensorType.DRIVE_SLOT, states=0b001, event_states=None,
    physics=Physics("state", states=1, states_off=1),
)  # fmt: skip


def test_40_1_without_its_entity_a_sensor_has_no_reading_and_no_events() -> None:
    one = rig(replace(TEMPERATURE, traits=Traits(ignore_if_absent=True)), BAY)
    one.states(1, "Bay")
    assert one.show(45) == [(1, "+57 2d 28")]
    assert one.states(0, "Bay") == [(8, "-00 ff ff")]
    assert one.reading() == Reading(available=False)
    assert one.show(20) == []
    one.port.states["Bay"] = None
    assert one.show(20) == [(1, "-57 14 28")]


def test_35_2_a_sensor_that_went_with_its_entity_is_not_present() -> None:
    one = rig(replace(TEMPERATURE, traits=Traits(removable=True)), BAY)
    one.port.states["Bay"] = 0
    with pytest.raises(CompletionError) as refused:
        one.sensors.find(0, 1)
    assert refused.value.code == Cc.NOT_PRESENT
    one.states(1, "Bay")
    assert one.reading().raw == 25
    assert one.sensors.population.changes == 0
    one.states(0, "Bay")
    one.states(1, "Bay")
    assert one.sensors.population.changes == 2


def test_36_2_readings_of_a_curve() -> None:
    curve = Traits(curve=((0, -40.0), (100, 60.0), (200, 110.0)))
    one = rig(replace(TEMPERATURE, traits=curve, minimum=-40, maximum=110), inlet=85.0)
    assert one.reading() == Reading(available=True, raw=150, states=0x18)
    one.port.values["Inlet"] = 10.0
    assert one.reading() == Reading(available=True, raw=50)
    one.sensors.override(1, value=-20)
    assert one.reading().raw == 20


def test_what_happens_to_the_system_is_looked_at_without_waiting_for_the_scan() -> None:
    one = rig()
    one.port.states["Slot"] = 0b0101
    one.sensors.notice()
    assert one.news() == [(2, "+00 ff ff")]
    one.sensors.stop()
    one.port.states["Slot"] = 0b0100
    one.sensors.notice()
    assert one.news() == []
