"""``sensor`` beside ipmitool's, on the lab and on ipmi_sim."""

from __future__ import annotations

import pytest

from tests.golden.beside import beside, ipmitool, names
from tests.golden.test_sdr import READINGS
from tests.interop.lab import Bmc, Lab

VALUES = [*READINGS, r"\| -?\d+\.\d+ +\| ", r"^([^,]*),-?\d+\.\d+,"]
STILL = [
    ("help",),
    ("wrong",),
    ("get",),
    ("get", "help"),
    ("get", "nothing"),
    ("reading",),
    ("reading", "help"),
    ("reading", "nothing", "PSU1 Status"),
    ("thresh",),
    ("thresh", "help"),
    ("thresh", "CPU1 Temp", "ucr"),
    ("thresh", "CPU1 Temp", "xxx", "3"),
    ("thresh", "CPU1 Temp", "ucr", "3x"),
    ("thresh", "CPU1 Temp", "upper", "1", "2"),
    ("thresh", "CPU1 Temp", "lower", "1", "x", "3"),
    ("thresh", "nothing", "ucr", "3"),
    ("thresh", "PSU1 Status", "ucr", "3"),
    ("thresh", "CPU1 Temp", "ucr", "1"),
    ("thresh", "CPU1 Temp", "unr", "1"),
]


@pytest.mark.parametrize("options", [(), ("-c",), ("-v",), ("-c", "-v")], ids=" ".join)
def test_the_list(golden_lab: Lab, options: tuple[str, ...]) -> None:
    for bmc in golden_lab:
        beside(bmc, "sensor", options=options, mask=VALUES)
        beside(bmc, "sensor", "list", options=options, mask=VALUES)


@pytest.mark.parametrize("options", [(), ("-c",), ("-v",), ("-c", "-v")], ids=" ".join)
def test_the_simulators_sensors_stand_still(sim: Bmc, options: tuple[str, ...]) -> None:
    known = names(sim)[:4]
    beside(sim, "sensor", options=options)
    beside(sim, "sensor", "get", *known, options=options)
    beside(sim, "sensor", "reading", *known, options=options)


@pytest.mark.parametrize("words", STILL, ids=" ".join)
def test_what_stands_still(rack: Bmc, words: tuple[str, ...]) -> None:
    beside(rack, "sensor", *words)


def test_get_and_reading(golden_lab: Lab) -> None:
    for bmc in golden_lab:
        known = names(bmc)
        beside(bmc, "sensor", "get", *known[:2], *known[-2:], mask=VALUES)
        beside(bmc, "sensor", "reading", *known[:2], mask=[r"\| -?[\d.]+"])


def test_thresholds_that_are_set(rack: Bmc) -> None:
    """Each program sets them and reads them back, so both have to send the same bytes."""
    for setting in (["ucr", "88.5"], ["unc", "83"], ["upper", "80", "90", "95"]):
        beside(rack, "sensor", "thresh", "CPU1 Temp", *setting)
        beside(rack, "sensor", "get", "CPU1 Temp", mask=VALUES)
    ours = beside(rack, "sensor", "thresh", "CPU1 Temp", "unc", "84")
    shown = ipmitool(rack, "sensor", "get", "CPU1 Temp").values
    assert ours.code == 0
    assert shown["Upper Non-Critical"] == "84.000"
