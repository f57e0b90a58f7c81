"""``sdr`` beside ipmitool's, on the lab, on ipmi_sim and on records that no maker would write."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.golden.beside import beside, ipmitool, names
from tests.golden.side_by_side import side_by_side
from tests.interop.lab import Bmc, Lab
from tests.interop.simulator import SATELLITE

# Simulated sensors are never still: what they say is compared elsewhere, on BMCs that stand still.
UNIT = r"(?:degrees C|RPM|Volts|Watts|Amps|percent|gigabyte|CFM|liters|% Watts|% RPM)"
READINGS = [rf"-?\d+(?:\.\d+)? (?:\(\+/- [\d.]+\) )?{UNIT} *", rf"-?\d+(?:\.\d+)?,{UNIT}"]

LISTINGS = [
    (),
    ("list",),
    ("elist",),
    *((verb, kind) for verb in ("list", "elist") for kind in ("all", "full", "compact", "event", "mcloc")),
    ("list", "fru"),
    ("elist", "fru"),
    ("list", "generic"),
    ("type", "Temperature"),
    ("type", "0x08"),
    ("entity", "7"),
    ("entity", "10.1"),
    ("entity", "Processor"),
]
STILL = [
    ("list", "help"),
    ("list", "wrong"),
    ("type",),
    ("type", "list"),
    ("type", "nonsense"),
    ("entity",),
    ("entity", "nonsense"),
    ("get",),
    ("get", "nothing"),
    ("info",),
    ("help",),
    ("wrong",),
    ("dump",),
    ("fill",),
    ("fill", "wrong"),
    ("fill", "file"),
    ("fill", "range"),
]


@pytest.mark.parametrize("words", LISTINGS, ids="-".join)
def test_listings_of_the_lab(golden_lab: Lab, words: tuple[str, ...]) -> None:
    for bmc in golden_lab:
        beside(bmc, "sdr", *words, mask=READINGS)


@pytest.mark.parametrize("options", [("-c",), ("-v",), ("-c", "-v")], ids=" ".join)
def test_listings_with_options(golden_lab: Lab, options: tuple[str, ...]) -> None:
    for bmc in golden_lab:
        beside(bmc, "sdr", "list", "all", options=options, mask=READINGS)
        beside(bmc, "sdr", "type", "Fan", options=options, mask=READINGS)


@pytest.mark.parametrize("words", STILL, ids="-".join)
def test_what_stands_still(rack: Bmc, words: tuple[str, ...]) -> None:
    beside(rack, "sdr", *words)


def test_get(golden_lab: Lab) -> None:
    for bmc in golden_lab:
        known = names(bmc)
        beside(bmc, "sdr", "get", *known[:3], *known[-3:], "nothing", mask=READINGS)


@pytest.mark.parametrize("options", [(), ("-c",), ("-v",), ("-c", "-v")], ids=" ".join)
def test_the_simulators_sensors_stand_still(sim: Bmc, options: tuple[str, ...]) -> None:
    for words in (["list", "all"], ["elist", "all"], ["type", "Fan"], ["entity", "7"], ["info"]):
        beside(sim, "sdr", *words, options=options)


def test_a_satellites_records(sim: Bmc) -> None:
    beside(sim, "sdr", "list", "all", options=("-t", f"0x{SATELLITE:02x}"))


def test_over_v15(golden_lab: Lab) -> None:
    side_by_side(golden_lab.weak, "sdr", "list", "fru", interface="lan")
    side_by_side(golden_lab.weak, "sdr", "info", interface="lan")


def test_a_dump_and_what_reads_it(rack: Bmc, tmp_path: Path) -> None:
    path = tmp_path / "dump"
    beside(rack, "sdr", "dump", str(path), files=[path])
    ipmitool(rack, "sdr", "dump", str(path))
    for words in (["sdr", "list", "all"], ["sdr", "type", "Fan"], ["sensor"], ["sel", "elist"]):
        beside(rack, *words, options=("-S", str(path)), mask=[*READINGS, r"\| -?\d+\.\d+ +\| "])
    path.write_bytes(path.read_bytes()[:100])
    beside(rack, "sdr", "list", "compact", options=("-S", str(path)))
    beside(rack, "sdr", "list", "compact", options=("-S", str(tmp_path / "none")))
    beside(rack, "sdr", "dump", str(tmp_path))
