"""A machine of QEMU whose processor stands still: its IPMI hardware, its interrupt line, and its end.

Of `tests.interop.qemu_ports` the parts that tests of what a BMC does to a machine need besides.
"""

from __future__ import annotations

import contextlib
import re
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from baseboard.links.bt_host import BtHost
from baseboard.links.host_machine import Done, HostMachine, complete
from baseboard.links.kcs_host import KcsHost
from tests import peers
from tests.interop.qemu_ports import BT, KCS

GET_DEVICE_ID = b"\x18\x01"
HOSTS: dict[str, tuple[int, Callable[[], HostMachine]]] = {"kcs": (KCS, KcsHost), "bt": (BT, BtHost)}

_IRQ = 5
_PATIENCE = 60.0


class StoppedMachine:
    """QEMU, and a host's side that works its hardware; a `baseboard.links.registers.HostAccess`.

    Attributes:
        process: QEMU.
        interrupts: ``raise`` and ``lower``, as the interrupt line of the interface moved.
    """

    def __init__(self, process: subprocess.Popen[bytes], connection: socket.socket, interface: str) -> None:
        self.process, self._connection = process, connection
        self._base, host = HOSTS[interface]
        self._host = host()
        self._lines = connection.makefile("r")
        self.interrupts: list[str] = []
        self._command("irq_intercept_in ioapic")

    def read(self, register: int) -> int:
        """Read a register of the interface."""
        return int(self._command(f"inb {self._base + register:#x}")[0], 16)

    def write(self, register: int, value: int) -> None:
        """Write a register of the interface."""
        self._command(f"outb {self._base + register:#x} {value:#x}")

    def ask(self, message: bytes) -> bytes:
        """Completion code and data of the answer to a request."""
        self._host.request(message, time.monotonic())
        answer = self._complete()
        assert answer[:2] == bytes((message[0] | 4, message[1]))
        return answer[2:]

    def attention(self) -> bool:
        """Whether the hardware shows that the BMC wants attention."""
        self._host.look(time.monotonic())
        assert self._complete() == b""
        return self._host.attention

    def connected(self) -> None:
        """Wait until its BMC is there; until then QEMU answers D2h by itself."""
        self.until(lambda: self.ask(GET_DEVICE_ID)[0] == 0)

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something to become true."""
        until = time.monotonic() + _PATIENCE
        while not condition():
            assert time.monotonic() < until, "it never came true"
            time.sleep(0.05)  # polls

    def ended(self) -> bool:
        """Whether QEMU ends by itself."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(_PATIENCE)
        return self.process.poll() is not None

    def close(self) -> None:
        """End QEMU, if it has not ended."""
        self._lines.close()
        self.process.kill()
        self.process.wait(_PATIENCE)

    def _complete(self) -> bytes:
        end = complete(self._host, self, time.monotonic, time.sleep)
        assert isinstance(end, Done), end
        return end.message

    def _command(self, text: str) -> list[str]:
        self._connection.sendall(text.encode() + b"\n")
        while True:
            words = self._lines.readline().split()
            if words[:1] == ["IRQ"]:
                if int(words[2]) == _IRQ:
                    self.interrupts.append(words[1])
                continue
            assert words[:1] == ["OK"], f"{text}: {words}"
            return words[1:]


@contextmanager
def stopped_machine(interface: str, place: str) -> Iterator[StoppedMachine]:
    """A machine while the block lasts.

    Args:
        interface: ``kcs`` or ``bt``.
        place: where its BMC listens: a path, or ``tcp:ADDRESS:PORT``.
    """
    tcp = re.fullmatch(r"tcp:(.*):(\d+)", place)
    where = f"host={tcp[1]},port={tcp[2]}" if tcp else f"path={place}"
    with tempfile.TemporaryDirectory() as name, socket.socket(socket.AF_UNIX) as listening:
        path = str(Path(name) / "test")
        listening.bind(path)
        listening.listen()
        listening.settimeout(_PATIENCE)
        words = [peers.require("QEMU"), "-accel", "tcg", "-S", "-machine", "pc", "-nodefaults"]
        words += ["-display", "none", "-qtest", f"unix:{path}", "-qtest-log", "/dev/null"]
        # QUIRK QEMU 7.2: crashes at the start unless it may connect again.
        words += ["-chardev", f"socket,id=bmc,{where},reconnect=1"]
        words += ["-device", "ipmi-bmc-extern,id=bmc0,chardev=bmc"]
        words += ["-device", f"isa-ipmi-{interface},bmc=bmc0"]
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            connection = listening.accept()[0]
            with connection:
                connection.settimeout(_PATIENCE)
                made = StoppedMachine(process, connection, interface)
                try:
                    yield made
                finally:
                    made.close()
        finally:
            process.kill()
            process.wait()
