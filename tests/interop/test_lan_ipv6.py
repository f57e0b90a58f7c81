"""ipmitool has a BMC of the lab speak IPv6 too, and reaches it there (LAN 51, 56); FreeIPMI counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.interop.lab import Bmc, lab


@pytest.fixture
def alone() -> Iterator[Bmc]:
    with lab("--count", "1") as running:
        yield running[0]


def test_a_bmc_is_reached_at_both_addresses(alone: Bmc) -> None:
    six = replace(alone, address="::1")
    silent = six.ipmitool("mc", "guid", options=("-N", "1", "-R", "1"))
    assert silent.code
    alone.ipmitool("lan6", "set", "1", "enables", "both").ok()
    alone.ipmitool("lan6", "set", "1", "static_addr", "0", "enable", "::1", "128").ok()
    printed = alone.ipmitool("lan6", "print", "1", "static_addr", "0").ok().values
    assert (printed["Address"], printed["Status"]) == ("::1/128", "active")
    guid = six.ipmitool("mc", "guid").ok().out
    assert guid == alone.ipmitool("mc", "guid").ok().out
    six.ipmitool("lan6", "set", "1", "enables", "ipv4")
    assert six.ipmitool("mc", "guid", options=("-N", "1", "-R", "1")).code
    assert alone.ipmitool("mc", "guid").ok().out == guid


def test_what_is_locked_is_not_locked_for_others_for_good(alone: Bmc) -> None:
    alone.ipmitool("lan6", "lock", "1").ok()
    assert "Set already in progress" in alone.ipmitool("lan6", "lock", "1").err
    alone.ipmitool("lan6", "set", "1", "nolock", "traffic_class", "7").ok()
    alone.ipmitool("lan6", "commit", "1").ok()
    assert alone.ipmitool("lan6", "print", "1", "traffic_class").ok().out == "IPv6 Header Traffic Class: 7\n"
    alone.ipmitool("lan6", "lock", "1").ok()
    alone.ipmitool("lan6", "discard", "1").ok()


def test_freeipmi_reads_and_clears_the_counters(alone: Bmc) -> None:
    words = "--get-lan-statistics"
    first = alone.freeipmi("bmc-device", words).ok().values
    number = {name: int(value) for name, value in first.items()}
    assert (
        number["Valid RMCP Packets Received"]
        == number["UDP Packets Received"]
        == number["IP Packets Received"]
        > 5
    )
    assert number["IP Packets Transmitted"] == number["IP Packets Received"] - 1
    alone.freeipmi("bmc-device", "--clear-lan-statistics").ok()
    again = alone.freeipmi("bmc-device", words).ok().values
    assert int(again["Valid RMCP Packets Received"]) < 2 * number["Valid RMCP Packets Received"]
