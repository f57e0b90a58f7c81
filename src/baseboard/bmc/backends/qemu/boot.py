"""What a boot of the machine tries first: boot flags, in terms of QEMU's devices (§28.13, Table 28-14)."""

from __future__ import annotations

from typing import Final, NamedTuple

from baseboard.bmc.blueprint.qemu import QemuSpec
from baseboard.bmc.ports import BootChoice
from baseboard.codes import BootDevice

_DISK, _REMOVABLE, _CD, _NETWORK = "disk", "removable", "cd", "net"

_WANTED: Final[dict[int, tuple[str, ...]]] = {
    BootDevice.PXE: (_NETWORK,),
    BootDevice.HARD_DRIVE: (_DISK,),
    BootDevice.HARD_DRIVE_SAFE_MODE: (_DISK,),
    BootDevice.DIAGNOSTIC_PARTITION: (_DISK,),
    BootDevice.CD_DVD: (_CD,),
    BootDevice.REMOTE_FLOPPY: (_REMOVABLE,),
    BootDevice.REMOTE_CD_DVD: (_CD,),
    BootDevice.PRIMARY_REMOTE_MEDIA: (_CD, _REMOVABLE),
    BootDevice.REMOTE_HARD_DRIVE: (_REMOVABLE, _DISK),
    BootDevice.FLOPPY: (_REMOVABLE,),
}
"""Kinds of devices that a selector of the boot flags means, the better ones first.

What is redirected from a remote console on other servers is a CD drive, or a disk on USB, here."""


class BootPlan(NamedTuple):
    """How a machine boots.

    Attributes:
        order: IDs of QEMU's devices, the first to be tried first.
        kernel: the kernel of the command line is booted, whatever the order.
        menu: the firmware offers its menu, and waits.
    """

    order: tuple[str, ...]
    kernel: bool
    menu: bool = False

    def fits(self, other: BootPlan) -> bool:
        """Whether one QEMU can do both, so that only the order is to be changed."""
        return (self.kernel, self.menu) == (other.kernel, other.menu)


def devices(spec: QemuSpec) -> dict[str, str]:
    """The machine's devices that can be booted from, by ID, with their kinds, in the ordinary order."""
    found = {f"disk{n}": _REMOVABLE if disk.bus == "usb" else _DISK for n, disk in enumerate(spec.disks)}
    if spec.cdrom:
        found["cd0"] = _CD
    return found | {f"net{n}": _NETWORK for n in range(len(spec.networks))}


def usual(spec: QemuSpec) -> BootPlan:
    """How the machine boots when no flag says otherwise: a kernel if there is one, disks, CD, network."""
    return BootPlan(tuple(devices(spec)), kernel=bool(spec.kernel))


def plan(spec: QemuSpec, choice: BootChoice) -> BootPlan | None:
    """How the machine shall boot.

    Returns: None, if the flags ask for a device that it has not.
    """
    ordinary = usual(spec)
    if choice.device == BootDevice.NO_OVERRIDE:
        return ordinary
    if choice.device == BootDevice.BIOS_SETUP:
        return ordinary._replace(kernel=False, menu=True)
    kinds = _WANTED.get(choice.device, ())
    there = devices(spec)
    first = [name for kind in kinds for name, its in there.items() if its == kind]
    if not first:
        return None
    return BootPlan((*first, *(name for name in there if name not in first)), kernel=False)
