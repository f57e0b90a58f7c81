"""The facts of a start."""

from __future__ import annotations

import pytest

from baseboard.bmc.backends.memory.boot import Boot, Cause, Source
from baseboard.bmc.blueprint import Blueprint, HostSpec, Identity
from baseboard.bmc.ports import BootChoice
from baseboard.codes import BootDevice


def boot(choice: BootChoice | None = None) -> Boot:
    made = Boot(1, Cause.POWER_UP, 5.0, 1000.0)
    if choice is not None:
        made.choose(choice)
    return made


def blueprint(*, efi: bool) -> Blueprint:
    return Blueprint(Identity("x", bytes(16)), host=HostSpec(efi=efi))


@pytest.mark.parametrize(
    ("device", "source"),
    [
        (BootDevice.NO_OVERRIDE, Source.DISK),
        (BootDevice.PXE, Source.DISK),
        (BootDevice.HARD_DRIVE, Source.DISK),
        (BootDevice.HARD_DRIVE_SAFE_MODE, Source.DISK),
        (BootDevice.DIAGNOSTIC_PARTITION, Source.DIAGNOSTIC),
        (BootDevice.CD_DVD, Source.CD),
        (BootDevice.REMOTE_CD_DVD, Source.CD),
        (BootDevice.FLOPPY, Source.DISK),
        (0xA, Source.DISK),
    ],
)
def test_what_is_booted(device: int, source: Source) -> None:
    assert boot(BootChoice(device=device)).source is source


def test_safe_mode() -> None:
    made = boot(BootChoice(device=BootDevice.HARD_DRIVE_SAFE_MODE))
    assert made.safe
    assert " single " in made.command_line()
    assert not boot().safe


def test_the_kernel_is_told_what_was_asked_for() -> None:
    assert boot().command_line() == "root=/dev/sda2 ro console=tty0 console=ttyS0,115200n8"
    assert "root=/dev/sr0" in boot(BootChoice(device=BootDevice.CD_DVD)).command_line()
    assert boot(BootChoice(verbosity=1)).command_line().endswith(" quiet")
    assert boot(BootChoice(verbosity=2)).command_line().endswith(" debug")


def test_efi_is_the_firmwares_choice_unless_a_device_is_named() -> None:
    assert boot().efi(blueprint(efi=True))
    assert not boot().efi(blueprint(efi=False))
    assert not boot(BootChoice(device=BootDevice.PXE)).efi(blueprint(efi=True))
    assert boot(BootChoice(device=BootDevice.PXE, efi=True)).efi(blueprint(efi=False))


def test_verbosity() -> None:
    assert boot(BootChoice(verbosity=1)).quiet
    assert boot(BootChoice(verbosity=2)).verbose
    assert not boot().quiet
    assert not boot().verbose
