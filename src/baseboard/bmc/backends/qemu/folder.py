"""The private folder of one machine: the sockets between it and its BMC, and how a BMC finds it again."""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from baseboard.errors import TransportError

LONGEST_PATH: Final = 107
"""Bytes that the path of a Unix socket can have."""

_TAIL = 2000


class Folder:
    """The folder, held by one BMC at a time.

    Attributes:
        qmp: socket where QEMU listens for orders.
        serial: socket where the BMC waits for the machine's first serial port.
        vm: socket where the BMC waits for the machine's system interface.
        log: what QEMU prints.
        pid: where QEMU writes which process it is.
    """

    def __init__(self, path: str) -> None:
        """Make it, where it is not there yet, and take it.

        Raises:
            TransportError: it cannot be had, others may enter it, or another BMC has it.
        """
        self._path = Path(path).absolute()
        self.qmp, self.serial, self.vm = self._path / "qmp", self._path / "serial", self._path / "vm"
        self.log, self.pid = self._path / "qemu.log", self._path / "pid"
        try:
            self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._check()
            self._lock = os.open(
                self._path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600
            )
        except OSError as error:
            raise TransportError(f"{path}: {error.strerror or error}") from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._lock)
            raise TransportError(f"{path}: another BMC has the machine of this folder") from error

    def close(self) -> None:
        """Let another BMC have it."""
        os.close(self._lock)

    def running(self) -> int | None:
        """The process of a QEMU that a BMC before this one left on: what the pid file names, if it is one."""
        try:
            pid = int(self.pid.read_text())
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError):
            return None
        # A number can be another's by now; nobody else has the path of this file among its arguments.
        return pid if os.fsencode(self.pid) in words else None

    def keep(self, files: Iterable[tuple[str, bytes]]) -> list[Path]:
        """Put files into it, in place of those of the same names.

        Raises:
            OSError: they cannot be written.
        """
        paths: list[Path] = []
        for name, data in files:
            path = self._path / name
            path.write_bytes(data)
            paths.append(path)
        return paths

    def forget(self) -> None:
        """Take away what a QEMU that has ended left behind."""
        for path in (self.qmp, self.pid):
            with contextlib.suppress(OSError):
                path.unlink()

    def last_words(self) -> str:
        """The end of what QEMU printed."""
        try:
            with self.log.open("rb") as stream:
                stream.seek(max(0, stream.seek(0, os.SEEK_END) - _TAIL))
                text = stream.read(_TAIL).decode(errors="replace")
        except OSError:
            return ""
        return " / ".join(line.strip() for line in text.splitlines() if line.strip())

    def _check(self) -> None:
        facts = self._path.lstat()
        if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.geteuid() or facts.st_mode & 0o077:
            raise TransportError(
                f"{self._path}: who may enter this folder commands the machine;"
                " it has to be its owner's alone (mode 0700), and no link"
            )
        longest = len(os.fsencode(self.serial))
        if longest > LONGEST_PATH:
            raise TransportError(f"{self.serial}: {longest} bytes are too long for a socket's path")
