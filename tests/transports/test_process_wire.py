"""A process on a terminal of its own: what it prints, what it is sent, and how it ends."""

from __future__ import annotations

import os
import sys

from baseboard.transports.process_wire import ProcessWire
from tests.transports.wires import Ear, until

SIGNALS = """\
import signal, sys
for one in (signal.SIGHUP, signal.SIGINT):
    signal.signal(one, lambda number, frame: print("signal", number, flush=True))
print("ready", flush=True)
while True:
    signal.pause()
"""


async def test_it_talks_over_its_terminal_and_its_end_is_told() -> None:
    ear = Ear()
    wire = ProcessWire(("sh", "-c", "tty >/dev/null && echo ready; read line; echo got $line; exit 3"), ear)
    assert wire.place == "sh"
    await until(lambda: b"ready" in ear.data)
    wire.set_rate(9600)
    assert wire.write(b"this\n") == 5
    await until(lambda: ear.error is not None)
    assert b"got this" in ear.data
    assert str(ear.error) == "sh: it ended, exit code 3"
    assert not wire.carrier


async def test_the_last_words_of_a_process_wait_while_the_line_is_held() -> None:
    ear = Ear()
    wire = ProcessWire(("sh", "-c", "read line; seq -w 600; exit 4"), ear)
    wire.hold(True)
    assert wire.write(b"go\n") == 3
    await until(lambda: wire._process.poll() is not None)
    assert not ear.data
    assert ear.error is None
    wire.hold(False)
    wire.hold(True)  # held again before it came to that
    await until(lambda: wire._exit < 0)
    assert not ear.data
    assert ear.error is None
    wire.hold(False)
    await until(lambda: ear.error is not None)
    assert ear.data.split() == [b"%03d" % number for number in range(1, 601)]
    assert str(ear.error) == "sh: it ended, exit code 4"
    wire.hold(False)
    assert not wire.carrier


async def test_a_program_that_is_not_there_says_so_and_ends() -> None:
    ear = Ear()
    ProcessWire(("no-such-program-here",), ear)
    await until(lambda: ear.error is not None)
    assert b"no-such-program-here: No such file or directory" in ear.data


async def test_a_break_interrupts_and_a_dropped_line_hangs_up() -> None:
    ear = Ear()
    wire = ProcessWire((sys.executable, "-c", SIGNALS), ear)
    await until(lambda: b"ready" in ear.data)
    wire.send_break()
    await until(lambda: b"signal 2" in ear.data)
    wire.set_carrier(True)
    wire.power_changed(False)  # it was not asked to hang up then
    wire.set_carrier(False)
    await until(lambda: b"signal 1" in ear.data)
    process = wire.process_id
    wire.close()  # SIGHUP is not heeded, SIGKILL is
    assert ear.error is None
    assert not _alive(process)
    wire.send_break()
    wire.set_carrier(False)


async def test_sighup_when_the_power_goes_if_that_is_asked_for() -> None:
    ear = Ear()
    wire = ProcessWire((sys.executable, "-c", SIGNALS), ear, hang_up=True)
    await until(lambda: b"ready" in ear.data)
    wire.power_changed(True)
    wire.power_changed(False)
    await until(lambda: b"signal 1" in ear.data)
    assert ear.data.count(b"signal") == 1
    wire.close()


async def test_a_process_that_heeds_the_hangup_goes_by_itself() -> None:
    ear = Ear()
    wire = ProcessWire(("cat",), ear)
    wire.write(b"x\n")
    await until(lambda: b"x" in ear.data)
    process = wire.process_id
    wire.close()
    assert not _alive(process)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


async def test_a_process_that_goes_on_without_its_terminal_ends_the_wire() -> None:
    ear = Ear()
    wire = ProcessWire((sys.executable, "-c", "import os, signal; os.closerange(0, 3); signal.pause()"), ear)
    await until(lambda: ear.error is not None)
    assert str(ear.error) == f"{sys.executable}: it closed its terminal"
    assert not wire.carrier
