"""The chassis: power and what decides about it, front panel, identify light, faults (§28)."""

from __future__ import annotations

import struct
from collections.abc import Callable
from enum import IntFlag

from baseboard.bmc.clock import Timer
from baseboard.bmc.ports import PowerLimits
from baseboard.bmc.services.boot import BootOptions
from baseboard.bmc.services.capabilities import Capabilities
from baseboard.bmc.services.events import Event, Events
from baseboard.bmc.services.faults import Fault, Faults
from baseboard.bmc.services.home import Home
from baseboard.bmc.services.identify import IdentifyLight
from baseboard.bmc.services.panel import DISABLED, FrontPanel
from baseboard.bmc.services.power import PowerLines, Why
from baseboard.bmc.services.power_hours import PowerOnHours
from baseboard.bmc.shared import Sparse
from baseboard.codes import Cc, ChassisControl, EventReadingType, RestartCause, SensorType
from baseboard.commands.chassis.control import FrontPanelButtons, PowerRestorePolicy
from baseboard.errors import CompletionError

SELF = 0
"""Channel told with a restart that no command caused."""

_SECTION = "chassis"
_LAYOUT = struct.Struct("<BBBBBBB")
_NEED_POWER = (
    ChassisControl.POWER_CYCLE,
    ChassisControl.HARD_RESET,
    ChassisControl.PULSE_DIAGNOSTIC_INTERRUPT,
)
_SYSTEM_RESTART = 7
"""Offset of sensor type 1Dh; data byte 2 is the restart cause, byte 3 the channel (Table 42-3)."""

_SPECIFIC_DATA = 0xF0
"""Data bytes 2 and 3 hold sensor-specific codes."""

Order = tuple[ChassisControl, RestartCause, int]


class PowerEvent(IntFlag):
    """The last power event, as byte 3 of Get Chassis Status has it (Table 28-3)."""

    MAINS_FAILED = 0x01
    OVERLOAD = 0x02
    INTERLOCK = 0x04
    FAULT = 0x08
    ON_BY_COMMAND = 0x10


_DOWN_BY = {
    Fault.MAINS: PowerEvent.MAINS_FAILED,
    Fault.OVERLOAD: PowerEvent.OVERLOAD,
    Fault.INTERLOCK: PowerEvent.INTERLOCK,
    Fault.POWER: PowerEvent.FAULT,
}


class Chassis(Sparse):
    """The managed system as a chassis.

    Attributes:
        policy: what happens when mains return.
        cycle_interval: seconds that a power cycle is off.
        capabilities: what the chassis has.
        panel: the front panel's buttons.
        restart_cause: why the system last started.
        restart_channel: that the command came in on which started it.
        last_event: how power last came and went.
        ordered_down: the BMC switched the system off when power last went.
        identify: the identify light.
        hours: the power-on hours.
        faults: what the sensors say is wrong.
        on_power: called with the new state when power came or went.
        on_host_reset: called when the system was reset.
        started_at: when the system last was powered up or reset, monotonic seconds; None = not in this run.
        keep_off: the system stays off whatever the restore policy says, for a power-off is overdue (§17.5).
    """

    __slots__ = (
        "_boot", "_events", "_home", "_kept", "_on", "_orders", "_orders_timer", "_power", "capabilities",
        "cycle_interval", "faults", "hours", "identify", "keep_off", "last_event", "on_host_reset",
        "on_power", "ordered_down", "panel", "policy", "restart_cause", "restart_channel", "started_at",
    )  # fmt: skip
    PARTS = (("_orders", list),)

    _orders: list[Order]

    def __init__(self, home: Home, events: Events, boot: BootOptions) -> None:
        self._home, self._events, self._boot = home, events, boot
        self._power = PowerLines(home)
        self.identify = IdentifyLight(home)
        self.hours = PowerOnHours(home)
        self.capabilities = Capabilities(home)
        self.faults = Faults(events)
        self.on_power: list[Callable[[bool], None]] = []
        self.on_host_reset: list[Callable[[], None]] = []
        self._orders_timer: Timer | None = None
        self.started_at: float | None = None
        self.keep_off = False
        self._kept = home.journal.saved(_SECTION).get(0)
        facts = self._kept or _LAYOUT.pack(
            PowerRestorePolicy.PREVIOUS, 1, 0, RestartCause.UNKNOWN, SELF, 0, 0
        )
        policy, self.cycle_interval, disabled, cause, self.restart_channel, on, last = _LAYOUT.unpack(facts)
        self.policy = PowerRestorePolicy(policy)
        self.panel = FrontPanel(home, boot, FrontPanelButtons(disabled))
        self.restart_cause = RestartCause(cause)
        self.last_event: PowerEvent = PowerEvent(last)
        self._on = bool(on)
        self.ordered_down = False

    def start(self) -> None:
        """Mains are there: the restore policy decides; a BMC that starts for the first time is as shipped."""
        self._boot.start()
        was_on, self._on = self._on, self._power.is_on()
        if self._home.backend.power is not None:
            self._restore(was_on)
        if self._on:
            self.hours.run()
        self._keep()

    def stop(self) -> None:
        """End every timer."""
        if self._orders_timer is not None:
            self._orders_timer.cancel()
        self._power.stop()
        self.identify.stop()
        self.hours.stop()

    def is_on(self) -> bool:
        """Whether the system is powered now."""
        return self._power.is_on()

    @property
    def going_down(self) -> bool:
        """Whether the system was ordered off and has not followed yet."""
        return self._power.going_down

    @property
    def control_fault(self) -> bool:
        """Power could not be switched as asked."""
        return self._power.control_fault or Fault.POWER_CONTROL in self.faults.now()

    def check(self, action: ChassisControl) -> None:
        """Whether the system can do that now.

        Raises:
            CompletionError: C1h, there are no power lines; CCh, no such action, or none that this system can
                do; D5h, not while off.
        """
        on = self._power.port.is_on()
        if not action.known or self._lacks(action):
            raise CompletionError(Cc.INVALID_DATA)
        if action in _NEED_POWER and not on:
            raise CompletionError(Cc.NOT_SUPPORTED_IN_STATE)

    def control(self, action: ChassisControl, cause: RestartCause, channel: int = SELF) -> None:
        """Switch, cycle, reset or interrupt the system, at once.

        Args:
            action: Table 28-4.
            cause: told as restart cause if the system starts by it.
            channel: that the command came in on.

        Raises:
            CompletionError: C1h, CCh or D5h; see :meth:`check`.
        """
        self.check(action)
        cycle = action == ChassisControl.POWER_CYCLE
        if cause == RestartCause.CHASSIS_CONTROL:
            # An initiator has seen to its boot flags lately; a long power cycle shall not outlast them.
            self._boot.renew(self.cycle_interval if cycle else 0)
        why = Why(cause, channel)
        match action:
            case ChassisControl.POWER_DOWN:
                self._power.down()
            case ChassisControl.POWER_UP:
                self._power.up(why)
            case ChassisControl.POWER_CYCLE:
                self._power.cycle(why, self.cycle_interval)
            case ChassisControl.HARD_RESET:
                self._power.reset(why)
            case ChassisControl.PULSE_DIAGNOSTIC_INTERRUPT:
                self.diagnostic_interrupt()
            case _:
                self._power.shut_down()
        self._keep()

    def control_soon(self, action: ChassisControl, cause: RestartCause, channel: int) -> None:
        """The same after the answer went out: for the system's own software, which would not hear it else.

        Raises:
            CompletionError: C1h, CCh or D5h, before anything is done.
        """
        self.check(action)
        self._orders.append((action, cause, channel))
        if self._orders_timer is None:
            self._orders_timer = self._home.clock.call_at(self._home.clock.now(), self._obey)

    def diagnostic_interrupt(self) -> None:
        """Pulse NMI; a system that is off does not notice."""
        if self._power.is_on() and not self._lacks(ChassisControl.PULSE_DIAGNOSTIC_INTERRUPT):
            self._power.port.diagnostic_interrupt()

    def power_changed(self, on: bool) -> None:
        """The host reports that power came or went."""
        if on == self._on:
            return
        self._on = on
        if on:
            why = self._power.went_on()
            self.last_event &= ~PowerEvent.ON_BY_COMMAND
            if why.cause == RestartCause.CHASSIS_CONTROL:
                self.last_event |= PowerEvent.ON_BY_COMMAND
            self.hours.run()
            self._started(why)
        else:
            self.ordered_down = self._power.went_off()
            self._went_down(asked=self.ordered_down)
        self._keep()
        for listener in self.on_power:
            listener(on)

    def host_reset(self) -> None:
        """The host reports that it was reset, or reset itself."""
        self._started(self._power.was_reset())
        self._keep()
        for listener in self.on_host_reset:
            listener()

    def control_failed(self) -> None:
        """The host reports that it could not be switched as ordered."""
        self._power.failed()

    def button(self, name: str) -> None:
        """Somebody pressed a button of the front panel; the disabled ones do nothing.

        A sleep button is the operating system's affair: the chassis can only keep its press away from it.
        """
        if name == "identify":
            self.identify.toggle()
        elif self._home.backend.power is None:
            return
        elif not self.is_on():
            if name == "power":
                self.control(ChassisControl.POWER_UP, RestartCause.PUSHBUTTON_POWER_UP)
        elif name == "power" and FrontPanelButtons.POWER_OFF_DISABLED not in self.panel.buttons:
            self._power.shut_down()
        elif name == "reset" and FrontPanelButtons.RESET_DISABLED not in self.panel.buttons:
            self.control(ChassisControl.HARD_RESET, RestartCause.PUSHBUTTON_RESET)
        elif name == "nmi" and FrontPanelButtons.DIAGNOSTIC_INTERRUPT_DISABLED not in self.panel.buttons:
            self.diagnostic_interrupt()

    def disable_buttons(self, buttons: FrontPanelButtons) -> None:
        """Say which buttons do nothing; the others work.

        Raises:
            CompletionError: C1h, the chassis has none.
        """
        self._need_lines()
        self.panel.disabled = buttons & DISABLED
        self._keep()

    def set_policy(self, policy: PowerRestorePolicy) -> None:
        """Say what happens when mains return.

        Raises:
            CompletionError: C1h, there are no power lines; CCh, no such policy.
        """
        self._need_lines()
        if policy not in (
            PowerRestorePolicy.STAY_OFF,
            PowerRestorePolicy.PREVIOUS,
            PowerRestorePolicy.ALWAYS_ON,
        ):
            raise CompletionError(Cc.INVALID_DATA)
        self.policy = policy
        self._keep()

    def set_cycle_interval(self, seconds: int) -> None:
        """Say how long a power cycle is off.

        Raises:
            CompletionError: C1h, there are no power lines.
        """
        self._need_lines()
        self.cycle_interval = seconds
        self._keep()

    def _restore(self, was_on: bool) -> None:
        """Bring the system to where it belongs; one that runs and shall run is left alone."""
        if self._kept is None:
            wanted, cause = self._on or self._home.blueprint.powered, RestartCause.UNKNOWN
        elif self.policy == PowerRestorePolicy.ALWAYS_ON:
            wanted, cause = True, RestartCause.ALWAYS_RESTORE
        else:
            wanted = was_on and self.policy == PowerRestorePolicy.PREVIOUS
            cause = RestartCause.RESTORE_PREVIOUS
        wanted = wanted and not self.keep_off
        if self._on and self._home.blueprint.machine is not None and not (wanted or self.keep_off):
            # One that is no simulation and runs as the BMC starts has not lost its mains: it is not cut.
            wanted, cause = True, RestartCause.UNKNOWN
        lost = was_on and not (wanted and self._on)
        if wanted:
            self._power.up(Why(cause, SELF))
        else:
            self._power.down()
        if wanted and self._on and not was_on and self._kept is not None:
            # The host came up with the mains, before the policy could switch it on.
            self.restart_cause, self.restart_channel = cause, SELF
        if lost:
            self.last_event |= PowerEvent.MAINS_FAILED

    def _lacks(self, action: ChassisControl) -> bool:
        """Whether the system can never do that."""
        port = self._power.port
        return isinstance(port, PowerLimits) and port.lacks(action)

    def _need_lines(self) -> None:
        if self._home.backend.power is None:
            raise CompletionError(Cc.INVALID_COMMAND)

    def _obey(self) -> None:
        """Do what was put off until its answer was out."""
        self._orders_timer = None
        orders, self._orders = self._orders, []
        for order in orders:
            try:
                self.control(*order)
            except CompletionError:  # the system went off meanwhile: there is nothing left to reset
                continue

    def _started(self, why: Why) -> None:
        """The system starts: keep why, before its firmware reads the boot options."""
        self.started_at = self._home.clock.now()
        self.restart_cause, self.restart_channel = why
        self._boot.restarted(why.cause)
        for sensor in self._home.blueprint.sensors:
            if (
                sensor.sensor_type == SensorType.SYSTEM_BOOT_INITIATED
                and sensor.states >> _SYSTEM_RESTART & 1
            ):
                data = bytes((_SPECIFIC_DATA | _SYSTEM_RESTART, why.cause, why.channel))
                self._events.publish(
                    Event(sensor.sensor_type, sensor.number, EventReadingType.SENSOR_SPECIFIC, data)
                )

    def _went_down(self, *, asked: bool) -> None:
        self.hours.pause()
        self._boot.powered_down()
        faults = Fault(0) if asked else self.faults.now()
        self.last_event &= PowerEvent.ON_BY_COMMAND
        for fault, event in _DOWN_BY.items():
            if fault & faults:
                self.last_event |= event

    def _keep(self) -> None:
        """Keep the facts if they changed; a power cycle that a crash interrupts ends in power on."""
        facts = _LAYOUT.pack(
            self.policy,
            self.cycle_interval,
            self.panel.disabled,
            self.restart_cause,
            self.restart_channel,
            self._on or self._power.cycling,
            self.last_event,
        )
        if facts != self._kept:
            self._kept = facts
            self._home.journal.put(_SECTION, 0, facts)
