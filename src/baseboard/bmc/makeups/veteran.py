"""The third make-up: a board from the years of IPMI v1.5, with few sensors and weak logins.

It imitates what old boards offer, so that consoles can be tried on it; the lab keeps it on loopback.
"""

from __future__ import annotations

from datetime import UTC, datetime

from baseboard.bmc.blueprint import FruSpec, HostSpec, SensorSpec
from baseboard.bmc.makeups.shapes import around, discrete, fan, lower, states, temperature, upper, voltage
from baseboard.codes import AuthType, ChassisType, EntityId, EventReadingType, SensorType
from baseboard.records.fru import BoardArea, ChassisArea, ProductArea, build_fru
from baseboard.records.strings import Encoding, Text

MODEL = "Baseboard Lab V1"
SUITES = tuple((suite, 4) for suite in (0, 1, 2, 3, 6, 7, 8, 11, 12, 15, 16, 17))
# a bit per authentication type (§22.13); "none" is known to it, but not switched on
AUTH_TYPES = 1 << AuthType.MD2 | 1 << AuthType.MD5 | 1 << AuthType.PASSWORD

HOST = HostSpec(
    model=MODEL,
    firmware="1.12",
    efi=False,
    processor="Simulated old processor",
    cores=2,
    mhz=2800,
    memory_mib=4096,
    disk="73 GB simulated disk",
    network="simulated gigabit Ethernet",
)

_PROCESSOR = EntityId.PROCESSOR

SENSORS: tuple[SensorSpec, ...] = (
    temperature(0x01, "CPU Temp", _PROCESSOR, 1, 47, upper(70, 75, 80), noise=1.5, tau=30),
    temperature(0x02, "System Temp", EntityId.SYSTEM_BOARD, 1, 33, upper(55, 60, 65), ambient=23, tau=60),
    fan(0x10, "FAN1", 1, 3900, lower(1000, 700, 500), 12750),
    fan(0x11, "FAN2", 2, 3750, lower(1000, 700, 500), 12750),
    voltage(0x20, "CPU Core", 1.325, entity=_PROCESSOR, thresholds=around(1.325, 0.10, 0.15)),
    voltage(0x21, "+3.3V", 3.3),
    voltage(0x22, "+5V", 5.0),
    voltage(0x23, "+12V", 12.0),
    voltage(0x24, "-12V", -12.0),
    voltage(0x25, "5VSB", 5.0, standby=True),
    voltage(0x26, "VBAT", 3.1, entity=EntityId.BATTERY, standby=True, thresholds=lower(2.7, 2.5)),
    discrete(
        0x30, "Chassis Intru", SensorType.PHYSICAL_SECURITY, states(0), entity=EntityId.SYSTEM_CHASSIS,
        record=1,
    ),
    discrete(
        0x31, "Power Supply", SensorType.POWER_SUPPLY, states(0, 1), entity=EntityId.POWER_SUPPLY,
        event_type=EventReadingType.STATE, holds=states(0), record=1,
    ),
    discrete(0x32, "Watchdog", SensorType.WATCHDOG_2, states(0, 1, 2, 3), rule="watchdog"),
    discrete(0x33, "Event Log", SensorType.EVENT_LOGGING_DISABLED, states(2, 4), rule="sel"),
)  # fmt: skip

OTHER_FRUS: tuple[FruSpec, ...] = ()


def own_fru(name: str, serial: str) -> FruSpec:
    """The board's own inventory, in the saving encodings of its time.

    Args:
        name: the server's, its asset tag.
        serial: of the product; the board's is its digits.
    """
    digits = "".join(letter for letter in serial if letter.isdigit())
    image = build_fru(
        chassis=ChassisArea(
            chassis_type=ChassisType.MAIN_SERVER_CHASSIS, part_number=Text("CH-V1", Encoding.SIX_BIT),
            serial_number=Text("20050117-0042", Encoding.BCD_PLUS),
        ),
        board=BoardArea(
            manufactured=datetime(2005, 1, 17, 8, 0, tzinfo=UTC),
            manufacturer=Text("BASEBOARD", Encoding.SIX_BIT),
            product_name=Text("LAB V1 BOARD", Encoding.SIX_BIT),
            serial_number=Text(digits.rjust(2, "0"), Encoding.BCD_PLUS),
            part_number=Text("370-1155-01", Encoding.BCD_PLUS),
        ),
        product=ProductArea(
            manufacturer=Text("BASEBOARD", Encoding.SIX_BIT), product_name=MODEL, version="1",
            serial_number=serial, asset_tag=name,
        ),
        size=256,
    )  # fmt: skip
    return FruSpec(0, "Main Board", image)
