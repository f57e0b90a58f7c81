"""Where firmware says the system interface is."""

from __future__ import annotations

from hypothesis import given

from baseboard.records.firmware_tables import (
    InterfaceType,
    IpmiDeviceInformation,
    RegisterSpacing,
    SpmiTable,
)
from baseboard.testing.strategies import messages
from tests.records.vectors import vector


def test_a_kcs_interface() -> None:
    raw, decoded = vector("smbios", "kcs")
    said = decoded["dmidecode"]
    record = IpmiDeviceInformation.decode(raw)
    assert record.interface_type.name == said["Interface Type"].partition(" ")[0]
    assert f"{record.ipmi_major}.{record.ipmi_minor}" == said["Specification Version"]
    assert f"0x{record.slave_address >> 1:02x}" == said["I2C Slave Address"]
    assert (record.storage_address, said["NV Storage Device"]) == (0xFF, "Not Present")
    assert f"0x{record.base_address:016X} ({'I/O' if record.io_space else 'memory'})" == said["Base Address"]
    assert record.spacing == RegisterSpacing.SUCCESSIVE_BYTES
    assert said["Register Spacing"] == "Successive Byte Boundaries"
    assert raw[len(record.encode()) :] == b"\0\0"
    made = IpmiDeviceInformation(handle=0x20, interface_type=InterfaceType.KCS, address_bits=0xCA2 >> 1)
    assert made == record
    assert made.encode() + b"\0\0" == raw


def test_a_smic_interface_at_an_odd_address() -> None:
    raw, decoded = vector("smbios", "smic")
    record = IpmiDeviceInformation.decode(raw)
    assert record.interface_type == InterfaceType.SMIC
    assert record.base_address == int(decoded["base"], 16)
    assert record.encode() == raw[:18]


def test_ssif_has_a_slave_address() -> None:
    raw, decoded = vector("smbios", "ssif")
    record = IpmiDeviceInformation.decode(raw)
    assert f"0x{record.base_address:02X} (SMBus)" == decoded["dmidecode_base"]
    assert not record.io_space
    assert record.encode() == raw[:18]


def test_the_acpi_table() -> None:
    raw, decoded = vector("smbios", "spmi_kcs")
    table = SpmiTable.decode(raw)
    assert sum(raw) & 0xFF == 0
    assert table.table_checksum == int(decoded["checksum"], 16)
    assert (table.interface_type, table.base_address) == (InterfaceType.KCS, 0xCA2)
    assert table.encode() == raw
    made = SpmiTable(
        oem_id=table.oem_id, oem_table_id=table.oem_table_id, creator_id=table.creator_id,
        interface_type=InterfaceType.KCS, base_address=0xCA2,
    )  # fmt: skip
    assert made.sealed() == raw


@given(messages(IpmiDeviceInformation))
def test_a_structure_reads_back(record: IpmiDeviceInformation) -> None:
    assert IpmiDeviceInformation.decode(record.encode()) == record


@given(messages(SpmiTable))
def test_a_table_reads_back(table: SpmiTable) -> None:
    assert SpmiTable.decode(table.encode()) == table
