"""A process on a terminal of its own as a wire: a virtual machine's console, a telnet, a simulator."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from typing import Final

from baseboard.errors import TransportError
from baseboard.transports.pty_wire import open_pty
from baseboard.transports.wire import CHUNK, Listener, Wire

_LAST_MOMENT: Final = 0.5
"""Seconds that a process whose terminal is closed has to end, until it counts as one that goes on without."""

_START: Final = """\
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
try:
    os.execvp(sys.argv[1], sys.argv[1:])
except OSError as error:
    sys.exit(f"{sys.argv[1]}: {error.strerror}")
"""
"""Run as the leader of a session: makes the terminal the session's, so that a break can interrupt it."""


class ProcessWire(Wire):
    """A running process.

    Args:
        command: the program and its arguments; no shell looks at them.
        hang_up: it gets SIGHUP when the power of the system goes.
    """

    def __init__(self, command: Sequence[str], listener: Listener, *, hang_up: bool = False) -> None:
        """Start it.

        Raises:
            TransportError: there is no terminal for it, or no process.
        """
        ours, theirs, _ = open_pty()
        super().__init__(command[0], listener)
        self._hang_up = hang_up
        self._exit = -1
        try:
            self._process = subprocess.Popen(  # noqa: S603 - whoever wrote the file may run programs
                [sys.executable, "-I", "-S", "-c", _START, *command],
                stdin=theirs,
                stdout=theirs,
                stderr=theirs,
                start_new_session=True,
            )
        except OSError as error:
            os.close(ours)
            raise TransportError(f"{command[0]}: {error.strerror}") from error
        finally:
            os.close(theirs)
        with contextlib.suppress(OSError):  # without it the end of its output says as much
            self._exit = os.pidfd_open(self._process.pid)
            self._loop.add_reader(self._exit, self._exited)
        self._begin(ours)

    @property
    def process_id(self) -> int:
        """The number of its process."""
        return self._process.pid

    def hold(self, held: bool) -> None:
        """See `Wire.hold`; what a process that ended meanwhile had left to say comes when it is let go."""
        super().hold(held)
        if not held and self._fd >= 0 and self._process.poll() is not None:
            self._loop.call_soon(self._exited)

    def send_break(self) -> None:
        """Interrupt what runs in the foreground, as a break does on a terminal that heeds it."""
        with contextlib.suppress(OSError):
            group = os.tcgetpgrp(self._fd)
            os.killpg(group, signal.SIGINT)

    def set_carrier(self, asserted: bool) -> None:
        """A line that is dropped hangs up: SIGHUP."""
        if not asserted:
            self._signal(signal.SIGHUP)

    def set_rate(self, bits_per_second: int) -> None:
        """A terminal of a process has no speed to speak of."""

    def power_changed(self, on: bool) -> None:
        """SIGHUP when power goes, if that was asked for."""
        if not on and self._hang_up:
            self._signal(signal.SIGHUP)

    def _signal(self, number: signal.Signals) -> None:
        if self._fd >= 0 and self._process.poll() is None:
            with contextlib.suppress(OSError):
                os.killpg(self._process.pid, number)

    def _readable(self) -> None:
        try:
            data = os.read(self._fd, CHUNK)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            # A process that ends closes its terminal a moment before its exit code is known.
            self._loop.remove_reader(self._fd)
            self._reading = False
            self._loop.call_later(_LAST_MOMENT, self._gone)
            return
        self._take(data)

    def _exited(self) -> None:
        """What it printed last is still to be read; if the line is held, then once it is let go."""
        if self._fd < 0:
            return
        with contextlib.suppress(OSError):
            while not self._held and (data := os.read(self._fd, CHUNK)):
                self._take(data)
                if self._fd < 0:
                    return
        if not self._held:
            self._gone()
        elif self._exit >= 0:
            self._forget_exit()

    def _gone(self) -> None:
        if self._fd < 0:
            return
        code = self._process.poll()
        self._ended("it closed its terminal" if code is None else f"it ended, exit code {code}")

    def _forget_exit(self) -> None:
        self._loop.remove_reader(self._exit)
        os.close(self._exit)
        self._exit = -1

    def _release(self, fd: int) -> None:
        if self._exit >= 0:
            self._forget_exit()
        self._process_ends()
        os.close(fd)

    def _process_ends(self) -> None:
        """Nobody outlives its wire: SIGHUP, and whoever does not heed it is killed."""
        if self._process.poll() is not None:
            return
        with contextlib.suppress(OSError):
            os.killpg(self._process.pid, signal.SIGHUP)
        try:
            self._process.wait(0.2)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(OSError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
