"""``sol log``, on the simulated host's own console."""

from __future__ import annotations

import re
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from baseboard.cli import sol_log
from tests.cli.saying import SayingConsole
from tests.cli.simulated import Simulated, Told
from tests.interop.terminal import terminal

Program = Callable[..., Told]


def test_the_console_goes_into_a_file_with_times(bmc: Simulated, program: Program, tmp_path: Path) -> None:
    path = tmp_path / "console.log"
    command = [sys.executable, "-m", "baseboard", *bmc.login, "sol", "log", str(path)]
    with terminal(command, {"IPMITOOL_PASSWORD": bmc.password}) as shown:
        shown.wait_for("Ctrl-C ends it")
        # A reset makes the host say something.
        assert program("power", "reset").code == 0
        while not (path.exists() and path.read_text().strip()):
            assert shown.process.poll() is None
            shown._more()
        shown.process.send_signal(signal.SIGINT)
        assert shown.ended() == 130
    for line in path.read_text().splitlines():
        assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d ", line)
        assert line.isprintable()


def test_it_wants_one_file(program: Program) -> None:
    assert program("sol", "log").code == 2
    assert program("sol", "log", "a", "b").code == 2


def test_a_file_that_cannot_be_written_is_told_before_a_console_is_opened(
    program: Program, bmc: Simulated, tmp_path: Path
) -> None:
    before = len(bmc.script.asked)
    told = program("sol", "log", str(tmp_path))
    assert told.code == 1
    assert "directory" in told.err
    assert len(bmc.script.asked) == before


def test_a_console_that_is_refused_is_told(program: Program, bmc: Simulated, tmp_path: Path) -> None:
    with bmc.answers({(0x06, 0x48): b"\x81"}):
        told = program("sol", "log", str(tmp_path / "log"))
    assert told.code == 1
    assert "SOL is switched off" in told.err


async def test_in_this_process_each_line_is_appended_with_its_time(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text("before\n")
    console = SayingConsole(b"first\r\nsec", b"ond\x1b[31m\r\n")
    call, out, err = console.call(given={"take-over": ""})
    assert await sol_log.run(call, [str(path)]) == 0
    before, first, second = path.read_text().splitlines()
    assert before == "before"
    assert first.endswith(" first")
    assert second.endswith(" second\\x1b[31m")
    assert (console.taken_over, console.closed) == ([True], True)
    assert (out, err) == ([], [f"baseboard: host: the console goes to {path}; Ctrl-C ends it\n"])
