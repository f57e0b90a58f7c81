"""SMBIOS tables (DSP0134), as far as management goes: read, written, and made of what a BMC knows.

`read_dump` and `read_tables` take whatever a machine's firmware wrote; `build_smbios` makes tables of FRU
inventories and an identity, `write_dump` a file that ``dmidecode --from-dump`` reads, and `files_for_qemu`
what QEMU's ``-smbios file=`` takes.
"""

from __future__ import annotations

from baseboard.records.smbios.building import (
    MachineIdentity,
    build_smbios,
    controller_version,
    files_for_qemu,
)
from baseboard.records.smbios.controller import (
    USUAL_ADDRESSES,
    DeviceType,
    HostInterface,
    HostInterfaceType,
    HostProtocol,
    HostProtocolType,
    InterfaceKind,
    IpmiDevice,
    IpmiInterface,
    SystemPowerSupply,
)
from baseboard.records.smbios.machine import (
    BaseboardInformation,
    BiosInformation,
    ChassisInformation,
    EndOfTable,
    SystemInformation,
)
from baseboard.records.smbios.structure import Body, Structure, StructureHeader, find
from baseboard.records.smbios.table import (
    EntryPoint32,
    EntryPoint64,
    Smbios,
    read_dump,
    read_entry,
    read_structures,
    read_tables,
    write_dump,
    write_structures,
)

__all__ = [
    "USUAL_ADDRESSES",
    "BaseboardInformation",
    "BiosInformation",
    "Body",
    "ChassisInformation",
    "DeviceType",
    "EndOfTable",
    "EntryPoint32",
    "EntryPoint64",
    "HostInterface",
    "HostInterfaceType",
    "HostProtocol",
    "HostProtocolType",
    "InterfaceKind",
    "IpmiDevice",
    "IpmiInterface",
    "MachineIdentity",
    "Smbios",
    "Structure",
    "StructureHeader",
    "SystemInformation",
    "SystemPowerSupply",
    "build_smbios",
    "controller_version",
    "files_for_qemu",
    "find",
    "read_dump",
    "read_entry",
    "read_structures",
    "read_tables",
    "write_dump",
    "write_structures",
]
