"""``sol watch``."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable

from baseboard.cli import sol_watch
from tests.cli.saying import SayingConsole
from tests.cli.simulated import Simulated, Told, running
from tests.interop.terminal import terminal

Program = Callable[..., Told]


def test_consoles_of_two_hosts_are_shown_line_by_line(bmc: Simulated, program: Program) -> None:
    with running() as other:
        hosts = f"{bmc.place},{other.place}"
        command = [sys.executable, "-m", "baseboard", "-H", hosts, "-U", "admin", "-E", "sol", "watch"]
        with terminal(command, {"IPMITOOL_PASSWORD": bmc.password}) as shown:
            for one in (bmc, other):
                while (0x06, 0x48) not in one.asked:
                    assert shown.process.poll() is None
                    shown._more()
                assert program(*one.login, "power", "reset", login=False).code == 0
                shown.wait_for(f"{one.place}: ")
            shown.process.send_signal(signal.SIGINT)
            assert shown.ended() == 130
    assert "Traceback" not in shown.shown


def test_one_that_cannot_be_had_stops_no_other(bmc: Simulated, program: Program) -> None:
    hosts = f"127.0.0.1:9,{bmc.place}"
    words = ("-N", "1", "-R", "1", "--timeout", "6", "sol", "watch")
    with bmc.answers({(0x06, 0x48): b"\x81"}):
        told = program("-H", hosts, "-U", "admin", "-E", *words, login=False)
    assert told.code == 1
    assert "baseboard: 127.0.0.1:9: " in told.err
    assert f"baseboard: {bmc.place}: " in told.err


def test_it_takes_no_words(program: Program) -> None:
    assert program("sol", "watch", "me").code == 2


async def test_in_this_process_each_line_is_shown_with_its_host_and_time() -> None:
    console = SayingConsole(b"first\r\nsec", b"ond\r\n")
    call, out, err = console.call()
    assert await sol_watch.run(call, []) == 0
    assert [line.split(" ", 2)[0::2] for line in out] == [["host:", "first\n"], ["host:", "second\n"]]
    assert (console.taken_over, console.closed, err) == ([False], True, [])
