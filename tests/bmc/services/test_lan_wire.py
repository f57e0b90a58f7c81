"""From LAN parameters to what counts on the wire (§23.2)."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Interface, IPv6Address, IPv6Interface

from baseboard.bmc.blueprint import LanSpec
from baseboard.bmc.services.lan_defaults import default_parameter, entries
from baseboard.bmc.services.lan_wire import ON_THE_WIRE, wire_settings
from baseboard.links.network import Abilities, NeighborTiming, NetworkSettings, Router, Tag

SPEC = LanSpec(ip="10.0.0.5", mask="255.255.255.0", mac=bytes(range(6)))
ABLE = Abilities(arp=True, addresses=True, static_addresses=2, dynamic_addresses=2)


def settings(changes: dict[int, str], abilities: Abilities = ABLE, spec: LanSpec = SPEC) -> NetworkSettings:
    """What is told to the network when these parameters have these bytes; of tables the second entry."""

    def read(selector: int, set_selector: int) -> bytes:
        if selector in changes and set_selector in (0, 1):
            data = bytes.fromhex(changes[selector])
            if selector != 56 or data[0] == set_selector:
                return data
        parameter = default_parameter(selector, set_selector, spec, entries(spec), abilities)
        assert parameter is not None
        return parameter.encode()

    return wire_settings(read, abilities, 623)


def test_a_bmc_as_shipped() -> None:
    found = settings({})
    assert found == NetworkSettings(
        mac=bytes(range(6)),
        ipv4=IPv4Interface("10.0.0.5/24"),
        static=(None, None),
        advertised_routers=True,
    )


def test_every_parameter_of_the_wire_is_told() -> None:
    changed = {
        3: "c0000207", 4: "01", 6: "ffffff80", 7: "21 e0 fe", 10: "01", 11: "09", 12: "c0000201",
        13: "020000000001", 14: "c0000202", 15: "020000000002", 20: "64 80", 21: "05", 51: "02",
        52: "b8", 53: "09", 54: "012345", 56: "01 80 20010db8000000000000000000000005 40 00", 64: "01",
        65: "fe80000000000000000000000000000a", 66: "020000000003", 67: "30",
        68: "20010db8000900000000000000000000", 69: "fe80000000000000000000000000000b",
        70: "000000000000", 71: "00", 72: "0" * 32, 80: "0000 02050103 04000000 1e02",
    }  # fmt: skip
    assert set(changed) == ON_THE_WIRE
    assert settings(changed) == NetworkSettings(
        mac=bytes(range(6)),
        ipv4=IPv4Interface("192.0.2.7/25"),
        gateway=IPv4Address("192.0.2.1"),
        gateway_mac=bytes.fromhex("020000000001"),
        backup_gateway=IPv4Address("192.0.2.2"),
        backup_gateway_mac=bytes.fromhex("020000000002"),
        ttl=0x21,
        flags=0b111,
        tos=0xFE,
        tag=Tag(100, 5),
        arp_responses=False,
        gratuitous_arps=True,
        arp_interval_s=5.0,
        ipv6=True,
        static=(None, IPv6Interface("2001:db8::5/64")),
        traffic_class=0xB8,
        hop_limit=9,
        flow_label=0x12345,
        advertised_routers=False,
        static_routers=(
            Router(IPv6Address("fe80::a"), bytes.fromhex("020000000003"), IPv6Interface("2001:db8:9::/48")),
            Router(IPv6Address("fe80::b"), bytes(6), IPv6Interface("::/0")),
        ),
        timing=NeighborTiming(2, 5, 1, 3, 4, 0x1E, 2),
    )


def test_a_vlan_that_is_not_enabled_is_none() -> None:
    assert settings({20: "64 00", 21: "05"}).tag is None


def test_without_an_address_or_with_ipv6_alone_there_is_no_ipv4() -> None:
    assert settings({3: "00000000"}).ipv4 is None
    six = settings({51: "01"})
    assert (six.ipv4, six.dynamic, six.ipv6) == (None, False, True)
    assert settings({4: "02", 51: "01"}).dynamic is False
    given = settings({4: "02"})
    assert (given.ipv4, given.dynamic) == (None, True)


def test_on_sockets_of_the_host_there_is_no_timing() -> None:
    found = settings({}, Abilities())
    assert found.timing == NeighborTiming.of(b"")
    assert (found.static, found.advertised_routers) == ((None,), False)
    entry = "00 80 00000000000000000000000000000000 40 00"
    assert settings({56: entry}, Abilities()).static == (None,)
