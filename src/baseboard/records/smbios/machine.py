"""What a machine is made of: SMBIOS types 0-3 (DSP0134 §7.1-7.4), and the end of a table.

Rows that newer versions of SMBIOS added may be missing; what still newer ones add is kept in ``rest``.
"""

from __future__ import annotations

import enum
from typing import ClassVar, Final
from uuid import UUID

from baseboard.codes import ChassisType
from baseboard.records.smbios.structure import END_OF_TABLE, Body
from baseboard.wire import OpenEnum, at

NO_HANDLE: Final = 0xFFFF
BLOCK: Final = 64 * 1024
"""Bytes in which a firmware's size is counted, from one such block on."""

_NIL: Final = UUID(int=0)
_BLANK: Final = UUID(int=(1 << 128) - 1)


class SmbiosUuid:
    """A UUID with its first three fields least significant byte first (DSP0134 §7.2.1)."""

    raw: ClassVar[type] = bytes

    def decode(self, raw: bytes) -> UUID:
        return UUID(bytes_le=raw)

    def encode(self, value: UUID) -> bytes:
        return value.bytes_le


class BiosCharacteristics(enum.IntFlag):
    """What a firmware can do (DSP0134): what we write of it, any other bit is kept."""

    NOT_SUPPORTED = 1 << 3
    PCI = 1 << 7
    UPGRADEABLE = 1 << 11
    CD_BOOT = 1 << 15
    BOOT_CHOICE = 1 << 16
    SERIAL = 1 << 29


class BiosExtension(enum.IntFlag):
    """What else a firmware can do (DSP0134), both bytes, the first one below."""

    ACPI = 1 << 0
    USB_LEGACY = 1 << 1
    NETWORK_BOOT_KEY = 1 << 9
    UEFI = 1 << 11
    VIRTUAL_MACHINE = 1 << 12


class WakeUp(OpenEnum):
    """What switched a machine on (DSP0134)."""

    RESERVED = 0
    OTHER = 1
    UNKNOWN = 2
    APM_TIMER = 3
    MODEM_RING = 4
    LAN_REMOTE = 5
    POWER_SWITCH = 6
    PCI_PME = 7
    AC_POWER_RESTORED = 8


class BoardFeature(enum.IntFlag):
    """What a board is (DSP0134)."""

    HOSTING = 1 << 0
    NEEDS_ANOTHER = 1 << 1
    REMOVABLE = 1 << 2
    REPLACEABLE = 1 << 3
    HOT_SWAPPABLE = 1 << 4


class BoardType(OpenEnum):
    """Kinds of boards (DSP0134)."""

    UNKNOWN = 1
    OTHER = 2
    SERVER_BLADE = 3
    CONNECTIVITY_SWITCH = 4
    SYSTEM_MANAGEMENT = 5
    PROCESSOR = 6
    IO = 7
    MEMORY = 8
    DAUGHTER = 9
    MOTHERBOARD = 10
    PROCESSOR_AND_MEMORY = 11
    PROCESSOR_AND_IO = 12
    INTERCONNECT = 13


class ChassisState(OpenEnum):
    """How a chassis, its supplies or its temperature are (DSP0134)."""

    OTHER = 1
    UNKNOWN = 2
    SAFE = 3
    WARNING = 4
    CRITICAL = 5
    NON_RECOVERABLE = 6


@Body.of(0)
class BiosInformation(Body):
    """The machine's firmware (type 0)."""

    TEXTS = ("vendor", "version", "release_date")

    vendor: int = at("4", "string", default=0)
    version: int = at("5", "string", default=0)
    start_segment: int = at("6:7", "of the run-time code; 0 = none below 1 MiB", default=0)
    release_date: int = at("8", "string, mm/dd/yyyy", default=0)
    rom_size: int = at("9", "64 KiB, less one; FFh = see extended_size", default=0)
    characteristics: BiosCharacteristics = at("10:17", default=BiosCharacteristics.NOT_SUPPORTED)
    extension: BiosExtension | None = at("18:19", default=BiosExtension(0))
    major: int | None = at("20", "release of the firmware; FFh = none", default=0xFF)
    minor: int | None = at("21", default=0xFF)
    controller_major: int | None = at(
        "22", "release of the embedded controller's firmware; FFh = none", default=0xFF
    )
    controller_minor: int | None = at("23", default=0xFF)
    extended_size: int | None = at("24:25", "[15:14] 0 MiB, 1 GiB; [13:0] how many", default=0)
    rest: bytes = at("26:", default=b"")


@Body.of(1)
class SystemInformation(Body):
    """The machine as a product (type 1)."""

    TEXTS = ("manufacturer", "product_name", "version", "serial_number", "sku_number", "family")

    manufacturer: int = at("4", "string", default=0)
    product_name: int = at("5", "string", default=0)
    version: int = at("6", "string", default=0)
    serial_number: int = at("7", "string", default=0)
    uuid: UUID | None = at("8:23", "all 0 = none, all 1 = not set yet", codec=SmbiosUuid(), default=_NIL)
    wake_up: WakeUp | None = at("24", default=WakeUp.UNKNOWN)
    sku_number: int | None = at("25", "string", default=0)
    family: int | None = at("26", "string", default=0)
    rest: bytes = at("27:", default=b"")

    @property
    def guid(self) -> UUID | None:
        """The machine's UUID; None where it has none."""
        return None if self.uuid in (None, _NIL, _BLANK) else self.uuid


@Body.of(2)
class BaseboardInformation(Body):
    """A board (type 2)."""

    TEXTS = ("manufacturer", "product_name", "version", "serial_number", "asset_tag", "location")

    manufacturer: int = at("4", "string", default=0)
    product_name: int = at("5", "string", default=0)
    version: int = at("6", "string", default=0)
    serial_number: int = at("7", "string", default=0)
    asset_tag: int | None = at("8", "string", default=0)
    features: BoardFeature | None = at("9", default=BoardFeature.HOSTING | BoardFeature.REPLACEABLE)
    location: int | None = at("10", "string; where in the chassis", default=0)
    chassis_handle: int | None = at("11:12", default=NO_HANDLE)
    board_type: BoardType | None = at("13", default=BoardType.MOTHERBOARD)
    contained: int | None = at("14", "number of the handles that follow, of what is on it", default=0)
    rest: bytes = at("15:", default=b"")


@Body.of(3)
class ChassisInformation(Body):
    """The chassis (type 3)."""

    TEXTS = ("manufacturer", "version", "serial_number", "asset_tag")

    manufacturer: int = at("4", "string", default=0)
    lock: bool = at("5[7]", "has one", default=False)
    chassis_type: ChassisType = at("5[6:0]", default=ChassisType.UNKNOWN)
    version: int = at("6", "string", default=0)
    serial_number: int = at("7", "string", default=0)
    asset_tag: int = at("8", "string", default=0)
    boot_up_state: ChassisState | None = at("9", default=ChassisState.UNKNOWN)
    power_supply_state: ChassisState | None = at("10", default=ChassisState.UNKNOWN)
    thermal_state: ChassisState | None = at("11", default=ChassisState.UNKNOWN)
    security: int | None = at("12", "1 other, 2 unknown, 3 none, 4 and 5: input locked, enabled", default=2)
    oem: int | None = at("13:16", "the maker's own", default=0)
    height: int | None = at("17", "in units of 1.75 inches; 0 = unspecified", default=0)
    power_cords: int | None = at("18", "0 = unspecified", default=0)
    element_count: int | None = at("19", "of the elements that follow", default=0)
    element_size: int | None = at("20", "bytes of each", default=0)
    rest: bytes = at("21:", "elements, then the number of the SKU's string", default=b"")

    @property
    def sku_number(self) -> int:
        """Number of the string with the chassis' SKU; 0 = none."""
        place = (self.element_count or 0) * (self.element_size or 0)
        return self.rest[place] if place < len(self.rest) else 0


@Body.of(END_OF_TABLE)
class EndOfTable(Body):
    """The last structure of a table (type 127)."""

    rest: bytes = at("4:", default=b"")
