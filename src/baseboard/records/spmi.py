"""ACPI's table about the BMC, the Service Processor Management Interface (Table C3-1)."""

from __future__ import annotations

from typing import Final

from baseboard.errors import ChecksumError, DecodeError
from baseboard.records.smbios.controller import InterfaceKind, IpmiInterface
from baseboard.wire import TEXT, OpenEnum, Record, at

SIGNATURE: Final = b"SPMI"
REVISION: Final = 5
_BYTE: Final = 8


class AddressSpace(OpenEnum):
    """What a Generic Address Structure's address is of (ACPI)."""

    MEMORY = 0
    IO = 1
    PCI_CONFIGURATION = 2
    SMBUS = 4


class Spmi(Record):
    """Where the BMC is, as ACPI tells it (Table C3-1), counted from 0."""

    _base = 0

    signature: bytes = at("0:3", default=SIGNATURE)
    length: int = at("4:7", "of the table", default=65)
    revision: int = at("8", default=REVISION)
    checksum: int = at("9", "all bytes add up to 0", default=0)
    oem_id: str = at("10:15", codec=TEXT, default="")
    oem_table_id: str = at("16:23", codec=TEXT, default="")
    oem_revision: int = at("24:27", default=1)
    creator_id: bytes = at("28:31", default=bytes(4))
    creator_revision: int = at("32:35", default=1)
    interface_type: IpmiInterface = at("36")
    always_1: int = at("37", "old software takes it for the interface type", default=1)
    specification: int = at("38:39", "BCD, major version above", default=0x0200)
    uses_gsi: bool = at("40[1]", "interrupts an I/O (S)APIC", default=False)
    uses_gpe: bool = at("40[0]", "raises an SCI by a GPE", default=False)
    gpe: int = at("41", "bit of GPEx_STS", default=0)
    pci: bool = at("43[0]", "it is a PCI device; else its bytes hold the _UID", default=False)
    gsi: int = at("44:47", "number of the interrupt", default=0)
    space: AddressSpace = at("48")
    bit_width: int = at("49", "of a register, which is its spacing too", default=8)
    bit_offset: int = at("50", default=0)
    access_size: int = at("51", default=1)
    base_address: int = at("52:59", "SSIF: slave address, 7 bits")
    pci_segment: int = at("60", default=0)
    pci_bus: int = at("61", default=0)
    pci_device: int = at("62[4:0]", default=0)
    pci_interrupt: bool = at("63[6]", default=False)
    pci_function: int = at("63[2:0]", default=0)

    @property
    def kind(self) -> InterfaceKind | None:
        """The interface in a word; None for one that nobody knows."""
        kinds: dict[int, InterfaceKind] = {1: "kcs", 2: "smic", 3: "bt", 4: "ssif"}
        return kinds.get(self.interface_type)

    @property
    def spacing(self) -> int:
        """Bytes from one register to the next; Linux, too, takes a register's width for it."""
        return max(self.bit_width // _BYTE, 1)

    @property
    def irq(self) -> int | None:
        """Number of the interrupt; None where there is none of its own."""
        return self.gsi if self.uses_gsi else None


def read_spmi(table: bytes) -> Spmi:
    """Read the table.

    Raises:
        DecodeError: it is cut off or another table, or its bytes do not add up.
    """
    found = Spmi.decode(table)
    if found.signature != SIGNATURE:
        raise DecodeError(f"ACPI table {found.signature!r} is no SPMI (Table C3-1)")
    if found.length > len(table) or sum(table[: found.length]) & 0xFF:
        raise ChecksumError(f"SPMI: its {found.length} bytes do not add up to 0")
    # QUIRK firmware older than IPMI 2.0: the type is in byte 37 and byte 36 is reserved.
    if found.interface_type == IpmiInterface.UNKNOWN:
        return found.replace(interface_type=IpmiInterface(found.always_1))
    return found


def write_spmi(spmi: Spmi) -> bytes:
    """Write the table, its checksum made right."""
    raw = spmi.replace(checksum=0).encode().ljust(spmi.length, b"\0")
    return raw[:9] + bytes((-sum(raw) & 0xFF,)) + raw[10:]
