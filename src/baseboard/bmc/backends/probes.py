"""One place where a value is read: a program, a file, a chip, a fan's tachometer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from baseboard.bmc.backends.commands import Runner, require, run
from baseboard.bmc.backends.gpio_lines import Pins, local_pins
from baseboard.bmc.backends.sysfs import read_hwmon, read_one_wire, read_text
from baseboard.bmc.blueprint.hardware import LineSpec
from baseboard.bmc.blueprint.sources import (
    CommandSource,
    FileSource,
    HwmonSource,
    Place,
    TachometerSource,
)
from baseboard.bmc.clock import Clock
from baseboard.errors import TransportError

FILE_S: Final = 5.0
"""Seconds that a file of the kernel may take: a bus can hang."""

COUNTED: Final = 1.0
"""Seconds until a tachometer has something to say."""


class Probe(Protocol):
    """Reads one value."""

    @property
    def first_s(self) -> float:
        """Seconds after which it can be read for the first time."""
        ...

    async def read(self) -> str:
        """What is there now.

        Raises:
            TransportError: nothing that can be read.
        """
        ...

    def close(self) -> None:
        """Give back what it holds."""
        ...


def opened(
    place: Place, environment: Mapping[str, str], clock: Clock, runner: Runner = run, pins: Pins | None = None
) -> Probe:
    """Make the probe for a place.

    Args:
        place: where the value is.
        environment: what a command is told besides what this process knows.
        clock: time, for a tachometer.
        runner: runs commands.
        pins: where lines are had from; None = this machine's.

    Raises:
        TransportError: a program or a line that it needs is not there.
    """
    match place:
        case CommandSource():
            require(place.command, place.folder)
            return _CommandProbe(place, environment, runner)
        case TachometerSource():
            return _Tachometer(place, clock, local_pins() if pins is None else pins)
        case FileSource(path):
            return _FileProbe(partial(read_text, Path(path)))
        case HwmonSource():
            return _FileProbe(partial(read_hwmon, place))
        case _:
            return _FileProbe(partial(read_one_wire, place))


class _CommandProbe:
    """A program's output."""

    __slots__ = ("_environment", "_runner", "_source", "first_s")

    def __init__(self, source: CommandSource, environment: Mapping[str, str], runner: Runner) -> None:
        self._source, self._environment, self._runner = source, environment, runner
        self.first_s = 0.0

    async def read(self) -> str:
        """See `Probe`."""
        command = self._source.command
        outcome = await self._runner(command, self._environment, self._source.timeout_s, self._source.folder)
        if outcome.trouble:
            raise TransportError(f"{command[0]}: {outcome.trouble}")
        return outcome.output

    def close(self) -> None:
        """A command that runs ends with whoever waits for it."""


class _FileProbe:
    """A file of the kernel, read by a thread: some of them take their time, and a bus can hang for good."""

    __slots__ = ("_read", "_reading", "first_s")

    def __init__(self, read: Callable[[], str]) -> None:
        self._read = read
        self._reading: asyncio.Future[str] | None = None
        self.first_s = 0.0

    async def read(self) -> str:
        """See `Probe`."""
        if self._reading is None:  # else the last reading hangs yet: one thread that waits is enough
            self._reading = asyncio.ensure_future(asyncio.to_thread(self._read))
            self._reading.add_done_callback(_noticed)
        try:
            text = await asyncio.wait_for(asyncio.shield(self._reading), FILE_S)
        except TimeoutError:
            raise TransportError(f"no answer within {FILE_S:g} s") from None
        except TransportError:
            self._reading = None
            raise
        self._reading = None
        return text

    def close(self) -> None:
        """Its thread ends by itself."""


def _noticed(reading: asyncio.Future[str]) -> None:
    """An error that nobody waits for any more is no news."""
    if not reading.cancelled():
        reading.exception()


class _Tachometer:
    """Counts the pulses of a fan."""

    __slots__ = ("_clock", "_count", "_pin", "_pulses", "_since", "first_s")

    def __init__(self, source: TachometerSource, clock: Clock, pins: Pins) -> None:
        self._clock, self._pulses = clock, source.pulses
        self._count, self._since = 0, clock.now()
        self.first_s = COUNTED
        self._pin = pins.input(LineSpec(source.chip, source.line, bias=source.bias), rising_only=True)
        self._pin.watch(self._pulse)

    async def read(self) -> str:
        """See `Probe`: revolutions per minute since the last reading."""
        now = self._clock.now()
        seconds, count = now - self._since, self._count
        if seconds <= 0:
            raise TransportError("nothing was counted yet")
        self._since, self._count = now, 0
        return repr(count / self._pulses / seconds * 60)

    def close(self) -> None:
        """See `Probe`."""
        self._pin.close()

    def _pulse(self, rising: bool) -> None:
        self._count += rising
