"""Sensors as shipped."""

from __future__ import annotations

from typing import Any

from baseboard.bmc.blueprint import SensorSpec
from baseboard.bmc.services.sensor_template import ALL_STATES, Catalogue, SensorTemplate, Settings, catalogue
from baseboard.codes import SensorType
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
    assert (one.readable, one.settable, one.hysteresis, one.eventful) == (True, True, True, True)
    assert one.limits is not None
    assert one.limits.conditions(40, 0) == 1 << 7


def test_a_discrete_sensor() -> None:
    one = SensorTemplate(3, PRESENCE)
    assert (one.index, one.key, one.formula, one.limits) == (3, 0x102, None, None)
    assert (one.assertions, one.deassertions, one.states, one.usual) == (0b0011, 0b0011, 0b0111, 0b0101)
    assert (one.readable, one.hysteresis, one.having) == (True, False, 0)


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
