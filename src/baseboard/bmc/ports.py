"""What stands behind a management controller: one small protocol per subsystem.

A backend offers some of these ports; a command that needs one the backend lacks is answered
with C1h. Calls return at once: what takes time reports later through the :class:`Board`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


class PowerPort(Protocol):
    """The power and reset lines of the managed system (§28)."""

    def is_on(self) -> bool:
        """Whether the system is powered now."""
        ...

    def turn_on(self) -> None:
        """Press the power line; the system starts to boot."""
        ...

    def turn_off(self) -> None:
        """Cut the power at once."""
        ...

    def reset(self) -> None:
        """Pulse the reset line; nothing happens while the system is off."""
        ...

    def diagnostic_interrupt(self) -> None:
        """Pulse NMI."""
        ...

    def soft_shutdown(self) -> None:
        """Ask the operating system to shut down, as an over-temperature would (§28.3, control 5)."""
        ...


class SensorPort(Protocol):
    """Where readings come from; sensors are named as in the blueprint."""

    def analog(self, name: str, now: float) -> float | None:
        """The value in the sensor's own unit; None = no reading can be had now."""
        ...

    def discrete(self, name: str, now: float) -> int | None:
        """The states that hold now, bit n = offset n; None = no reading can be had now."""
        ...

    def settled(self, now: float) -> bool:
        """Whether readings only jitter now, so that scanning for events may slow down."""
        ...


class SerialPort(Protocol):
    """The host's serial line that SOL is connected to (§15)."""

    def attach(self, receive: Callable[[bytes], None] | None) -> None:
        """Say who gets what the host prints; None = nobody listens."""
        ...

    def write(self, data: bytes) -> int:
        """Give typed characters to the host.

        Returns: how many were taken; the host may be off or its buffer full.
        """
        ...

    def send_break(self) -> None:
        """Hold the line in break for a moment."""
        ...

    def carrier(self) -> bool:
        """Whether somebody is at the line's other end (DSR/DCD)."""
        ...


class IdentifyPort(Protocol):
    """The light that tells a person which chassis it is (§28.5)."""

    def identify(self, lit: bool) -> None:
        """Switch the light."""
        ...


@dataclass(frozen=True, slots=True)
class BootChoice:
    """What the host's firmware reads from the BMC as it starts (§28.12, parameter 5).

    Attributes:
        device: boot device selector, 0 = no override.
        clear_cmos: firmware shall clear its settings.
        persistent: the choice holds for later boots too.
        efi: boot by EFI instead of the legacy way.
        lock_keyboard: keyboard locked out.
        verbosity: firmware verbosity, 0 default, 1 quiet, 2 verbose.
        console_redirection: 0 per settings, 1 suppressed, 2 enabled.
        bypass_password: user password bypassed.
        initiator: boot initiator info, parameter 6, as stored.
    """

    device: int = 0
    clear_cmos: bool = False
    persistent: bool = False
    efi: bool = False
    lock_keyboard: bool = False
    verbosity: int = 0
    console_redirection: int = 0
    bypass_password: bool = False
    initiator: bytes = b""


class Board(Protocol):
    """What a BMC offers to the host behind it: the other side of the ports."""

    def power_changed(self, on: bool) -> None:
        """The system's power came or went, for whatever reason."""
        ...

    def host_reset(self) -> None:
        """The system was reset, or reset itself."""
        ...

    def button(self, name: str) -> None:
        """Somebody pressed a button of the front panel.

        Args:
            name: ``"power"``, ``"reset"``, ``"nmi"``, ``"identify"`` or ``"sleep"``.
        """
        ...

    def read_boot_choice(self) -> BootChoice:
        """The firmware reads its boot options, by which a one-time choice is used up."""
        ...

    def request(self, netfn: int, lun: int, cmd: int, data: bytes, reply: Callable[[bytes], None]) -> None:
        """The host's software sends a command through the system interface.

        Args:
            netfn: even network function, 6 bits.
            lun: responder's LUN.
            cmd: command number.
            data: request data, without checksums.
            reply: gets completion code and response data, at once or when a change is on the disk.
        """
        ...


class Backend(Protocol):
    """What is behind one BMC; a port that it lacks is None."""

    @property
    def power(self) -> PowerPort | None:
        """Power and reset lines."""
        ...

    @property
    def sensors(self) -> SensorPort | None:
        """Where readings come from."""
        ...

    @property
    def serial(self) -> SerialPort | None:
        """The host's serial line."""
        ...

    @property
    def identify(self) -> IdentifyPort | None:
        """The light."""
        ...

    def connect(self, board: Board) -> None:
        """Learn whom to report to; called once, before anything else."""
        ...

    def start(self) -> None:
        """Begin; the power restore policy has been decided by then."""
        ...

    def stop(self) -> None:
        """End every timer; nothing is reported any more."""
        ...
