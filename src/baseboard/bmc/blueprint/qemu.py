"""A virtual machine that the BMC itself runs, by QEMU."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

QemuInterface = Literal["kcs", "bt", "pci-kcs", "pci-bt", "ssif", "registers", "none"]
DiskBus = Literal["virtio", "ide", "scsi", "nvme", "usb"]
Accelerator = Literal["auto", "kvm", "tcg"]


@dataclass(frozen=True, slots=True)
class DiskSpec:
    """One disk of the machine.

    Attributes:
        file: its image.
        format: of the image, by QEMU's name.
        bus: where it is plugged in; one on ``usb`` counts as removable.
        snapshot: what the guest writes is forgotten when the machine goes off.
    """

    file: str
    format: str = "raw"
    bus: DiskBus = "virtio"
    snapshot: bool = False


@dataclass(frozen=True, slots=True)
class NetworkSpec:
    """One network controller of the machine.

    Attributes:
        backend: what it is joined to: ``user``, or anything that QEMU's ``-netdev`` takes, without an ID.
        model: the controller, by the name of QEMU's device; its address is made of the system's GUID.
    """

    backend: str
    model: str


@dataclass(frozen=True, slots=True)
class QemuSpec:
    """What QEMU is started with.

    Attributes:
        folder: where the sockets between the BMC and QEMU are; its owner's alone, one for each machine.
        program: QEMU itself.
        machine: the machine's type, with its options.
        memory_mib: main memory.
        cpus: how many processors.
        cpu: their model; empty = QEMU's choice.
        accelerator: ``auto`` = KVM where it may be used.
        interface: the hardware of the system interface: QEMU's, or ``registers`` = the BMC's own.
        kernel: is booted in place of a disk, unless the boot flags say otherwise; empty = none.
        initrd: goes with it.
        append: the kernel's command line.
        firmware: image in place of QEMU's own firmware; empty = that one.
        disks: in the order in which they are tried at boot.
        cdrom: image in the CD drive; empty = there is no such drive.
        networks: network controllers.
        display: what QEMU shows; ``none`` = nothing, and the firmware speaks on the serial port.
        arguments: more for QEMU's command line.
        keep_running: the machine stays on when the BMC's process ends in good order.
    """

    folder: str
    program: str = "qemu-system-x86_64"
    machine: str = "pc"
    memory_mib: int = 1024
    cpus: int = 1
    cpu: str = ""
    accelerator: Accelerator = "auto"
    interface: QemuInterface = "kcs"
    kernel: str = ""
    initrd: str = ""
    append: str = ""
    firmware: str = ""
    disks: tuple[DiskSpec, ...] = ()
    cdrom: str = ""
    networks: tuple[NetworkSpec, ...] = ()
    display: str = "none"
    arguments: tuple[str, ...] = ()
    keep_running: bool = False
