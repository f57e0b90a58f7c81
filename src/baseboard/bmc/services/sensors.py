"""The sensors of a BMC: readings, settings, scanning, events (§35)."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from baseboard.bmc.clock import Timer
from baseboard.bmc.services.events import Events
from baseboard.bmc.services.home import Home
from baseboard.bmc.services.sel import Sel
from baseboard.bmc.services.sensor_population import Population
from baseboard.bmc.services.sensor_publishing import Publisher
from baseboard.bmc.services.sensor_scanning import Scanning
from baseboard.bmc.services.sensor_settings import SensorSettings, initialized
from baseboard.bmc.services.sensor_template import ALL_STATES, SensorTemplate, Settings, catalogue
from baseboard.bmc.services.sensor_watch import KNOWN, Watch
from baseboard.bmc.services.sensor_writing import EventDataWritten, Written
from baseboard.codes import Cc
from baseboard.commands.sensor.sensors import BitsOperation, GetSensorReadingResponse
from baseboard.errors import CompletionError, EncodeError
from baseboard.records.formula import to_signed
from baseboard.records.sdr import CompactSensorRecord, FullSensorRecord

FRESH_S = 0.1
"""Seconds that an analog reading is told again to who asks again: a converter takes no less."""

_MOST_FRESH = 16  # readings of one BMC that are remembered for that

_ALMOST_FULL_SHARE = 0.9
_FULL, _ALMOST_FULL = 1 << 4, 1 << 5
"""States of an Event Logging Disabled sensor (Table 42-3, 10h)."""


class Reading(NamedTuple):
    """What Get Sensor Reading tells of a sensor.

    Attributes:
        available: there is a reading, or there are states.
        raw: analog reading; 0 without one.
        states: states that hold, or thresholds reached.
    """

    available: bool
    raw: int = 0
    states: int = 0


class Sensors:
    """Every sensor of one BMC; it costs memory only for what differs from the make-up.

    Attributes:
        catalogue: the sensors as shipped.
        settings: what was changed of them.
        population: which of them are there.
    """

    __slots__ = (
        "_forced", "_fresh", "_home", "_overrides", "_publisher", "_scanning", "_sel", "_updating", "_watch",
        "catalogue", "population", "settings",
    )  # fmt: skip

    def __init__(self, home: Home, events: Events, sel: Sel) -> None:
        self._home = home
        self._sel = sel
        self.catalogue = catalogue(home.blueprint.sensors)
        self._watch = Watch(len(self.catalogue.sensors))
        self.settings = SensorSettings(home.journal, self.catalogue)
        self.population = Population(home.journal, self.catalogue, self.present)
        self._publisher = Publisher(events, self.catalogue, self.settings, self._watch)
        # What somebody wrote over: readings and states, event conditions of sensors that measure.
        self._overrides: dict[int, int] = {}
        self._forced: dict[int, int] = {}
        self._updating: dict[int, Timer] = {}
        self._fresh: dict[int, tuple[float, int, GetSensorReadingResponse]] = {}
        self._scanning = Scanning(home, self, sel)
        events.on_receiver_set.append(self.rearm_all)

    # life

    def start(self) -> None:
        """Take the states that hold for known, and begin to scan if any sensor can send events."""
        self._begin()
        self.population.refresh()
        self._scanning.start()

    def stop(self) -> None:
        """End the scanning, and the wait for first readings."""
        self._scanning.stop()
        for timer in self._updating.values():
            timer.cancel()
        self._updating.clear()

    def notice(self) -> None:
        """Something happened to the system: look now, lest a state come and go between two scans."""
        if self._scanning.running:
            self.scan()

    def reset_defaults(self) -> None:
        """Everything as shipped again; what a cold reset does to sensors (§20.2)."""
        self.settings.reset()
        self._overrides.clear()
        self._forced.clear()
        self._fresh.clear()
        self._watch.forget()
        self._begin()

    def _begin(self) -> None:
        now = self._home.clock.now()
        for sensor in self.catalogue.sensors:
            if sensor.traits.update_s:
                self._update(sensor)
            elif sensor.formula is None:
                states = self._states(sensor, now)
                if states is not None:
                    self._watch.begin(sensor, states & sensor.usual)

    # which sensor

    def find(self, lun: int, number: int) -> SensorTemplate:
        """A sensor.

        Raises:
            CompletionError: CBh, there is none.
        """
        sensor = self.catalogue.by_key.get(lun << 8 | number)
        if sensor is None or (sensor.traits.removable and not self.present(sensor)):
            raise CompletionError(Cc.NOT_PRESENT)
        return sensor

    def present(self, sensor: SensorTemplate) -> bool:
        """Whether the entity that a sensor needs is there (§40.1); where nothing tells, it is."""
        guard = self.catalogue.guards.get(sensor.index)
        states = None if guard is None else self.look(guard[0])
        return guard is None or states is None or bool(states & guard[1])

    def configure(self, sensor: SensorTemplate, settings: Settings) -> None:
        """Set a sensor, keep that, and look at it by its new settings."""
        switched_on = settings.scanning_enabled and not self.settings.of(sensor).scanning_enabled
        self.settings.put(sensor, settings)
        self._scanning.rouse()
        if switched_on and sensor.traits.update_s:
            self._update(sensor)
        self.look(sensor)

    def initialize(self, record: FullSensorRecord | CompactSensorRecord) -> None:
        """Set a sensor as its record tells the initialization agent to; others' are passed over."""
        if record.owner_id != self._home.address:
            return
        count = max(record.share_count, 1) if isinstance(record, CompactSensorRecord) else 1
        for number in range(record.sensor_number, record.sensor_number + count):
            sensor = self.catalogue.by_key.get(record.owner_lun << 8 | number)
            if sensor is None:
                continue
            before = self.settings.of(sensor)
            settings = initialized(sensor, before, record)
            if settings != before:
                self.configure(sensor, settings)

    # readings

    def reading(self, sensor: SensorTemplate) -> Reading:
        """What the sensor shows; looking at it makes the events that are due.

        Raises:
            CompletionError: C1h, it reads what this server has no port for.
        """
        port = self._home.backend.sensors
        needs_port = sensor not in self.catalogue.told and sensor not in self.catalogue.logged
        if port is None and needs_port and sensor.index not in self._overrides:
            raise CompletionError(Cc.INVALID_COMMAND, "this server has no sensor port")
        if not self.settings.of(sensor).scanning_enabled:
            return Reading(available=True)
        shown = self.look(sensor)
        if shown is None:
            return Reading(available=False)
        if sensor.formula is None:
            return Reading(available=True, states=shown)
        limits = self.settings.limits(sensor)
        assert limits is not None
        x = to_signed(shown, sensor.formula.analog_format)
        return Reading(available=True, raw=shown, states=limits.comparisons(x))

    def told(self, sensor: SensorTemplate) -> GetSensorReadingResponse | None:
        """What was told of an analog sensor a moment ago, if nothing has happened to it since."""
        fresh = self._fresh.get(sensor.index)
        if fresh is None:
            return None
        until, changes, answer = fresh
        port = self._home.backend.sensors
        if port is None or port.changes != changes or self._home.clock.now() >= until:
            return None
        return answer

    def remember(self, sensor: SensorTemplate, answer: GetSensorReadingResponse) -> None:
        """Keep what is told of a sensor for `told`; to look at it, or to set it, forgets that."""
        port = self._home.backend.sensors
        if (
            port is None
            or port.changes < 0
            or sensor.formula is None
            or sensor.index in self.catalogue.guards
        ):
            return
        if len(self._fresh) >= _MOST_FRESH:
            self._fresh.clear()
        self._fresh[sensor.index] = self._home.clock.now() + FRESH_S, port.changes, answer

    def override(
        self,
        number: int,
        lun: int = 0,
        *,
        raw: int | None = None,
        value: float | None = None,
        states: int = 0,
    ) -> None:
        """Make a sensor show something else than it measures, until it is released or the BMC starts anew.

        Args:
            number: sensor number.
            lun: its LUN.
            raw: analog reading.
            value: the same in the sensor's unit.
            states: for a sensor without analog reading.

        Raises:
            CompletionError: CBh, there is no such sensor.
            EncodeError: no reading stands for the value.
        """
        sensor = self.find(lun, number)
        if sensor.formula is None:
            self.write(sensor, states)
        else:
            self.write(sensor, sensor.raw(value) if value is not None else raw or 0)

    def write(self, sensor: SensorTemplate, shown: int, data: EventDataWritten | None = None) -> None:
        """Make a sensor show a raw reading or states, and judge them as if they had been scanned."""
        self._overrides[sensor.index] = shown if sensor.formula is not None else shown & sensor.states
        self._forced.pop(sensor.index, None)
        self._scanning.rouse()
        self.look(sensor, data)

    def apply(self, sensor: SensorTemplate, written: Written) -> None:
        """Set Sensor Reading And Event Status: what is written is judged as if it had been scanned (§35.17).

        A bit that is set in the deassertion status ends what it is about. Of a sensor that measures the
        conditions stay as they are written until it is given another reading, or is re-armed.
        """
        self.look(sensor)
        before, ended = self._watch.held(sensor), self._watch.ended(sensor)
        conditions = written.assertions.applied(before)
        if written.deassertions.operation in (BitsOperation.WRITE, BitsOperation.SET):
            conditions &= ~written.deassertions.bits
        fresh = written.deassertions.applied(ended) & ~ended & ~before
        if sensor.formula is None:
            self.write(sensor, conditions, written.data)
        else:
            if written.reading is not None:
                self._overrides[sensor.index] = written.reading
                self._forced.pop(sensor.index, None)
            if written.has_bits:
                self._forced[sensor.index] = conditions
            self._scanning.rouse()
            self.look(sensor, written.data)
        over = self._watch.end(sensor, written.deassertions.applied(self._watch.ended(sensor)))
        if over & fresh:
            self._publisher.send(sensor, self._shown(sensor) or 0, 0, over & fresh, written.data)

    def release(self, number: int, lun: int = 0) -> None:
        """Let a sensor show what it measures; harmless when it does."""
        sensor = self.find(lun, number)
        self._overrides.pop(sensor.index, None)
        self._forced.pop(sensor.index, None)
        self.look(sensor)

    def _raw(self, sensor: SensorTemplate, now: float) -> int | None:
        port = self._home.backend.sensors
        value = None if port is None else port.analog(sensor.name, now)
        if value is None:
            return None
        try:
            return sensor.raw(value)
        except EncodeError:  # no number, or one that the linearization never gives
            return None

    def _states(self, sensor: SensorTemplate, now: float) -> int | None:
        if sensor in self.catalogue.told:
            return self._watch.held(sensor)
        if sensor in self.catalogue.logged:
            return self._log_states() & sensor.states
        port = self._home.backend.sensors
        states = None if port is None else port.discrete(sensor.name, now)
        return None if states is None else states & sensor.states

    def _log_states(self) -> int:
        """How full the event log is: full when its last place is left for the event that says so."""
        entries, capacity = len(self._sel), self._sel.capacity
        states = _ALMOST_FULL if entries >= capacity * _ALMOST_FULL_SHARE else 0
        return states | _FULL if entries >= capacity - 1 else states

    # events

    def look(self, sensor: SensorTemplate, data: EventDataWritten | None = None) -> int | None:
        """Look at one sensor now, and send the events that this makes.

        Returns: its raw reading or states; None = there are none, or it is not scanned.
        """
        self._fresh.pop(sensor.index, None)
        if not self.settings.of(sensor).scanning_enabled or sensor.index in self._updating:
            return None
        shown = self._shown(sensor)
        if shown is None or not self.present(sensor):
            return None  # without a reading nothing is crossed and nothing is over
        if sensor.formula is None:
            conditions = shown
            if not self._watch.known(sensor):
                self._watch.begin(sensor, shown & sensor.usual)
        else:
            limits = self.settings.limits(sensor)
            assert limits is not None
            x = to_signed(shown, sensor.formula.analog_format)
            forced = self._forced.get(sensor.index)
            conditions = limits.conditions(x, self._watch.held(sensor)) if forced is None else forced
        began, over = self._watch.change(sensor, conditions)
        if began or over:
            self._publisher.send(sensor, shown, began, over, data)
        return shown

    def _shown(self, sensor: SensorTemplate) -> int | None:
        """The raw reading or the states that a sensor has now, or was told to have."""
        shown = self._overrides.get(sensor.index)
        if shown is not None:
            return shown
        now = self._home.clock.now()
        return self._states(sensor, now) if sensor.formula is None else self._raw(sensor, now)

    def status(self, sensor: SensorTemplate) -> tuple[int, int]:
        """The assertion and deassertion events that have occurred (§35.13)."""
        return self._watch.status(sensor)

    def rearm(
        self, sensor: SensorTemplate, assertions: int = ALL_STATES, deassertions: int = ALL_STATES
    ) -> None:
        """Forget events, and send those anew whose conditions still hold (§35.12)."""
        self._watch.rearm(sensor, assertions, deassertions)
        self._forced.pop(sensor.index, None)
        if sensor.traits.update_s:
            self._update(sensor)
        self.look(sensor)

    def _update(self, sensor: SensorTemplate) -> None:
        """The sensor has to find its reading, and is unavailable until then (§35.14, byte 3)."""
        pending = self._updating.get(sensor.index)
        if pending is not None:
            pending.cancel()
        due = self._home.clock.now() + sensor.traits.update_s
        self._updating[sensor.index] = self._home.clock.call_at(due, partial(self._updated, sensor))

    def _updated(self, sensor: SensorTemplate) -> None:
        del self._updating[sensor.index]
        self.look(sensor)

    def rearm_all(self) -> None:
        """What Set Event Receiver does to all sensors (§29.1)."""
        for sensor in self.catalogue.sensors:
            if sensor.eventful:
                self.rearm(sensor)

    # scanning

    def scan(self) -> bool:
        """Look at every sensor that can send events; returns whether none needed more than a comparison."""
        port = self._home.backend.sensors
        now = self._home.clock.now()
        sensors, present = self.catalogue.sensors, self._watch.present
        changed, overrides = self.settings.changed, self._overrides
        self.population.refresh()
        self._fresh.clear()
        quiet = True
        if port is not None:
            analog, discrete = port.analog, port.discrete
            for index, name, low, high in self.catalogue.measured:
                if not (present[index] & ALL_STATES or index in changed or index in overrides):
                    value = analog(name, now)
                    if value is None or low < value < high:
                        continue
                self.look(sensors[index])
                quiet = quiet and not (present[index] & ALL_STATES or index in changed or index in overrides)
            for index, name, mask in self.catalogue.watched:
                if not (index in changed or index in overrides):
                    states = discrete(name, now)
                    if states is None or states & mask | KNOWN == present[index]:
                        continue
                quiet = False
                self.look(sensors[index])
        for sensor in self.catalogue.logged:
            self.look(sensor)
        return quiet
