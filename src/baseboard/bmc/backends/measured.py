"""Sensors that are read where their descriptions say, round whatever backend there is."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Final

from baseboard.bmc.backends.orders import pause
from baseboard.bmc.backends.probes import Probe, opened
from baseboard.bmc.backends.readings import number_of, states_of
from baseboard.bmc.blueprint import Blueprint, SensorSpec
from baseboard.bmc.blueprint.sources import Place, SourceSpec
from baseboard.bmc.clock import Clock
from baseboard.bmc.ports import (
    Backend,
    Board,
    IdentifyPort,
    PowerMeterPort,
    PowerPort,
    SensorPort,
    SerialPort,
)
from baseboard.codes import EventReadingType
from baseboard.errors import TransportError

log = logging.getLogger(__name__)

AT_ONCE: Final = 4
"""Readings that are taken at the same time."""

FRESH: Final = 1.5
"""Seconds after a reading has changed in which sensors are looked at more often."""


class MeasuredSensors:
    """Readings as they were last taken: a :class:`~baseboard.bmc.ports.SensorPort`.

    Args:
        name: of the BMC, which commands are told.
        specs: the sensors that have a source.
        below: where the others are; None = nowhere.
        clock: time.
        open_probe: makes what reads a source.
    """

    __slots__ = (
        "_below", "_clock", "_failing", "_limit", "_name", "_open_probe", "_probes", "_specs", "_tasks",
        "_told_at", "_values",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        specs: Sequence[SensorSpec],
        below: SensorPort | None,
        clock: Clock,
        open_probe: Callable[[Place, dict[str, str], Clock], Probe] = opened,
    ) -> None:
        self._name, self._below, self._clock, self._open_probe = name, below, clock, open_probe
        self._specs = {spec.name: spec for spec in specs}
        self._values: dict[str, float | int | None] = dict.fromkeys(self._specs)
        self._probes: list[Probe] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._failing: set[str] = set()
        self._limit = asyncio.Semaphore(AT_ONCE)
        self._told_at = clock.now()

    @property
    def changes(self) -> int:
        """Not told: a value may be read anew at any moment."""
        return -1

    def analog(self, name: str, now: float) -> float | None:
        """The value that was last read; None = it could not be, or not yet."""
        if name in self._values:
            return self._values[name]
        return None if self._below is None else self._below.analog(name, now)

    def discrete(self, name: str, now: float) -> int | None:
        """The states that were last read; None = they could not be, or not yet."""
        if name in self._values:
            value = self._values[name]
            return None if value is None else int(value)
        return None if self._below is None else self._below.discrete(name, now)

    def settled(self, now: float) -> bool:
        """Whether nothing has changed lately."""
        return now - self._told_at > FRESH and (self._below is None or self._below.settled(now))

    def start(self) -> None:
        """Begin to read.

        Raises:
            TransportError: what a source needs cannot be had.
        """
        for spec in self._specs.values():
            assert spec.source is not None
            told = {"BASEBOARD_NAME": self._name, "BASEBOARD_SENSOR": spec.name}
            probe = self._open_probe(spec.source.place, told, self._clock)
            self._probes.append(probe)
            task = asyncio.get_running_loop().create_task(self._read_on(spec, spec.source, probe))
            self._tasks.append(task)

    def stop(self) -> None:
        """Read no more."""
        for task in self._tasks:
            task.cancel()
        for probe in self._probes:
            probe.close()
        self._tasks.clear()
        self._probes.clear()

    async def _read_on(self, spec: SensorSpec, source: SourceSpec, probe: Probe) -> None:
        if probe.first_s:
            await pause(self._clock, probe.first_s)
        while True:
            try:
                async with self._limit:
                    text = await probe.read()
                value = _judged(spec, source, text)
            except TransportError as error:
                self._fails(spec.name, str(error))
                value = None
            except Exception:  # a mistake of ours costs one reading, and no sensor
                log.exception("%s, sensor %s: unexpected", self._name, spec.name)
                value = None
            else:
                self._works(spec.name)
            if value != self._values[spec.name]:
                self._values[spec.name] = value
                self._told_at = self._clock.now()
            await pause(self._clock, source.interval_s)

    def _fails(self, name: str, why: str) -> None:
        """One line as it begins; the sensor has no reading as long as it lasts."""
        if name not in self._failing:
            self._failing.add(name)
            log.warning("%s: sensor %s cannot be read: %s", self._name, name, why)

    def _works(self, name: str) -> None:
        if name in self._failing:
            self._failing.discard(name)
            log.warning("%s: sensor %s can be read again", self._name, name)


def _judged(spec: SensorSpec, source: SourceSpec, text: str) -> float | int:
    if spec.event_type == EventReadingType.THRESHOLD:
        return number_of(text) * source.scale + source.offset
    return states_of(text, dict(source.words))


class MeasuredMeter:
    """A power meter that is one of the sensors: a :class:`~baseboard.bmc.ports.PowerMeterPort`."""

    __slots__ = ("_below", "_name", "_sensors")

    def __init__(self, sensors: MeasuredSensors, name: str, below: PowerMeterPort | None) -> None:
        self._sensors, self._name, self._below = sensors, name, below

    def watts(self, now: float) -> float | None:
        """The power that was last read."""
        return self._sensors.analog(self._name, now)

    def settled(self, now: float) -> bool:
        """Whether nothing has changed lately."""
        return self._sensors.settled(now)

    def cap(self, watts: int | None) -> None:
        """Leave it to the backend; what only measures cannot slow a system down."""
        if self._below is not None:
            self._below.cap(watts)


class Measured:
    """A backend some of whose sensors are read elsewhere: a :class:`~baseboard.bmc.ports.Backend`.

    Args:
        blueprint: what the server is.
        clock: time.
        backend: what is there besides.

    Attributes:
        backend: the same.
    """

    __slots__ = ("_measured", "backend", "identify", "meter", "power", "sensors", "serial", "serials")

    power: PowerPort | None
    sensors: SensorPort | None
    serial: SerialPort | None
    serials: Sequence[SerialPort]
    identify: IdentifyPort | None
    meter: PowerMeterPort | None

    def __init__(self, blueprint: Blueprint, clock: Clock, backend: Backend) -> None:
        self.backend = backend
        specs = [spec for spec in blueprint.sensors if spec.source is not None]
        self._measured = MeasuredSensors(blueprint.identity.name, specs, backend.sensors, clock)
        self.sensors = self._measured
        self.power, self.identify = backend.power, backend.identify
        self.serial, self.serials = backend.serial, backend.serials
        self.meter = backend.meter
        dcmi = blueprint.dcmi
        if dcmi is not None and dcmi.meter in {spec.name for spec in specs}:
            self.meter = MeasuredMeter(self._measured, dcmi.meter, backend.meter)

    def connect(self, board: Board) -> None:
        """Learn whom to report to; called once, before anything else."""
        self.backend.connect(board)

    def start(self) -> None:
        """Begin; the power restore policy has been decided by then.

        Raises:
            TransportError: what a source needs cannot be had.
        """
        self.backend.start()
        self._measured.start()

    def stop(self) -> None:
        """End; nothing is reported any more."""
        self._measured.stop()
        self.backend.stop()
