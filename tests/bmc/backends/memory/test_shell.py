"""The shell on the console: every command, from outside."""

from __future__ import annotations

import pytest

from baseboard.bmc.backends.memory.phases import Phase
from baseboard.bmc.backends.memory.shell import COMMANDS
from tests.bmc.backends.memory.bench import BOOT, Bench


@pytest.fixture
def bench() -> Bench:
    made = Bench()
    made.boot()
    made.login()
    return made


def test_help_names_every_command(bench: Bench) -> None:
    printed = bench.run("help")
    for name in COMMANDS:
        assert name in printed
    assert all(handler.__doc__ for handler in COMMANDS.values())


def test_commands_in_a_line(bench: Bench) -> None:
    assert bench.run("echo one; echo 'two;  three' ;; whoami") == "one\ntwo;  three\nroot\n"
    assert bench.run("echo nothing # a comment") == "nothing\n"
    assert bench.run("   ") == ""


def test_what_is_not_there(bench: Bench) -> None:
    assert bench.run("make coffee") == "sh: make: not found (help lists what there is)\n"
    assert bench.run("echo 'open") == "sh: no closing quotation\n"


def test_uname_date_hostname(bench: Bench) -> None:
    assert bench.run("uname") == "Linux\n"
    assert bench.run("uname -r") == "6.1.0-simulated\n"
    assert bench.run("uname -a") == "Linux lab-7 6.1.0-simulated #1 SMP x86_64 simulated\n"
    assert bench.run("date").startswith("Sun Jun 15 15:07:0")
    assert bench.run("hostname") == "lab-7\n"


def test_uptime(bench: Bench) -> None:
    bench.clock.advance(3600 * 5 + 120)
    assert " up 5:02,  1 user,  load average: 0.10, 0.09, 0.08" in bench.run("uptime")
    bench.clock.advance(86400 * 2)
    assert " up 2 days, 5:02," in bench.run("uptime")


def test_free(bench: Bench) -> None:
    total, used, free = (int(word) for word in bench.run("free").splitlines()[1].split()[1:])
    assert total == used + free == 16384 * 1024 - 131072


def test_files(bench: Bench) -> None:
    assert bench.run("ls /") == "etc/  proc/  root/  var/\n"
    assert bench.run("ls -l /etc /proc/cmdline") == "hostname  motd  os-release  passwd\n/proc/cmdline\n"
    assert bench.run("ls /nowhere") == "ls: /nowhere: no such file or directory\n"
    assert bench.run("cat /etc/hostname /nowhere") == "lab-7\ncat: /nowhere: no such file\n"
    assert bench.run("cat") == "usage: cat FILE...\n"


def test_directories(bench: Bench) -> None:
    assert bench.run("pwd") == "/root\n"
    assert bench.run("ls") == "README\n"
    assert bench.type("cd /var/log\r").endswith("root@lab-7:/var/log# ")
    assert bench.run("cat boot").startswith("[    0.000000] Linux version")
    assert bench.run("cd ../../etc; pwd; cat hostname") == "/etc\nlab-7\n"
    assert bench.run("cd nowhere") == "cd: nowhere: no such directory\n"
    assert bench.type("cd\r").endswith("root@lab-7:~# ")


def test_dmesg_shows_what_the_boot_printed(bench: Bench) -> None:
    assert "ipmi: BMC found, 19 sensors" in bench.run("dmesg")
    bench.server.host.diagnostic_interrupt()
    bench.type("\r")
    assert "NMI: no handler for it" in bench.run("dmesg")


def test_sensors(bench: Bench) -> None:
    bench.server.set_value("Fixed", 12.5)
    bench.server.set_value("Temp", None)
    bench.server.set_states("Door", 3)
    rows = {line[:18].strip(): line[18:].strip() for line in bench.run("sensors").splitlines()}
    assert rows["Fixed"] == "12.500"
    assert rows["Temp"] == "no reading"
    assert rows["Door"] == "states 0003h"
    assert rows["Blind"] == "states 0001h"
    bench.server.set_states("Blind", None)
    assert "\nBlind                        -\n" in bench.run("sensors")


def test_ipmi_asks_the_bmc(bench: Bench) -> None:
    bench.board.requests.clear()
    bench.board.answer = bytes.fromhex("00 20 81 02 10 02 bf 00 00 00 01 01")
    printed = bench.run("ipmi")
    assert bench.board.requests == [(0x06, 0, 0x01, b"")]
    assert printed == (
        "Device ID      20h, revision 1\nFirmware       2.10, IPMI 2.0\nManufacturer   0, product 257\n"
    )
    bench.board.answer = b"\xc3"
    assert bench.run("ipmi") == "ipmi: Get Device ID: completion code c3h\n"
    bench.board.answer = b""
    assert bench.run("ipmi") == "ipmi: Get Device ID: no answer\n"
    bench.board.answer = b"\x00\x20"
    assert "GetDeviceIdResponse" in bench.run("ipmi")


def test_ipmi_raw(bench: Bench) -> None:
    bench.board.requests.clear()
    bench.board.answer = b"\x00\x01\x02"
    assert bench.run("ipmi raw 0x06 0x37 1 0xff") == "01 02\n"
    assert bench.board.requests == [(0x06, 0, 0x37, b"\x01\xff")]
    bench.board.answer = b"\x00"
    assert bench.run("ipmi raw 6 1") == "done, no data\n"
    bench.board.answer = b"\xd4"
    assert bench.run("ipmi raw 6 1; echo next") == "ipmi: completion code d4h\nnext\n"


@pytest.mark.parametrize("words", ["foo", "raw", "raw 6", "raw 7 1", "raw 0x40 1", "raw 6 256", "raw x y"])
def test_ipmi_said_wrongly(bench: Bench, words: str) -> None:
    bench.board.requests.clear()
    assert bench.run(f"ipmi {words}").startswith(("usage: ipmi", "ipmi: "))
    assert bench.board.requests == []


def test_an_answer_that_never_comes_can_be_given_up(bench: Bench) -> None:
    bench.board.answer = None
    assert bench.type("ipmi; echo next\r") == "ipmi; echo next\n"
    assert bench.type("typed meanwhile\r") == ""
    assert bench.type("\x03") == "^C\nroot@lab-7:~# "
    bench.board.answer = b"\x00"
    assert bench.run("ipmi raw 6 1") == "done, no data\n"


def test_an_answer_that_comes_too_late_is_not_shown(bench: Bench) -> None:
    replies = []
    bench.board.request = lambda *request: replies.append(request[4])  # type: ignore[method-assign]  # a slow BMC
    bench.type("ipmi raw 6 1\r")
    bench.type("\x03")
    bench.clear()
    replies[0](b"\x00\x01")
    assert bench.text == ""
    bench.type("ipmi raw 6 1\r")
    bench.clear()
    replies[1](b"\x00\x02")
    assert bench.text == "02\nroot@lab-7:~# "
    bench.type("ipmi raw 6 1\r")
    bench.server.host.reset()
    bench.clear()
    replies[2](b"\x00\x03")
    assert bench.text == ""


def test_load_moves_the_sensors(bench: Bench) -> None:
    bench.clock.advance(300.0)
    before = bench.analog("Watts") or 0.0
    assert bench.run("load") == "load 1.00\n"
    assert bench.run("load 2.5") == "load 2.50\n"
    bench.clock.advance(300.0)
    assert (bench.analog("Watts") or 0.0) > before * 1.5
    for wrong in ("load 9", "load -1", "load much", "load nan"):
        assert bench.run(wrong) == "usage: load [0...3]\n"


def test_reboot(bench: Bench) -> None:
    assert "The system is going down NOW." in bench.run("reboot; echo not reached")
    bench.clock.advance(BOOT * 1.5)
    assert "not reached" not in bench.text.partition("going down")[2]
    assert bench.board.calls[-2:] == ["reset", "choice"]
    assert bench.text.endswith("lab-7 login: ")


@pytest.mark.parametrize("word", ["poweroff", "halt", "shutdown -h now"])
def test_poweroff(bench: Bench, word: str) -> None:
    bench.run(word)
    bench.clock.advance(BOOT)
    assert bench.board.calls[-1] == "off"
    assert bench.phase is Phase.OFF


def test_panic(bench: Bench) -> None:
    assert "not syncing: too bad" in bench.run("panic too bad")
    assert bench.phase is Phase.CRASHED
    assert bench.type("\r") == ""


def test_clear_and_exit(bench: Bench) -> None:
    bench.type("clear\r")
    assert b"\x1b[2J\x1b[H" in bench.output
    assert bench.type("echo bye; exit; echo not reached\r").endswith("bye\nlogout\n\nlab-7 login: ")


def test_lines_before_come_back(bench: Bench) -> None:
    bench.run("echo again")
    assert bench.type("\x1b[A\r").endswith("echo again\nagain\nroot@lab-7:~# ")


def test_a_flood_of_commands_is_taken_as_fast_as_the_line_prints() -> None:
    bench = Bench()
    bench.boot()
    bench.login()
    bench.clear()
    data = b"dmesg\r" * 50
    taken = bench.line.write(data)
    assert 0 < taken < len(data)
    assert bench.type("", 0.0) == ""
    bench.clock.advance(10.0)
    assert bench.line.write(b"\r") == 1
