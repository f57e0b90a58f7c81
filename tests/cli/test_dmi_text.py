"""SMBIOS structures as facts."""

from __future__ import annotations

from uuid import UUID

import pytest

from baseboard.cli.dmi_text import TITLES, Fact, facts, word
from baseboard.codes import ChassisType
from baseboard.records.smbios import (
    BaseboardInformation,
    BiosInformation,
    Body,
    ChassisInformation,
    EndOfTable,
    HostInterface,
    HostInterfaceType,
    IpmiDevice,
    IpmiInterface,
    Structure,
    SystemInformation,
    SystemPowerSupply,
)
from baseboard.records.smbios.machine import BoardType

GUID = UUID("00112233-4455-6677-8899-aabbccddeeff")
KCS = IpmiDevice.at_place("kcs", interrupt=5, level=True)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (BiosInformation(controller_major=2, controller_minor=5), {"controller_firmware": "2.05"}),
        (BiosInformation(major=1, minor=20), {"release": "1.20"}),
        (SystemInformation(uuid=GUID), {"uuid": str(GUID)}),
        (SystemInformation(), {}),
        (BaseboardInformation(), {"board_type": "motherboard"}),
        (BaseboardInformation(board_type=BoardType(0x77)), {"board_type": "77h"}),
        (ChassisInformation(chassis_type=ChassisType.BLADE), {"chassis_type": "Blade"}),
        (
            ChassisInformation(chassis_type=ChassisType(0x70), height=2),
            {"chassis_type": "70h", "height": "2 U"},
        ),
        (
            KCS,
            {
                "interface": "kcs", "specification": "2.0", "slave_address": "0x20", "address": "0xca2",
                "space": "port", "spacing": 1, "interrupt": 5, "trigger": "high, level",
            },
        ),
        (
            IpmiDevice.at_place("bt", 0xFED0_0000, io=False, spacing=16, nv_storage_address=0xA0),
            {
                "interface": "bt", "specification": "2.0", "slave_address": "0x20",
                "nv_storage_address": "0xa0", "address": "0xfed00000", "space": "memory", "spacing": 16,
            },
        ),
        (
            IpmiDevice.at_place("ssif"),
            {
                "interface": "ssif", "specification": "2.0", "slave_address": "0x20", "address": "0x10",
                "space": "SMBus",
            },
        ),
        (
            IpmiDevice(interface_type=IpmiInterface(9), base_address=0xCA3, interrupt=3),
            {
                "interface": "09h", "specification": "2.0", "slave_address": "0x20", "address": "0xca2",
                "space": "port", "spacing": 1, "interrupt": 3,
            },
        ),
        (
            SystemPowerSupply(capacity=750),
            {
                "capacity": 750, "present": True, "hot_replaceable": False, "supply_type": "unknown",
                "status": "unknown",
            },
        ),
        (HostInterface.of_ipmi(KCS), {"interface": "kcs", "protocols": "ipmi"}),
        (
            HostInterface(interface=HostInterfaceType.NETWORK, length=1, data=b"\x02", protocols=b"\1\4\0"),
            {"interface": "network", "protocols": "redfish", "device": "usb"},
        ),
        (EndOfTable(), {}),
    ],
)  # fmt: skip
def test_what_a_structure_tells(body: Body, told: dict[str, Fact]) -> None:
    found = facts(Structure.of(1, body))
    assert {name: found.get(name) for name in told} == told
    if not isinstance(body, SystemPowerSupply):
        assert found == told


def test_a_supply_of_unknown_capacity() -> None:
    assert "capacity" not in facts(Structure.of(1, SystemPowerSupply(), device_name="PSU"))
    assert facts(Structure.of(1, SystemPowerSupply(), device_name="PSU"))["device_name"] == "PSU"


def test_what_is_too_short_for_its_type_tells_nothing() -> None:
    assert facts(Structure(38, 1, b"\1")) == {}


def test_words() -> None:
    assert word(HostInterfaceType.UART_8250) == "uart 8250"
    assert word(HostInterfaceType(0x99)) == "99h"
    assert set(TITLES) == {0, 1, 2, 3, 38, 39, 42}
