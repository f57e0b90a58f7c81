"""The routers of an IPv6 interface: set, or advertised by themselves (RFC 4861, §6.3)."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv6Address, IPv6Interface, IPv6Network
from typing import Final

from baseboard.links.ethernet_icmpv6 import RouterAdvertisement
from baseboard.links.network import NO_MAC, Router

MOST: Final = 4
"""Routers that are heeded at a time."""

MOST_PREFIXES: Final = 8
_FOREVER: Final = 0xFFFF_FFFF
_EVERYTHING: Final = IPv6Interface("::/0")


class Routers:
    """Which way IPv6 packets go that are not for this link.

    Attributes:
        static: routers that are set.
        hop_limit: which routers advertised; 0 = none.
    """

    __slots__ = ("_advertised", "_prefixes", "hop_limit", "static")

    def __init__(self) -> None:
        self.static: tuple[Router, ...] = ()
        self.hop_limit = 0
        self._advertised: dict[IPv6Address, tuple[Router, float]] = {}
        self._prefixes: dict[IPv6Network, float] = {}

    def clear(self) -> None:
        """Forget what was advertised."""
        self._advertised.clear()
        self._prefixes.clear()
        self.hop_limit = 0

    def heard(self, address: IPv6Address, said: RouterAdvertisement, now: float) -> None:
        """Take what a router advertised."""
        self.hop_limit = said.hop_limit or self.hop_limit
        for prefix in said.prefixes:
            network = prefix.network.network
            if not prefix.on_link or network.is_link_local or network.is_multicast:
                continue
            if not prefix.valid_s:
                self._prefixes.pop(network, None)
            elif network in self._prefixes or len(self._prefixes) < MOST_PREFIXES:
                until = float("inf") if prefix.valid_s == _FOREVER else now + prefix.valid_s
                self._prefixes[network] = until
        if not said.lifetime_s:
            self._advertised.pop(address, None)
        elif address in self._advertised or len(self._advertised) < MOST:
            shown = said.prefixes[0].network if said.prefixes else _EVERYTHING
            router = Router(address, said.mac or NO_MAC, shown)
            self._advertised[address] = (router, now + said.lifetime_s)

    def on_link(self, address: IPv6Address) -> bool:
        """Whether a router said that this address is on the link."""
        return any(address in network for network in self._prefixes)

    def towards(self, address: IPv6Address) -> Router | None:
        """The router for that address: one that is set for it, else one that advertises itself."""
        for router in self.static:
            if address in router.prefix.network:
                return router
        return next(self._heard(), None)

    def advertised(self) -> tuple[Router, ...]:
        """The routers that advertise themselves."""
        return tuple(self._heard())

    def _heard(self) -> Iterator[Router]:
        return (router for router, _ in self._advertised.values())

    def deadline(self) -> float | None:
        """When `expire` is next due."""
        dues = [until for _, until in self._advertised.values()]
        dues += [until for until in self._prefixes.values() if until != float("inf")]
        return min(dues, default=None)

    def expire(self, now: float) -> None:
        """Forget routers and prefixes that were not heard of again."""
        self._advertised = {at: pair for at, pair in self._advertised.items() if pair[1] > now}
        self._prefixes = {network: until for network, until in self._prefixes.items() if until > now}
