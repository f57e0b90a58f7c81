"""``sensor plot``."""

from __future__ import annotations

import sys
from collections.abc import Callable

from tests.cli.simulated import Simulated, Told
from tests.interop.terminal import terminal

Program = Callable[..., Told]


def test_a_chart_is_printed_at_the_end(program: Program) -> None:
    told = program("sensor", "plot", "Inlet Temp", "--count", "3", "--interval", "0.05")
    assert told.code == 0
    head, *lines = told.out.splitlines()
    assert head.startswith("Inlet Temp: ")
    assert head.endswith("(3 readings, 0.05 s apart)")
    assert len(lines) >= 4
    assert all("┤" in line or "|" in line for line in lines)


def test_several_sensors_have_a_chart_each(program: Program) -> None:
    told = program("sensor", "plot", "Inlet Temp", "CPU1 Temp", "--count", "1")
    assert told.out.count("(1 readings") == 2


def test_readings_are_documents(program: Program) -> None:
    told = program("--json", "sensor", "plot", "Inlet Temp", "--count", "2", "--interval", "0.05")
    assert len(told.documents) == 2


def test_it_wants_a_name(program: Program) -> None:
    told = program("sensor", "plot")
    assert told.code == 2
    assert "needs the name of a sensor" in told.err


def test_what_has_no_readings_is_no_success(program: Program, bmc: Simulated) -> None:
    with bmc.answers({(0x04, 0x2D): b"\xcb"}):
        told = program("sensor", "plot", "Inlet Temp", "--count", "1")
    assert told.code == 1
    assert "no readings" in told.out


def test_on_a_terminal_the_drawing_grows(bmc: Simulated) -> None:
    words = ["sensor", "plot", "Inlet Temp", "--count", "2", "--interval", "0.05"]
    command = [sys.executable, "-m", "baseboard", *bmc.login, *words]
    with terminal(command, {"IPMITOOL_PASSWORD": bmc.password, "TERM": "xterm"}) as shown:
        shown.wait_for("\x1b[H\x1b[J")
        shown.wait_for("(1 readings")
        shown.wait_for("(2 readings")
        assert shown.ended() == 0
