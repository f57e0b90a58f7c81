"""``bmc.sensors``: read a controller's sensors."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from baseboard.client.deadline import time_left
from baseboard.client.declared import heard
from baseboard.client.foreseen import CHUNK, Foreseen
from baseboard.client.interface import BMC, Target
from baseboard.client.pipelining import learned_depth
from baseboard.client.sensor import (
    NAMES,
    NoReading,
    Sensor,
    judged,
    needs_factors,
    read,
    sensors_of,
    threshold_name,
    unread,
)
from baseboard.client.sensor_factors import formula
from baseboard.client.sensor_writing import SensorWriting
from baseboard.codes import Cc
from baseboard.commands.sensor.sensors import GetSensorReading, GetSensorReadingFactors, GetSensorThreshold
from baseboard.errors import CompletionError, DecodeError, NoResponse, NotFound
from baseboard.records.sdr import EventOnlyRecord
from baseboard.transports import waiting

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc
    from baseboard.client.sdr_entry import SdrEntry

__all__ = ["NoReading", "Readings", "Sensor", "Sensors"]

_SILENT_FOR: Final = 60.0
"""Seconds for which a sensor that did not answer is not asked again (Q-MISSTIME)."""

_SILENT_IN_A_ROW: Final = 3
"""Sensors without an answer one after the other, after which the others are not asked."""

_READING: Final = GetSensorReading.command
_THRESHOLDS: Final = GetSensorThreshold.command

_SOFTWARE: Final = 0x01
_WHOLE_ANSWER: Final = 3
"""Completion code, reading and flags."""

_UNREACHABLE: Final = frozenset(
    {Cc.INVALID_COMMAND, Cc.INVALID_LUN, Cc.DESTINATION_UNAVAILABLE, Cc.CANNOT_PROVIDE, Cc.TIMEOUT}
)


class Readings(list[Sensor]):
    """Sensors that were read, in the order of their records.

    Attributes:
        missing: records that could not be read, a line each; a sensor without a reading says itself why.
    """

    def __init__(self, sensors: Iterable[Sensor] = (), missing: Iterable[str] = ()) -> None:
        super().__init__(sensors)
        self.missing = list(missing)


class Sensors(SensorWriting):
    """The sensors of a controller, and of those behind it.

    >>> async for sensor in bmc.sensors():                   # doctest: +SKIP
    ...     print(sensor.name, sensor.reading, sensor.unit)  # doctest: +SKIP
    CPU1 Temp 47.0 degrees C
    """

    def __init__(self, bmc: Bmc) -> None:
        super().__init__(bmc)
        self._silent: dict[tuple[int, int, int, int], float] = {}
        self._row = 0
        self._as_bmc: set[int] = set()
        self._beyond: dict[int, bytes] = {}
        self._own: set[tuple[int, int]] = set()
        self._foreseen = Foreseen(bmc)

    async def __call__(self, *, thresholds: bool = False) -> AsyncIterator[Sensor]:
        """Read every sensor, in the order of the records.

        A sensor without a reading says why: absent, disabled, no answer in time, refused ... so the end of a
        deadline ends no listing.

        Args:
            thresholds: ask for their thresholds too, which takes another request for each.

        Raises:
            CompletionError: the controller has no records.
        """
        entries = await self._bmc.sdr.records()

        self._row = 0
        every = self._listed(entries)
        depth = await learned_depth(self._bmc, len(every))
        for start in range(0, len(every), CHUNK if depth > 1 else 1):
            some = every[start : start + (CHUNK if depth > 1 else 1)]
            if depth > 1:
                await self._foreseen.fetch(self._wanted(some, thresholds=thresholds))
            for sensor in some:
                yield await self._read(sensor, thresholds=thresholds)

    def _wanted(
        self, sensors: Iterable[Sensor], *, thresholds: bool
    ) -> Iterator[tuple[Target, int, int, bytes]]:
        """What will be asked of sensors, as far as that is known before."""
        for sensor in sensors:
            if (
                isinstance(sensor.record, EventOnlyRecord)
                or sensor.owner & _SOFTWARE
                or self._was_silent(sensor)
            ):
                continue
            target, data = self.target(sensor), bytes((sensor.number,))
            yield target, _READING.netfn, _READING.cmd, data
            if thresholds and sensor.has_thresholds and sensor.formula is not None:
                yield target, _THRESHOLDS.netfn, _THRESHOLDS.cmd, data

    async def list(self, *, thresholds: bool = False) -> Readings:
        """Read every sensor; as calling it, but all at once, with the records that are missing named."""
        entries = await self._bmc.sdr.records()
        found = Readings(missing=entries.missing)
        async for sensor in self(thresholds=thresholds):
            found.append(sensor)
        return found

    async def names(self) -> tuple[str, ...]:
        """Give the names of all sensors, without reading any."""
        return tuple(sensor.name for sensor in sensors_of(await self._bmc.sdr.records()))

    async def find(self, name: str) -> Sensor:
        """Give a sensor without reading it.

        Args:
            name: as its record has it; where there is none, upper and lower case do not matter.

        Raises:
            NotFound: there is no such sensor.
        """
        every = self._listed(await self._bmc.sdr.records())
        wanted = name.strip()
        for sensor in every:
            if sensor.name.strip() == wanted:
                return sensor
        for sensor in every:
            if sensor.name.strip().casefold() == wanted.casefold():
                return sensor
        raise NotFound(f"no sensor {name!r}")

    async def read(self, sensor: Sensor | str, *, thresholds: bool = True) -> Sensor:
        """Read one sensor, again if it was read before.

        Args:
            sensor: it, or its name.
            thresholds: ask for its thresholds too.

        Raises:
            NotFound: there is no sensor of that name.
        """
        known = await self.find(sensor) if isinstance(sensor, str) else sensor
        self._row = 0
        return await self._read(_blank(known), thresholds=thresholds)

    def _listed(self, entries: Iterable[SdrEntry]) -> tuple[Sensor, ...]:
        """The sensors of all records, of which the BMC's own are remembered by number."""
        every = tuple(sensors_of(entries))
        own = self._bmc.settings.target.address
        self._own = {(sensor.lun, sensor.number) for sensor in every if sensor.owner == own}
        return every

    # ---- one sensor

    async def _read(self, sensor: Sensor, *, thresholds: bool) -> Sensor:
        found = await self._tried(sensor, thresholds=thresholds)
        self._bmc.meet(*found.quirks)
        return found

    async def _tried(self, sensor: Sensor, *, thresholds: bool) -> Sensor:
        if isinstance(sensor.record, EventOnlyRecord):
            return unread(sensor, NoReading.EVENT_ONLY)
        if sensor.owner & _SOFTWARE:
            return unread(sensor, NoReading.SOFTWARE)
        if self._row >= _SILENT_IN_A_ROW or self._was_silent(sensor):
            return unread(sensor, NoReading.NO_ANSWER, None, "Q-MISSTIME")
        try:
            answer = await self._ask(sensor)
        except NoResponse:
            self._note_silence(sensor)
            return unread(sensor, NoReading.NO_ANSWER)
        self._row = 0
        if answer is self._beyond.get(sensor.owner):
            return unread(sensor, NoReading.UNREACHABLE, answer[0], "Q-NOSENDMSG")
        believe = "Q-SCANLIE" in self._bmc.settings.quirks
        found = read(sensor, answer, believe_disabled=believe)
        if sensor.owner in self._as_bmc:
            found = replace(found, quirks=found.quirks | {"Q-OWNER"})
        try:
            if needs_factors(found) and found.raw is not None and found.reading is not None:
                found = replace(found, reading=await self._by_factors(found, found.raw))
            if thresholds and found.has_thresholds and sensor.formula is not None:
                found = judged(replace(found, thresholds=await self.thresholds(sensor)))
        except (CompletionError, DecodeError, NoResponse):
            # What was read is worth more than nothing; ``thresholds`` stays None.
            return found
        return found

    async def _ask(self, sensor: Sensor) -> bytes:
        """Completion code and data of a reading; of the BMC itself where the owner cannot be reached."""
        command, data, target = _READING, bytes((sensor.number,)), self.target(sensor)
        foreseen = self._foreseen.take(target, command.netfn, command.cmd, data)
        if foreseen is not None:
            return foreseen
        bridged = target.address != self._bmc.settings.target.address
        answer = self._beyond.get(sensor.owner, b"") if bridged else b""
        try:
            if not answer:
                answer = await self._bmc.exchange(command.netfn, command.cmd, data, target=target)
        except NoResponse:
            if not bridged or over():
                raise
        if bridged and answer[:1] == bytes((Cc.INVALID_COMMAND,)):
            # QUIRK NVIDIA GB200: there is no Send Message (Q-NOSENDMSG). It is not tried for each sensor.
            answer = self._beyond.setdefault(sensor.owner, answer)
        if answer and (not bridged or answer[0] not in _UNREACHABLE):
            return answer
        if (sensor.lun, sensor.number) in self._own:
            # The BMC's sensor of that number is another one.
            if not answer:
                raise NoResponse(f"no answer from {sensor.owner:02X}h")
            return answer
        # QUIRK HP DL140 G1, Fujitsu RX300: the owner in the record is not the BMC although it is (Q-OWNER).
        own = replace(self._bmc.settings.target, lun=sensor.lun)
        second = await self._bmc.exchange(command.netfn, command.cmd, data, target=own)
        if second[0] or len(second) < _WHOLE_ANSWER:
            if not answer:
                raise NoResponse(f"no answer from {sensor.owner:02X}h")
            return answer
        self._as_bmc.add(sensor.owner)
        return second

    def target(self, sensor: Sensor) -> Target:
        """Tell whom a sensor's commands go to: its owner, at the LUN of its record (Q-LUN123)."""
        own = self._bmc.settings.target
        if sensor.owner in (own.address, *self._as_bmc) or own.address != BMC.address:
            return replace(own, lun=sensor.lun)
        return Target(address=sensor.owner, channel=sensor.channel, lun=sensor.lun)

    async def _by_factors(self, sensor: Sensor, raw: int) -> float | None:
        request = GetSensorReadingFactors(sensor_number=sensor.number, reading=raw)
        factors = await self._bmc.execute(request, target=self.target(sensor))
        assert sensor.formula is not None
        return formula(factors, sensor.formula.analog_format).value(raw)

    async def thresholds(self, sensor: Sensor | str) -> dict[str, float]:
        """Ask for a sensor's thresholds, in its unit and by name; those that it has.

        Raises:
            CompletionError: it has none.
        """
        known = await self.find(sensor) if isinstance(sensor, str) else sensor
        request, target = GetSensorThreshold(sensor_number=known.number), self.target(known)
        foreseen = self._foreseen.take(target, _THRESHOLDS.netfn, _THRESHOLDS.cmd, request.encode())
        answer = (
            await self._bmc.execute(request, target=target) if foreseen is None else heard(request, foreseen)
        )
        found: dict[str, float] = {}
        for one, name in NAMES.items():
            if one in answer.readable and known.formula is not None:
                raw = int(getattr(answer, name))
                by_factors = needs_factors(known)
                value = await self._by_factors(known, raw) if by_factors else known.formula.value(raw)
                if value is not None:
                    found[threshold_name(known, one)] = value
        return {name: found[name] for name in NAMES.values() if name in found}

    # ---- those that do not answer

    def _was_silent(self, sensor: Sensor) -> bool:
        since = self._silent.get(_key(sensor))
        return since is not None and waiting.running().time() - since < _SILENT_FOR

    def _note_silence(self, sensor: Sensor) -> None:
        if over():
            return  # the time for all of it is over; that is not the sensor's fault
        self._row += 1
        self._silent[_key(sensor)] = waiting.running().time()


def over() -> bool:
    """Whether the deadline of the whole operation has passed."""
    left = time_left()
    return left is not None and left <= 0


def _key(sensor: Sensor) -> tuple[int, int, int, int]:
    return sensor.owner, sensor.channel, sensor.lun, sensor.number


def _blank(sensor: Sensor) -> Sensor:
    """A sensor as if it had not been read."""
    return replace(
        sensor, reading=None, raw=None, states=(), state_bits=0, thresholds=None, by_value="",
        status="ns", reason=None,
        code=None, events_enabled=None,
    )  # fmt: skip
