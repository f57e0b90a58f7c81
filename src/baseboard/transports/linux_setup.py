"""Setting an interface of Linux up as a LAN channel wants it: by netlink and ``/proc/sys`` (§23.2).

Everything here is done in the interface's namespace, by :func:`baseboard.transports.namespace.inside`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from ipaddress import IPv4Interface, IPv6Address, IPv6Interface
from pathlib import Path
from typing import Final

from baseboard.errors import TransportError
from baseboard.links.network import (
    ACTIVE,
    DEPRECATED,
    DISABLED,
    FAILED,
    NO_MAC,
    NOWHERE,
    PENDING,
    SLAAC,
    AddressStatus,
    NetworkReport,
    NetworkSettings,
    Router,
)
from baseboard.transports import netlink
from baseboard.transports.netlink import Address, Held, Interface, Netlink

_LONGEST_NAME: Final = 15
_SYSTEM: Final = Path("/proc/sys/net")
_DEFAULT_METRIC, _BACKUP_METRIC, _STATIC_METRIC = 100, 200, 100
_EVERYWHERE_4: Final = IPv4Interface("0.0.0.0/0")
_EVERYWHERE_6: Final = IPv6Interface("::/0")
_ANSWER_OWN, _ANSWER_NOTHING = 1, 8
"""``arp_ignore``: answer for addresses of that very interface; for none."""

_HEED_ALWAYS: Final = 2
"""``accept_ra``: also where packets are forwarded."""

_Route = tuple[Interface, Address, int]


class LinuxSetup:
    """An interface and what was put on it.

    Attributes:
        device: the interface that the channel's packets go by: its own, or that of its VLAN.
    """

    def __init__(self, interface: str) -> None:
        self._interface = interface
        self.device = interface
        self._vlan: tuple[int, int] | None = None
        self._routes: set[_Route] = set()
        self._given: set[Interface] = set()

    def begin(self) -> bytes:
        """Switch the interface on.

        Returns: its hardware address.

        Raises:
            TransportError: there is none of that name, or no right to set it up.
        """
        with Netlink() as kernel:
            base = self._base(kernel)
            kernel.up(base)
            mac = kernel.mac(base)
            if len(mac) != len(NO_MAC):
                raise TransportError(f"interface {self._interface} is no Ethernet")
            return mac

    def apply(self, settings: NetworkSettings) -> list[TransportError]:
        """Have the settings count.

        Returns: what could not be done.

        Raises:
            TransportError: the interface is gone.
        """
        refused: list[TransportError] = []

        def attempt(action: Callable[[], object]) -> None:
            try:
                action()
            except TransportError as error:
                refused.append(error)

        with Netlink() as kernel:
            base = self._base(kernel)
            index = self._moved(kernel, base, settings)
            self._switches(settings)
            kernel.up(index)
            self._addresses(kernel, index, settings, attempt)
            self._ways(kernel, index, settings, attempt)
        return refused

    def end(self) -> None:
        """Leave the interface as an empty one."""
        with Netlink() as kernel:
            base = kernel.index(self._interface)
            if base is None:
                return
            if self._vlan is not None:
                self._drop_vlan(kernel)
            for address in self._given:
                if any(held.address == address for held in kernel.addresses(base)):
                    kernel.delete_address(base, address)

    def _base(self, kernel: Netlink) -> int:
        index = kernel.index(self._interface)
        if index is None:
            raise TransportError(f"there is no interface {self._interface}")
        return index

    # ---- VLAN

    def _moved(self, kernel: Netlink, base: int, settings: NetworkSettings) -> int:
        """Go to the interface of the VLAN, or back from it; what was put up there goes with it."""
        wanted = None if settings.tag is None else (settings.tag.vlan_id, settings.tag.priority)
        if wanted != self._vlan:
            if self._vlan is not None:
                self._drop_vlan(kernel)
            self._given.clear()
            self._routes.clear()
            # Without a tag nothing shall answer, nor ask for routers.
            self._clear(kernel, base)
        if wanted is None:
            return base
        if self._vlan is None:
            self._set("ipv6", "disable_ipv6", 1, self._interface)
            self._set("ipv4", "arp_ignore", _ANSWER_OWN, self._interface)
            name = f"{self._interface[: _LONGEST_NAME - 5]}.{wanted[0]}"
            left = kernel.index(name)
            if left is not None:
                kernel.delete(left)
            index = kernel.add_vlan(base, name, *wanted)
            self._vlan, self.device = wanted, name
            return index
        present = kernel.index(self.device)
        if present is None:
            raise TransportError(f"there is no interface {self.device} any more")
        return present

    def _drop_vlan(self, kernel: Netlink) -> None:
        index = kernel.index(self.device)
        if index is not None:
            kernel.delete(index)
        self._vlan, self.device = None, self._interface

    @staticmethod
    def _clear(kernel: Netlink, index: int) -> None:
        for held in kernel.addresses(index):
            kernel.delete_address(index, held.address)

    # ---- switches of the kernel

    def _switches(self, settings: NetworkSettings) -> None:
        timing = settings.timing
        self._set("ipv4", "arp_ignore", _ANSWER_OWN if settings.arp_responses else _ANSWER_NOTHING)
        self._set("ipv6", "accept_dad", 1)
        self._set("ipv6", "dad_transmits", timing.duplicate_tries)
        self._set("ipv6", "accept_ra", _HEED_ALWAYS if settings.advertised_routers else 0)
        self._set("ipv6", "autoconf", int(settings.advertised_routers))
        self._set("ipv6", "router_solicitations", timing.solicitations)
        self._set("ipv6", "router_solicitation_delay", timing.solicitation_delay_s)
        self._set("ipv6", "router_solicitation_interval", max(1, timing.solicitation_interval_s))
        self._set("ipv6", "addr_gen_mode", 0)
        # As an interface gets IPv6 it asks for routers, by what was set before.
        self._set("ipv6", "disable_ipv6", int(not settings.ipv6))
        self._set("ipv6", "mcast_solicit", max(1, timing.multicast_tries), kind="neigh")
        self._set("ipv6", "base_reachable_time_ms", 1000 * max(1, timing.reachable_s), kind="neigh")
        self._set("ipv6", "retrans_time_ms", 1000 * max(1, timing.retransmit_s), kind="neigh")

    def _set(self, version: str, name: str, value: int, device: str = "", kind: str = "conf") -> None:
        path = _SYSTEM / version / kind / (device or self.device) / name
        try:
            if path.read_text(encoding="ascii").strip() != str(value):
                path.write_text(f"{value}\n", encoding="ascii")
        except OSError:
            # A kernel without IPv6 has none of its switches.
            return

    # ---- addresses

    def _addresses(
        self,
        kernel: Netlink,
        index: int,
        settings: NetworkSettings,
        attempt: Callable[[Callable[[], object]], None],
    ) -> None:
        wanted: set[Interface] = set() if settings.ipv4 is None else {settings.ipv4}
        if settings.ipv6:
            wanted |= {address for address in settings.static if address is not None}
        held = {one.address for one in kernel.addresses(index)}
        for address in held - wanted:
            # Addresses that others gave stay where others are to give them.
            others = settings.dynamic if address.version == 4 else True
            if address in self._given or not others:
                attempt(partial(kernel.delete_address, index, address))
        for address in wanted - held:
            attempt(partial(kernel.add_address, index, address))
        self._given = wanted

    def _ways(
        self,
        kernel: Netlink,
        index: int,
        settings: NetworkSettings,
        attempt: Callable[[Callable[[], object]], None],
    ) -> None:
        wanted = _routes(settings)
        for route in self._routes - wanted:
            # With its address, or its interface, a route may be gone already.
            try:
                kernel.delete_route(index, *route)
            except TransportError:
                continue
        for route in wanted:
            attempt(partial(kernel.add_route, index, *route))
        self._routes = wanted
        for address, mac in _neighbors(settings).items():
            attempt(partial(kernel.set_neighbor, index, address, mac))

    # ---- what the kernel knows

    def report(self, settings: NetworkSettings) -> NetworkReport:
        """Addresses, routers and neighbors as the kernel has them now.

        Raises:
            TransportError: the interface is gone.
        """
        with Netlink() as kernel:
            index = kernel.index(self.device)
            if index is None:
                raise TransportError(f"there is no interface {self.device}")
            held, known = kernel.addresses(index), kernel.neighbors(index)
            given = next((one.address for one in held if isinstance(one.address, IPv4Interface)), None)
            gateway = kernel.gateway(index) or NOWHERE
            wanted = {address for address in settings.static if address is not None}
            return NetworkReport(
                ipv4=given,
                gateway=gateway,
                gateway_mac=known.get(gateway if settings.dynamic else settings.gateway, NO_MAC),
                backup_gateway_mac=known.get(settings.backup_gateway, NO_MAC),
                static=tuple(_status_of(address, held) for address in settings.static),
                dynamic=_dynamic(held, wanted) if settings.ipv6 else (),
                routers=self._routers(kernel, index, known) if settings.advertised_routers else (),
                hop_limit=self._hop_limit() if settings.advertised_routers else 0,
            )

    @staticmethod
    def _routers(kernel: Netlink, index: int, known: dict[Address, bytes]) -> tuple[Router, ...]:
        """Who is a way to everything, with the first prefix that is on the link by its word."""
        ways = kernel.advertised(index)
        on_link = next(
            (
                way.prefix
                for way in ways
                if way.gateway is None
                and way.prefix.network.prefixlen
                and not way.prefix.ip.is_link_local
                and not way.prefix.ip.is_multicast
            ),
            _EVERYWHERE_6,
        )
        assert isinstance(on_link, IPv6Interface)
        return tuple(
            Router(way.gateway, known.get(way.gateway, NO_MAC), on_link)
            for way in ways
            if isinstance(way.gateway, IPv6Address) and not way.prefix.network.prefixlen
        )

    def _hop_limit(self) -> int:
        try:
            return int((_SYSTEM / "ipv6/conf" / self.device / "hop_limit").read_text(encoding="ascii"))
        except OSError:
            return 0


def _routes(settings: NetworkSettings) -> set[_Route]:
    """The routes that the settings ask for."""
    wanted: set[_Route] = set()
    own = settings.ipv4
    for gateway, metric in (
        (settings.gateway, _DEFAULT_METRIC),
        (settings.backup_gateway, _BACKUP_METRIC),
    ):
        if own is not None and gateway in own.network and gateway != NOWHERE:
            wanted.add((_EVERYWHERE_4, gateway, metric))
    if settings.ipv6:
        for number, router in enumerate(settings.static_routers):
            wanted.add((router.prefix, router.address, _STATIC_METRIC + number))
    return wanted


def _neighbors(settings: NetworkSettings) -> dict[Address, bytes]:
    """The neighbors whose hardware addresses are set."""
    pairs: list[tuple[Address, bytes]] = [
        (settings.gateway, settings.gateway_mac),
        (settings.backup_gateway, settings.backup_gateway_mac),
    ]
    if settings.ipv6:
        pairs += [(router.address, router.mac) for router in settings.static_routers]
    return {address: mac for address, mac in pairs if mac != NO_MAC and not address.is_unspecified}


def _status(flags: int) -> int:
    if flags & netlink.FAILED:
        return FAILED
    if flags & netlink.TENTATIVE:
        return PENDING
    return DEPRECATED if flags & netlink.DEPRECATED else ACTIVE


def _status_of(wanted: IPv6Interface | None, held: list[Held]) -> int:
    if wanted is None:
        return DISABLED
    return next((_status(one.flags) for one in held if one.address == wanted), PENDING)


def _dynamic(held: list[Held], wanted: set[IPv6Interface]) -> tuple[AddressStatus, ...]:
    """The addresses that nobody set; the first is that of the link."""
    rows = [
        AddressStatus(SLAAC, one.address, _status(one.flags))
        for one in held
        if isinstance(one.address, IPv6Interface) and one.address not in wanted
    ]
    return tuple(sorted(rows, key=lambda row: not row.address.ip.is_link_local))
