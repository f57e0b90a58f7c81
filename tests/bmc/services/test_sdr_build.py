"""Records made from a blueprint."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import pytest

from baseboard.bmc.blueprint import FruSpec, SensorSpec
from baseboard.bmc.blueprint.sensors import Init, Traits
from baseboard.bmc.blueprint.sources import FileSource, HwmonSource, SourceSpec
from baseboard.bmc.makeups.lineup import MAKEUPS, Makeup
from baseboard.bmc.services.sdr_build import (
    CAPABILITIES,
    device_records,
    fru_keys,
    sensor_formula,
    sensor_record,
    shared_record,
)
from baseboard.codes import (
    AnalogFormat,
    EntityId,
    EventReadingType,
    Linearization,
    ModifierUse,
    RateUnit,
    SensorType,
    SensorUnit,
)
from baseboard.commands.app.device import GetDeviceId
from baseboard.records.sdr import (
    Access,
    CompactSensorRecord,
    EntityAssociationRecord,
    EventControl,
    EventOnlyRecord,
    FruDeviceLocatorRecord,
    FullSensorRecord,
    ManagementControllerDeviceLocatorRecord,
    Sdr,
    read_sdr,
)
from tests.bmc.harness import make_bmc
from tests.bmc.services.sensor_specs import EVENT_ONLY, LATCH, PLAIN, PRESENCE, TEMPERATURE

R = TypeVar("R", bound=Sdr)


def built(spec: SensorSpec, kind: type[R]) -> R:
    """The sensor's record as a console reads it."""
    record = read_sdr(sensor_record(spec).encode())
    assert isinstance(record, kind)
    return record


def test_43_1_a_sensor_with_thresholds() -> None:
    record = built(TEMPERATURE, FullSensorRecord)
    assert record.key == (0x20, 0, 1)
    assert (record.sensor_type, record.event_type) == (SensorType.TEMPERATURE, EventReadingType.THRESHOLD)
    assert (record.m, record.b, record.b_exp, record.r_exp) == (1, 0, 0, 0)
    assert record.base_unit == SensorUnit.DEGREES_C
    assert int(record.readable_thresholds) == int(record.settable_thresholds) == 0b011010
    assert int(record.compared_thresholds) == 0b011010
    assert (record.lower_critical, record.upper_non_critical, record.upper_critical) == (5, 40, 50)
    assert (record.positive_hysteresis, record.negative_hysteresis) == (2, 2)
    assert (record.threshold_access, record.hysteresis_access) == (Access.SETTABLE, Access.SETTABLE)
    assert record.event_control == EventControl.PER_EVENT
    assert (record.nominal_given, record.nominal_reading) == (True, 25)
    assert (record.sensor_minimum, record.sensor_maximum) == (0, 255)
    assert record.id_string == "Inlet"
    assert record.settable_reading


def test_43_1_a_sensor_without_thresholds() -> None:
    record = built(PLAIN, FullSensorRecord)
    assert (record.threshold_access, record.hysteresis_access) == (Access.NONE, Access.NONE)
    assert record.event_control == EventControl.NO_EVENTS
    assert (record.init_events, record.events_enabled, record.scanning_enabled) == (False, False, True)
    assert not record.nominal_given


def test_43_1_states_in_a_full_record_have_no_analog_reading() -> None:
    record = built(LATCH, FullSensorRecord)
    assert record.analog_format == AnalogFormat.NONE
    assert not record.auto_rearm
    assert record.reading_mask == record.assertion_mask == record.deassertion_mask == 0x4003
    assert (record.init_thresholds, record.init_hysteresis) == (False, False)
    silent = built(replace(LATCH, event_states=0), FullSensorRecord)
    assert (silent.event_control, silent.assertion_mask) == (EventControl.NO_EVENTS, 0)


def test_43_2_states_in_a_compact_record() -> None:
    record = built(PRESENCE, CompactSensorRecord)
    assert record.key == (0x20, 1, 2)
    assert (record.reading_mask, record.assertion_mask) == (0b0111, 0b0011)
    assert record.event_type == EventReadingType.SENSOR_SPECIFIC
    read = replace(PRESENCE, source=SourceSpec(FileSource("door")))
    assert built(read, CompactSensorRecord).settable_reading is False


def test_43_3_an_event_only_sensor() -> None:
    record = built(EVENT_ONLY, EventOnlyRecord)
    assert record.key == (0x20, 0, 3)
    assert record.entity_id == EntityId.OPERATING_SYSTEM
    assert (record.sensor_type, record.id_string) == (SensorType.OS_STOP, "Stop")


def test_43_17_units_go_into_the_record() -> None:
    spec = replace(
        PLAIN, percentage=True, rate_unit=RateUnit.PER_MINUTE, modifier_use=ModifierUse.DIVIDE,
        modifier_unit=SensorUnit.VOLTS,
    )  # fmt: skip
    record = built(spec, FullSensorRecord)
    assert (record.percentage, record.rate_unit) == (True, RateUnit.PER_MINUTE)
    assert (record.base_unit, record.modifier_use, record.modifier_unit) == (
        SensorUnit.WATTS, ModifierUse.DIVIDE, SensorUnit.VOLTS,
    )  # fmt: skip


def test_43_15_a_name_of_one_character_gets_company() -> None:
    """§43.15: a length of 1 is reserved for 8-bit ID strings."""
    encoded = sensor_record(replace(EVENT_ONLY, name="X")).encode()
    assert encoded[16:] == b"\xc2X\0"


def test_36_3_a_signed_sensor_counts_in_twos_complement() -> None:
    spec = replace(TEMPERATURE, signed=True, minimum=-128, maximum=127)
    formula = sensor_formula(spec)
    assert formula.analog_format == AnalogFormat.TWOS_COMPLEMENT
    assert formula.raw(-1) == 0xFF


@pytest.mark.parametrize(
    ("linearization", "minimum", "maximum"),
    [
        (Linearization.SQUARE_ROOT, 0, 160),
        (Linearization.RECIPROCAL, 0.01, 0.1),
        (Linearization.LOG10, 1, 3),
        (Linearization.NON_LINEAR, 0, 51),
    ],
)
def test_36_3_readings_of_a_sensor_that_is_not_linear_cover_its_range(
    linearization: Linearization, minimum: float, maximum: float
) -> None:
    spec = replace(PLAIN, linearization=linearization, minimum=minimum, maximum=maximum)
    formula = sensor_formula(spec)
    assert formula.linearization == linearization
    for value in (minimum, (minimum + maximum) / 2, maximum):
        shown = formula.value(formula.raw(value))
        assert shown == pytest.approx(value, rel=0.1, abs=0.05 * (maximum - minimum))


def test_a_hysteresis_is_at_least_a_count_and_follows_the_linearization() -> None:
    assert built(replace(TEMPERATURE, hysteresis=0.01), FullSensorRecord).positive_hysteresis == 1
    assert built(replace(TEMPERATURE, hysteresis=0, nominal=None), FullSensorRecord).positive_hysteresis == 0
    squared = replace(
        TEMPERATURE, linearization=Linearization.SQUARE_ROOT, maximum=160, nominal=None, hysteresis=10
    )
    # at the top of the range 10 of 160 are (160^2 - 150^2) / 101 counts
    assert built(squared, FullSensorRecord).positive_hysteresis == pytest.approx(3100 / 101, abs=1)


FRUS = (
    FruSpec(0, "Board", b"", EntityId.PROCESSING_BLADE, 2),
    FruSpec(1, "PSU1", b"", EntityId.POWER_SUPPLY, 1),
)


def test_43_8_fru_device_0_is_implied_by_the_controllers_locator() -> None:
    fru, controller = device_records((), fru_keys(FRUS))
    assert isinstance(fru, FruDeviceLocatorRecord)
    assert (fru.fru_device_id, fru.logical, fru.device_type, fru.id_string) == (1, True, 0x10, "PSU1")
    assert (fru.entity_id, fru.entity_instance) == (EntityId.POWER_SUPPLY, 1)
    assert isinstance(controller, ManagementControllerDeviceLocatorRecord)
    assert (controller.slave_address, controller.static) == (0x20, False)
    assert (controller.entity_id, controller.entity_instance) == (EntityId.PROCESSING_BLADE, 2)
    assert controller.capabilities >> 3 & 1


def test_the_locator_says_of_the_controller_what_get_device_id_says() -> None:
    assert make_bmc().execute(GetDeviceId()).support == CAPABILITIES


def part(number: int, entity: EntityId, instance: int) -> SensorSpec:
    return replace(PLAIN, number=number, entity_id=entity, entity_instance=instance)


def associations(*parts: tuple[EntityId, int]) -> list[EntityAssociationRecord]:
    specs = tuple(part(number, *which) for number, which in enumerate(parts, 1))
    return [record for record in device_records(specs, ()) if isinstance(record, EntityAssociationRecord)]


UNIT, SUPPLY, FAN = EntityId.POWER_UNIT, EntityId.POWER_SUPPLY, EntityId.FAN


def test_43_4_the_only_container_of_its_kind_has_all_parts() -> None:
    (record,) = associations((UNIT, 1), (SUPPLY, 1), (SUPPLY, 2), (SUPPLY, 3), (SUPPLY, 2))
    assert (record.container_id, record.container_instance) == (UNIT, 1)
    assert record.is_range
    assert [entity.instance for entity in record.entities()] == [1, 2, 3]


def test_43_4_parts_with_gaps_are_listed_four_at_a_time() -> None:
    first, second = associations(
        (EntityId.COOLING_UNIT, 1), *((FAN, instance) for instance in (1, 2, 4, 6, 8))
    )
    assert (first.is_range, first.linked, second.linked) == (False, True, True)
    assert [entity.instance for entity in first.entities()] == [1, 2, 4, 6]
    assert [entity.instance for entity in second.entities()] == [8]


def test_43_4_nothing_is_said_where_nothing_is_known() -> None:
    assert not associations((UNIT, 1), (UNIT, 2), (SUPPLY, 1))
    assert not associations((UNIT, 1))
    assert not associations((SUPPLY, 1))


@pytest.mark.parametrize("makeup", MAKEUPS, ids=lambda makeup: makeup.model)
def test_every_sensor_of_the_lab_has_a_record_that_says_what_its_blueprint_says(makeup: Makeup) -> None:
    for spec in makeup.sensors:
        record = read_sdr(sensor_record(spec).encode())
        assert isinstance(record, FullSensorRecord | CompactSensorRecord | EventOnlyRecord)
        assert record.id_string == spec.name
        assert (record.entity_id, record.entity_instance) == (spec.entity_id, spec.entity_instance)
        if spec.nominal is not None:
            assert isinstance(record, FullSensorRecord)
            shown = record.value(record.nominal_reading)
            assert shown == pytest.approx(spec.nominal, rel=0.02)


def test_43_1_what_the_agent_is_told_to_set() -> None:
    """Byte 11: [6] scanning, [5] events, [4] thresholds, [3] hysteresis, [2] type; [1:0] as it powers up."""
    assert built(TEMPERATURE, FullSensorRecord).encode()[10] == 0xFF
    for init in Init:
        record = built(replace(TEMPERATURE, traits=Traits(init=init)), FullSensorRecord)
        assert record.encode()[10] & 0x7C == init
    quiet = Traits(init=Init(0), events_enabled=False, scanning_enabled=False, settable="no")
    assert built(replace(TEMPERATURE, traits=quiet), FullSensorRecord).encode()[10] == 0
    # what is not there cannot be set
    assert built(PLAIN, FullSensorRecord).encode()[10] & 0x7C == Init.SCANNING | Init.TYPE
    assert built(PRESENCE, CompactSensorRecord).encode()[10] & 0x7C == Init.SCANNING | Init.EVENTS | Init.TYPE


def test_43_1_how_thresholds_hysteresis_and_events_can_be_got_at() -> None:
    traits = Traits(
        thresholds=Access.READABLE, hysteresis=Access.FIXED, event_control=EventControl.ENTIRE_SENSOR,
        ignore_if_absent=True,
    )  # fmt: skip
    record = built(replace(TEMPERATURE, traits=traits), FullSensorRecord)
    assert record.encode()[11] == 0x80 | 0x40 | 3 << 4 | 1 << 2 | 1
    assert int(record.readable_thresholds) == 0b011010
    assert int(record.settable_thresholds) == 0
    assert (record.init_thresholds, record.init_hysteresis) == (False, False)
    assert built(replace(PLAIN, traits=Traits(removable=True)), FullSensorRecord).ignore_if_absent


def test_43_1_a_sensor_with_a_source_can_be_written_only_if_it_is_said() -> None:
    source = replace(TEMPERATURE, source=SourceSpec(HwmonSource("lm75", "temp1")))
    assert not built(source, FullSensorRecord).settable_reading
    assert built(replace(source, traits=Traits(settable="values")), FullSensorRecord).settable_reading
    assert not built(replace(TEMPERATURE, traits=Traits(settable="no")), FullSensorRecord).settable_reading


def test_36_2_a_sensor_with_a_curve_has_its_readings_from_it() -> None:
    curve = Traits(curve=((0, -40.0), (100, 60.0), (200, 110.0)))
    spec = replace(TEMPERATURE, traits=curve, minimum=-40, maximum=110, nominal=85)
    record = built(spec, FullSensorRecord)
    assert record.linearization == Linearization.NON_LINEAR
    assert (record.lower_critical, record.upper_non_critical, record.upper_critical) == (45, 80, 90)
    assert (record.sensor_minimum, record.sensor_maximum, record.nominal_reading) == (0, 200, 150)
    assert (record.positive_hysteresis, record.negative_hysteresis) == (4, 4)
    assert record.formula.linear(150) == 85
    plain = built(replace(spec, nominal=None), FullSensorRecord)
    assert (plain.nominal_given, plain.upper_critical) == (False, 90)


def test_43_2_neighbours_share_a_record() -> None:
    alike = [
        replace(
            PRESENCE, number=20 + n, name=f"Bay {4 + n}", entity_instance=1 + n, traits=Traits(share="Bay ")
        )
        for n in range(3)
    ]
    record = shared_record(alike)
    assert isinstance(record, CompactSensorRecord)
    assert [tuple(one) for one in record.sensors()] == [(20, 1, "Bay 4"), (21, 2, "Bay 5"), (22, 3, "Bay 6")]
    told = shared_record([replace(one, entity_instance=1, record=3) for one in alike])
    assert isinstance(told, EventOnlyRecord)
    assert [tuple(one) for one in told.sensors()] == [(20, 1, "Bay 4"), (21, 1, "Bay 5"), (22, 1, "Bay 6")]
    (alone,) = shared_record(alike[1:2]).sensors()
    assert alone.number == 21
