"""Linux's interfaces, addresses, routes and neighbors, as pyroute2 is asked for them.

The kernel's side is tried in a guest, by ``tests/vm/test_vlan.py``; this is what goes to the library.
"""

from __future__ import annotations

import sys
import types
from ipaddress import IPv4Address, IPv4Interface, IPv6Address, IPv6Interface
from typing import Any, ClassVar

import pytest

from baseboard.errors import TransportError
from baseboard.transports.netlink import Held, Netlink, Way


class Refused(Exception):
    """What the library raises."""


class Row:
    """A message of the kernel: fields by name, attributes by theirs."""

    def __init__(self, attributes: dict[str, Any], **fields: Any) -> None:
        self._attributes, self._fields = attributes, fields

    def get_attr(self, name: str) -> Any:
        return self._attributes.get(name)

    def __getitem__(self, name: str) -> Any:
        return self._fields[name]


class Route:
    """pyroute2's IPRoute.

    Attributes:
        calls: what it was asked to change.
    """

    links: ClassVar[dict[str, int]] = {}
    calls: ClassVar[list[tuple[Any, ...]]] = []
    refusing: Refused | None = None

    def link_lookup(self, ifname: str) -> list[int]:
        return [self.links[ifname]] if ifname in self.links else []

    def link(self, verb: str, **words: Any) -> Any:
        if verb == "get":
            mac = None if words["index"] == 1 else "02:00:00:00:00:01"
            return (Row({"IFLA_ADDRESS": mac}),)
        if verb == "add":
            self.links[words["ifname"]] = 9
        return self._call("link", verb, words)

    def addr(self, verb: str, **words: Any) -> Any:
        return self._call("addr", verb, words)

    def route(self, verb: str, **words: Any) -> Any:
        return self._call("route", verb, words)

    def neigh(self, verb: str, **words: Any) -> Any:
        return self._call("neigh", verb, words)

    def _call(self, *call: Any) -> None:
        if self.refusing is not None:
            raise self.refusing
        self.calls.append(call)

    def get_addr(self, index: int) -> list[Row]:
        assert index == 3
        return [
            Row({"IFA_ADDRESS": "10.0.0.9", "IFA_LOCAL": "10.0.0.5"}, prefixlen=24, flags=0x80),
            Row({"IFA_ADDRESS": "fe80::5", "IFA_FLAGS": 0x48}, prefixlen=64, flags=0),
        ]

    def get_neighbours(self, family: int, ifindex: int) -> list[Row]:
        if family == 2:
            return [
                Row({"NDA_DST": "10.0.0.1", "NDA_LLADDR": "02:00:00:00:00:07"}),
                Row({"NDA_DST": "10.0.0.2"}),
            ]
        return [Row({"NDA_DST": "fe80::1", "NDA_LLADDR": "02:00:00:00:00:08"})]

    def get_default_routes(self, family: int) -> list[Row]:
        return [
            Row({"RTA_OIF": 4, "RTA_GATEWAY": "10.9.9.9"}),
            Row({"RTA_OIF": 3}),
            Row({"RTA_OIF": 3, "RTA_GATEWAY": "10.0.0.1"}),
        ]

    def get_routes(self, family: int, oif: int) -> list[Row]:
        return [
            Row({"RTA_OIF": 3, "RTA_GATEWAY": "fe80::1"}, proto=9, dst_len=0),
            Row({"RTA_OIF": 3, "RTA_DST": "2001:db8::"}, proto=2, dst_len=64),
            Row({"RTA_OIF": 3, "RTA_DST": "2001:db8:1::"}, proto=3, dst_len=64),
            Row({"RTA_OIF": 4, "RTA_DST": "2001:db8:2::"}, proto=9, dst_len=64),
        ]

    def close(self) -> None:
        self.calls.append(("close",))


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> Any:
    Route.links, Route.calls, Route.refusing = {"eth1": 3}, [], None
    library: Any = types.ModuleType("pyroute2")
    library.IPRoute = Route
    errors: Any = types.ModuleType("pyroute2.netlink.exceptions")
    errors.NetlinkError = Refused
    monkeypatch.setitem(sys.modules, "pyroute2", library)
    monkeypatch.setitem(sys.modules, "pyroute2.netlink", types.ModuleType("pyroute2.netlink"))
    monkeypatch.setitem(sys.modules, "pyroute2.netlink.exceptions", errors)
    with Netlink() as made:
        yield made
    assert Route.calls[-1] == ("close",)


def test_without_the_library_one_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyroute2", None)
    with pytest.raises(TransportError, match="pyroute2") as missing:
        Netlink()
    assert "baseboard[linux]" in missing.value.hint


def test_interfaces_are_found_and_made(kernel: Netlink) -> None:
    assert (kernel.index("eth1"), kernel.index("eth9")) == (3, None)
    assert (kernel.mac(3), kernel.mac(1)) == (bytes((2, 0, 0, 0, 0, 1)), b"")
    kernel.up(3)
    assert kernel.add_vlan(3, "eth1.100", 100, 5) == 9
    kernel.delete(9)
    up, made, deleted = Route.calls
    assert up == ("link", "set", {"index": 3, "state": "up"})
    assert deleted == ("link", "del", {"index": 9})
    words = made[2]
    assert (words["ifname"], words["kind"], words["link"], words["vlan_id"]) == ("eth1.100", "vlan", 3, 100)
    # Whatever priority a packet has inside of Linux, it goes out with the VLAN's.
    rows = words["vlan_egress_qos"]["attrs"]
    assert [(row["from"], row["to"]) for _, row in rows] == [(number, 5) for number in range(16)]


def test_addresses_are_read_given_and_taken(kernel: Netlink) -> None:
    assert kernel.addresses(3) == [
        Held(IPv4Interface("10.0.0.5/24"), 0x80),
        Held(IPv6Interface("fe80::5/64"), 0x48),
    ]
    kernel.add_address(3, IPv4Interface("10.0.0.6/24"))
    kernel.delete_address(3, IPv6Interface("fd00::6/64"))
    assert Route.calls == [
        ("addr", "replace", {"index": 3, "family": 2, "address": "10.0.0.6", "prefixlen": 24}),
        ("addr", "del", {"index": 3, "family": 10, "address": "fd00::6", "prefixlen": 64}),
    ]


def test_routes_and_neighbors_are_set(kernel: Netlink) -> None:
    kernel.add_route(3, IPv4Interface("0.0.0.0/0"), IPv4Address("10.0.0.1"), 100)
    kernel.delete_route(3, IPv6Interface("2001:db8:9::/48"), IPv6Address("fe80::1"), 7)
    kernel.set_neighbor(3, IPv4Address("10.0.0.1"), bytes(range(6)))
    assert Route.calls == [
        ("route", "replace", {"family": 2, "gateway": "10.0.0.1", "oif": 3, "priority": 100}),
        (
            "route",
            "del",
            {"family": 10, "gateway": "fe80::1", "oif": 3, "priority": 7, "dst": "2001:db8:9::/48"},
        ),
        (
            "neigh",
            "replace",
            {"state": 0x80, "dst": "10.0.0.1", "lladdr": "00:01:02:03:04:05", "ifindex": 3},
        ),
    ]


def test_what_the_kernel_found_out_is_read(kernel: Netlink) -> None:
    assert kernel.neighbors(3) == {
        IPv4Address("10.0.0.1"): bytes((2, 0, 0, 0, 0, 7)),
        IPv6Address("fe80::1"): bytes((2, 0, 0, 0, 0, 8)),
    }
    assert (kernel.gateway(3), kernel.gateway(5)) == (IPv4Address("10.0.0.1"), None)
    assert kernel.advertised(3) == [
        Way(IPv6Interface("::/0"), IPv6Address("fe80::1")),
        Way(IPv6Interface("2001:db8::/64"), None),
    ]


@pytest.mark.parametrize(
    ("args", "text"), [((1, "Operation not permitted"), "not permitted"), (("odd",), "odd")]
)
def test_what_the_kernel_refuses_is_told(kernel: Netlink, args: tuple[Any, ...], text: str) -> None:
    Route.refusing = Refused(*args)
    with pytest.raises(TransportError, match=f"switch the interface on: .*{text}"):
        kernel.up(3)
    Route.refusing = None
