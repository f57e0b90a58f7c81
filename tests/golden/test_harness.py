"""The comparison itself: it finds what differs, and bears only what is listed."""

from __future__ import annotations

import re

import pytest

from tests.golden import side_by_side as golden
from tests.golden.side_by_side import Difference
from tests.interop.lab import Bmc, Done
from tests.interop.simulator import SATELLITE


def done(code: int = 0, out: str = "", err: str = "") -> Done:
    return Done(["program"], code, out, err)


@pytest.mark.parametrize(
    ("theirs", "ours", "problem"),
    [
        (done(out="a\nb\n"), done(out="a\nb\n"), ""),
        (done(out="a\n"), done(out="a"), "\n- "),
        (done(code=1), done(code=0), "exit code 1 and 0"),
        (done(err="x\n"), done(err="x\nand why\n"), ""),
        (done(err="x\n"), done(err="y\n"), "- x\n+ y"),
        (done(out="time 12:00"), done(out="time 12:01"), ""),
    ],
)
def test_what_differs_is_told(theirs: Done, ours: Done, problem: str) -> None:
    found = golden._compared("power status", theirs, ours, (r"\d\d:\d\d",), verbose=False)
    assert problem in found if problem else not found


def test_a_listed_difference_covers_its_own_lines_only() -> None:
    listed = Difference("sel list", "they crash", theirs=("a.*",), ours=("b",))
    assert listed.covers(["a1"], ["b"])
    assert not listed.covers(["a1"], ["c"])
    assert not listed.covers(["x"], [])


def test_every_listed_difference_has_a_reason_and_sound_patterns() -> None:
    for listed in golden.differences():
        assert len(listed.reason) > 20, listed
        for pattern in (listed.command, *listed.theirs, *listed.ours):
            re.compile(pattern)


def test_ipmi_sim_answers_ipmitool(sim: Bmc) -> None:
    values = sim.ipmitool("mc", "info", suite=3).ok().values
    assert values["Manufacturer ID"] == str(0x1291)
    bridged = sim.ipmitool("-t", f"0x{SATELLITE:02x}", "mc", "info", suite=3).ok().values
    assert bridged["Product ID"].startswith(str(0xF03))
    assert len(sim.ipmitool("sel", "list", suite=3).ok().lines) == 5
    assert sim.ipmitool("power", "status", suite=3).ok().out == "Chassis Power is off\n"
