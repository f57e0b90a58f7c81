"""LAN configuration parameters 0-26 (Table 23-4); 50-80 are in :mod:`.lan_ipv6`."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address
from typing import ClassVar, Self

from baseboard.codes import Privilege
from baseboard.commands.authentication import AuthTypes
from baseboard.commands.parameters.progress import SetInProgressState
from baseboard.errors import EncodeError
from baseboard.wire import Family, OpenEnum, Record, at

_ENTRIES = 16  # cipher suites that parameters 23 and 24 have room for


class AddressSource(OpenEnum):
    """Where the IP address comes from (parameter 4)."""

    UNSPECIFIED = 0
    STATIC = 1
    DHCP = 2
    BIOS = 3
    OTHER = 4


class DestinationKind(OpenEnum):
    """What is sent to an alert destination (parameter 18)."""

    PET_TRAP = 0
    OEM_1 = 6
    OEM_2 = 7


class AddressFormat(OpenEnum):
    """How an alert destination is addressed (parameter 19)."""

    IPV4 = 0
    IPV6 = 1


class VlanFormat(OpenEnum):
    """Whether an alert destination has a VLAN tag of its own (parameter 25)."""

    NO_TAG = 0
    TAG = 1


class LanParameter(Family):
    """A LAN configuration parameter, by selector (Table 23-4).

    Attributes:
        read_only: a write is refused (82h).
        unverified: what of its layout no readable source confirms; empty if all is.
    """

    read_only: ClassVar[bool] = False
    unverified: ClassVar[str] = ""


@LanParameter.of(0)
class SetInProgress(LanParameter):
    """Who changes parameters says so; a notice, not a lock; volatile."""

    state: SetInProgressState = at("1[1:0]")


@LanParameter.of(1)
class AuthenticationTypeSupport(LanParameter):
    """Which authentication types the channel can do."""

    read_only = True

    auth_types: AuthTypes = at("1[5:0]")


@LanParameter.of(2)
class AuthenticationTypeEnables(LanParameter):
    """Which authentication types may be used, by level; v1.5 logins only."""

    callback: AuthTypes = at("1[5:0]")
    user: AuthTypes = at("2[5:0]")
    operator: AuthTypes = at("3[5:0]")
    administrator: AuthTypes = at("4[5:0]")
    oem: AuthTypes = at("5[5:0]")


@LanParameter.of(3)
class IpAddress(LanParameter):
    """The channel's IP address."""

    address: IPv4Address = at("1:4")


@LanParameter.of(4)
class IpAddressSource(LanParameter):
    """Where the IP address comes from."""

    source: AddressSource = at("1[3:0]")


@LanParameter.of(5)
class MacAddress(LanParameter):
    """The channel's MAC address."""

    mac: bytes = at("1:6", "as sent, most significant byte first")


@LanParameter.of(6)
class SubnetMask(LanParameter):
    """The subnet mask."""

    mask: IPv4Address = at("1:4")


@LanParameter.of(7)
class Ipv4HeaderParameters(LanParameter):
    """Fields of the IP headers that the BMC sends."""

    time_to_live: int = at("1", default=0x40)
    flags: int = at("2[7:5]", "010b = don't fragment", default=0b010)
    precedence: int = at("3[7:5]", default=0)
    type_of_service: int = at("3[4:1]", "1000b = minimize delay", default=0b1000)


@LanParameter.of(8)
class PrimaryRmcpPort(LanParameter):
    """The UDP port of RMCP."""

    port: int = at("1:2", default=623)


@LanParameter.of(9)
class SecondaryRmcpPort(LanParameter):
    """The UDP port of secured RMCP."""

    port: int = at("1:2", default=664)


@LanParameter.of(10)
class ArpControl(LanParameter):
    """Which ARPs the BMC generates."""

    arp_responses: bool = at("1[1]")
    gratuitous_arps: bool = at("1[0]")


@LanParameter.of(11)
class GratuitousArpInterval(LanParameter):
    """How often the BMC tells its address unasked."""

    interval: int = at("1", "of 500 ms, 0-based")


@LanParameter.of(12)
class DefaultGatewayAddress(LanParameter):
    """The default gateway's IP address."""

    address: IPv4Address = at("1:4")


@LanParameter.of(13)
class DefaultGatewayMacAddress(LanParameter):
    """The default gateway's MAC address."""

    mac: bytes = at("1:6")


@LanParameter.of(14)
class BackupGatewayAddress(LanParameter):
    """The backup gateway's IP address."""

    address: IPv4Address = at("1:4")


@LanParameter.of(15)
class BackupGatewayMacAddress(LanParameter):
    """The backup gateway's MAC address."""

    mac: bytes = at("1:6")


@LanParameter.of(16)
class CommunityString(LanParameter):
    """The community string of the traps that the BMC sends."""

    community: bytes = at("1:18", "padded with 00h; default 'public'", secret=True)


@LanParameter.of(17)
class NumberOfDestinations(LanParameter):
    """How many alert destinations are stored; destination 0 is not counted."""

    read_only = True

    count: int = at("1[3:0]", "0 = no LAN alerting")


@LanParameter.of(18)
class DestinationType(LanParameter):
    """What is sent to an alert destination, and how persistently."""

    destination: int = at("1[3:0]", "set selector; 0 = volatile, for Alert Immediate")
    acknowledged: bool = at("2[7]", "the alert is sent until acknowledged")
    kind: DestinationKind = at("2[2:0]")
    timeout: int = at("3", "seconds until the next attempt, 0-based")
    retries: int = at("4[2:0]")


class Ipv4Destination(Record):
    """Where an alert goes by IPv4 (parameter 19, format 0)."""

    backup_gateway: bool = at("1[0]", "0 = default gateway", default=False)
    address: IPv4Address = at("2:5")
    mac: bytes = at("6:11", default=bytes(6))


@LanParameter.of(19)
class DestinationAddresses(LanParameter):
    """Where an alert goes."""

    destination: int = at("1[3:0]", "set selector")
    format: AddressFormat = at("2[7:4]", default=AddressFormat.IPV4)
    address: bytes = at("3:", "Ipv4Destination, or the 16 bytes of an IPv6 address")


@LanParameter.of(20)
class VlanId(LanParameter):
    """802.1q VLAN ID."""

    enabled: bool = at("1:2[15]", default=False)
    vlan_id: int = at("1:2[11:0]")


@LanParameter.of(21)
class VlanPriority(LanParameter):
    """802.1q VLAN priority."""

    priority: int = at("1[2:0]", default=0)


@LanParameter.of(22)
class CipherSuiteEntrySupport(LanParameter):
    """How many cipher suites the channel has."""

    read_only = True

    count: int = at("1[4:0]", "1-16; 0 = none")


@LanParameter.of(23)
class CipherSuiteEntries(LanParameter):
    """The cipher suites of the channel."""

    read_only = True

    suites: bytes = at("2:", "their IDs, 16 at most")


@LanParameter.of(24)
class CipherSuitePrivilegeLevels(LanParameter):
    """The highest level that a session under each cipher suite may have.

    Nibble n belongs to entry n of parameter 23, read literally; ipmitool, FreeIPMI and OpenBMC take n
    for the suite's ID. Suites listed in the order of their IDs from 0 satisfy both.
    """

    nibbles: bytes = at("2:9", "16 nibbles, low one first; 0 = suite not usable")

    @classmethod
    def of_levels(cls, levels: Sequence[int]) -> Self:
        """Make it of levels; entries without one get 0.

        Args:
            levels: of entries 1, 2 ...: 16 at most, 0-15 each.

        Raises:
            EncodeError: there are more, or one is no such number.
        """
        if len(levels) > _ENTRIES or not all(0 <= level <= 0x0F for level in levels):
            raise EncodeError(f"{cls.__name__}: {list(levels)!r} are not up to 16 levels")
        full = [*levels, *[0] * (_ENTRIES - len(levels))]
        return cls(nibbles=bytes(low | high << 4 for low, high in zip(full[::2], full[1::2], strict=True)))

    @property
    def levels(self) -> tuple[Privilege, ...]:
        """The 16 levels; RESERVED (0) = suite not usable."""
        return tuple(Privilege(level) for byte in self.nibbles for level in (byte & 0x0F, byte >> 4))


@LanParameter.of(25)
class DestinationVlanTags(LanParameter):
    """The 802.1q tag of what is sent to an alert destination."""

    destination: int = at("1[3:0]", "set selector")
    format: VlanFormat = at("2[7:4]", default=VlanFormat.NO_TAG)
    priority: int = at("3:4[15:13]", default=0)
    canonical: bool = at("3:4[12]", "canonical format indicator", default=False)
    vlan_id: int = at("3:4[11:0]", default=0)


@LanParameter.of(26)
class BadPasswordThreshold(LanParameter):
    """After how many bad passwords a user is locked out, and for how long."""

    log_event: bool = at("1[0]", "a Session Audit event when a user is disabled", default=False)
    threshold: int = at("2", "0 = no lock-out")
    reset_interval: int = at("3:4", "of 10 s without an attempt, then the count is 0; 0 = never")
    lockout_interval: int = at("5:6", "of 10 s; 0 = until enabled by command")
