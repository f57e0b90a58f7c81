"""A virtual machine whose power is a QEMU process."""

from __future__ import annotations

import enum
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

from baseboard.bmc.backends.qemu.boot import BootPlan, plan, usual
from baseboard.bmc.backends.qemu.command import command
from baseboard.bmc.backends.qemu.folder import Folder
from baseboard.bmc.backends.qemu.inventory import described, report_stop, structures
from baseboard.bmc.backends.qemu.plug import place, plugged
from baseboard.bmc.backends.qemu.process import Process
from baseboard.bmc.backends.qemu.qmp import Monitor
from baseboard.bmc.backends.qemu.resets import Resets
from baseboard.bmc.backends.vm_link import VmLink
from baseboard.bmc.backends.wired_port import WiredPort
from baseboard.codes import SensorType
from baseboard.links.vm import Code

if TYPE_CHECKING:
    from baseboard.bmc.blueprint import Blueprint
    from baseboard.bmc.blueprint.qemu import QemuSpec
    from baseboard.bmc.clock import Clock, Timer
    from baseboard.bmc.ports import Board, SerialPort
    from baseboard.transports.wire import Listener, Wire

log = logging.getLogger(__name__)

LOOK_S: Final = 0.02
"""Between two looks at whether QEMU has connected its serial port and its system interface ..."""

WIRED_S: Final = 3.0
"""... for which a machine that was started waits so long before its processors run."""

ORDINARY_S: Final = 4.0
"""So long after a boot by boot flags the order is put back, for the boot after it."""


class Phase(enum.Enum):
    """Where the machine is."""

    OFF = "there is no QEMU"
    STARTING = "QEMU was started, and has not answered yet"
    ON = "QEMU answers"
    RENEWING = "it is on, and its QEMU has to end for another boot"
    RETURNING = "it is on, and its next QEMU has not answered yet"
    ENDING = "QEMU is told to end"
    GIVING_UP = "QEMU is told to end, and the machine has not been on"
    AGAIN = "the same, and it shall start after that"


class Event(enum.Enum):
    """What happens to it."""

    TURN_ON = "power is switched on"
    TURN_OFF = "power is switched off"
    RESET = "the reset line is pulsed"
    WAS_RESET = "the machine has reset itself"
    RENEW = "the next boot takes another QEMU"
    ANSWERED = "QEMU answers"
    ENDED = "QEMU has ended"


class Step(NamedTuple):
    """What follows: what is done, and where the machine is then."""

    action: Callable[[QemuMachine], None]
    phase: Phase


class QemuMachine:
    """The machine: a :class:`~baseboard.bmc.ports.Backend`, and its :class:`~baseboard.bmc.ports.PowerPort`.

    A QEMU that a BMC left on which ended without notice is taken over.

    Args:
        spec: what QEMU is started with.
        blueprint: whose machine it is.
        clock: time.

    Attributes:
        name: of the machine.
        folder: where its sockets are.
        serial: its first serial port.
    """

    __slots__ = (
        "_afterwards", "_blueprint", "_board", "_clock", "_frus", "_go_timer", "_go_until", "_launched",
        "_link", "_monitor", "_order", "_persistent", "_process", "_registers", "_resets", "_spec",
        "_stopped", "_wanted", "folder", "name", "phase", "serial",
    )  # fmt: skip

    _board: Board
    sensors = identify = meter = None
    serials: tuple[SerialPort, ...] = ()

    def __init__(self, spec: QemuSpec, blueprint: Blueprint, clock: Clock) -> None:
        """Find out whether it is on.

        Raises:
            TransportError: its folder cannot be had, or there are no registers that it could have.
        """
        self._spec, self._clock = spec, clock
        self._blueprint, self.name = blueprint, blueprint.identity.name
        self._registers = place(blueprint) if spec.interface == "registers" else ""
        self._frus = [fru.device_id for fru in blueprint.frus if fru.logical]
        self.folder = Folder(spec.folder)
        self.serial = WiredPort(clock, self._open_serial, self.turn_on)
        own = spec.interface in ("registers", "none")
        self._link = None if own else VmLink(f"unix:{self.folder.vm}", clock, _Unheard())
        self._monitor = Monitor(self.folder.qmp, self)
        self._resets = Resets()
        self._launched = self._wanted = usual(spec)
        self._order: tuple[str, ...] = ()
        self._persistent = self._stopped = False
        self._go_timer: Timer | None = None
        self._go_until = 0.0
        self._afterwards: Timer | None = None
        self._process = self._found()
        self.phase = Phase.OFF if self._process is None else Phase.ON

    # ---- the backend

    @property
    def power(self) -> QemuMachine:
        """Its lines are its own."""
        return self

    def connect(self, board: Board) -> None:
        """Learn whom to report to, and open the places to which QEMU connects.

        Raises:
            TransportError: they cannot be had.
        """
        self._board = board
        self.serial.start()
        if self._link is not None:
            self._link.connect(board)
            self._link.start()
        if self._process is not None:
            self._monitor.open()

    def start(self) -> None:
        """See `Backend`: whether it is to be on has been ordered by then."""

    def stop(self) -> None:
        """Let go of the machine: it goes off, unless it is told to stay on."""
        self._end_timers()
        self._monitor.close()
        if self._process is not None:
            if self._spec.keep_running:
                self._process.leave()
            else:
                self._process.end_now()
                self.folder.forget()
            self._process = None
        self.serial.stop()
        if self._link is not None:
            self._link.stop()
        self.folder.close()

    # ---- the power port

    def is_on(self) -> bool:
        """Whether the machine is powered now."""
        return self.phase in (Phase.ON, Phase.RENEWING, Phase.RETURNING, Phase.ENDING)

    def turn_on(self) -> None:
        """Start QEMU."""
        self.happen(Event.TURN_ON)

    def turn_off(self) -> None:
        """End QEMU; the guest is not asked."""
        self.happen(Event.TURN_OFF)

    def reset(self) -> None:
        """Reset the machine; nothing happens while it is off."""
        self.happen(Event.RESET)

    def diagnostic_interrupt(self) -> None:
        """Interrupt its processors, all of them."""
        if not self._monitor.order("inject-nmi") and self._link is not None:
            self._link.order(Code.NMI)

    def soft_shutdown(self) -> None:
        """Press its ACPI power button."""
        if not self._monitor.order("system_powerdown") and self._link is not None:
            self._link.order(Code.SHUT_DOWN)

    # ---- what QEMU says

    def monitored(self, state: str) -> None:
        """See `qmp.Listener`."""
        self._stopped = state not in ("running", "prelaunch")
        if self.phase is Phase.ON and state == "prelaunch":
            self._go()  # the BMC before this one ended in the middle of a start
        self.happen(Event.ANSWERED)

    def happened(self, event: str, data: Mapping[str, object], when: float) -> None:
        """See `qmp.Listener`."""
        match event:
            case "RESET":
                if self._resets.counts(data, when):
                    self.happen(Event.WAS_RESET)
            case "SHUTDOWN":
                log.info("%s: QEMU ends: %s", self.name, data.get("reason", "no reason given"))
            case "STOP" | "RESUME":
                self._stopped = event == "STOP"
            case "GUEST_PANICKED":
                log.warning("%s: the guest has panicked", self.name)
                report_stop(self._board, self._blueprint.sensor_number(SensorType.OS_STOP))
            case "BLOCK_IO_ERROR":
                log.warning("%s: a disk fails: %s", self.name, data.get("reason", "no reason given"))
            case _:
                log.debug("%s: QEMU reports %s", self.name, event)

    def refused(self, command: str, reason: str) -> None:
        """See `qmp.Listener`."""
        log.warning("%s: QEMU refuses %s: %s", self.name, command, reason)

    # ---- the machine of phases

    def happen(self, event: Event) -> None:
        """Something happens; the only place where the phase changes. What has no row changes nothing."""
        step = self.TABLE.get((self.phase, event))
        if step is not None:
            self.phase = step.phase
            step.action(self)

    def _launch(self) -> None:
        """Start QEMU, as the next boot wants it."""
        self.folder.forget()
        self._resets.forget()
        self._launched, self._order = self._wanted, self._wanted.order
        try:
            self._process = self._started()
        except OSError as error:
            log.error("%s: QEMU cannot be started: %s", self.name, error)  # noqa: TRY400 - the user's affair
            self.happen(Event.ENDED)
            return
        self._monitor.open()

    def _started(self) -> Process:
        """Start QEMU; where the registers are the BMC's own it gets a connection to them.

        Raises:
            OSError: it cannot be started.
        """
        if not self._registers:
            return Process.start(self._command(-1), self.folder.log, self._ended, self._clock)
        with plugged(self._registers) as plug:
            given = plug.fileno()
            command = self._command(given)
            return Process.start(command, self.folder.log, self._ended, self._clock, (given,))

    def _command(self, registers: int) -> list[str]:
        inventories = described(self._board, self._frus)
        files = self.folder.keep(structures(self._blueprint, inventories))
        guid = self._blueprint.identity.guid
        return command(self._spec, self.folder, self.name, guid, files, self._wanted, registers)

    def _ended(self, status: int | None) -> None:
        """The process is gone."""
        self._end_timers()
        self._process = None
        self._monitor.close()
        self.folder.forget()
        if self.phase in (Phase.STARTING, Phase.RETURNING) or (self.phase is Phase.ON and status):
            log.error("%s: QEMU ended (status %s): %s", self.name, status, self.folder.last_words())
        self.happen(Event.ENDED)

    def _failed(self) -> None:
        """QEMU did not come up."""
        self._board.control_failed()

    def _came_up(self) -> None:
        """The power is there: what shall be booted?"""
        self._board.power_changed(True)
        if self.phase is Phase.ON:
            self._boot(self._choice())

    def _boot(self, wanted: BootPlan) -> None:
        """Let the processors run, after a start."""
        self._wanted = wanted
        if not self._launched.fits(wanted):
            self.happen(Event.RENEW)
        else:
            if self._arrange(wanted.order):
                self._reset_now()  # the firmware is told of the order at a reset
            self._go()

    def _reset(self) -> None:
        """The reset line."""
        self._board.host_reset()
        if self.phase is not Phase.ON:
            return
        self._wanted = self._choice()
        if not self._launched.fits(self._wanted):
            self.happen(Event.RENEW)
            return
        self._arrange(self._wanted.order)
        self._reset_now()

    def _was_reset(self) -> None:
        """The machine has begun to boot, and cannot have known of boot flags."""
        self._board.host_reset()
        if self.phase is not Phase.ON:
            return
        self._wanted = self._choice()
        if not self._launched.fits(self._wanted):
            self.happen(Event.RENEW)
        elif self._arrange(self._wanted.order):
            self._reset_now()

    def _told_of_reset(self) -> None:
        """It boots anew anyway."""
        self._board.host_reset()

    def _end(self) -> None:
        """Have QEMU end."""
        self._end_timers()
        if self._process is not None:
            self._process.end()

    def _went_off(self) -> None:
        self._wanted = usual(self._spec)
        self._board.power_changed(False)

    def _gave_up(self) -> None:
        self._wanted = usual(self._spec)

    def _nothing(self) -> None:
        """Only the phase changes."""

    # ---- inside

    def _choice(self) -> BootPlan:
        """What the boot flags ask for."""
        choice = self._board.read_boot_choice()
        wanted = plan(self._spec, choice)
        self._persistent = choice.persistent
        if wanted is None:
            log.warning("%s: boot flags name a device that it has not; it boots as usual", self.name)
        return wanted or usual(self._spec)

    def _arrange(self, order: tuple[str, ...]) -> bool:
        """Have the firmware try devices in that order, from the next reset on.

        Returns: whether that is new.
        """
        if self._afterwards is not None:
            self._afterwards.cancel()
            self._afterwards = None
        ordinary = usual(self._spec).order
        if order != ordinary and not self._persistent:
            self._afterwards = self._clock.call_at(self._clock.now() + ORDINARY_S, self._put_back)
        if order == self._order:
            return False
        self._order = order
        for index in (0, 1):  # no two devices may have one place, not even for a moment
            for turn, name in enumerate(order, 1):
                path = f"/machine/peripheral/{name}"
                self._monitor.order("qom-set", path=path, property="bootindex", value=turn if index else -1)
        return True

    def _put_back(self) -> None:
        """The boot flags were for one boot, which is under way."""
        self._afterwards = None
        self._arrange(usual(self._spec).order)

    def _reset_now(self) -> None:
        if self._monitor.order("system_reset"):
            self._resets.order()
            if self._stopped:
                self._monitor.order("cont")
        elif self._link is None or not self._link.order(Code.RESET):
            log.warning("%s: QEMU does not answer; it is not reset", self.name)

    def _go(self) -> None:
        """Let the processors run, as soon as the wires are there that could lose something."""
        self._go_until = self._clock.now() + WIRED_S
        self._look()

    def _look(self) -> None:
        self._go_timer = None
        wired = self.serial.carrier() and (self._link is None or self._link.here)
        if wired or self._clock.now() >= self._go_until:
            self._monitor.order("cont")
        else:
            self._go_timer = self._clock.call_at(self._clock.now() + LOOK_S, self._look)

    def _end_timers(self) -> None:
        for timer in (self._go_timer, self._afterwards):
            if timer is not None:
                timer.cancel()
        self._go_timer = self._afterwards = None

    def _open_serial(self, bits_per_second: int, listener: Listener) -> Wire:
        """Wait for QEMU at the serial port's place; it has no speed."""
        from baseboard.transports.socket_wire import ListeningWire

        return ListeningWire(str(self.folder.serial), listener)

    def _found(self) -> Process | None:
        """A QEMU that runs already."""
        pid = self.folder.running()
        if pid is None:
            return None
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            process = Process(pid, self._ended, self._clock)
        except OSError:
            return None
        log.info("%s: QEMU runs already, as process %d; it is taken over", self.name, pid)
        if self._registers:
            log.warning(
                "%s: QEMU cannot connect to the registers again, so that the guest has no system interface"
                " until the next power cycle", self.name
            )  # fmt: skip
        kernel = bool(self._spec.kernel) and b"-kernel" in words
        menu = any(word.startswith(b"menu=on,splash-time=") for word in words)
        self._launched = BootPlan((), kernel, menu)
        return process

    TABLE: ClassVar[dict[tuple[Phase, Event], Step]] = {
        (Phase.OFF, Event.TURN_ON): Step(_launch, Phase.STARTING),
        (Phase.STARTING, Event.ANSWERED): Step(_came_up, Phase.ON),
        (Phase.STARTING, Event.ENDED): Step(_failed, Phase.OFF),
        (Phase.STARTING, Event.TURN_OFF): Step(_end, Phase.GIVING_UP),
        (Phase.ON, Event.TURN_OFF): Step(_end, Phase.ENDING),
        (Phase.ON, Event.RESET): Step(_reset, Phase.ON),
        (Phase.ON, Event.WAS_RESET): Step(_was_reset, Phase.ON),
        (Phase.ON, Event.RENEW): Step(_end, Phase.RENEWING),
        (Phase.ON, Event.ENDED): Step(_went_off, Phase.OFF),
        (Phase.RENEWING, Event.TURN_OFF): Step(_nothing, Phase.ENDING),
        (Phase.RENEWING, Event.RESET): Step(_told_of_reset, Phase.RENEWING),
        (Phase.RENEWING, Event.ENDED): Step(_launch, Phase.RETURNING),
        (Phase.RETURNING, Event.ANSWERED): Step(_go, Phase.ON),
        (Phase.RETURNING, Event.TURN_OFF): Step(_end, Phase.ENDING),
        (Phase.RETURNING, Event.RESET): Step(_told_of_reset, Phase.RETURNING),
        (Phase.RETURNING, Event.ENDED): Step(_went_off, Phase.OFF),
        (Phase.ENDING, Event.ENDED): Step(_went_off, Phase.OFF),
        (Phase.GIVING_UP, Event.TURN_ON): Step(_nothing, Phase.AGAIN),
        (Phase.GIVING_UP, Event.ENDED): Step(_gave_up, Phase.OFF),
        (Phase.AGAIN, Event.TURN_OFF): Step(_nothing, Phase.GIVING_UP),
        (Phase.AGAIN, Event.ENDED): Step(_launch, Phase.STARTING),
    }


class _Unheard:
    """What the VM protocol says of the machine: QMP and the process say it better."""

    def came(self) -> None:
        """See `vm_link.Machine`."""

    def went(self) -> None:
        """See `vm_link.Machine`."""

    def was_reset(self) -> None:
        """See `vm_link.Machine`."""
