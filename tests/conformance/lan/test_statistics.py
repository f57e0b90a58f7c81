"""§23.4: packets are counted, and not invented."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from baseboard.codes import NetFn
from baseboard.commands.transport.lan import GetIpUdpRmcpStatistics, GetIpUdpRmcpStatisticsResponse
from baseboard.errors import CompletionError
from baseboard.links import ethernet
from baseboard.links.ethernet import Frame
from baseboard.links.ethernet_ipv4 import UDP, Packet
from tests.conformance.bench import LAN, bench
from tests.conformance.lan.wired import BMC_IP, BMC_MAC, WiredBmc, wired
from tests.conformance.marks import exercises

COUNTS = exercises(GetIpUdpRmcpStatistics)
PEER_MAC = bytes.fromhex("020000000777")
PEER, BMC = IPv4Address("10.1.0.7"), IPv4Address(BMC_IP)


def read(bmc: WiredBmc, *, clear: bool = False, level: int = 4) -> GetIpUdpRmcpStatisticsResponse:
    return bmc.execute(GetIpUdpRmcpStatistics(channel=LAN, clear=clear), LAN, level)


def send(bmc: WiredBmc, packet: bytes) -> None:
    """A frame of IPv4 for the BMC."""
    link = bmc.switch.plug(lambda frame: None)
    link.send(Frame(BMC_MAC, PEER_MAC, ethernet.IPV4, packet).encode())


@COUNTS
def test_every_counter_counts_what_it_is_called() -> None:
    bmc = wired()
    console = bmc.console()
    assert console.pings()
    read(bmc, clear=True)
    right = Packet(PEER, BMC, UDP, bytes(8))
    send(bmc, right.encode()[:10] + b"\0\0" + right.encode()[12:])
    send(bmc, right._replace(destination=IPv4Address("10.1.0.99")).encode())
    send(bmc, right._replace(flags=0b001).encode())
    said = read(bmc)
    assert (said.ip_packets_received, said.udp_packets_received, said.ip_packets_transmitted) == (3, 0, 0)
    assert (said.ip_header_errors, said.ip_address_errors, said.ip_fragments_received) == (1, 1, 1)
    assert console.pings()
    console.carry(b"\x05 is no version of RMCP")
    said = read(bmc)
    assert (said.ip_packets_received, said.ip_packets_transmitted) == (5, 1)
    assert (said.udp_packets_received, said.rmcp_packets_received) == (2, 1)
    assert (said.proxy_packets_received, said.proxy_packets_dropped) == (0, 0)


@COUNTS
def test_reading_tells_what_was_there_before_clearing() -> None:
    bmc = wired()
    assert bmc.console().pings()
    before = read(bmc)
    assert before.rmcp_packets_received == 1
    assert read(bmc, clear=True) == before
    assert read(bmc) == GetIpUdpRmcpStatisticsResponse.decode(bytes(18))


@COUNTS
def test_counters_stop_at_ffffh() -> None:
    bmc = wired()
    bmc.services.lan.statistics.valid = 0x1_0000
    assert read(bmc).rmcp_packets_received == 0xFFFF


@COUNTS
def test_counters_do_not_outlive_the_bmc() -> None:
    bmc = wired()
    assert bmc.console().pings()
    assert read(bmc.reopened()).rmcp_packets_received == 0


@COUNTS
def test_on_a_socket_of_the_host_its_datagrams_are_counted() -> None:
    bmc = bench()
    console = bmc.in_v20()
    answer = console.ask(int(NetFn.TRANSPORT), 0x04, bytes((0xE, 0)))
    assert answer is not None
    said = GetIpUdpRmcpStatisticsResponse.decode(answer[1:])
    assert said.ip_packets_received == said.udp_packets_received == said.rmcp_packets_received
    assert said.ip_packets_received == said.ip_packets_transmitted + 1 > 1


@COUNTS
def test_privilege_users_read() -> None:
    bmc = wired()
    assert read(bmc, level=2)
    with pytest.raises(CompletionError, match="^D4h"):
        read(bmc, level=1)
    assert bmc.execute(GetIpUdpRmcpStatistics(channel=LAN))
    with pytest.raises(CompletionError, match="^CCh"):
        bmc.execute(GetIpUdpRmcpStatistics(channel=2))
