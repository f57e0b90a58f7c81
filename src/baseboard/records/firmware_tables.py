"""Where the system interface is, as firmware tells the operating system (Appendix C1 and C3)."""

from __future__ import annotations

from baseboard.wire import OpenEnum, Record, at


class InterfaceType(OpenEnum):
    """Kinds of system interfaces (Table C1-1)."""

    UNKNOWN = 0
    KCS = 1
    SMIC = 2
    BT = 3
    SSIF = 4


class RegisterSpacing(OpenEnum):
    """How far apart the interface's registers lie (Table C1-1, byte 10h)."""

    SUCCESSIVE_BYTES = 0
    WORDS_32_BIT = 1
    BYTES_16 = 2


class IpmiDeviceInformation(Record):
    """SMBIOS structure type 38, without its string terminator; bytes are counted from 0 (Table C1-1)."""

    _base = 0

    structure_type: int = at("0", default=38)
    length: int = at("1", default=18)
    handle: int = at("2:3", default=0)
    interface_type: InterfaceType = at("4")
    ipmi_major: int = at("5[7:4]", "the other way round than in Get Device ID", default=2)
    ipmi_minor: int = at("5[3:0]", default=0)
    slave_address: int = at("6", "as 8 bits", default=0x20)
    storage_address: int = at("7", "of a non-volatile storage device; FFh = none", default=0xFF)
    address_bits: int = at("8:15[63:1]", "of the base address, from bit 1 on")
    io_space: bool = at("8[0]", "0 = memory", default=True)
    spacing: RegisterSpacing = at("16[7:6]", default=RegisterSpacing.SUCCESSIVE_BYTES)
    address_bit_0: int = at("16[4]", "of the base address", default=0)
    interrupt_given: bool = at("16[3]", default=False)
    active_high: bool = at("16[1]", default=False)
    level_triggered: bool = at("16[0]", default=False)
    interrupt: int = at("17", "0 = unspecified", default=0)

    @property
    def base_address(self) -> int:
        """Where the registers begin; of SSIF the slave address as 7 bits."""
        if self.interface_type == InterfaceType.SSIF:
            return self.address_bits
        return self.address_bits << 1 | self.address_bit_0


class SpmiTable(Record):
    """The ACPI table about the system interface; bytes are counted from 0 (Table C3-1, revision 5)."""

    _base = 0

    signature: bytes = at("0:3", default=b"SPMI")
    length: int = at("4:7", default=65)
    revision: int = at("8", default=5)
    table_checksum: int = at("9", "zero checksum", default=0)
    oem_id: bytes = at("10:15")
    oem_table_id: bytes = at("16:23")
    oem_revision: int = at("24:27", default=1)
    creator_id: bytes = at("28:31")
    creator_revision: int = at("32:35", default=1)
    interface_type: InterfaceType = at("36")
    always_1: int = at("37", "reserved, and 01h", default=1)
    specification: int = at("38:39", "0200h = 2.0", default=0x0200)
    uses_gsi: bool = at("40[1]", "interrupts by I/O APIC", default=False)
    uses_gpe: bool = at("40[0]", "interrupts by SCI", default=False)
    gpe: int = at("41", default=0)
    is_pci: bool = at("43[0]", "the last bytes are a PCI address", default=False)
    gsi: int = at("44:47", default=0)
    address_space: int = at("48", "0 memory, 1 I/O, 4 SMBus", default=1)
    register_width: int = at("49", "bits", default=8)
    register_offset: int = at("50", "bits", default=0)
    access_size: int = at("51", default=1)
    base_address: int = at("52:59")
    unique_id: int = at("60:63", "ACPI _UID, or PCI segment, bus, device and function", default=0)

    _last = 64

    def sealed(self) -> bytes:
        """Give the table with its checksum."""
        raw = bytearray(self.replace(table_checksum=0).encode())
        raw[9] = -sum(raw) & 0xFF
        return bytes(raw)
