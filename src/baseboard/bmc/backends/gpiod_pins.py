"""GPIO lines of the Linux kernel, by the gpiod library: the only module that knows it, imported late."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import gpiod
from gpiod.line import Bias, Direction, Drive, Edge, Value

from baseboard.errors import TransportError

if TYPE_CHECKING:
    from baseboard.bmc.backends.gpio_lines import InputPin, OutputPin
    from baseboard.bmc.blueprint.hardware import LineSpec

CONSUMER: Final = "baseboard"
"""What ``gpioinfo`` shows as the user of our lines."""

EVENTS: Final = 256
"""Edges that the kernel keeps until we have looked."""


class GpiodPins:
    """The lines of this machine's GPIO chips: :class:`~baseboard.bmc.backends.gpio_lines.Pins`."""

    def output(self, line: LineSpec) -> OutputPin:
        """See `Pins`."""
        settings = gpiod.LineSettings(
            direction=Direction.OUTPUT,
            drive=Drive[line.drive.upper()],
            active_low=line.active_low,
            output_value=Value.INACTIVE,
        )
        return _Output(line, _requested(line, settings))

    def input(self, line: LineSpec, debounce_s: float = 0.0, *, rising_only: bool = False) -> InputPin:
        """See `Pins`."""
        settings = gpiod.LineSettings(
            direction=Direction.INPUT,
            edge_detection=Edge.RISING if rising_only else Edge.BOTH,
            bias=Bias[line.bias.upper()],
            active_low=line.active_low,
            debounce_period=timedelta(seconds=debounce_s),
        )
        return _Input(line, _requested(line, settings))


def chip_path(chip: str) -> str:
    """The device of a chip that is called by its name or by its path."""
    return chip if chip.startswith("/") else f"/dev/{chip}"


def _requested(line: LineSpec, settings: gpiod.LineSettings) -> gpiod.LineRequest:
    try:
        return gpiod.request_lines(
            chip_path(line.chip), config={line.line: settings}, consumer=CONSUMER, event_buffer_size=EVENTS
        )
    except (OSError, ValueError) as error:
        raise _trouble(line, error) from error


def _trouble(line: LineSpec, error: OSError | ValueError) -> TransportError:
    why = (error.strerror if isinstance(error, OSError) else None) or str(error)
    made = TransportError(f"line {line.line} of {chip_path(line.chip)}: {why}")
    made.hint = "gpiodetect lists the chips, gpioinfo their lines and who has them"
    return made


class _Output:
    """A line that we drive: an :class:`OutputPin`."""

    __slots__ = ("_line", "_request")

    def __init__(self, line: LineSpec, request: gpiod.LineRequest) -> None:
        self._line, self._request = line, request

    def drive(self, active: bool) -> None:
        """See `OutputPin`."""
        try:
            self._request.set_value(self._line.line, Value.ACTIVE if active else Value.INACTIVE)
        except OSError as error:
            raise _trouble(self._line, error) from error

    def close(self) -> None:
        """See `OutputPin`."""
        try:
            self.drive(False)
        except TransportError:  # the chip is gone, a USB adapter perhaps: there is nothing left to release
            return
        self._request.release()


class _Input:
    """A line that we sense: an :class:`InputPin`."""

    __slots__ = ("_changed", "_line", "_request")

    def __init__(self, line: LineSpec, request: gpiod.LineRequest) -> None:
        self._line, self._request = line, request
        self._changed: Callable[[bool], None] | None = None

    def active(self) -> bool:
        """See `InputPin`."""
        try:
            return self._request.get_value(self._line.line) is Value.ACTIVE
        except OSError as error:
            raise _trouble(self._line, error) from error

    def watch(self, changed: Callable[[bool], None]) -> None:
        """See `InputPin`."""
        self._changed = changed
        asyncio.get_running_loop().add_reader(self._request.fd, self._readable)

    def close(self) -> None:
        """See `InputPin`."""
        self._end_watch()
        self._request.release()

    def _end_watch(self) -> None:
        if self._changed is not None:
            asyncio.get_running_loop().remove_reader(self._request.fd)
            self._changed = None

    def _readable(self) -> None:
        rising = gpiod.EdgeEvent.Type.RISING_EDGE
        try:
            events = self._request.read_edge_events()
        except OSError:
            self._end_watch()
            return
        for event in events:
            if self._changed is not None:
                self._changed(event.event_type is rising)
