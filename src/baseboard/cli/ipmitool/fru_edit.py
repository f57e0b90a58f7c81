"""``ipmitool fru edit ID field``: change one string of an inventory, and move what stands behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.fru_device import Absent, Device, areas
from baseboard.cli.ipmitool.fru_text import readable, taken
from baseboard.cli.ipmitool.word_values import raw
from baseboard.cli.results.fru import FieldChange

if TYPE_CHECKING:
    from baseboard.cli.call import Call

AREAS: Final = {"c": ("chassis", 3), "b": ("board", 6), "p": ("product", 3)}
ORDER: Final = ("chassis", "board", "product")
LONGEST: Final = 0x3F


def _checksum(data: bytes | bytearray) -> int:
    return -sum(data) & 0xFF


async def set_field(call: Call, number: int, area: str, index: str, text: str) -> int:
    """Change a string; one of another length moves what stands behind it."""
    device = Device(call, number)
    try:
        header = await device.header(lambda problem: call.out(problem, end=""))
    except Absent:
        return 1
    if area[:1] not in AREAS:
        call.out("Wrong field type.", end="")
        return 1
    name, first = AREAS[area[:1]]
    start = areas(header)[name]
    head = await device.read(start, 3)
    section = None if head is None else await device.read(start, head[1] * 8)
    if not section:
        return 1
    place = behind = first
    old: bytes | None = None
    for _ in range(ord(index[:1] or "\0") - ord("0") + 1):
        place = behind
        old, behind = taken(section, place)
    before = b"" if old is None else old.partition(b"\0")[0]
    if not before or place >= len(section) - 1:
        call.out("Field not found !")
        return 1
    new = raw(text)
    if len(new) > LONGEST:
        call.err(f"A string of {len(new)} bytes does not fit: it can have {LONGEST}")
        return 1
    change = FieldChange(
        id=number,
        area=area[:1],
        index=int(index[:1]) if index[:1].isdigit() else 0,
        before=readable(before),
        after=text,
    )
    if len(before) == len(new):
        return await _replaced(call, device, start, section, place, new, change)
    call.out("String size are not equal, resizing fru to fit new string")
    rebuild = _Rebuild(call, device, header, name, start + place, before, new)
    if await rebuild.run():
        call.result(change)
    return 1  # ipmitool takes the success of this for a failure


async def _replaced(
    call: Call, device: Device, start: int, section: bytes, place: int, new: bytes, change: FieldChange
) -> int:
    """Put a string in the place of one of the same length."""
    call.out(f"Updating Field '{change.before}' with '{change.after}' ...")
    if section[place] >> 6 != 3:
        call.err("The string is not stored as text of 8 bits; it is left as it is")
        return 1
    changed = bytearray(section)
    changed[place + 1 : place + 1 + len(new)] = new
    changed[-1] = _checksum(changed[:-1])
    if not await device.write(start, bytes(changed)):
        call.out("Write to FRU data failed.")
        return 1
    call.result(change)
    return 0


class _Rebuild:
    """An inventory with a string of another length."""

    def __init__(
        self, call: Call, device: Device, header: bytes, area: str, place: int, before: bytes, new: bytes
    ) -> None:
        self._call, self._device, self._area = call, device, area
        self._header = bytearray(header)
        self._places = areas(header)
        self._place, self._before, self._new = place, before, new

    async def run(self) -> bool:
        """Make it, look whether it is sound, and write it; False after a complaint."""
        call, device = self._call, self._device
        call.out("Read All FRU area")
        call.out(f"Fru Size       : {device.size} bytes")
        old = await device.read(0, device.size)
        if old is None:
            return False
        call.out("Copy to new FRU")
        image = self._made(old)
        if image is None:
            return False
        call.out("Writing new FRU.")
        if not _sound(image, self._area):
            call.err("The new inventory would not be sound: nothing is written")
            return False
        if not await device.write(0, image):
            call.out("Write to FRU data failed.")
            return False
        call.out("Done.")
        return True

    def _made(self, old: bytes) -> bytes | None:
        call, place, new = self._call, self._place, self._new
        start = self._places[self._area]
        size = old[start + 1] * 8
        call.out(f"Section Length: {size}")
        tail = old[start : start + size - 1]
        padding = len(tail) - len(tail.rstrip(b"\0"))
        growth = len(new) - len(self._before)
        behind_new = place + len(new) + 1
        call.out(f"Padding Length: {padding}")
        call.out(f"NumByte Change: {growth}")
        call.out(f"Start SecChnge: {old[place]:x}")
        call.out(f"End SecChnge  : {old[behind_new] if behind_new < len(old) else 0:x}")
        call.out(f"Start Section : {old[start]:x}")
        call.out(f"End Sec wo Pad: {old[start + size - 2 - padding]:x}")
        call.out(f"End Section   : {old[start + size - 1]:x}")
        padding -= growth
        call.out(f"New Padding Length: {padding}")
        image = bytearray(old)
        steps = 0
        if not 0 <= padding < 8:
            # Of eight bytes each; of a division that C rounds towards 0.
            steps = -(padding // 8) if padding >= 8 else 1 + -(padding + 1) // 8
            size += steps * 8
            padding += steps * 8
            self._move(old, image, steps, padding)
            if len(image) != len(old):
                call.err(f"There is no room for {steps * 8} more bytes in the inventory: nothing is written")
                return None
        stored = old[place] & LONGEST
        call.out(
            f"Updating Field : '{readable(self._before)}' with '{readable(new)}' ... "
            f"(Length from '{old[place]}' to '{0xC0 + len(new)}')"
        )
        call.out(f"Copying remaining of sections: {start + size - 1 - behind_new} ")
        end = start + old[start + 1] * 8 - 1
        rest = old[place + 1 + stored : end].rstrip(b"\0")
        body = old[start:place] + bytes((0xC0 + len(new),)) + new + rest
        section = bytearray(body.ljust(size - 1, b"\0"))
        section[1] = size // 8
        if len(section) != size - 1:
            call.out(f"Internal error, padding length {padding} (must be from 0 to 7) ", end="")
            return None
        image[start : start + size] = section + bytes((_checksum(section),))
        # ipmitool prints the sum as a number of 32 bits.
        call.out(f"Calculate New Checksum: {-(sum(section) & 0xFF) & 0xFFFFFFFF:x}")
        return bytes(image)

    def _move(self, old: bytes, image: bytearray, steps: int, padding: int) -> None:
        """Move the areas behind by so many times eight bytes, and say so."""
        call, header, places = self._call, self._header, self._places
        call.out(f"change_size_by_8: {steps}")
        call.out(f"New Padding Length: {padding}")
        call.out(f"change_size_by_8: {steps}")
        call.out(f"header.offset.board: {header[3]}")
        product = old[places["product"] + 1] * 8
        remaining = places["product"] + product
        after = ORDER[ORDER.index(self._area) + 1 :]
        for name in after:
            index = ORDER.index(name) + 2
            title = "Chassis" if name == "board" else "Product"
            call.out(f"Moving Section {title}, from {header[index] * 8} to {(header[index] + steps) * 8}")
        call.out(f"Change multi offset from {header[5]} to {header[5] + steps}")
        behind = places[self._area] + old[places[self._area] + 1] * 8
        moved = 8 * steps
        for index in range(1, 6):
            if header[index] * 8 >= behind and header[index]:
                header[index] += steps
        header[7] = _checksum(header[:7])
        grown = product + moved if self._area == "product" else product
        target = places["product"] + (moved if self._area != "product" else 0) + grown
        call.out(f"Moving Remaining Bytes (Multi-Rec , etc..), from {remaining} to {target}")
        rest = old[behind:]
        image += bytes(max(0, behind + moved - len(image)))
        spare = len(rest) - len(rest.rstrip(b"\0"))
        image[behind + moved :] = rest[: len(rest) - min(spare, moved)] if moved > 0 else rest + bytes(-moved)
        image[:8] = header


def _sound(image: bytes, area: str) -> bool:
    """Whether an inventory can be read again, the changed area with it."""
    from baseboard.errors import DecodeError
    from baseboard.records.fru import read_fru

    try:
        fru = read_fru(image)
    except DecodeError:
        return False
    return not fru.problems and getattr(fru, area) is not None
