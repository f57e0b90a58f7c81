"""Packets of a LAN channel, counted (§23.4)."""

from __future__ import annotations

from baseboard.bmc.services.lan_statistics import Counted, Statistics
from baseboard.links.network import Counters


def test_on_a_socket_a_datagram_is_a_packet() -> None:
    statistics = Statistics()
    statistics.received, statistics.valid, statistics.sent = 70_000, 5, 4
    statistics.proxy_received, statistics.proxy_dropped = 3, 2
    assert statistics.read(clear=True) == Counted(0xFFFF, 0, 0, 0, 4, 0xFFFF, 5, 3, 2)
    assert statistics.read(clear=False) == Counted(0, 0, 0, 0, 0, 0, 0, 0, 0)


def test_what_the_network_counts_is_told_since_it_was_cleared() -> None:
    statistics = Statistics()
    statistics.received = statistics.valid = 7
    seen = Counters(90, 3, 4, 5, 80, 60)
    assert statistics.read(seen, clear=False) == Counted(90, 3, 4, 5, 80, 60, 7, 0, 0)
    assert statistics.read(seen, clear=True) == Counted(90, 3, 4, 5, 80, 60, 7, 0, 0)
    later = Counters(91, 3, 5, 5, 70_090, 61)
    assert statistics.read(later, clear=False) == Counted(1, 0, 1, 0, 0xFFFF, 1, 0, 0, 0)
