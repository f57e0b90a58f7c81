"""One start of the simulated host: why it started, what the boot options asked for, where it boots from."""

from __future__ import annotations

import enum

from baseboard.bmc.blueprint import Blueprint
from baseboard.bmc.ports import BootChoice
from baseboard.codes import BootDevice


class Cause(enum.Enum):
    """Why the host starts; the value is the offset of sensor type 1Dh, System Boot Initiated."""

    POWER_UP = 0
    HARD_RESET = 1
    OPERATING_SYSTEM = 5


class Source(enum.Enum):
    """What is booted; the value is the offset of sensor type 1Fh, Base OS Boot Status."""

    FLOPPY = 0
    DISK = 1
    DIAGNOSTIC = 3
    CD = 4


NO_MEDIUM = frozenset({BootDevice.REMOTE_FLOPPY, BootDevice.PRIMARY_REMOTE_MEDIA, BootDevice.FLOPPY})
NO_CHOICE = BootChoice()


class Boot:
    """The facts of one start.

    Args:
        number: counts starts since the simulation began, from 1.
        cause: why.
        started: seconds, when power or reset came.
        wall: seconds since 1970, the same moment.
    """

    __slots__ = ("cause", "choice", "number", "safe", "source", "started", "system_started", "wall")

    def __init__(self, number: int, cause: Cause, started: float, wall: float) -> None:
        self.number = number
        self.cause = cause
        self.started = started
        self.wall = wall
        self.choice = NO_CHOICE
        self.source = Source.DISK
        self.safe = False
        self.system_started = started

    def choose(self, choice: BootChoice) -> None:
        """Obey the boot options, as far as the firmware decides by itself."""
        self.choice = choice
        self.safe = choice.device == BootDevice.HARD_DRIVE_SAFE_MODE
        if choice.device in (BootDevice.CD_DVD, BootDevice.REMOTE_CD_DVD):
            self.source = Source.CD
        elif choice.device == BootDevice.DIAGNOSTIC_PARTITION:
            self.source = Source.DIAGNOSTIC

    def efi(self, blueprint: Blueprint) -> bool:
        """Whether it boots the EFI way: the boot options say so if they name a device, else the firmware."""
        return self.choice.efi or (blueprint.host.efi and not self.choice.device)

    @property
    def quiet(self) -> bool:
        """Firmware verbosity 1: hardly anything is shown."""
        return self.choice.verbosity == 1

    @property
    def verbose(self) -> bool:
        """Firmware verbosity 2: more is shown."""
        return self.choice.verbosity == 2

    def command_line(self) -> str:
        """What the boot loader hands to the kernel."""
        root = "/dev/sr0 ro live" if self.source is Source.CD else "/dev/sda2 ro"
        words = f"root={root} console=tty0 console=ttyS0,115200n8"
        if self.safe:
            words += " single nomodeset"
        if self.quiet:
            words += " quiet"
        return words + (" debug" if self.verbose else "")
