"""A computer whose front panel is wired to the board that the BMC runs on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from baseboard.bmc.blueprint.sources import PWM_ROOT, Bias, HwmonSource, Place

Drive = Literal["push_pull", "open_drain", "open_source"]


@dataclass(frozen=True, slots=True)
class LineSpec:
    """A GPIO line.

    Attributes:
        chip: the chip, such as ``gpiochip0``.
        line: by number or by name.
        active_low: a low level means pressed, lit, on.
        drive: of an output.
        bias: what pulls an input.
    """

    chip: str
    line: int | str
    active_low: bool = False
    drive: Drive = "push_pull"
    bias: Bias = "as_is"


@dataclass(frozen=True, slots=True)
class PwmOutput:
    """A channel of a PWM chip of the Linux kernel (``/sys/class/pwm``).

    Attributes:
        chip: such as ``pwmchip0``.
        channel: from 0 on.
        period_ns: of one pulse; fans with four wires want 25 kHz.
        inverted: the signal is inverted by a transistor.
        root: where the kernel shows them.
    """

    chip: str
    channel: int
    period_ns: int = 40_000
    inverted: bool = False
    root: str = PWM_ROOT


@dataclass(frozen=True, slots=True)
class FanSpec:
    """A fan whose speed follows a temperature.

    Attributes:
        name: for people.
        output: what sets its speed: a PWM channel, or one of a monitoring chip, such as ``pwm1``.
        temperature: where the temperature is read.
        curve: degrees C and percent, both rising; below the first the first holds, above the last the last.
        interval_s: seconds from one look to the next.
    """

    name: str
    output: PwmOutput | HwmonSource
    temperature: Place
    curve: tuple[tuple[float, float], ...]
    interval_s: float = 2.0


@dataclass(frozen=True, slots=True)
class HardwareSpec:
    """Which line is which, and how long buttons are pressed.

    Attributes:
        power_button: across the front panel's power switch.
        power_led: senses the power LED, by which the BMC knows whether the machine is on.
        reset_button: across the reset switch; None = it is not wired.
        nmi_button: across an NMI switch.
        identify: lights the identify light.
        heartbeat: goes up and down while the BMC works, for a watchdog outside of the board.
        power_input: a power switch that only the BMC sees.
        reset_input: a reset switch.
        nmi_input: an NMI switch.
        identify_input: the button beside the identify light.
        pulse_s: seconds that a button is pressed.
        hold_s: seconds that the power button is held to force the machine off.
        debounce_s: seconds that an input has to be steady.
        dark_s: seconds that the power LED has to be dark until the machine is off; sleeping ones blink.
        fans: the fans that the BMC controls.
    """

    power_button: LineSpec
    power_led: LineSpec
    reset_button: LineSpec | None = None
    nmi_button: LineSpec | None = None
    identify: LineSpec | None = None
    heartbeat: LineSpec | None = None
    power_input: LineSpec | None = None
    reset_input: LineSpec | None = None
    nmi_input: LineSpec | None = None
    identify_input: LineSpec | None = None
    pulse_s: float = 0.5
    hold_s: float = 6.0
    debounce_s: float = 0.05
    dark_s: float = 1.5
    fans: tuple[FanSpec, ...] = ()
