"""``sel`` beside ipmitool's, on the lab and on ipmi_sim."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.golden.beside import beside, ipmitool
from tests.golden.side_by_side import side_by_side
from tests.interop.lab import Bmc, Lab

EVENTS = """\
0x04 0x01 0x03 0x01 0x59 0xb0 0xa8 # a threshold
0x04 0x01 0x03 0x81 0x59 0xa0 0xa8
0x04 0x04 0x10 0x01 0x52 0x0a 0x0f
0x04 0x08 0x40 0x6f 0x01 0xff 0xff
0x04 0x0c 0x00 0x6f 0x20 0xff 0x21
0x04 0x12 0x99 0x6f 0xc5 0x00 0xff
0x04 0xc1 0x01 0x6f 0x00 0xff 0xff
0x04 0x01 0x01 0x70 0x00 0xff 0xff
"""
CLOCK = [r"\d\d:\d\d:\d\d"]
LISTS = [
    ("list",),
    ("elist",),
    ("list", "3"),
    ("elist", "first", "2"),
    ("list", "last", "4"),
    ("list", "last", "999"),
    ("list", "0x2"),
    ("list", "some", "2"),
    ("list", "last", "x"),
    ("list", "first"),
]
STILL = [
    ("help",),
    ("wrong",),
    ("get",),
    ("get", "help"),
    ("get", "x"),
    ("get", "0x7777"),
    ("add",),
    ("add", "/nowhere"),
    ("save",),
    ("writeraw",),
    ("readraw",),
    ("readraw", "/nowhere"),
    ("interpret",),
    ("interpret", "x", "y", "z"),
    ("interpret", "1", "/nowhere", "pps"),
    ("interpret", "1", "/nowhere", "xxx"),
    ("time",),
    ("time", "wrong"),
    ("time", "set"),
    ("time", "set", "tomorrow"),
    ("delete",),
    ("delete", "help"),
    ("delete", "x"),
    ("delete", "30583"),
]


@pytest.fixture(scope="module")
def logged(golden_lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """The lab, with something in every log."""
    path = tmp_path_factory.mktemp("sel") / "events"
    path.write_text(EVENTS)
    for bmc in golden_lab:
        ipmitool(bmc, "sel", "add", str(path))
    return golden_lab


@pytest.mark.parametrize("words", LISTS, ids="-".join)
def test_lists(logged: Lab, words: tuple[str, ...]) -> None:
    for bmc in logged:
        beside(bmc, "sel", *words)


@pytest.mark.parametrize("options", [("-c",), ("-v",), ("-c", "-v"), ("-Z",)], ids=" ".join)
def test_lists_with_options(logged: Lab, options: tuple[str, ...]) -> None:
    for bmc in logged:
        beside(bmc, "sel", "list", options=options)
        beside(bmc, "sel", "elist", options=options)


def test_another_time_zone(logged: Lab) -> None:
    for zone in ("Pacific/Auckland", "America/New_York"):
        beside(logged[0], "sel", "elist", environment={"TZ": zone})
        beside(logged[0], "sel", "info", environment={"TZ": zone})


@pytest.mark.parametrize("words", STILL, ids="-".join)
def test_what_stands_still(logged: Lab, words: tuple[str, ...]) -> None:
    beside(logged[0], "sel", *words)


def test_get(logged: Lab) -> None:
    entries = len(ipmitool(logged[0], "sel", "list").lines)
    readings = [r"Sensor Reading +: .*"]
    for number in range(1, entries + 1):
        beside(logged[0], "sel", "get", f"{number:#x}", mask=readings)
    beside(logged[0], "sel", "get", "1", "2", "3", options=("-v",), mask=readings)


def test_info_and_time(logged: Lab) -> None:
    for bmc in logged:
        beside(bmc, "sel")
        beside(bmc, "sel", "info")
        beside(bmc, "sel", "time", "get", mask=CLOCK)


@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
def test_the_clock_is_set(golden_lab: Lab, zone: str) -> None:
    environment = {"TZ": zone}
    for text in ("01/02/26 03:04:05", "1/2/26 3:4:5 and more", "12/31/68 23:59:59"):
        beside(golden_lab[1], "sel", "time", "set", text, environment=environment, mask=[r":\d\d \w"])
    beside(golden_lab[1], "sel", "time", "set", "now", environment=environment, mask=CLOCK)


def test_files(logged: Lab, tmp_path: Path) -> None:
    bmc, text, raw = logged[0], tmp_path / "text", tmp_path / "raw"
    beside(bmc, "sel", "save", str(text), files=[text])
    beside(bmc, "sel", "writeraw", str(raw), files=[raw])
    ipmitool(bmc, "sel", "writeraw", str(raw))
    for options in ((), ("-c",), ("-v",)):
        beside(bmc, "sel", "readraw", str(raw), options=options)
        beside(bmc, "sel", "ereadraw", str(raw), options=options)
    text.write_text(EVENTS)
    beside(bmc, "sel", "add", str(text))
    raw.write_bytes(raw.read_bytes()[:20])
    beside(bmc, "sel", "readraw", str(raw))


def test_words_of_a_file(logged: Lab, tmp_path: Path) -> None:
    path = tmp_path / "texts"
    path.write_text('"0xc0","XX","XX","XX","XX","R","R","R","XX","XX","XX","XX","XX","XX","words"\n')
    beside(logged[0], "sel", "list", options=("-O", str(path)))
    beside(logged[0], "sel", "list", options=("-O", str(tmp_path / "none")))


@pytest.mark.parametrize("options", [(), ("-c",), ("-v",)], ids=" ".join)
def test_the_simulators_log(sim: Bmc, options: tuple[str, ...]) -> None:
    for words in (["info"], ["list"], ["elist"], ["list", "last", "2"], ["get", "1"]):
        beside(sim, "sel", *words, options=options)


def test_over_v15(logged: Lab) -> None:
    side_by_side(logged.weak, "sel", "elist", interface="lan")


def test_clear_and_an_empty_log(logged: Lab) -> None:
    for bmc in logged:
        beside(bmc, "sel", "clear")
        beside(bmc, "sel", "list")
        beside(bmc, "sel", "info", mask=[r"\d\d/\d\d/\d\d \d\d:\d\d:\d\d"])
