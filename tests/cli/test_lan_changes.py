"""``lan arp suspend``, ``lan arp resume``, ``lan alert vlan``."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cli.simulated import Told

Program = Callable[..., Told]


def test_gratuitous_arps_rest_and_come_back(program: Program) -> None:
    """A simulated BMC is on a socket of the host, whose ARP responses are not its to stop."""
    told = program("lan", "arp", "suspend", "generate")
    assert told.out == "ARP responses    : occurring\nGratuitous ARPs  : suspended or off\n"
    found = program("--json", "lan", "arp", "resume", "1").document["result"]
    assert found == {"arp_responses": True, "gratuitous_arps": False}
    for words in (("respond",), ()):
        refused = program("lan", "arp", "suspend", *words)
        assert refused.code
        assert refused.out == ""


def test_the_tag_of_an_alert_is_set_and_taken_away(program: Program) -> None:
    told = program("lan", "alert", "vlan", "1", "2", "200", "6")
    assert told.out == "802.1q tag of destination 2: VLAN 200, priority 6\n"
    assert program("raw", "0x0c", "2", "1", "25", "2", "0").out.split() == ["11", "02", "10", "c8", "c0"]
    found = program("--json", "lan", "alert", "vlan", "1", "2", "off").document["result"]
    assert found == {"channel": 1, "destination": 2, "vlan_id": None, "vlan_priority": 0}
    assert program("raw", "0x0c", "2", "1", "25", "2", "0").out.split() == ["11", "02", "00", "00", "00"]
    assert program("lan", "alert", "vlan", "1", "2", "7").out.endswith("VLAN 7, priority 0\n")


@pytest.mark.parametrize(
    "words",
    [
        "lan arp suspend nothing",
        "lan arp suspend respond 16",
        "lan arp suspend respond 1 2",
        "lan arp resume 1 2",
        "lan alert vlan 1 2",
        "lan alert vlan 1 2 0",
        "lan alert vlan 1 2 4095",
        "lan alert vlan 1 2 100 8",
        "lan alert vlan 1 16 100",
        "lan alert vlan 1 2 100 1 1",
    ],
)
def test_what_is_wrong_is_told_before_anything_is_sent(program: Program, words: str) -> None:
    told = program(*words.split())
    assert told.code
    assert told.out == ""
    assert told.err
