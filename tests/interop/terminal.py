"""A console that believes to sit at a terminal: what it shows is waited for, what it is told is typed."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager

# How long a console may take to show what is waited for, and to end, seconds.
PATIENCE = 30
# Makes standard input the controlling terminal of a new session, and becomes the console.
TAKE_IT = (
    "import fcntl, os, sys, termios; "
    "fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execvp(sys.argv[1], sys.argv[1:])"
)


class Terminal:
    """The other end of a console's terminal.

    Attributes:
        process: the console.
        shown: everything that it has shown so far.
    """

    def __init__(self, process: subprocess.Popen[bytes], master: int) -> None:
        self.process = process
        self.shown = ""
        self._master = master
        self._read = 0

    def type(self, text: str) -> None:
        """Press these keys."""
        os.write(self._master, text.encode())

    def wait_for(self, *texts: str, patience: float = PATIENCE) -> str:
        """Wait until one of the texts is shown after what was waited for last.

        Returns: what was shown in between, with the text.
        """
        until = time.monotonic() + patience
        while True:
            unread = self.shown[self._read :]
            ends = [start + len(text) for text in texts if (start := unread.find(text)) >= 0]
            if ends:
                self._read += min(ends)
                return unread[: min(ends)]
            if time.monotonic() > until or not self._more():
                raise AssertionError(f"no {texts} in:\n{unread}")

    @property
    def echoes(self) -> bool:
        """Whether the terminal shows what is typed, line by line, as it does while no program reads keys."""
        flags: int = termios.tcgetattr(self._master)[3]
        return flags & (termios.ECHO | termios.ICANON) == termios.ECHO | termios.ICANON

    def ended(self, patience: float = PATIENCE) -> int:
        """Wait for the console's end; returns its exit code."""
        until = time.monotonic() + patience
        while self.process.poll() is None and time.monotonic() < until:
            self._more()
        assert self.process.returncode is not None, f"it does not end:\n{self.shown}"
        while self._more():
            pass
        return self.process.returncode

    def _more(self) -> bool:
        """Take what was shown since; false once there can be no more."""
        if not select.select([self._master], [], [], 0.1)[0]:
            return self.process.poll() is None
        try:
            data = os.read(self._master, 4096)
        except OSError:  # Linux reports the end of a terminal's other side so
            return False
        self.shown += data.decode(errors="replace")
        return bool(data)


@contextmanager
def terminal(
    command: list[str], environment: dict[str, str] | None = None, *, controlling: bool = False
) -> Iterator[Terminal]:
    """Run a console at a terminal of its own while the block lasts.

    Args:
        controlling: the terminal is the console's controlling one: Ctrl-C is a signal, not only a key.
    """
    if controlling:
        command = [sys.executable, "-c", TAKE_IT, *command]
    master, slave = pty.openpty()
    try:
        process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            env={**os.environ, "LC_ALL": "C", "TERM": "vt100", **(environment or {})},
        )
    finally:
        os.close(slave)
    try:
        yield Terminal(process, master)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        os.close(master)
