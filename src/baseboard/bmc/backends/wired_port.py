"""A serial port of the host that is carried elsewhere: a pty, a socket, a device, a process (§15)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from baseboard.bmc.ports import LineNotice, Outputs
from baseboard.errors import TransportError

if TYPE_CHECKING:
    from typing import TypeAlias

    from baseboard.bmc.clock import Clock, Timer
    from baseboard.transports.wire import Listener, Wire

    OpenWire: TypeAlias = Callable[[int, Listener], Wire]
    """Opens the wire at a speed, for a listener; TransportError: it cannot be had now."""

log = logging.getLogger(__name__)

FIRST_PAUSE: Final = 0.5
"""Seconds until a wire that is lost is opened again; each failure doubles them ..."""

LONGEST_PAUSE: Final = 30.0
"""... up to this."""

_STEADY: Final = 10.0
"""Seconds after which a wire counts as good: when it is lost then, the pauses begin anew."""


class WiredPort:
    """A wire as a serial port: a :class:`~baseboard.bmc.ports.SerialPort` and its signals.

    What the far end sends while nobody listens is lost, as on a real line. While CTS is deasserted nothing is
    read, so that the far end has to wait. A wire that is lost is opened again, after ever longer pauses.

    Args:
        clock: time.
        open_wire: opens the wire.
        wake: wakes the host, when the console rings; None = it cannot be woken.

    Attributes:
        place: where the far end is to be found, for people; empty while it is not known.
    """

    __slots__ = (
        "_clock", "_cts", "_noticed", "_open_wire", "_opened_at", "_pause", "_rate", "_receive", "_running",
        "_timer", "_wake", "_wire", "place",
    )  # fmt: skip

    def __init__(self, clock: Clock, open_wire: OpenWire, wake: Callable[[], None] | None = None) -> None:
        self._clock, self._open_wire, self._wake = clock, open_wire, wake
        self._wire: Wire | None = None
        self._receive: Callable[[bytes], None] | None = None
        self._noticed: Callable[[LineNotice], None] | None = None
        self._timer: Timer | None = None
        self._rate, self._cts, self._running = 115200, True, False
        self._pause, self._opened_at = FIRST_PAUSE, 0.0
        self.place = ""

    def start(self) -> None:
        """Open the wire, and keep it open from now on."""
        self._running = True
        self._open()

    def stop(self) -> None:
        """Close it for good."""
        self._running = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._wire is not None:
            self._wire.close()
            self._wire = None

    # ---- the serial port

    def attach(self, receive: Callable[[bytes], None] | None) -> None:
        """Say who gets what the far end sends; None = nobody listens."""
        self._receive = receive
        self._hold(held=False)

    def write(self, data: bytes) -> int:
        """Send characters.

        Returns: how many were taken; none while nobody is at the far end.
        """
        return 0 if self._wire is None else self._wire.write(data)

    def send_break(self) -> None:
        """Hold the line in break for a moment."""
        if self._wire is not None:
            self._wire.send_break()

    def carrier(self) -> bool:
        """Whether somebody is at the far end."""
        return self._wire is not None and self._wire.carrier

    # ---- its signals

    def set_rate(self, bits_per_second: int) -> None:
        """Speak at this speed from now on."""
        self._rate = bits_per_second
        if self._wire is not None:
            self._wire.set_rate(bits_per_second)

    def set_lines(self, *, cts: bool, carrier: bool) -> None:
        """Let the far end go on or hold it; assert or drop DCD and DSR."""
        self._hold(held=not cts)
        if self._wire is not None:
            self._wire.set_carrier(carrier)

    def ring(self) -> None:
        """Wake the host."""
        if self._wake is not None:
            self._wake()

    def drop_written(self) -> None:
        """Forget the characters that were taken and have not been sent yet."""
        if self._wire is not None:
            self._wire.drop_written()

    def outputs(self) -> Outputs:
        """The lines that the far end drives now."""
        return Outputs(False, False) if self._wire is None else Outputs(*self._wire.outputs())

    def watch(self, noticed: Callable[[LineNotice], None] | None) -> None:
        """Say who hears what happens on the line; None = nobody."""
        self._noticed = noticed

    def power_changed(self, on: bool) -> None:
        """The system's power came or went."""
        if self._wire is not None:
            self._wire.power_changed(on)

    # ---- what the wire tells

    def opened(self) -> None:
        """See `Listener.opened`: at once, or when a connection has come about."""
        self._opened_at = self._clock.now()
        self._notice(LineNotice.CARRIER)

    def received(self, data: bytes) -> None:
        """See `Listener.received`."""
        if self._receive is not None:
            self._receive(data)

    def broken(self) -> None:
        """See `Listener.broken`."""
        self._notice(LineNotice.BREAK)

    def changed(self) -> None:
        """See `Listener.changed`."""
        self._notice(LineNotice.CARRIER)

    def lost(self, error: TransportError) -> None:
        """See `Listener.lost`: open it again after a pause."""
        if self._clock.now() - self._opened_at >= _STEADY and self._opened_at:
            self._pause = FIRST_PAUSE
        self._wire, self._opened_at = None, 0.0
        self._notice(LineNotice.CARRIER)
        self._again(error)

    # ---- inside

    def _open(self) -> None:
        self._timer = None
        try:
            wire = self._open_wire(self._rate, self)
        except TransportError as error:
            self._again(error)
            return
        self._wire, self.place = wire, wire.place
        wire.set_rate(self._rate)
        if not self._cts:
            wire.hold(True)
        self._notice(LineNotice.CARRIER)

    def _again(self, error: TransportError) -> None:
        if not self._running:
            return
        if self._pause == FIRST_PAUSE:
            log.warning("serial port of the host: %s; trying again", error)
        self._timer = self._clock.call_at(self._clock.now() + self._pause, self._open)
        self._pause = min(self._pause * 2, LONGEST_PAUSE)

    def _hold(self, *, held: bool) -> None:
        if held == (not self._cts):
            return
        self._cts = not held
        if self._wire is not None:
            self._wire.hold(held)

    def _notice(self, notice: LineNotice) -> None:
        if self._noticed is not None:
            self._noticed(notice)
