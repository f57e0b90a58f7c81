"""What both versions of IP have together."""

from __future__ import annotations

from baseboard.links import ethernet
from baseboard.links.ethernet_wire import Wire
from baseboard.links.network import Counters, Tag
from tests.links.captured import LINUX_MAC, OWN, OWN_MAC


def test_frames_are_of_this_host_and_handed_over_once() -> None:
    wire = Wire(OWN)
    wire.put(LINUX_MAC, ethernet.ARP, b"one", Tag(7, 3))
    wire.put(LINUX_MAC, ethernet.ARP, b"two", None)
    first, second = (ethernet.parse(raw) for raw in wire.frames())
    assert first is not None
    assert second is not None
    assert (first.source, first.destination, first.tag) == (OWN_MAC, LINUX_MAC, Tag(7, 3))
    assert (first.data[:3], second.data[:3], second.tag) == (b"one", b"two", None)
    assert wire.frames() == []


def test_datagrams_are_handed_over_once() -> None:
    wire = Wire(OWN)
    wire.deliver(b"hello", ("10.77.0.1", 9))
    assert wire.datagrams() == [(b"hello", ("10.77.0.1", 9))]
    assert wire.datagrams() == []


def test_each_counter_is_told_by_its_name() -> None:
    wire = Wire(OWN)
    wire.ip_received, wire.header_errors, wire.address_errors = 6, 1, 2
    wire.fragments, wire.ip_transmitted, wire.udp_received = 3, 4, 5
    assert wire.counters() == Counters(
        ip_received=6, header_errors=1, address_errors=2, fragments=3, ip_transmitted=4, udp_received=5
    )
