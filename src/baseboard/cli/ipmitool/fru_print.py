"""``ipmitool fru print``: the areas of an inventory, and of all that the SDRs tell of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.fru_device import HEADER_SIZE, Absent, Device, areas
from baseboard.cli.ipmitool.fru_text import END, readable, taken
from baseboard.cli.ipmitool.names import shown
from baseboard.cli.ipmitool.questions import ask
from baseboard.cli.ipmitool.text import UNSPECIFIED_TIME, timestamp_string
from baseboard.cli.results.fru import Inventory
from baseboard.cli.results.times import iso

if TYPE_CHECKING:
    from baseboard.cli.call import Call
    from baseboard.cli.ipmitool.sdr_record import Entry
    from baseboard.client.interface import Target

WIDTH: Final = 23
START_OF_1996: Final = 820454400

CHASSIS_TYPES: Final = (
    "Unspecified", "Other", "Unknown", "Desktop", "Low Profile Desktop", "Pizza Box", "Mini Tower", "Tower",
    "Portable", "LapTop", "Notebook", "Hand Held", "Docking Station", "All in One", "Sub Notebook",
    "Space-saving", "Lunch Box", "Main Server Chassis", "Expansion Chassis", "SubChassis",
    "Bus Expansion Chassis", "Peripheral Chassis", "RAID Chassis", "Rack Mount Chassis", "Sealed-case PC",
    "Multi-system Chassis", "CompactPCI", "AdvancedTCA", "Blade", "Blade Enclosure",
)  # fmt: skip

FIELDS: Final = {
    "Chassis": ("Part Number", "Serial"),
    "Board": ("Mfg", "Product", "Serial", "Part Number", "FRU ID"),
    "Product": ("Manufacturer", "Name", "Part Number", "Version", "Serial", "Asset Tag", "FRU ID"),
}
FIRST: Final = {"Chassis": 3, "Board": 6, "Product": 3}
"""Where an area's strings begin."""

VERBOSE: Final = frozenset({"Board FRU ID", "Product FRU ID"})

FRU_DEVICE: Final = 0x08
"""The capability of a controller to have FRU inventories (Table 43-8, byte 9)."""

LOGICAL_FRU: Final = 0x10
EEPROMS: Final = range(0x08, 0x10)
SPD: Final = 0x01


@dataclass
class Found:
    """What is being printed, for the result."""

    fields: dict[str, str] = field(default_factory=dict[str, str])
    extras: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    records: list[dict[str, str]] = field(default_factory=list[dict[str, str]])


async def one(call: Call, number: int, *, name: str = "", target: Target | None = None) -> int:
    """Print a device.

    Returns: 0; what `Absent` has where it is not there.
    """
    device = Device(call, number, target)
    found = Found()
    try:
        header = await device.header()
    except Absent as absent:
        call.result(Inventory(id=number, name=name, problem=str(absent).strip()))
        return absent.code
    places = areas(header)
    for kind in FIELDS:
        if places[kind.lower()] >= HEADER_SIZE:
            await _area(call, device, kind, places[kind.lower()], found)
    if call.verbose and places["multi"] >= HEADER_SIZE:
        from baseboard.cli.ipmitool.fru_records import show

        found.records = await show(call, device, places["multi"])
    call.result(
        Inventory(id=number, name=name, fields=found.fields, extras=found.extras, records=found.records)
    )
    return 0


async def _area(call: Call, device: Device, kind: str, offset: int, found: Found) -> None:
    head = await device.read(offset, 2)
    size = 8 * head[1] if head is not None else 0
    data = await device.read(offset, size) if size else None
    if data is None:
        return
    if kind == "Chassis":
        number = data[2] if data[2] < len(CHASSIS_TYPES) else 2
        _line(call, found, "Chassis Type", CHASSIS_TYPES[number])
    elif kind == "Board":
        minutes = int.from_bytes(data[3:6], "little")
        stamp = minutes * 60 + START_OF_1996 if minutes else UNSPECIFIED_TIME
        _line(call, found, "Board Mfg Date", timestamp_string(stamp, call.options))
        found.fields["Board Mfg Date"] = iso(stamp) or "unspecified"
    place = FIRST[kind]
    for name in FIELDS[kind]:
        text, place = taken(data, place)
        value, key = readable(text), f"{kind} {name}"
        if value and (call.verbose or key not in VERBOSE):
            _line(call, found, key, value)
    while place < size and data[place] != END:
        text, place = taken(data, place)
        value = readable(text)
        if value:
            call.out(f" {f'{kind} Extra':<{WIDTH - 1}}: {value}")
            found.extras.setdefault(f"{kind} Extra", []).append(value)


def _line(call: Call, found: Found, key: str, value: str) -> None:
    found.fields[key] = value
    call.out(f" {key:<{WIDTH - 1}}: {value}")


# ---- all devices


async def every(call: Call) -> int:
    """Print the controller's own inventory, then what the SDRs tell of.

    Returns: the code of the last one, as `one` gives it.
    """
    from baseboard.cli.ipmitool.sdr_repository import SdrSource
    from baseboard.commands.app.device_id import GetDeviceId

    name = "Builtin FRU Device"
    call.out(f"FRU Device Description : {name} (ID 0)")
    answer = await ask(call, GetDeviceId())
    if answer is None or answer.code:
        why = "" if answer is None else f": {answer.text()}"
        call.err(f"Get Device ID command failed{why}")
        return -1
    code = 0
    if answer.data.ljust(6, b"\0")[5] & FRU_DEVICE:
        code = await one(call, 0, name=name)
        call.out()
    source = SdrSource(call, await call.bmc())
    if not await source.open():
        return -1
    async for entry in source.entries():
        known = await _entry(call, entry)
        code = code if known is None else known
    return code


async def _entry(call: Call, entry: Entry) -> int | None:
    """Print what a record tells of; None if that is no inventory."""
    from baseboard.client.interface import Target
    from baseboard.records.sdr import FruDeviceLocatorRecord, ManagementControllerDeviceLocatorRecord

    here = call.options.settings.target
    record = entry.record
    if isinstance(record, ManagementControllerDeviceLocatorRecord):
        if not record.capabilities & FRU_DEVICE or record.slave_address == here.address:
            return None
        name = shown(entry.whole_name)
        call.out(f"FRU Device Description : {name:<16}")
        target = Target(address=record.slave_address, channel=here.channel)
        code = await one(call, 0, name=name, target=target)
        call.out()
        return code
    if not isinstance(record, FruDeviceLocatorRecord) or not record.logical:
        return None
    modifier = record.device_type_modifier
    if record.device_type != LOGICAL_FRU and (modifier != 2 or record.device_type not in EEPROMS):
        return -1
    if record.access_address == 0x20 and record.fru_device_id == 0:
        return 0
    name = shown(entry.sensor_name)
    call.out(f"FRU Device Description : {name} (ID {record.fru_device_id})")
    code = 0
    if modifier == SPD:
        code = await _memory(call, record.fru_device_id, name)
    elif modifier in {0, 2}:
        elsewhere = (record.access_address, record.channel) != (here.address, here.channel)
        target = Target(address=record.access_address, channel=record.channel)
        code = await one(call, record.fru_device_id, name=name, target=target if elsewhere else None)
    elif call.verbose:
        call.out(
            f" Unsupported device 0x{record.fru_device_id:02x} type 0x{record.device_type:02x} "
            f"with modifier 0x{modifier:02x}"
        )
    else:
        call.out(" Unsupported device")
    call.out()
    return code


async def _memory(call: Call, number: int, name: str) -> int:
    """Say whether a memory module is there; what it says of itself is not decoded."""
    try:
        await Device(call, number).memory()
    except Absent as absent:
        call.result(Inventory(id=number, name=name, problem=str(absent).strip()))
        return absent.code
    call.out(" Unsupported device")
    call.result(Inventory(id=number, name=name, problem="Unsupported device"))
    return 0
