"""Boot flags in terms of QEMU's devices (Table 28-14)."""

from __future__ import annotations

import pytest

from baseboard.bmc.backends.qemu.boot import BootPlan, devices, plan, usual
from baseboard.bmc.blueprint.qemu import DiskSpec, NetworkSpec, QemuSpec
from baseboard.bmc.ports import BootChoice
from baseboard.codes import BootDevice

NETWORK = NetworkSpec("user", "e1000")
FULL = QemuSpec(
    folder="",
    kernel="vmlinuz",
    disks=(DiskSpec("a"), DiskSpec("stick", bus="usb"), DiskSpec("b", bus="ide")),
    cdrom="cd.iso",
    networks=(NETWORK, NETWORK),
)
ORDER = ("disk0", "disk1", "disk2", "cd0", "net0", "net1")


def test_without_flags_a_kernel_comes_first_then_disks_cd_and_network() -> None:
    assert tuple(devices(FULL)) == ORDER
    assert usual(FULL) == plan(FULL, BootChoice()) == BootPlan(ORDER, kernel=True)
    assert not usual(QemuSpec(folder="")).kernel


@pytest.mark.parametrize(
    ("device", "first"),
    [
        (BootDevice.PXE, ("net0", "net1")),
        (BootDevice.HARD_DRIVE, ("disk0", "disk2")),
        (BootDevice.HARD_DRIVE_SAFE_MODE, ("disk0", "disk2")),
        (BootDevice.DIAGNOSTIC_PARTITION, ("disk0", "disk2")),
        (BootDevice.CD_DVD, ("cd0",)),
        (BootDevice.REMOTE_CD_DVD, ("cd0",)),
        (BootDevice.FLOPPY, ("disk1",)),
        (BootDevice.REMOTE_FLOPPY, ("disk1",)),
        (BootDevice.PRIMARY_REMOTE_MEDIA, ("cd0", "disk1")),
        (BootDevice.REMOTE_HARD_DRIVE, ("disk1", "disk0", "disk2")),
    ],
)
def test_a_device_that_is_asked_for_comes_first_and_the_others_stay_behind_it(
    device: BootDevice, first: tuple[str, ...]
) -> None:
    made = plan(FULL, BootChoice(device=device))
    assert made is not None
    assert made.order == (*first, *(name for name in ORDER if name not in first))
    assert not made.kernel
    assert not made.menu


def test_the_setup_is_the_firmwares_menu() -> None:
    made = plan(FULL, BootChoice(device=BootDevice.BIOS_SETUP))
    assert made == BootPlan(ORDER, kernel=False, menu=True)


@pytest.mark.parametrize("device", [BootDevice.PXE, BootDevice.CD_DVD, BootDevice.FLOPPY, 0x0D])
def test_a_device_that_is_not_there(device: int) -> None:
    assert plan(QemuSpec(folder="", disks=(DiskSpec("a"),)), BootChoice(device=device)) is None


def test_only_the_order_changes_without_another_qemu() -> None:
    one = BootPlan(("a",), kernel=False)
    assert one.fits(BootPlan(("b",), kernel=False))
    assert not one.fits(BootPlan(("a",), kernel=True))
    assert not one.fits(BootPlan(("a",), kernel=False, menu=True))
