"""One sensor of each kind, for tests."""

from __future__ import annotations

from baseboard.bmc.blueprint import Physics, SensorSpec, Thresholds
from baseboard.codes import EntityId, EventReadingType, SensorType, SensorUnit

TEMPERATURE = SensorSpec(
    number=1,
    name="Inlet",
    sensor_type=SensorType.TEMPERATURE,
    base_unit=SensorUnit.DEGREES_C,
    nominal=25,
    thresholds=Thresholds(lower_critical=5, upper_non_critical=40, upper_critical=50),
    hysteresis=2,
)
"""One degree is one count."""

PRESENCE = SensorSpec(
    number=2,
    name="Slot",
    sensor_type=SensorType.SLOT,
    event_type=EventReadingType.SENSOR_SPECIFIC,
    states=0b0111,
    event_states=0b0011,
    record=2,
    lun=1,
    physics=Physics("state", states=0b0100, states_off=0b0001),
)
EVENT_ONLY = SensorSpec(
    number=3, name="Stop", sensor_type=SensorType.OS_STOP, event_type=0x6F, states=0b0010, record=3,
    entity_id=EntityId.OPERATING_SYSTEM,
)  # fmt: skip
WATCHDOG = SensorSpec(
    number=4, name="Dog", sensor_type=SensorType.WATCHDOG_2, event_type=0x6F, states=0x10F, record=2,
    physics=Physics("state", rule="watchdog"),
)  # fmt: skip
LOG = SensorSpec(
    number=5, name="Log", sensor_type=SensorType.EVENT_LOGGING_DISABLED, event_type=0x6F, states=0b110000,
    record=2, physics=Physics("state", rule="sel"),
)  # fmt: skip
PLAIN = SensorSpec(
    number=6, name="Watts", sensor_type=SensorType.OTHER_UNITS_BASED_SENSOR, base_unit=SensorUnit.WATTS
)
LATCH = SensorSpec(
    number=7, name="Errors", sensor_type=SensorType.MEMORY, event_type=0x6F, states=0x4003, auto_rearm=False,
    record=1,
)  # fmt: skip
ALL_KINDS = (TEMPERATURE, PRESENCE, EVENT_ONLY, WATCHDOG, LOG, PLAIN, LATCH)
