"""LAN configuration parameters: what a channel's settings are and who may change them (§23)."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address
from typing import NamedTuple

from baseboard.bmc.blueprint import LanSpec
from baseboard.bmc.services.home import Home
from baseboard.codes import Cc, Privilege
from baseboard.commands.authentication import AuthTypes
from baseboard.commands.parameters import lan as p
from baseboard.commands.parameters import lan_ipv6 as p6
from baseboard.commands.parameters.progress import SetInProgressState
from baseboard.crypto.suites import SUITES
from baseboard.errors import CompletionError

ALERT_DESTINATIONS = 4
"""Non-volatile alert destinations; destination 0 is the volatile one and not counted."""

ENTRIES = 16
_TEN_SECONDS = 10
_LAST_ENTRY = ENTRIES - 1
_VLAN_IDS = range(1, 4095)
_VOLATILE_DESTINATION = 0

# Parameters whose data begin with a set selector, and how many sets there are.
_SETS = {18: ALERT_DESTINATIONS + 1, 19: ALERT_DESTINATIONS + 1, 25: ALERT_DESTINATIONS + 1, 56: 1}
_FIXED = (5, 8, 9)
"""Read-only here: the endpoint's MAC address and ports are given by what the BMC runs on."""


class BadPasswordRule(NamedTuple):
    """Parameter 26, in seconds.

    Attributes:
        threshold: bad passwords in a row that lock a user out; 0 = none do.
        reset_interval_s: seconds without one after which the count is 0; 0 = never.
        lockout_s: how long the user stays out; 0 = until enabled by command.
        log_event: a Session Audit event is logged then.
    """

    threshold: int
    reset_interval_s: int
    lockout_s: int
    log_event: bool


class Statistics:
    """Datagrams of the channel's socket (§23.4); counted up by the server.

    Attributes:
        received: datagrams that came in.
        valid: those of them that are RMCP.
        sent: datagrams that went out.
    """

    __slots__ = ("received", "sent", "valid")
    _MOST = 0xFFFF

    def __init__(self) -> None:
        self.received = self.valid = self.sent = 0

    def read(self, *, clear: bool) -> Statistics:
        """The counters, which stop at FFFFh; ``clear`` sets them to 0 afterwards."""
        counted = Statistics()
        counted.received, counted.valid, counted.sent = (
            min(count, self._MOST) for count in (self.received, self.valid, self.sent)
        )
        if clear:
            self.received = self.valid = self.sent = 0
        return counted


class LanParameters:
    """The LAN parameters of the BMC's LAN channel; only what was changed is kept per BMC."""

    __slots__ = ("_changed", "_entries", "_home", "_levels", "_spec", "_state", "statistics")

    def __init__(self, home: Home) -> None:
        self._home = home
        self._spec = home.blueprint.lan
        self._changed = home.journal.saved("lan")
        self._state = SetInProgressState.SET_COMPLETE
        self._entries = entries(self._spec)
        self._levels: dict[int, int] = {}
        self.statistics = Statistics()
        self._note_levels()

    def get(self, selector: int, set_selector: int) -> bytes:
        """A parameter's data, the set selector repeated where it has one.

        Raises:
            CompletionError: 80h, the BMC has no such parameter; C9h, no such set.
        """
        if selector == 0:
            return bytes((self._state,))
        if selector in _SETS and set_selector >= _SETS[selector]:
            raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)
        changed = self._changed.get(_key(selector, set_selector))
        return self._default(selector, set_selector) if changed is None else changed

    def set(self, parameter: p.LanParameter) -> None:
        """Change a parameter.

        Raises:
            CompletionError: 80h, 81h or 82h of the command; C9h or CCh for values that cannot be.
        """
        selector, data = parameter.selector, parameter.encode()
        if selector == 0:
            self._progress(parameter)
            return
        self.get(selector, data[0] if selector in _SETS else 0)
        if parameter.read_only or selector in _FIXED:
            raise CompletionError(_READ_ONLY)
        self._check(parameter)
        key = _key(selector, data[0])
        self._changed[key] = data
        if not (selector in _SETS and data[0] == _VOLATILE_DESTINATION and selector in _ALERTS):
            self._home.journal.put("lan", key, data)
        self._note_levels()

    def settle(self) -> None:
        """System reset or power-down: a claim to be setting parameters ends (§23.1)."""
        self._state = SetInProgressState.SET_COMPLETE

    def suites(self) -> tuple[int, ...]:
        """Cipher suites on offer, ascending."""
        return tuple(sorted(self._levels))

    def suite_limit(self, suite_id: int) -> int:
        """Highest privilege of a session with that suite; 0 = not on offer."""
        return self._levels.get(suite_id, 0)

    def auth_types(self, privilege: int) -> int:
        """v1.5 authentication types enabled for sessions of that level."""
        return self.get(2, 0)[privilege - 1] if Privilege.CALLBACK <= privilege <= Privilege.OEM else 0

    def v15_enabled(self) -> bool:
        """Whether any v1.5 authentication type is enabled for any level."""
        return any(self.get(2, 0))

    def bad_password_rule(self) -> BadPasswordRule:
        """Parameter 26."""
        rule = p.BadPasswordThreshold.decode(self.get(26, 0))
        return BadPasswordRule(
            rule.threshold,
            rule.reset_interval * _TEN_SECONDS,
            rule.lockout_interval * _TEN_SECONDS,
            rule.log_event,
        )

    def _progress(self, parameter: p.LanParameter) -> None:
        """§23.1: a notice to others; there is no roll-back, so nothing to commit."""
        assert isinstance(parameter, p.SetInProgress)
        if parameter.state not in (SetInProgressState.SET_COMPLETE, SetInProgressState.SET_IN_PROGRESS):
            raise CompletionError(Cc.INVALID_DATA)
        if parameter.state == self._state == SetInProgressState.SET_IN_PROGRESS:
            raise CompletionError(_IN_PROGRESS)
        self._state = parameter.state

    def _check(self, parameter: p.LanParameter) -> None:
        """Refuse what the channel cannot do."""
        supported = self.get(1, 0)[0]
        match parameter:
            case p.AuthenticationTypeEnables():
                wrong = any(enabled & ~supported for enabled in parameter.encode())
            case p.IpAddressSource(source=source):
                wrong = source not in (p.AddressSource.STATIC, p.AddressSource.BIOS, p.AddressSource.DHCP)
            case p.VlanId(enabled=enabled, vlan_id=vlan_id):
                wrong = enabled and vlan_id not in _VLAN_IDS
            case p.CipherSuitePrivilegeLevels():
                usable = {number for number, _ in self._spec.suites}
                pairs = zip(self._entries, parameter.levels, strict=True)
                wrong = any(
                    level > Privilege.OEM or (level and suite not in usable) for suite, level in pairs
                )
            case p.ArpControl():
                # The host's network stack answers ARPs for the BMC, and does neither more nor less when told.
                wrong = parameter.encode() != self._default(parameter.selector, 0)
            case p6.Ipv6Enables(addressing=addressing):
                wrong = addressing not in (p6.Addressing.IPV4_ONLY, p6.Addressing.BOTH)
            case _:
                wrong = False
        if wrong:
            raise CompletionError(Cc.INVALID_DATA)

    def _note_levels(self) -> None:
        """What parameter 24 allows now, by suite."""
        levels = p.CipherSuitePrivilegeLevels.decode(self.get(24, 0)).levels
        self._levels = {
            suite: int(level) for suite, level in zip(self._entries, levels, strict=True) if level
        }

    def _default(self, selector: int, set_selector: int) -> bytes:
        # The port is known only when the endpoint is bound, after this service was made.
        parameter = _default_parameter(selector, set_selector, self._home.blueprint.lan, self._entries)
        if parameter is None:
            raise CompletionError(_NOT_SUPPORTED)
        return parameter.encode()


_NOT_SUPPORTED, _IN_PROGRESS, _READ_ONLY = 0x80, 0x81, 0x82
_ALERTS = (18, 19, 25)


def _key(selector: int, set_selector: int) -> int:
    return selector << 8 | set_selector if selector in _SETS else selector << 8


def entries(spec: LanSpec) -> tuple[int, ...]:
    """The cipher suites of parameter 23, in the order that parameter 24 follows.

    Entry n is suite n, so that the literal reading of parameter 24 and that of ipmitool, FreeIPMI and
    OpenBMC (nibble n is suite n) agree; a suite that the channel has not is there with level 0. Suites from
    16 on have no place of their own: 17, which consoles prefer, is last, others stand where one is missing.
    """
    offered = {number for number, _ in spec.suites}
    listed = list(range(ENTRIES))
    homeless = sorted(offered - set(listed), reverse=True)
    if homeless and _LAST_ENTRY not in offered:
        listed[_LAST_ENTRY] = homeless.pop(homeless.index(17) if 17 in homeless else 0)
    free = [number for number in (*range(4, ENTRIES), 0, 1, 2) if listed[number] not in offered]
    for number, place in zip(sorted(homeless), free, strict=False):
        listed[place] = number
    assert all(number in SUITES for number in listed)
    return tuple(listed)


def _default_parameter(
    selector: int, set_selector: int, spec: LanSpec, listed: tuple[int, ...]
) -> p.LanParameter | None:
    """What a parameter is before anybody changed it; None = the BMC has no such parameter."""
    enabled = AuthTypes(spec.auth_types)
    limits = dict(spec.suites)
    zero = IPv4Address(0)
    # A function each, so that only the one asked for is made.
    simple: dict[int, Callable[[], p.LanParameter]] = {
        1: lambda: p.AuthenticationTypeSupport(auth_types=enabled | AuthTypes.NONE if enabled else enabled),
        2: lambda: p.AuthenticationTypeEnables(
            callback=enabled, user=enabled, operator=enabled, administrator=enabled, oem=enabled
        ),
        3: lambda: p.IpAddress(address=IPv4Address(spec.ip)),
        4: lambda: p.IpAddressSource(source=p.AddressSource.STATIC),
        5: lambda: p.MacAddress(mac=spec.mac),
        6: lambda: p.SubnetMask(mask=IPv4Address(spec.mask)),
        7: p.Ipv4HeaderParameters,
        8: lambda: p.PrimaryRmcpPort(port=spec.port),
        9: p.SecondaryRmcpPort,
        10: lambda: p.ArpControl(arp_responses=True, gratuitous_arps=False),
        11: lambda: p.GratuitousArpInterval(interval=3),
        12: lambda: p.DefaultGatewayAddress(address=IPv4Address(spec.gateway)),
        13: lambda: p.DefaultGatewayMacAddress(mac=bytes(6)),
        14: lambda: p.BackupGatewayAddress(address=zero),
        15: lambda: p.BackupGatewayMacAddress(mac=bytes(6)),
        16: lambda: p.CommunityString(community=b"public".ljust(18, b"\0")),
        17: lambda: p.NumberOfDestinations(count=ALERT_DESTINATIONS),
        18: lambda: p.DestinationType(
            destination=set_selector,
            acknowledged=False,
            kind=p.DestinationKind.PET_TRAP,
            timeout=3,
            retries=0,
        ),
        19: lambda: p.DestinationAddresses(
            destination=set_selector, address=p.Ipv4Destination(address=zero).encode()
        ),
        20: lambda: p.VlanId(vlan_id=0),
        21: p.VlanPriority,
        22: lambda: p.CipherSuiteEntrySupport(count=len(listed)),
        23: lambda: p.CipherSuiteEntries(suites=bytes(listed)),
        24: lambda: p.CipherSuitePrivilegeLevels.of_levels([limits.get(suite, 0) for suite in listed]),
        25: lambda: p.DestinationVlanTags(destination=set_selector),
        26: lambda: p.BadPasswordThreshold(
            threshold=spec.bad_password_threshold,
            reset_interval=0,
            lockout_interval=spec.lockout_s // _TEN_SECONDS,
        ),
    }
    make = simple.get(selector)
    return make() if make is not None else _default_ipv6(selector, set_selector)


def _default_ipv6(selector: int, set_selector: int) -> p.LanParameter | None:
    """IPv6: one static address, no dynamic ones."""
    nowhere = IPv6Address(0)
    simple: dict[int, Callable[[], p.LanParameter]] = {
        50: lambda: p6.Ipv6Support(alert_destinations=False, simultaneous=True, ipv6_only=False),
        51: lambda: p6.Ipv6Enables(addressing=p6.Addressing.IPV4_ONLY),
        52: p6.Ipv6TrafficClass,
        53: p6.Ipv6HopLimit,
        54: p6.Ipv6FlowLabel,
        55: lambda: p6.Ipv6Status(static_addresses=1, dynamic_addresses=0, slaac=False, dhcpv6=False),
        56: lambda: p6.Ipv6StaticAddress(
            set_selector=set_selector, address=nowhere, prefix_length=0, status=p6.Ipv6AddressStatus.DISABLED
        ),
        62: lambda: p6.Dhcpv6TimingSupport(support=p6.TimingSupport.NOT_SUPPORTED),
        64: lambda: p6.Ipv6RouterControl(dynamic=False, static=False),
        65: lambda: p6.Ipv6Router1Address(address=nowhere),
        66: lambda: p6.Ipv6Router1MacAddress(mac=bytes(6)),
        67: lambda: p6.Ipv6Router1PrefixLength(prefix_length=0),
        68: lambda: p6.Ipv6Router1Prefix(prefix=nowhere),
        69: lambda: p6.Ipv6Router2Address(address=nowhere),
        70: lambda: p6.Ipv6Router2MacAddress(mac=bytes(6)),
        71: lambda: p6.Ipv6Router2PrefixLength(prefix_length=0),
        72: lambda: p6.Ipv6Router2Prefix(prefix=nowhere),
        73: lambda: p6.Ipv6DynamicRouterCount(count=0),
        79: lambda: p6.NeighborDiscoveryTimingSupport(support=p6.TimingSupport.NOT_SUPPORTED),
    }
    make = simple.get(selector)
    return None if make is None else make()
