"""What holds, and what is remembered."""

from __future__ import annotations

from baseboard.bmc.blueprint import SensorSpec
from baseboard.bmc.services.sensor_template import SensorTemplate
from baseboard.bmc.services.sensor_watch import Watch
from baseboard.codes import EventReadingType, SensorType

STATES = 0b111


def sensor(*, auto_rearm: bool = True, events: int | None = None) -> SensorTemplate:
    return SensorTemplate(
        0,
        SensorSpec(
            number=1,
            name="States",
            sensor_type=SensorType.MEMORY,
            event_type=EventReadingType.SENSOR_SPECIFIC,
            states=STATES,
            event_states=events,
            auto_rearm=auto_rearm,
            record=2,
        ),
    )


def test_35_13_what_re_arms_itself_tells_each_transition_and_what_holds() -> None:
    one, watch = sensor(), Watch(1)
    assert watch.change(one, 0b011) == (0b011, 0)
    assert watch.change(one, 0b011) == (0, 0)
    assert watch.status(one) == (0b011, 0)
    assert watch.change(one, 0b110) == (0b100, 0b001)
    assert watch.status(one) == (0b110, 0b001)
    assert watch.change(one, 0b111) == (0b001, 0)
    assert watch.status(one) == (0b111, 0)


def test_35_13_what_somebody_must_re_arm_tells_once_and_stays_latched() -> None:
    one, watch = sensor(auto_rearm=False), Watch(1)
    assert watch.status(one) == (0, 0)
    assert watch.change(one, 0b001) == (0b001, 0)
    assert watch.change(one, 0b000) == (0, 0b001)
    assert watch.status(one) == (0b001, 0b001)
    assert watch.change(one, 0b001) == (0, 0)
    assert watch.change(one, 0b000) == (0, 0)
    watch.rearm(one, 0b001, 0b001)
    assert watch.status(one) == (0, 0)
    assert watch.change(one, 0b001) == (0b001, 0)
    assert watch.change(one, 0b000) == (0, 0b001)


def test_35_12_re_arming_touches_only_what_is_selected() -> None:
    one, watch = sensor(), Watch(1)
    watch.change(one, 0b111)
    watch.change(one, 0b011)
    watch.rearm(one, 0b001, 0)
    assert watch.status(one) == (0b010, 0b100)
    assert watch.change(one, 0b011) == (0b001, 0)
    watch.rearm(one, 0, 0b100)
    assert watch.status(one) == (0b011, 0)


def test_what_holds_at_the_beginning_is_no_news() -> None:
    one, watch = sensor(), Watch(1)
    assert not watch.known(one)
    watch.begin(one, 0b001)
    assert watch.known(one)
    assert watch.held(one) == 0b001
    assert watch.change(one, 0b001) == (0, 0)
    watch.rearm(one, STATES, STATES)
    assert watch.known(one)


def test_status_shows_only_events_that_the_sensor_can_send() -> None:
    one, watch = sensor(events=0b001), Watch(1)
    watch.change(one, 0b011)
    assert watch.status(one) == (0b001, 0)
