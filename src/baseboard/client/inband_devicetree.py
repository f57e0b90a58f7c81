"""System interfaces in a device tree, as Linux shows it: a folder a node, a file a property.

The nodes are ``ipmi-kcs``, ``ipmi-smic`` and ``ipmi-bt`` with their registers, and ``ipmi-ssif`` or ``ssif``
on an I2C bus. Cells are big-endian words of 32 bits.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

TREES: Final = ("proc/device-tree", "sys/firmware/devicetree/base")
I2C_DEVICES: Final = "sys/bus/i2c/devices"

_KINDS: Final = {
    "ipmi-kcs": "kcs",
    "ipmi-smic": "smic",
    "ipmi-bt": "bt",
    "ipmi-ssif": "ssif",
    "ipmi_ssif": "ssif",
    "ssif": "ssif",
}
_MOST_NODES: Final = 65536
_DEEPEST: Final = 32
_LONGEST: Final = 4096
_CELL: Final = 4
_ISA_IO: Final = 1
"""Bit 0 of the first cell of an address on an ISA or LPC bus: it is of I/O space."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A node that is a system interface.

    Attributes:
        kind: ``kcs``, ``smic``, ``bt`` or ``ssif``.
        address: of its first register as the processor sees it; of SSIF the slave address, 7 bits.
        space: ``io``, ``memory`` or ``smbus``.
        spacing: bytes from one register to the next.
        interrupt: first cell of its interrupt; None = it has none.
        bus: of SSIF, number of the I2C adapter; None = Linux does not know the bus.
        path: of the node.
    """

    kind: str
    address: int
    space: str
    spacing: int
    interrupt: int | None
    bus: int | None
    path: str


def interfaces(base: Path) -> Iterator[Node]:
    """Look for system interfaces.

    Args:
        base: folder that holds ``sys`` and ``proc``.
    """
    top = next((base / tree for tree in TREES if (base / tree).is_dir()), None)
    if top is None:
        return
    tree = Path(os.path.realpath(top))
    for number, folder in enumerate(_folders(tree)):
        if number >= _MOST_NODES:
            return
        kind = _kind(folder)
        if kind is None or _property(folder, "status") in (b"disabled\0", b"fail\0"):
            continue
        node = _ssif(base, tree, folder) if kind == "ssif" else _registers(tree, folder, kind)
        if node is not None:
            yield node


def _folders(top: Path, depth: int = 0) -> Iterator[Path]:
    try:
        with os.scandir(top) as entries:
            inside = sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
    except OSError:
        return
    for name in inside:
        yield top / name
        if depth < _DEEPEST:
            yield from _folders(top / name, depth + 1)


def _kind(folder: Path) -> str | None:
    for word in _property(folder, "compatible").split(b"\0"):
        # A maker's name may stand before a comma.
        kind = _KINDS.get(word.decode("ascii", "replace").rpartition(",")[2])
        if kind is not None:
            return kind
    return None


def _registers(tree: Path, folder: Path, kind: str) -> Node | None:
    parent = folder.parent
    width = _cell(parent, "#address-cells", 2)
    reg = _cells(folder, "reg")
    if not 1 <= width <= 4 or len(reg) < width:
        return None
    isa = width == 2 and (_property(parent, "device_type") == b"isa\0" or parent.name.split("@")[0] == "isa")
    io = isa and bool(reg[0] & _ISA_IO)
    there = reg[1] if isa else _joined(reg[:width])
    address = there if io else _translated(tree, parent, there)
    if address is None:
        return None
    return Node(
        kind=kind,
        address=address,
        space="io" if io else "memory",
        spacing=_cell(folder, "reg-spacing", 0) or _cell(folder, "reg-size", 1),
        interrupt=next(iter(_cells(folder, "interrupts")), None),
        bus=None,
        path="/" + str(folder.relative_to(tree)),
    )


def _translated(tree: Path, bus: Path, address: int) -> int | None:
    """An address on a bus as the processor sees it; None where the bus is not seen there."""
    for _ in range(_DEEPEST):
        if bus == tree:
            return address
        ranges = _cells(bus, "ranges")
        if not (bus / "ranges").exists():
            return None
        if ranges:  # an empty one says that nothing changes
            moved = _moved(bus, ranges, address)
            if moved is None:
                return None
            address = moved
        bus = bus.parent
    return None


def _moved(bus: Path, ranges: list[int], address: int) -> int | None:
    own, above = _cell(bus, "#address-cells", 2), _cell(bus.parent, "#address-cells", 2)
    size = _cell(bus, "#size-cells", 1)
    row = own + above + size
    if not row:
        return None
    for start in range(0, len(ranges) - row + 1, row):
        # What stands above 64 bits are flags of the bus.
        child = _joined(ranges[start : start + own][-2:])
        length = _joined(ranges[start + own + above : start + row])
        if child <= address < child + length:
            return address - child + _joined(ranges[start + own : start + own + above][-2:])
    return None


def _ssif(base: Path, tree: Path, folder: Path) -> Node | None:
    reg = _cells(folder, "reg")
    if not reg:
        return None
    return Node(
        kind="ssif",
        address=reg[0] & 0x7F,
        space="smbus",
        spacing=1,
        interrupt=next(iter(_cells(folder, "interrupts")), None),
        bus=_adapter(base, folder.parent),
        path="/" + str(folder.relative_to(tree)),
    )


def _adapter(base: Path, bus: Path) -> int | None:
    """Number of the I2C adapter that a node is."""
    for adapter in sorted((base / I2C_DEVICES).glob("i2c-*")):
        number = adapter.name.removeprefix("i2c-")
        if number.isdecimal() and os.path.realpath(adapter / "of_node") == str(bus):
            return int(number)
    return None


def _property(folder: Path, name: str) -> bytes:
    try:
        with (folder / name).open("rb") as stream:
            return stream.read(_LONGEST)
    except OSError:
        return b""


def _cells(folder: Path, name: str) -> list[int]:
    raw = _property(folder, name)
    return [int.from_bytes(raw[at : at + _CELL]) for at in range(0, len(raw) - _CELL + 1, _CELL)]


def _cell(folder: Path, name: str, otherwise: int) -> int:
    return next(iter(_cells(folder, name)), otherwise)


def _joined(cells: list[int]) -> int:
    return sum(cell << 32 * place for place, cell in enumerate(reversed(cells)))
