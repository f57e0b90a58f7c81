"""LAN configuration parameters: what a channel's settings are and who may change them (§23)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from baseboard.bmc.services.home import Home
from baseboard.bmc.services.lan_checks import impossible
from baseboard.bmc.services.lan_defaults import (
    ALERT_DESTINATIONS,
    STATIC_DUID_BLOCKS,
    TEN_SECONDS,
    default_parameter,
    entries,
)
from baseboard.bmc.services.lan_destinations import Destination, destination, is_whole
from baseboard.bmc.services.lan_found import FOUND, duid_block, found
from baseboard.bmc.services.lan_network import LanNetwork
from baseboard.bmc.services.lan_statistics import Statistics
from baseboard.bmc.services.lan_wire import ON_THE_WIRE
from baseboard.bmc.services.parameters import NOT_SUPPORTED, READ_ONLY, Progress
from baseboard.codes import Cc, Privilege
from baseboard.commands.parameters import lan as p
from baseboard.commands.parameters import lan_ipv6 as p6
from baseboard.commands.parameters.progress import SetInProgressState
from baseboard.errors import CompletionError
from baseboard.rmcp.machine import Address

_VOLATILE_DESTINATION = 0
_ALERTS = (18, 19, 25)
_ALERT_PORT = 162
"""Where SNMP traps are heard."""

_BLOCKS = {58: STATIC_DUID_BLOCKS, 63: 2, 80: 1}
"""Parameters in blocks of 16 bytes, and how many."""

_BLOCK = 16
_STATIC = 56
_BY_ABILITY = (_STATIC, 59)
_SETS = dict.fromkeys(_ALERTS, ALERT_DESTINATIONS + 1) | {58: 1, 63: 1, 80: 1}
"""Parameters whose data begin with a set selector, and how many sets they have on every network."""

_FOUND_TABLES = range(74, 78)
_FIXED = (5, 8, 9)
"""Read-only here: the endpoint's MAC address and ports are given by what the BMC runs on."""

_GIVEN = (3, 6, 12)
"""What comes from others while the address source is DHCP."""


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


class LanParameters:
    """The LAN parameters of the BMC's LAN channel; only what was changed is kept per BMC.

    Attributes:
        network: what is below the channel.
        statistics: what the channel counts.
    """

    __slots__ = ("_changed", "_entries", "_home", "_levels", "_progress", "_spec", "network", "statistics")

    def __init__(self, home: Home) -> None:
        self._home = home
        self._spec = home.blueprint.lan
        self._changed = home.journal.saved("lan")
        self.network = LanNetwork(home, self._stored, self._changed)
        self._progress = Progress(self.network.committed)
        self._entries = entries(self._spec)
        self.statistics = Statistics()
        self._note_levels()

    def stop(self) -> None:
        """End every timer."""
        self.network.stop()

    def get(self, selector: int, set_selector: int, block_selector: int = 0) -> bytes:
        """A parameter's data, set and block selector repeated where it has them.

        Raises:
            CompletionError: 80h, the BMC has no such parameter; C9h, no such set or block.
        """
        if selector == p.SetInProgress.selector:
            return bytes((self._progress.state,))
        if selector == p6.Ipv6DynamicDuid.selector and self.network.abilities.dynamic_addresses:
            block = None if set_selector else duid_block(self._stored(5, 0), block_selector)
            if block is None:
                raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)
            return bytes((set_selector, block_selector)) + block
        data = self._stored(selector, set_selector, block_selector)
        if selector not in FOUND:
            return data
        said = found(selector, set_selector, data, self._source(), self.network.report())
        if said is None:
            raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)
        return said

    def set(self, parameter: p.LanParameter) -> None:
        """Change a parameter.

        Raises:
            CompletionError: 80h, 81h or 82h of the command; C9h or CCh for values that cannot be; D5h, what
                is to be set comes from others now.
        """
        selector, data = parameter.selector, parameter.encode()
        if isinstance(parameter, p.SetInProgress):
            self._claim(parameter.state)
            return
        set_selector = 0 if self._sets(selector) is None else data[0]
        block_selector = data[1] if selector in _BLOCKS else 0
        current = self.get(selector, set_selector, block_selector)
        if parameter.read_only or (selector in _FIXED and data != current):
            raise CompletionError(READ_ONLY)
        if selector in _FIXED:
            # QUIRK FreeIPMI ipmi-config: commits all that it checked out; to set what is, is no failure.
            return
        abilities = self.network.abilities
        if selector in _GIVEN and abilities.addresses and self._source() == p.AddressSource.DHCP:
            raise CompletionError(Cc.NOT_SUPPORTED_IN_STATE)
        if isinstance(parameter, p.DestinationAddresses) and not is_whole(parameter):
            raise CompletionError(Cc.INVALID_LENGTH)
        if impossible(parameter, self._stored, self._entries, self._spec, abilities):
            raise CompletionError(Cc.INVALID_DATA)
        if isinstance(parameter, p.IpAddressSource) and parameter.source != p.AddressSource.DHCP:
            self._keep_given()
        if selector in _BLOCKS:
            data = data[:2] + data[2:].ljust(_BLOCK, b"\0")
        elif isinstance(parameter, p6.Ipv6StaticAddress):
            # Its status is told, never set.
            data = data[:-1] + bytes(1)
        self._put(selector, set_selector, block_selector, data)
        self._note_levels()
        if selector in ON_THE_WIRE:
            self.network.written(claimed=self._progress.claimed)

    def settle(self) -> None:
        """System reset or power-down: a claim to be setting parameters ends (§23.1)."""
        self._progress.settle()
        self.network.completed()

    def destination(self, number: int) -> Destination:
        """An alert destination; 0 is the volatile one.

        Raises:
            CompletionError: C9h, there is none of that number.
        """
        return destination(number, self._stored)

    def send_alert(self, to: Destination, payload: bytes, port: int = _ALERT_PORT) -> bool:
        """Send a datagram to an alert destination, from the channel's own port, by the way that it names.

        Returns: whether it was sent: False where the destination has no address, or one of IPv6 while the
            channel speaks none.
        """
        if not to.set_up or (to.address.version == 6 and not self.network.speaks_ipv6):
            return False
        where = str(to.address)
        address: Address = (where, port) if to.address.version == 4 else (where, port, 0, 0)
        self.statistics.sent += 1
        self.network.send(payload, address, to.via)
        return True

    def suites(self) -> tuple[int, ...]:
        """Cipher suites on offer, ascending."""
        return tuple(sorted(self._levels))

    def suite_limit(self, suite_id: int) -> int:
        """Highest privilege of a session with that suite; 0 = not on offer."""
        return self._levels.get(suite_id, 0)

    def v20_enabled(self) -> bool:
        """Whether any suite is on offer."""
        return bool(self._levels)

    def auth_types(self, privilege: int) -> int:
        """v1.5 authentication types enabled for sessions of that level."""
        return self._stored(2, 0)[privilege - 1] if Privilege.CALLBACK <= privilege <= Privilege.OEM else 0

    def v15_enabled(self) -> bool:
        """Whether any v1.5 authentication type is enabled for any level."""
        return any(self._stored(2, 0))

    def bad_password_rule(self) -> BadPasswordRule:
        """Parameter 26."""
        rule = p.BadPasswordThreshold.decode(self._stored(26, 0))
        return BadPasswordRule(
            rule.threshold,
            rule.reset_interval * TEN_SECONDS,
            rule.lockout_interval * TEN_SECONDS,
            rule.log_event,
        )

    def _claim(self, state: SetInProgressState) -> None:
        self._progress.set(state)
        if not self._progress.claimed:
            self.network.completed()

    def _source(self) -> int:
        return self._stored(p.IpAddressSource.selector, 0)[0]

    def _keep_given(self) -> None:
        """What DHCP gave stays when the source becomes another one."""
        if self._source() == p.AddressSource.DHCP:
            given = {selector: self.get(selector, 0) for selector in _GIVEN}
            for selector, data in given.items():
                self._put(selector, 0, 0, data)

    def _sets(self, selector: int) -> int | None:
        """How many sets a parameter has whose data begin with a set selector; None = they do not."""
        if selector in _BY_ABILITY:
            abilities = self.network.abilities
            return abilities.static_addresses if selector == _STATIC else abilities.dynamic_addresses
        return _SETS.get(selector)

    def _put(self, selector: int, set_selector: int, block_selector: int, data: bytes) -> None:
        key = _key(selector, set_selector, block_selector)
        self._changed[key] = data
        if not (selector in _ALERTS and set_selector == _VOLATILE_DESTINATION):
            self._home.journal.put("lan", key, data)

    def _stored(self, selector: int, set_selector: int, block_selector: int = 0) -> bytes:
        """What is stored of a parameter, or how it was shipped."""
        sets = self._sets(selector)
        if sets is None:
            set_selector = set_selector if selector in _FOUND_TABLES else 0
        default = self._default(selector, set_selector, block_selector)
        if (sets is not None and set_selector >= sets) or block_selector >= _BLOCKS.get(selector, 0x100):
            raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)
        changed = self._changed.get(_key(selector, set_selector, block_selector))
        return default if changed is None else changed

    def _note_levels(self) -> None:
        """What parameter 24 allows now, by suite."""
        self._levels = _levels(self._stored(24, 0), self._entries)

    def _default(self, selector: int, set_selector: int, block_selector: int) -> bytes:
        # The port is known only when the endpoint is bound, after this service was made.
        spec, abilities = self._home.blueprint.lan, self.network.abilities
        parameter = default_parameter(
            selector, set_selector, spec, self._entries, abilities, block_selector=block_selector
        )
        if parameter is None:
            raise CompletionError(NOT_SUPPORTED)
        return parameter.encode()


@lru_cache(maxsize=64)
def _levels(stored: bytes, listed: tuple[int, ...]) -> Mapping[int, int]:
    """What parameter 24 allows, by suite; the same object for the same bytes."""
    levels = p.CipherSuitePrivilegeLevels.decode(stored).levels
    return {suite: int(level) for suite, level in zip(listed, levels, strict=True) if level}


def _key(selector: int, set_selector: int, block_selector: int) -> int:
    # Blocks came later: their keys are apart from those of older stores.
    key = selector << 8 | set_selector
    return key << 8 | block_selector if selector in _BLOCKS else key
