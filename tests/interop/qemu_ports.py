"""QEMU's own KCS and BT hardware without a guest: its processor stands still, and ports are worked from here.

QEMU's test protocol reads and writes ports, and tells when an interrupt line moves. It starts in some 20 ms.
"""

from __future__ import annotations

import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import peers

KCS, BT = 0xCA2, 0xE4
"""Where QEMU's devices ``isa-ipmi-kcs`` and ``isa-ipmi-bt`` have their registers."""

_BASES = {"kcs": KCS, "bt": BT}
_PATIENCE = 60.0


class Ports:
    """The registers of one interface; a `baseboard.links.registers.HostAccess`."""

    def __init__(self, connection: socket.socket, base: int) -> None:
        self._connection, self._base = connection, base
        self._lines = connection.makefile("r")

    def read(self, register: int) -> int:
        return int(self._command(f"inb {self._base + register:#x}")[0], 16)

    def write(self, register: int, value: int) -> None:
        self._command(f"outb {self._base + register:#x} {value:#x}")

    def close(self) -> None:
        self._lines.close()

    def _command(self, text: str) -> list[str]:
        self._connection.sendall(text.encode() + b"\n")
        while True:
            words = self._lines.readline().split()
            if words[:1] == ["IRQ"]:
                continue
            assert words[:1] == ["OK"], f"{text}: {words}"
            return words[1:]


@contextmanager
def ports(interface: str, port: int) -> Iterator[Ports]:
    """QEMU's ``kcs`` or ``bt`` while the block lasts; its BMC listens at a TCP port of 127.0.0.1.

    Until QEMU has reached the BMC it answers each request itself, with D2h.
    """
    program = peers.require("QEMU")
    with tempfile.TemporaryDirectory() as name, socket.socket(socket.AF_UNIX) as listening:
        path = Path(name) / "test"
        listening.bind(str(path))
        listening.listen()
        listening.settimeout(_PATIENCE)
        words = [program, "-accel", "tcg", "-S", "-machine", "pc", "-nodefaults", "-display", "none"]
        words += ["-qtest", f"unix:{path}", "-qtest-log", "/dev/null"]
        # QUIRK QEMU 7.2: crashes at the start unless it may connect again.
        words += ["-chardev", f"socket,id=bmc,host=127.0.0.1,port={port},reconnect=1"]
        words += ["-device", "ipmi-bmc-extern,id=bmc0,chardev=bmc"]
        words += ["-device", f"isa-ipmi-{interface},bmc=bmc0"]
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            connection = listening.accept()[0]
            with connection:
                connection.settimeout(_PATIENCE)
                made = Ports(connection, _BASES[interface])
                try:
                    yield made
                finally:
                    made.close()
        finally:
            process.kill()
            process.wait()
