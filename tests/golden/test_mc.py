"""``mc`` beside ipmitool's, on our BMC and on OpenIPMI's."""

from __future__ import annotations

import pytest

from tests.golden.side_by_side import side_by_side
from tests.interop.lab import Bmc

READS = [
    "mc info",
    "bmc info",
    "mc guid",
    "mc guid auto",
    "mc guid dump",
    "mc guid rfc",
    "mc guid rfc4122",
    "mc guid ipmi",
    "mc guid smbios",
    "mc selftest",
    "mc getenables",
    "mc watchdog get",
    "mc getsysinfo os_name",
    "mc getsysinfo primary_os_name",
    "mc getsysinfo system_name",
    "mc getsysinfo system_fw_version",
    "mc getsysinfo delloem_os_version",
    "mc getsysinfo delloem_url",
    "-c mc info",
    "-v mc info",
    "mc info -v -v",
]
WORDS = [
    "mc",
    "mc help",
    "mc foo",
    "mc reset",
    "mc reset help",
    "mc reset foo",
    "mc watchdog",
    "mc watchdog help",
    "mc watchdog foo",
    "mc watchdog set",
    "mc getsysinfo",
    "mc getsysinfo help",
    "mc getsysinfo foo",
    "mc setsysinfo",
    "mc setsysinfo os_name",
    "mc setenables",
    "mc setenables help",
]


@pytest.mark.parametrize("words", [*READS, *WORDS])
def test_on_the_lab(words: str, rack: Bmc) -> None:
    side_by_side(rack, *words.split())


@pytest.mark.parametrize("words", READS)
def test_on_ipmi_sim(words: str, sim: Bmc) -> None:
    side_by_side(sim, *words.split(), mask=(r"Present Countdown: .*",))


def test_the_watchdog_is_set_shown_restarted_and_shut_off(rack: Bmc) -> None:
    counting = (r"Present Countdown: .*",)
    words = "mc watchdog set timeout=600 pretimeout=5 int=nmi use=sms action=none clear=sms nolog"
    side_by_side(rack, *words.split())
    side_by_side(rack, "mc", "watchdog", "get", mask=counting)
    side_by_side(rack, "mc", "watchdog", "reset")
    side_by_side(rack, "mc", "watchdog", "get", mask=counting)
    side_by_side(rack, "mc", "watchdog", "off")
    assert "Stopped" in side_by_side(rack, "mc", "watchdog", "get", mask=counting).out


def test_system_information_is_written_and_read_back(rack: Bmc) -> None:
    name = "a name that is longer than a block of sixteen bytes"
    side_by_side(rack, "mc", "setsysinfo", "system_name", name)
    assert side_by_side(rack, "mc", "getsysinfo", "system_name").out == f"{name}\n"


def test_enables_that_only_the_system_interface_may_change(rack: Bmc) -> None:
    side_by_side(rack, "mc", "setenables", "system_event_log=on")
    side_by_side(rack, "mc", "setenables", "nothing=on")


def test_a_warm_reset(rack: Bmc) -> None:
    assert side_by_side(rack, "mc", "reset", "warm").out == "Sent warm reset command to MC\n"
