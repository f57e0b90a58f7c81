"""Power verbs that wait."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from baseboard.cli.long_options import UsageError
from baseboard.cli.power_wait import action
from tests.cli.simulated import Simulated, Told

Program = Callable[..., Told]


@pytest.mark.parametrize(
    ("line", "name"),
    [("chassis power up", "on"), ("power down", "off"), ("power acpi", "soft"), ("power cycle", "cycle")],
)
def test_the_action_of_a_line(line: str, name: str) -> None:
    assert action(line.split()) == name


@pytest.mark.parametrize("line", ["power status", "power", "chassis status", "mc reset cold"])
def test_there_is_nothing_to_wait_for(line: str) -> None:
    with pytest.raises(UsageError, match="--wait belongs to"):
        action(line.split())


def test_it_ends_when_the_host_is_as_it_was_told_to_be(program: Program, bmc: Simulated) -> None:
    off = program("--wait", "power", "off", "--timeout", "60")
    assert off == Told(0, "Chassis Power Control: Down/Off\nChassis Power is off\n", "")
    on = program("--wait", "--json", "chassis", "power", "on", "--timeout", "60")
    assert on.document["result"] == {"control": "Up/On"}
    assert bmc.asked.count((0x00, 0x01)) >= 2


def test_what_does_not_come_about_is_told(program: Program, bmc: Simulated) -> None:
    with bmc.answers({(0x00, 0x02): b"\x00"}):
        told = program("--wait", "--timeout", "0.5", "power", "off")
    assert told.code == 1
    assert told.err.startswith(f"baseboard: {bmc.place}: ")
