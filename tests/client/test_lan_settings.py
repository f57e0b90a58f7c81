"""`bmc.lan`: the LAN parameters, in the order that every controller bears."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest

from baseboard.commands.parameters.lan import (
    AddressSource,
    BackupGatewayAddress,
    CommunityString,
    DefaultGatewayAddress,
    DestinationType,
    DestinationVlanTags,
    IpAddress,
    IpAddressSource,
    MacAddress,
    NumberOfDestinations,
    SubnetMask,
    VlanFormat,
    VlanId,
    VlanPriority,
)
from baseboard.commands.parameters.lan_ipv6 import Ipv6StaticAddress
from baseboard.errors import CompletionError, NoEffect
from tests.client.harness import desk

SET, GET = (0x0C, 0x01), (0x0C, 0x02)
REVISION = b"\0\x11"


def written(asked: list[tuple[int, int, bytes]]) -> list[int]:
    """The parameters that were written, Set In Progress left out."""
    return [data[1] for netfn, cmd, data in asked if (netfn, cmd) == SET and data[1]]


async def test_everything_that_there_is() -> None:
    at = desk(channel=1)
    reading = await at.bmc.lan.read_all()
    address = reading.get(IpAddress)
    assert address is not None
    assert address.address == IPv4Address("127.0.0.1")
    assert {selector for selector, _ in reading.missing} <= set(range(27))
    channel = await at.bmc.lan.first()
    assert channel is not None
    assert channel.channel == 1
    with_tables = await channel.read_all(destinations=True, ipv6=True)
    count = with_tables.get(NumberOfDestinations)
    assert len(with_tables.all(DestinationType)) == (0 if count is None else count.count + 1)
    assert await desk({(0x06, 0x42): b"\xcc"}).bmc.lan.first() is None


async def test_a_fixed_address() -> None:
    at = desk(channel=1)
    channel = at.bmc.lan.channel(1)
    await channel.set_static("192.0.2.7", "255.255.255.0", "192.0.2.1")
    assert written(at.script.asked) == [4, 3, 6, 12]
    assert (await channel.get(IpAddress)).address == IPv4Address("192.0.2.7")
    await channel.set_static("192.0.2.8", "255.255.255.0")
    assert (await channel.get(DefaultGatewayAddress)).address == IPv4Address("192.0.2.1")
    await channel.set_source(AddressSource.DHCP)
    assert (await channel.get(IpAddressSource)).source == AddressSource.DHCP


async def test_the_gateway_that_the_mask_changed_is_written_again() -> None:
    """Q-LANMASKGW."""
    shelf = {4: b"\1", 3: bytes(4), 6: bytes(4), 12: bytes((10, 0, 0, 1))}

    def store(data: bytes) -> bytes:
        shelf[data[1]] = data[2:]
        if data[1] == 6:
            shelf[12] = bytes(4)
        return b"\0"

    at = desk({SET: store, GET: lambda data: REVISION + shelf[data[1]] if data[1] in shelf else b"\x80"})
    await at.bmc.lan.channel(1).set_static("10.0.0.5", "255.0.0.0")
    assert shelf[12] == bytes((10, 0, 0, 1))


async def test_any_order_becomes_the_right_one() -> None:
    at = desk(channel=1)
    address = IPv4Address("192.0.2.1")
    await at.bmc.lan.channel(1).change(
        [
            VlanPriority(priority=3),
            DefaultGatewayAddress(address=address),
            BackupGatewayAddress(address=address),
            SubnetMask(mask=IPv4Address("255.255.0.0")),
            IpAddress(address=address),
            IpAddressSource(source=AddressSource.STATIC),
            CommunityString(community=b"public".ljust(18, b"\0")),
        ]
    )
    assert written(at.script.asked) == [4, 3, 6, 14, 12, 16, 21]


async def test_a_vlan() -> None:
    channel = desk(channel=1).bmc.lan.channel(1)
    await channel.set_vlan(42, priority=2)
    assert await channel.get(VlanId) == VlanId(enabled=True, vlan_id=42)
    await channel.set_vlan(None)
    assert await channel.get(VlanId) == VlanId(enabled=False, vlan_id=42)
    assert (await channel.get(VlanPriority)).priority == 2


async def test_the_tag_of_an_alert() -> None:
    channel = desk(channel=1).bmc.lan.channel(1)
    await channel.set_alert_vlan(1, 200, priority=6)
    found = await channel.get(DestinationVlanTags, 1)
    assert (found.format, found.vlan_id, found.priority) == (VlanFormat.TAG, 200, 6)
    await channel.set_alert_vlan(1, None)
    assert await channel.get(DestinationVlanTags, 1) == DestinationVlanTags(destination=1)


@pytest.mark.parametrize("code", [0x80, 0xD5, 0x82])
async def test_every_way_to_say_read_only(code: int) -> None:
    """Q-READONLY."""
    channel = desk({SET: lambda data: bytes((code,)) if data[1] else b"\0"}).bmc.lan.channel(1)
    with pytest.raises(CompletionError) as refused:
        await channel.change([MacAddress(mac=bytes(6))])
    assert refused.value.code == 0x82
    with pytest.raises(CompletionError) as refused:
        await channel.change([VlanPriority(priority=1)])
    assert refused.value.code == code


async def test_ipv6_addresses() -> None:
    shelf = {50: b"\x07", 51: b"\x02", 55: b"\x02\x01\x03"}
    static = [b"\x80" + bytes(15) + b"\x01" + b"\x40" + b"\0", b"\0" + bytes(16) + b"\0\1"]

    def fetch(data: bytes) -> bytes:
        selector, entry = data[1], data[2]
        if selector == 56 and entry < 2:
            return REVISION + bytes((entry,)) + static[entry]
        if selector == 59 and entry < 1:
            return REVISION + bytes((entry, 1)) + bytes(15) + b"\x09\x40\0"
        return REVISION + shelf[selector] if selector in shelf else b"\x80"

    def store(data: bytes) -> bytes:
        if data[1] == 56:
            static[data[2]] = data[3:]
        return b"\0"

    at = desk({GET: fetch, SET: store})
    channel = at.bmc.lan.channel(1)
    fixed, dynamic = await channel.ipv6_addresses()
    assert [one.address for one in fixed] == [IPv6Address("::1"), IPv6Address("::")]
    assert [one.address for one in dynamic] == [IPv6Address("::9")]
    await channel.set_ipv6_static("2001:db8::5", 64, entry=1)
    assert (await channel.get(Ipv6StaticAddress, 1)).address == IPv6Address("2001:db8::5")
    at.script.lines[SET] = b"\0"
    with pytest.raises(NoEffect, match="IPv6"):
        await channel.set_ipv6_static("2001:db8::6", 64, entry=1)
    for gone in (55, 50):
        del shelf[gone]
        assert await channel.ipv6_addresses() == ([], [])


async def test_statistics_and_arps() -> None:
    at = desk({(0x0C, 0x04): b"\0" + bytes(range(18)), (0x0C, 0x03): b"\0\x03"})
    channel = at.bmc.lan.channel(1)
    assert (await channel.statistics(clear=True)).udp_packets_received == 0x0B0A
    assert at.script.asked[-1][2] == b"\x01\x01"
    assert (await channel.suspend_arps(responses=True)).arp_responses
    assert at.script.asked[-1][2] == b"\x01\x02"
