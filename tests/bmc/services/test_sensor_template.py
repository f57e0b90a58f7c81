"""Sensors as shipped."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from baseboard.bmc.blueprint import SensorSpec
from baseboard.bmc.blueprint.sensors import Traits
from baseboard.bmc.services.sensor_template import (
    ALL_STATES,
    Catalogue,
    SensorTemplate,
    Settings,
    catalogue,
    presence_states,
)
from baseboard.codes import EventReadingType, SensorType
from baseboard.records.sdr import Access
from tests.bmc.services.sensor_specs import EVENT_ONLY, LOG, PLAIN, PRESENCE, TEMPERATURE, WATCHDOG


def test_a_threshold_sensor() -> None:
    one = SensorTemplate(0, TEMPERATURE)
    assert one.formula is not None
    assert one.having == 0b011010
    assert one.assertions == one.deassertions == 1 << 2 | 1 << 7 | 1 << 9
    assert one.settings == Settings(
        bytes((0, 5, 0, 40, 50, 0)), 2, 2, events_enabled=True, scanning_enabled=True,
        assertions=0x284, deassertions=0x284, sensor_type=1, event_type=1,
    )  # fmt: skip
    assert (one.readable, one.settable, one.eventful) == (True, True, True)
    assert one.hysteresis == one.threshold_access == Access.SETTABLE
    assert one.limits is not None
    assert one.limits.conditions(40, 0) == 1 << 7


def test_a_discrete_sensor() -> None:
    one = SensorTemplate(3, PRESENCE)
    assert (one.index, one.key, one.formula, one.limits) == (3, 0x102, None, None)
    assert (one.assertions, one.deassertions, one.states, one.usual) == (0b0011, 0b0011, 0b0111, 0b0101)
    assert (one.readable, one.hysteresis, one.having) == (True, Access.NONE, 0)


def test_an_event_only_sensor_has_nothing_to_read_and_no_deassertions() -> None:
    one = SensorTemplate(0, EVENT_ONLY)
    assert (one.readable, one.settable) == (False, False)
    assert (one.assertions, one.deassertions) == (0b0010, 0)
    assert one.settings.sensor_type == SensorType.OS_STOP


def test_a_sensor_without_thresholds_sends_no_events() -> None:
    one = SensorTemplate(0, PLAIN)
    assert not one.eventful
    assert not one.settings.events_enabled
    assert one.settings.scanning_enabled


def test_what_a_rule_shows_is_never_news_at_the_start() -> None:
    assert SensorTemplate(0, WATCHDOG).usual == ALL_STATES


def test_settings_are_kept_in_a_row() -> None:
    settings = Settings(
        b"\1\2\3\4\5\6", 7, 8, events_enabled=False, scanning_enabled=True,
        assertions=0x0FFF, deassertions=0x7FFF, sensor_type=0xC0, event_type=0x6F,
    )  # fmt: skip
    assert Settings.of_row(settings.row()) == settings
    other = settings._replace(events_enabled=True, scanning_enabled=False)
    assert Settings.of_row(other.row()) == other


def test_the_catalogue_knows_what_is_to_be_scanned() -> None:
    all_kinds = Catalogue((TEMPERATURE, PRESENCE, EVENT_ONLY, WATCHDOG, LOG, PLAIN))
    assert [row[1] for row in all_kinds.measured] == ["Inlet"]
    assert [row[1:] for row in all_kinds.watched] == [("Slot", 0b0111), ("Stop", 0b0010)]
    assert [one.name for one in all_kinds.told] == ["Dog"]
    assert [one.name for one in all_kinds.logged] == ["Log"]
    assert all_kinds.by_key[0x102].name == "Slot"
    assert all_kinds.scanned
    assert not Catalogue((PLAIN, WATCHDOG)).scanned


def test_equal_sensors_have_one_catalogue() -> None:
    assert catalogue((TEMPERATURE,)) is catalogue((SensorSpec(**_fields(TEMPERATURE)),))


def _fields(spec: SensorSpec) -> dict[str, Any]:
    return {name: getattr(spec, name) for name in SensorSpec.__dataclass_fields__}


def test_40_1_the_states_that_tell_of_presence() -> None:
    """Table 42-3: a drive is there by offset 0, a processor by 7, what is in a slot by 2; type 08h: by 1."""
    specific = EventReadingType.SENSOR_SPECIFIC
    assert presence_states(SensorType.DRIVE_SLOT, specific) == 1 << 0
    assert presence_states(SensorType.PROCESSOR, specific) == 1 << 7
    assert presence_states(SensorType.SLOT, specific) == 1 << 2
    assert presence_states(SensorType.FAN, EventReadingType.PRESENCE) == 1 << 1
    assert presence_states(SensorType.FAN, specific) == 0
    assert presence_states(SensorType.DRIVE_SLOT, EventReadingType.STATE) == 0


def test_40_1_a_sensor_that_needs_its_entity_is_guarded_by_the_first_that_tells_of_it() -> None:
    bay = replace(PRESENCE, sensor_type=SensorType.DRIVE_SLOT, states=1)
    second = replace(bay, number=20, name="Second")
    needy = replace(TEMPERATURE, traits=Traits(ignore_if_absent=True))
    going = replace(TEMPERATURE, number=9, name="Going", traits=Traits(removable=True))
    elsewhere = replace(going, number=10, name="Elsewhere", entity_instance=2)
    itself = replace(bay, number=21, name="Itself", entity_instance=2, traits=Traits(removable=True))
    told = replace(EVENT_ONLY, number=22, entity_id=bay.entity_id, entity_instance=3)
    one = Catalogue((needy, going, elsewhere, bay, second, itself, told))
    assert {one.sensors[index].name: guard[0].name for index, guard in one.guards.items()} == {
        "Inlet": "Slot",
        "Going": "Slot",
        "Elsewhere": "Itself",
    }
    assert [sensor.name for sensor in one.removable] == ["Going", "Elsewhere"]


def test_a_value_becomes_a_reading_by_formula_or_by_curve() -> None:
    assert SensorTemplate(0, TEMPERATURE).raw(30.4) == 30
    bent = replace(TEMPERATURE, traits=Traits(curve=((0, 0.0), (100, 10.0), (200, 110.0))))
    assert SensorTemplate(0, bent).raw(60) == 150


def test_what_is_special_about_a_sensor_holds_from_the_start() -> None:
    quiet = SensorTemplate(
        0, replace(TEMPERATURE, traits=Traits(events_enabled=False, scanning_enabled=False))
    )
    assert (quiet.settings.events_enabled, quiet.settings.scanning_enabled) == (False, False)
    fixed = SensorTemplate(
        0, replace(TEMPERATURE, traits=Traits(thresholds=Access.FIXED, hysteresis=Access.READABLE))
    )
    assert (fixed.threshold_access, fixed.hysteresis, fixed.having) == (
        Access.FIXED,
        Access.READABLE,
        0b011010,
    )
