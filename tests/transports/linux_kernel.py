"""A kernel in memory for what sets interfaces up: the calls of :mod:`baseboard.transports.netlink`."""

from __future__ import annotations

from ipaddress import IPv4Address
from pathlib import Path
from typing import Any, Self

import pytest

from baseboard.errors import TransportError
from baseboard.transports import linux_setup
from baseboard.transports.netlink import Address, Held, Interface, Way

MAC = bytes.fromhex("0200000000b1")


class Kernel:
    """Interfaces by name.

    Attributes:
        vlans: VLAN and priority of each interface that is one's.
        held: addresses by interface, with their flags.
        routes: by interface.
        known: neighbors.
        given_gateway: that a DHCP client set.
        ways: that routers advertised.
        refused: addresses and gateways that it does not take.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.links: dict[str, int] = {}
        self.macs: dict[int, bytes] = {}
        self.vlans: dict[str, tuple[int, int]] = {}
        self.held: dict[int, dict[Interface, int]] = {}
        self.routes: dict[int, set[tuple[Interface, Address, int]]] = {}
        self.known: dict[Address, bytes] = {}
        self.given_gateway: IPv4Address | None = None
        self.ways: list[Way] = []
        self.refused: set[object] = set()
        self.raised: set[int] = set()
        self._next = 2
        self.plug("eth1")

    def plug(self, name: str, mac: bytes = MAC) -> int:
        index = self.links[name] = self._next
        self._next += 1
        self.macs[index], self.held[index], self.routes[index] = mac, {}, set()
        for version, kind in (("ipv4", "conf"), ("ipv6", "conf"), ("ipv6", "neigh")):
            (self.folder / version / kind / name).mkdir(parents=True)
        for path in (
            "ipv4/conf/@/arp_ignore", "ipv6/conf/@/disable_ipv6", "ipv6/conf/@/accept_ra",
            "ipv6/conf/@/accept_dad", "ipv6/conf/@/dad_transmits", "ipv6/conf/@/autoconf",
            "ipv6/conf/@/hop_limit", "ipv6/neigh/@/mcast_solicit", "ipv6/neigh/@/base_reachable_time_ms",
        ):  # fmt: skip
            (self.folder / path.replace("@", name)).write_text("0\n")
        return index

    def setting(self, path: str) -> str:
        """A switch under ``/proc/sys/net``."""
        return (self.folder / path).read_text().strip()

    # ---- as Netlink

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def index(self, name: str) -> int | None:
        return self.links.get(name)

    def mac(self, index: int) -> bytes:
        return self.macs[index]

    def up(self, index: int) -> None:
        self.raised.add(index)

    def add_vlan(self, parent: int, name: str, vlan_id: int, priority: int) -> int:
        self.vlans[name] = (vlan_id, priority)
        return self.plug(name)

    def delete(self, index: int) -> None:
        (name,) = (name for name, number in self.links.items() if number == index)
        del self.links[name]
        self.vlans.pop(name, None)
        for kind in ("ipv4/conf", "ipv6/conf", "ipv6/neigh"):
            (self.folder / kind / name).rename(self.folder / f"{kind.replace('/', '-')}-{name}-{index}")

    def addresses(self, index: int) -> list[Held]:
        return [Held(address, flags) for address, flags in self.held[index].items()]

    def add_address(self, index: int, address: Interface) -> None:
        if address in self.refused:
            raise TransportError(f"address {address}: refused")
        self.held[index][address] = 0

    def delete_address(self, index: int, address: Interface) -> None:
        del self.held[index][address]

    def add_route(self, index: int, prefix: Interface, gateway: Address, metric: int) -> None:
        if gateway in self.refused:
            raise TransportError(f"route by {gateway}: refused")
        self.routes[index].add((prefix, gateway, metric))

    def delete_route(self, index: int, prefix: Interface, gateway: Address, metric: int) -> None:
        if (prefix, gateway, metric) not in self.routes[index]:
            raise TransportError(f"route by {gateway}: No such process")
        self.routes[index].remove((prefix, gateway, metric))

    def set_neighbor(self, index: int, address: Address, mac: bytes) -> None:
        self.known[address] = mac

    def neighbors(self, index: int) -> dict[Address, bytes]:
        return self.known

    def gateway(self, index: int) -> IPv4Address | None:
        return self.given_gateway

    def advertised(self, index: int) -> list[Way]:
        return self.ways


@pytest.fixture
def kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kernel:
    made = Kernel(tmp_path)
    monkeypatch.setattr(linux_setup, "_SYSTEM", tmp_path)

    def connect() -> Any:
        return made

    monkeypatch.setattr(linux_setup, "Netlink", connect)
    return made
