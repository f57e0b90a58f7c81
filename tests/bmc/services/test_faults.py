"""What sensors report, as the chassis sums it up (Table 28-3)."""

from __future__ import annotations

import pytest

from baseboard.bmc.services.events import Event
from baseboard.bmc.services.faults import Fault
from tests.bmc.services.chassis_bench import make_chassis

DISCRETE, THRESHOLD = 0x6F, 0x01

# sensor type, event/reading type, offset (Tables 42-2, 42-3), and the bit of Table 28-3 that it means
MEANINGS = [
    (0x04, THRESHOLD, 2, Fault.COOLING),
    (0x04, THRESHOLD, 4, Fault.COOLING),
    (0x05, DISCRETE, 0, Fault.INTRUSION),
    (0x08, DISCRETE, 1, Fault.SUPPLY),
    (0x09, DISCRETE, 2, Fault.OVERLOAD),
    (0x09, DISCRETE, 3, Fault.INTERLOCK),
    (0x09, DISCRETE, 4, Fault.MAINS),
    (0x09, DISCRETE, 5, Fault.POWER_CONTROL),
    (0x09, DISCRETE, 6, Fault.POWER),
    (0x0D, DISCRETE, 1, Fault.DRIVE),
]


def event(sensor_type: int, kind: int, offset: int, number: int = 9, *, gone: bool = False) -> Event:
    return Event(sensor_type, number, kind, bytes((0xA0 | offset, 0xFF, 0xFF)), deassertion=gone)


@pytest.mark.parametrize(("sensor_type", "kind", "offset", "fault"), MEANINGS)
def test_a_fault_holds_from_assertion_to_deassertion(
    sensor_type: int, kind: int, offset: int, fault: Fault
) -> None:
    bench = make_chassis()
    bench.events.publish(event(sensor_type, kind, offset))
    assert bench.chassis.faults.now() == fault
    bench.events.publish(event(sensor_type, kind, offset, gone=True))
    assert bench.chassis.faults.now() == Fault(0)


def test_a_fault_holds_as_long_as_one_sensor_has_it() -> None:
    bench = make_chassis()
    bench.events.publish(event(0x0D, DISCRETE, 1, 1))
    bench.events.publish(event(0x0D, DISCRETE, 1, 2))
    bench.events.publish(event(0x0D, DISCRETE, 1, 1, gone=True))
    assert bench.chassis.faults.now() == Fault.DRIVE
    bench.events.publish(event(0x0D, DISCRETE, 1, 2, gone=True))
    bench.events.publish(event(0x0D, DISCRETE, 1, 3, gone=True))
    assert bench.chassis.faults.now() == Fault(0)


def test_other_events_are_no_faults() -> None:
    bench = make_chassis()
    bench.events.publish(event(0x0D, DISCRETE, 0))
    bench.events.publish(event(0x01, THRESHOLD, 2))
    bench.events.publish(event(0x04, THRESHOLD, 0))
    assert bench.chassis.faults.now() == Fault(0)


def test_what_software_says_is_not_about_this_chassis() -> None:
    bench = make_chassis()
    bench.events.receive(Event(0x05, 9, DISCRETE, b"\x00\xff\xff", generator_id=0x41))
    assert bench.chassis.faults.now() == Fault(0)
