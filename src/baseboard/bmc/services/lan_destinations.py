"""Alert destinations of a LAN channel: where an alert goes, how persistently (§23.2: 18, 19, 25)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

from baseboard.commands.parameters import lan as p
from baseboard.links.network import NO_MAC, Tag, Via

_SIZES: dict[int, int] = {p.AddressFormat.IPV4: 11, p.AddressFormat.IPV6: 16}


@dataclass(frozen=True, slots=True)
class Destination:
    """One alert destination.

    Attributes:
        number: its set selector; 0 = the volatile one, for Alert Immediate.
        kind: what is sent there.
        acknowledged: an alert is repeated until it is acknowledged.
        timeout_s: seconds from one attempt to the next.
        retries: attempts after the first.
        address: where; an address of zeros = nowhere.
        via: by which hardware address, gateway and VLAN.
    """

    number: int
    kind: p.DestinationKind
    acknowledged: bool
    timeout_s: int
    retries: int
    address: IPv4Address | IPv6Address
    via: Via

    @property
    def set_up(self) -> bool:
        """Whether it leads anywhere."""
        return not self.address.is_unspecified


def destination(number: int, read: Callable[[int, int], bytes]) -> Destination:
    """The alert destination of that number.

    Args:
        read: gives the data of a LAN parameter by selector and set selector.

    Raises:
        CompletionError: C9h, there is no such destination.
    """
    kind = p.DestinationType.decode(read(p.DestinationType.selector, number))
    where = p.DestinationAddresses.decode(read(p.DestinationAddresses.selector, number))
    tags = p.DestinationVlanTags.decode(read(p.DestinationVlanTags.selector, number))
    address: IPv4Address | IPv6Address = IPv4Address(0)
    mac, backup = NO_MAC, False
    if where.format == p.AddressFormat.IPV6:
        address = IPv6Address(where.address)
    else:
        target = p.Ipv4Destination.decode(where.address)
        address, mac, backup = target.address, target.mac, target.backup_gateway
    # Without a tag of its own an alert goes as everything else of the channel does: by parameter 20.
    tag = Tag(tags.vlan_id, tags.priority) if tags.format == p.VlanFormat.TAG else None
    return Destination(
        number=number,
        kind=kind.kind,
        acknowledged=kind.acknowledged,
        timeout_s=kind.timeout + 1,
        retries=kind.retries,
        address=address,
        via=Via(mac=mac, backup_gateway=backup, tag=tag),
    )


def is_whole(parameter: p.DestinationAddresses) -> bool:
    """Whether the bytes of a destination's address are as many as its format wants."""
    return len(parameter.address) == _SIZES.get(parameter.format, len(parameter.address))
