"""Between the LAN parameters and the network below the channel: when what is set counts (§23.1, §23.3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from baseboard.bmc.clock import Timer
from baseboard.bmc.ports import NetworkPort
from baseboard.bmc.services.home import Home
from baseboard.bmc.services.lan_wire import Read, wire_settings
from baseboard.links.network import Abilities, Counters, NetworkReport, NetworkSettings, Via
from baseboard.rmcp.machine import Address

COMMIT_GRACE_S: Final = 5.0
"""After Commit Write, until what was written counts even if nobody says that the setting is complete.

The two come right after each other; between them the address, or the VLAN, must not move away from who asks.
"""


class Plain:
    """A network of which nothing is known but how a datagram is sent: a socket of the host."""

    __slots__ = ("_send",)
    abilities = Abilities()

    def __init__(self, send: Callable[[bytes, Address], None]) -> None:
        self._send = send

    def apply(self, settings: NetworkSettings) -> None:
        """See :meth:`NetworkPort.apply`: addresses and ARPs are the host's."""

    def send(self, data: bytes, address: Address, via: Via | None = None) -> None:
        """See :meth:`NetworkPort.send`: the host decides which way it goes."""
        self._send(data, address)

    def report(self) -> NetworkReport:
        """See :meth:`NetworkPort.report`."""
        return _NOTHING

    def counters(self) -> Counters | None:
        """See :meth:`NetworkPort.counters`."""
        return None

    def close(self) -> None:
        """See :meth:`NetworkPort.close`: the socket is closed by who made it."""


_NOTHING: Final = NetworkReport()
_UNPLUGGED: Final = Plain(lambda data, address: None)
"""Before there is an endpoint nothing leaves."""


class LanNetwork:
    """Tells the network of a LAN channel what the parameters say.

    What is written counts as soon as its answer is out; what is written while a setting is in progress counts
    together, when the setting is complete.

    Args:
        home: surroundings.
        read: gives the data of a LAN parameter, as it is stored.
        changed: what is not as shipped.

    Attributes:
        speaks_ipv6: IPv6 is switched on now.
    """

    __slots__ = (
        "_changed", "_dirty", "_due", "_home", "_in_force", "_port", "_read", "_running", "_suspended",
        "_timer", "speaks_ipv6",
    )  # fmt: skip

    def __init__(self, home: Home, read: Read, changed: Mapping[int, bytes]) -> None:
        self._home, self._read, self._changed = home, read, changed
        self._port: NetworkPort = _UNPLUGGED
        self._in_force: NetworkSettings | None = None
        self.speaks_ipv6 = False
        self._dirty = False
        self._timer: Timer | None = None
        self._due = 0.0
        self._suspended = (False, False)
        self._running = False

    @property
    def abilities(self) -> Abilities:
        """What the network can do."""
        return self._port.abilities

    def attach(self, port: NetworkPort) -> None:
        """Have this network from now on, and set it up as the parameters say."""
        self._port = port
        lan = self._home.blueprint.lan
        if port.abilities.usual and not (self._changed or lan.ipv6 or lan.ipv6_enables):
            return  # to find that out of nineteen parameters takes a third of a BMC's start
        self._dirty = True
        self._apply()

    def stop(self) -> None:
        """The BMC ends."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    # ---- what is set

    def written(self, *, claimed: bool) -> None:
        """A parameter of the wire was changed.

        Args:
            claimed: a setting is in progress.
        """
        self._dirty = True
        if not claimed:
            self._soon(0.0)

    def committed(self) -> None:
        """Commit Write."""
        if self._dirty:
            self._soon(COMMIT_GRACE_S)

    def completed(self) -> None:
        """Nobody is setting parameters any more."""
        if self._dirty:
            self._soon(0.0)

    def _soon(self, delay: float) -> None:
        """Apply once the answer is out, which waits until the change is on the disk."""
        self._home.journal.store.durable(lambda written: self._set_timer(delay))

    def _set_timer(self, delay: float) -> None:
        clock = self._home.clock
        due = clock.now() + delay
        if self._timer is not None:
            if self._due <= due:
                return
            self._timer.cancel()
        self._due = due
        self._timer = clock.call_at(due, self._apply)

    def _apply(self) -> None:
        self.stop()
        if not self._dirty:
            return
        self._dirty = False
        abilities = self._port.abilities
        settings = wire_settings(self._read, abilities, self._home.blueprint.lan.port)
        self.speaks_ipv6 = settings.ipv6
        if abilities.arp:
            # What ARPs that rest, or wake up, are put together with; thousands of others need not keep it.
            self._in_force = settings
            self._tell()
        else:
            self._port.apply(settings)

    def _tell(self) -> None:
        if self._in_force is not None:
            responses, gratuitous = self.arps()
            self._port.apply(replace(self._in_force, arp_responses=responses, gratuitous_arps=gratuitous))

    # ---- ARPs

    def arps(self) -> tuple[bool, bool]:
        """Whether ARP responses occur now, and gratuitous ARPs."""
        bits = self._read(10, 0)[0]
        if self._in_force is not None:
            bits = self._in_force.arp_responses << 1 | self._in_force.gratuitous_arps
        quiet = self._suspended if self._running else (False, False)
        return bool(bits & 2) and not quiet[0], bool(bits & 1) and not quiet[1]

    def suspend(self, *, responses: bool, gratuitous: bool) -> None:
        """§23.3: have ARPs rest for as long as the watchdog timer runs."""
        self._suspended = (responses, gratuitous)
        self._tell()

    def watchdog_changed(self, running: bool) -> None:
        """The watchdog timer counts; or it ended, or was set anew, by which suspension ends (§23.3)."""
        self._running = running
        if self._suspended != (False, False):
            if not running:
                self._suspended = (False, False)
            self._tell()

    # ---- what it does and knows

    def send(self, data: bytes, address: Address, via: Via | None = None) -> None:
        """See :meth:`NetworkPort.send`."""
        self._port.send(data, address, via)

    def report(self) -> NetworkReport:
        """See :meth:`NetworkPort.report`."""
        return self._port.report()

    def counters(self) -> Counters | None:
        """See :meth:`NetworkPort.counters`."""
        return self._port.counters()
