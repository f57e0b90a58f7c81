"""QEMU's own reports of a machine: its resets, its end, a panic (the QEMU Machine Protocol)."""

from __future__ import annotations

import contextlib
import json
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Event:
    """What happened to a machine, such as RESET, SHUTDOWN, POWERDOWN or GUEST_PANICKED.

    Attributes:
        boot: how often the guest had come up by then.
    """

    name: str
    data: dict[str, Any]
    boot: int


class Monitor:
    """A connection to a machine's monitor; events are collected."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        try:
            self._socket.connect(str(path))
        except OSError:
            self._socket.close()
            raise
        self._data = b""
        self.execute("qmp_capabilities")

    def fileno(self) -> int:
        return self._socket.fileno()

    def execute(self, command: str, **arguments: Any) -> None:
        """Give a command; what it answers is not waited for."""
        words: dict[str, Any] = {"execute": command}
        if arguments:
            words["arguments"] = arguments
        with contextlib.suppress(OSError):  # the machine is gone, which shows anyhow
            self._socket.sendall(json.dumps(words).encode() + b"\n")

    def read(self, boot: int) -> list[Event] | None:
        """The events that have come; None when the machine is gone."""
        try:
            data = self._socket.recv(65536)
        except ConnectionError:
            data = b""
        if not data:
            return None
        *lines, self._data = (self._data + data).split(b"\n")
        told = [json.loads(line) for line in lines]
        return [Event(one["event"], one.get("data", {}), boot) for one in told if "event" in one]

    def close(self) -> None:
        self._socket.close()
