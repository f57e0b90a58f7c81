"""Readings of sensors as ipmitool takes them: what is valid, what is a number, what is only a state."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Awaitable, Iterable, Sequence
from typing import TYPE_CHECKING, Final, TypeVar

from baseboard.cli.ipmitool.maker import HP
from baseboard.cli.ipmitool.names import shown
from baseboard.cli.ipmitool.sdr_names import unit_name
from baseboard.cli.ipmitool.sdr_values import shortest
from baseboard.client.foreseen import Foreseen
from baseboard.errors import NoResponse
from baseboard.records.sdr import CompactSensorRecord, FullSensorRecord
from baseboard.wire.value import Changing

if TYPE_CHECKING:
    from baseboard.cli.ipmitool.sdr_record import Entry, Readable
    from baseboard.cli.ipmitool.sdr_repository import SdrSource
    from baseboard.client.interface import Target

T = TypeVar("T")

READABLE: Final = (FullSensorRecord, CompactSensorRecord)
"""The records of sensors that can be read."""

_SENSOR: Final = 0x04
_FACTORS, _THRESHOLDS, _ENABLES, _STATUS, _READING = 0x23, 0x27, 0x29, 0x2B, 0x2D
_THRESHOLD: Final = 0x01

_UNAVAILABLE, _SCANNING = 0x20, 0x40
_NON_LINEAR: Final = range(0x70, 0x80)
_TEXT: Final = 15
"""Characters of a value; ipmitool cuts what is longer."""

_STATUS_WORDS: Final = (
    (0x04, ("Lower Non-Recoverable", "lnr", "nr")),
    (0x20, ("Upper Non-Recoverable", "unr", "nr")),
    (0x02, ("Lower Critical", "lcr", "cr")),
    (0x10, ("Upper Critical", "ucr", "cr")),
    (0x01, ("Lower Non-Critical", "lnc", "nc")),
    (0x08, ("Upper Non-Critical", "unc", "nc")),
)


class Reading(Changing):
    """One reading of one sensor.

    Attributes:
        answered: whether there was an answer that says something.
        valid: whether raw byte and states mean anything.
        disabled: scanning is off.
        unavailable: the controller says that it has none.
        raw: the byte.
        low: states 7 to 0, or thresholds reached.
        high: states 14 to 8.
        analog: whether it stands for a number.
        value: that number.
        text: that number with the decimals asked for.
        unit: what it counts.
    """

    answered: bool = False
    valid: bool = False
    disabled: bool = False
    unavailable: bool = False
    raw: int = 0
    low: int = 0
    high: int = 0
    analog: bool = False
    value: float = 0.0
    text: str = ""
    unit: str = ""

    @property
    def value_text(self) -> str:
        """Number and unit, cut to what ipmitool keeps of them."""
        return f"{self.text} {self.unit}"[:_TEXT]


def status_word(reading: Reading, otherwise: str, style: int) -> str:
    """Say which threshold is reached; the worst one wins, lower before upper.

    Args:
        otherwise: what to say without a valid reading.
        style: 0 in words, 1 in three letters, 2 in two.
    """
    if not reading.valid:
        return otherwise
    return next((words[style] for bit, words in _STATUS_WORDS if reading.low & bit), "ok")


WORDS, EXTENDED, SHORT = 0, 1, 2
"""Styles of `status_word`."""


def is_threshold(record: Readable) -> bool:
    """Whether a sensor is one with thresholds."""
    return record.event_type == _THRESHOLD


class Sensors:
    """Asks for what sensors say, each at its owner."""

    def __init__(self, source: SdrSource) -> None:
        self._source = source
        self._foreseen = Foreseen(source.bmc)
        self._targets: dict[tuple[int, int, int], Target] = {}

    async def foresee(
        self, entries: Iterable[Entry], *, thresholds: bool = False, events: bool = False
    ) -> None:
        """Ask in one go what is wanted of sensors; of a controller that bears one request at a time, nothing.

        Args:
            thresholds: their thresholds too.
            events: which events they send and have sent, too.
        """
        more = (_THRESHOLDS,) * thresholds + (_STATUS, _ENABLES) * events
        wanted: list[tuple[Target, int, int, bytes]] = []
        for record in [entry.record for entry in entries]:
            if isinstance(record, READABLE):
                target, data = self.target(record), bytes((record.sensor_number,))
                wanted.append((target, _SENSOR, _READING, data))
                if more and (is_threshold(record) or not thresholds):
                    wanted += [(target, _SENSOR, cmd, data) for cmd in more]
        await self._foreseen.fetch(wanted)

    def target(self, record: Readable) -> Target:
        """Give where a sensor is asked: its owner on its channel, behind the same bridge as all else."""
        place = record.owner_id, record.channel, record.owner_lun
        target = self._targets.get(place)
        if target is None:
            target = self._targets[place] = self._target(record)
        return target

    def _target(self, record: Readable) -> Target:
        chosen = self._source.bmc.settings.target
        return chosen.replace(address=record.owner_id, channel=record.channel, lun=record.owner_lun)

    async def ask(self, record: Readable, cmd: int) -> bytes | None:
        """Send a request that names the sensor alone; the answer's data, None without any."""
        target, data = self.target(record), bytes((record.sensor_number,))
        try:
            answer = self._foreseen.take(target, _SENSOR, cmd, data)
            if answer is None:
                answer = await self._source.bmc.exchange(_SENSOR, cmd, data, target=target)
        except NoResponse:
            return None
        return None if answer[0] else answer[1:]

    async def thresholds(self, record: Readable) -> bytes | None:
        """Get Sensor Thresholds: seven bytes; None if there are none to be had."""
        data = await self.ask(record, _THRESHOLDS)
        return data.ljust(7, b"\0") if data else None

    async def event_status(self, record: Readable) -> bytes | None:
        """Get Sensor Event Status."""
        return await self.ask(record, _STATUS)

    async def event_enables(self, record: Readable) -> bytes | None:
        """Get Sensor Event Enable."""
        return await self.ask(record, _ENABLES)

    async def read(self, entry: Entry, decimals: int) -> Reading:
        """Read a sensor.

        Args:
            decimals: of a number that is not integral.
        """
        record = readable(entry)
        reading = taken(await self.ask(record, _READING))
        if not reading.disabled and reading.answered and await self._has_number(entry, reading):
            measure(entry, reading, decimals)
        return reading

    def asked(self, entry: Entry) -> Awaitable[bytes | None]:
        """Get Sensor Reading: its data; None if there was none."""
        return self.ask(readable(entry), _READING)

    async def _has_number(self, entry: Entry, reading: Reading) -> bool:
        record, factors = entry.record, entry.factors
        if not isinstance(record, FullSensorRecord) or factors is None or factors.discrete:
            return False
        if not is_threshold(record):
            # No number by the specification; but HP's discrete sensors with a unit have one.
            unit = record.percentage or record.modifier_use or record.base_unit or record.modifier_unit
            if not unit or (await self._source.known_maker()).number != HP:
                return False
        if factors.linearization in _NON_LINEAR and not await self._renew(entry, reading.raw):
            reading.valid = False
            return False
        return True

    async def _renew(self, entry: Entry, raw: int) -> bool:
        """Get Sensor Reading Factors: those of a non-linear sensor hold for one reading (§35.5)."""
        record, factors = readable(entry), entry.factors
        assert factors is not None
        request = bytes((record.sensor_number, raw))
        try:
            answer = await self._source.bmc.exchange(_SENSOR, _FACTORS, request, lun=record.owner_lun)
        except NoResponse:
            name = shown(entry.whole_name[:16])
            self._source.call.err(
                f"Error updating reading factor for sensor {name} (#{record.sensor_number:02x})"
            )
            return False
        if answer[0]:
            return False
        # Next reading, then the bytes as a full record has them from 25 to 30.
        data = answer[2:].ljust(6, b"\0")
        factors.m = _signed(data[0] | (data[1] & 0xC0) << 2, 10)
        factors.tolerance = data[1] & 0x3F
        factors.b = _signed(data[2] | (data[3] & 0xC0) << 2, 10)
        factors.r_exp, factors.b_exp = _signed(data[5] >> 4, 4), _signed(data[5] & 0x0F, 4)
        return True


def taken(data: bytes | None) -> Reading:
    """What an answer to Get Sensor Reading says, but for what the record makes of it."""
    reading = Reading()
    if data is None or len(data) < 2:
        return reading
    reading.answered = True
    reading.unavailable = bool(data[1] & _UNAVAILABLE)
    if not data[1] & _SCANNING:
        reading.disabled = True
        return reading
    if not reading.unavailable:
        reading.valid, reading.raw = True, data[0]
    reading.low = data[2] if len(data) > 2 else 0
    reading.high = data[3] if len(data) > 3 else 0
    return reading


def measure(entry: Entry, reading: Reading, decimals: int) -> None:
    """Put the number into a reading that stands for one."""
    assert entry.factors is not None
    reading.analog = True
    if reading.valid:
        reading.value = entry.factors.value(reading.raw)
    reading.unit = unit_of(readable(entry))
    reading.text = shortest(reading.value, decimals)[:_TEXT]


def number_of(reading: Reading) -> float | None:
    """Give a reading's number for other programs, without what C's doubles add to it; None without one."""
    if not reading.analog or not reading.valid or not math.isfinite(reading.value):
        return None
    return float(f"{reading.value:.10g}")


def _signed(bits: int, width: int) -> int:
    return bits - (1 << width) if bits >> width - 1 else bits


def readable(entry: Entry) -> Readable:
    """Give a record that is known to be of a sensor that can be read."""
    record = entry.record
    assert isinstance(record, READABLE)
    return record


def unit_of(record: Readable) -> str:
    """Name what a sensor counts."""
    return unit_name(
        percentage=record.percentage,
        modifier_use=record.modifier_use,
        base=record.base_unit,
        modifier=record.modifier_unit,
    )


async def chunks(things: AsyncIterator[T] | Sequence[T], size: int) -> AsyncIterator[Sequence[T]]:
    """Give things in their order, so many together."""
    if not isinstance(things, AsyncIterator):
        for start in range(0, len(things), size):
            yield things[start : start + size]
        return
    some: list[T] = []
    async for thing in things:
        some.append(thing)
        if len(some) >= size:
            yield some
            some = []
    if some:
        yield some
