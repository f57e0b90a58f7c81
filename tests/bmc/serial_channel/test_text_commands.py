"""The text commands of Terminal Mode (§14.8, Appendix E)."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.bmc.blueprint import SensorSpec, Thresholds
from baseboard.codes import RestartCause
from baseboard.errors import CompletionError
from tests.bmc.serial_channel.test_terminal import Console

TEMPERATURE = SensorSpec(
    1, "Inlet", sensor_type=1, base_unit=1, maximum=127.0, thresholds=Thresholds(upper_critical=90.0)
)


def logged_in(name: str = "admin", **makeup: Any) -> Console:
    line = Console(**makeup)
    assert line.type(f"SYS PWD -U {name} {name}pw") == "[OK]"
    return line


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("SYS PWD -U admin guess", "[ERR CC]"),
        ("SYS PWD -U admin", "[ERR CC]"),
        ("SYS PWD -U nobody adminpw", "[ERR CC]"),
        ("SYS PWD -U admin adminpw more", "[ERR CC]"),
        ("SYS PWD -U admin adminpwadminpwadm", "[ERR CC]"),
        ("SYS PWD -U", "[ERR CC]"),
        ("SYS PWD", "[ERR CC]"),
        ("SYS PWD -N", "[ERR CC]"),
        ("SYS PWD -N nullpw", "[OK]"),
        ("sys pwd -u oper operpw", "[OK]"),
        ("SYS PWD -U ADMIN adminpw", "[ERR CC]"),
        ("SYS TMODE", "[OK TMODE]"),
        ("SYS blah", "[ERR C1]"),
        ("SYS", "[ERR C1]"),
        ("OK", "[ERR C1]"),
    ],
)
def test_14_8_before_a_login(text: str, answer: str) -> None:
    assert Console().type(text) == answer


@pytest.mark.parametrize(
    "text",
    [
        "SYS POWER ON", "SYS POWER OFF", "SYS RESET", "SYS IDENTIFY", "SYS SET BOOT 80 04 00 00 00",
        "SYS SET BOOTOPT 05 80 04 00 00 00", "SYS GET BOOTOPT 05 00 00", "SYS SET TCFG",
        "SYS SET TCFG -V 26 11", "SYS SET TCFG -N 26 11", "SYS HEALTH QUERY", "SYS HEALTH QUERY -V",
    ],
)  # fmt: skip
def test_14_7_nothing_else_is_accepted_before_a_login(text: str) -> None:
    line = Console()
    assert line.type(text) == "[ERR D4]"
    assert not line.bench.services.chassis.is_on()


@pytest.mark.parametrize(
    ("name", "text", "answer"),
    [
        ("oper", "SYS SET TCFG -V 26 11", "[ERR D4]"),
        ("oper", "SYS SET TCFG", "[OK V:26 11\r\nN:26 11]"),
        ("oper", "SYS SET BOOT 00 04 00 00 00", "[OK]"),
        ("oper", "SYS POWER ON", "[OK]"),
    ],
)
def test_14_8_a_text_command_wants_the_level_of_what_it_stands_for(name: str, text: str, answer: str) -> None:
    assert logged_in(name).type(text) == answer


def test_14_8_a_user_may_look_and_no_more() -> None:
    line = Console()
    line.type("SYS PWD -N nullpw")
    assert line.type("SYS HEALTH QUERY").startswith("[OK PWR:OFF")
    assert line.type("SYS RESET") == "[ERR D4]"
    assert line.type("SYS SET TCFG") == "[ERR D4]"


def test_14_7_a_wrong_password_ends_the_session() -> None:
    line = logged_in()
    assert line.type("SYS PWD -U admin guess") == "[ERR CC]"
    assert line.type("28 04 40") == "[2C 04 40 D4]"


def test_14_7_only_straight_passwords_let_in_and_only_where_they_may() -> None:
    assert Console(auth_types=0x04).type("SYS PWD -U admin adminpw") == "[ERR D4]"


def test_14_8_the_chassis_obeys_text() -> None:
    line = logged_in("oper")
    chassis = line.bench.services.chassis
    assert line.type("SYS RESET") == "[ERR D5]"
    assert line.type("SYS POWER ON") == "[OK]"
    assert chassis.is_on()
    assert (chassis.restart_cause, chassis.restart_channel) == (RestartCause.CHASSIS_CONTROL, 2)
    assert line.type("SYS RESET") == "[OK]"
    assert line.bench.backend.calls[-1] == "reset"
    assert line.type("SYS POWER OFF") == "[OK]"
    assert not chassis.is_on()


def test_14_8_identify() -> None:
    line = logged_in("oper")
    identify = line.bench.backend.identify
    assert identify is not None
    for text, lit in [
        ("IDENTIFY", True),
        ("IDENTIFY -OFF", False),
        ("IDENTIFY -ON", True),
        ("IDENTIFY -ON 00", False),
        ("IDENTIFY -ON 05", True),
    ]:
        assert line.type(f"SYS {text}") == "[OK]"
        assert identify.lit == lit
    line.bench.advance(5.1)
    assert not identify.lit
    for text in ("-ON 0", "-ON 05 06", "-ON xx", "-MAYBE"):
        assert line.type(f"SYS IDENTIFY {text}") == "[ERR CC]"


def test_14_8_boot_flags_hold_and_everybody_is_asked_to_see_them() -> None:
    line = logged_in("oper")
    assert line.type("SYS SET BOOT 00 04 00 00 00") == "[OK]"
    assert line.type("SYS GET BOOTOPT 05 00 00") == "[OK 01 05 80 04\r\n00 00 00]"
    assert line.type("SYS GET BOOTOPT 04 00 00") == "[OK 01 04 00 1F]"
    assert line.type("SYS SET BOOTOPT 05 80 08 00 00 00") == "[OK]"
    assert line.type("SYS GET BOOTOPT 05 00 00") == "[OK 01 05 80 08\r\n00 00 00]"
    assert line.type("SYS SET BOOT 00 3C 00 00 00") == "[OK]"
    assert line.type("SYS SET BOOT 00 30 00 00 00") == "[ERR CC]"  # a device that there is not
    assert line.type("SYS GET BOOTOPT 7F 00 00") == "[ERR 80]"
    for text in ("SET BOOT 00 04", "SET BOOT", "GET BOOTOPT 05", "SET BOOTOPT", "SET BOOT 0 4 0 0 0"):
        assert line.type(f"SYS {text}") == "[ERR CC]"
    assert line.type("SYS SET BOOT zz 04 00 00 00") == "[ERR CC]"


def test_14_8_terminal_settings_are_shown_and_set() -> None:
    line = logged_in()
    assert line.type("SYS SET TCFG") == "[OK V:26 11\r\nN:26 11]"
    assert line.type("SYS SET TCFG -N 22 11") == "[OK]"
    assert line.type("SYS SET TCFG") == "[OK V:26 11\r\nN:22 11]"
    assert line.type("SYS SET TCFG -V 24 11") == "[OK]"
    assert line.cable.type(b"[SYS SET TCFG]\r") == b"[OK V:24 11\r\nN:22 11]\r\n"
    again = line.bench.reopen()
    assert again.services.serial.parameters.get(29).hex() == "2211"
    for text in ("-V 24", "-V 24 11 00", "-N", "-X 24 11"):
        shown = line.cable.type(f"[SYS SET TCFG {text}]\r".encode()).decode().strip()
        assert shown == ("[ERR C1]" if "-X" in text else "[ERR CC]")
    assert line.cable.type(b"[SYS SET TCFG -V 24 61]\r") == b"[ERR CC]\r\n"


def test_14_8_health_in_short_and_in_full() -> None:
    line = logged_in(sensors=(TEMPERATURE,))
    sensors = line.bench.backend.sensors
    assert sensors is not None
    sensors.values["Inlet"] = 25.0
    line.type("SYS POWER ON")
    assert line.type("SYS HEALTH QUERY") == "[OK PWR:ON H:ok T:ok V:?? PS:?? C:?? D:?? S:?? O:??]"
    sensors.values["Inlet"] = 95.0
    assert line.type("SYS HEALTH QUERY") == "[OK PWR:ON H:cr T:cr V:?? PS:?? C:?? D:?? S:?? O:??]"
    assert line.type("SYS HEALTH QUERY -V").splitlines() == [
        "[OK", "Health:Critical", "Power:ON", "Temperature:Critical", "Voltage:Unknown",
        "PowerSystem:Unknown", "Cooling:Unknown", "Drives:Unknown", "Security:Unknown", "Other:Unknown]",
    ]  # fmt: skip


def test_14_8_commands_of_manufacturers() -> None:
    line = logged_in()
    assert line.type("SYS 0000AA hello there") == "[ERR C1]"

    def answer(text: str) -> str:
        if text == "no":
            raise CompletionError(0xCC)
        return text.upper()

    line.bench.services.serial.oem_texts[0xAA] = answer
    assert line.type("SYS 0000AA hello there") == "[OK 0000AA HELLO THERE]"
    assert line.type("sys 0000aa") == "[OK 0000AA]"
    assert line.type("SYS 0000AA no") == "[ERR CC]"
    line.type("SYS PWD -X")
    assert line.type("SYS 0000AA hello") == "[ERR D4]"


def test_a_disabled_channel_answers_no_text() -> None:
    line = Console()
    line.bench.services.channels.set_access(2, stored=False, mode=0)
    assert line.type("SYS TMODE") == ""
