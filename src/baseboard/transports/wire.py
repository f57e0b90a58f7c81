"""Byte streams to a far end, for whoever carries a serial line over them: bounded, and held when told to.

A wire is a pty, a socket, a device or a process; it opens at once or later, and tells its :class:`Listener`
what happens. Writing takes what there is room for and says how much that was.
"""

from __future__ import annotations

import asyncio
import os
from typing import Final, NamedTuple, Protocol

from baseboard.errors import TransportError

ROOM: Final = 4096
"""Bytes that wait to be written; what does not fit is not taken."""

CHUNK: Final = 1024
"""Bytes read at once at most: whoever holds the wire when less room than this is left loses none."""


class ModemLines(NamedTuple):
    """The modem lines that the far end drives.

    Attributes:
        rts: Request To Send.
        dtr: Data Terminal Ready.
    """

    rts: bool
    dtr: bool


class Listener(Protocol):
    """Who hears what happens on a wire."""

    def opened(self) -> None:
        """It can be written to."""
        ...

    def received(self, data: bytes) -> None:
        """Bytes of the far end."""
        ...

    def broken(self) -> None:
        """The far end holds the line in break."""
        ...

    def changed(self) -> None:
        """The far end came or went (`Wire.carrier`), or its modem lines have changed."""
        ...

    def lost(self, error: TransportError) -> None:
        """It is over; the wire is closed."""
        ...


class Wire:
    """An open stream, over a file descriptor that the event loop watches.

    Attributes:
        place: where the far end is to be found, for people.
    """

    def __init__(self, place: str, listener: Listener) -> None:
        self.place = place
        self._listener = listener
        self._loop = asyncio.get_running_loop()
        self._fd = -1
        self._out = bytearray()
        self._reading = False
        self._held = self._writing = False

    # ---- what its user does

    def write(self, data: bytes) -> int:
        """Send bytes, as soon as the far end takes them.

        Returns: how many were taken; none while nobody is there.
        """
        if self._fd < 0 or not self.carrier:
            return 0
        taken = data[: ROOM - len(self._out)]
        waiting = bool(self._out)
        self._out += taken
        if not waiting and taken:
            self._write()
        return len(taken)

    def drop_written(self) -> None:
        """Forget the bytes that were taken and have not been sent yet."""
        self._out.clear()
        if self._writing:
            self._watch_room()

    def hold(self, held: bool) -> None:
        """Read no more for now, or go on; meanwhile the far end waits, once what lies between is full."""
        self._held = held
        self._watch()

    @property
    def carrier(self) -> bool:
        """Whether somebody is at the far end."""
        return self._fd >= 0

    def set_rate(self, bits_per_second: int) -> None:
        """Speak at this speed, where the wire has one."""

    def send_break(self) -> None:
        """Hold the line in break for a moment, where the wire can."""

    def set_carrier(self, asserted: bool) -> None:
        """Assert or drop DCD and DSR to the far end, where the wire has such lines."""

    def outputs(self) -> ModemLines:
        """The modem lines that the far end drives; without any, whether it is there."""
        return ModemLines(self.carrier, self.carrier)

    def power_changed(self, on: bool) -> None:
        """The power of the system at the far end came or went."""

    def close(self) -> None:
        """Close it; its listener hears nothing more. Harmless when it is closed already."""
        if self._fd < 0:
            return
        fd, self._fd = self._fd, -1
        self._loop.remove_reader(fd)
        self._loop.remove_writer(fd)
        self._reading = self._writing = False
        self._out.clear()
        self._release(fd)

    # ---- what the kinds of wires do

    def _release(self, fd: int) -> None:
        """Give the descriptor back."""
        os.close(fd)

    def _begin(self, fd: int) -> None:
        """From now on it works."""
        self._fd = fd
        self._watch()
        self._listener.opened()

    def _take(self, data: bytes) -> None:
        """Bytes came."""
        self._listener.received(data)

    def _ended(self, reason: str) -> None:
        """It does not work any more."""
        self.close()
        self._listener.lost(TransportError(f"{self.place}: {reason}"))

    # ---- the loop

    def _wanted(self) -> bool:
        """Tell whether there may be something to read."""
        return self._fd >= 0 and not self._held

    def _watch(self) -> None:
        wanted = self._wanted()
        if wanted and not self._reading:
            self._loop.add_reader(self._fd, self._readable)
        elif self._reading and not wanted and self._fd >= 0:
            self._loop.remove_reader(self._fd)
        self._reading = wanted

    def _watch_room(self) -> None:
        self._writing = bool(self._out)
        if self._writing:
            self._loop.add_writer(self._fd, self._write)
        else:
            self._loop.remove_writer(self._fd)

    def _readable(self) -> None:
        try:
            data = os.read(self._fd, CHUNK)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self._ended(error.strerror or str(error))
            return
        if data:
            self._take(data)
        else:
            self._ended("closed by the far end")

    def _write(self) -> None:
        try:
            sent = os.write(self._fd, self._out)
        except (BlockingIOError, InterruptedError):
            sent = 0
        except OSError as error:
            self._ended(error.strerror or str(error))
            return
        del self._out[:sent]
        if bool(self._out) != self._writing:
            self._watch_room()
