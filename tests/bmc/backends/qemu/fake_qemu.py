"""A program that passes for QEMU: its monitor, its pid file, and the sockets that it connects to.

Run as a program it takes QEMU's command line. What it is ordered is written to ``orders`` beside its monitor,
a JSON list a line; a line written to the socket ``guest`` there is what its guest does.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

VERSION = "QEMU emulator version 7.2.22 (a fake)"


def program(folder: Path) -> str:
    """A program's file, to be named in place of QEMU's."""
    path = folder / "qemu"
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S -E "{__file__}" "$@"\n')
    path.chmod(0o700)
    return str(path)


class Fake:
    """One run of it."""

    def __init__(self, words: list[str]) -> None:
        self._qmp = words[words.index("-qmp") + 1].removeprefix("unix:").partition(",")[0]
        self.folder = Path(self._qmp).parent
        if "-complain" in words:
            sys.exit("qemu: the command line is wrong")
        self._pid = Path(words[words.index("-pidfile") + 1])
        self._pid.write_text(f"{os.getpid()}\n")
        self._state = "prelaunch"
        self._select = selectors.DefaultSelector()
        self._listen(self._qmp, self._greet)
        self._listen(str(self.folder / "guest"), self._hear)
        self._client: socket.socket | None = None
        self._wires = [self._wire(words[n + 1]) for n, word in enumerate(words) if word == "-chardev"]
        given = [int(word.partition("fd=")[2]) for word in words if word.startswith("x-pci-proxy-dev")]
        self._wires += [socket.socket(fileno=number) for number in given]
        for number in given:
            os.write(number, b"plugged")
        self._stubborn = "-stubborn" in words
        signal.signal(signal.SIGTERM, lambda *_: self._end("host-signal"))
        self._write("words", words)

    def _wire(self, text: str) -> socket.socket:
        path = dict(part.split("=", 1) for part in text.split(",") if "=" in part)["path"]
        wire = socket.socket(socket.AF_UNIX)
        wire.connect(path)
        if "id=vm" in text:
            wire.sendall(b"\xff\x01\xa1\x08\x3f\xa1")
        return wire

    def _listen(self, path: str, then: Any) -> None:
        Path(path).unlink(missing_ok=True)
        door = socket.socket(socket.AF_UNIX)
        door.bind(path)
        door.listen(1)
        self._select.register(door, selectors.EVENT_READ, then)

    def _write(self, *words: Any) -> None:
        with (self.folder / "orders").open("a") as log:
            log.write(json.dumps(words) + "\n")

    def _greet(self, door: socket.socket) -> None:
        self._client, _ = door.accept()
        self._say({"QMP": {"version": {}, "capabilities": []}})
        self._select.register(self._client, selectors.EVENT_READ, self._take)

    def _take(self, client: socket.socket) -> None:
        try:
            data = client.recv(65536)
        except ConnectionResetError:
            data = b""
        if not data:
            self._select.unregister(client)
            self._client = None
        text = data.decode()
        while text:  # orders come one behind the other, and are short enough to come whole
            message, end = json.JSONDecoder().raw_decode(text)
            text = text[end:].lstrip()
            self._order(message["execute"], message.get("arguments", {}), message.get("id"))

    def _order(self, command: str, arguments: dict[str, Any], number: Any) -> None:
        if command not in ("qmp_capabilities", "query-status"):
            self._write(command, *arguments.values())
        answer: dict[str, Any] = {"return": {}}
        if command == "query-status":
            answer = {"return": {"status": self._state}}
        elif command == "qom-set" and "net" in str(arguments["path"]):
            answer = {"error": {"class": "GenericError", "desc": "no such device"}}
        self._say({**answer, **({} if number is None else {"id": number})})
        match command:
            case "cont":
                self._state = "running"
                self._event("RESUME")
            case "system_reset":
                self._event("RESET", guest=False, reason="host-qmp-system-reset")
                self._event("RESET", guest=True, reason="guest-reset")
            case "system_powerdown":
                self._event("POWERDOWN")
                self._end("guest-shutdown")

    def _hear(self, door: socket.socket) -> None:
        guest, _ = door.accept()
        with guest:
            word = guest.recv(100).decode().strip()
        match word:
            case "reset":
                self._event("RESET", guest=True, reason="guest-reset")
                self._event("RESET", guest=True, reason="guest-reset")
            case "panic":
                self._event("GUEST_PANICKED", action="run")
            case "pause":
                self._state = "paused"
                self._event("STOP")
            case "disk":
                self._event("BLOCK_IO_ERROR", reason="No space left on device")
            case "off":
                self._end("guest-shutdown")
            case "crash":
                print("qemu: a bug", file=sys.stderr)
                os._exit(9)
            case "hang up":
                assert self._client is not None
                self._select.unregister(self._client)
                self._client.close()
                self._client = None

    def _event(self, name: str, **data: Any) -> None:
        seconds, part = divmod(time.time(), 1)
        stamp = {"seconds": int(seconds), "microseconds": int(part * 1e6)}
        self._say({"event": name, "timestamp": stamp, **({"data": data} if data else {})})

    def _say(self, message: dict[str, Any]) -> None:
        """Tell whoever listens; like QEMU it goes on where nobody does any more."""
        if self._client is not None:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self._client.sendall(json.dumps(message).encode() + b"\r\n")

    def _end(self, reason: str) -> None:
        if self._stubborn and reason == "host-signal":
            return
        self._event("SHUTDOWN", guest=reason.startswith("guest"), reason=reason)
        self._pid.unlink(missing_ok=True)
        os._exit(0)

    def run(self) -> None:
        while True:
            for key, _ in self._select.select():
                key.data(key.fileobj)


if __name__ == "__main__":
    if sys.argv[1:] == ["--version"]:
        print(VERSION)
    else:
        Fake(sys.argv[1:]).run()
