"""The simulated host: from the power line to the login prompt.

Only the ends of phases are timed; what is printed meanwhile is the serial line's affair, which renders
it when somebody looks. So a thousand hosts that boot unseen cost a few timers each.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from baseboard.bmc.backends.memory import firmware, inband, system
from baseboard.bmc.backends.memory.boot import Boot, Cause
from baseboard.bmc.backends.memory.console import Console
from baseboard.bmc.backends.memory.line import Script, SerialLine
from baseboard.bmc.backends.memory.phases import FIRMWARE, LOADS, SHARES, TABLE, Event, Phase
from baseboard.bmc.backends.memory.physics import Environment
from baseboard.bmc.backends.memory.rules import RULES, Facts
from baseboard.bmc.blueprint import Blueprint
from baseboard.bmc.clock import Clock, Timer
from baseboard.bmc.ports import Board
from baseboard.codes import BootDevice, SensorType

UP_BEFORE = 259_200.0  # seconds that a host is up which runs as the simulation begins
PULSE = 2.0  # seconds that a pressed button or an NMI is seen by the sensors
LOG_KEPT = 64  # kernel messages after the boot's own


class Host:
    """The computer behind the BMC: a :class:`~baseboard.bmc.ports.PowerPort`, and the machine of its shell.

    Args:
        blueprint: what it is.
        clock: time.
    """

    __slots__ = (
        "_board",
        "_busy",
        "_clock",
        "_log",
        "_nap",
        "_pulse",
        "_timer",
        "_wanted",
        "blueprint",
        "boot",
        "console",
        "environment",
        "graceful",
        "line",
        "phase",
    )

    _board: Board

    def __init__(self, blueprint: Blueprint, clock: Clock) -> None:
        self.blueprint = blueprint
        self._clock = clock
        self.phase = Phase.RUNNING if blueprint.powered else Phase.OFF
        ago = UP_BEFORE if blueprint.powered else 0.0
        self.boot = Boot(int(blueprint.powered), Cause.POWER_UP, clock.now() - ago, clock.wall() - ago)
        self.console = Console(self, clock)
        self.line = SerialLine(
            clock, self.is_on, self.console.typed, self.console.broken, self.wake, self.console.hung_up
        )
        self.environment = Environment(
            blueprint.sensors, blueprint.seed, blueprint.powered, clock.now(), self.states_of
        )
        self._timer: Timer | None = None
        self._nap: Timer | None = None
        self._log: list[str] | None = None
        self._pulse: tuple[str, float] | None = None
        self._wanted: int | None = None
        self._busy = 1.0
        self.graceful = False

    def connect(self, board: Board) -> None:
        """Learn whom to report to."""
        self._board = board

    def start(self) -> None:
        """Begin: a system that is up already says so."""
        if self.phase is Phase.RUNNING:
            inband.tell_system(self.request, self.blueprint.host.system)

    def stop(self) -> None:
        """End every timer."""
        for timer in (self._timer, self._nap):
            if timer is not None:
                timer.cancel()
        self._timer = self._nap = None
        self.line.attach(None)

    # the power port

    def is_on(self) -> bool:
        """Whether the system is powered now."""
        return self.phase is not Phase.OFF

    def turn_on(self) -> None:
        """Press the power line; the system starts to boot."""
        self.happen(Event.POWER_ON)

    def wake(self) -> None:
        """Wake on ring: a host that is off starts by itself."""
        self.happen(Event.POWER_ON)

    def turn_off(self) -> None:
        """Cut the power at once."""
        self.happen(Event.POWER_OFF)

    def reset(self) -> None:
        """Pulse the reset line; nothing happens while the system is off."""
        self.happen(Event.RESET)

    def diagnostic_interrupt(self) -> None:
        """Pulse NMI: a kernel reports it and goes on, a firmware shrugs."""
        if self.phase is Phase.OFF:
            return
        self._signal("nmi")
        if self.phase in (Phase.KERNEL, Phase.RUNNING):
            cores = self.blueprint.host.sockets * self.blueprint.host.cores
            self.kernel_says(system.interrupt_report(cores))
        elif self.phase in FIRMWARE:
            self.line.say("\n  Diagnostic interrupt: no operating system to take it\n")

    def soft_shutdown(self) -> None:
        """Ask the operating system to shut down; one that still starts does so first, a crashed one never."""
        if self.phase is Phase.KERNEL:
            self._wanted = BootDevice.NO_OVERRIDE
        self.happen(Event.SOFT_OFF)

    # the machine of the shell

    def say(self, text: str) -> None:
        """Print on the console."""
        self.line.say(text)

    def later(self, seconds: float, action: Callable[[], None]) -> None:
        """Call ``action`` after a while, if the system still runs then."""
        self._nap = self._clock.call_at(self._clock.now() + seconds, action)

    def running(self) -> bool:
        """Whether the operating system runs programs: not while it goes down."""
        return self.phase is Phase.RUNNING

    def uptime(self) -> float:
        """Seconds since the kernel started."""
        return self._clock.now() - self.boot.system_started

    def wall(self) -> float:
        """Seconds since 1970."""
        return self._clock.wall()

    def messages(self) -> list[str]:
        """The kernel's log, lines without their ends."""
        seconds = SHARES[Phase.KERNEL] * self.blueprint.boot_seconds
        booted = system.kernel_messages(self.blueprint, self.boot, seconds)
        return [text.rstrip("\n") for _, text in booted] + (self._log or [])

    def reading(self, name: str) -> float | None:
        """An analog sensor's value."""
        return self.environment.analog(name, self._clock.now())

    def states(self, name: str) -> int | None:
        """A discrete sensor's states."""
        return self.environment.discrete(name, self._clock.now())

    @property
    def load(self) -> float:
        """How busy the host is, 1 = ordinary."""
        return self._busy

    def set_load(self, load: float) -> None:
        """Make the host more or less busy: watts, temperatures and fans follow."""
        self._busy = load
        self._weigh()

    def request(self, netfn: int, lun: int, cmd: int, data: bytes, reply: Callable[[bytes], None]) -> None:
        """A command to the BMC through the system interface; ``reply`` gets its code and data."""
        self._board.request(netfn, lun, cmd, data, reply)

    def shut_down(self) -> None:
        """Shut down and switch the power off."""
        self.happen(Event.SOFT_OFF)

    def reboot(self) -> None:
        """Shut down and reset the machine."""
        self.happen(Event.REBOOT)

    def panic(self, reason: str) -> None:
        """Stop dead; only the BMC helps then."""
        if (self.phase, Event.CRASH) in TABLE:
            self.kernel_says(system.panic_report(reason))
            self.happen(Event.CRASH)
            inband.report_stop(self.request, self.blueprint.sensor_number(SensorType.OS_STOP))

    # what people do to the chassis, and what the sensors show of it

    def press(self, button: str) -> None:
        """Press ``"power"``, ``"reset"``, ``"nmi"``, ``"identify"`` or ``"sleep"`` on the front panel.

        It is wired to the BMC, which knows what is locked and decides.
        """
        self._signal(button)
        self._board.button(button)

    def states_of(self, rule: str) -> int | None:
        """The bits that hold now by a rule for discrete sensors; None = the rule is not the host's."""
        make = RULES.get(rule)
        if make is None:
            return None
        slowed, over = self.environment.throttled, self.environment.over_limit(self._clock.now())
        return make(Facts(self.phase, self.boot, self.pulse(), self.graceful, slowed, over))

    def pulse(self) -> str:
        """What was pressed or pulsed a moment ago; empty = nothing."""
        if self._pulse is None or self._clock.now() >= self._pulse[1]:
            return ""
        return self._pulse[0]

    # the machine of phases

    def happen(self, event: Event) -> None:
        """Something happens; the only place where the phase changes."""
        phase = TABLE.get((self.phase, event))
        if phase is None:
            return
        before, self.phase = self.phase, phase
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if phase in SHARES:
            self._timer = self._clock.call_at(self._clock.now() + self._seconds(), self._over)
        self.environment.disturbed(self._clock.now())
        self._weigh()
        self._ENTER[phase](self, before)

    def _over(self) -> None:
        self._timer = None
        self.happen(self._boot_event() if self.phase is Phase.POST else Event.DONE)

    def _seconds(self) -> float:
        return SHARES[self.phase] * self.blueprint.boot_seconds

    def _weigh(self) -> None:
        self.environment.switch(
            self._clock.now(), on=self.is_on(), load=LOADS.get(self.phase, 1.0) * self._busy
        )

    def _boot_event(self) -> Event:
        """What the firmware does after its self test: as a key says, or the boot options."""
        device = self.boot.choice.device if self._wanted is None else self._wanted
        self._wanted = None
        return {
            BootDevice.BIOS_SETUP: Event.TO_SETUP,
            BootDevice.PXE: Event.TO_NETWORK,
            BootDevice.DIAGNOSTIC_PARTITION: Event.TO_DIAGNOSTICS,
        }.get(BootDevice(device), Event.TO_LOADER)

    def _play(self, text: Callable[[Blueprint, Boot], Script]) -> None:
        self.line.play(self._seconds(), partial(text, self.blueprint, self.boot))

    def _enter_off(self, before: Phase) -> None:
        self.graceful = before is Phase.STOPPING
        self._forget()
        self._board.power_changed(False)

    def _enter_reset(self, before: Phase) -> None:
        self._forget()
        self.graceful = False
        cause = Cause.OPERATING_SYSTEM if before in (Phase.REBOOTING, Phase.TESTED) else Cause.HARD_RESET
        cause = Cause.POWER_UP if before is Phase.OFF else cause
        self.boot = Boot(self.boot.number + 1, cause, self._clock.now(), self._clock.wall())
        if before is Phase.OFF:
            self._board.power_changed(True)
        else:
            self._board.host_reset()

    def _forget(self) -> None:
        """What was in memory is gone."""
        self.line.cut()
        self.console.forget()
        self._log = self._wanted = None
        if self._nap is not None:
            self._nap.cancel()
            self._nap = None

    def _enter_post(self, before: Phase) -> None:
        self.boot.choose(self._board.read_boot_choice())
        self._play(firmware.post)

    def _enter_setup(self, before: Phase) -> None:
        self.line.cut()
        self.console.show_setup()

    def _enter_network(self, before: Phase) -> None:
        self._play(firmware.network)

    def _enter_diagnostics(self, before: Phase) -> None:
        self._play(firmware.diagnostics)

    def _enter_tested(self, before: Phase) -> None:
        """The diagnostics have said that they wait for a key."""

    def _enter_loader(self, before: Phase) -> None:
        self._play(system.loader)

    def _enter_kernel(self, before: Phase) -> None:
        self.boot.system_started = self._clock.now()
        self._wanted = None
        self.line.play(self._seconds(), partial(system.kernel, self.blueprint, self.boot, self._seconds()))

    def _enter_running(self, before: Phase) -> None:
        inband.tell_system(self.request, self.blueprint.host.system)
        if self._wanted is not None:  # somebody asked for a shutdown meanwhile
            self._wanted = None
            self.happen(Event.SOFT_OFF)

    def _enter_stopping(self, before: Phase) -> None:
        last = "reboot: power down" if self.phase is Phase.STOPPING else "reboot: restarting system"
        self.line.play(self._seconds(), partial(system.farewell, self.uptime(), self._seconds(), last))

    def _enter_crashed(self, before: Phase) -> None:
        self.console.forget()
        self.line.cut()

    def kernel_says(self, texts: list[str]) -> None:
        """Print and keep kernel messages."""
        lines = [system.stamp(self.uptime()) + text for text in texts]
        self._log = [*(self._log or []), *lines][-LOG_KEPT:]
        self.line.say("\n" + "".join(f"{line}\n" for line in lines))

    def want(self, device: int) -> None:
        """Boot from there after the self test, whatever the boot options say."""
        self._wanted = device

    # inside

    def _signal(self, name: str) -> None:
        self._pulse = (name, self._clock.now() + PULSE)
        self.environment.disturbed(self._clock.now())

    _ENTER: ClassVar[dict[Phase, Callable[[Host, Phase], None]]] = {
        Phase.OFF: _enter_off,
        Phase.RESET: _enter_reset,
        Phase.POST: _enter_post,
        Phase.SETUP: _enter_setup,
        Phase.NETWORK: _enter_network,
        Phase.DIAGNOSTICS: _enter_diagnostics,
        Phase.TESTED: _enter_tested,
        Phase.LOADER: _enter_loader,
        Phase.KERNEL: _enter_kernel,
        Phase.RUNNING: _enter_running,
        Phase.STOPPING: _enter_stopping,
        Phase.REBOOTING: _enter_stopping,
        Phase.CRASHED: _enter_crashed,
    }
