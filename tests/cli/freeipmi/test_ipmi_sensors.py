"""The program: options, hosts, the records it keeps; tests/golden compares its output with FreeIPMI's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from baseboard.bmc.backends.memory import SimulatedServer
from baseboard.cli.freeipmi import ipmi_sensors
from baseboard.cli.freeipmi.ipmi_sensors import main
from baseboard.testing.scripted import Script, ScriptedBmc
from tests.bmc.fakes import ADMIN, BLUEPRINT
from tests.golden.odd_sensors import (
    GET,
    INFO,
    READING,
    SENSOR,
    STORAGE,
    THRESHOLDS,
    compact,
    full,
    lines,
    said,
)

RECORDS = [full(1, id_string="Temp"), compact(2, id_string="Slot")]
READINGS: dict[int, bytes | None] = {1: said(40, 0xC0), 2: said(0, 0x8001)}
NOBODY = "127.0.0.1:9"


@pytest.fixture
def bmc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedBmc]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    answers = lines(RECORDS, READINGS)
    with ScriptedBmc(BLUEPRINT, SimulatedServer, Script(answers)) as running:
        yield running


class Run:
    """Runs the program, and has what it printed."""

    def __init__(self, bmc: ScriptedBmc, capsys: pytest.CaptureFixture[str]) -> None:
        self.place, self._capsys = f"{bmc.host}:{bmc.port}", capsys
        self.out = self.err = ""

    def __call__(self, *words: str, hosts: str = "") -> int:
        login = ["-D", "LAN_2_0", "-u", ADMIN.name.decode(), "-p", ADMIN.password.decode()]
        login += ["--session-timeout", "3000", "--retransmission-timeout", "300"]
        code = main(["-h", hosts or self.place, *login, *words])
        self.out, self.err = self._capsys.readouterr()
        return code


@pytest.fixture
def run(bmc: ScriptedBmc, capsys: pytest.CaptureFixture[str]) -> Run:
    return Run(bmc, capsys)


def test_a_table(run: Run) -> None:
    assert run("--comma-separated-output", "--output-sensor-state") == 0
    assert run.out.splitlines() == [
        "ID,Name,Type,State,Reading,Units,Event",
        "1,Temp,Temperature,Nominal,40.00,C,'OK'",
        "2,Slot,Entity Presence,Nominal,N/A,N/A,'Entity Present'",
    ]


def test_hosts(run: Run) -> None:
    two = f"{run.place},localhost:{run.place.partition(':')[2]}"
    assert run("-q", "--no-header-output", hosts=two) == 0
    assert sorted(line.split(": ")[0] for line in run.out.splitlines()) == sorted(two.split(",") * 2)
    assert run("-q", "-C", hosts=two) == 0
    assert run.out.count("| Temp |") == 1
    assert run("-q", "-B", "--no-header-output", hosts=two) == 0
    assert run.out.count("-" * 16) == 4
    assert run("-q", "--always-prefix", "-r", "1", "--no-header-output") == 0
    assert run.out == f"{run.place}: 1  | Temp | Temperature | 'OK'\n"


def test_one_silent_host_does_not_stop_the_other(run: Run) -> None:
    assert run("-q", hosts=f"{NOBODY},{run.place}") == 1
    assert f"{NOBODY}: ipmi-sensors: connection timeout\n" in run.err
    assert "Temp" in run.out
    assert run("-q", "-E", hosts=f"{NOBODY},{run.place}") == 0
    assert NOBODY not in run.err


def test_this_machines_own_bmc(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    for host in ("localhost", "127.0.0.1"):
        assert run("--driver-device", "/nowhere/ipmi", hosts=host) == 1
        assert run.err == "ipmi-sensors: could not find inband device\n"
    assert main(["--driver-device", "/nowhere/ipmi", "--always-prefix"]) == 1
    assert capsys.readouterr().err == "localhost: ipmi-sensors: could not find inband device\n"


def test_records_are_read_once(run: Run, bmc: ScriptedBmc, tmp_path: Path) -> None:
    def reads() -> int:
        asked = [cmd for netfn, cmd, _ in bmc.script.asked if netfn == STORAGE]
        bmc.script.asked.clear()
        return asked.count(GET)

    assert run("-q") == 0
    assert reads() > 0
    assert run("-q") == 0
    assert reads() == 0
    assert run("--flush-cache") == 0
    assert run.out.startswith(f"Flushing cache: {tmp_path / 'cache'}")
    assert run("-q", "-Q") == 0
    assert reads() > 0
    assert run("-f", "-Q") == 0
    assert run.out == ""


def test_records_in_a_file_and_a_folder_of_the_users_own(run: Run, bmc: ScriptedBmc, tmp_path: Path) -> None:
    file, folder = tmp_path / "records", tmp_path / "folder"
    folder.mkdir()
    assert run("-q", "--sdr-cache-file", str(file)) == 0
    shown = run.out
    bmc.script.asked.clear()
    assert run("-q", "--sdr-cache-file", str(file)) == 0
    assert run.out == shown
    assert (STORAGE, GET) not in {(netfn, cmd) for netfn, cmd, _ in bmc.script.asked}
    file.write_bytes(b"damaged")
    assert run("-q", "--sdr-cache-file", str(file)) == 1
    assert run.err == f"SDR Cache '{file}' invalid: Please flush the cache and regenerate it\n"
    assert run("-q", "--sdr-cache-file", str(file), "--sdr-cache-recreate") == 0
    assert run("--flush-cache", "--sdr-cache-file", str(file)) == 0
    assert (run.out, file.exists()) == (f"Flushing cache: {file}\n", False)
    assert run("-q", f"--sdr-cache-directory={folder}") == 0
    assert any(folder.rglob("*.sdr"))
    assert run("-q", f"--sdr-cache-directory={tmp_path / 'none'}") == 1
    assert "insufficient permission" in run.err


@pytest.mark.parametrize(
    ("answers", "words", "told"),
    [
        ({(SENSOR, READING): b"\xd4"}, [], "ipmi_sensor_read: internal IPMI error"),
        ({(SENSOR, THRESHOLDS): b"\xd4"}, ["--output-sensor-thresholds"], "the thresholds of a sensor"),
        ({(STORAGE, INFO): b"\0\x51\0\0\0\0" + bytes(9), (STORAGE, GET): b"\xcb"}, [], "ipmi"),
        ({(STORAGE, GET): b"\xd4"}, [], "ipmi"),
        ({(STORAGE, GET): None}, [], "ipmi"),
    ],
)
def test_answers_that_end_it(
    run: Run, bmc: ScriptedBmc, answers: dict[tuple[int, int], bytes | None], words: list[str], told: str
) -> None:
    bmc.script.lines.update(answers)
    assert run(*words, "--session-timeout", "1500") == 1
    assert told in run.err


def test_a_record_that_is_not_there(run: Run) -> None:
    assert run("-r", "77") == 1
    assert run.out == "Sensor Record ID '77' not found\n"


def test_rules_that_are_not_there(run: Run) -> None:
    assert run("--output-sensor-state", "--sensor-state-config-file", "/nowhere") == 1
    assert run.err == "sensor state config file '/nowhere' does not exist\n"


def test_the_repository(run: Run) -> None:
    assert run("--sdr-info") == 0
    assert run.out.startswith("SDR version                                       : 1.5\n")


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["--help"], 0, "--output-sensor-thresholds"),
        (["--version"], 0, "ipmi-sensors - 1.6.10"),
        (["-L"], 0, "Temperature\nVoltage\n"),
        (["--list-groups"], 0, "OEM_Reserved\n"),
        (["word"], 64, "Usage: ipmi-sensors"),
        (["--nonsense"], 64, "unrecognized option"),
        (["-h", "a[3-1]"], 1, "no list of numbers"),
    ],
)
def test_without_a_bmc(capsys: pytest.CaptureFixture[str], words: list[str], code: int, told: str) -> None:
    assert main(words) == code
    captured = capsys.readouterr()
    assert told in captured.out + captured.err


def test_the_program_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(words: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(ipmi_sensors, "_main", interrupted)
    assert main() == 1
