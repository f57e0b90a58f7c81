"""What a LAN channel asks of its network."""

from __future__ import annotations

from baseboard.links.network import NeighborTiming, NetworkSettings


def test_timing_is_read_from_the_bytes_of_parameter_80_in_ipmitools_order() -> None:
    """RFC 4861, §10, gives the defaults for what is missing."""
    assert NeighborTiming.of(b"") == NeighborTiming(1, 4, 3, 1, 3, 30, 1)
    assert NeighborTiming.of(bytes(range(1, 17))) == NeighborTiming(1, 2, 3, 4, 5, 9, 10)
    assert NeighborTiming.of(b"\x09\x08") == NeighborTiming(9, 8, 3, 1, 3, 30, 1)


def test_settings_are_as_table_23_4_has_them_at_first() -> None:
    """Time to live 40h, don't fragment, minimize delay, an ARP every 2 s if any, hop limit 64."""
    usual = NetworkSettings(mac=bytes(6))
    assert (usual.ttl, usual.flags, usual.tos) == (0x40, 0b010, 0x10)
    assert (usual.arp_responses, usual.gratuitous_arps, usual.arp_interval_s) == (True, False, 2.0)
    assert (usual.hop_limit, usual.traffic_class, usual.flow_label, usual.port) == (64, 0, 0, 623)
