"""A LAN channel's own network: two hosts and a switch, on virtual time."""

from __future__ import annotations

from ipaddress import IPv4Interface, IPv6Interface
from typing import Any

from baseboard.links import ethernet
from baseboard.links.network import NetworkReport, NetworkSettings, Tag, Via
from baseboard.testing.clock import VirtualClock
from baseboard.transports.ethernet_network import EthernetNetwork
from baseboard.transports.frames import Switch


class Host:
    """A network on the switch, and what came by it."""

    def __init__(self, switch: Switch, clock: VirtualClock, number: int) -> None:
        self.number = number
        self.heard: list[tuple[bytes, Any]] = []
        self.network = EthernetNetwork(switch.plug, lambda data, peer: self.heard.append((data, peer)), clock)

    def apply(self, **changes: Any) -> None:
        self.network.apply(
            NetworkSettings(
                mac=bytes((2, 0, 0, 0, 0, self.number)),
                ipv4=IPv4Interface(f"10.0.0.{self.number}/24"),
                ipv6=True,
                static=(IPv6Interface(f"fd00::{self.number}/64"),),
                **changes,
            )
        )


def pair() -> tuple[Host, Host, VirtualClock, list[bytes]]:
    switch, clock, seen = Switch(), VirtualClock(), list[bytes]()
    switch.plug(seen.append)
    return Host(switch, clock, 1), Host(switch, clock, 2), clock, seen


def test_two_hosts_find_each_other_over_both_versions() -> None:
    one, two, clock, _ = pair()
    for host in (one, two):
        host.apply()
    clock.advance(3)
    one.network.send(b"four", ("10.0.0.2", 623))
    one.network.send(b"six", ("fd00::2", 623, 0, 0))
    assert two.heard == [(b"four", ("10.0.0.1", 623)), (b"six", ("fd00::1", 623, 0, 0))]
    two.network.send(b"back", ("10.0.0.1", 623))
    assert one.heard == [(b"back", ("10.0.0.2", 623))]
    counted = two.network.counters()
    assert counted is not None
    assert counted.udp_received == 2
    assert two.network.report().static == (0,)


def test_in_different_vlans_they_do_not() -> None:
    one, two, clock, seen = pair()
    one.apply(tag=Tag(100, 5))
    two.apply()
    clock.advance(3)
    seen.clear()
    one.network.send(b"lost", ("10.0.0.2", 623))
    clock.advance(9)
    assert two.heard == []
    (frame, *_) = (ethernet.parse(raw) for raw in seen)
    assert frame is not None
    assert frame.tag == Tag(100, 5)
    two.apply(tag=Tag(100))
    clock.advance(3)
    one.network.send(b"found", ("10.0.0.2", 623))
    assert two.heard == [(b"found", ("10.0.0.1", 623))]


def test_gratuitous_arps_come_by_the_clock_and_stop() -> None:
    one, _, clock, seen = pair()
    one.apply(gratuitous_arps=True, arp_interval_s=1.0)
    clock.advance(5)
    assert sum(raw[12:14] == b"\x08\x06" for raw in seen) == 6
    one.apply()
    clock.advance(3)
    seen.clear()
    clock.advance(60)
    assert seen == []


def test_a_datagram_goes_by_the_way_that_it_was_given() -> None:
    one, _, clock, seen = pair()
    one.apply()
    clock.advance(3)
    seen.clear()
    one.network.send(b"trap", ("10.0.0.9", 162), Via(mac=b"\x02target"[:6], tag=Tag(200, 6)))
    (frame,) = (ethernet.parse(raw) for raw in seen)
    assert frame is not None
    assert (frame.destination, frame.tag) == (b"\x02targe", Tag(200, 6))


def test_before_it_has_settings_and_after_its_end_it_is_silent() -> None:
    one, two, clock, seen = pair()
    assert (one.network.report(), one.network.counters()) == (NetworkReport(), None)
    two.apply(gratuitous_arps=True)
    one.network.send(b"lost", ("10.0.0.2", 623))
    one.network.close()
    two.network.close()
    seen.clear()
    two.network.send(b"lost", ("10.0.0.1", 623))
    clock.advance(60)
    assert (seen, one.heard, two.heard) == ([], [], [])
    assert clock.next_due() is None
