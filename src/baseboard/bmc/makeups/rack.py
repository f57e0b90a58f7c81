"""The first make-up: a rack server of two sockets, two power supplies and six fans."""

from __future__ import annotations

from datetime import UTC, datetime

from baseboard.bmc.blueprint import DcmiSpec, FruSpec, HostSpec, HpmComponentSpec, HpmSpec, SensorSpec
from baseboard.bmc.blueprint.buses import Eeprom
from baseboard.bmc.makeups.shapes import (
    amperes,
    around,
    discrete,
    fan,
    lower,
    states,
    temperature,
    upper,
    voltage,
    watts,
)
from baseboard.codes import ChassisType, EntityId, EventReadingType, SensorType
from baseboard.records.fru import (
    BoardArea,
    ChassisArea,
    DcOutput,
    ManagementAccess,
    PowerSupply,
    ProductArea,
    build_fru,
)
from baseboard.records.fru.relations import AccessType
from baseboard.records.hpm import HpmVersion

MODEL = "Baseboard Lab R2"
SUITES = ((3, 4), (17, 4))

HOST = HostSpec(
    model=MODEL,
    firmware="2.07",
    processor="Simulated server processor",
    sockets=2,
    cores=24,
    mhz=2600,
    memory_mib=262144,
    disk="960 GB simulated disk",
    network="simulated 10-gigabit Ethernet",
)

# Private buses behind the controller.
_SUPPLIES_BUS, _MODULES_BUS = 0, 1
_PROCESSOR, _SUPPLY, _BOARD = EntityId.PROCESSOR, EntityId.POWER_SUPPLY, EntityId.SYSTEM_BOARD
_HOT_PROCESSOR = upper(85, 92, 98)
_FULL_SUPPLY = upper(700, 750)

SENSORS: tuple[SensorSpec, ...] = (
    temperature(0x01, "Inlet Temp", EntityId.AIR_INLET, 1, 23, upper(38, 42, 47), ambient=21, noise=0.6),
    temperature(0x02, "Exhaust Temp", EntityId.CHASSIS_BACK_PANEL_BOARD, 1, 36, upper(70, 75, 80), tau=60),
    temperature(0x03, "CPU1 Temp", _PROCESSOR, 1, 52, _HOT_PROCESSOR, tau=20, noise=2, unreadable_off=True),
    temperature(0x04, "CPU2 Temp", _PROCESSOR, 2, 50, _HOT_PROCESSOR, tau=20, noise=2, unreadable_off=True),
    temperature(0x05, "DIMM A1 Temp", EntityId.MEMORY_DEVICE, 1, 38, upper(80, 85, 95), unreadable_off=True),
    temperature(0x06, "DIMM B1 Temp", EntityId.MEMORY_DEVICE, 2, 39, upper(80, 85, 95), unreadable_off=True),
    temperature(0x07, "PSU1 Temp", _SUPPLY, 1, 34, upper(60, 65, 70), ambient=24),
    temperature(0x08, "PSU2 Temp", _SUPPLY, 2, 33, upper(60, 65, 70), ambient=24),
    *(
        fan(0x10 + n, f"Fan {n + 1}", n + 1, 5400 + 60 * (n % 2), lower(1500, 1200, 900), 15300)
        for n in range(6)
    ),
    voltage(0x20, "CPU1 VCore", 1.05, entity=_PROCESSOR, instance=1, thresholds=around(1.05, 0.10, 0.15)),
    voltage(0x21, "CPU2 VCore", 1.05, entity=_PROCESSOR, instance=2, thresholds=around(1.05, 0.10, 0.15)),
    voltage(0x22, "12V", 12.0),
    voltage(0x23, "5V", 5.0),
    voltage(0x24, "3.3V", 3.3),
    voltage(0x25, "3.3V Standby", 3.3, standby=True),
    voltage(0x26, "Battery", 3.05, entity=EntityId.BATTERY, standby=True, thresholds=lower(2.7, 2.5)),
    watts(0x30, "PSU1 Input", _SUPPLY, 1, 145, 6, 1020, _FULL_SUPPLY),
    watts(0x31, "PSU2 Input", _SUPPLY, 2, 141, 6, 1020, _FULL_SUPPLY),
    amperes(0x32, "PSU1 Current", _SUPPLY, 1, 0.63, 0.05, 5.1),
    amperes(0x33, "PSU2 Current", _SUPPLY, 2, 0.61, 0.05, 5.1),
    watts(0x34, "System Power", EntityId.POWER_UNIT, 1, 286, 12, 2040, upper(1400, 1500)),
    discrete(
        0x40, "PSU1 Status", SensorType.POWER_SUPPLY, states(0, 1, 2, 3), entity=_SUPPLY, holds=states(0)
    ),
    discrete(
        0x41, "PSU2 Status", SensorType.POWER_SUPPLY, states(0, 1, 2, 3), entity=_SUPPLY, instance=2,
        holds=states(0),
    ),
    discrete(
        0x42, "PSU Redundancy", SensorType.POWER_SUPPLY, states(0, 1, 2, 5), entity=EntityId.POWER_UNIT,
        event_type=EventReadingType.REDUNDANCY, holds=states(0),
    ),
    discrete(
        0x43, "Fan Redundancy", SensorType.FAN, states(0, 1, 2, 5), entity=EntityId.COOLING_UNIT,
        event_type=EventReadingType.REDUNDANCY, holds=states(0),
    ),
    discrete(
        0x44, "Power Unit", SensorType.POWER_UNIT, states(0, 1, 4, 5, 6), entity=EntityId.POWER_UNIT,
        rule="power_unit",
    ),
    discrete(
        0x45, "CPU1 Status", SensorType.PROCESSOR, states(0, 1, 5, 7, 10), entity=_PROCESSOR, rule="processor"
    ),
    discrete(
        0x46, "CPU2 Status", SensorType.PROCESSOR, states(0, 1, 5, 7, 10), entity=_PROCESSOR, instance=2,
        rule="processor",
    ),
    discrete(
        0x47, "Memory", SensorType.MEMORY, states(0, 1, 5, 6), entity=EntityId.MEMORY_DEVICE, holds=states(6)
    ),
    *(
        discrete(
            0x48 + n, f"Drive {n}", SensorType.DRIVE_SLOT, states(0, 1, 2, 7), entity=EntityId.DISK_DRIVE_BAY,
            instance=n + 1, holds=states(0) if n < 2 else 0,
        )
        for n in range(4)
    ),
    discrete(
        0x50, "Intrusion", SensorType.PHYSICAL_SECURITY, states(0), entity=EntityId.SYSTEM_CHASSIS
    ),
    discrete(0x51, "ACPI State", SensorType.SYSTEM_ACPI_POWER_STATE, states(0, 5), rule="acpi"),
    discrete(0x52, "Watchdog", SensorType.WATCHDOG_2, states(0, 1, 2, 3, 8), rule="watchdog"),
    discrete(0x53, "SEL", SensorType.EVENT_LOGGING_DISABLED, states(2, 4, 5), rule="sel"),
    discrete(
        0x54, "POST Progress", SensorType.SYSTEM_FIRMWARE_PROGRESS, states(0, 1, 2),
        entity=EntityId.SYSTEM_FIRMWARE, events=states(0, 1), rule="post",
    ),
    discrete(
        0x55, "OS Boot", SensorType.BASE_OS_BOOT, states(0, 1, 2, 3, 4), entity=EntityId.OPERATING_SYSTEM,
        rule="os_boot",
    ),
    discrete(
        0x56, "OS Stop", SensorType.OS_STOP, states(1, 3), entity=EntityId.OPERATING_SYSTEM, events=states(3),
        rule="os_stop",
    ),
    discrete(0x57, "NMI", SensorType.CRITICAL_INTERRUPT, states(0), rule="nmi"),
    discrete(
        0x58, "Front Panel", SensorType.BUTTON, states(0, 1, 2), entity=EntityId.FRONT_PANEL_BOARD,
        rule="button",
    ),
    temperature(0x09, "Board Temp", _BOARD, 1, 34, upper(65, 70, 75), ambient=23, tau=90),
    discrete(
        0x59, "Power Limit", SensorType.POWER_UNIT, states(1), entity=EntityId.POWER_UNIT,
        event_type=EventReadingType.LIMIT, record=3,
    ),
    discrete(
        0x5A, "Power Down", SensorType.POWER_UNIT, states(2), entity=EntityId.POWER_UNIT,
        event_type=EventReadingType.AVAILABILITY, record=3,
    ),
)  # fmt: skip

# Its processors can be slowed down to some 170 W; what the supplies give is the other end.
DCMI = DcmiSpec(meter="System Power", lowest=100, highest=1500)

# Its controller, and the firmware of the host, which begins with the host's next start.
HPM = HpmSpec(
    components=(
        HpmComponentSpec(0, "BMC"),
        HpmComponentSpec(1, "BIOS", HpmVersion(major=2, minor="07"), payload_reset=True),
    )
)


def _supply(number: int) -> FruSpec:
    """A power supply of 750 W, with what it gives."""
    image = build_fru(
        board=BoardArea(
            manufactured=datetime(2024, 3, 11, 9, 30, tzinfo=UTC), manufacturer="Baseboard",
            product_name="Power supply 750 W", serial_number=f"PS750{number:05}", part_number="BB-PS-750-2",
        ),
        product=ProductArea(
            manufacturer="Baseboard", product_name="PS750", part_number="BB-PS-750-2", version="02",
            serial_number=f"PS750{number:05}",
        ),
        multirecords=(
            PowerSupply(
                capacity=750, peak_va=820, inrush_current=30, inrush_interval=5, input_low_1=9000,
                input_high_1=13200, input_low_2=18000, input_high_2=26400, frequency_low=47,
                frequency_high=63, dropout_tolerance=12, hot_swap=True, autoswitch=True,
                power_factor_correction=True, predictive_fail=True, hold_up=1, peak_capacity=800,
            ),
            DcOutput(
                output_number=1, nominal_voltage=1200, lowest_voltage=1140, highest_voltage=1260, ripple=120,
                minimum_current=500, maximum_current=62500,
            ),
            DcOutput(
                standby=True, output_number=2, nominal_voltage=1200,
                lowest_voltage=1140, highest_voltage=1260, ripple=120,
                minimum_current=0, maximum_current=2500,
            ),
        ),
        size=256,
    )  # fmt: skip
    chip = Eeprom(_SUPPLIES_BUS, 0x50 + number - 1)
    return FruSpec(number, f"PSU{number}", image, EntityId.POWER_SUPPLY, number, eeprom=chip)


def _module(device_id: int, name: str, instance: int) -> FruSpec:
    """A memory module."""
    image = build_fru(
        product=ProductArea(
            manufacturer="Baseboard", product_name="32 GB ECC memory module", part_number="BB-MEM-32G-3200",
            version="01", serial_number=f"MM32G{instance:05}",
        ),
        size=128,
    )  # fmt: skip
    chip = Eeprom(_MODULES_BUS, 0x50 + instance - 1)
    return FruSpec(device_id, name, image, EntityId.MEMORY_DEVICE, instance, writable=False, eeprom=chip)


def _backplane() -> FruSpec:
    """The drive backplane."""
    image = build_fru(
        board=BoardArea(
            manufactured=datetime(2024, 1, 22, 14, 5, tzinfo=UTC), manufacturer="Baseboard",
            product_name="Drive backplane, 4 bays", serial_number="BP0400017", part_number="BB-BP-4",
        ),
        size=128,
    )  # fmt: skip
    return FruSpec(5, "Backplane", image, EntityId.DRIVE_BACKPLANE, 1)


OTHER_FRUS = (_supply(1), _supply(2), _module(3, "DIMM A1", 1), _module(4, "DIMM B1", 2), _backplane())


def own_fru(name: str, serial: str) -> FruSpec:
    """The server's own inventory.

    Args:
        name: the server's, its asset tag.
        serial: of chassis, board and product.
    """
    image = build_fru(
        chassis=ChassisArea(
            chassis_type=ChassisType.RACK_MOUNT_CHASSIS, part_number="BB-CH-2U", serial_number=f"C{serial}"
        ),
        board=BoardArea(
            manufactured=datetime(2024, 4, 2, 7, 45, tzinfo=UTC), manufacturer="Baseboard",
            product_name=f"{MODEL} main board", serial_number=f"M{serial}", part_number="BB-MB-R2",
            fru_file_id="r2.1",
        ),
        product=ProductArea(
            manufacturer="Baseboard", product_name=MODEL, part_number="BB-R2-2S", version="A1",
            serial_number=serial, asset_tag=name, fru_file_id="r2.1",
        ),
        multirecords=(
            ManagementAccess(access_type=AccessType.SYSTEM_NAME, value=name.encode("latin-1", "replace")),
        ),
        size=512,
    )  # fmt: skip
    return FruSpec(0, "Main Board", image)
