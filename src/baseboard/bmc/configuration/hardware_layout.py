"""What a file may say about a computer whose front panel is wired to the board that the BMC runs on.

This module needs msgspec and is imported when a file is read, not before.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta

from baseboard.bmc.configuration.layout_types import Line, Table
from baseboard.bmc.configuration.source_layout import (
    Bias,
    GpioChip,
    GpioName,
    GpioNumber,
    Interval,
    Node,
    Probe,
    Text,
)

Degrees: TypeAlias = Annotated[float, Meta(ge=-55, le=150)]
Percent: TypeAlias = Annotated[float, Meta(ge=0, le=100)]


class OutputLine(Table):
    """A GPIO line that the BMC drives."""

    line: GpioNumber | GpioName
    chip: GpioChip | None = None
    active_low: bool = False
    drive: Literal["push_pull", "open_drain", "open_source"] = "push_pull"


class InputLine(Table):
    """A GPIO line that the BMC senses."""

    line: GpioNumber | GpioName
    chip: GpioChip | None = None
    active_low: bool = False
    bias: Bias = "as_is"


class Pwm(Table):
    """``pwm`` of a fan: a channel of a PWM chip."""

    chip: Annotated[str, Meta(pattern="^pwmchip[0-9]{1,3}$")] = "pwmchip0"
    channel: Annotated[int, Meta(ge=0, le=255)] = 0
    period_ns: Annotated[int, Meta(ge=1_000, le=1_000_000_000)] = 40_000
    inverted: bool = False
    root: Text | None = None


class FanChip(Table):
    """``hwmon`` of a fan: an output of a monitoring chip."""

    chip: Node
    channel: Annotated[str, Meta(pattern="^pwm[0-9]{1,3}$")] = "pwm1"
    device: Node | None = None
    root: Text | None = None


class Fan(Table):
    """``[[bmc.host.hardware.fan]]``: a fan whose speed follows a temperature."""

    name: Line
    temperature: Probe
    curve: Annotated[list[tuple[Degrees, Percent]], Meta(min_length=1, max_length=32)]
    pwm: Pwm | None = None
    hwmon: FanChip | None = None
    interval_s: Interval = 2.0


class Hardware(Table):
    """``[bmc.host.hardware]``: which line is which, and how long buttons are pressed."""

    power_button: OutputLine
    power_led: InputLine
    reset_button: OutputLine | None = None
    nmi_button: OutputLine | None = None
    identify: OutputLine | None = None
    heartbeat: OutputLine | None = None
    power_input: InputLine | None = None
    reset_input: InputLine | None = None
    nmi_input: InputLine | None = None
    identify_input: InputLine | None = None
    chip: GpioChip = "gpiochip0"
    pulse_s: Annotated[float, Meta(ge=0.05, le=2)] = 0.5
    hold_s: Annotated[float, Meta(ge=4.5, le=15)] = 6.0
    debounce_s: Annotated[float, Meta(ge=0, le=1)] = 0.05
    dark_s: Annotated[float, Meta(ge=0, le=10)] = 1.5
    fan: Annotated[list[Fan], Meta(max_length=32)] = []
