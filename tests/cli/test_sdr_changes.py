"""Verbs of ``sdr`` that ipmitool has not, and ``event receiver``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from baseboard.bmc.backends.memory import SimulatedServer
from baseboard.testing.scripted import ScriptedBmc
from tests.bmc.fakes import ADMIN, BLUEPRINT
from tests.bmc.services.sensor_specs import PRESENCE, TEMPERATURE
from tests.cli.simulated import Simulated, Told

Program = Callable[..., Told]
RECORD = "0000 51 c0 0a f21b00 01020304050607"
DEVICE_INFO, DEVICE_SDR, DEVICE_RESERVE = (4, 0x20), (4, 0x21), (4, 0x22)


@pytest.fixture
def bmc() -> Iterator[Simulated]:
    """A BMC with two sensors."""
    specs = (TEMPERATURE, PRESENCE)
    with ScriptedBmc(replace(BLUEPRINT, sensors=specs), SimulatedServer) as running:
        yield Simulated(running.port, running.script, "admin", ADMIN.password.decode())


def numbers(told: Told) -> list[int]:
    return [one["record_id"] for one in told.document["result"]]


def test_records_are_added_and_deleted(program: Program, bmc: Simulated) -> None:
    assert program("sdr", "add", RECORD).out == "Added as record 0004h\n"
    assert numbers(program("--json", "sdr", "add", RECORD.replace(" ", ""), "piece=6")) == [5]
    assert bmc.asked.count((0x0A, 0x25)) == 3
    assert program("sdr", "delete", "4", "0xffff").out == "Deleted record 0004h\nDeleted record 0005h\n"
    told = program("sdr", "delete", "4")
    assert told.code == 1
    assert "CBh" in told.err


def test_a_dump_is_added_again(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "records"
    assert program("sdr", "dump", str(path)).code == 0
    assert numbers(program("--json", "sdr", "add", str(path))) == [4, 5, 6]
    assert len(program("sdr", "elist", "all").out.splitlines()) == 6


def test_everything_is_deleted(program: Program) -> None:
    assert program("sdr", "clear").out == "All records are deleted\n"
    assert "Record Count                        : 0" in program("sdr", "info").out


def test_space_is_told(program: Program) -> None:
    lines = program("sdr", "space").out.splitlines()
    assert lines[0] == "Space                : 65536 bytes"
    found = program("--json", "sdr", "space").document["result"]
    assert (found["unit"], found["largest_record"]) == (16, 272)
    assert found["free"] == found["largest_free_block"]


def test_space_that_is_not_told(program: Program, bmc: Simulated) -> None:
    with bmc.answers({(0x0A, 0x21): b"\0" + bytes(9)}):
        found = program("--json", "sdr", "space").document["result"]
        assert set(found.values()) == {None}
        assert "unspecified" in program("sdr", "space").out


def test_an_update_lasts_as_long_as_its_session(program: Program, tmp_path: Path) -> None:
    script = tmp_path / "lines"
    script.write_text(
        f'sdr update-mode enter\nsdr clear\nsdr add "{RECORD}"\nsdr update-mode exit\nsdr space\n'
    )
    told = program("exec", str(script))
    assert told.code == 0
    assert "Added as record 0001h" in told.out
    assert "The repository answers everybody" in told.out
    assert program("sdr", "update-mode", "enter").code == 0
    assert program("sdr", "space").code == 0


def test_a_line_that_fails_does_not_end_the_others(program: Program, tmp_path: Path) -> None:
    script = tmp_path / "lines"
    script.write_text("sdr delete 999\nsdr clear all\nsensor type nobody\nsdr space\n")
    told = program("exec", str(script))
    assert told.code == 1
    assert told.out.startswith("Space ")
    for text in ("CBh", "takes no words", "no sensor 'nobody'"):
        assert text in told.err


def test_the_clock_is_told_and_set(program: Program) -> None:
    assert program("sdr", "time", "2026-11-22T06:15:00").out.startswith("2026-11-22 06:15:0")
    found = program("--json", "sdr", "time").document["result"]
    assert found["time"].startswith("2026-11-22T06:15:")
    assert 1_795_328_100 <= found["seconds"] < 1_795_328_160
    assert program("sdr", "time", "now").code == 0
    assert program("sdr", "time", "2026-11-22T06:15:00+00:00").code == 0


def test_the_initialization_agent(program: Program) -> None:
    program("sensor", "hysteresis", "Inlet", "9", "9")
    assert program("sdr", "init-agent").out == "Initialization of sensors: completed\n"
    assert program("--json", "sdr", "init-agent", "run").document["result"] == {"completed": True}
    assert program("sensor", "hysteresis", "Inlet").out == "Inlet: 2 up, 2 down degrees C\n"


def test_device_records_are_told(program: Program, bmc: Simulated) -> None:
    """Over the LAN this controller gives none; here one does, whose sensors come and go."""
    told = program("sdr", "device")
    assert told.code == 1
    assert "D4h" in told.err
    body = bytes.fromhex("0000 51 c0 03 f21b00")
    sensor = bytes.fromhex("0100 51 03 0d 20 01 07 07 01 21 6f 0000 00 00 c1 41")[:18]
    records = {0: b"\x01\x00" + body, 1: b"\xff\xff" + sensor}
    answers = {
        DEVICE_INFO: lambda data: bytes.fromhex("00 02 83 2A 00 00 00"),
        DEVICE_RESERVE: b"\0\1\0",
        DEVICE_SDR: lambda data: b"\0" + records[data[2]],
    }
    with bmc.answers(answers):  # type: ignore[arg-type]  # the script takes functions
        told = program("sdr", "device")
        lines = told.out.splitlines()
        assert lines[:2] == ["Sensors on LUNs 0, 1; sensors come and go, indicator 0000002Ah", "Records: 2"]
        assert lines[2].startswith("0000h |")
        assert lines[3].split("|")[2].strip() == "07h LUN 1"
        found = program("--json", "sdr", "device").document["result"]
        assert [(one["number"], one["lun"]) for one in found] == [(None, None), (7, 1)]


def test_where_events_go(program: Program) -> None:
    assert program("event", "receiver").out == "Events go to 20h, LUN 0\n"
    assert program("event", "receiver", "off").out == "Events go nowhere\n"
    assert program("--json", "event", "receiver", "0x52", "1").document["result"] == {
        "address": 0x52,
        "lun": 1,
    }


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("sdr device all", "takes no words"),
        ("sdr clear all", "takes no words"),
        ("sdr space all", "takes no words"),
        ("sdr add", "wants a file"),
        ("sdr add nowhere", "no such file"),
        ("sdr add 00 piece=0", "from 1 to 260"),
        ("sdr add 00 piece=x", "a number is wanted"),
        ("sdr delete", "wants IDs"),
        ("sdr delete 0x10000", "from 0 to 65535"),
        ("sdr update-mode", "takes: enter, exit"),
        ("sdr time soon", "no time"),
        ("sdr time 1960-01-01", "from 1970"),
        ("sdr time now now", "takes: now"),
        ("sdr init-agent stop", "takes: run"),
        ("event receiver 0xff", "from 0 to 254"),
        ("event receiver off 4", "from 0 to 3"),
        ("event receiver 1 2 3", "takes: off"),
    ],
)
def test_wrong_words_are_told_and_nothing_is_sent(
    program: Program, bmc: Simulated, words: str, text: str
) -> None:
    told = program(*words.split())
    assert (told.code, bmc.asked) == (2, [])
    assert text in told.err


def test_a_record_that_is_none_is_told(program: Program) -> None:
    told = program("sdr", "add", "0000 51 c0 0a")
    assert told.code != 0
    assert "does not say that it has as many" in told.err
