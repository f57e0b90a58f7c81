"""The power LED, by which a board knows whether the computer beside it is on."""

from __future__ import annotations

from collections.abc import Callable

from baseboard.bmc.backends.gpio_lines import InputPin
from baseboard.bmc.clock import Clock, Timer
from baseboard.errors import TransportError


class PowerLed:
    """What the LED says: lit is on at once; dark is off when it stays dark, for sleeping computers blink.

    Args:
        pin: its line, which the kernel debounces.
        dark_s: seconds of darkness until the computer is off.
        clock: time.
        changed: called with the new state.
        failed: called when the line cannot be sensed.

    Attributes:
        on: whether the computer is on.
    """

    __slots__ = ("_changed", "_clock", "_dark_s", "_failed", "_pin", "_timer", "on")

    def __init__(
        self,
        pin: InputPin,
        dark_s: float,
        clock: Clock,
        changed: Callable[[bool], None],
        failed: Callable[[TransportError], None],
    ) -> None:
        """See what it is now.

        Raises:
            TransportError: the line cannot be sensed.
        """
        self._pin, self._dark_s, self._clock = pin, dark_s, clock
        self._changed, self._failed = changed, failed
        self._timer: Timer | None = None
        self.on = pin.active()

    def start(self) -> None:
        """Begin to watch it."""
        self._pin.watch(self._edge)
        self._look()

    def stop(self) -> None:
        """Watch it no more."""
        self._end_timer()

    def _edge(self, lit: bool) -> None:
        """An edge; what counts is the level, for several may have come at once."""
        self._look()

    def _look(self) -> None:
        try:
            lit = self._pin.active()
        except TransportError as error:
            self._failed(error)
            return
        self._end_timer()
        if lit and not self.on:
            self._tell(on=True)
        elif not lit and self.on:
            self._timer = self._clock.call_at(self._clock.now() + self._dark_s, self._stayed_dark)

    def _stayed_dark(self) -> None:
        self._timer = None
        self._tell(on=False)

    def _tell(self, *, on: bool) -> None:
        self.on = on
        self._changed(on)

    def _end_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
