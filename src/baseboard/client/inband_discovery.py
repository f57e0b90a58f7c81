"""Where this machine's BMC is: SMBIOS type 38, ACPI's SPMI, the device tree, PCI, and Linux's own drivers.

Each of them is files below ``/sys`` or ``/proc``. What one of them tells is taken as it stands; none of the
registers is touched. A table that is broken tells nothing, for others may still be right: `broken` collects
why.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from baseboard.client.inband_devicetree import interfaces as devicetree_interfaces
from baseboard.client.inband_place import KINDS, Place
from baseboard.errors import DecodeError
from baseboard.records.smbios import IpmiDevice, Smbios, read_tables
from baseboard.records.smbios import find as structures_of
from baseboard.records.spmi import AddressSpace, read_spmi

SMBIOS, SPMI, DEVICE_TREE, PCI, LINUX = "smbios", "spmi", "devicetree", "pci", "linux"
SOURCES: Final = (SMBIOS, SPMI, DEVICE_TREE, PCI, LINUX)
"""Who may tell of a BMC, in the order of trust: tables that say all of it first, then what is only found."""

DMI_TABLES: Final = "sys/firmware/dmi/tables"
SPMI_TABLE: Final = "sys/firmware/acpi/tables/SPMI"
PCI_DEVICES: Final = "sys/bus/pci/devices"
HOLDERS: Final = "sys/class/ipmi"

_PCI_KINDS: Final = {0x0C0700: "smic", 0x0C0701: "kcs", 0x0C0702: "bt"}
_PCI_IO: Final = 0x100
"""Linux's flag of an I/O BAR (``IORESOURCE_IO``)."""

_LARGEST: Final = 1 << 22
_PARAMS: Final = re.compile(r"(kcs|smic|bt),(i/o|mem),(0x[0-9a-fA-F]+)(?:,rsp=(\d+))?(?:.*?irq=(\d+))?")
_BAR: Final = re.compile(r"0x([0-9a-f]{1,16}) 0x[0-9a-f]+ 0x([0-9a-f]{1,16})")
_I2C_NAME: Final = re.compile(r"(\d+)-([0-9a-f]{4})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Place):
    """A system interface, who told of it, and who holds it.

    Attributes:
        sources: who told of it, of `SOURCES`, the most trusted first.
        interrupt: its number; None = it has none, or nobody told.
        detail: which structure, node or device it is there.
        device: Linux's name for it, such as ``ipmi0``; empty while no driver holds it.
        driver: the driver that holds it.
    """

    sources: tuple[str, ...]
    interrupt: int | None = None
    detail: str = ""
    device: str = ""
    driver: str = ""

    @property
    def place(self) -> Place:
        """Where it is, and no more."""
        return Place(
            kind=self.kind, address=self.address, space=self.space, spacing=self.spacing, bus=self.bus
        )


def find(root: str = "/", broken: list[str] | None = None) -> list[Found]:
    """Look where a BMC is; each interface once, the most trusted first.

    Args:
        root: folder that holds ``sys`` and ``proc``.
        broken: is told which tables could not be read, and why.
    """
    base = Path(root)
    trouble = [] if broken is None else broken
    told: list[Found] = [
        *_smbios(base, trouble),
        *_spmi(base, trouble),
        *_device_tree(base),
        *_pci(base),
    ]
    return _held(_once(told), list(_holders(base)))


def tables(root: str = "/") -> Smbios:
    """Read this machine's SMBIOS.

    Raises:
        DecodeError: it is broken.
        OSError: there is none, or it may not be read.
    """
    folder = Path(root) / DMI_TABLES
    return read_tables(_content(folder / "smbios_entry_point"), _content(folder / "DMI"))


def _content(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(_LARGEST)


# ---- who tells


def _smbios(base: Path, broken: list[str]) -> Iterator[Found]:
    try:
        known = tables(str(base))
    except DecodeError as error:
        broken.append(f"SMBIOS: {error}")
        return
    except FileNotFoundError:
        return
    except OSError as error:
        broken.append(f"SMBIOS: {error.strerror or error}")
        return
    yield from of_smbios(known)


def of_smbios(known: Smbios) -> Iterator[Found]:
    """The system interfaces that SMBIOS tables tell of."""
    for structure, device in structures_of(known.structures, IpmiDevice):
        # An address of 0 tells of a BMC on PCI, which PCI itself tells better.
        if device.kind is None or not device.address:
            continue
        yield Found(
            kind=device.kind,
            address=device.address,
            space="smbus" if device.kind == "ssif" else "io" if device.io else "memory",
            spacing=device.spacing,
            sources=(SMBIOS,),
            interrupt=device.irq,
            detail=f"type 38, handle {structure.handle:04X}h",
        )


def _spmi(base: Path, broken: list[str]) -> Iterator[Found]:
    try:
        told = read_spmi(_content(base / SPMI_TABLE))
    except FileNotFoundError:
        return
    except DecodeError as error:
        broken.append(str(error))
        return
    except OSError as error:
        broken.append(f"SPMI: {error.strerror or error}")
        return
    spaces = {AddressSpace.IO: "io", AddressSpace.MEMORY: "memory", AddressSpace.SMBUS: "smbus"}
    space = spaces.get(told.space)
    if told.kind is None or space is None or not told.base_address:
        return
    yield Found(
        kind=told.kind,
        address=told.base_address,
        space=space,
        spacing=1 if space == "smbus" else told.spacing,
        sources=(SPMI,),
        interrupt=told.irq,
        detail=f"SPMI revision {told.revision}",
    )


def _device_tree(base: Path) -> Iterator[Found]:
    for node in devicetree_interfaces(base):
        yield Found(
            kind=node.kind,
            address=node.address,
            space=node.space,
            spacing=node.spacing,
            bus=node.bus,
            sources=(DEVICE_TREE,),
            interrupt=node.interrupt,
            detail=node.path,
        )


def _pci(base: Path) -> Iterator[Found]:
    for folder in _entries(base / PCI_DEVICES):
        kind = _PCI_KINDS.get(_number(folder / "class"))
        if kind is None:
            continue
        first = _BAR.match(_line(folder / "resource"))
        start, flags = (int(first[1], 16), int(first[2], 16)) if first else (0, 0)
        if start:
            yield Found(
                kind=kind,
                address=start,
                space="io" if flags & _PCI_IO else "memory",
                sources=(PCI,),
                interrupt=_number(folder / "irq") or None,
                detail=folder.name,
            )


def _holders(base: Path) -> Iterator[Found]:
    """The interfaces that drivers of Linux hold, as they tell it of themselves."""
    for folder in _entries(base / HOLDERS):
        device = folder / "device"
        name = Path(os.path.realpath(device)).name
        place = _of_registers(_line(device / "params")) or _of_i2c(name)
        if place is None:
            continue
        driver = Path(os.path.realpath(device / "driver")).name if (device / "driver").exists() else ""
        yield replace(place, sources=(LINUX,), detail=name, device=folder.name, driver=driver)


def _of_registers(params: str) -> Found | None:
    """What ``ipmi_si`` tells of an interface, such as ``kcs,i/o,0xca2,rsp=1,rsi=1,rsh=0,irq=5,ipmb=32``."""
    told = _PARAMS.match(params)
    if told is None:
        return None
    kind, space, address, spacing, irq = told.groups()
    return Found(
        kind=kind,
        address=int(address, 16),
        space="io" if space == "i/o" else "memory",
        spacing=int(spacing or 1),
        interrupt=int(irq or 0) or None,
        sources=(),
    )


def _of_i2c(name: str) -> Found | None:
    """What the name of an I2C device tells: bus and slave address."""
    told = _I2C_NAME.fullmatch(name)
    if told is None:
        return None
    return Found(kind="ssif", address=int(told[2], 16), space="smbus", bus=int(told[1]), sources=())


# ---- what becomes of it


def _key(place: Place) -> tuple[str, int]:
    # Slave addresses and registers cannot be mistaken for each other; the kind alone may be told wrongly.
    return place.space, place.address


def _once(told: Iterable[Found]) -> list[Found]:
    """Each interface once, with what the less trusted sources add."""
    merged: dict[tuple[str, int], Found] = {}
    for one in told:
        first = merged.setdefault(_key(one), one)
        if first is not one:
            merged[_key(one)] = replace(
                first,
                sources=tuple(dict.fromkeys((*first.sources, *one.sources))),
                interrupt=first.interrupt if first.interrupt is not None else one.interrupt,
                bus=first.bus if first.bus is not None else one.bus,
            )
    return list(merged.values())


def _held(told: list[Found], holders: list[Found]) -> list[Found]:
    """Say which of them a driver holds; what only drivers know of comes last."""
    by_place = {_key(holder): holder for holder in holders}
    found: list[Found] = []
    for one in told:
        holder = by_place.pop(_key(one), None)
        if holder is not None:
            bus = one.bus if one.bus is not None else holder.bus
            irq = one.interrupt if one.interrupt is not None else holder.interrupt
            one = replace(one, device=holder.device, driver=holder.driver, bus=bus, interrupt=irq)
        found.append(one)
    return [*found, *by_place.values()]


# ---- files of sysfs


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _line(path: Path) -> str:
    """The first line of a file; empty if there is none."""
    try:
        with path.open(encoding="ascii", errors="replace") as stream:
            return stream.readline(4096).strip()
    except OSError:
        return ""


def _number(path: Path) -> int:
    try:
        return int(_line(path), 0)
    except ValueError:
        return 0


__all__ = ["KINDS", "SOURCES", "Found", "find", "of_smbios", "tables"]
