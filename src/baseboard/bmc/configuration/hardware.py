"""A described computer whose front panel is wired to the BMC's board."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import TYPE_CHECKING, Any, Final

from baseboard.bmc.blueprint.hardware import FanSpec, HardwareSpec, LineSpec, PwmOutput
from baseboard.bmc.blueprint.sources import HWMON_ROOT, PWM_ROOT, HwmonSource
from baseboard.bmc.configuration.sources import place_of
from baseboard.bmc.configuration.spots import Spot

if TYPE_CHECKING:
    from baseboard.bmc.blueprint import Blueprint
    from baseboard.bmc.configuration.hardware_layout import Fan, Hardware, InputLine, OutputLine

OUTPUTS: Final = ("power_button", "reset_button", "nmi_button", "identify", "heartbeat")
INPUTS: Final = ("power_led", "power_input", "reset_input", "nmi_input", "identify_input")


def hardware_specs(said: Hardware, spot: Spot, count: int) -> list[HardwareSpec]:
    """The lines and fans of a computer: of one.

    Args:
        said: what the file says.
        spot: of ``host.hardware``.
        count: how many BMCs it would be for.

    Raises:
        ConfigurationError: a line is used twice, a fan has no output, or its curve falls.
    """
    if count > 1:
        raise spot.wrong(f"found it for {count} BMCs; one board has the lines of one computer")
    lines: dict[str, Any] = {key: _line(getattr(said, key), said.chip) for key in (*OUTPUTS, *INPUTS)}
    taken: dict[tuple[str, int | str], str] = {}
    for key, line in lines.items():
        if line is None:
            continue
        place = (line.chip, line.line)
        if place in taken:
            raise (spot / key / "line").wrong(
                f"found {line.line} of {line.chip}, which {taken[place]} has too"
            )
        taken[place] = key
    power_button, power_led = lines.pop("power_button"), lines.pop("power_led")
    assert power_button is not None
    assert power_led is not None
    fans = tuple(_fan(one, spot / "fan" / place) for place, one in enumerate(said.fan))
    times = {key: getattr(said, key) for key in ("pulse_s", "hold_s", "debounce_s", "dark_s")}
    return [HardwareSpec(power_button, power_led, **lines, **times, fans=fans)]


def behind_hardware(blueprint: Blueprint, spec: HardwareSpec) -> Blueprint:
    """A BMC with such a machine, which is as it is when the BMC starts for the first time."""
    return replace(blueprint, machine=spec, powered=False)


def _line(said: OutputLine | InputLine | None, chip: str) -> LineSpec | None:
    if said is None:
        return None
    return LineSpec(
        said.chip or chip,
        said.line,
        said.active_low,
        getattr(said, "drive", "push_pull"),
        getattr(said, "bias", "as_is"),
    )


def _fan(said: Fan, spot: Spot) -> FanSpec:
    if (said.pwm is None) == (said.hwmon is None):
        found = "both of them" if said.pwm is not None else "none of them"
        raise (spot / "hwmon" if said.pwm is not None else spot).wrong(
            f"found {found}; allowed is one of pwm, hwmon"
        )
    before, slower = -inf, -inf
    for place, (degrees, percent) in enumerate(said.curve):
        if degrees <= before or percent < slower:
            raise (spot / "curve" / place).wrong(
                f"found {degrees:g} degrees, {percent:g} %; both have to rise from one point to the next"
            )
        before, slower = degrees, percent
    output: PwmOutput | HwmonSource
    if said.pwm is not None:
        pwm = said.pwm
        output = PwmOutput(pwm.chip, pwm.channel, pwm.period_ns, pwm.inverted, pwm.root or PWM_ROOT)
    else:
        assert said.hwmon is not None
        chip = said.hwmon
        output = HwmonSource(chip.chip, chip.channel, chip.device or "", chip.root or HWMON_ROOT)
    temperature = place_of(said.temperature, spot / "temperature")
    return FanSpec(said.name, output, temperature, tuple(said.curve), said.interval_s)
