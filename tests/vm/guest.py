"""A Linux guest under QEMU whose IPMI hardware is wired to a BMC on loopback.

``harness/build-guest`` makes kernel and initramfs of Debian's packages, once, in a folder of this tree that
git does not see. QEMU emulates the processor too, so that it runs anywhere; from its start to a script's
first line it takes about two seconds. The BMC speaks OpenIPMI's VM protocol on a TCP port or a Unix socket,
or serves the registers of its hardware at a Unix socket.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import select
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests import peers
from tests.vm import ours
from tests.vm.console import Console
from tests.vm.hardware import Hardware, archive
from tests.vm.monitor import Event, Monitor

HARNESS = Path(__file__).parent / "harness"
CACHE = Path(__file__).resolve().parents[2] / ".guest"

# A guest that has run its script has this long to power off, seconds.
_FAREWELL = 20.0
# QEMU has this long to open its monitor, seconds.
_START = 60.0
Hook = Callable[[], int]


@dataclass(frozen=True)
class Image:
    """What a guest boots."""

    kernel: Path
    initrd: Path


@dataclass(frozen=True)
class Outcome:
    """How a guest's script ended.

    Attributes:
        status: its exit status; None when the guest did not get that far.
        output: what it printed.
        console: everything else that came out of the guest, for the reader of a failure.
        end: ``script``; where that did not get to its end ``reset``, ``poweroff``, ``timeout`` or ``failed``.
        boots: how often the guest came up.
        events: what QEMU told of the machine.
        seconds: from QEMU's start to its end.
    """

    status: int | None
    output: str
    console: str
    end: str = "script"
    boots: int = 1
    events: tuple[Event, ...] = ()
    seconds: float = 0.0

    def ended(self, end: str) -> Outcome:
        """This, once it is certain that it ended so; a script's end is a good one with status 0 alone."""
        assert self.end == end, str(self)
        assert end != "script" or self.status == 0, str(self)
        return self

    @property
    def sections(self) -> dict[str, str]:
        """The output by the lines ``=== NAME`` in it; of one name all that there was."""
        parts = re.split(r"^=== (.+)\n", self.output + "\n", flags=re.MULTILINE)
        found: dict[str, str] = {}
        for name, text in zip(parts[1::2], parts[2::2], strict=True):
            found[name] = found.get(name, "") + text
        return found

    def __str__(self) -> str:
        return f"{self.console[-3000:]}\n{self.output}\n{self.end}, status {self.status}, {self.events}"


@cache
def image() -> Image:
    """Kernel and initramfs, looked after once; fails, or in a bare run skips, when they cannot be made."""
    peers.require("QEMU")
    ours.compile_all()
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = subprocess.run(
            [HARNESS / "build-guest", CACHE], capture_output=True, text=True, timeout=600, check=False
        )
    if made.returncode:
        peers.lacking(f"no guest could be built:\n{made.stderr}")
    paths = dict(line.split("=", 1) for line in made.stdout.splitlines())
    return Image(Path(paths["kernel"]), Path(paths["initrd"]))


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody has at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Run:
    """One machine from its start to its end; what its hooks may use to see and to change it.

    Attributes:
        reboots: how many resets it may survive.
        end: what made an end of it before its script did.
    """

    def __init__(
        self, command: list[str], folder: Path, hooks: Mapping[str, Hook], descriptors: list[int]
    ) -> None:
        self._command, self._folder, self._descriptors = command, folder, descriptors
        self.console = Console(hooks, self._reply)
        self.events: list[Event] = []
        self.end = ""
        self.reboots = 0
        self.process = self._spawn()
        self.monitor = self._watch()

    def _spawn(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            bufsize=0,
            pass_fds=self._descriptors,
        )

    def _watch(self) -> Monitor | None:
        """Connect to the monitor; None when QEMU did not come that far."""
        until = time.monotonic() + _START
        while self.process.poll() is None and time.monotonic() < until:
            with contextlib.suppress(OSError):
                return Monitor(self._folder / "qmp")
            time.sleep(0.01)  # polls: QEMU makes the socket when it has read its command line
        return None

    def follow(self, seconds: float) -> None:
        """Read what comes out of the machine until it ends, or the time is over."""
        until = time.monotonic() + seconds
        assert self.process.stdout is not None
        out = self.process.stdout.fileno()
        reading: list[int | Monitor] = [out] if self.monitor is None else [out, self.monitor]
        while reading and (left := until - time.monotonic()) > 0:
            for one in select.select(reading, [], [], min(left, 1.0))[0]:
                if not (self._hear(out) if one == out else self._look()):
                    reading.remove(one)
            if self.console.status is not None:
                until = min(until, time.monotonic() + _FAREWELL)
        if reading:
            self.console.others.append(f"[stopped: not done after {seconds:.0f} s]")
            self.end = self.end or "timeout"

    def _hear(self, out: int) -> bool:
        data = os.read(out, 65536)
        self.console.receive(data)
        return bool(data)

    def _look(self) -> bool:
        assert self.monitor is not None
        events = self.monitor.read(self.console.boots)
        for event in events or ():
            self.events.append(event)
            self.console.others.append(f"[{event.name} {event.data}]")
            if event.name == "SHUTDOWN":
                reset = event.data["reason"] in ("guest-reset", "host-qmp-system-reset")
                self.end = self.end or ("reset" if reset else "poweroff")
            elif event.name == "RESET" and event.data.get("guest"):
                self.console.interrupted()
                if self.console.boots > self.reboots:
                    self.end = "reset"
                    self.monitor.execute("quit")
        return events is not None

    def close(self) -> None:
        """Make an end of it, and read what was left."""
        if self.monitor is not None:
            self.monitor.close()
        if self.process.poll() is None:
            self.process.kill()
        rest, _ = self.process.communicate()
        self.console.receive(rest or b"")
        self.console.interrupted()

    def _reply(self, data: bytes) -> None:
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # what was done outside was the machine's end
            self.process.stdin.write(data)
            self.process.stdin.flush()


def run(
    script: str,
    *,
    port: int = 0,
    interface: str = "kcs",
    hooks: Mapping[str, Hook] | None = None,
    line: Path | None = None,
    seconds: float = 240.0,
    reboots: int = 0,
    started: Callable[[Run], None] | None = None,
    hardware: Hardware | None = None,
) -> Outcome:
    """Boot a guest and run a shell script in it.

    Args:
        script: for the guest's busybox shell; ``inroot COMMAND`` runs a program of this machine there.
        port: of the BMC on 127.0.0.1.
        interface: the hardware that leads to it: one of ``hardware.INTERFACES``.
        hooks: what is done here when the script says ``host NAME``; returns the status of that command.
        line: Unix socket that the guest's second serial port, ``/dev/ttyS1``, is connected to.
        seconds: for everything.
        reboots: how many resets are followed by another boot, in which the script runs again, with ``$BOOT``
            one higher; the next reset is the end.
        started: is given the machine once it runs, before anything of the guest is read.
        hardware: says all of the machine, instead of ``port``, ``interface`` and ``line``.
    """
    machine = image()
    made = hardware or Hardware(interface, str(port), line=line)
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        load(folder / "initrd", machine, {**made.files, "script": script.encode()})
        descriptors = []
        if made.interface == "registers":
            registers = stack.enter_context(socket.socket(socket.AF_UNIX))
            registers.connect(made.bmc)
            descriptors = [registers.fileno()]
        words = made.command(
            folder, machine.kernel, reboots=reboots > 0, registers=descriptors[0] if descriptors else -1
        )
        begun = time.monotonic()
        running = Run(words, folder, hooks or {}, descriptors)
        running.reboots = reboots
        stack.close()  # QEMU alone holds the connection: its end is seen at once
        try:
            if started is not None:
                started(running)
            running.follow(seconds)
        finally:
            running.close()
    return _outcome(running, time.monotonic() - begun)


def load(path: Path, machine: Image, files: Mapping[str, bytes]) -> None:
    """Write an initramfs with more files in it."""
    shutil.copyfile(machine.initrd, path)
    with path.open("ab") as initrd:
        initrd.write(archive(files))


def _outcome(running: Run, seconds: float) -> Outcome:
    seen = running.console
    end = "script" if seen.status is not None else running.end or "failed"
    # What comes before the kernel is the firmware's, which moves the cursor about.
    console = re.sub(r"\x1b\[[0-9;=?]*[a-zA-Z]", "", "\n".join(seen.others))
    return Outcome(
        seen.status, "\n".join(seen.output), console, end, seen.boots, tuple(running.events), seconds
    )
