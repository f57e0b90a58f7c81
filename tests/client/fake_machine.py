"""What Linux shows of a machine, as files in a folder: tables of the firmware, devices, a device tree."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from baseboard.records.smbios import Smbios, Structure, write_dump
from baseboard.records.smbios.table import TABLE_AT

TREE = "sys/firmware/devicetree/base"


class FakeMachine:
    """A folder with ``sys`` and ``proc`` in it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def file(self, path: str, content: bytes | str) -> None:
        """Write a file."""
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content.encode() if isinstance(content, str) else content)

    def link(self, path: str, to: str) -> None:
        """Make a link, as sysfs has them: relative."""
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(os.path.relpath(self.root / to, place.parent))

    def node(
        self,
        path: str,
        *,
        compatible: str = "",
        status: str = "",
        cells: Mapping[str, Sequence[int]] | None = None,
    ) -> None:
        """Write a node of the device tree."""
        folder = f"{TREE}/{path}"
        (self.root / folder).mkdir(parents=True, exist_ok=True)
        for name, text in (("compatible", compatible), ("status", status)):
            if text:
                self.file(f"{folder}/{name}", text + "\0")
        for name, values in (cells or {}).items():
            self.file(f"{folder}/{name}", b"".join(value.to_bytes(4) for value in values))

    def smbios(self, *structures: Structure) -> None:
        """Write the firmware's tables."""
        dump = write_dump(Smbios(structures))
        self.file("sys/firmware/dmi/tables/smbios_entry_point", dump[:24])
        self.file("sys/firmware/dmi/tables/DMI", dump[TABLE_AT:])

    def pci(self, name: str, kind: int, bar: str, irq: int = 0) -> None:
        """Add a PCI device."""
        folder = f"sys/bus/pci/devices/{name}"
        self.file(f"{folder}/class", f"{kind:#08x}\n")
        self.file(f"{folder}/resource", bar + "\n0x0 0x0 0x0\n")
        self.file(f"{folder}/irq", f"{irq}\n")

    def held(self, name: str, device: str, driver: str, params: str = "") -> None:
        """Let a driver hold an interface."""
        folder = f"sys/devices/{device}"
        (self.root / folder).mkdir(parents=True, exist_ok=True)
        if params:
            self.file(f"{folder}/params", params + "\n")
        if driver:
            (self.root / f"sys/bus/drivers/{driver}").mkdir(parents=True, exist_ok=True)
            self.link(f"{folder}/driver", f"sys/bus/drivers/{driver}")
        self.link(f"sys/class/ipmi/{name}/device", folder)
