"""``lan6`` beside ipmitool's, on our BMCs and on OpenIPMI's."""

from __future__ import annotations

import pytest

from tests.golden.beside import beside
from tests.interop.lab import Bmc, Lab

READS = [
    "lan6 print 1",
    "lan6 print",
    "lan6 save 1",
    "lan6 print 1 enables",
    "lan6 print 1 static_addr 0",
    "lan6 print 1 static_addr 99",
    "lan6 print 9 enables",
    "lan6 nonsense",
]
WRITES = [
    "lan6 lock 1",
    "lan6 commit 1",
    "lan6 discard 1",
    "lan6 set 1 traffic_class 46",
    "lan6 set 1 static_hops 9",
    "lan6 set 1 flow_label 0x12345",
    "lan6 set 1 enables both",
    "lan6 set 1 enables ipv4",
    "lan6 set 1 enables ipv6",
    "lan6 set 1 static_addr 0 enable 2001:db8::5 64",
    "lan6 set 1 static_addr 0 disable :: 0",
    "lan6 set 1 static_addr 1 enable 2001:db8::6 64",
    "lan6 set 1 rtr_cfg static",
    "lan6 set 1 static_rtr 1 fe80::1 02:00:5e:10:00:01 2001:db8:9:: 48",
    "lan6 set 1 static_rtr 2 fe80::2 00:00:00:00:00:00 :: 0",
    "lan6 set 1 nolock traffic_class 7",
    "lan6 print 1",
]


@pytest.mark.parametrize("words", READS)
@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_lab(golden_lab: Lab, number: int, words: str) -> None:
    beside(golden_lab[number], *words.split())


@pytest.mark.parametrize("words", READS)
def test_ipmi_sim(sim: Bmc, words: str) -> None:
    beside(sim, *words.split())


@pytest.mark.parametrize("words", WRITES)
def test_changes(rack: Bmc, words: str) -> None:
    beside(rack, *words.split())


def test_what_was_committed_is_so(rack: Bmc) -> None:
    done = beside(rack, "lan6", "set", "1", "flow_label", "77")
    assert (done.code, done.out) == (0, "")
    assert "Flow Label: 77" in beside(rack, "lan6", "print", "1", "flow_label").out
    for words in ("lock", "commit", "discard"):
        assert beside(rack, "lan6", words, "1").code == 0
