"""``event`` beside ipmitool's: what is printed, and what the log has afterwards."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from tests.golden.side_by_side import side_by_side
from tests.interop.lab import Bmc

COMMANDS = [
    "event",
    "event help",
    "event 1",
    "event 2",
    "event 3",
    "event 4",
    "event file",
    "event file /nowhere/at/all",
    "event nosuch",
    "event 'CPU1 Temp'",
    "event 'CPU1 Temp' list",
    "event 'CPU1 Temp' ucr",
    "event 'CPU1 Temp' ucr deassert",
    "event 'CPU1 Temp' lcr assert",
    "event 'CPU1 Temp' foo",
    "event 'CPU1 Temp' ucr foo",
    "event 'PSU1 Status' list",
    "event 'PSU1 Status' 'Presence detected'",
    "event 'PSU1 Status' 'Failure detected' deassert",
    "event 'PSU1 Status' foo",
    "event 'PSU Redundancy' list",
    "event 'PSU Redundancy' 'Redundancy Lost'",
    "event 'Power Unit' list",
    "event 12V lnc",
    "event 'Fan 1' unr",
    "-v event 1",
    "-v event 'CPU1 Temp' ucr",
    "-c event 1",
]


@pytest.mark.parametrize("words", COMMANDS)
def test_on_the_lab(words: str, rack: Bmc) -> None:
    side_by_side(rack, *shlex.split(words))


@pytest.mark.parametrize("words", ["event 1", "event 3", "event nosuch"])
def test_on_ipmi_sim(words: str, sim: Bmc) -> None:
    side_by_side(sim, *shlex.split(words))


def test_events_of_a_file(rack: Bmc, tmp_path: Path) -> None:
    path = tmp_path / "events"
    path.write_text("# none\n0x04 0x01 0x30 0x01 0x09 0xff 0xff # one\n4 2 0x60 1 2 255 255\n4 1 foo\n1 2\n")
    side_by_side(rack, "event", "file", str(path))


def test_both_programs_events_are_logged_alike(rack: Bmc) -> None:
    side_by_side(rack, "event", "CPU1 Temp", "ucr")
    first, second = (line.split("|")[3:] for line in rack.ipmitool("sel", "list", "last", "2").ok().lines)
    assert first == second
