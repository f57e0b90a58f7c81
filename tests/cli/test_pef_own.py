"""Verbs of ``pef`` that ipmitool has not, or has not made."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from baseboard.cli.pef_own import find
from tests.cli.simulated import Simulated, Told

Program = Callable[..., Told]


def test_ipmitools_own_verbs_are_left_to_it() -> None:
    assert find(["info"]) is None
    assert find(["filter", "list"]) is None
    assert find(["last"]) is not None


def test_capabilities(program: Program) -> None:
    told = program("pef", "capabilities")
    assert told.out.splitlines()[:3] == [
        "Version             : 1.5",
        "Event filters       : 16",
        "Actions             : alert, power_down, reset, power_cycle, diagnostic_interrupt",
    ]
    document = program("pef", "capabilities", "--json").document
    assert document["result"]["filters"] == 16
    assert document["result"]["oem_records"] is False


def test_under_ipmitools_name_they_are_not_made(program: Program) -> None:
    told = program("pef", "capabilities", login=False)
    assert told.code != 0


def test_on_and_off(program: Program) -> None:
    assert program("pef", "enable").out == "Event filtering is enabled now.\n"
    assert "PEF" in program("pef", "status").out
    assert program("pef", "disable", "--json").document["result"]["enabled"] is False


@pytest.mark.parametrize(
    ("words", "state", "seconds"),
    [
        (["set", "9"], "armed", 9),
        (["get"], "armed", 9),
        (["set", "suspend"], "pef off", None),
        (["set", "off"], "off", None),
    ],
)
def test_the_postpone_timer(program: Program, words: list[str], state: str, seconds: int | None) -> None:
    program("pef", "timer", "set", "9")
    found = program("pef", "timer", *words, "--json").document["result"]
    assert (found["state"], found["seconds"]) == (state, seconds)
    assert program("pef", "timer", *words).out


def test_how_far_events_were_processed(program: Program) -> None:
    program("pef", "last", "set", "0x5")
    program("pef", "last", "set", "6", "bmc")
    found = program("pef", "last", "--json").document["result"]
    assert (found["last_software"], found["last_bmc"]) == (5, 6)
    told = program("pef", "last", "set", "none")
    assert "Processed by software  : none" in told.out.splitlines()


def test_alerts(program: Program) -> None:
    """The destination has no address."""
    told = program("pef", "alert", "1", "1", "string", "1", "event", "fan", "7", "threshold", "2", "1", "1")
    assert told.out == "Alert to destination 1 of channel 1: failed\n"
    assert program("pef", "alert", "status", "1", "1", "--json").document["result"]["status"] == "failed"
    assert program("pef", "alert", "clear", "1", "1").out == "Alert to destination 1 of channel 1: none\n"


def test_strings(program: Program) -> None:
    told = program("pef", "string", "set", "2", "Grüße an die Leitwarte", "filter=9", "set=3")
    assert told.out == "Alert string 2 is written.\n"
    listed = program("pef", "string", "list", "--json").document["result"]
    assert listed[2] == {"number": 2, "filter": 9, "set": 3, "text": "Grüße an die Leitwarte"}
    assert "Leitwarte" in program("pef", "string", "list").out


def test_filters_and_policies(program: Program) -> None:
    assert (
        program("pef", "filter", "create", "9", "actions=reset", "offsets=9").out
        == "PEF Filter ID 9 is written.\n"
    )
    assert "Reset" in program("pef", "filter", "list").out
    told = program("pef", "filter", "delete", "9", "--yes")
    assert told.out == "PEF Filter ID 9 is deleted.\n"
    assert program("pef", "policy", "create", "2", "policy=1", "destination=1").code == 0
    assert program("pef", "policy", "delete", "2", "--json").document["result"]["raw"] == "000000"


def test_the_manufacturers_filters_cannot_be_deleted(program: Program) -> None:
    assert program("pef", "filter", "delete", "1").code == 1


def test_an_event_as_if_it_had_come(program: Program) -> None:
    before = program("sel", "info", "--json").document["result"]
    assert program("pef", "event", "fan", "7", "threshold", "0x52", "1", "2").out == "The event is sent.\n"
    assert program("sel", "info", "--json").document["result"] != before


def test_an_acknowledge_of_what_nobody_waits_for(program: Program) -> None:
    told = program("pef", "pet", "ack", "1", "2", "32", "32", "1", "0x59", "1", "2")
    assert told.code == 1


def test_an_acknowledge(program: Program, bmc: Simulated) -> None:
    with bmc.answers({(0x04, 0x17): b"\0"}):
        told = program("pef", "pet", "ack", "1", "2", "32", "32", "1", "0x59", "1", "2", "--json")
    assert told.document["result"] == {"sequence_number": 1}


@pytest.mark.parametrize(
    "line",
    [
        "capabilities x", "enable x", "timer get x", "timer set", "timer set x", "last x", "last set",
        "last set 1 nobody", "alert 1", "alert 1 1 string", "alert 1 1 x", "alert status 1",
        "alert clear 1 1 1",
        "pet ack 1", "event 1", "string list x", "string set 1", "string set 1 a colour=red",
        "string set 1 \u20ac", "filter delete", "policy create 1",
    ],
)  # fmt: skip
def test_what_cannot_be_meant(program: Program, line: str) -> None:
    told = program("pef", *line.split())
    assert told.code == 2
    assert told.err
