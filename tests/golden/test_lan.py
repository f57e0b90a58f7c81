"""``lan`` beside ipmitool's, on our BMCs and on OpenIPMI's."""

from __future__ import annotations

import pytest

from tests.golden.beside import beside
from tests.interop.lab import Bmc, Lab

READS = [
    "lan print 1",
    "-v lan print 1",
    "lan print",
    "lan print 9",
    "lan stats get 1",
    "lan stats clear 1",
    "lan alert print 1",
    "lan alert print 1 1",
    "lan alert print 1 99",
    "lan nonsense",
]
WRITES = [
    "lan set 1 snmp golden",
    "lan set 1 defgw ipaddr 192.0.2.1",
    "lan set 1 bakgw macaddr 02:00:5e:10:00:fe",
    "lan set 1 vlan priority 3",
    "lan set 1 vlan id 100",
    "lan set 1 vlan id off",
    "lan set 1 vlan id 4095",
    "lan set 1 ipsrc static",
    "lan set 1 ipaddr 192.0.2.7",
    "lan set 1 netmask 255.255.254.0",
    "lan set 1 defgw macaddr 02:00:5e:10:00:01",
    "lan set 1 bakgw ipaddr 192.0.2.2",
    "lan set 1 arp respond on",
    "lan set 1 arp generate off",
    "lan set 1 arp interval 3",
    "lan set 1 auth user MD5",
    "lan set 1 bad_pass_thresh 3 1 30 60",
    "lan set 1 cipher_privs XXXaXXXXXXXXXXX",
    "lan alert set 1 1 ipaddr 192.0.2.99",
    "lan alert set 1 1 retry 3",
    "lan print 1",
    "lan set 1 nonsense",
]
COUNTERS = [r"(Rx|Tx) (Packet|Valid) +: \d+"]
"""Each of the two programs is counted too."""


@pytest.mark.parametrize("words", READS)
@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_lab(golden_lab: Lab, number: int, words: str) -> None:
    beside(golden_lab[number], *words.split(), mask=COUNTERS if words == "lan stats get 1" else [])


@pytest.mark.parametrize("words", READS)
def test_ipmi_sim(sim: Bmc, words: str) -> None:
    beside(sim, *words.split())


@pytest.mark.parametrize("words", WRITES)
def test_changes(rack: Bmc, words: str) -> None:
    beside(rack, *words.split())
