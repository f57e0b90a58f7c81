"""A computer on wires, on virtual time and a chip that is none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from baseboard.bmc.backends.hardware import WiredMachine
from baseboard.bmc.backends.hardware.machine import BEAT
from baseboard.bmc.blueprint.hardware import FanSpec, HardwareSpec, LineSpec
from baseboard.bmc.blueprint.sources import FileSource, HwmonSource
from baseboard.bmc.ports import PowerLimits
from baseboard.codes import ChassisControl
from baseboard.errors import TransportError
from baseboard.testing.clock import VirtualClock
from tests.bmc.backends.test_sysfs import chip
from tests.bmc.fake_board import FakeBoard
from tests.bmc.machine_bench import FakePin, FakePins

POWER, LED, RESET, NMI, LIGHT, ALIVE = range(10, 16)
INPUTS: dict[str, Any] = {"power_input": 20, "reset_input": 21, "nmi_input": 22, "identify_input": 23}


def line(number: int, **more: Any) -> LineSpec:
    return LineSpec("gpiochip0", number, **more)


SPEC = HardwareSpec(line(POWER, drive="open_drain"), line(LED, active_low=True, bias="pull_up"))
WIRED: dict[str, Any] = {name: LineSpec("gpiochip0", number) for name, number in INPUTS.items()}
ALL = replace(
    SPEC, reset_button=line(RESET), nmi_button=line(NMI), identify=line(LIGHT), heartbeat=line(ALIVE),
    **WIRED,
)  # fmt: skip


class Pc:
    """A computer: its LED is what a test makes of it."""

    def __init__(self, spec: HardwareSpec = ALL, *, on: bool = False) -> None:
        self.clock, self.board = VirtualClock(), FakeBoard()
        self.pins = FakePins(self.clock)
        self.pins.pins[LED] = FakePin(self.clock)
        self.pins.pins[LED].level = on
        self.machine = WiredMachine(spec, self.clock, "pc", self.pins)
        self.machine.connect(self.board)
        self.machine.start()

    def presses(self, number: int) -> list[float]:
        """How long a button was pressed, each time."""
        times = [at for at, _ in self.pins.pins[number].history]
        return [round(up - down, 3) for down, up in zip(times[::2], times[1::2], strict=True)]

    def lit(self, on: bool) -> None:
        self.pins.pins[LED].become(on)
        self.clock.advance(0 if on else 1.5)


def test_its_lines_are_taken_as_they_are_described() -> None:
    pc = Pc()
    asked = {spec.line: (kind, spec, debounce) for kind, spec, debounce, _ in pc.pins.requests}
    assert asked[POWER][:2] == ("output", SPEC.power_button)
    assert asked[LED] == ("input", SPEC.power_led, 0.05)
    assert {asked[number][0] for number in INPUTS.values()} == {"input"}
    assert len(asked) == 10


@pytest.mark.parametrize("on", [True, False])
def test_the_led_is_its_state(on: bool) -> None:
    pc = Pc(on=on)
    assert pc.machine.is_on() is on
    pc.lit(not on)
    assert pc.board.calls == ["off" if on else "on"]
    assert pc.machine.is_on() is not on


def test_on_is_a_press_and_off_a_long_one() -> None:
    pc = Pc()
    pc.machine.turn_on()
    pc.clock.advance(2)
    assert pc.presses(POWER) == [0.5]
    pc.lit(True)
    pc.machine.turn_off()
    pc.clock.advance(4)
    pc.lit(False)
    pc.clock.advance(5)
    assert pc.presses(POWER) == [0.5, 6.0]
    assert pc.board.calls == ["on", "off"]


def test_a_reset_is_reported_when_the_button_is_let_go() -> None:
    pc = Pc(on=True)
    pc.machine.reset()
    pc.clock.advance(0.4)
    assert pc.board.calls == []
    pc.clock.advance(0.2)
    assert pc.board.calls == ["reset"]
    assert pc.presses(RESET) == [0.5]


def test_a_short_press_shuts_down_and_there_is_an_nmi() -> None:
    pc = Pc(on=True)
    pc.machine.soft_shutdown()
    pc.machine.diagnostic_interrupt()
    pc.clock.advance(3)
    assert (pc.presses(POWER), pc.presses(NMI)) == ([0.5], [0.5])


def test_no_press_that_would_do_the_opposite() -> None:
    """A short press switches on what is off; a long one too."""
    pc = Pc()
    pc.machine.soft_shutdown()
    pc.machine.turn_off()
    pc.machine.reset()
    pc.machine.diagnostic_interrupt()
    pc.clock.advance(10)
    assert pc.pins.pins[POWER].history == pc.pins.pins[RESET].history == pc.pins.pins[NMI].history == []
    pc.lit(True)
    pc.machine.turn_on()
    pc.clock.advance(10)
    assert pc.pins.pins[POWER].history == []


def test_what_is_not_wired_cannot_be_done() -> None:
    some, every = Pc(SPEC, on=True), Pc()
    assert isinstance(some.machine, PowerLimits)
    actions = list(ChassisControl.__members__.values())
    assert [action for action in actions if some.machine.lacks(action)] == [
        ChassisControl.HARD_RESET, ChassisControl.PULSE_DIAGNOSTIC_INTERRUPT,
    ]  # fmt: skip
    assert not any(every.machine.lacks(action) for action in actions)
    some.machine.reset()
    some.machine.diagnostic_interrupt()
    some.clock.advance(5)
    assert some.machine.identify is None
    assert some.board.calls == []


def test_the_light() -> None:
    pc = Pc()
    light = pc.machine.identify
    assert light is not None
    light.identify(True)
    assert pc.pins.pins[LIGHT].level
    light.identify(False)
    assert not pc.pins.pins[LIGHT].level
    pc.pins.pins[LIGHT].broken = True
    light.identify(True)
    assert pc.board.calls == ["failed"]


def test_buttons_that_only_the_bmc_sees() -> None:
    pc = Pc()
    for number in INPUTS.values():
        pc.pins.pins[number].become(True)
        pc.pins.pins[number].become(False)
    assert pc.board.calls == ["power", "reset", "nmi", "identify"]


def test_the_heartbeat_ends_with_the_bmc(caplog: pytest.LogCaptureFixture) -> None:
    pc = Pc()
    pc.clock.advance(2 * BEAT)
    assert [level for _, level in pc.pins.pins[ALIVE].history] == [True, False, True]
    pc.machine.stop()
    pc.clock.advance(10)
    assert len(pc.pins.pins[ALIVE].history) == 3
    broken = Pc()
    broken.pins.pins[ALIVE].broken = True
    broken.clock.advance(10)
    assert "pc: the heartbeat ends: the chip is gone" in caplog.text


def test_a_button_that_cannot_be_pressed_is_a_control_fault(caplog: pytest.LogCaptureFixture) -> None:
    pc = Pc()
    pc.pins.pins[POWER].broken = True
    pc.machine.turn_on()
    assert pc.board.calls == ["failed"]
    assert "pc: the chip is gone" in caplog.text


def test_at_the_end_every_line_is_given_back() -> None:
    pc = Pc()
    pc.machine.turn_on()
    pc.machine.stop()
    assert all(pin.closed for pin in pc.pins.pins.values())
    assert not pc.pins.pins[POWER].level
    pc.clock.advance(100)
    assert pc.board.calls == []


@pytest.mark.parametrize("missing", [LED, POWER, NMI, *INPUTS.values()])
def test_if_one_line_cannot_be_had_none_is_kept(missing: int) -> None:
    clock = VirtualClock()
    pins = FakePins(clock)
    pins.missing = {missing}
    with pytest.raises(TransportError, match=f"no line {missing}"):
        WiredMachine(ALL, clock, "pc", pins)
    assert all(pin.closed for pin in pins.pins.values())


async def test_its_fans_begin_and_end_with_it(tmp_path: Path) -> None:
    folder = chip(tmp_path, 0, "pwmfan", pwm1="000", pwm1_enable="2")
    (tmp_path / "temp").write_text("30")
    output = HwmonSource("pwmfan", "pwm1", root=str(tmp_path))
    fan = FanSpec("case", output, FileSource(str(tmp_path / "temp")), ((20, 20), (60, 100)))
    pc = Pc(replace(SPEC, fans=(fan,)))
    assert (folder / "pwm1").read_text()[:3] == "255"
    pc.machine.stop()
    lost = replace(fan, output=HwmonSource("nosuch", "pwm1", root=str(tmp_path)))
    with pytest.raises(TransportError, match="no chip nosuch"):
        Pc(replace(SPEC, fans=(lost,)))


def test_on_a_machine_without_such_a_chip() -> None:
    with pytest.raises(TransportError, match=r"/dev/no-such-chip"):
        WiredMachine(replace(SPEC, power_led=LineSpec("no-such-chip", 1)), VirtualClock(), "pc")
