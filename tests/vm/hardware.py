"""The machines that QEMU makes for a guest: which IPMI interface, where its BMC is, what else there is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests import peers

_KERNEL = (
    "console=ttyS0,115200 panic=1 mitigations=off nokaslr tsc=reliable random.trust_cpu=on "
    # What no test looks at, and a fifth of the processor time of each boot: 2.1 s with it, 1.7 s without.
    "cryptomgr.notests=1 rodata=off lsm= audit=0 "
    # Else it panics now and then at the start, on a busy machine that lets its timer wait for some ticks.
    "no_timer_check"
)
# QUIRK Linux 6.1: on a busy machine it measures the emulated TSC wrong, and its time runs some times as fast.
_STEADY = "clocksource=hpet"
_ADDRESS = 0x10
"""Of the BMC at the machine's SMBus, in 7 bits."""


@dataclass(frozen=True)
class Interface:
    """Hardware of an IPMI interface.

    Attributes:
        board: QEMU's kind of machine.
        device: QEMU's device; empty where there is none.
        drivers: what the guest loads to find it.
    """

    board: str
    device: str
    drivers: tuple[str, ...] = ("ipmi_si", "ipmi_devintf")


_SMBUS = f"smbus-ipmi,bmc=bmc0,address={_ADDRESS:#x}"
INTERFACES = {
    "kcs": Interface("pc", "isa-ipmi-kcs,bmc=bmc0"),
    "bt": Interface("pc", "isa-ipmi-bt,bmc=bmc0"),
    "pci-kcs": Interface("pc", "pci-ipmi-kcs,bmc=bmc0"),
    "pci-bt": Interface("pc", "pci-ipmi-bt,bmc=bmc0"),
    # q35 has an ICH9 SMBus, pc a PIIX4.
    # Without interrupts and host notify, so that the ICH9's driver looks after a while whether it is done.
    "ssif": Interface("q35", _SMBUS, ("i2c-i801 disable_features=0x30", "ipmi_ssif", "ipmi_devintf")),
    "ssif-piix4": Interface("pc", _SMBUS, ("i2c-piix4", "ipmi_ssif", "ipmi_devintf")),
    # A PCI device whose registers are served by another process, which also says what it is.
    "registers": Interface("pc,memory-backend=ram", "x-pci-proxy-dev,fd={fd}"),
    "none": Interface("pc", "", ()),
}


@dataclass(frozen=True)
class Hardware:
    """A machine to boot.

    Attributes:
        interface: which of ``INTERFACES``.
        bmc: where the BMC listens: a Unix socket's path, or a TCP port of 127.0.0.1.
        options: more options of the interface's device, such as ``irq=0``.
        append: more words for the kernel.
        line: Unix socket of others that the second serial port is connected to.
        sol: Unix socket at which the second serial port itself listens, instead.
        files: more files for the guest, by their path there.
        steady: whether its time is right at any load, and slower to read.
        root: whether the guest sees this machine's file system.
        memory: MiB.
        extra: more words for QEMU.
    """

    interface: str = "kcs"
    bmc: str = ""
    options: str = ""
    append: str = ""
    line: Path | None = None
    sol: Path | None = None
    files: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    steady: bool = False
    root: bool = True
    memory: int = 256
    extra: Sequence[str] = ()

    def command(self, folder: Path, kernel: Path, *, reboots: bool, registers: int) -> list[str]:
        """QEMU's command line.

        Args:
            folder: holds ``initrd``; QEMU makes its socket ``qmp`` there.
            kernel: what it boots.
            reboots: whether a reset lets the machine start again, instead of being its end.
            registers: the descriptor of a connection to the process that serves them.
        """
        interface = INTERFACES[self.interface]
        words = [peers.require("QEMU"), "-accel", "tcg", "-machine", interface.board, "-cpu", "qemu64"]
        words += ["-m", str(self.memory), "-nodefaults", "-no-user-config", "-display", "none"]
        words += ["-kernel", str(kernel), "-initrd", str(folder / "initrd")]
        words += ["-append", f"{_KERNEL} {_STEADY if self.steady else ''} {self.append}".strip()]
        words += ["-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console"]
        words += ["-qmp", f"unix:{folder / 'qmp'},server=on,wait=off"]
        # It says so when the guest panics, and leaves it to what the guest does then.
        words += ["-device", "pvpanic", "-action", "panic=none"]
        words += [] if reboots else ["-no-reboot"]
        if self.root:
            words += [
                "-virtfs",
                "local,path=/,mount_tag=root,security_model=none,readonly=on,multidevs=remap",
            ]
        words += [*self._second_serial_port(), *self._way_to_the_bmc()]
        if interface.device:
            device = interface.device.format(fd=registers)
            words += ["-device", f"{device},{self.options}" if self.options else device]
        return [*words, *self.extra]

    def _second_serial_port(self) -> list[str]:
        if self.line is not None:
            return ["-chardev", f"socket,id=line,path={self.line}", "-serial", "chardev:line"]
        if self.sol is not None:
            where = f"socket,id=line,path={self.sol},server=on,wait=off"
            return ["-chardev", where, "-serial", "chardev:line"]
        return []

    def _way_to_the_bmc(self) -> list[str]:
        if self.interface == "none":
            return []
        if self.interface == "registers":
            # This device wants the guest's memory in a file that others can map.
            return ["-object", f"memory-backend-memfd,id=ram,size={self.memory}M"]
        port = re.fullmatch(r"\d+", self.bmc)
        place = f"host=127.0.0.1,port={self.bmc}" if port else f"path={self.bmc}"
        # QUIRK QEMU 7.2: crashes at the start unless it may connect again.
        words = ["-chardev", f"socket,id=bmc,{place},reconnect=1"]
        return [*words, "-device", "ipmi-bmc-extern,id=bmc0,chardev=bmc"]


def archive(files: Mapping[str, bytes]) -> bytes:
    """An archive as ``cpio -H newc`` makes it, of executable files; Linux takes several in a row."""
    out = b""
    for number, (name, data) in enumerate([*files.items(), ("TRAILER!!!", b"")], 1):
        path = name.lstrip("/").encode() + b"\0"
        fields = (number, 0o100755, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(path), 0)
        out += b"070701" + b"".join(b"%08X" % field for field in fields) + path
        out += bytes(-len(out) % 4) + data + bytes(-len(data) % 4)
    return out
