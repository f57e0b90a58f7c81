"""What limits that are not kept do."""

from __future__ import annotations

from baseboard.bmc.blueprint import SensorSpec
from baseboard.bmc.services.dcmi_exceptions import Exceptions
from tests.bmc.services.chassis_bench import ChassisBench, make_chassis, without_power

LIMIT = SensorSpec(0x59, "Power Limit", 0x09, event_type=0x05, states=2, record=3)
READABLE = SensorSpec(0x42, "Limit", 0x09, event_type=0x05, states=3, record=2)
DOWN = SensorSpec(0x5A, "Power Down", 0x09, event_type=0x0A, states=4, record=3)


def told(bench: ChassisBench) -> list[tuple[int, int, int, int]]:
    return [(one.sensor_type, one.sensor_number, one.event_type, one.data[0]) for one in bench.heard]


def test_events_are_of_the_sensors_that_are_there_for_them() -> None:
    bench = make_chassis(sensors=(READABLE, LIMIT, DOWN), found_on=True, powered=True)
    exceptions = Exceptions(bench.home, bench.events, bench.chassis)
    exceptions.power_limit(off=False)
    assert told(bench) == [(0x09, 0x59, 0x05, 1)]
    assert bench.power.on
    exceptions.power_limit(off=True)
    assert not bench.power.on
    assert told(bench)[1:] == [(0x09, 0x59, 0x05, 1), (0x09, 0x5A, 0x0A, 2)]
    exceptions.power_limit(off=True)
    assert len(bench.heard) == 4, "what is off already is not switched off"


def test_without_such_sensors_it_is_sensor_0() -> None:
    bench = make_chassis(found_on=True, powered=True)
    exceptions = Exceptions(bench.home, bench.events, bench.chassis)
    exceptions.thermal_limit(7, off=True)
    assert told(bench) == [(0x01, 7, 0x05, 1), (0x09, 0, 0x0A, 2)]


def test_without_power_lines_there_is_nothing_to_switch() -> None:
    bench = without_power()
    Exceptions(bench.home, bench.events, bench.chassis).thermal_limit(7, off=True)
    assert told(bench) == [(0x01, 7, 0x05, 1)]
