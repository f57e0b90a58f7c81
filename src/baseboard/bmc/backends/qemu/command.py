"""QEMU's command line."""

from __future__ import annotations

import functools
import os
import re
import subprocess
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from baseboard.bmc.backends.qemu.boot import BootPlan
from baseboard.bmc.backends.qemu.folder import Folder
from baseboard.bmc.blueprint.qemu import DiskSpec, QemuSpec

KVM: Final = "/dev/kvm"
MENU_WAIT_MS: Final = 60_000
"""How long the firmware waits for a key, where it is told to offer its menu."""

_INTERFACES: Final = {
    "kcs": "isa-ipmi-kcs,id=ipmi0,bmc=bmc0",
    "bt": "isa-ipmi-bt,id=ipmi0,bmc=bmc0",
    "pci-kcs": "pci-ipmi-kcs,id=ipmi0,bmc=bmc0",
    "pci-bt": "pci-ipmi-bt,id=ipmi0,bmc=bmc0",
    "ssif": "smbus-ipmi,id=ipmi0,bmc=bmc0,address=0x10",
}
_DISKS: Final = {
    "virtio": "virtio-blk-pci",
    "ide": "ide-hd",
    "scsi": "scsi-hd",
    "nvme": "nvme",
    "usb": "usb-storage",
}
_CONTROLLERS: Final = {"scsi": "virtio-scsi-pci,id=scsi", "usb": "qemu-xhci,id=usb"}
_MEMORY: Final = "memory-backend="
_VERSION: Final = re.compile(r"version (\d+)\.(\d+)")
_RENAMED: Final = (9, 2)
"""From this version on the option ``reconnect`` is called ``reconnect-ms``."""


@functools.cache
def version(program: str) -> tuple[int, int]:
    """Which QEMU it is; (0, 0) where it does not say so."""
    try:
        said = subprocess.run(  # noqa: S603 - the program that the user named
            [program, "--version"], capture_output=True, text=True, timeout=20, check=False
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return 0, 0
    found = _VERSION.search(said)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def command(
    spec: QemuSpec,
    folder: Folder,
    name: str,
    guid: bytes,
    smbios: Sequence[Path],
    boot: BootPlan,
    registers: int = -1,
) -> list[str]:
    """Make the command line.

    The machine waits, its processors stopped, for QMP's ``cont``.

    Args:
        spec: what the machine is.
        folder: where its sockets are.
        name: of the machine.
        guid: the system's, in RFC 4122 order.
        smbios: files, each with an SMBIOS structure.
        boot: how it boots.
        registers: descriptor of a connection to the BMC's registers, where they are the interface.
    """
    words = [spec.program, "-name", quoted(name), "-uuid", str(uuid.UUID(bytes=guid))]
    words += ["-nodefaults", "-no-user-config", "-S", "-action", "panic=none"]
    words += _hardware(spec)
    words += ["-qmp", f"unix:{quoted(str(folder.qmp))},server=on,wait=off"]
    words += ["-pidfile", str(folder.pid)]
    words += [*_far_end(spec, "sol", str(folder.serial)), "-serial", "chardev:sol"]
    if spec.interface == "registers":
        words += _own_registers(spec, registers)
    elif spec.interface != "none":
        # Without a way to connect again QEMU 7.2 crashes as it starts.
        words += _far_end(spec, "vm", str(folder.vm))
        words += ["-device", "ipmi-bmc-extern,id=bmc0,chardev=vm"]
        words += ["-device", _INTERFACES[spec.interface]]
    for path in smbios:
        words += ["-smbios", f"file={quoted(str(path))}"]
    words += [*_storage(spec, boot), *_networks(spec, boot, guid)]
    if boot.kernel:
        words += ["-kernel", spec.kernel]
        words += ["-initrd", spec.initrd] if spec.initrd else []
        words += ["-append", spec.append] if spec.append else []
    if boot.menu:
        words += ["-boot", f"menu=on,splash-time={MENU_WAIT_MS}"]
    return words + list(spec.arguments)


def quoted(value: str) -> str:
    """A value in one of QEMU's lists of options."""
    return value.replace(",", ",,")


def _hardware(spec: QemuSpec) -> list[str]:
    # Where there is no screen the firmware speaks on the serial port.
    silent = spec.display == "none" and "graphics=" not in spec.machine
    in_file = spec.interface == "registers" and _MEMORY not in spec.machine
    words = ["-machine", spec.machine + ",graphics=off" * silent + f",{_MEMORY}memory" * in_file]
    words += ["-m", str(spec.memory_mib), "-smp", str(spec.cpus), "-display", spec.display]
    words += ["-vga", "none" if spec.display == "none" else "std"]
    may_kvm = spec.accelerator == "auto" and os.access(KVM, os.R_OK | os.W_OK)
    for accelerator in ("kvm", "tcg") if may_kvm else (spec.accelerator.replace("auto", "tcg"),):
        words += ["-accel", accelerator]
    words += ["-cpu", spec.cpu] if spec.cpu else []
    return words + (["-bios", spec.firmware] if spec.firmware else [])


def _own_registers(spec: QemuSpec, registers: int) -> list[str]:
    """A device whose registers are the BMC's: it wants the main memory in a file, though nobody maps it."""
    words = ["-device", f"x-pci-proxy-dev,id=ipmi0,fd={registers}"]
    if _MEMORY in spec.machine:
        return words
    return ["-object", f"memory-backend-memfd,id=memory,size={spec.memory_mib}M", *words]


def _far_end(spec: QemuSpec, name: str, path: str) -> list[str]:
    """A socket of the BMC's that QEMU connects to, again after the BMC was away."""
    again = "reconnect-ms=1000" if version(spec.program) >= _RENAMED else "reconnect=1"
    return ["-chardev", f"socket,id={name},path={quoted(path)},{again}"]


def _storage(spec: QemuSpec, boot: BootPlan) -> list[str]:
    words: list[str] = []
    for bus, controller in _CONTROLLERS.items():
        if any(disk.bus == bus for disk in spec.disks):
            words += ["-device", controller]
    for number, disk in enumerate(spec.disks):
        words += [
            "-drive",
            _drive(number, disk),
            "-device",
            _disk(spec, number) + _index(f"disk{number}", boot),
        ]
    if spec.cdrom:
        words += ["-drive", f"if=none,id=cd,media=cdrom,readonly=on,file={quoted(spec.cdrom)}"]
        words += ["-device", f"ide-cd,id=cd0,drive=cd{_port(spec, len(spec.disks))}" + _index("cd0", boot)]
    return words


def _drive(number: int, disk: DiskSpec) -> str:
    text = f"if=none,id=drive{number},format={quoted(disk.format)},file={quoted(disk.file)}"
    return text + (",snapshot=on" if disk.snapshot else "")


def _disk(spec: QemuSpec, number: int) -> str:
    bus = spec.disks[number].bus
    more = {"nvme": f",serial=drive{number}", "usb": ",removable=on", "ide": _port(spec, number)}
    return f"{_DISKS[bus]},id=disk{number},drive=drive{number}{more.get(bus, '')}"


def _port(spec: QemuSpec, number: int) -> str:
    """Where the disk or CD drive of that number is plugged in: QEMU itself looks no further than one port."""
    if not spec.machine.startswith(("pc", "q35")):
        return ""
    before = sum(disk.bus == "ide" for disk in spec.disks[:number])
    each = 1 if spec.machine.removeprefix("pc-").startswith("q35") else 2
    return f",bus=ide.{before // each}"


def _networks(spec: QemuSpec, boot: BootPlan, guid: bytes) -> list[str]:
    words: list[str] = []
    for number, one in enumerate(spec.networks):
        kind, _, rest = one.backend.partition(",")
        words += ["-netdev", f"{kind},id=link{number}" + (f",{rest}" if rest else "")]
        device = f"{one.model},id=net{number},netdev=link{number},mac={_mac(guid, number)}"
        words += ["-device", device + _index(f"net{number}", boot)]
    return words


def _mac(guid: bytes, number: int) -> str:
    """A hardware address of QEMU's own range, the same for as long as the GUID is."""
    return (b"\x52\x54\x00" + guid[-3:-1] + bytes((guid[-1] + number & 0xFF,))).hex(":")


def _index(name: str, boot: BootPlan) -> str:
    """Its place at boot; a kernel of the command line has place 0."""
    return f",bootindex={boot.order.index(name) + 1}"
