"""Terminal Mode and its text commands, by the examples of the specification (§14.7, §14.8, Appendix E)."""

from __future__ import annotations

from baseboard.commands.app.watchdog import ResetWatchdogTimer
from baseboard.commands.chassis.boot import GetSystemBootOptions, SetSystemBootOptions
from baseboard.commands.chassis.control import ChassisControl, ChassisIdentify
from tests.conformance.marks import exercises
from tests.serial_benches import Line, shared


def test_14_8_the_session_that_the_specification_prints() -> None:
    """``letME1n`` and all: passwords have a case, commands have none."""
    line = Line()
    users = line.bench.services.users
    users.set_name(2, b"Fred")
    users.set_password(2, b"letME1n", 16)
    assert line.typist.type("SYS PWD -U Fred letME1n") == "[OK]"
    assert line.typist.type("SYS PWD -N") == "[ERR CC]"
    assert line.typist.type("SYS PWD -U Fred LETme1N") == "[ERR CC]"
    assert line.typist.type("SYS PWD -U Fred letME1n") == "[OK]"
    assert line.typist.type("SYS blah") == "[ERR C1]"
    power = line.bench.backend.power
    assert power is not None
    power.turn_on()
    assert line.typist.type("SYS RESET") == "[OK]"
    assert line.typist.type("sys health query -V").startswith("[OK\r\nHealth:")


@exercises(ResetWatchdogTimer)
def test_14_7_the_message_that_the_specification_prints() -> None:
    line = Line()
    line.login()
    assert line.bench.raw(6, 0x24, bytes.fromhex("04 00 00 00 64 00")) == b"\0"
    assert line.typist.type("18 00 22") == "[1C 00 22 00]"


@exercises(SetSystemBootOptions, GetSystemBootOptions)
def test_14_8_boot_options_by_text() -> None:
    line = Line()
    line.login()
    assert line.typist.type("SYS SET BOOT 00 04 00 00 00") == "[OK]"
    assert line.typist.type("SYS GET BOOTOPT 05 00 00") == "[OK 01 05 80 04\r\n00 00 00]"
    assert line.typist.type("SYS GET BOOTOPT 04 00 00") == "[OK 01 04 00 1F]"


@exercises(ChassisControl, ChassisIdentify)
def test_14_8_power_and_light_by_text() -> None:
    line = Line()
    line.login()
    light = line.bench.backend.identify
    assert light is not None
    assert line.typist.type("SYS POWER ON") == "[OK]"
    assert line.typist.type("SYS HEALTH QUERY").startswith("[OK PWR:ON ")
    assert line.typist.type("SYS IDENTIFY") == "[OK]"
    line.bench.advance(14.9)
    assert light.lit
    line.bench.advance(0.2)
    assert not light.lit
    assert line.typist.type("SYS POWER OFF") == "[OK]"
    assert line.typist.type("SYS HEALTH QUERY").startswith("[OK PWR:OFF ")


def test_14_7_80_printable_characters_and_40_bytes_over_several_lines_are_taken() -> None:
    line = Line()
    line.login()
    first, second = "18 04 34 0F" + " 20" * 20, " 00" * 16
    shown = line.cable.type(f"[{first}\\\r{second}]\r".encode()).decode().splitlines()[-1]
    assert shown.startswith("[1C 04 34 ")  # Send Message, whatever came of it


def test_14_7_escape_drops_the_line_and_an_illegal_character_flushes_it() -> None:
    line = Line()
    assert line.cable.type(b"[SYS TMO\x1b") == b"[SYS TMO\r\n"
    assert line.typist.type("SYS TMODE") == "[OK TMODE]"
    line.cable.type(b"[SYS \x01TMODE]\r")
    assert line.typist.type("SYS TMODE") == "[OK TMODE]"


def test_14_3_a_line_that_is_shared_is_called_for_and_given_back_by_escape() -> None:
    line = shared()
    assert line.cable.type(b"\x1b(") == b"\x1b*[TMODE OK]\r\n"
    line.login()
    assert line.cable.type(b"\x1bQ").endswith(b"\x1b*")
    line.host.say(b"login: ")
    assert line.cable.take() == b"login: "
