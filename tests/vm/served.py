"""A BMC of ours whose machine is a virtual one, as a process: ``baseboard bmc run``, on loopback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.interop.lab import STOP, Bmc, Done, first_line
from tests.vm.hardware import Hardware

PASSWORD = "a-good-passwrd"
_DESCRIPTION = f"""\
store = "state"
[[bmc]]
name = "virtual"
makeup = "{{makeup}}"
[bmc.lan]
port = {{port}}
[bmc.host]
backend = "vm"
powered = true
[bmc.host.vm]
listen = "unix:{{socket}}"
[bmc.interface]
kind = "{{kind}}"
{{more}}
[[bmc.user]]
name = "admin"
password = "{PASSWORD}"
"""


class Served:
    """A BMC that can be stopped like a machine whose plug is pulled, and started again on what it has kept.

    Attributes:
        socket: where QEMU connects to.
        lan: where consoles do.
        text: its description, with places for what differs.
    """

    text = _DESCRIPTION

    def __init__(self, folder: Path, interface: str, makeup: str, more: str) -> None:
        self._folder = folder
        self.socket = str(folder / "vm")
        kind = interface.removeprefix("pci-").removesuffix("-piix4")
        self._facts = {"makeup": makeup, "socket": self.socket, "kind": kind, "more": more}
        self.interface = interface
        self._errors = (folder / "errors").open("a+")
        self.lan = self._start(0)

    def _start(self, port: int) -> Bmc:
        description = self._folder / "bmc.toml"
        description.write_text(self.text.format(port=port, **self._facts))
        command = [sys.executable, "-P", "-m", "baseboard", "bmc", "run", "--json", str(description)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self._errors, text=True
        )
        started = first_line(self._process)
        assert started, f"the BMC did not start:\n{self.complaints()}"
        (one,) = json.loads(started)
        return Bmc(one["address"], one["port"], "admin", PASSWORD, None, "virtual", self._folder)

    def ipmitool(self, *words: str) -> Done:
        """What ipmitool says outside, over RMCP+, once it is certain that it was content."""
        return self.lan.ipmitool(*words, suite=3).ok()

    def hardware(self, options: str = "", append: str = "", *, root: bool = False) -> Hardware:
        """The machine that belongs to it."""
        return Hardware(self.interface, self.socket, options, append, steady=True, root=root)

    def cut(self) -> None:
        """Let it have no time to do anything more."""
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.communicate()

    def restart(self) -> None:
        """Start it again, at the same places."""
        self.lan = self._start(self.lan.port)

    def complaints(self) -> str:
        """What it wrote besides its line."""
        self._errors.flush()
        return (self._folder / "errors").read_text()

    def stop(self) -> None:
        """End it, as one should."""
        if self._process.poll() is None:
            self._process.terminate()
            self._process.wait(STOP)
        self._process.communicate()
        self._errors.close()


@contextmanager
def served(interface: str = "kcs", *, makeup: str = "rack", more: str = "") -> Iterator[Served]:
    """Run a BMC while the block lasts.

    Args:
        interface: one of ``hardware.INTERFACES``.
        makeup: of the hardware that is simulated round the machine.
        more: lines of its description, from inside its table ``bmc.interface`` on.
    """
    with tempfile.TemporaryDirectory() as name:
        bmc = Served(Path(name), interface, makeup, more)
        try:
            yield bmc
        finally:
            bmc.stop()
