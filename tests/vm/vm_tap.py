"""A relay between QEMU and a BMC that keeps each frame of OpenIPMI's VM protocol, decoded.

It decodes by itself and not by our own codec: it is here to judge that one too.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.vm.guest import Run

_MESSAGE, _CONTROL, _ESCAPE = 0xA0, 0xA1, 0xAA
CONTROLS = {
    0x00: "no attention",
    0x01: "attention",
    0x02: "attention with interrupt",
    0x03: "power off",
    0x04: "reset",
    0x05: "enable interrupt",
    0x06: "disable interrupt",
    0x07: "NMI",
    0x08: "capabilities",
    0x09: "graceful shutdown",
    0xFF: "version",
}


@dataclass(frozen=True)
class Frame:
    """A frame.

    Attributes:
        at: seconds since the relay began.
        up: from QEMU to the BMC.
        kind: ``request``, ``response``, ``control``, or ``broken`` with a bad checksum or length.
        text: a request as ``06/2E [0F]``, a response as ``06/2E: 00 [..]``, a control by its name.
        sequence: of a request or response.
    """

    at: float
    up: bool
    kind: str
    text: str
    sequence: int = -1

    def __str__(self) -> str:
        return f"{self.at:9.4f} {'>' if self.up else '<'} {self.kind:8} {self.sequence:4} {self.text}"


@dataclass
class Decoder:
    """Bytes of one direction in, frames out."""

    up: bool
    _frame: bytearray = field(default_factory=bytearray)
    _escaped: bool = False

    def receive(self, data: bytes, at: float) -> Iterator[Frame]:
        for byte in data:
            if byte in (_MESSAGE, _CONTROL):
                frame, self._frame, self._escaped = bytes(self._frame), bytearray(), False
                yield self._message(frame, at) if byte == _MESSAGE else self._control(frame, at)
            elif byte == _ESCAPE:
                self._escaped = True
            else:
                self._frame.append(byte & 0xEF if self._escaped else byte)
                self._escaped = False

    def _control(self, frame: bytes, at: float) -> Frame:
        if not frame or frame[0] not in CONTROLS:
            return Frame(at, self.up, "broken", frame.hex(" "))
        more = f" {frame[1:].hex(' ')}" if len(frame) > 1 else ""
        return Frame(at, self.up, "control", CONTROLS[frame[0]] + more)

    def _message(self, frame: bytes, at: float) -> Frame:
        if len(frame) < 4 or sum(frame) & 0xFF:
            return Frame(at, self.up, "broken", frame.hex(" "))
        sequence, netfn, command, body = frame[0], frame[1] >> 2, frame[2], frame[3:-1]
        name = f"{netfn & ~1:02X}/{command:02X}"
        if netfn & 1:
            text = f"{name}: {body[:1].hex().upper()} [{body[1:].hex(' ').upper()}]"
            return Frame(at, self.up, "response", text, sequence)
        return Frame(at, self.up, "request", f"{name} [{body.hex(' ').upper()}]", sequence)


class Tap:
    """What went over the wire so far, of all connections.

    Attributes:
        frames: of both directions, as they came.
    """

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self._machine: int | None = None
        self._open = 0
        self._begun = time.monotonic()

    def requests(self, since: int = 0) -> list[str]:
        """The requests from the frame with this number on."""
        return [frame.text for frame in self.frames[since:] if frame.kind == "request"]

    def controls(self, since: int = 0) -> list[str]:
        """What the BMC told QEMU besides answers."""
        return [frame.text for frame in self.frames[since:] if frame.kind == "control" and not frame.up]

    def broken(self) -> list[str]:
        return [str(frame) for frame in self.frames if frame.kind == "broken"]

    def __str__(self) -> str:
        return "\n".join(str(frame) for frame in self.frames)

    def relay(self, qemu: socket.socket, bmc: socket.socket, stop: threading.Event) -> None:
        """Carry one connection until an end of it closes."""
        ways = {qemu: (bmc, Decoder(up=True)), bmc: (qemu, Decoder(up=False))}
        while not stop.is_set():
            for one in select.select(list(ways), [], [], 0.2)[0]:
                other, decoder = ways[one]
                try:
                    data = one.recv(4096)
                    frames = list(decoder.receive(data, time.monotonic() - self._begun))
                    self._stop(sum(frame.kind == "request" for frame in frames))
                    other.sendall(data)
                    self._go_on(sum(frame.kind == "response" for frame in frames))
                except OSError:
                    return
                if not data:
                    return
                self.frames += frames

    def let_go(self) -> None:
        """Whatever is not answered yet never will be."""
        with contextlib.suppress(ProcessLookupError):
            self._go_on(self._open)

    def hold(self, machine: Run) -> None:
        """Let a machine stand still from each request until its answer is there.

        So it cannot read before that, where QEMU's SSIF device would give it the answer before.
        """
        self._machine = machine.process.pid

    def _stop(self, requests: int) -> None:
        if self._machine is not None and requests:
            self._open += requests
            os.kill(self._machine, signal.SIGSTOP)

    def _go_on(self, responses: int) -> None:
        if self._machine is not None and responses:
            self._open -= responses
            if self._open <= 0:
                os.kill(self._machine, signal.SIGCONT)


@contextmanager
def tapped(listen: Path, target: str) -> Iterator[Tap]:
    """Relay connections to the Unix socket ``listen`` to a BMC while the block lasts.

    Args:
        listen: where QEMU is to connect.
        target: the BMC's TCP port of 127.0.0.1, or the path of its Unix socket.
    """
    tap, stop = Tap(), threading.Event()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(listen))
        server.listen()
        server.settimeout(0.2)

        def serve() -> None:
            while not stop.is_set():
                try:
                    qemu, _ = server.accept()
                except TimeoutError:
                    continue
                with qemu, contextlib.suppress(OSError), connected(target) as bmc:
                    tap.relay(qemu, bmc, stop)
                tap.let_go()

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield tap
        finally:
            stop.set()
            thread.join()


def connected(target: str) -> socket.socket:
    """A connection to where a BMC listens."""
    if target.isdecimal():
        return socket.create_connection(("127.0.0.1", int(target)))
    made = socket.socket(socket.AF_UNIX)
    try:
        made.connect(target)
    except OSError:
        made.close()
        raise
    return made
