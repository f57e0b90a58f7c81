"""The second make-up: a dense blade with signed, non-linear, relative and event-only sensors."""

from __future__ import annotations

from datetime import UTC, datetime

from baseboard.bmc.blueprint import (
    DcmiSpec,
    FruSpec,
    HostSpec,
    HpmComponentSpec,
    HpmSpec,
    Physics,
    SensorSpec,
    Thresholds,
)
from baseboard.bmc.makeups.shapes import (
    amperes,
    around,
    discrete,
    lower,
    states,
    temperature,
    upper,
    voltage,
    watts,
)
from baseboard.codes import (
    ChassisType,
    EntityId,
    EventReadingType,
    Linearization,
    RateUnit,
    SensorType,
    SensorUnit,
)
from baseboard.records.fru import BoardArea, ChassisArea, DcLoad, ProductArea, build_fru

MODEL = "Baseboard Lab B1"
SUITES = ((17, 4),)

HOST = HostSpec(
    model=MODEL,
    firmware="0.94",
    processor="Simulated dense processor",
    cores=64,
    mhz=2200,
    memory_mib=131072,
    disk="480 GB simulated flash disk",
    network="simulated 25-gigabit Ethernet",
)

_BLADE, _PROCESSOR, _COOLING = EntityId.PROCESSING_BLADE, EntityId.PROCESSOR, EntityId.COOLING_UNIT
_STATE, _LIMIT, _REDUNDANCY = EventReadingType.STATE, EventReadingType.LIMIT, EventReadingType.REDUNDANCY

_MARGIN = SensorSpec(
    # degrees below the point at which the processor slows down: negative, and nearer to 0 under load
    number=0x03, name="CPU Margin", sensor_type=SensorType.TEMPERATURE, entity_id=_PROCESSOR,
    base_unit=SensorUnit.DEGREES_C, signed=True, minimum=-128, maximum=127, nominal=-42,
    thresholds=upper(-10, -4), hysteresis=2,
    physics=Physics("temperature", -42, -74, tau=15, noise=2, unreadable_off=True),
)  # fmt: skip


def _fan(number: int, instance: int) -> SensorSpec:
    """A fan as a share of its full speed."""
    return SensorSpec(
        number=number, name=f"Fan {instance} Duty", sensor_type=SensorType.FAN, entity_id=EntityId.FAN,
        entity_instance=instance, percentage=True, maximum=102, nominal=45, thresholds=lower(20, 12),
        hysteresis=2, physics=Physics("fan", 45 + instance, 0, tau=2, noise=1.5, unreadable_off=True),
    )  # fmt: skip


_AIRFLOW = SensorSpec(
    # the flow goes with the square root of the pressure that is measured
    number=0x12, name="Airflow", sensor_type=SensorType.OTHER_UNITS_BASED_SENSOR, entity_id=_COOLING,
    base_unit=SensorUnit.CFM, maximum=160, nominal=88, linearization=Linearization.SQUARE_ROOT,
    thresholds=lower(30, 20), physics=Physics("fan", 88, 0, tau=2, noise=2, unreadable_off=True),
)  # fmt: skip

_COOLANT = SensorSpec(
    number=0x13, name="Coolant Flow", sensor_type=SensorType.OTHER_UNITS_BASED_SENSOR, entity_id=_COOLING,
    base_unit=SensorUnit.LITERS, rate_unit=RateUnit.PER_MINUTE, maximum=5.1, nominal=1.6,
    thresholds=lower(0.8, 0.5), hysteresis=0.04,
    physics=Physics("fan", 1.6, 0, tau=4, noise=0.04, unreadable_off=True),
)  # fmt: skip

_TRAFFIC = SensorSpec(
    number=0x14, name="Memory Traffic", sensor_type=SensorType.OTHER_UNITS_BASED_SENSOR,
    entity_id=EntityId.MEMORY_DEVICE, base_unit=SensorUnit.GIGABYTE, rate_unit=RateUnit.PER_S, maximum=204,
    nominal=24, physics=Physics("power", 24, 0, tau=1, noise=8, unreadable_off=True),
)  # fmt: skip

_POWER_SHARE = SensorSpec(
    number=0x15, name="Power Budget", sensor_type=SensorType.OTHER_UNITS_BASED_SENSOR, entity_id=_BLADE,
    base_unit=SensorUnit.WATTS, percentage=True, maximum=127.5, nominal=51, thresholds=upper(95, 105),
    hysteresis=1, physics=Physics("power", 51, 3, tau=3, noise=2),
)  # fmt: skip

SENSORS: tuple[SensorSpec, ...] = (
    temperature(
        0x01, "Inlet Temp", EntityId.AIR_INLET, 1, 24, upper(40, 45), ambient=22, noise=1, signed=True
    ),
    temperature(
        0x02, "CPU Temp", _PROCESSOR, 1, 58, upper(88, 95, 100), tau=15, noise=2, unreadable_off=True,
        signed=True,
    ),
    _MARGIN,
    temperature(0x04, "Memory Temp", EntityId.MEMORY_DEVICE, 1, 44, upper(82, 90), noise=1, signed=True),
    temperature(
        0x05, "Coolant Temp", _COOLING, 1, 31,
        Thresholds(lower_non_critical=5, lower_critical=-5, upper_non_critical=50, upper_critical=60),
        tau=60, signed=True,
    ),
    _fan(0x10, 1),
    _fan(0x11, 2),
    _AIRFLOW,
    _COOLANT,
    _TRAFFIC,
    _POWER_SHARE,
    voltage(0x20, "Midplane 54V", 54.0, entity=_BLADE, standby=True),
    voltage(0x21, "CPU Core", 0.92, entity=_PROCESSOR, thresholds=around(0.92, 0.12, 0.18)),
    voltage(0x22, "VDDQ", 1.1, entity=EntityId.MEMORY_DEVICE),
    voltage(0x23, "1.8V Standby", 1.8, standby=True),
    watts(0x30, "Blade Power", _BLADE, 1, 204, 14, 510, upper(380, 420)),
    amperes(0x31, "Midplane Current", _BLADE, 1, 3.8, 0.26, 12.75, upper(8.5, 9.5)),
    discrete(
        0x40, "Blade Present", SensorType.ENTITY_PRESENCE, states(0, 1, 2), entity=_BLADE, holds=states(0)
    ),
    discrete(
        0x41, "CPU Throttled", SensorType.PROCESSOR, states(0, 1), entity=_PROCESSOR, event_type=_STATE,
        rule="throttled",
    ),
    discrete(
        0x42, "Power Limit", SensorType.POWER_UNIT, states(0, 1), entity=_BLADE, event_type=_LIMIT,
        events=states(), rule="power_limit",
    ),
    discrete(
        0x43, "Feed Redundancy", SensorType.POWER_UNIT, states(0, 1, 2, 5), entity=EntityId.POWER_UNIT,
        event_type=_REDUNDANCY, holds=states(0), record=1,
    ),
    discrete(
        0x44, "Memory Errors", SensorType.MEMORY, states(0, 1, 5), entity=EntityId.MEMORY_DEVICE,
        auto_rearm=False,
    ),
    discrete(
        0x45, "Slot", SensorType.SLOT, states(0, 1, 2, 5), entity=EntityId.CONNECTIVITY_SWITCH,
        holds=states(2), holds_off=states(2, 5),
    ),
    discrete(0x46, "System State", SensorType.SYSTEM_ACPI_POWER_STATE, states(0, 5), rule="acpi"),
    discrete(0x47, "Watchdog", SensorType.WATCHDOG_2, states(0, 1, 2, 3, 8), rule="watchdog"),
    discrete(
        0x48, "OS Status", SensorType.BASE_OS_BOOT, states(0, 1, 2, 3, 4), entity=EntityId.OPERATING_SYSTEM,
        rule="os_boot",
    ),
    discrete(
        0x60, "Boot Initiated", SensorType.SYSTEM_BOOT_INITIATED, states(0, 1, 5),
        entity=EntityId.SYSTEM_FIRMWARE, rule="boot", record=3,
    ),
    discrete(
        0x61, "OS Critical Stop", SensorType.OS_STOP, states(1), entity=EntityId.OPERATING_SYSTEM, record=3
    ),
    discrete(0x62, "System Event", SensorType.SYSTEM_EVENT, states(0, 1, 5), record=3),
    temperature(
        0x06, "Board Temp", EntityId.SYSTEM_BOARD, 1, 37, upper(70, 75), ambient=24, tau=90, signed=True
    ),
    discrete(
        0x63, "Over Power Limit", SensorType.POWER_UNIT, states(1), entity=_BLADE, event_type=_LIMIT, record=3
    ),
    discrete(
        0x64, "Power Down", SensorType.POWER_UNIT, states(2), entity=_BLADE,
        event_type=EventReadingType.AVAILABILITY, record=3,
    ),
)  # fmt: skip

DCMI = DcmiSpec(meter="Blade Power", lowest=80, highest=500)

# Its controller only.
HPM = HpmSpec(components=(HpmComponentSpec(0, "BMC"),))


def _mezzanine() -> FruSpec:
    """The network card, and what it draws from the blade."""
    image = build_fru(
        board=BoardArea(
            manufactured=datetime(2025, 2, 17, 16, 20, tzinfo=UTC), manufacturer="Baseboard",
            product_name="Mezzanine, 2 ports of 25 Gbit/s", serial_number="MZ2500042", part_number="BB-MZ-25",
        ),
        multirecords=(
            DcLoad(
                output_number=1, nominal_voltage=1200, lowest_voltage=1080, highest_voltage=1320, ripple=200,
                minimum_current=100, maximum_current=1800,
            ),
        ),
        size=128,
    )  # fmt: skip
    return FruSpec(1, "Mezzanine", image, EntityId.ADD_IN_CARD, 1)


def _midplane() -> FruSpec:
    """The enclosure's midplane; its owner allows no writing."""
    image = build_fru(
        chassis=ChassisArea(
            chassis_type=ChassisType.BLADE_ENCLOSURE, part_number="BB-EN-12", serial_number="EN1200007"
        ),
        size=128,
    )  # fmt: skip
    return FruSpec(2, "Midplane", image, EntityId.SYSTEM_CHASSIS, 1, writable=False)


OTHER_FRUS = (_mezzanine(), _midplane())


def own_fru(name: str, serial: str) -> FruSpec:
    """The blade's own inventory.

    Args:
        name: the server's, its asset tag.
        serial: of board and product.
    """
    image = build_fru(
        internal=b"\x01" + bytes(31),
        chassis=ChassisArea(
            chassis_type=ChassisType.BLADE, part_number="BB-CH-B1", serial_number=f"C{serial}"
        ),
        board=BoardArea(
            manufactured=datetime(2025, 3, 3, 11, 15, tzinfo=UTC), manufacturer="Baseboard",
            product_name=MODEL, serial_number=f"M{serial}", part_number="BB-MB-B1", fru_file_id="b1.3",
        ),
        product=ProductArea(
            manufacturer="Baseboard", product_name=MODEL, part_number="BB-B1-64", version="C0",
            serial_number=serial, asset_tag=name, fru_file_id="b1.3",
        ),
        size=512,
    )  # fmt: skip
    return FruSpec(0, "Blade", image, EntityId.PROCESSING_BLADE, 1)
