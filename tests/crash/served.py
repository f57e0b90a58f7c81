"""A lab as a process that may be killed, and a console on UDP that knows what was acknowledged to it."""

from __future__ import annotations

import json
import os
import select
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from baseboard.rmcp import lan_message
from baseboard.rmcp.machine import Address
from baseboard.testing.raw_console import RawConsoleV20
from tests.interop.lab import first_line

USERNAME, PASSWORD = "keeper", "never shown"
# How long an answer or a process may take, seconds.
PATIENCE = 30.0


class Served:
    """A lab of one server over a store.

    Attributes:
        process: the lab.
        address: where its BMC listens.
    """

    def __init__(self, store: Path, errors: Path) -> None:
        command = [sys.executable, "-P", "-m", "baseboard", "lab", "--json", "--port", "0", "--count", "1"]
        command += ["--username", USERNAME, "--store", str(store)]
        environment = {**os.environ, "BASEBOARD_PASSWORD": PASSWORD}
        with errors.open("a") as stderr:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr, text=True,
                env=environment,
            )  # fmt: skip
        line = first_line(self.process)
        assert line, f"the lab did not start: {self.process.poll()}\n{errors.read_text()}"
        (only,) = json.loads(line)
        self.address = (str(only["address"]), int(only["port"]))

    def kill(self) -> None:
        """``kill -9``: nothing more is written, nobody is told."""
        self.process.kill()
        assert self.process.wait(PATIENCE) == -9

    def stop(self) -> None:
        """End it in the ordinary way."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(PATIENCE)
        self.process.communicate()


@contextmanager
def served(store: Path, errors: Path) -> Iterator[Served]:
    """A lab that is gone after the block, whatever becomes of it."""
    running = Served(store, errors)
    try:
        yield running
    finally:
        running.stop()


class Line:
    """A console's session over UDP, with several requests on the way at a time."""

    def __init__(self, address: Address, seed: int) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.connect(address)
        self._console = RawConsoleV20(self._carry, USERNAME.encode(), PASSWORD.encode(), suite=17, seed=seed)
        assert self._console.login() == [0, 0, 0]
        assert self.ask(0x06, 0x3B, b"\x04") == b"\0\x04"

    def _carry(self, data: bytes, address: Address) -> list[bytes]:
        self._socket.send(data)
        assert select.select([self._socket], [], [], PATIENCE)[0], "no answer"
        return [self._socket.recv(2048)]

    def ask(self, netfn: int, cmd: int, data: bytes = b"") -> bytes:
        """Send a request and wait for its answer."""
        answer = self._console.ask(netfn, cmd, data)
        assert answer is not None
        return answer

    def send(self, netfn: int, cmd: int, data: bytes) -> int:
        """Send a request; its answer comes later, under the number returned."""
        self._socket.send(self._console.packet(self._console.message(netfn, cmd, data)))
        return self._console.rq_seq

    def receive(self, wait: float) -> tuple[int, bytes] | None:
        """The next answer: its number, completion code and data; None if none comes in time or at all."""
        if not select.select([self._socket], [], [], wait)[0]:
            return None
        try:
            datagram = self._socket.recv(2048)
        except ConnectionRefusedError:
            # The kernel tells that nobody listens any more.
            return self.receive(wait)
        message = lan_message.unwrap(self._console.unwrap(datagram)[2])
        return message.rq_seq, message.data

    def close(self) -> None:
        """Let go of the socket; the session is left to time out."""
        self._socket.close()
