"""The ICMB lines of one process, and where they go on: a socket, a serial device, a pseudo terminal.

BMCs that name the same line are on it together. What one of them sends goes out of the process as bytes, and
what comes in goes over the line of the process, so that bridges hear each other wherever they are.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from baseboard.bmc.backends.wired_port import WiredPort
from baseboard.bmc.services.icmb_line import IcmbLine
from baseboard.links.icmb import Stream
from baseboard.transports.line_socket import Guest, LineDoor
from baseboard.transports.machine_socket import where_of

if TYPE_CHECKING:
    from baseboard.bmc.blueprint.bridging import IcmbSpec
    from baseboard.bmc.clock import Clock, Timer
    from baseboard.transports.wire import Listener, Wire

BITS_PER_SECOND: Final = 19_200
"""The speed of an ICMB (ICMB v1.0)."""

WAITING: Final = 64
"""Packets from outside that wait for the line; more are lost, as on a line that is always busy."""

SOCKETS: Final = ("unix:", "tcp:")
PTY: Final = "pty:"
DEVICE: Final = "/"


class FarEnd:
    """A way from a line to elsewhere: a listener of the line.

    Args:
        write: sends bytes there.
    """

    __slots__ = ("_clock", "_line", "_stream", "_timer", "_waiting", "_write")

    def __init__(self, line: IcmbLine, clock: Clock, write: Callable[[bytes], int]) -> None:
        self._line, self._clock, self._write = line, clock, write
        self._stream = Stream()
        self._waiting: deque[bytes] = deque(maxlen=WAITING)
        self._timer: Timer | None = None
        line.attach(self)

    def receive(self, data: bytes) -> None:
        """What a bridge of this process has sent."""
        self._write(data)

    def heard(self, data: bytes) -> None:
        """What came from there."""
        self._waiting.extend(self._stream.receive(data))
        if self._timer is None:
            self._send()

    def close(self) -> None:
        """Leave the line."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._waiting.clear()
        if self._line.has(self):
            self._line.detach(self)

    def _send(self) -> None:
        """Send what waits, each packet as soon as the line is free."""
        self._timer = None
        while self._waiting and self._line.send(self._waiting[0], self):
            self._waiting.popleft()
        if self._waiting:
            self._timer = self._clock.call_at(self._line.free_at, self._send)


class Lines:
    """The lines that BMCs of this process are on, by what they are called."""

    __slots__ = ("_clock", "_close", "_lines")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lines: dict[str, IcmbLine] = {}
        self._close: list[Callable[[], None]] = []

    def of(self, spec: IcmbSpec) -> IcmbLine:
        """The line of a bridge.

        Raises:
            TransportError: it cannot be listened at.
        """
        line = self._lines.get(spec.line)
        if line is None:
            line = self._lines[spec.line] = IcmbLine(self._clock)
            self._lead_on(line, spec)
        return line

    def close(self) -> None:
        """Take down what reaches beyond the process."""
        self._lines.clear()
        for close in self._close:
            close()
        self._close.clear()

    def _lead_on(self, line: IcmbLine, spec: IcmbSpec) -> None:
        if spec.line.startswith(SOCKETS) and spec.listen:
            self._close.append(LineDoor(where_of(spec.line), partial(self._came, line)).close)
        elif spec.line.startswith((*SOCKETS, PTY, DEVICE)):
            port = WiredPort(self._clock, partial(_open_wire, spec.line))
            end = FarEnd(line, self._clock, port.write)
            port.attach(end.heard)
            port.set_rate(BITS_PER_SECOND)
            port.start()
            self._close += [end.close, port.stop]

    def _came(self, line: IcmbLine, guest: Guest) -> None:
        """Somebody has connected to a line of this process."""
        end = FarEnd(line, self._clock, guest.write)
        guest.heard, guest.left = end.heard, end.close


def _open_wire(line: str, bits_per_second: int, listener: Listener) -> Wire:
    """Open what carries a line.

    Raises:
        TransportError: it cannot be had now.
    """
    if line.startswith(SOCKETS):
        from baseboard.transports.socket_wire import SocketWire

        return SocketWire(where_of(line), listener)
    if line.startswith(PTY):
        from baseboard.transports.pty_wire import PtyWire

        return PtyWire(line.removeprefix(PTY), listener)
    from baseboard.transports.serial_wire import SerialWire

    return SerialWire(line, bits_per_second, listener, modem=False)
