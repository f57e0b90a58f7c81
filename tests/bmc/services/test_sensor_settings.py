"""How sensors are set, and what is kept of it."""

from __future__ import annotations

import pytest

from baseboard.bmc.services.sensor_settings import SensorSettings, initialized, with_thresholds
from baseboard.bmc.services.sensor_template import Catalogue, SensorTemplate
from baseboard.bmc.store import Journal, MemoryStore
from baseboard.codes import Cc, SensorType
from baseboard.errors import CompletionError
from baseboard.records.sdr import CompactSensorRecord, FullSensorRecord, read_sdr
from tests.bmc.services.sensor_specs import PLAIN, PRESENCE, TEMPERATURE

CATALOGUE = Catalogue((TEMPERATURE, PRESENCE, PLAIN))
INLET, SLOT, WATTS = CATALOGUE.sensors


def opened(store: MemoryStore) -> SensorSettings:
    return SensorSettings(Journal(store, "bench"), CATALOGUE)


def rows(store: MemoryStore) -> dict[int, bytes]:
    return store.read(1).get("sensor", {})


def test_only_what_differs_is_kept() -> None:
    store = MemoryStore()
    settings = opened(store)
    assert settings.of(INLET) is INLET.settings
    assert settings.limits(INLET) is INLET.limits
    changed = INLET.settings._replace(positive=9)
    settings.put(INLET, changed)
    assert settings.of(INLET) == changed
    assert opened(store).of(INLET) == changed
    assert list(rows(store)) == [0x001]
    settings.put(INLET, INLET.settings)
    assert settings.of(INLET) is INLET.settings
    assert not rows(store)


def test_what_does_not_change_is_not_written() -> None:
    store = MemoryStore()
    settings = opened(store)
    before = store.sequence
    settings.put(INLET, INLET.settings)
    settings.reset()
    assert store.sequence == before


def test_thresholds_that_were_set_are_those_compared_with() -> None:
    settings = opened(MemoryStore())
    settings.put(INLET, INLET.settings._replace(thresholds=bytes((0, 5, 0, 20, 50, 0))))
    limits = settings.limits(INLET)
    assert limits is not None
    assert limits.comparisons(20) == 0x08
    settings.put(SLOT, SLOT.settings._replace(assertions=0))
    assert settings.limits(SLOT) is None


def test_a_reset_brings_everything_back() -> None:
    store = MemoryStore()
    settings = opened(store)
    settings.put(INLET, INLET.settings._replace(scanning_enabled=False))
    settings.reset()
    assert settings.of(INLET) is INLET.settings
    assert not rows(store)


def test_settings_of_a_sensor_that_is_gone_do_not_matter() -> None:
    store = MemoryStore()
    opened(store).put(INLET, INLET.settings._replace(positive=9))
    other = SensorSettings(Journal(store, "bench"), Catalogue((PRESENCE,)))
    assert not other.changed


def test_35_8_thresholds_that_are_not_selected_stay() -> None:
    changed = with_thresholds(INLET, INLET.settings, 0x08, bytes.fromhex("11 22 33 44 55 66"))
    assert changed.thresholds == bytes((0, 5, 0, 0x44, 50, 0))


@pytest.mark.parametrize(
    ("sensor", "code"),
    [(SLOT, Cc.ILLEGAL_FOR_SENSOR), (WATTS, Cc.ILLEGAL_FOR_SENSOR), (INLET, Cc.INVALID_DATA)],
)
def test_35_8_thresholds_that_are_not_there_cannot_be_set(sensor: SensorTemplate, code: int) -> None:
    with pytest.raises(CompletionError) as refused:
        with_thresholds(sensor, sensor.settings, 0x20, bytes(6))
    assert refused.value.code == code


def full(**changes: object) -> FullSensorRecord:
    record = read_sdr(INLET.record)
    assert isinstance(record, FullSensorRecord)
    return record.replace(**changes)


def test_33_6_the_agent_sets_what_the_record_tells_it_to() -> None:
    record = full(
        sensor_type=SensorType.OTHER_UNITS_BASED_SENSOR, upper_critical=60, positive_hysteresis=1,
        negative_hysteresis=3, assertion_mask=0x0FFF, deassertion_mask=0, events_enabled=False,
        scanning_enabled=False,
    )  # fmt: skip
    settings = initialized(INLET, INLET.settings, record)
    assert settings.thresholds == bytes((0, 5, 0, 40, 60, 0))
    assert (settings.positive, settings.negative) == (1, 3)
    assert (settings.assertions, settings.deassertions) == (INLET.assertions, 0)
    assert (settings.events_enabled, settings.scanning_enabled) == (False, False)
    assert settings.sensor_type == SensorType.OTHER_UNITS_BASED_SENSOR


def test_33_6_the_agent_leaves_alone_what_the_record_does_not_name() -> None:
    record = full(
        init_thresholds=False, init_hysteresis=False, init_events=False, init_scanning=False, init_type=False,
        sensor_type=SensorType.FAN, upper_critical=60, positive_hysteresis=1, events_enabled=False,
        scanning_enabled=False,
    )  # fmt: skip
    assert initialized(INLET, INLET.settings, record) == INLET.settings


def test_33_6_a_record_of_another_kind_makes_no_thresholds() -> None:
    compact = read_sdr(SLOT.record)
    assert isinstance(compact, CompactSensorRecord)
    assert initialized(SLOT, SLOT.settings, compact) == SLOT.settings
    assert initialized(SLOT, SLOT.settings, full()).event_type == SLOT.settings.event_type
    assert initialized(SLOT, SLOT.settings, full()).thresholds == bytes(6)
