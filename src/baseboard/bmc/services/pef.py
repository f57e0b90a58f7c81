"""Platform event filtering: what is done about events, and when (§17)."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from functools import partial

from baseboard.bmc.clock import Timer
from baseboard.bmc.services.alert_policy import Alert
from baseboard.bmc.services.alerts import MOST_DEFERRED, Alerts
from baseboard.bmc.services.chassis import Chassis
from baseboard.bmc.services.device import Device
from baseboard.bmc.services.events import Event, Events
from baseboard.bmc.services.home import Home
from baseboard.bmc.services.pef_filters import POWER_ACTIONS, AlertOrder, Verdict, exclusive, judge
from baseboard.bmc.services.pef_marks import MOST_OPEN, NOT_LOGGED, Marks
from baseboard.bmc.services.pef_postpone import TEMPORARY, Postponed, PostponeTimer
from baseboard.bmc.services.pef_settings import PefSettings
from baseboard.bmc.services.power import PATIENCE_S
from baseboard.bmc.services.sdr import SdrRepository
from baseboard.bmc.services.sel import Sel
from baseboard.bmc.shared import Sparse
from baseboard.codes import ChassisControl, EventReadingType, RestartCause, SelType, SensorType
from baseboard.commands.parameters.pef import EventFilter, GroupControl, PefActions, PefParameter
from baseboard.errors import CompletionError

log = logging.getLogger(__name__)

OemAction = Callable[[Event, EventFilter], None]
"""What a maker's own action is: called with the event, and the filter that asks for it."""

GroupAction = Callable[[GroupControl], None]
"""Executes an entry of the group control table over ICMB."""

GROUPS_REMEMBERED = 16

_POWER = PefActions(sum(POWER_ACTIONS))
_ORDERS = {
    PefActions.POWER_DOWN: (ChassisControl.POWER_DOWN, RestartCause.UNKNOWN),
    PefActions.POWER_CYCLE: (ChassisControl.POWER_CYCLE, RestartCause.PEF_POWER_CYCLE),
    PefActions.RESET: (ChassisControl.HARD_RESET, RestartCause.PEF_RESET),
    PefActions.DIAGNOSTIC_INTERRUPT: (ChassisControl.PULSE_DIAGNOSTIC_INTERRUPT, RestartCause.UNKNOWN),
}
_PEF_ACTION = 0xC4
"""Event data byte 1 of sensor type 12h: offset 4, byte 2 says which actions (Table 42-3)."""

_LOGGED_ACTIONS = PefActions(0x3F)


class Pef(Sparse):
    """Filters every event that reaches the BMC.

    Attributes:
        settings: the configuration parameters.
        marks: the last processed event IDs.
        postpone: the postpone timer.
        group_action: executes group control entries; None = they are only remembered.
        groups: the group control entries that were asked for last.
    """

    __slots__ = (
        "_alerts", "_announcing", "_chassis", "_device", "_events", "_held_alerts", "_home", "_oem",
        "_pending", "_pending_records", "_sdr", "_sel", "_timers", "group_action", "groups", "marks",
        "postpone", "settings",
    )  # fmt: skip
    PARTS = (("_pending_records", list), ("_held_alerts", list), ("_timers", dict))

    _pending_records: list[int]
    _held_alerts: list[Callable[[], None]]
    _timers: dict[str, Timer]

    def __init__(
        self,
        home: Home,
        events: Events,
        chassis: Chassis,
        sel: Sel,
        alerts: Alerts,
        inactive_during: tuple[Device, SdrRepository],
    ) -> None:
        self._home, self._events, self._chassis, self._alerts = home, events, chassis, alerts
        self._device, self._sdr = inactive_during
        self._sel = sel
        self.marks = Marks(home, sel)
        self._oem: OemAction | None = None
        self.group_action: GroupAction | None = None
        self.groups: deque[GroupControl] | None = None
        self.settings = PefSettings(home, self._possible())
        self.postpone = PostponeTimer(home, self._not_processed)
        self._announcing = False
        self._pending = PefActions(0)
        events.listeners.append(self._heard)
        chassis.on_power.append(self._power_changed)
        chassis.on_host_reset.append(self._system_restarted)

    @property
    def active(self) -> bool:
        """Whether events are filtered: PEF is on, and nothing goes on that keeps it out (§17.1)."""
        if not self.settings.enabled or self.postpone.value == TEMPORARY:
            return False
        return not (self._device.manufacturing or self._device.initializing or self._sdr.updating)

    @property
    def oem_action(self) -> OemAction | None:
        """The maker's own action; a BMC that is given one says so in its capabilities."""
        return self._oem

    @oem_action.setter
    def oem_action(self, action: OemAction | None) -> None:
        self._oem = action
        self.settings.supported = self._possible()

    def start(self) -> None:
        """§17.5: after a restart, deal with what is in the log and was not processed before.

        Must be called before the power restore policy decides: a power-off that is due keeps the system off.
        """
        if not self.active:
            return
        for record in self.marks.unprocessed():
            if record[2] == SelType.SYSTEM_EVENT:
                self._after_restart(record)
        if self.marks.bmc != NOT_LOGGED:
            self._follow_log()

    def stop(self) -> None:
        """End every timer."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        self.postpone.stop()

    def set(self, parameter: PefParameter) -> None:
        """Change a parameter; to disable PEF cancels at once what it still has to do (§17.3).

        Raises:
            CompletionError: as :meth:`PefSettings.set` says.
        """
        self.settings.set(parameter)
        if not self.settings.enabled:
            self._cancel()

    def arm(self, value: int) -> int:
        """Arm the postpone timer, switch it off, or PEF for now.

        Returns: what it shows now.
        """
        if value == TEMPORARY:
            self._cancel()
        self.postpone.arm(value)
        return self.postpone.present

    def software_processed(self, record: int) -> None:
        """Software says up to which record it has processed events."""
        self.marks.set(software=record)
        self.postpone.processed(record, all_of_it=record == self.marks.last_record)

    def added(self, record: int) -> None:
        """Software put a record into the log (Add SEL Entry): it is no event that was received."""
        if self.marks.idle:
            self.marks.set(bmc=record)

    # ---- events

    def _heard(self, event: Event) -> None:
        record, time = self._events.recorded, self._sel.time()
        if not self.active:
            self.marks.set(bmc=record)
        elif self.postpone.postpones:
            self.postpone.hold(Postponed(record, event, time))
        else:
            self._process(record, event, time)

    def _not_processed(self, events: list[Postponed]) -> None:
        for record, event, time in events:
            self._process(record, event, time)

    def _process(self, record: int, event: Event, time: int) -> None:
        """Do at once what can be done, in the order of Table 17-1, and see to the rest."""
        settings = self.settings
        self.marks.begin(record)
        verdict = judge(event, settings.filters(), settings.actions)
        if verdict is not None and verdict.actions:
            if settings.control.event_messages_enabled and not self._announcing:
                self._announce(verdict.actions)
            self._act(record, event, verdict)
            if verdict.alert is not None:
                self._alert(record, event, time, verdict.alert)
        self.marks.end(record)

    def _announce(self, actions: PefActions) -> None:
        """Log what is going to be done; PEF filters that event too, but what it does then is not logged."""
        number = self._home.blueprint.sensor_number(SensorType.SYSTEM_EVENT)
        data = bytes((_PEF_ACTION, actions & _LOGGED_ACTIONS, 0xFF))
        self._announcing = True
        try:
            self._events.publish(
                Event(SensorType.SYSTEM_EVENT, number, EventReadingType.SENSOR_SPECIFIC, data)
            )
        finally:
            self._announcing = False

    def _act(self, record: int, event: Event, verdict: Verdict) -> None:
        power = verdict.actions & _POWER
        if power and not self._postponed_power(record, power):
            self._switch(power)
        filters = self.settings.filters()
        for number in verdict.oem:
            if self._oem is not None:
                self._oem(event, filters[number - 1])
        for number in verdict.groups:
            self._control_group(number)

    def _control_group(self, number: int) -> None:
        entry = self.settings.group(number)
        if entry is None:
            return
        if self.groups is None:
            self.groups = deque(maxlen=GROUPS_REMEMBERED)
        self.groups.append(entry)
        log.info("%s: group control entry %d: operation %d", self._name, number, entry.operation)
        if self.group_action is not None:
            self.group_action(entry)

    # ---- power

    def _postponed_power(self, record: int, power: PefActions) -> bool:
        """Whether the start-up delay puts an action off; of those put off one will be done."""
        due = self._due(self.settings.startup_delay)
        if due is None:
            return False
        self._pending = exclusive(self._pending | power)
        if len(self._pending_records) < MOST_OPEN:
            self._pending_records.append(record)
            self.marks.begin(record)
        self._set_timer("power", due, self._startup_over)
        return True

    def _startup_over(self) -> None:
        pending, self._pending = self._pending, PefActions(0)
        records, self._pending_records = self._pending_records, []
        if pending:
            self._switch(pending)
        for record in records:
            self.marks.end(record)

    def _switch(self, power: PefActions) -> None:
        for action in POWER_ACTIONS:
            if action in power:
                order, cause = _ORDERS[action]
                log.info("%s: PEF: %s", self._name, order.name)
                try:
                    self._chassis.control(order, cause)
                except CompletionError:  # the system is off: there is nothing to cycle, reset or interrupt
                    return

    def _power_changed(self, on: bool) -> None:
        if not on:
            self._system_restarted()
            self._cancel_timer("power-down")
            self._release_alerts()

    def _system_restarted(self) -> None:
        """§30.2: the postpone timer is off then, and so is that PEF is off for now."""
        self.settings.settle()
        self.postpone.arm(0)

    # ---- alerts

    def _alert(self, record: int, event: Event, time: int, order: AlertOrder) -> None:
        """Send the alert, unless it has to wait for the start-up delay or for a power-down to finish."""
        begin = partial(self._begin_alert, record, event, time, order)
        due = self._due(self.settings.alert_startup_delay)
        if due is not None:
            self._hold_alert(record, begin)
            self._set_timer("alerts", due, self._release_alerts)
        elif self._chassis.going_down:
            self._hold_alert(record, begin)
            self._set_timer("power-down", self._home.clock.now() + PATIENCE_S, self._release_alerts)
        else:
            self.marks.begin(record)
            begin()

    def _hold_alert(self, record: int, begin: Callable[[], None]) -> None:
        if len(self._held_alerts) >= MOST_DEFERRED:
            log.warning("%s: an alert is dropped, %d others wait", self._name, len(self._held_alerts))
            return
        self.marks.begin(record)
        self._held_alerts.append(begin)

    def _begin_alert(self, record: int, event: Event, time: int, order: AlertOrder) -> None:
        settings = self.settings
        self._alerts.start(
            settings.policies(order.policy),
            Alert(event, int(order.severity), time),
            lambda policy: settings.string_for(policy, order.filter_number),
            lambda: self.marks.end(record),
        )

    def _release_alerts(self) -> None:
        """Alerts that waited go out, once nothing keeps them any more."""
        if "alerts" in self._timers or "power-down" in self._timers:
            return
        held, self._held_alerts = self._held_alerts, []
        for begin in held:
            begin()

    # ---- after a restart

    def _after_restart(self, record: bytes) -> None:
        """A power-off keeps the system off, a reset or cycle is history; alerts are sent again."""
        number = int.from_bytes(record[:2], "little")
        event = Event(
            sensor_type=record[10], sensor_number=record[11], event_type=record[12] & 0x7F,
            data=record[13:16], deassertion=bool(record[12] & 0x80),
            generator_id=int.from_bytes(record[7:9], "little"), evm_rev=record[9],
        )  # fmt: skip
        verdict = judge(event, self.settings.filters(), self.settings.actions)
        if verdict is None:
            return
        if PefActions.POWER_DOWN in verdict.actions:
            self._chassis.keep_off = True
        if verdict.alert is not None:
            time = int.from_bytes(record[3:7], "little")
            self._hold_alert(number, partial(self._begin_alert, number, event, time, verdict.alert))
            self._set_timer("alerts", self._home.clock.now(), self._release_alerts)

    def _follow_log(self) -> None:
        last = self.marks.last_record
        self.marks.begin(last)
        self.marks.end(last)

    # ---- what they share

    def _due(self, delay: int) -> float | None:
        """When a start-up delay is over; None if it is over."""
        started = self._chassis.started_at
        if not delay or started is None:
            return None
        due = started + delay
        return due if due > self._home.clock.now() else None

    def _cancel(self) -> None:
        """PEF was disabled: pending actions and deferred alerts are no more."""
        self._pending_records.clear()
        self._pending = PefActions(0)
        self._held_alerts.clear()
        for name in tuple(self._timers):
            self._cancel_timer(name)
        self.postpone.cancel()
        self._alerts.cancel()
        self.marks.forget()

    def _set_timer(self, name: str, when: float, action: Callable[[], None]) -> None:
        self._cancel_timer(name)

        def fire() -> None:
            self._timers.pop(name, None)
            action()

        self._timers[name] = self._home.clock.call_at(when, fire)

    def _cancel_timer(self, name: str) -> None:
        timer = self._timers.pop(name, None)
        if timer is not None:
            timer.cancel()

    def _possible(self) -> PefActions:
        possible = PefActions.ALERT | PefActions.GROUP_CONTROL
        if self._home.backend.power is not None:
            possible |= _POWER
        return possible if self._oem is None else possible | PefActions.OEM

    @property
    def _name(self) -> str:
        return self._home.blueprint.identity.name
