"""Where the value of a sensor comes from that is not simulated: from programs, files, chips, fans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Bias = Literal["as_is", "disabled", "pull_up", "pull_down"]

HWMON_ROOT: Final = "/sys/class/hwmon"
ONE_WIRE_ROOT: Final = "/sys/bus/w1/devices"
PWM_ROOT: Final = "/sys/class/pwm"
"""Where the Linux kernel shows its monitoring chips, 1-wire devices and PWM chips."""


@dataclass(frozen=True, slots=True)
class CommandSource:
    """What a program prints.

    Attributes:
        command: the program and its arguments; no shell looks at them.
        timeout_s: seconds that it may take.
        folder: where it runs; empty = where the BMC runs.
    """

    command: tuple[str, ...]
    timeout_s: float = 10.0
    folder: str = ""


@dataclass(frozen=True, slots=True)
class FileSource:
    """What stands in a file.

    Attributes:
        path: of the file.
    """

    path: str


@dataclass(frozen=True, slots=True)
class HwmonSource:
    """A channel of a monitoring chip that the Linux kernel reads (``/sys/class/hwmon``).

    Attributes:
        chip: its name, such as ``coretemp`` or ``lm75``.
        channel: such as ``temp1``, ``in0`` or ``fan2``, or a whole file name such as ``intrusion0_alarm``.
        device: of several of that name, the one on this device, such as ``0-0048``; empty = the only one.
        root: where the kernel shows them.
    """

    chip: str
    channel: str
    device: str = ""
    root: str = HWMON_ROOT


@dataclass(frozen=True, slots=True)
class OneWireSource:
    """A thermometer on a 1-wire bus.

    Attributes:
        device: such as ``28-000005e2fdc3``.
        root: where the kernel shows them.
    """

    device: str
    root: str = ONE_WIRE_ROOT


@dataclass(frozen=True, slots=True)
class TachometerSource:
    """A fan's tachometer on a GPIO line, whose pulses are counted.

    Attributes:
        chip: the GPIO chip, such as ``gpiochip0``.
        line: its line, by number or by name.
        pulses: of one revolution.
        bias: what pulls the line.
    """

    chip: str
    line: int | str
    pulses: int = 2
    bias: Bias = "pull_up"


Place: TypeAlias = CommandSource | FileSource | HwmonSource | OneWireSource | TachometerSource


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """Where a sensor's value comes from, and what becomes of it.

    Attributes:
        place: where it is read.
        interval_s: seconds from one reading to the next.
        scale: the number that is read is multiplied by this ...
        offset: ... and this is added.
        words: texts of a sensor with states, and the states (bit n = offset n) that they stand for.
    """

    place: Place
    interval_s: float = 5.0
    scale: float = 1.0
    offset: float = 0.0
    words: tuple[tuple[str, int], ...] = ()
