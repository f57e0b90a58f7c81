"""Linux's interfaces, addresses, routes and neighbors: the one place that knows pyroute2.

Its calls run an event loop of their own and so are made from a thread without one: see
:func:`baseboard.transports.namespace.inside`.
"""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Interface, IPv6Address, IPv6Interface, ip_address, ip_interface
from types import TracebackType
from typing import Any, Final, NamedTuple, Self, TypeAlias

from baseboard.errors import TransportError

Address: TypeAlias = IPv4Address | IPv6Address
Interface: TypeAlias = IPv4Interface | IPv6Interface

TENTATIVE, DEPRECATED, FAILED, PERMANENT = 0x40, 0x20, 0x08, 0x80
"""Flags of addresses (<linux/if_addr.h>)."""

_PRIORITIES: Final = 16
"""Priorities that a packet has inside of Linux; all go out with the one of the VLAN."""

_PERMANENT_NEIGHBOR: Final = 0x80
_KERNEL, _BY_ROUTER = 2, 9  # RTPROT_KERNEL, by which prefixes on the link are marked, and RTPROT_RA
_FAMILIES: Final = {4: 2, 6: 10}


class Held(NamedTuple):
    """An address that an interface has.

    Attributes:
        address: with its prefix length.
        flags: `TENTATIVE` and others.
    """

    address: Interface
    flags: int


class Way(NamedTuple):
    """A route that a router advertised.

    Attributes:
        prefix: where it leads; of length 0 = everywhere.
        gateway: the router; None = it is on the link.
    """

    prefix: Interface
    gateway: Address | None


class Netlink:
    """A connection to the kernel of the namespace that the thread is in.

    Raises:
        TransportError: pyroute2 is not installed; what is asked for is not to be had.
    """

    def __init__(self) -> None:
        try:
            from pyroute2 import IPRoute  # pyright: ignore[reportMissingTypeStubs] # it has none
            from pyroute2.netlink.exceptions import (  # pyright: ignore[reportMissingTypeStubs] # it has none
                NetlinkError,
            )
        except ImportError as error:
            trouble = TransportError("a LAN channel on an interface of its own needs pyroute2")
            trouble.hint = "install it: pip install 'baseboard[linux]'"
            raise trouble from error
        self._failure: type[Exception] = NetlinkError
        self._route: Any = IPRoute()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._route.close()

    def _do(self, what: str, call: Callable[[], Any]) -> Any:
        try:
            return call()
        except self._failure as error:
            raise TransportError(f"{what}: {error.args[1] if len(error.args) > 1 else error}") from error

    # ---- interfaces

    def index(self, name: str) -> int | None:
        """The number of an interface; None if there is none of that name."""
        found = list(self._route.link_lookup(ifname=name))
        return int(found[0]) if found else None

    def mac(self, index: int) -> bytes:
        """An interface's hardware address; empty if it has none."""
        (link,) = self._route.link("get", index=index)
        text: str | None = link.get_attr("IFLA_ADDRESS")
        return bytes.fromhex(text.replace(":", "")) if text else b""

    def up(self, index: int) -> None:
        """Switch an interface on."""
        self._do("switch the interface on", lambda: self._route.link("set", index=index, state="up"))

    def add_vlan(self, parent: int, name: str, vlan_id: int, priority: int) -> int:
        """Make a VLAN's interface on top of another one; what is sent there has this priority."""
        rows = [("IFLA_VLAN_QOS_MAPPING", {"from": one, "to": priority}) for one in range(_PRIORITIES)]
        self._do(
            f"VLAN {vlan_id}",
            lambda: self._route.link(
                "add",
                ifname=name,
                kind="vlan",
                link=parent,
                vlan_id=vlan_id,
                vlan_egress_qos={"attrs": rows},
            ),
        )
        made = self.index(name)
        assert made is not None
        return made

    def delete(self, index: int) -> None:
        """Take an interface away."""
        self._do("take the interface away", lambda: self._route.link("del", index=index))

    # ---- addresses

    def addresses(self, index: int) -> list[Held]:
        """The addresses of an interface."""
        held: list[Held] = []
        for row in self._route.get_addr(index=index):
            # IFA_LOCAL is the own one where IFA_ADDRESS is the other end's.
            own = row.get_attr("IFA_LOCAL") or row.get_attr("IFA_ADDRESS")
            flags = row.get_attr("IFA_FLAGS") or row["flags"]
            held.append(Held(ip_interface(f"{own}/{row['prefixlen']}"), int(flags)))
        return held

    def add_address(self, index: int, address: Interface) -> None:
        """Give an interface an address."""
        self._do(f"address {address}", lambda: self._address("replace", index, address))

    def delete_address(self, index: int, address: Interface) -> None:
        """Take an address away."""
        self._do(f"address {address}", lambda: self._address("del", index, address))

    def _address(self, verb: str, index: int, address: Interface) -> Any:
        words: dict[str, Any] = {"address": str(address.ip), "prefixlen": address.network.prefixlen}
        return self._route.addr(verb, index=index, family=_FAMILIES[address.version], **words)

    # ---- routes and neighbors

    def add_route(self, index: int, prefix: Interface, gateway: Address, metric: int) -> None:
        """Send what is for a prefix by a gateway; of several the one of the least metric counts."""
        self._do(f"route by {gateway}", lambda: self._way("replace", index, prefix, gateway, metric))

    def delete_route(self, index: int, prefix: Interface, gateway: Address, metric: int) -> None:
        """Take such a route away."""
        self._do(f"route by {gateway}", lambda: self._way("del", index, prefix, gateway, metric))

    def _way(self, verb: str, index: int, prefix: Interface, gateway: Address, metric: int) -> Any:
        words: dict[str, Any] = {"gateway": str(gateway), "oif": index, "priority": metric}
        if prefix.network.prefixlen:
            words["dst"] = str(prefix.network)
        return self._route.route(verb, family=_FAMILIES[gateway.version], **words)

    def set_neighbor(self, index: int, address: Address, mac: bytes) -> None:
        """Say which hardware address a neighbor has, so that it is never asked for."""
        words = {"dst": str(address), "lladdr": mac.hex(":"), "ifindex": index}
        self._do(
            f"neighbor {address}",
            lambda: self._route.neigh("replace", state=_PERMANENT_NEIGHBOR, **words),
        )

    def neighbors(self, index: int) -> dict[Address, bytes]:
        """The hardware addresses of an interface's neighbors."""
        known: dict[Address, bytes] = {}
        for family in _FAMILIES.values():
            for row in self._route.get_neighbours(family, ifindex=index):
                mac: str | None = row.get_attr("NDA_LLADDR")
                if mac:
                    known[ip_address(row.get_attr("NDA_DST"))] = bytes.fromhex(mac.replace(":", ""))
        return known

    def gateway(self, index: int) -> IPv4Address | None:
        """The default gateway by an interface; None if there is none."""
        for row in self._route.get_default_routes(family=_FAMILIES[4]):
            if row.get_attr("RTA_OIF") == index and row.get_attr("RTA_GATEWAY"):
                return IPv4Address(row.get_attr("RTA_GATEWAY"))
        return None

    def advertised(self, index: int) -> list[Way]:
        """The routes of IPv6 that routers advertised on an interface."""
        ways: list[Way] = []
        for row in self._route.get_routes(family=_FAMILIES[6], oif=index):
            if row["proto"] in (_BY_ROUTER, _KERNEL) and row.get_attr("RTA_OIF") == index:
                prefix = ip_interface(f"{row.get_attr('RTA_DST') or '::'}/{row['dst_len']}")
                gateway: str | None = row.get_attr("RTA_GATEWAY")
                ways.append(Way(prefix, ip_address(gateway) if gateway else None))
        return ways
