"""Fans whose speed follows a temperature: full speed whenever it is not known."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from baseboard.bmc.backends.orders import pause
from baseboard.bmc.backends.probes import Probe, opened
from baseboard.bmc.backends.readings import number_of
from baseboard.bmc.backends.sysfs import chip_folder, read_text, write_text
from baseboard.bmc.blueprint.hardware import FanSpec, PwmOutput
from baseboard.bmc.blueprint.sources import HwmonSource, Place
from baseboard.bmc.clock import Clock
from baseboard.errors import TransportError

log = logging.getLogger(__name__)

FULL: Final = 100.0
"""Percent: the failsafe."""

_STEPS: Final = 255
"""A monitoring chip's PWM outputs go from 0 to this."""


def percent_at(curve: tuple[tuple[float, float], ...], degrees: float) -> float:
    """The speed for a temperature, between two points of the curve in proportion."""
    before = curve[0]
    if degrees <= before[0]:
        return before[1]
    for point in curve[1:]:
        if degrees < point[0]:
            share = (degrees - before[0]) / (point[0] - before[0])
            return before[1] + share * (point[1] - before[1])
        before = point
    return before[1]


def set_speed(output: PwmOutput | HwmonSource, percent: float) -> None:
    """Set a fan's speed.

    Raises:
        TransportError: there is no such output, or it refuses.
    """
    if isinstance(output, HwmonSource):
        folder = chip_folder(output)
        write_text(folder / f"{output.channel}_enable", "1")  # by hand: the chip's own control ends
        write_text(folder / output.channel, str(round(percent / 100 * _STEPS)))
        return
    chip = Path(output.root) / output.chip
    channel = chip / f"pwm{output.channel}"
    if not channel.exists():
        write_text(chip / "export", str(output.channel))
    active = FULL - percent if output.inverted else percent
    period, duty = output.period_ns, round(active / 100 * output.period_ns)
    if read_text(channel / "period") != str(period):
        # The time that the signal is high may never exceed the period, not even in between.
        write_text(channel / "duty_cycle", "0")
        write_text(channel / "period", str(period))
    write_text(channel / "duty_cycle", str(duty))
    write_text(channel / "enable", "1")


class Fan:
    """One fan at work.

    Args:
        name: of the BMC, for the log.
        spec: the fan.
        clock: time.
        open_probe: makes what reads the temperature.
    """

    __slots__ = ("_clock", "_name", "_probe", "_set", "_spec", "_task", "_trouble")

    def __init__(
        self,
        name: str,
        spec: FanSpec,
        clock: Clock,
        open_probe: Callable[[Place, dict[str, str], Clock], Probe] = opened,
    ) -> None:
        """Make it turn at full speed.

        Raises:
            TransportError: it has no such output.
        """
        self._name, self._spec, self._clock = name, spec, clock
        self._probe = open_probe(
            spec.temperature, {"BASEBOARD_NAME": name, "BASEBOARD_FAN": spec.name}, clock
        )
        self._task: asyncio.Task[None] | None = None
        self._trouble = ""
        self._set = FULL
        set_speed(spec.output, FULL)

    def start(self) -> None:
        """Begin to follow the temperature."""
        self._task = asyncio.get_running_loop().create_task(self._follow())

    def stop(self) -> None:
        """Follow it no more: full speed, since nobody looks any more."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self._probe.close()
        try:
            set_speed(self._spec.output, FULL)
        except TransportError as error:
            log.warning("%s: fan %s: %s", self._name, self._spec.name, error)

    async def _follow(self) -> None:
        while True:
            wanted, trouble = await self._wanted()
            try:
                if wanted != self._set:
                    await asyncio.to_thread(partial(set_speed, self._spec.output, wanted))
                    self._set = wanted
            except TransportError as error:
                trouble = trouble or str(error)
            self._tell(trouble)
            await pause(self._clock, self._spec.interval_s)

    async def _wanted(self) -> tuple[float, str]:
        """The speed that is right now, and what is wrong."""
        try:
            degrees = number_of(await self._probe.read())
        except TransportError as error:
            return FULL, f"{error}; full speed"
        return round(percent_at(self._spec.curve, degrees)), ""

    def _tell(self, trouble: str) -> None:
        """One line when something is wrong, and one when it is right again."""
        if bool(trouble) != bool(self._trouble):
            text = trouble or "it follows its temperature again"
            log.warning("%s: fan %s: %s", self._name, self._spec.name, text)
        self._trouble = trouble
