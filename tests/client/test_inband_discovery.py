"""Where the BMC is, by whom it is told, and who holds it: on machines made of files."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.client.inband_discovery import Found, find, tables
from baseboard.client.inband_place import Place
from baseboard.errors import DecodeError
from baseboard.records.smbios import IpmiDevice, IpmiInterface, Structure
from baseboard.records.spmi import AddressSpace, Spmi, write_spmi
from tests.client.fake_machine import FakeMachine

SPMI = "sys/firmware/acpi/tables/SPMI"


@pytest.fixture
def machine(tmp_path: Path) -> FakeMachine:
    return FakeMachine(tmp_path)


def found(machine: FakeMachine) -> list[Found]:
    broken: list[str] = []
    told = find(str(machine.root), broken)
    assert broken == []
    return told


def test_a_machine_that_tells_nothing(machine: FakeMachine) -> None:
    assert found(machine) == []


def test_type_38_is_the_first_to_be_asked(machine: FakeMachine) -> None:
    machine.smbios(
        Structure.of(0x26, IpmiDevice.at_place("kcs", spacing=4, interrupt=5)),
        Structure.of(0x27, IpmiDevice.at_place("bt", 0xFED0_0000, io=False)),
        Structure.of(0x28, IpmiDevice.at_place("ssif")),
        Structure.of(0x29, IpmiDevice(interface_type=IpmiInterface.KCS, base_address=0)),  # it is on PCI
        Structure.of(0x30, IpmiDevice(interface_type=IpmiInterface.UNKNOWN, base_address=0xCA3)),
    )
    kcs, bt, ssif = found(machine)
    assert kcs.place == Place(kind="kcs", address=0xCA2, space="io", spacing=4)
    assert (kcs.interrupt, kcs.sources, kcs.detail) == (5, ("smbios",), "type 38, handle 0026h")
    assert bt.place == Place(kind="bt", address=0xFED0_0000, space="memory")
    assert ssif.place == Place(kind="ssif", address=0x10, space="smbus")
    assert (kcs.device, kcs.driver) == ("", "")
    assert len(tables(str(machine.root)).structures) == 6


@pytest.mark.parametrize(
    ("space", "width", "place"),
    [
        (AddressSpace.IO, 32, Place(kind="kcs", address=0xCA2, space="io", spacing=4)),
        (AddressSpace.MEMORY, 8, Place(kind="kcs", address=0xCA2, space="memory")),
    ],
)
def test_spmi_tells_too(machine: FakeMachine, space: AddressSpace, width: int, place: Place) -> None:
    told = Spmi(interface_type=IpmiInterface.KCS, space=space, base_address=0xCA2, bit_width=width)
    machine.file(SPMI, write_spmi(told))
    (one,) = found(machine)
    assert (one.place, one.sources, one.detail) == (place, ("spmi",), "SPMI revision 5")


def test_spmi_of_an_ssif(machine: FakeMachine) -> None:
    told = Spmi(interface_type=IpmiInterface.SSIF, space=AddressSpace.SMBUS, base_address=0x10, bit_width=0)
    machine.file(SPMI, write_spmi(told))
    (one,) = found(machine)
    assert one.place == Place(kind="ssif", address=0x10, space="smbus")


@pytest.mark.parametrize(
    "told",
    [
        Spmi(interface_type=IpmiInterface(9), space=AddressSpace.IO, base_address=1),
        Spmi(interface_type=IpmiInterface.KCS, space=AddressSpace(9), base_address=1),
        Spmi(interface_type=IpmiInterface.KCS, space=AddressSpace.IO, base_address=0),
    ],
)
def test_what_spmi_tells_of_nothing(machine: FakeMachine, told: Spmi) -> None:
    machine.file(SPMI, write_spmi(told))
    assert found(machine) == []


def test_pci_devices_say_what_they_are(machine: FakeMachine) -> None:
    machine.pci("0000:00:03.0", 0x0C0701, "0x000000000000c000 0x000000000000c007 0x0000000000040101", 10)
    machine.pci("0000:00:04.0", 0x0C0702, "0x00000000fed00000 0x00000000fed0ffff 0x0000000000040200")
    machine.pci("0000:00:05.0", 0x0C0700, "0x0000000000000000 0x0000000000000000 0x0000000000000000")
    machine.pci("0000:00:06.0", 0x0C0700, "nonsense")
    machine.pci("0000:00:07.0", 0x020000, "0x000000000000c000 0x000000000000c007 0x0000000000040101")
    machine.file("sys/bus/pci/devices/0000:00:08.0/class", "who knows\n")
    kcs, bt = found(machine)
    assert kcs.place == Place(kind="kcs", address=0xC000, space="io")
    assert (kcs.interrupt, kcs.sources, kcs.detail) == (10, ("pci",), "0000:00:03.0")
    assert bt.place == Place(kind="bt", address=0xFED0_0000, space="memory")
    assert bt.interrupt is None


def test_each_is_told_once_with_all_that_is_known(machine: FakeMachine) -> None:
    machine.smbios(
        Structure.of(0x26, IpmiDevice.at_place("kcs")), Structure.of(0x27, IpmiDevice.at_place("ssif"))
    )
    machine.file(
        SPMI,
        write_spmi(
            Spmi(
                interface_type=IpmiInterface.KCS, space=AddressSpace.IO, base_address=0xCA2, uses_gsi=True,
                gsi=9,
            )
        ),
    )  # fmt: skip
    machine.node("i2c", cells={"#address-cells": [1]})
    machine.node("i2c/ssif@10", compatible="ssif", cells={"reg": [0x10]})
    machine.link("sys/bus/i2c/devices/i2c-6/of_node", "sys/firmware/devicetree/base/i2c")
    kcs, ssif = found(machine)
    assert (kcs.sources, kcs.interrupt, kcs.detail) == (("smbios", "spmi"), 9, "type 38, handle 0026h")
    assert (ssif.sources, ssif.bus) == (("smbios", "devicetree"), 6)


def test_who_holds_it(machine: FakeMachine) -> None:
    machine.smbios(
        Structure.of(0x26, IpmiDevice.at_place("kcs")), Structure.of(0x27, IpmiDevice.at_place("ssif"))
    )
    machine.held("ipmi0", "platform/IPI0001:00", "ipmi_si", "kcs,i/o,0xca2,rsp=1,rsi=1,rsh=0,irq=5,ipmb=32")
    machine.held("ipmi1", "i2c-6/6-0010", "ipmi_ssif")
    machine.held("ipmi2", "platform/hotmod", "", "bt,mem,0xfed000e4,rsp=4,rsi=1,rsh=0,irq=0,ipmb=32")
    machine.held("ipmi3", "platform/else", "ipmi_powernv")
    kcs, ssif, added = found(machine)
    assert (kcs.device, kcs.driver, kcs.interrupt) == ("ipmi0", "ipmi_si", 5)
    assert (ssif.device, ssif.driver, ssif.bus, ssif.sources) == ("ipmi1", "ipmi_ssif", 6, ("smbios",))
    assert added.place == Place(kind="bt", address=0xFED0_00E4, space="memory", spacing=4)
    assert (added.sources, added.device, added.driver, added.interrupt) == (("linux",), "ipmi2", "", None)


def test_a_broken_table_does_not_hide_another(machine: FakeMachine) -> None:
    machine.smbios(Structure.of(0x26, IpmiDevice.at_place("kcs")))
    machine.file("sys/firmware/dmi/tables/DMI", b"\x26\x03\x00\x00\0\0")
    machine.file(SPMI, b"SPMI")
    machine.pci("0000:00:03.0", 0x0C0701, "0x000000000000c000 0x000000000000c007 0x0000000000040101")
    broken: list[str] = []
    (one,) = find(str(machine.root), broken)
    assert one.sources == ("pci",)
    assert [text.partition(":")[0] for text in broken] == ["SMBIOS", "Spmi"]
    assert "its length is 3" in broken[0]
    assert find(str(machine.root)) == [one]
    with pytest.raises(DecodeError):
        tables(str(machine.root))


def test_what_may_not_be_read_is_told(machine: FakeMachine) -> None:
    for path in ("sys/firmware/dmi/tables/smbios_entry_point", SPMI):
        (machine.root / path).mkdir(parents=True)  # root may read everything but a folder
    broken: list[str] = []
    assert find(str(machine.root), broken) == []
    assert broken == ["SMBIOS: Is a directory", "SPMI: Is a directory"]
