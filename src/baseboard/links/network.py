"""What a LAN channel asks of the network below it, and what that tells of itself (§23); data alone."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface, IPv6Address, IPv6Interface
from typing import Final, NamedTuple

NO_MAC: Final = bytes(6)
"""Nobody's hardware address: find it out."""

NOWHERE: Final = IPv4Address(0)

NEIGHBOR_TIMING: Final = bytes((1, 4, 3, 1, 3, 3, 1, 3, 30, 1, 5, 15, 5))
"""RFC 4861, §10, in seconds and counts; the two random factors in tenths (LAN parameter 80)."""


class Tag(NamedTuple):
    """An 802.1Q tag.

    Attributes:
        vlan_id: 0-4095; 1-4094 are VLANs.
        priority: 0-7.
    """

    vlan_id: int
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Via:
    """How one datagram leaves, where not as all others of the channel do (LAN parameters 19 and 25).

    Attributes:
        mac: of the frame; zeros = as the address says.
        backup_gateway: by the backup gateway, where one is needed.
        tag: of the frame; None = as all others.
    """

    mac: bytes = NO_MAC
    backup_gateway: bool = False
    tag: Tag | None = None


@dataclass(frozen=True, slots=True)
class Router:
    """A router of IPv6 (LAN parameters 65-72 and 74-77).

    Attributes:
        address: its address.
        mac: its hardware address; zeros = find it out.
        prefix: what is reached without it; of length 0 = it is the way to everything.
    """

    address: IPv6Address
    mac: bytes
    prefix: IPv6Interface


@dataclass(frozen=True, slots=True)
class NeighborTiming:
    """Neighbor discovery and SLAAC (LAN parameter 80); seconds and counts.

    Attributes:
        solicitation_delay_s: until the first question for routers.
        solicitation_interval_s: from one such question to the next.
        solicitations: how many of them.
        duplicate_tries: questions whether somebody has the address already.
        multicast_tries: questions for an address that is not known.
        reachable_s: how long an answer holds.
        retransmit_s: from one question to the next.
    """

    solicitation_delay_s: int
    solicitation_interval_s: int
    solicitations: int
    duplicate_tries: int
    multicast_tries: int
    reachable_s: int
    retransmit_s: int

    @classmethod
    def of(cls, block: bytes) -> NeighborTiming:
        """Take it from the bytes of the parameter; what they lack is as by default."""
        whole = block + NEIGHBOR_TIMING[len(block) :]
        return cls(whole[0], whole[1], whole[2], whole[3], whole[4], whole[8], whole[9])


USUAL_TIMING: Final = NeighborTiming.of(b"")


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    """The LAN parameters that count on the wire.

    Attributes:
        mac: hardware address.
        ipv4: address and mask; None = the channel has no IPv4 address of its own.
        dynamic: the address is whatever the interface was given by others, such as a DHCP client.
        gateway: where what is not on the link goes; 0.0.0.0 = nowhere.
        gateway_mac: its hardware address; zeros = find it out.
        backup_gateway: where it goes when that does not answer.
        backup_gateway_mac: its hardware address.
        ttl: of IPv4.
        flags: the three flags of IPv4, 010b = don't fragment.
        tos: precedence and type of service, the byte of IPv4.
        tag: of every frame; only frames with its VLAN are taken. None = frames without a tag alone.
        arp_responses: ARP requests are answered.
        gratuitous_arps: the address is told unasked.
        arp_interval_s: how often.
        ipv6: IPv6 is spoken.
        static: IPv6 addresses by entry; None = the entry is not enabled.
        traffic_class: of IPv6.
        hop_limit: of IPv6.
        flow_label: of IPv6.
        advertised_routers: what routers advertise is heeded.
        static_routers: routers of IPv6 that are set.
        timing: of neighbor discovery.
        port: UDP port of RMCP.
    """

    mac: bytes
    ipv4: IPv4Interface | None = None
    dynamic: bool = False
    gateway: IPv4Address = NOWHERE
    gateway_mac: bytes = NO_MAC
    backup_gateway: IPv4Address = NOWHERE
    backup_gateway_mac: bytes = NO_MAC
    ttl: int = 0x40
    flags: int = 0b010
    tos: int = 0x10
    tag: Tag | None = None
    arp_responses: bool = True
    gratuitous_arps: bool = False
    arp_interval_s: float = 2.0
    ipv6: bool = False
    static: tuple[IPv6Interface | None, ...] = ()
    traffic_class: int = 0
    hop_limit: int = 64
    flow_label: int = 0
    advertised_routers: bool = False
    static_routers: tuple[Router, ...] = ()
    timing: NeighborTiming = USUAL_TIMING
    port: int = 623


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a network can do that not every one can.

    Attributes:
        arp: ARP answers and gratuitous ARPs are switched on and off.
        addresses: addresses, gateways and VLAN are those of the parameters; else they are the host's.
        static_addresses: IPv6 addresses that can be set.
        dynamic_addresses: IPv6 addresses that others may give.
        dhcp: an IPv4 address may come from others.
        usual: what the parameters say as shipped is so without being told.
    """

    arp: bool = False
    addresses: bool = False
    static_addresses: int = 1
    dynamic_addresses: int = 0
    dhcp: bool = True
    usual: bool = False


class AddressStatus(NamedTuple):
    """How an IPv6 address is.

    Attributes:
        source: 0 static, 1 SLAAC, 2 DHCPv6 (LAN parameters 56, 59).
        address: with its prefix length.
        status: 0 active, 1 disabled, 2 pending, 3 failed, 4 deprecated, 5 invalid.
    """

    source: int
    address: IPv6Interface
    status: int


ACTIVE, DISABLED, PENDING, FAILED, DEPRECATED, INVALID = range(6)
STATIC, SLAAC, DHCPV6 = range(3)


@dataclass(frozen=True, slots=True)
class NetworkReport:
    """What a network found out by itself.

    Attributes:
        ipv4: the address that others gave; None = there is none.
        gateway: the default gateway that others gave.
        gateway_mac: of the default gateway in use; zeros = not known.
        backup_gateway_mac: of the backup gateway.
        static: status of each static IPv6 address, by entry.
        dynamic: IPv6 addresses that others gave.
        routers: routers that advertised themselves.
        hop_limit: which they advertised; 0 = none.
    """

    ipv4: IPv4Interface | None = None
    gateway: IPv4Address = NOWHERE
    gateway_mac: bytes = NO_MAC
    backup_gateway_mac: bytes = NO_MAC
    static: tuple[int, ...] = ()
    dynamic: tuple[AddressStatus, ...] = ()
    routers: tuple[Router, ...] = ()
    hop_limit: int = 0


class Counters(NamedTuple):
    """Packets counted since the network began (§23.4); both versions of IP together.

    Attributes:
        ip_received: all that came.
        header_errors: of them, those with a wrong header.
        address_errors: of them, those for somebody else.
        fragments: of them, those that were pieces.
        ip_transmitted: that were sent.
        udp_received: UDP datagrams for a port of the channel.
    """

    ip_received: int = 0
    header_errors: int = 0
    address_errors: int = 0
    fragments: int = 0
    ip_transmitted: int = 0
    udp_received: int = 0
