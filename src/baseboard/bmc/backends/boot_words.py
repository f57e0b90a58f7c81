"""Boot devices by the words that consoles have for them, for programs that know no codes (Table 28-14)."""

from __future__ import annotations

from typing import Final

from baseboard.codes import BootDevice

WORDS: Final = {
    BootDevice.NO_OVERRIDE: "none",
    BootDevice.PXE: "pxe",
    BootDevice.HARD_DRIVE: "disk",
    BootDevice.HARD_DRIVE_SAFE_MODE: "safe",
    BootDevice.DIAGNOSTIC_PARTITION: "diag",
    BootDevice.CD_DVD: "cdrom",
    BootDevice.BIOS_SETUP: "bios",
    BootDevice.REMOTE_FLOPPY: "remote-floppy",
    BootDevice.REMOTE_CD_DVD: "remote-cdrom",
    BootDevice.PRIMARY_REMOTE_MEDIA: "remote-media",
    BootDevice.REMOTE_HARD_DRIVE: "remote-disk",
    BootDevice.FLOPPY: "floppy",
}
"""Each device's word; ipmitool's where it has one."""


def word(device: int) -> str:
    """The word for a boot device; a code that nobody knows is ``none``."""
    return WORDS.get(BootDevice(device), "none")
