"""``firewall map``: the table, what it says of parts, and its JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from baseboard.cli.firewall_map import numbers
from baseboard.cli.long_options import UsageError
from baseboard.testing.scripted import Line
from tests.cli.simulated import Simulated, Told

Program = Callable[..., Told]
PLACE = ("lun", "0", "netfn", "0", "command", "2")


@pytest.fixture
def everything_on(program: Program) -> Iterator[None]:
    yield
    assert program("firewall", "reset", "channel", "14").code == 0
    assert program("firewall", "reset", "channel", "15").code == 0


@pytest.mark.usefixtures("everything_on")
def test_the_table(program: Program) -> None:
    told = program("firewall", "map", "netfn", "0")
    assert told.code == 0
    lines = told.out.splitlines()
    assert lines[0].split() == ["COMMAND", "NAME", "0", "IPMB", "1", "LAN", "15", "SYSTEM"]
    assert lines[1].split() == ["00/00", "Get", "Chassis", "Capabilities", "anybody", "user", "anybody"]
    assert "; none of them off, or in part.\n" in told.out
    assert program("firewall", "disable", *PLACE, "subfn", "0").code == 0
    assert program("firewall", "disable", "channel", "15", "lun", "0", "netfn", "0", "command", "4").code == 0
    told = program("firewall", "map", "netfn", "1", "channel", "1", "channel", "15")
    rows = told.out.splitlines()
    assert rows[0].split() == ["COMMAND", "NAME", "1", "LAN", "15", "SYSTEM"]
    control = next(number for number, row in enumerate(rows) if row.startswith("00/02"))
    assert rows[control].split() == ["00/02", "Chassis", "Control", "operator", "anybody"]
    assert rows[control + 1] == "           power down                    off"
    assert rows[control + 3].split() == ["00/04", "Chassis", "Identify", "operator", "off"]
    assert "; 2 of them off, or in part.\n" in told.out


def test_what_cannot_be_switched_is_marked(program: Program) -> None:
    rows = {row.split()[0]: row.split() for row in program("firewall", "map").out.splitlines() if row.split()}
    assert rows["06/01"][-3:] == ["anybody!", "user!", "anybody!"]
    assert rows["06/60"][-3:] == ["anybody", "admin!", "anybody"]
    assert rows["06/33"][-3:] == ["-", "-", "anybody"]


@pytest.mark.usefixtures("everything_on")
def test_json(program: Program) -> None:
    program("firewall", "disable", *PLACE, "subfn", "5")
    document = program("--json", "firewall", "map", "netfn", "0").document
    assert (document["command"], document["ok"]) == ("firewall map", True)
    (control,) = [one for one in document["result"] if one["command"] == 2]
    assert [control[name] for name in ("lun", "netfn", "body", "name")] == [0, 0, None, "Chassis Control"]
    assert control["channels"][1] == {
        "channel": 1, "medium": "lan", "who": "operator", "configurable": True,
        "parts_off": [{"number": 5, "name": "soft-shutdown"}],
    }  # fmt: skip
    assert [one["who"] for one in control["channels"]] == ["anybody", "operator", "anybody"]


def test_a_lun_without_commands_is_told(program: Program) -> None:
    told = program("firewall", "map", "lun", "2")
    assert (told.code, told.out) == (1, "")
    assert "no command there" in told.err


def test_a_controller_without_a_firewall(bmc: Simulated, program: Program) -> None:
    with bmc.answers({(0x06, 0x09): b"\xc1"}):
        told = program("firewall", "map")
    assert told.code != 0
    assert "C1h" in told.err


def test_a_body_stands_behind_the_number(bmc: Simulated, program: Program) -> None:
    lines: dict[tuple[int, int], Line] = {
        (0x06, 0x09): b"\0\x02" + (1 << 0x16).to_bytes(4, "little") + bytes(12),
        (0x06, 0x64): b"\0\x80\x02\xdc",
        (0x06, 0x0A): lambda data: b"\0" + (b"\xff" * 16 if data[1] >> 6 else b"\xfb" + b"\xff" * 15),
        (0x06, 0x0C): bytes(17),
        (0x06, 0x61): b"\0\x04" + bytes(15),
    }
    with bmc.answers(lines):
        told = program("firewall", "map", "channel", "1")
        document = program("--json", "firewall", "map", "channel", "1").document
    assert told.out.splitlines()[1].split() == ["2C/02/DC", "Get", "Power", "Reading", "user!"]
    assert [(one["netfn"], one["body"]) for one in document["result"]] == [(0x2C, 0xDC)]


@pytest.mark.parametrize(
    "words", ["nonsense", "lun 4", "lun", "lun x", "lun -1", "netfn 64", "channel 16", "lun 0 lun 1"]
)
def test_wrong_words_are_told_and_nothing_is_sent(words: str, bmc: Simulated, program: Program) -> None:
    bmc.script.asked.clear()
    told = program("firewall", "map", *words.split())
    assert told.code == 2
    assert bmc.asked == []


def test_numbers_of_words() -> None:
    assert numbers(["lun", "0x3", "netfn", "6", "netfn", "4"], ("lun", "netfn"), "x") == {
        "lun": [3], "netfn": [6, 4],
    }  # fmt: skip
    with pytest.raises(UsageError, match=r"x takes: \[lun N\]"):
        numbers(["channel", "1"], ("lun",), "x")
