"""LAN configuration parameters: what a channel's settings are and who may change them (§23)."""

from __future__ import annotations

from typing import NamedTuple

from baseboard.bmc.services.home import Home
from baseboard.bmc.services.lan_defaults import (
    ALERT_DESTINATIONS,
    TEN_SECONDS,
    default_parameter,
    entries,
)
from baseboard.bmc.services.parameters import NOT_SUPPORTED, READ_ONLY, Progress
from baseboard.codes import Cc, Privilege
from baseboard.commands.parameters import lan as p
from baseboard.commands.parameters import lan_ipv6 as p6
from baseboard.errors import CompletionError

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

    __slots__ = ("_changed", "_entries", "_home", "_levels", "_progress", "_spec", "statistics")

    def __init__(self, home: Home) -> None:
        self._home = home
        self._spec = home.blueprint.lan
        self._changed = home.journal.saved("lan")
        self._progress = Progress()
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
            return bytes((self._progress.state,))
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
        if isinstance(parameter, p.SetInProgress):
            self._progress.set(parameter.state)
            return
        current = self.get(selector, data[0] if selector in _SETS else 0)
        if parameter.read_only or (selector in _FIXED and data != current):
            raise CompletionError(READ_ONLY)
        if selector in _FIXED:
            # QUIRK FreeIPMI ipmi-config: commits all that it checked out; to set what is, is no failure.
            return
        self._check(parameter)
        key = _key(selector, data[0])
        self._changed[key] = data
        if not (selector in _SETS and data[0] == _VOLATILE_DESTINATION and selector in _ALERTS):
            self._home.journal.put("lan", key, data)
        self._note_levels()

    def settle(self) -> None:
        """System reset or power-down: a claim to be setting parameters ends (§23.1)."""
        self._progress.settle()

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
            rule.reset_interval * TEN_SECONDS,
            rule.lockout_interval * TEN_SECONDS,
            rule.log_event,
        )

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
        parameter = default_parameter(selector, set_selector, self._home.blueprint.lan, self._entries)
        if parameter is None:
            raise CompletionError(NOT_SUPPORTED)
        return parameter.encode()


_ALERTS = (18, 19, 25)


def _key(selector: int, set_selector: int) -> int:
    return selector << 8 | set_selector if selector in _SETS else selector << 8
