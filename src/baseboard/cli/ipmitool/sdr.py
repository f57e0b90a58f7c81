"""``ipmitool sdr``: list, elist, type, entity, get, info, dump, fill."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.names import shown
from baseboard.cli.ipmitool.sdr_names import ENTITIES, SENSOR_TYPES, entity_name
from baseboard.cli.ipmitool.sdr_reading import (
    READABLE,
    SHORT,
    Reading,
    Sensors,
    chunks,
    is_threshold,
    number_of,
    readable,
    status_word,
)
from baseboard.cli.ipmitool.sdr_repository import SdrSource
from baseboard.cli.ipmitool.sdr_states import states
from baseboard.cli.ipmitool.text import byte
from baseboard.cli.results.sdr import SdrItem
from baseboard.client.foreseen import CHUNK
from baseboard.codes import SdrType
from baseboard.records.sdr import (
    CompactSensorRecord,
    EntityAssociationRecord,
    EventOnlyRecord,
    FullSensorRecord,
)

if TYPE_CHECKING:
    from baseboard.cli.call import Call
    from baseboard.cli.ipmitool.maker import Maker
    from baseboard.cli.ipmitool.sdr_lines import Locator
    from baseboard.cli.ipmitool.sdr_record import Entry

_KINDS: Final = {
    "all": None,
    "full": SdrType.FULL_SENSOR,
    "compact": SdrType.COMPACT_SENSOR,
    "event": SdrType.EVENT_ONLY,
    "mcloc": SdrType.MANAGEMENT_CONTROLLER_DEVICE_LOCATOR,
    "fru": SdrType.FRU_DEVICE_LOCATOR,
    "generic": SdrType.GENERIC_DEVICE_LOCATOR,
}
_NAMES: Final[dict[int, str]] = {
    SdrType.FULL_SENSOR: "full",
    SdrType.COMPACT_SENSOR: "compact",
    SdrType.EVENT_ONLY: "event-only",
    SdrType.MANAGEMENT_CONTROLLER_DEVICE_LOCATOR: "controller",
    SdrType.FRU_DEVICE_LOCATOR: "fru",
    SdrType.GENERIC_DEVICE_LOCATOR: "generic",
}
_ANY_INSTANCE: Final = 0x7F

USAGE: Final = """\
usage: sdr <command> [options]
               list | elist [option]
                     all           All SDR Records
                     full          Full Sensor Record
                     compact       Compact Sensor Record
                     event         Event-Only Sensor Record
                     mcloc         Management Controller Locator Record
                     fru           FRU Locator Record
                     generic       Generic Device Locator Record

               type [option]
                     <Sensor_Type> Retrieve the state of specified sensor.
                                   Sensor_Type can be specified either as
                                   a string or a hex value.
                     list          Get a list of available sensor types

               get <Sensor_ID>
                     Retrieve state of the first sensor matched by Sensor_ID

               info
                     Display information about the repository itself

               entity <Entity_ID>[.<Instance_ID>]
                     Display all sensors associated with an entity

               dump <file>
                     Dump raw SDR data to a file

               fill <option>
                     sensors       Creates the SDR repository for the current
                                   configuration
                     nosat         Creates the SDR repository for the current
                                   configuration, without satellite scan
                     file <file>   Load SDR repository from a file
                     range <range> Load SDR repository from a provided list
                                   or range. Use ',' for list or '-' for
                                   range, eg. 0x28,0x32,0x40-0x44
"""


async def run(call: Call, words: list[str]) -> int:
    """Run ``sdr`` and its words."""
    source = SdrSource(call, await call.bmc())
    match words:
        case []:
            return await _listing(Printer(source), _sensors_only)
        case ["help", *_]:
            call.err(USAGE, end="")
            return 0
        case ["list" | "elist" as verb, *rest]:
            return await _list(source, verb, rest)
        case ["type", *rest]:
            return await _type(source, rest)
        case ["entity", *rest]:
            return await _entity(source, rest)
        case ["get", *rest]:
            return await _get(source, rest)
        case ["info", *_]:
            from baseboard.cli.ipmitool.sdr_stored import info

            return await info(call)
        case ["dump", *rest]:
            from baseboard.cli.ipmitool.sdr_stored import dump

            return await dump(source, rest)
        case ["fill", *rest]:
            from baseboard.cli.ipmitool.sdr_fill import fill

            return await fill(source, rest)
        case _:
            call.err(f"Invalid SDR command: {words[0]}")
            return 1


# ---- what is listed


def _sensors_only(entry: Entry) -> bool:
    return isinstance(entry.record, READABLE)


async def _list(source: SdrSource, verb: str, words: list[str]) -> int:
    call = source.call
    usage = f"usage: sdr {verb} [all|full|compact|event|mcloc|fru|generic]"
    printer = Printer(source, extended=verb == "elist")
    if not words:
        return await _listing(printer, _sensors_only)
    if words[0] in _KINDS:
        kind = _KINDS[words[0]]
        return await _listing(printer, lambda entry: kind is None or entry.kind == kind)
    if words[0] != "help":
        call.err(f"Invalid SDR {verb} command: {words[0]}")
    call.err(usage)
    return 0 if words[0] == "help" else 1


async def _listing(printer: Printer, wanted: Callable[[Entry], bool]) -> int:
    """Print the records that are wanted as they are read."""
    source = printer.source
    if not await source.open():
        return 1

    async def chosen() -> AsyncIterator[Entry]:
        async for entry in source.entries():
            if wanted(entry):
                yield entry

    at_hand = await source.at_hand()
    await printer.print(chosen() if at_hand is None else [entry for entry in at_hand if wanted(entry)])
    for _ in source.failed:
        source.call.err("ipmitool: ipmi_sdr_get_record() failed")
    return 1 if source.failed else 0


async def _type(source: SdrSource, words: list[str]) -> int:
    call = source.call
    if not words or words[0].lower() in {"help", "list"}:
        _types(call)
        return 0
    number = _type_number(words[0])
    if number is None:
        if words[0].startswith("0x"):
            call.err(f'Given type of sensor "{words[0]}" is either invalid or out of range.')
            return 1
        call.err(f'Sensor Type "{words[0]}" not found.')
        _types(call)
        return 0

    def matches(entry: Entry) -> bool:
        record = entry.record
        return (
            isinstance(record, FullSensorRecord | CompactSensorRecord | EventOnlyRecord)
            and record.sensor_type == number
        )

    await Printer(source, extended=True).print(await source.select(matches))
    return 0


def _type_number(word: str) -> int | None:
    """The sensor type that a word means: hexadecimal after 0x, or a name in any case."""
    if word.startswith("0x"):
        return byte(word)
    wanted = word.lower()
    return next((x for x, name in enumerate(SENSOR_TYPES[:-1]) if x and name.lower() == wanted), None)


def _types(call: Call) -> None:
    call.out("Sensor Types:")
    for x in range(1, len(SENSOR_TYPES) - 1, 2):
        call.out(f"\t{SENSOR_TYPES[x]:<25} (0x{x:02x})   {SENSOR_TYPES[x + 1]:<25} (0x{x + 1:02x})")


async def _entity(source: SdrSource, words: list[str]) -> int:
    call = source.call
    if not words or words[0].lower() in {"help", "list"}:
        _entities(call)
        return 0
    place = _place(words[0])
    if place is None:
        call.err(f"Invalid entity: {words[0]}")
        return 1
    number, instance = place

    def matches(entry: Entry) -> bool:
        record = entry.record
        if isinstance(record, EntityAssociationRecord):
            return False
        return record.entity_id == number and instance in (_ANY_INSTANCE, record.entity_instance)

    await Printer(source, extended=True).print(await source.select(matches))
    return 0


def _place(word: str) -> tuple[int, int] | None:
    """Entity ID and instance that a word means: ``3.1``, ``3`` or a name."""
    found = re.match(r"\s*([+-]?\d+)(?:\.\s*([+-]?\d+))?", word)
    if found is not None:
        instance = _ANY_INSTANCE if found[2] is None else int(found[2]) & 0x7F
        return int(found[1]) & 0xFF, instance
    named = [number for number, name in ENTITIES.items() if name.lower() == word.lower()]
    return (named[-1], _ANY_INSTANCE) if named else None


def _entities(call: Call) -> None:
    call.out("\nEntity IDs:\n")
    pairs = list(ENTITIES.items())
    for one, two in zip(pairs[::2], pairs[1::2], strict=False):
        call.out(f"  {one[0]:4d}  {one[1]:<32}    {two[0]:4d}  {two[1]:<32}")
    if len(pairs) % 2:
        call.out(f"  {pairs[-1][0]:4d}  {pairs[-1][1]:<32}")
    call.out()


async def _get(source: SdrSource, words: list[str]) -> int:
    call = source.call
    if not words:
        call.err("No Sensor ID supplied")
        return 1
    printer = Printer(source, verbose=1)
    for word in words:
        entry = await source.named(word)
        if entry is None:
            call.err(f"Unable to find sensor id '{word}'")
        else:
            await printer.print([entry])
    return 0


# ---- what was found


def _item(entry: Entry, record: Locator) -> SdrItem:
    return SdrItem(
        record_id=entry.record_id,
        record_type=_NAMES[entry.kind],
        name=shown(entry.device_name),
        entity=f"{record.entity_id:d}.{record.entity_instance:d}",
        entity_name=entity_name(record.entity_id),
        sensor_number=record.sensor_number if isinstance(record, EventOnlyRecord) else None,
    )


def _sensor_item(entry: Entry, reading: Reading, maker: Maker) -> SdrItem:
    record = readable(entry)
    discrete = not is_threshold(record)
    status = ("ok" if reading.valid else "ns") if discrete else status_word(reading, "ns", SHORT)
    rows = maker.rows(record.sensor_type, record.event_type) if discrete and reading.valid else ()
    return SdrItem(
        record_id=entry.record_id,
        record_type=_NAMES[entry.kind],
        name=shown(entry.sensor_name),
        entity=f"{record.entity_id:d}.{record.entity_instance:d}",
        entity_name=entity_name(record.entity_id),
        sensor_number=record.sensor_number,
        sensor_type=maker.sensor_type(record.sensor_type),
        status=status,
        raw=reading.raw if reading.valid else None,
        value=number_of(reading),
        unit=reading.unit if reading.analog else "",
        states=tuple(states(rows, reading.low, reading.high)),
    )


# ---- how it is printed


class Printer:
    """Prints records, those of sensors with what they say now.

    Args:
        extended: the long line, of ``elist`` and ``type``.
        verbose: blocks instead of lines; None: as ``-v`` says.
    """

    def __init__(self, source: SdrSource, *, extended: bool = False, verbose: int | None = None) -> None:
        self.source, self.extended = source, extended
        self.verbose = source.call.verbose if verbose is None else verbose
        self._sensors = Sensors(source)
        self._plain = not (extended or self.verbose or source.call.csv or source.call.noting)

    async def print(self, entries: AsyncIterator[Entry] | list[Entry]) -> None:
        """Print them in their order; several are asked at a time where the controller bears it."""
        from baseboard.cli.ipmitool.sdr_lines import steady_line

        call, sensors = self.source.call, self._sensors
        depth = await self.source.depth(len(entries) if isinstance(entries, list) else None)
        async for some in chunks(entries, CHUNK if depth > 1 else 1):
            await sensors.foresee(some, events=bool(self.verbose) and not call.csv)
            for entry in some:
                if self._plain and entry.steady:
                    call.out(steady_line(entry.raw, await sensors.asked(entry)))
                    continue
                for line in await self._lines(entry):
                    call.out(line)

    async def _lines(self, entry: Entry) -> list[str]:
        record, call = entry.record, self.source.call
        if isinstance(record, EntityAssociationRecord):
            return []
        maker = await self.source.known_maker(int(getattr(record, "sensor_type", 0)))
        if not isinstance(record, FullSensorRecord | CompactSensorRecord):
            if call.noting:
                call.result(_item(entry, record))
            if self.verbose:
                from baseboard.cli.ipmitool.sdr_blocks import locator_block

                return locator_block(entry, record, maker)
            from baseboard.cli.ipmitool.sdr_lines import locator_line

            return [locator_line(entry, record, csv=call.csv, extended=self.extended)]
        reading = await self._sensors.read(entry, 2)
        if call.noting:
            call.result(_sensor_item(entry, reading, maker))
        return await self._sensor(entry, reading)

    async def _sensor(self, entry: Entry, reading: Reading) -> list[str]:
        from baseboard.cli.ipmitool import sdr_lines

        maker = self.source.maker
        if self.source.call.csv:
            verbose, extended = bool(self.verbose), self.extended
            return [sdr_lines.sensor_csv(entry, reading, maker, verbose=verbose, extended=extended)]
        if self.verbose:
            from baseboard.cli.ipmitool.sdr_blocks import sensor_block

            record = readable(entry)
            status = await self._sensors.event_status(record)
            enables = await self._sensors.event_enables(record)
            return sensor_block(entry, reading, status, enables, maker)
        if self.extended:
            return [sdr_lines.sensor_extended_line(entry, reading, maker)]
        return [sdr_lines.sensor_line(entry, reading)]
