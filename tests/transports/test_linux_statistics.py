"""What Linux counts of IP and UDP, from files as Linux 6.1 writes them."""

from __future__ import annotations

from pathlib import Path

from baseboard.links.network import Counters
from baseboard.transports.linux_statistics import Statistics, named, paired

SNMP = """\
Ip: Forwarding DefaultTTL InReceives InHdrErrors InAddrErrors ForwDatagrams InUnknownProtos InDiscards \
InDelivers OutRequests OutDiscards OutNoRoutes ReasmTimeout ReasmReqds ReasmOKs ReasmFails FragOKs FragFails \
FragCreates
Ip: 2 64 {received} 1 2 0 0 0 90 80 0 0 0 3 0 3 0 0 0
Icmp: InMsgs InErrors
Icmp: 0 0
Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors IgnoredMulti MemErrors
Udp: {udp} 7 0 70 0 0 0 0 0
"""
SNMP6 = """\
Ip6InReceives                   	{received}
Ip6InHdrErrors                  	0
Ip6InAddrErrors                 	4
Ip6OutRequests                  	20
Ip6ReasmReqds                   	5
Udp6InDatagrams                 	6
"""


def test_a_line_of_names_and_one_of_numbers_are_paired() -> None:
    found = paired(SNMP.format(received=100, udp=60))
    assert (found["Ip.InReceives"], found["Ip.ReasmReqds"], found["Udp.InDatagrams"]) == (100, 3, 60)
    assert paired("Ip: A B\nIp: 1\nTcp: X") == {"Ip.A": 1}
    assert paired("Tcp: MaxConn\nTcp: -1\n") == {"Tcp.MaxConn": 0}


def test_a_name_and_a_number_are_on_each_line() -> None:
    assert named(SNMP6.format(received=9))["Ip6InReceives"] == 9
    assert named("odd\nA 1\nB 2 3\n") == {"A": 1}


def test_it_counts_from_its_beginning_both_versions_together(tmp_path: Path) -> None:
    four, six = tmp_path / "snmp", tmp_path / "snmp6"
    four.write_text(SNMP.format(received=100, udp=60))
    six.write_text(SNMP6.format(received=30))
    statistics = Statistics(str(tmp_path))
    assert statistics.counters() == Counters()
    four.write_text(SNMP.format(received=150, udp=61))
    six.write_text(SNMP6.format(received=37))
    assert statistics.counters() == Counters(ip_received=57, udp_received=1)
    statistics.close()


def test_a_kernel_without_ipv6_counts_the_rest(tmp_path: Path) -> None:
    (tmp_path / "snmp").write_text(SNMP.format(received=100, udp=60))
    statistics = Statistics(str(tmp_path))
    (tmp_path / "snmp").write_text(SNMP.format(received=101, udp=60))
    assert statistics.counters() == Counters(ip_received=1)
    statistics.close()


def test_the_files_of_this_machine_are_understood() -> None:
    statistics = Statistics()
    assert all(count >= 0 for count in statistics.counters())
    statistics.close()
