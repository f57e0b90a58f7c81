"""``ipmitool sensor``: list, get, reading, thresh."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.names import shown
from baseboard.cli.ipmitool.sdr_reading import (
    SHORT,
    Sensors,
    chunks,
    is_threshold,
    number_of,
    readable,
    status_word,
)
from baseboard.cli.ipmitool.sdr_repository import SdrSource
from baseboard.cli.ipmitool.sdr_states import states
from baseboard.cli.ipmitool.sensor_lines import (
    discrete_block,
    discrete_line,
    threshold_block,
    threshold_line,
    threshold_values,
)
from baseboard.cli.results.sensor import SensorItem, SensorReading, Thresholds
from baseboard.client.foreseen import CHUNK
from baseboard.records.sdr import CompactSensorRecord, FullSensorRecord

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from baseboard.cli.call import Call
    from baseboard.cli.ipmitool.sdr_reading import Reading
    from baseboard.cli.ipmitool.sdr_record import Entry

GET_USAGE: Final = """\
sensor get <id> ... [id]
   id        : name of desired sensor
"""

READING_USAGE: Final = """\
sensor reading <id> ... [id]
   id        : name of desired sensor
"""


async def run(call: Call, words: list[str]) -> int:
    """Run ``sensor`` and its words."""
    source = SdrSource(call, await call.bmc())
    match words:
        case [] | ["list", *_]:
            return await _list(call)
        case ["help", *_]:
            call.err("Sensor Commands:  list thresh get reading")
            return 0
        case ["get", *rest]:
            return await _get(source, rest)
        case ["reading", *rest]:
            return await _reading(source, rest)
        case ["thresh", *rest]:
            from baseboard.cli.ipmitool.sensor_thresholds import thresh

            return await thresh(source, rest)
        case _:
            call.err(f"Invalid sensor command: {words[0]}")
            return 1


async def _list(call: Call) -> int:
    # ipmitool asks the controller for this list, whatever file -S names.
    source = SdrSource(call, await call.bmc(), file=False)
    if not await source.open():
        return 1

    async def sensors() -> AsyncIterator[Entry]:
        async for entry in source.entries():
            if isinstance(entry.record, FullSensorRecord | CompactSensorRecord):
                yield entry

    printer = SensorPrinter(source)
    async for some in chunks(sensors(), CHUNK if await source.depth() > 1 else 1):
        await printer.foresee(some)
        for entry in some:
            for line in (await printer.lines(entry))[0]:
                call.out(line)
    return 0


async def _get(source: SdrSource, words: list[str]) -> int:
    call = source.call
    if not words:
        call.err("Not enough parameters given.")
    if not words or words[0] == "help":
        call.err(GET_USAGE, end="")
        return 0 if words else 1
    call.out("Locating sensor record...")
    printer = SensorPrinter(source, verbose=1)
    code = 0
    for word in words:
        entry = await source.named(word)
        if entry is None:
            call.err(f'Sensor data record "{word}" not found!')
            code = 1
        elif isinstance(entry.record, FullSensorRecord | CompactSensorRecord):
            lines, valid = await printer.lines(entry)
            for line in lines:
                call.out(line)
            code = code if valid else 1
        else:
            from baseboard.cli.ipmitool.sdr import Printer

            await Printer(source, verbose=1).print([entry])
    return code


async def _reading(source: SdrSource, words: list[str]) -> int:
    call = source.call
    if not words or words[0] == "help":
        call.err(READING_USAGE, end="")
        return 1
    asked = Sensors(source)
    code = 0
    for word in words:
        entry = await source.named(word)
        if entry is None:
            call.err(f'Sensor "{word}" not found!')
            code = 1
        elif isinstance(entry.record, FullSensorRecord | CompactSensorRecord):
            reading = await asked.read(entry, 3)
            if isinstance(entry.record, CompactSensorRecord) or not reading.valid:
                continue
            if not reading.analog:
                call.err(f'Sensor "{word}" is a discrete sensor!')
                continue
            call.result(SensorReading(name=word, value=number_of(reading), unit=reading.unit))
            call.out(f"{word},{reading.text}" if call.csv else f"{word:<16} | {reading.text}")
    return code


class SensorPrinter:
    """Asks sensors and makes their lines.

    Args:
        verbose: blocks instead of lines; None: as ``-v`` says.
    """

    def __init__(self, source: SdrSource, *, verbose: int | None = None) -> None:
        self._source = source
        self._verbose = source.call.verbose if verbose is None else verbose
        self._sensors = Sensors(source)

    async def foresee(self, entries: Iterable[Entry]) -> None:
        """Ask in one go what the lines about several sensors are made of."""
        events = bool(self._verbose) and not self._source.call.csv
        await self._sensors.foresee(entries, thresholds=True, events=events)

    async def lines(self, entry: Entry) -> tuple[list[str], bool]:
        """The lines about one sensor, and whether it has a valid reading."""
        record, call = readable(entry), self._source.call
        maker = await self._source.known_maker(record.sensor_type)
        reading = await self._sensors.read(entry, 3)
        if not is_threshold(record):
            rows = maker.rows(record.sensor_type, record.event_type) if reading.valid else ()
            held = tuple(states(rows, reading.low, reading.high))
            if call.noting:
                call.result(_item(entry, reading, maker.sensor_type(record.sensor_type), held, None))
            if self._verbose and not call.csv:
                return discrete_block(entry, reading, maker), reading.valid
            return [discrete_line(entry, reading, csv=call.csv)], reading.valid
        thresholds = await self._sensors.thresholds(record)
        if call.noting:
            call.result(_item(entry, reading, maker.sensor_type(record.sensor_type), (), thresholds))
        if not self._verbose or call.csv:
            verbose = bool(self._verbose)
            line = threshold_line(entry, reading, thresholds, csv=call.csv, verbose=verbose)
            return [line], reading.valid
        status = await self._sensors.event_status(record)
        enables = await self._sensors.event_enables(record)
        return threshold_block(entry, reading, thresholds, status, enables, maker), reading.valid


def _item(
    entry: Entry, reading: Reading, sensor_type: str, held: tuple[str, ...], thresholds: bytes | None
) -> SensorItem:
    record = readable(entry)
    status = "ok" if reading.valid else "na"
    if is_threshold(record):
        status = status_word(reading, "na", SHORT)
    return SensorItem(
        name=shown(entry.sensor_name),
        number=record.sensor_number,
        sensor_type=sensor_type,
        entity=f"{record.entity_id:d}.{record.entity_instance:d}",
        status=status,
        raw=reading.raw if reading.valid else None,
        value=number_of(reading),
        unit=reading.unit if reading.analog else "",
        states=held,
        thresholds=_limits(entry, thresholds) if thresholds else None,
    )


def _limits(entry: Entry, thresholds: bytes) -> Thresholds:
    values = [
        None if value is None or not math.isfinite(value) else float(f"{value:.10g}")
        for value in threshold_values(entry, thresholds)
    ]
    return Thresholds(
        lower_non_recoverable=values[0],
        lower_critical=values[1],
        lower_non_critical=values[2],
        upper_non_critical=values[3],
        upper_critical=values[4],
        upper_non_recoverable=values[5],
    )
