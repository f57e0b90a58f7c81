"""What cannot be written to a LAN parameter (§23.1)."""

from __future__ import annotations

from baseboard.bmc.blueprint import LanSpec
from baseboard.bmc.services.lan_wire import Read
from baseboard.codes import Privilege
from baseboard.commands.parameters import lan as p
from baseboard.commands.parameters import lan_ipv6 as p6
from baseboard.links.network import Abilities

VLAN_IDS = range(1, 4095)
"""802.1Q keeps 0 and 4095 for itself."""

_PREFIX_LENGTHS = range(129)
_BLOCK = 16
_ADDRESS_SOURCES = (p.AddressSource.STATIC, p.AddressSource.BIOS, p.AddressSource.DHCP)
_ALL_ONES = 0xFFFF_FFFF


def impossible(
    parameter: p.LanParameter, read: Read, entries: tuple[int, ...], spec: LanSpec, abilities: Abilities
) -> bool:
    """Whether the channel cannot do what is to be written.

    Args:
        parameter: as written.
        read: gives the data of a LAN parameter, as it is stored.
        entries: the cipher suite entries of parameter 23.
        spec: the channel as shipped.
        abilities: of the network below it.
    """
    match parameter:
        case p.AuthenticationTypeEnables():
            supported = read(1, 0)[0]
            return any(enabled & ~supported for enabled in parameter.encode())
        case p.CipherSuitePrivilegeLevels():
            usable = {number for number, _ in spec.suites}
            pairs = zip(entries, parameter.levels, strict=True)
            return any(level > Privilege.OEM or (level and suite not in usable) for suite, level in pairs)
        case p.DestinationAddresses(format=form):
            return form not in tuple(p.AddressFormat)
        case p.DestinationVlanTags(format=form, vlan_id=vlan_id):
            return form not in tuple(p.VlanFormat) or (form == p.VlanFormat.TAG and vlan_id not in VLAN_IDS)
        case p.ArpControl():
            # On a socket of the host that answers ARPs itself, and does neither more nor less when told.
            return not abilities.arp and parameter.encode() != b"\x02"
        case _:
            return _wrong_address(parameter, abilities)


def _wrong_address(parameter: p.LanParameter, abilities: Abilities) -> bool:
    """The same for what addresses are made of."""
    match parameter:
        case p.IpAddress(address=address):
            return abilities.addresses and (address.is_multicast or int(address) == _ALL_ONES)
        case p.IpAddressSource(source=source):
            return source not in _ADDRESS_SOURCES or (source == p.AddressSource.DHCP and not abilities.dhcp)
        case p.SubnetMask(mask=mask):
            hosts = ~int(mask) & _ALL_ONES
            return bool(hosts & (hosts + 1))
        case p.VlanId(enabled=enabled, vlan_id=vlan_id):
            return enabled and vlan_id not in VLAN_IDS
        case p6.Ipv6Enables(addressing=addressing):
            wanted = {p6.Addressing.IPV4_ONLY, p6.Addressing.BOTH}
            return addressing not in (wanted | {p6.Addressing.IPV6_ONLY} if abilities.addresses else wanted)
        case p6.Ipv6StaticAddress(address=address, prefix_length=length, source=source):
            return address.is_multicast or length not in _PREFIX_LENGTHS or source != p6.Ipv6Source.STATIC
        case (
            p6.Ipv6Router1PrefixLength(prefix_length=length)
            | p6.Ipv6Router2PrefixLength(prefix_length=length)
        ):
            return length not in _PREFIX_LENGTHS
        case (
            p6.Ipv6StaticDuid(block=block)
            | p6.Dhcpv6Timing(block=block)
            | p6.NeighborDiscoveryTiming(block=block)
        ):
            return len(block) > _BLOCK
        case _:
            return False
