"""What stands behind a management controller: one small protocol per subsystem.

A backend offers some of these ports; a command that needs one the backend lacks is answered
with C1h. Calls return at once: what takes time reports later through the :class:`Board`.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeGuard, runtime_checkable

if TYPE_CHECKING:
    from baseboard.codes import ChassisControl
    from baseboard.links.network import Abilities, Counters, NetworkReport, NetworkSettings, Via
    from baseboard.rmcp.machine import Address


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


@runtime_checkable
class PowerLimits(Protocol):
    """What a :class:`PowerPort` may say of itself: not each machine has an NMI, or a reset line."""

    def lacks(self, action: ChassisControl) -> bool:
        """Whether it can never do that."""
        ...


class SensorPort(Protocol):
    """Where readings come from; sensors are named as in the blueprint."""

    @property
    def changes(self) -> int:
        """Goes on when readings move at a stroke, as with the power; -1 = that is not told.

        As long as it stays, time alone moves them, and none is asked for again at once.
        """
        ...

    def analog(self, name: str, now: float) -> float | None:
        """The value in the sensor's own unit; None = no reading can be had now."""
        ...

    def discrete(self, name: str, now: float) -> int | None:
        """The states that hold now, bit n = offset n; None = no reading can be had now."""
        ...

    def settled(self, now: float) -> bool:
        """Whether readings only jitter now, so that scanning for events may slow down."""
        ...


@runtime_checkable
class Foreseeable(Protocol):
    """What a :class:`SensorPort` or a :class:`PowerMeterPort` may be besides: one that knows what comes.

    Nobody needs to look at thousands of servers to which nothing happens. Asked for a moment since it began
    to know what comes, it tells what it would have told then.
    """

    def swings(self, now: float) -> Mapping[str, tuple[float, float]] | None:
        """Between which values analog readings stay, and states as they are, until something happens.

        Returns: by sensor's name, those that have a reading; None = it cannot be told now.
        """
        ...

    def when_disturbed(self, call: Callable[[], None]) -> None:
        """Have this called once, right before what was told ends to be so."""
        ...


@cache
def _kind_foresees(kind: type) -> bool:
    return issubclass(kind, Foreseeable)


def foresees(port: SensorPort | PowerMeterPort) -> TypeGuard[Foreseeable]:
    """Whether a port is :class:`Foreseeable`, known by its class: to look at each object takes 20 µs."""
    return _kind_foresees(type(port))


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


class NetworkPort(Protocol):
    """The network below a LAN channel (§23)."""

    @property
    def abilities(self) -> Abilities:
        """What it can do; the same for as long as it lives."""
        ...

    def apply(self, settings: NetworkSettings) -> None:
        """Have the parameters count on the wire from now on."""
        ...

    def send(self, data: bytes, address: Address, via: Via | None = None) -> None:
        """Send one UDP datagram from the channel's own address and port.

        What cannot be sent is lost, as UDP may lose it anyway.
        """
        ...

    def report(self) -> NetworkReport:
        """What it found out by itself."""
        ...

    def counters(self) -> Counters | None:
        """What it counted since it began; None = it does not see packets of IP."""
        ...

    def close(self) -> None:
        """Take down what it put up."""
        ...


class LineNotice(enum.Enum):
    """What happens on a serial line besides characters."""

    BREAK = "the host holds its line in break"
    OUTPUTS = "RTS or DTR of the host have changed"
    CARRIER = "somebody came to the far end, or went: see `SerialPort.carrier`"


class Outputs(NamedTuple):
    """The modem lines that the host drives.

    Attributes:
        rts: Request To Send.
        dtr: Data Terminal Ready.
    """

    rts: bool
    dtr: bool


@runtime_checkable
class SerialSignals(Protocol):
    """What a serial port may offer besides characters: speed, modem lines, breaks (§15.6, Table 15-2).

    A :class:`SerialPort` that has all of this is asked for it; one that has not carries characters only.
    What follows from a call comes later, never before it returns.
    """

    def set_rate(self, bits_per_second: int) -> None:
        """Speak at this speed from now on."""
        ...

    def set_lines(self, *, cts: bool, carrier: bool) -> None:
        """Assert or deassert CTS (the host's output flows or is held), and DCD together with DSR."""
        ...

    def ring(self) -> None:
        """Pulse RI, which may wake the host."""
        ...

    def drop_written(self) -> None:
        """Forget the characters that were taken and have not reached the host yet."""
        ...

    def outputs(self) -> Outputs:
        """The lines that the host drives now."""
        ...

    def watch(self, noticed: Callable[[LineNotice], None] | None) -> None:
        """Say who hears what happens on the line; None = nobody."""
        ...

    def power_changed(self, on: bool) -> None:
        """The system's power came or went."""
        ...


class LineFormat(NamedTuple):
    """How characters travel over a connector (Table 25-4, parameters 7 and 19).

    Attributes:
        bits_per_second: the speed.
        flow_control: 0 none, 1 RTS/CTS, 2 XON/XOFF.
        seven_bits: seven data bits, else eight.
        two_stop_bits: two stop bits, else one.
        parity: 0 none, 1 odd, 2 even.
    """

    bits_per_second: int
    flow_control: int = 0
    seven_bits: bool = False
    two_stop_bits: bool = False
    parity: int = 0


class ConnectorNotice(enum.Enum):
    """What happens at the connector of a serial channel besides characters."""

    CARRIER = "DCD came or went: see `Connector.carrier`"
    RING = "RI was pulsed"


class Connector(Protocol):
    """The connector of a serial channel: where a console's cable, or a modem, is plugged in (§14)."""

    @property
    def modem_lines(self) -> bool:
        """Whether DCD and RI are those of a modem; else DCD only tells that somebody is at the far end."""
        ...

    def open(self, receive: Callable[[bytes], None], noticed: Callable[[ConnectorNotice], None]) -> None:
        """Begin, and say who gets what comes."""
        ...

    def write(self, data: bytes) -> None:
        """Send characters."""
        ...

    def carrier(self) -> bool:
        """Whether DCD is asserted."""
        ...

    def set_dtr(self, asserted: bool) -> None:
        """Assert or deassert DTR."""
        ...

    def configure(self, line: LineFormat) -> None:
        """Speak at this speed, and in this format."""
        ...

    def close(self) -> None:
        """Give it back."""
        ...


class IdentifyPort(Protocol):
    """The light that tells a person which chassis it is (§28.5)."""

    def identify(self, lit: bool) -> None:
        """Switch the light."""
        ...


class PowerMeterPort(Protocol):
    """What measures the power of the whole system, and holds it to a limit (DCMI 1.5, 6.6)."""

    def watts(self, now: float) -> float | None:
        """The power drawn; None = nothing is measured now."""
        ...

    def settled(self, now: float) -> bool:
        """Whether the power only jitters now, so that it may be measured less often."""
        ...

    def cap(self, watts: int | None) -> None:
        """Slow the system down until it draws no more than this, as far as that goes; None = let it run."""
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

    def control_failed(self) -> None:
        """The system could not be switched as it was ordered (Table 28-3, power control fault)."""
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

    def message_flags(self) -> int:
        """What waits for the host's software, as Get Message Flags has it (Table 22-5).

        While it is not 0 the interface shows its attention bit, whatever is enabled (§9.7.1).
        """
        ...

    def interrupts_enabled(self) -> bool:
        """Whether the host's software wants interrupts of the interface (§22.1, bits 0 and 1)."""
        ...

    def watch(self, changed: Callable[[], None]) -> None:
        """Say who hears that the message flags, or the interrupts that are wanted, may have changed.

        Called before the answer goes out of the request that changed them.
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
        """The host's serial line; where it has several, the first."""
        ...

    @property
    def serials(self) -> Sequence[SerialPort]:
        """The host's serial lines after the first, COM2 and so on."""
        ...

    @property
    def identify(self) -> IdentifyPort | None:
        """The light."""
        ...

    @property
    def meter(self) -> PowerMeterPort | None:
        """The power meter."""
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
