"""A Linux guest under QEMU whose IPMI hardware is wired to a BMC on loopback.

``harness/build-guest`` makes kernel and initramfs of Debian's packages, once, in a folder of this tree that
git does not see. QEMU emulates the processor too, so that it runs anywhere; from its start to a script's
first line it takes about two seconds. The BMC speaks OpenIPMI's VM protocol on a TCP port.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests import peers

HARNESS = Path(__file__).parent / "harness"
CACHE = Path(__file__).resolve().parents[2] / ".guest"

MARK = b"@@guest "
DEVICES = {
    "kcs": ["-device", "isa-ipmi-kcs,bmc=bmc0"],
    "bt": ["-device", "isa-ipmi-bt,bmc=bmc0"],
    "none": [],
}
# A guest that has run its script has this long to power off, seconds.
_FAREWELL = 20.0
_KERNEL = "console=ttyS0,115200 panic=1 mitigations=off nokaslr tsc=reliable random.trust_cpu=on"


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
    """

    status: int | None
    output: str
    console: str


def image() -> Image:
    """Kernel and initramfs; fails, or in a bare run skips, when they cannot be made."""
    peers.require("QEMU")
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


def archive(files: Mapping[str, bytes]) -> bytes:
    """An archive as ``cpio -H newc`` makes it, of executable files; Linux takes several in a row."""
    out = b""
    for number, (name, data) in enumerate([*files.items(), ("TRAILER!!!", b"")], 1):
        path = name.encode() + b"\0"
        fields = (number, 0o100755, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(path), 0)
        out += b"070701" + b"".join(b"%08X" % field for field in fields) + path
        out += bytes(-len(out) % 4) + data + bytes(-len(data) % 4)
    return out


def command(folder: Path, machine: Image, interface: str, port: int, line: Path | None = None) -> list[str]:
    """QEMU's command line; the guest sees this machine's file system, and cannot write to it."""
    words = [peers.require("QEMU"), "-accel", "tcg", "-machine", "pc", "-cpu", "qemu64", "-m", "256"]
    words += ["-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"]
    words += ["-kernel", str(machine.kernel), "-initrd", str(folder / "initrd"), "-append", _KERNEL]
    words += ["-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console"]
    words += ["-virtfs", "local,path=/,mount_tag=root,security_model=none,readonly=on,multidevs=remap"]
    if line is not None:
        words += ["-chardev", f"socket,id=line,path={line}", "-serial", "chardev:line"]
    if DEVICES[interface]:
        # QUIRK QEMU 7.2: crashes at the start unless it may connect again.
        words += ["-chardev", f"socket,id=bmc,host=127.0.0.1,port={port},reconnect=1"]
        words += ["-device", "ipmi-bmc-extern,id=bmc0,chardev=bmc", *DEVICES[interface]]
    return words


class Run:
    """One guest from its boot to its end."""

    def __init__(self, process: subprocess.Popen[bytes], hooks: Mapping[str, Callable[[], int]]) -> None:
        self._process, self._hooks = process, hooks
        self._line = b""
        self._inside = False
        self.status: int | None = None
        self.output: list[str] = []
        self.console: list[str] = []

    def follow(self, seconds: float) -> None:
        """Read what comes out of the guest until it ends, or the time is over."""
        until = time.monotonic() + seconds
        assert self._process.stdout is not None
        out = self._process.stdout.fileno()
        while (left := until - time.monotonic()) > 0:
            if not select.select([out], [], [], min(left, 1.0))[0]:
                continue
            data = os.read(out, 65536)
            if not data:
                return
            *lines, self._line = (self._line + data).split(b"\n")
            for line in lines:
                self._take(line.rstrip(b"\r"))
            if self.status is not None:
                until = min(until, time.monotonic() + _FAREWELL)
        self.console.append(f"[stopped: not done after {seconds:.0f} s]")

    def _take(self, line: bytes) -> None:
        text, mark, rest = line.partition(MARK)
        if text or not mark:
            (self.output if self._inside else self.console).append(text.decode(errors="replace"))
        if mark:
            self._told(rest.decode(errors="replace").split())

    def _told(self, words: list[str]) -> None:
        self.console.append(f"[{' '.join(words)}]")
        match words:
            case ["boot"]:
                self._reply(1)
            case ["begin"]:
                self._inside = True
            case ["end", status]:
                self._inside, self.status = False, int(status)
            case ["host", name]:
                self._reply(self._hooks[name]())
            case _:
                raise AssertionError(words)

    def _reply(self, number: int) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(b"%d\n" % number)
            self._process.stdin.flush()


def run(
    script: str,
    *,
    port: int = 0,
    interface: str = "kcs",
    hooks: Mapping[str, Callable[[], int]] | None = None,
    line: Path | None = None,
    seconds: float = 240.0,
) -> Outcome:
    """Boot a guest and run a shell script in it.

    Args:
        script: for the guest's busybox shell; ``inroot COMMAND`` runs a program of this machine there.
        port: of the BMC on 127.0.0.1.
        interface: the hardware that leads to it: ``kcs``, ``bt`` or ``none``.
        hooks: what is done here when the script says ``host NAME``; returns the status of that command.
        line: Unix socket that the guest's second serial port, ``/dev/ttyS1``, is connected to.
        seconds: for everything.
    """
    machine = image()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copyfile(machine.initrd, folder / "initrd")
        with (folder / "initrd").open("ab") as initrd:
            initrd.write(archive({"script": script.encode()}))
        process = subprocess.Popen(
            command(folder, machine, interface, port, line),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            bufsize=0,
        )
        running = Run(process, hooks or {})
        try:
            running.follow(seconds)
        finally:
            if process.poll() is None:
                process.kill()
            process.communicate()
    # What comes before the kernel is the firmware's, which moves the cursor about.
    console = re.sub(r"\x1b\[[0-9;=?]*[a-zA-Z]", "", "\n".join(running.console))
    return Outcome(running.status, "\n".join(running.output), console)
