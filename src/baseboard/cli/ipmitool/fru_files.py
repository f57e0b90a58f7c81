"""``ipmitool fru read``, ``write`` and ``internaluse``: whole inventories, and the controller's own area."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.fru_device import Absent, Device, areas
from baseboard.cli.results.fru import Image
from baseboard.codes import Cc

if TYPE_CHECKING:
    from baseboard.cli.call import Call

ROW: Final = 16


async def _sized(call: Call, number: int) -> Device | None:
    """The device, once its size is known; None where it is not, and the user is told of a timeout."""
    device = Device(call, number)
    answer = await device.info()
    if answer is None or answer.code:
        if answer is not None and answer.code == Cc.TIMEOUT:
            call.out("  Timeout accessing FRU info. (Device not present?)")
        return None
    if call.verbose:
        call.out(f"Fru Size   = {device.size} bytes")
        call.out(f"Fru Access = {device.words:x}h")
    return device


async def read(call: Call, number: int, name: str) -> None:
    """Read a device into a file."""
    device = await _sized(call, number)
    if device is None:
        return
    call.out(f"Fru Size         : {device.size} bytes")
    data = await device.read(0, device.size)
    if data is None:
        return  # ipmitool writes a file of what it has not read
    if _saved(call, name, data):
        call.out("Done")
        call.result(Image(id=number, size=device.size, file=name))


def _content(name: str) -> bytes:
    return Path(name).read_bytes()


def _saved(call: Call, name: str, data: bytes) -> bool:
    try:
        Path(name).write_bytes(data)
    except OSError:
        call.err(f"Error opening file {name}\n")
        return False
    return True


async def write(call: Call, number: int, name: str) -> None:
    """Write a file into a device."""
    device = await _sized(call, number)
    if device is None:
        return
    try:
        data = _content(name)[: device.size]
    except OSError:
        call.err(f"Error opening file {name}\n")
        return
    call.out(f"Fru Size         : {device.size} bytes")
    call.out(f"Size to Write    : {len(data)} bytes")
    if data and await device.write(0, data):
        call.result(Image(id=number, size=len(data), file=name))


# ---- internal use area


async def _internal(call: Call, number: int) -> tuple[Device, int, int] | None:
    """The device, and where its internal use area is; None after a complaint."""
    device = Device(call, number)
    try:
        places = areas(await device.header())
    except Absent:
        call.err("Cannot access internal use area")
        return None
    start = places.pop("internal")
    end = next((place for place in places.values() if place), device.size)
    return device, start, end - start if start else 0


async def internal_info(call: Call, number: int) -> int:
    """Print the size of the area."""
    found = await _internal(call, number)
    if found is None:
        return 1
    call.out(f"Internal Use Area Size  : {found[2]}")
    call.result(Image(id=number, size=found[2]))
    return 0


async def internal_read(call: Call, number: int, name: str | None) -> int:
    """Print the area, or write it to a file."""
    found = await _internal(call, number)
    if found is None:
        return 0
    device, start, size = found
    call.out(f"Internal Use Area Size  : {size}")
    data = await device.read(start, max(size, 0))
    if data is not None and name is None:
        for at in range(0, len(data), ROW):
            row = "".join(f"{byte:02X} " for byte in data[at : at + ROW])
            call.out(f"\n{at // ROW:02d}- {row}", end="")
        call.result(Image(id=number, size=size, data=data.hex()))
    elif data is not None and name is not None:
        if not _saved(call, name, data):
            return 1
        call.out("Done")
        call.result(Image(id=number, size=size, file=name))
    call.out()
    return 0


async def internal_write(call: Call, number: int, name: str) -> int:
    """Write a file of just its size into the area."""
    found = await _internal(call, number)
    if found is None:
        return 0
    device, start, size = found
    call.out(f"Internal Use Area Size  : {size}")
    try:
        data = _content(name)
    except OSError:
        return 0
    call.err(f"File Size: {len(data)}")
    call.err(f"Area Size: {size}")
    if len(data) != size:
        call.err("File size does not fit Eeprom Size")
    elif data and await device.write(start, data):
        call.result(Image(id=number, size=size, file=name))
    return 0
