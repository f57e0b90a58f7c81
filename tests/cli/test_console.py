"""A verb on one BMC: text, JSON, dry run, traces, colours, time, and that every session is closed."""

from __future__ import annotations

import asyncio
import re
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from baseboard.cli import console
from tests.cli.simulated import Simulated, Told
from tests.interop.terminal import terminal

Program = Callable[..., Told]

CLOSE_SESSION = (0x06, 0x3C)


def test_a_verb_prints_what_ipmitool_prints(program: Program, bmc: Simulated) -> None:
    assert program("chassis", "power", "status") == Told(0, "Chassis Power is on\n", "")
    assert bmc.asked[-1] == CLOSE_SESSION


def test_json_is_a_document(program: Program, bmc: Simulated) -> None:
    told = program("--json", "chassis", "power", "status")
    assert told.document == {
        "schema": "baseboard/1",
        "host": bmc.place,
        "command": "chassis power status",
        "ok": True,
        "exit_code": 0,
        "result": {"power_on": True},
        "errors": [],
    }


def test_a_refusal_is_told_in_json_too(program: Program, bmc: Simulated) -> None:
    with bmc.answers({(0x00, 0x01): b"\xc1"}):
        told = program("--json", "chassis", "power", "status")
    assert (told.code, told.document["ok"], told.document["result"]) == (1, False, None)
    assert told.document["errors"][0]["class"] == "Message"
    assert "Chassis Power Status" in told.document["errors"][0]["cause"]
    assert told.err


@pytest.mark.parametrize(("word", "code"), [("-P", 4), ("-C", 6)])
def test_a_login_that_fails_has_its_exit_code_and_line(
    word: str, code: int, program: Program, bmc: Simulated
) -> None:
    told = program(word, "8", "mc", "info")
    assert told.code == code
    assert told.out == ""
    assert told.err.startswith(f"baseboard: {bmc.place}: ")
    assert "Traceback" not in told.err
    assert program("--json", word, "8", "mc", "info").document["exit_code"] == code


def test_nobody_there(program: Program) -> None:
    told = program("-H", "127.0.0.1:9", "-N", "1", "-R", "1", "mc", "info", login=False)
    assert told.code == 3
    assert "127.0.0.1:9: " in told.err


def test_a_dry_run_sends_nothing(program: Program, bmc: Simulated) -> None:
    before = len(bmc.script.asked)
    told = program("--dry-run", "chassis", "power", "off")
    assert told.code == 0
    assert "control = POWER_DOWN" in told.out
    assert "Chassis Power Control" not in told.out
    assert len(bmc.script.asked) == before
    (result,) = program("--dry-run", "--json", "chassis", "power", "off").document["result"]
    assert result["meaning"] == {"control": "POWER_DOWN (00h)"}
    assert "depends on the answer" in program("--dry-run", "mc", "info").err


def test_a_trace_is_on_standard_error_and_the_output_stays(program: Program) -> None:
    told = program("-vv", "chassis", "power", "status")
    assert told.out == "Chassis Power is on\n"
    assert ">> Get Chassis Status" in told.err
    assert "baseboard version" not in told.err


def test_colours_are_for_terminals_or_who_asks(program: Program) -> None:
    plain = program("sdr", "elist", "full")
    painted = program("--color", "always", "sdr", "elist", "full")
    assert "\x1b" not in plain.out
    assert "\x1b[32mok\x1b[0m" in painted.out
    assert "\x1b[31m" in program("--color", "always", "-P", "wrong", "mc", "info").err


def test_the_time_for_the_whole_is_kept(program: Program, bmc: Simulated) -> None:
    with bmc.answers({(0x00, 0x01): None}):
        told = program("--timeout", "0.2", "power", "status")
    assert told.code in (1, 9)
    assert told.err


async def test_what_heeds_no_deadline_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    setup: Any = SimpleNamespace(words=["mc", "info"], given={"timeout": "0.01"})
    closed: list[bool] = []

    async def close() -> None:
        closed.append(True)

    call: Any = SimpleNamespace(close=close, failures=[])

    async def forever(*_: object) -> int:
        await asyncio.get_running_loop().create_future()
        return 0

    monkeypatch.setattr(console, "_PATIENCE", 0.01)
    monkeypatch.setattr(console, "_verb", forever)
    code, failure = await console.execute(setup, call)
    assert (code, closed) == (9, [True])
    assert failure is not None
    assert failure.cause == "not done within 0.01 s"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["-H", "a,b", "shell"], "`shell` is for one host, not 2"),
        (["-H", "a,b", "sol", "activate"], "`sol watch` shows several"),
        (["-H", "a[1-3]", "power", "off"], r"power off on 3 hosts \(a\[1-3\]\): the host loses"),
        (["-H", "a", "--wait", "power", "status"], "--wait belongs to"),
        (["-H", "a", "--dry-run", "doctor"], "--dry-run has no meaning"),
    ],
)
def test_what_cannot_be_meant_is_refused(words: list[str], complaint: str, program: Program) -> None:
    told = program("-P", "x", *words, login=False)
    assert told.code == 2
    assert re.search(complaint, told.err)


def test_an_interrupt_closes_the_session(bmc: Simulated) -> None:
    command = [sys.executable, "-m", "baseboard", *bmc.login, "sensor", "watch", "--interval", "60"]
    with terminal([*command, "Inlet Temp"], {"IPMITOOL_PASSWORD": bmc.password, "TERM": "dumb"}) as shown:
        shown.wait_for("Inlet Temp")
        shown.process.send_signal(signal.SIGINT)
        assert shown.ended() == 130
    assert "Traceback" not in shown.shown
    assert bmc.asked[-1] == CLOSE_SESSION


def test_several_hosts_are_asked_about_on_a_terminal(bmc: Simulated) -> None:
    command = [
        sys.executable,
        "-m",
        "baseboard",
        "-H",
        f"{bmc.place},localhost:{bmc.port}",
        "-U",
        "admin",
        "-E",
    ]
    with terminal([*command, "sel", "clear"], {"IPMITOOL_PASSWORD": bmc.password}) as shown:
        shown.wait_for("Go on? [y/N]")
        shown.type("n\n")
        shown.wait_for("nothing was done")
        assert shown.ended() == 2
    assert (0x0A, 0x47) not in bmc.asked


def _kept(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_without_the_cache_nothing_is_kept_and_nothing_kept_is_read(
    program: Program, bmc: Simulated, tmp_path: Path
) -> None:
    watch = ("sensor", "watch", "Inlet Temp", "--count", "1")
    lists = ("sensor", "watch", "--count", "1")
    for words in (watch, lists, ("sdr", "list"), ("sensor", "list"), ("fru", "print"), ("sel", "list")):
        assert program("--no-cache", *words).code == 0
    assert not _kept(tmp_path)
    program(*watch)
    kept = _kept(tmp_path)
    assert any(name.endswith(".sdr") for name in kept)
    get_sdr = (0x0A, 0x23)
    bmc.script.asked.clear()
    program(*watch)
    assert get_sdr not in bmc.asked
    before = {name: (tmp_path / name).read_bytes() for name in kept}
    program("--no-cache", *watch)
    assert get_sdr in bmc.asked
    assert {name: (tmp_path / name).read_bytes() for name in _kept(tmp_path)} == before


def test_a_console_is_taken_over(bmc: Simulated, program: Program) -> None:
    command = [sys.executable, "-m", "baseboard", *bmc.login, "sol", "activate"]
    environment = {"IPMITOOL_PASSWORD": bmc.password}
    operational = "SOL Session operational"
    with terminal(command, environment) as first:
        first.wait_for(operational)
        with terminal(command, environment) as second:
            second.wait_for("already active on another session")
            assert second.ended() == 1
        with terminal([*command[:3], "--take-over", *command[3:]], environment) as third:
            third.wait_for(operational)
            first.wait_for("SOL session closed by BMC")
            assert first.ended() == 1
            third.type("~.")
            assert third.ended() == 0


def test_a_take_over_names_the_instance(program: Program, bmc: Simulated) -> None:
    deactivated: list[bytes] = []

    def deactivate(data: bytes) -> bytes:
        deactivated.append(data)
        return b"\x80"

    with bmc.answers({(0x06, 0x49): deactivate, (0x06, 0x48): b"\x82"}):
        told = program("--take-over", "sol", "activate", "instance=3")
    assert told.code == 1
    assert [data[1] for data in deactivated[:1]] == [3]
