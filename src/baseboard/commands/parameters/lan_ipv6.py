"""LAN configuration parameters 50-80: IPv6 (Table 23-4, errata)."""

from __future__ import annotations

from ipaddress import IPv6Address

from baseboard.commands.parameters.lan import LanParameter
from baseboard.wire import OpenEnum, at


class Addressing(OpenEnum):
    """Which versions of IP the channel uses (parameter 51)."""

    IPV4_ONLY = 0
    IPV6_ONLY = 1
    BOTH = 2


class Ipv6Source(OpenEnum):
    """Where an IPv6 address comes from (parameters 56, 59)."""

    STATIC = 0
    SLAAC = 1
    DHCPV6 = 2


class Ipv6AddressStatus(OpenEnum):
    """How an IPv6 address is (parameters 56, 59)."""

    ACTIVE = 0
    DISABLED = 1
    PENDING = 2
    FAILED = 3
    DEPRECATED = 4
    INVALID = 5


class TimingSupport(OpenEnum):
    """Whether timers can be configured (parameters 62, 79)."""

    NOT_SUPPORTED = 0
    GLOBAL = 1
    PER_INTERFACE = 2


@LanParameter.of(50)
class Ipv6Support(LanParameter):
    """What the channel can do with IPv6."""

    read_only = True

    alert_destinations: bool = at("1[2]", "IPv6 destinations of LAN alerts")
    simultaneous: bool = at("1[1]", "IPv4 and IPv6 at a time")
    ipv6_only: bool = at("1[0]")


@LanParameter.of(51)
class Ipv6Enables(LanParameter):
    """Which versions of IP the channel uses."""

    addressing: Addressing = at("1")


@LanParameter.of(52)
class Ipv6TrafficClass(LanParameter):
    """Traffic class of the IPv6 headers that the BMC sends."""

    traffic_class: int = at("1", default=0)


@LanParameter.of(53)
class Ipv6HopLimit(LanParameter):
    """Hop limit of the IPv6 headers that the BMC sends."""

    hop_limit: int = at("1", default=64)


@LanParameter.of(54)
class Ipv6FlowLabel(LanParameter):
    """Flow label of the IPv6 headers that the BMC sends."""

    unverified = "the order of its bytes: one implementation reads the least significant first"

    flow_label: int = at("1[3:0]|2|3", "most significant byte first", default=0)


@LanParameter.of(55)
class Ipv6Status(LanParameter):
    """How many addresses the channel can have, and from where."""

    read_only = True

    static_addresses: int = at("1", "at most")
    dynamic_addresses: int = at("2", "at most, SLAAC and DHCPv6")
    slaac: bool = at("3[1]", "supported")
    dhcpv6: bool = at("3[0]", "supported")


@LanParameter.of(56)
class Ipv6StaticAddress(LanParameter):
    """A static address."""

    set_selector: int = at("1", "from 0")
    enabled: bool = at("2[7]", default=False)
    source: Ipv6Source = at("2[3:0]", default=Ipv6Source.STATIC)
    address: IPv6Address = at("3:18")
    prefix_length: int = at("19")
    status: Ipv6AddressStatus = at("20", "read only", default=Ipv6AddressStatus.ACTIVE)


@LanParameter.of(57)
class Ipv6StaticDuidLength(LanParameter):
    """How many blocks a static DUID may have."""

    read_only = True

    blocks: int = at("1", "of 16 bytes")


@LanParameter.of(58)
class Ipv6StaticDuid(LanParameter):
    """A block of a static DHCPv6 unique identifier."""

    unverified = "that the first block begins with the DUID's length"

    set_selector: int = at("1")
    block_selector: int = at("2")
    block: bytes = at("3:", "16 bytes")


@LanParameter.of(59)
class Ipv6DynamicAddress(LanParameter):
    """An address that SLAAC or DHCPv6 gave."""

    read_only = True

    set_selector: int = at("1", "from 0")
    source: Ipv6Source = at("2[3:0]")
    address: IPv6Address = at("3:18")
    prefix_length: int = at("19")
    status: Ipv6AddressStatus = at("20")


@LanParameter.of(60)
class Ipv6DynamicDuidLength(LanParameter):
    """How many blocks a dynamic DUID may have."""

    read_only = True

    blocks: int = at("1", "of 16 bytes")


@LanParameter.of(61)
class Ipv6DynamicDuid(LanParameter):
    """A block of a dynamic DHCPv6 unique identifier."""

    read_only = True
    unverified = "that it is read-only"

    set_selector: int = at("1")
    block_selector: int = at("2")
    block: bytes = at("3:", "16 bytes")


@LanParameter.of(62)
class Dhcpv6TimingSupport(LanParameter):
    """Whether DHCPv6 timers can be configured."""

    read_only = True

    support: TimingSupport = at("1[1:0]")


@LanParameter.of(63)
class Dhcpv6Timing(LanParameter):
    """A block of DHCPv6 timers (RFC 3315, §5.5): 16 of them in block 0, 6 in block 1."""

    unverified = "contents of the blocks: a byte for each timer, in the order in which ipmitool prints them"

    set_selector: int = at("1")
    block_selector: int = at("2")
    block: bytes = at("3:")


@LanParameter.of(64)
class Ipv6RouterControl(LanParameter):
    """Where router addresses come from."""

    dynamic: bool = at("1[1]", "router advertisements")
    static: bool = at("1[0]")


@LanParameter.of(65)
class Ipv6Router1Address(LanParameter):
    """Static router 1's address."""

    address: IPv6Address = at("1:16")


@LanParameter.of(66)
class Ipv6Router1MacAddress(LanParameter):
    """Static router 1's MAC address."""

    mac: bytes = at("1:6")


@LanParameter.of(67)
class Ipv6Router1PrefixLength(LanParameter):
    """Static router 1's prefix length."""

    prefix_length: int = at("1")


@LanParameter.of(68)
class Ipv6Router1Prefix(LanParameter):
    """Static router 1's prefix."""

    prefix: IPv6Address = at("1:16")


@LanParameter.of(69)
class Ipv6Router2Address(LanParameter):
    """Static router 2's address."""

    address: IPv6Address = at("1:16")


@LanParameter.of(70)
class Ipv6Router2MacAddress(LanParameter):
    """Static router 2's MAC address."""

    mac: bytes = at("1:6")


@LanParameter.of(71)
class Ipv6Router2PrefixLength(LanParameter):
    """Static router 2's prefix length."""

    prefix_length: int = at("1")


@LanParameter.of(72)
class Ipv6Router2Prefix(LanParameter):
    """Static router 2's prefix."""

    prefix: IPv6Address = at("1:16")


@LanParameter.of(73)
class Ipv6DynamicRouterCount(LanParameter):
    """How many routers were advertised."""

    read_only = True

    count: int = at("1")


@LanParameter.of(74)
class Ipv6DynamicRouterAddress(LanParameter):
    """An advertised router's address."""

    read_only = True

    set_selector: int = at("1")
    address: IPv6Address = at("2:17")


@LanParameter.of(75)
class Ipv6DynamicRouterMacAddress(LanParameter):
    """An advertised router's MAC address."""

    read_only = True

    set_selector: int = at("1")
    mac: bytes = at("2:7")


@LanParameter.of(76)
class Ipv6DynamicRouterPrefixLength(LanParameter):
    """An advertised router's prefix length."""

    read_only = True

    set_selector: int = at("1")
    prefix_length: int = at("2")


@LanParameter.of(77)
class Ipv6DynamicRouterPrefix(LanParameter):
    """An advertised router's prefix."""

    read_only = True

    set_selector: int = at("1")
    prefix: IPv6Address = at("2:17")


@LanParameter.of(78)
class Ipv6ReceivedHopLimit(LanParameter):
    """The hop limit that routers advertised."""

    read_only = True

    hop_limit: int = at("1")


@LanParameter.of(79)
class NeighborDiscoveryTimingSupport(LanParameter):
    """Whether neighbor discovery and SLAAC timers can be configured."""

    read_only = True

    support: TimingSupport = at("1[1:0]")


@LanParameter.of(80)
class NeighborDiscoveryTiming(LanParameter):
    """A block of neighbor discovery and SLAAC timers (RFC 4861, §10): 13 of them."""

    unverified = "contents of the blocks: a byte for each timer, in the order in which ipmitool prints them"

    set_selector: int = at("1")
    block_selector: int = at("2")
    block: bytes = at("3:")
