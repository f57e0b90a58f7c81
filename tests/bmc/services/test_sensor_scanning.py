"""When sensors are scanned, and that nothing is missed by those that sleep."""

from __future__ import annotations

import math
from dataclasses import replace

from baseboard.bmc.backends.memory.physics import Environment
from baseboard.bmc.blueprint import Physics, SensorSpec, Thresholds
from baseboard.bmc.services.events import Event
from baseboard.bmc.services.sensor_template import catalogue
from baseboard.codes import Linearization, SensorType
from tests.bmc.services.homes import make_home
from tests.bmc.services.sensor_rig import Rig
from tests.bmc.services.sensor_specs import LOG

HOT = SensorSpec(
    1, "Inlet", 1, maximum=100, thresholds=Thresholds(upper_critical=60),
    physics=Physics("temperature", 25, 20, tau=5, noise=1),
)  # fmt: skip
DOOR = SensorSpec(
    2, "Door", SensorType.PHYSICAL_SECURITY, event_type=0x6F, states=3, record=2,
    physics=Physics("state", states=0, states_off=0),
)  # fmt: skip
ENTRY = bytes((0, 0, 2, 0, 0, 0, 0, 0x20, 0, 4, 1, 1, 0x6F, 0, 0, 0))


def asleep(*specs: SensorSpec, on: bool = True) -> tuple[Rig, Environment]:
    """Sensors of a simulated server that nobody has disturbed for a while."""
    home = make_home(sensors=specs, sel_capacity=4)
    environment = Environment(specs, 7, on, home.clock.now())
    home.backend.sensors = environment  # type: ignore[assignment]  # the bench is typed for its own
    one = Rig(home)
    one.sensors.start()
    home.clock.advance(25)
    return one, environment


def test_nothing_is_scanned_as_long_as_nothing_can_be_crossed() -> None:
    one, _ = asleep(HOT, DOOR)
    assert one.home.clock.next_due() is None


def test_what_happens_to_the_system_wakes_the_scans_and_they_sleep_again() -> None:
    one, environment = asleep(HOT, DOOR)
    environment.set_value("Inlet", 70.0, one.home.clock.now())
    one.home.clock.advance(1.1)
    assert [number for number, _ in one.news()] == [1]
    environment.release("Inlet", one.home.clock.now())
    one.home.clock.advance(120)
    assert [event[:1] for _, event in one.news()] == ["-"]
    assert one.home.clock.next_due() is None
    environment.set_states("Door", 1, one.home.clock.now())
    one.home.clock.advance(1.1)
    assert [number for number, _ in one.news()] == [2]


def test_a_reading_that_may_jitter_over_its_limit_is_looked_at_as_ever() -> None:
    near = replace(HOT, thresholds=Thresholds(upper_critical=25.5))
    one, _ = asleep(near)
    assert one.home.clock.next_due() is not None


def test_a_curve_that_only_rises_is_judged_by_its_ends_and_any_other_is_looked_at() -> None:
    for kind, sleeps in ((Linearization.SQUARE_ROOT, True), (Linearization.RECIPROCAL, False)):
        bent = replace(HOT, minimum=1, nominal=25, linearization=kind)
        one, _ = asleep(bent)
        assert (one.home.clock.next_due() is None) is sleeps
    over, _ = asleep(
        replace(HOT, linearization=Linearization.SQUARE_ROOT, thresholds=Thresholds(upper_critical=20))
    )
    assert over.home.clock.next_due() is not None


def test_what_somebody_sets_or_writes_wakes_the_scans() -> None:
    one, _ = asleep(HOT)
    sensor = one.sensors.find(0, 1)
    one.sensors.configure(sensor, one.sensors.settings.of(sensor)._replace(positive=3))
    assert one.home.clock.next_due() is not None
    two, _ = asleep(HOT)
    two.sensors.override(1, value=30)
    assert two.home.clock.next_due() is not None


def test_an_entry_of_the_log_wakes_the_scans_of_the_sensor_that_tells_how_full_it_is() -> None:
    one, _ = asleep(HOT, LOG)
    assert one.home.clock.next_due() is None
    for _ in range(3):
        one.sel.add(ENTRY)
    one.home.clock.advance(10.1)
    assert [number for number, _ in one.news()] == [LOG.number]
    one.sel.clear()
    assert len(one.sel) == 0
    assert one.home.clock.next_due() is not None


def test_a_port_that_knows_nothing_beforehand_is_scanned_on_and_none_at_all_needs_no_scan() -> None:
    one = Rig(make_home(sensors=(HOT,)))
    one.sensors.start()
    one.home.clock.advance(30)
    assert one.home.clock.next_due() is not None
    home = make_home(sensors=(HOT,))
    two = Rig(home)
    home.backend.sensors = None
    two.sensors.start()
    home.clock.advance(30)
    assert home.clock.next_due() is None
    three, _ = asleep(HOT)
    three.sensors.notice()
    three.sensors.write(three.sensors.find(0, 1), 30)
    three.sensors.stop()
    assert three.home.clock.next_due() is None


def test_a_limit_that_no_reading_can_stand_for_is_looked_at() -> None:
    template = catalogue((replace(HOT, linearization=Linearization.SQUARE_ROOT),)).sensors[0]
    assert template.is_quiet_between(20.0, 25.0)
    assert not template.is_quiet_between(math.nan, 25.0)


def test_a_stopped_controller_is_not_woken() -> None:
    one, environment = asleep(HOT)
    one.sensors.stop()
    environment.set_value("Inlet", 70.0, one.home.clock.now())
    assert one.home.clock.next_due() is None
    assert one.news() == []
    one.events.publish(Event(1, 1, 1, bytes(3)))
    assert one.home.clock.next_due() is None
