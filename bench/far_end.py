"""What is at the far end of a serial port: it echoes, and floods or counts when it is told to.

``D`` has it send 64 KiB at once; ``U`` has it take 8 KiB, and answer with their digest in angle brackets;
anything else it echoes. ``python -m bench.far_end`` listens at a free TCP port of loopback, which it prints.
"""

from __future__ import annotations

import hashlib
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

DOWN = b"".join(b"%07d." % number for number in range(8192))
UP = bytes(ord("a") + place % 26 for place in range(8192))


def digest(data: bytes) -> bytes:
    """What the far end answers to characters that it took."""
    return b"<" + hashlib.sha256(data).hexdigest().encode() + b">"


def serve(guest: socket.socket) -> None:
    """Be the far end of one connection, until it is closed."""
    guest.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    taken: bytes | None = None
    while data := guest.recv(65536):
        if taken is None and data[:1] == b"D":
            guest.sendall(DOWN)
        elif taken is None and data[:1] != b"U":
            guest.sendall(data)
        else:
            taken = data[1:] if taken is None else taken + data
            if len(taken) >= len(UP):
                guest.sendall(digest(taken))
                taken = None


def main() -> None:
    """Listen; each connection has a far end of its own."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        print(f"port {door.getsockname()[1]}", flush=True)
        while True:
            guest, _ = door.accept()
            threading.Thread(target=serve, args=(guest,), daemon=True).start()


@contextmanager
def far_end() -> Iterator[int]:
    """A far end in a process of its own; yields its port."""
    with subprocess.Popen(
        [sys.executable, "-m", "bench.far_end"], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            found = re.fullmatch(r"port (\d+)\n", process.stdout.readline())
            assert found is not None, "the far end did not start"
            yield int(found[1])
        finally:
            process.terminate()


if __name__ == "__main__":
    main()
