"""Types 38, 39 and 42: the BMC's place by Table C1-1, power supplies, host interfaces."""

from __future__ import annotations

from typing import Any, cast

import pytest

from baseboard.errors import EncodeError
from baseboard.records.smbios.controller import (
    SPACINGS,
    USUAL_ADDRESSES,
    DeviceType,
    HostInterface,
    HostInterfaceType,
    HostProtocolType,
    InterfaceKind,
    IpmiDevice,
    IpmiInterface,
    RangeSwitching,
    SupplyStatus,
    SupplyType,
    SystemPowerSupply,
)
from baseboard.records.smbios.structure import Body, Structure
from tests.records.vectors import vector

HANDLES: dict[str, int] = {"kcs": 0x20, "smic": 0x22, "ssif": 0x21}


def written(handle: int, device: IpmiDevice) -> bytes:
    return Structure.of(handle, device).encode()


def test_a_kcs_at_its_usual_place() -> None:
    raw, _ = vector("smbios", "kcs")
    assert written(HANDLES["kcs"], IpmiDevice.at_place("kcs")) == raw


def test_an_odd_address_has_its_bit_elsewhere() -> None:
    raw, told = vector("smbios", "smic")
    made = IpmiDevice.at_place("smic")
    assert written(HANDLES["smic"], made) == raw
    assert (made.address, made.io, made.low_bit) == (int(told["base"], 16), True, True)


def test_ssif_has_a_slave_address_in_8_bits() -> None:
    raw, told = vector("smbios", "ssif")
    made = IpmiDevice.at_place("ssif")
    assert written(HANDLES["ssif"], made) == raw
    assert (made.address, made.base_address, made.io) == (0x10, 0x20, False)
    assert told["dmidecode_base"].startswith(f"{made.address:#x}")


@pytest.mark.parametrize("kind", USUAL_ADDRESSES)
@pytest.mark.parametrize("address", [0x4E, 0x4F])
@pytest.mark.parametrize("io", [True, False])
@pytest.mark.parametrize("spacing", SPACINGS)
def test_any_place_is_read_as_it_was_written(
    kind: InterfaceKind, address: int, io: bool, spacing: int
) -> None:
    made = IpmiDevice.at_place(kind, address, io=io, spacing=spacing, interrupt=5, level=True)
    found = IpmiDevice.decode(made.encode())
    assert found == made
    assert (found.kind, found.address, found.spacing, found.irq) == (kind, address, spacing, 5)
    assert found.io == (io and kind != "ssif")
    assert (found.interrupt_specified, found.active_high, found.level) == (True, True, True)


def test_memory_above_4_gigabytes() -> None:
    made = IpmiDevice.at_place("bt", 0x1_FED0_0001, io=False)
    assert made.encode()[4:12] == bytes.fromhex("0000D0FE01000000")
    assert (made.address, made.io, made.irq) == (0x1_FED0_0001, False, None)


def test_a_short_structure_tells_less() -> None:
    raw, _ = vector("smbios", "smic")
    found = cast("IpmiDevice", Body.parse(38, raw[4:16]))
    assert (found.address, found.spacing, found.irq) == (0xCA8, 1, None)


@pytest.mark.parametrize(
    ("kind", "address", "spacing"), [("kcs", -1, 1), ("ssif", 0x80, 1), ("kcs", 1, 2), ("i2c", 1, 1)]
)
def test_what_has_no_place_is_refused(kind: Any, address: int, spacing: int) -> None:
    with pytest.raises(EncodeError, match="C1-1"):
        IpmiDevice.at_place(kind, address, spacing=spacing)


def test_an_interface_that_nobody_knows_has_no_word() -> None:
    found = IpmiDevice(interface_type=IpmiInterface(9), base_address=0xCA3)
    assert (found.kind, found.address, found.io) == (None, 0xCA2, True)


def test_reserved_bits_of_others_are_kept() -> None:
    raw = bytes.fromhex("01 20 20 FF A30C000000000000 E4 05 77")
    found = IpmiDevice.decode(raw)
    assert (found.spacing, found.irq, found.reserved_5, found.reserved_2) == (1, 5, True, True)
    assert found.encode() == raw


def test_a_power_supply_row_by_row() -> None:
    raw = bytes.fromhex("01 01 02 03 04 05 06 07 EE02 A711 2600 2700 2900")
    found = SystemPowerSupply.decode(raw)
    assert (found.unit_group, found.location, found.revision, found.capacity) == (1, 1, 7, 750)
    assert (found.supply_type, found.status) == (SupplyType.SWITCHING, SupplyStatus.OK)
    assert (found.range_switching, found.unplugged) == (RangeSwitching.AUTOMATIC, True)
    assert (found.present, found.hot_replaceable) == (True, True)
    assert (found.voltage_probe, found.cooling_device, found.current_probe) == (0x26, 0x27, 0x29)
    assert found.encode() == raw
    assert SystemPowerSupply.decode(raw[:12]).voltage_probe is None
    assert all(getattr(SystemPowerSupply(), name) == 0 for name in SystemPowerSupply.TEXTS)


def test_a_kcs_is_a_host_interface_too() -> None:
    made = HostInterface.of_ipmi(IpmiDevice.at_place("kcs", interrupt=5))
    assert made is not None
    assert made.encode() == bytes.fromhex("02 0A A30C000000000000 0A 05 01 02 00")
    assert [one.protocol for one in made.spoken] == [HostProtocolType.IPMI]
    assert made.device is None
    assert HostInterface.of_ipmi(IpmiDevice.at_place("bt")) is None


def test_a_network_interface_of_others() -> None:
    raw = bytes.fromhex("40 05 02 6B1D 0100 02 04 03 AABBCC F0 01 11")
    found = HostInterface.decode(raw)
    assert (found.interface, found.device) == (HostInterfaceType.NETWORK, DeviceType.USB)
    assert [(one.protocol, one.data) for one in found.spoken] == [
        (HostProtocolType.REDFISH, bytes.fromhex("AABBCC")), (HostProtocolType.OEM, b"\x11"),
    ]  # fmt: skip
    assert found.encode() == raw
    cut = HostInterface.decode(raw[:-1])
    assert len(cut.spoken) == 1
    assert HostInterface.decode(b"\x40\x00").device is None
    assert HostInterface.decode(b"\x40\x00").spoken == ()
