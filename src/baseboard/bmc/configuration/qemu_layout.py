"""What a file may say about a virtual machine that its BMC runs by QEMU.

This module needs msgspec and is imported when a file is read, not before.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta

from baseboard.bmc.configuration.layout_types import Table

Text: TypeAlias = Annotated[str, Meta(min_length=1, max_length=4096, pattern=r"^[^\x00]*$")]
Word: TypeAlias = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._+-]+$")]


class QemuDisk(Table):
    """``[[bmc.host.qemu.disk]]``: a disk of the machine."""

    file: Text
    format: Word = "raw"
    bus: Literal["virtio", "ide", "scsi", "nvme", "usb"] = "virtio"
    snapshot: bool = False


class Qemu(Table):
    """``[bmc.host.qemu]``: what QEMU is started with."""

    program: Text = "qemu-system-x86_64"
    machine: Text = "pc"
    memory_mib: Annotated[int, Meta(ge=16, le=0x7FFF_FFFF)] = 1024
    cpus: Annotated[int, Meta(ge=1, le=1024)] = 1
    cpu: Text | None = None
    accelerator: Literal["auto", "kvm", "tcg"] = "auto"
    interface: Literal["kcs", "bt", "pci-kcs", "pci-bt", "ssif", "registers", "none"] = "kcs"
    kernel: Text | None = None
    initrd: Text | None = None
    append: Text | None = None
    firmware: Text | None = None
    disk: Annotated[list[QemuDisk], Meta(max_length=16)] = []
    cdrom: Text | None = None
    network: Annotated[list[Text], Meta(max_length=8)] | Text = "user"
    nic: Word = "virtio-net-pci"
    display: Text = "none"
    arguments: Annotated[list[Text], Meta(max_length=256)] = []
    folder: Annotated[str, Meta(min_length=1, max_length=95, pattern=r"^[^\x00]*$")] | None = None
    keep_running: bool = False
