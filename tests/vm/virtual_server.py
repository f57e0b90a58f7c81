"""A virtual server as users have one: ``bmc run`` with a file, QEMU behind it, ipmitool in front of it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import peers
from tests.interop.terminal import Terminal, terminal
from tests.vm import guest
from tests.vm.hardware import archive

USER, PASSWORD = "admin", "correct horse"
GUID = "6f1c2a9e-3b57-4d0f-8a21-90c4d2e7b615"
# A guest under emulation, on a machine that has other things to do, seconds.
PATIENCE = 120.0
OPERATIONAL = "[SOL Session operational.  Use ~? for help]"

HEAD = f"""
[[bmc]]
name = "virtual"
makeup = "rack"

[bmc.identity]
guid = "{GUID}"

[bmc.lan]
port = @PORT@

[[bmc.user]]
name = "{USER}"
password = "{PASSWORD}"

[[bmc.sensor]]
name = "Restart"
type = "system_boot_initiated"
states = [7]

[bmc.host]
backend = "qemu"
powered = false

[bmc.host.qemu]
accelerator = "tcg"
folder = "run"
"""
KERNEL = (
    "console=ttyS0,115200 panic=1 mitigations=off nokaslr tsc=reliable clocksource=hpet random.trust_cpu=on"
)
LINUX = (
    HEAD
    + f"""
memory_mib = 256
network = "none"
kernel = "@KERNEL@"
initrd = "initrd"
append = "{KERNEL}"
"""
)

DRIVERS = "modprobe ipmi_si; modprobe ipmi_devintf"
# The guest does what is typed, and says so; a press of the power button ends it.
SHELL = r"""
@DRIVERS@; modprobe button; modprobe evdev
for event in /dev/input/event*; do
    grep -q 'Power Button' "/sys/class/input/${event##*/}/device/name" || continue
    (dd if="$event" of=/dev/null bs=24 count=1 2>/dev/null; echo '@@button'; poweroff -f) &
done
echo '@@ready'
while IFS= read -r line; do eval "$line" 2>&1; echo "@@done $?"; done </dev/ttyS0
"""


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Screen:
    """The server's console, over SOL."""

    def __init__(self, term: Terminal) -> None:
        self._terminal = term

    def wait_for(self, *texts: str) -> str:
        """What is shown until one of the texts is."""
        return self._terminal.wait_for(*texts, patience=PATIENCE)

    def type(self, text: str) -> None:
        self._terminal.type(text)

    def booted(self) -> None:
        """Wait until the guest does what is typed."""
        self.wait_for("@@guest boot")
        self.type("1\n")
        self.wait_for("@@ready")

    def connected(self) -> None:
        """Wait until the guest hears what is typed: QEMU takes a second to find a BMC that was away."""
        for _ in range(60):
            self.type("\n")
            with contextlib.suppress(AssertionError):
                self._terminal.wait_for("@@done 0", patience=2)
                return
        raise AssertionError("the guest does not answer")

    def run(self, command: str) -> str:
        """What a command prints in the guest."""
        self.type(f"echo '@@'begin; {command}\n")
        self.wait_for("@@begin\r\n", "@@begin\n")
        shown = self.wait_for("@@done ")
        status = self.wait_for("\n").strip()
        assert status == "0", f"{command}: {status}\n{shown}"
        return shown.removesuffix("@@done ").replace("\r", "")

    def leave(self) -> None:
        self._terminal.type("\n~.")
        self._terminal.wait_for("[terminated ipmitool]", patience=PATIENCE)
        assert self._terminal.ended() == 0


class Served:
    """A BMC process and its machine.

    Attributes:
        folder: where everything is.
        port: of the BMC.
    """

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self._process: subprocess.Popen[str] | None = None
        self._errors = folder / "errors"

    def start(self) -> None:
        """Run the BMC, until it answers."""
        words = [sys.executable, "-m", "baseboard", "bmc", "run", str(self.folder / "bmc.toml")]
        words += ["--store", str(self.folder / "store"), "--json"]
        with self._errors.open("a") as errors:
            self._process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=errors, text=True)
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, self.errors
        assert json.loads(line)[0]["port"] == self.port

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """End the BMC."""
        assert self._process is not None
        self._process.send_signal(number)
        assert self._process.stdout is not None
        self._process.stdout.close()
        status = self._process.wait(60)
        self._process = None
        return status

    @property
    def runs(self) -> bool:
        return self._process is not None

    @property
    def errors(self) -> str:
        """What the BMC said on standard error."""
        return self._errors.read_text()

    def words(self, *words: str) -> list[str]:
        place = ["-I", "lanplus", "-C", "17", "-H", "127.0.0.1", "-p", str(self.port)]
        return [peers.require("ipmitool"), *place, "-U", USER, "-P", PASSWORD, *words]

    def ipmitool(self, *words: str) -> str:
        """What ipmitool prints of the BMC."""
        done = subprocess.run(self.words(*words), capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, f"{words}: {done.stderr}\n{self.errors}"
        return done.stdout

    @contextmanager
    def console(self) -> Iterator[Screen]:
        """Ipmitool at a terminal, with SOL activated."""
        with terminal(self.words("sol", "activate")) as term:
            term.wait_for(OPERATIONAL)
            screen = Screen(term)
            yield screen
            screen.leave()

    def machine(self) -> int | None:
        """QEMU's process; None = there is none."""
        path = self.folder / "run" / "pid"
        try:
            pid = int(path.read_text())
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError):
            return None
        return pid if os.fsencode(path) in words else None


@contextmanager
def served(folder: Path, text: str) -> Iterator[Served]:
    """A virtual server while the block lasts; whatever happens nothing of it is left."""
    port = free_port()
    (folder / "bmc.toml").write_text(text.replace("@PORT@", str(port)))
    server = Served(folder, port)
    server.start()
    try:
        yield server
    finally:
        if server.runs:
            server.end()
        left = server.machine()
        if left is not None:
            os.kill(left, signal.SIGKILL)
        assert left is None, "QEMU outlived its BMC"


@contextmanager
def linux(folder: Path, *, more: str = "", drivers: str = DRIVERS) -> Iterator[Served]:
    """A virtual server with Linux, whose console is a shell.

    Args:
        folder: where everything of it is.
        more: lines of its description, from inside the machine's table on.
        drivers: how the guest finds its system interface.
    """
    image = guest.image()
    shell = SHELL.replace("@DRIVERS@", drivers.strip()).encode()
    (folder / "initrd").write_bytes(image.initrd.read_bytes() + archive({"script": shell}))
    with served(folder, LINUX.replace("@KERNEL@", str(image.kernel)) + more) as server:
        yield server


def field(text: str, name: str) -> str:
    """The value behind a name in what ipmitool or dmidecode prints."""
    found = re.search(rf"^\s*{re.escape(name)}\s*: ?(.*)$", text, re.MULTILINE)
    assert found, f"no {name} in:\n{text}"
    return found[1].strip()
