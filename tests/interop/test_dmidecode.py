"""dmidecode reads tables of ours as they were meant: every field that it prints of types 0-3, 38, 39, 42."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Literal
from uuid import UUID

import pytest

from baseboard.codes import ChassisType
from baseboard.records.fru import BoardArea, ChassisArea, Fru, PowerSupply, ProductArea
from baseboard.records.smbios import (
    IpmiDevice,
    MachineIdentity,
    Smbios,
    Structure,
    SystemPowerSupply,
    build_smbios,
    read_dump,
    write_dump,
)
from baseboard.records.smbios.controller import (
    SPACINGS,
    InterfaceKind,
    IpmiInterface,
    RangeSwitching,
    SupplyStatus,
    SupplyType,
)
from tests import peers
from tests.records.vectors import vector

GUID = UUID("00112233-4455-6677-8899-aabbccddeeff")
OWN = Fru(
    chassis=ChassisArea(
        chassis_type=ChassisType.MAIN_SERVER_CHASSIS, part_number="C-1", serial_number="CS1"
    ),
    board=BoardArea(manufacturer="Acme", product_name="Board", serial_number="BS1", part_number="B-1"),
    product=ProductArea(
        manufacturer="Acme", product_name="Server", part_number="P-1", version="v2", serial_number="PS1",
        asset_tag="A7",
    ),
)  # fmt: skip
SUPPLY = Fru(
    product=ProductArea(
        manufacturer="Volt", product_name="750 W", serial_number="V1", part_number="V-1", version="r3",
        asset_tag="A8",
    ),
    multirecords=(PowerSupply(capacity=750, hot_swap=True, autoswitch=True),),
)  # fmt: skip
IDENTITY = MachineIdentity(
    guid=GUID, firmware_vendor="Acme", firmware_version="1.2", firmware_date="01/02/2026", efi=True,
    virtual=True, controller_version=(2, 45),
)  # fmt: skip
KINDS = {
    "kcs": "KCS (Keyboard Control Style)", "smic": "SMIC (Server Management Interface Chip)",
    "bt": "BT (Block Transfer)", "ssif": "SSIF (SMBus System Interface)",
}  # fmt: skip
SPACES = {1: "Successive Byte Boundaries", 4: "32-bit Boundaries", 16: "16-byte Boundaries"}


class Decoded:
    """What dmidecode prints of a dump, by the structures' types."""

    def __init__(self, folder: Path, dump: bytes) -> None:
        file = folder / "dump"
        file.write_bytes(dump)
        done = subprocess.run(
            [peers.require("dmidecode"), "--from-dump", file], capture_output=True, text=True, timeout=60,
            check=True,
        )  # fmt: skip
        assert not done.stderr
        self.text = done.stdout
        self.found: dict[int, list[dict[str, str]]] = {}
        for part in re.split(r"^(?=Handle )", done.stdout, flags=re.MULTILINE)[1:]:
            kind = int(re.findall(r"DMI type (\d+)", part)[0])
            rows = dict(re.findall(r"^\t([^\t:]+): ?(.*)$", part, re.MULTILINE))
            rows["-"] = ", ".join(re.findall(r"^\t\t(.+)$", part, re.MULTILINE))
            self.found.setdefault(kind, []).append(rows)

    def one(self, kind: int) -> dict[str, str]:
        """The rows of the only structure of a type; the lists in it under ``-``."""
        (rows,) = self.found[kind]
        return rows


def decoded(folder: Path, device: IpmiDevice) -> dict[str, str]:
    return Decoded(folder, write_dump(Smbios((Structure.of(0x26, device),)))).one(38)


@pytest.mark.parametrize("bits", [32, 64])
def test_a_machine_with_everything(tmp_path: Path, bits: Literal[32, 64]) -> None:
    made = build_smbios(IDENTITY, IpmiDevice.at_place("kcs"), [OWN, SUPPLY])
    said = Decoded(tmp_path, write_dump(made, bits))
    assert re.search(r"^SMBIOS 3\.2(\.0)? present\.$", said.text, re.MULTILINE)
    assert sorted(said.found) == [0, 1, 2, 3, 38, 39, 42, 127]
    assert said.one(0) == {
        "Vendor": "Acme", "Version": "1.2", "Release Date": "01/02/2026", "ROM Size": "64 kB",
        "Characteristics": "", "Firmware Revision": "2.45",
        "-": "BIOS characteristics not supported, UEFI is supported, System is a virtual machine",
    }  # fmt: skip
    assert said.one(1) == {
        "Manufacturer": "Acme", "Product Name": "Server", "Version": "v2", "Serial Number": "PS1",
        "UUID": str(GUID), "Wake-up Type": "Unknown", "SKU Number": "P-1", "Family": "Not Specified", "-": "",
    }  # fmt: skip
    assert said.one(2) == {
        "Manufacturer": "Acme", "Product Name": "Board", "Version": "B-1", "Serial Number": "BS1",
        "Asset Tag": "Not Specified", "Features": "", "-": "Board is a hosting board",
        "Location In Chassis": "Not Specified", "Chassis Handle": "0x0300", "Type": "Motherboard",
        "Contained Object Handles": "0",
    }  # fmt: skip
    assert said.one(3) == {
        "Manufacturer": "Acme", "Type": "Main Server Chassis", "Lock": "Not Present", "Version": "C-1",
        "Serial Number": "CS1", "Asset Tag": "A7", "Boot-up State": "Unknown",
        "Power Supply State": "Unknown", "Thermal State": "Unknown", "Security Status": "Unknown",
        "OEM Information": "0x00000000", "Height": "Unspecified", "Number Of Power Cords": "Unspecified",
        "Contained Elements": "0", "-": "",
    }  # fmt: skip
    assert said.one(39) == {
        "Location": "Not Specified", "Name": "750 W", "Manufacturer": "Volt", "Serial Number": "V1",
        "Asset Tag": "A8", "Model Part Number": "V-1", "Revision": "r3", "Max Power Capacity": "750 W",
        "Status": "Present, Unknown", "Type": "Unknown", "Input Voltage Range Switching": "Auto-switch",
        "Plugged": "Yes", "Hot Replaceable": "Yes", "-": "",
    }  # fmt: skip
    assert said.one(42) == {"Host Interface Type": "KCS: Keyboard Controller Style", "-": ""}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("spacing", SPACINGS)
@pytest.mark.parametrize("address", [0x4E, 0x4F])
@pytest.mark.parametrize("interrupt", [0, 5])
def test_every_place_of_a_bmc(
    tmp_path: Path, kind: InterfaceKind, spacing: int, address: int, interrupt: int
) -> None:
    device = IpmiDevice.at_place(
        kind, address, spacing=spacing, interrupt=interrupt, level=spacing == 4, active_high=spacing != 1,
        nv_storage_address=0xA0 if interrupt else 0xFF,
    )  # fmt: skip
    said = decoded(tmp_path, device)
    assert (said["Interface Type"], said["Specification Version"]) == (KINDS[kind], "2.0")
    assert said["I2C Slave Address"] == "0x10"  # 20h, in 7 bits
    assert said.get("NV Storage Device") == (None if interrupt else "Not Present")
    assert said.get("NV Storage Device Address") == ("160" if interrupt else None)
    if kind == "ssif":
        assert said["Base Address"] == f"0x{address:02X} (SMBus)"
        return
    assert said["Base Address"] == f"0x{address:016X} (I/O)"
    assert said["Register Spacing"] == SPACES[spacing]
    assert said.get("Interrupt Number") == ("5" if interrupt else None)
    if interrupt:
        assert said["Interrupt Polarity"] == ("Active Low" if spacing == 1 else "Active High")
        assert said["Interrupt Trigger Mode"] == ("Level" if spacing == 4 else "Edge")


def test_registers_in_memory(tmp_path: Path) -> None:
    said = decoded(tmp_path, IpmiDevice.at_place("bt", 0x1_FED0_0001, io=False))
    assert said["Base Address"] == "0x00000001FED00001 (Memory-mapped)"


def test_the_vector_of_a_kcs(tmp_path: Path) -> None:
    raw, told = vector("smbios", "kcs")
    made = Structure(38, 0x20, raw[4:18])
    assert made.encode() == raw
    said = Decoded(tmp_path, write_dump(Smbios((made,)))).one(38)
    assert {name: said[name] for name in told["dmidecode"]} == told["dmidecode"]


def test_an_interface_that_nobody_knows(tmp_path: Path) -> None:
    assert decoded(tmp_path, IpmiDevice(interface_type=IpmiInterface.UNKNOWN, base_address=0))[
        "Interface Type"
    ] == "Unknown"  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "status", "switching", "words"),
    [
        (SupplyType.LINEAR, SupplyStatus.OK, RangeSwitching.MANUAL, ("Linear", "OK", "Manual")),
        (
            SupplyType.SWITCHING, SupplyStatus.CRITICAL, RangeSwitching.WIDE_RANGE,
            ("Switching", "Critical", "Wide Range"),
        ),
        (
            SupplyType.UPS, SupplyStatus.NON_CRITICAL, RangeSwitching.NOT_APPLICABLE,
            ("UPS", "Non-critical", "N/A"),
        ),
        (SupplyType.REGULATOR, SupplyStatus.OTHER, RangeSwitching.OTHER, ("Regulator", "Other", "Other")),
    ],
)  # fmt: skip
def test_characteristics_of_a_supply(
    tmp_path: Path,
    kind: SupplyType,
    status: SupplyStatus,
    switching: RangeSwitching,
    words: tuple[str, str, str],
) -> None:
    body = SystemPowerSupply(
        supply_type=kind, status=status, range_switching=switching, unplugged=True, unit_group=2,
        voltage_probe=0x26, cooling_device=0x27, current_probe=0x29,
    )  # fmt: skip
    said = Decoded(tmp_path, write_dump(Smbios((Structure.of(0x27, body, location="left"),)))).one(39)
    assert said["Type"] == words[0]
    assert said["Status"] == f"Present, {words[1]}"
    assert said["Input Voltage Range Switching"] == words[2]
    assert (said["Plugged"], said["Hot Replaceable"]) == ("No", "No")
    assert (said["Power Unit Group"], said["Location"]) == ("2", "left")
    assert said["Max Power Capacity"] == "Unknown"
    probes = {name: said[f"{name} Handle"] for name in ("Input Voltage Probe", "Input Current Probe")}
    assert probes == {"Input Voltage Probe": "0x0026", "Input Current Probe": "0x0029"}
    assert said["Cooling Device Handle"] == "0x0027"


def test_unknown_types_are_passed_on(tmp_path: Path) -> None:
    made = Smbios((Structure(221, 0xDD00, b"\x01\x02", (b"maker's own",)),))
    dump = write_dump(made)
    assert read_dump(dump).structures[0] == made.structures[0]
    said = Decoded(tmp_path, dump)
    assert "DD 06 00 DD 01 02" in said.text
    assert "maker's own" in said.text
