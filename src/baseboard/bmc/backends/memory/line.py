"""The simulated host's serial line: plays what the host prints, at the speed of a serial line.

What is printed over time, a boot for instance, is a :class:`Stage`: it knows how to render its text,
and does so only when somebody looks. A server that boots unseen makes no text at all; its scrollback
is rendered when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from baseboard.bmc.clock import Clock, Timer
from baseboard.bmc.ports import LineNotice, Outputs

Script = Sequence[tuple[float, str]]
"""Texts, each with its moment: 0 = the stage's begin, 1 = its end; never going back."""

BITS = 10  # of a character, with start and stop
BYTES_PER_SECOND = 115200 / BITS
BURST = 1024  # printed at once by an idle line, as by a UART with a buffer behind it
SCROLLBACK = 4096
CHOKED = 2048  # waiting characters beyond which typing is not taken
HELD = 1 << 16  # characters that wait for the line, or for CTS; older ones are lost
STAGES_KEPT = 8


class Stage:
    """A stretch of the host's life and what it prints meanwhile.

    Args:
        started: seconds, when it began.
        seconds: how long it is meant to take.
        render: makes its script.
    """

    __slots__ = ("ended", "printed", "render", "seconds", "started")

    def __init__(self, started: float, seconds: float, render: Callable[[], Script]) -> None:
        self.started = started
        self.seconds = seconds
        self.render = render
        self.printed = 0
        self.ended: float | None = None


def wire_form(text: str) -> bytes:
    """Text as a terminal wants it: a line feed needs its carriage return."""
    return text.replace("\n", "\r\n").encode("latin-1", "replace")


class SerialLine:
    """The host's serial port seen from the BMC: a :class:`~baseboard.bmc.ports.SerialPort`.

    Args:
        clock: time.
        powered: whether the host is on.
        typed: gets each character that the BMC's side sends.
        broken: hears of a break.
        rung: hears of RI.
        hung_up: hears that DCD and DSR were dropped.

    Its speed is whatever the BMC's side says: the firmware sets up its UART alike.
    """

    __slots__ = (
        "_broken",
        "_busy",
        "_carrier",
        "_clock",
        "_cts",
        "_free_at",
        "_hung_up",
        "_kept",
        "_noticed",
        "_powered",
        "_rate",
        "_receive",
        "_rung",
        "_script",
        "_stages",
        "_timer",
        "_typed",
        "_waiting",
    )

    def __init__(
        self,
        clock: Clock,
        powered: Callable[[], bool],
        typed: Callable[[int], None],
        broken: Callable[[], None],
        rung: Callable[[], None] = lambda: None,
        hung_up: Callable[[], None] = lambda: None,
    ) -> None:
        self._clock = clock
        self._powered = powered
        self._typed = typed
        self._broken = broken
        self._rung = rung
        self._hung_up = hung_up
        self._rate = BYTES_PER_SECOND
        self._cts = True
        self._carrier = False
        self._noticed: Callable[[LineNotice], None] | None = None
        self._receive: Callable[[bytes], None] | None = None
        self._stages: tuple[Stage, ...] = ()
        self._script: Script | None = None  # of the stage being watched
        self._kept = b""
        self._waiting = b""
        self._free_at = 0.0
        self._busy = False  # in a call of the BMC's side, which must not be answered before it returns
        self._timer: Timer | None = None

    # the BMC's side

    def attach(self, receive: Callable[[bytes], None] | None) -> None:
        """Say who gets what the host prints; None = nobody listens."""
        self._catch_up()
        self._receive = receive
        self._waiting = b""
        self._cts, self._carrier = True, False
        self._follow()

    def write(self, data: bytes) -> int:
        """Give typed characters to the host.

        Returns: how many were taken: none while the host is off, less than given while it still prints much.
        """
        if not self._powered():
            return 0
        self._busy = True
        try:
            for taken, character in enumerate(data):
                if len(self._waiting) > CHOKED or not self._powered():
                    return taken
                self._typed(character)
        finally:
            self._busy = False
        return len(data)

    def send_break(self) -> None:
        """Hold the line in break for a moment."""
        if self._powered():
            self._busy = True
            try:
                self._broken()
            finally:
                self._busy = False

    def carrier(self) -> bool:
        """Whether somebody is at the line's other end (DSR/DCD): a host that is on."""
        return self._powered()

    def set_rate(self, bits_per_second: int) -> None:
        """Speak at this speed from now on."""
        self._rate = bits_per_second / BITS

    def set_lines(self, *, cts: bool, carrier: bool) -> None:
        """Let the host's output flow or hold it; who drops DCD and DSR hangs up on who is logged in."""
        dropped, self._carrier = self._carrier and not carrier, carrier
        self._cts, before = cts, self._busy
        self._busy = True
        try:
            if dropped:
                self._hung_up()
        finally:
            self._busy = before
        self._later()

    def ring(self) -> None:
        """Pulse RI: it wakes a host that is off."""
        self._rung()

    def drop_written(self) -> None:
        """A character that is taken has reached the host already."""

    def outputs(self) -> Outputs:
        """A host that is on asserts RTS and DTR."""
        on = self._powered()
        return Outputs(on, on)

    def watch(self, noticed: Callable[[LineNotice], None] | None) -> None:
        """Say who hears what happens on the line; None = nobody."""
        self._noticed = noticed

    def power_changed(self, on: bool) -> None:
        """RTS and DTR follow the power."""
        if self._noticed is not None:
            self._noticed(LineNotice.OUTPUTS)

    def scrollback(self) -> bytes:
        """The last that the host printed, seen or not."""
        self._catch_up()
        return self._kept

    # the host's side

    def play(self, seconds: float, render: Callable[[], Script]) -> None:
        """Begin a stage; the one before ends."""
        self.cut()
        self._stages = (*self._stages[-STAGES_KEPT + 1 :], Stage(self._clock.now(), seconds, render))
        self._follow()

    def cut(self) -> None:
        """End the stage being played: what it has not printed by now it never will."""
        if self._stages and self._stages[-1].ended is None:
            self._stages[-1].ended = self._clock.now()
        self._follow()

    def say(self, text: str) -> None:
        """Print at once."""
        self._catch_up()
        self._emit(wire_form(text))
        self._follow()

    # inside

    def _catch_up(self) -> None:
        """Print what is due."""
        now = self._clock.now()
        while self._stages:
            stage = self._stages[0]
            script = self._script if self._script is not None else stage.render()
            until = now if stage.ended is None else min(now, stage.ended)
            while stage.printed < len(script):
                at, text = script[stage.printed]
                if stage.started + at * stage.seconds > until:
                    break
                stage.printed += 1
                self._emit(wire_form(text))
            if stage.ended is None and stage.printed < len(script):
                self._script = script if self._receive is not None else None
                return
            self._script = None
            self._stages = tuple(other for other in self._stages if other is not stage)

    def _follow(self) -> None:
        """While somebody looks, be called for the next text, or for the characters that wait for the line."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._receive is None:
            self._script = None
            return
        self._catch_up()
        self._drain()
        due: list[float] = []
        if self._waiting and self._cts:
            due.append(self._clock.now() if self._busy else self._free_at)
        if self._script is not None:
            stage = self._stages[0]
            due.append(stage.started + self._script[stage.printed][0] * stage.seconds)
        if due:
            self._timer = self._clock.call_at(min(due), self._tick)

    def _later(self) -> None:
        """Look again as soon as whoever called is done."""
        if self._receive is None:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._clock.call_at(self._clock.now(), self._tick)

    def _tick(self) -> None:
        self._timer = None
        self._follow()

    def _emit(self, data: bytes) -> None:
        self._kept = (self._kept + data)[-SCROLLBACK:]
        if self._receive is not None:
            self._waiting = (self._waiting + data)[-HELD:]
            self._drain()

    def _drain(self) -> None:
        """Hand on what the line can carry by now."""
        now = self._clock.now()
        room = int(BURST - max(0.0, self._free_at - now) * self._rate)
        if self._receive is None or self._busy or not self._cts or not self._waiting or room <= 0:
            return
        data, self._waiting = self._waiting[:room], self._waiting[room:]
        self._free_at = max(self._free_at, now) + len(data) / self._rate
        self._receive(data)
