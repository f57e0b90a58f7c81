"""The program: what it does before and after a noun, and with errors that a noun did not expect."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from types import SimpleNamespace
from typing import Any

import pytest

from baseboard.cli.call import Call
from baseboard.cli.ipmitool import main as program
from baseboard.cli.ipmitool import usage
from baseboard.cli.ipmitool.main import dispatch
from baseboard.cli.options import Options
from baseboard.errors import BaseboardError, CompletionError, DecodeError, NoResponse, Unreachable
from tests.cli.ipmitool.typed import Typed

POWER = {(0, 1): b"\x00\x01\x00\x00"}


async def test_a_noun_is_found_and_done() -> None:
    command = Typed(POWER)
    assert await command("power", "status") == 0
    assert command.out == "Chassis Power is on\n"


async def test_bmc_is_another_name_of_mc() -> None:
    command = Typed()
    assert await command("bmc", "reset", "help") == 0
    assert command.err == "usage: mc reset <warm|cold>\n"


@pytest.mark.parametrize(
    ("words", "code", "err"),
    [
        ((), 1, f"No command provided!\n{usage.COMMANDS}"),
        (("help",), 0, usage.COMMANDS),
        (("foo", "bar"), 1, f"Invalid command: foo\n{usage.COMMANDS}"),
        (("Power", "status"), 1, f"Invalid command: Power\n{usage.COMMANDS}"),
    ],
)
async def test_without_a_known_noun_the_nouns_are_listed(words: tuple[str, ...], code: int, err: str) -> None:
    command = Typed()
    assert await command(*words) == code
    assert command.err == err
    assert not command.asked


@pytest.mark.parametrize(
    ("error", "err"),
    [
        (CompletionError(0xC1), "power: Invalid command\n"),
        (NoResponse("no answer"), "power: no answer\n"),
        (DecodeError("bad \x1b[2J"), "power: bad \\x1b[2J\n"),
    ],
)
async def test_an_error_that_a_noun_did_not_expect_is_one_line(
    error: BaseboardError, err: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run(call: Call, words: list[str]) -> int:
        await call.bmc()
        raise error

    monkeypatch.setattr(program, "_noun", lambda name: SimpleNamespace(run=run))
    command = Typed()
    assert await command("power", "status") == 1
    assert command.err == err


async def test_a_bmc_that_is_not_reached_is_the_callers_affair() -> None:
    async def reach() -> Any:
        raise Unreachable("Open Session", None, "no answer")

    call = Call(Options(), reach, lambda text: None, lambda text: None)
    with pytest.raises(Unreachable):
        await dispatch(call, ["power", "status"])


# ---- as a program

OURS = [sys.executable, "-P", "-m", "baseboard", "ipmitool"]


def ours(*words: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*OURS, *words],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "LC_ALL": "C", **environment},
    )


def test_probes_succeed_without_asyncio() -> None:
    code = (
        "import sys; from baseboard.cli.ipmitool.main import main; code = main(['-V']);"
        "print(code, 'asyncio' in sys.modules, 'cryptography' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "ipmitool version 1.8.19\n0 False False\n"


@pytest.mark.parametrize(
    ("interface", "out", "err"),
    [
        ("imb", "Error: no IMB driver found at /dev/imb!\n", ""),
        ("free", "", "ipmi_open_inband(): device not found\n"),
        ("dummy", "", "dummy failed on connect(): : No such file or directory\n"),
    ],
)
def test_interfaces_that_reach_nothing_say_so(
    interface: str, out: str, err: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert program.main(["-I", interface, "mc", "info"]) == 1
    assert tuple(capsys.readouterr()) == (out, err)


def test_the_usb_interface_says_more(capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main(["-I", "usb", "mc", "info"]) == 1
    assert capsys.readouterr().err.endswith("Unable to setup interface usb\nError loading interface usb\n")


def test_without_a_host_the_login_fails_first() -> None:
    done = ours("-I", "lan", "foo")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "No hostname specified!\n")


def test_a_password_is_read_from_what_is_piped_in_where_it_is_asked_for() -> None:
    done = ours("-I", "lanplus", "-H", "192.0.2.1", "-a", "mc", "info", stdin="123456789012345678901\n")
    assert done.returncode == 1
    assert done.stderr == "Password: lanplus: password is longer than 20 bytes.\n"


def test_no_password_is_asked_for_without_a_terminal() -> None:
    done = ours("-I", "lanplus", "-C", "99", "-H", "192.0.2.1", "mc", "info", stdin="")
    assert "Password" not in done.stderr
    assert done.stderr.startswith("Unsupported cipher suite ID : 99\n")


def test_an_unknown_locale_is_no_reason_to_fail() -> None:
    assert ours("-V", LC_ALL="xx_YY.nothing").stdout == "ipmitool version 1.8.19\n"


def test_a_reader_that_leaves_ends_it_without_a_word() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as gone:
        done = subprocess.run([*OURS, "-V"], stdout=gone, stderr=subprocess.PIPE, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (1, b"")


def test_an_interrupt_closes_the_session_and_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    closed = threading.Event()
    command = Typed({(6, 0x42): None})

    async def noun(call: Call, words: list[str]) -> int:
        os.kill(os.getpid(), signal.SIGINT)
        await __import__("asyncio").Event().wait()
        raise AssertionError("it was interrupted")

    async def close() -> None:
        closed.set()

    async def opened(self: object) -> object:
        return command.bmc

    monkeypatch.setattr("baseboard.client.connect.Connection._open", opened)
    monkeypatch.setattr(command.bmc, "close", close)
    monkeypatch.setattr(program, "_noun", lambda name: SimpleNamespace(run=noun))
    assert program.main(["-I", "lanplus", "-H", "192.0.2.1", "-P", "x", "power", "status"]) == 255
    assert capsys.readouterr().out == "\nSIGN INT: Close Interface IPMI v2.0 RMCP+ LAN Interface\n"
    assert closed.is_set()


def test_a_command_is_done_and_its_session_closed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = Typed(POWER)

    async def opened(self: object) -> object:
        return command.bmc

    monkeypatch.setattr("baseboard.client.connect.Connection._open", opened)
    assert program.main(["-I", "lanplus", "-H", "192.0.2.1", "-P", "x", "power", "status"]) == 0
    assert capsys.readouterr().out == "Chassis Power is on\n"


def test_a_login_that_fails_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def opened(self: object) -> object:
        raise Unreachable("Open Session", None, "no answer")

    monkeypatch.setattr("baseboard.client.connect.Connection._open", opened)
    assert program.main(["-I", "lanplus", "-H", "192.0.2.1", "-P", "x", "foo"]) == 1
    assert capsys.readouterr().err == "Error: Unable to establish IPMI v2 / RMCP+ session\n"


def test_a_secret_is_typed_on_a_terminal_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr("getpass.getpass", lambda prompt, stream: f"typed at {prompt}")
    assert program._ask("Key: ") == "typed at Key: "


def test_a_secret_that_is_not_piped_in_is_none(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: False, readline=lambda: ""))
    assert program._ask("Key: ") is None
    assert capsys.readouterr().err == "Key: "
