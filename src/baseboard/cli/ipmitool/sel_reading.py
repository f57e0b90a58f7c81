"""The entries of an event log: ``sel list``, ``sel elist``, ``sel get``."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.names import shown
from baseboard.cli.ipmitool.sdr_repository import SdrSource
from baseboard.cli.ipmitool.sel_lines import LogPrinter
from baseboard.cli.ipmitool.sel_record import SIZE, LogEntry
from baseboard.cli.ipmitool.text import completion, number
from baseboard.client.bmc import Bmc
from baseboard.client.chain import Ahead, bearable
from baseboard.client.interface import BMC
from baseboard.commands.storage.sel import GetSelEntry, GetSelInfo
from baseboard.errors import DecodeError, NoResponse
from baseboard.records.sdr import (
    CompactSensorRecord,
    EventOnlyRecord,
    FruDeviceLocatorRecord,
    FullSensorRecord,
)
from baseboard.records.sdr.locators import LOGICAL_FRU

if TYPE_CHECKING:
    from baseboard.cli.call import Call
    from baseboard.cli.ipmitool.sdr_record import Entry

_STORAGE: Final = 0x0A
_INFO, _GET = 0x40, 0x43
LAST: Final = 0xFFFF

_IPMI_FRU: Final = 0x02
_MEMORIES: Final = range(0x08, 0x10)
"""Device types of serial EEPROMs (Table 43-12)."""

_INT: Final = (-(1 << 31), (1 << 31) - 1)


async def read_entry(call: Call, record_id: int) -> tuple[int, LogEntry] | None:
    """Read one entry: the next one's ID, and this one; None and a line on standard error if it cannot be."""
    bmc = await call.bmc()
    request = b"\0\0" + record_id.to_bytes(2, "little") + b"\x00\xff"
    try:
        answer = await bmc.exchange(_STORAGE, _GET, request)
    except NoResponse:
        call.err(f"Get SEL Entry {record_id:x} command failed")
        return None
    if answer[0]:
        call.err(f"Get SEL Entry {record_id:x} command failed: {completion(answer[0])}")
        return None
    return int.from_bytes(answer[1:3], "little"), LogEntry.received(answer[3:])


async def _next(call: Call, record_id: int, again: int) -> tuple[int, LogEntry] | None:
    """Read an entry, and once more if its follower is said to be 0: some controllers do so at times."""
    found = await read_entry(call, record_id)
    if found is None or not found[0]:
        found = await read_entry(call, again)
    return found if found is not None and found[0] else None


async def _count(call: Call) -> int | None:
    """How many entries there are; None and a line on standard error if the controller does not say."""
    bmc = await call.bmc()
    try:
        answer = await bmc.exchange(_STORAGE, _INFO)
    except NoResponse:
        call.err("Get SEL Info command failed")
        return None
    if answer[0]:
        call.err(f"Get SEL Info command failed: {completion(answer[0])}")
        return None
    return int.from_bytes(answer[2:4], "little")


async def entries(call: Call, count: int) -> AsyncIterator[LogEntry]:
    """Give entries from the first on.

    Args:
        count: the first so many; less than 0: the last so many; 0: all.
    """
    bmc = await call.bmc()
    ahead = Ahead(partial(_at_once, bmc), *await bearable(bmc, partial(_expected, bmc, count)))
    try:
        async for entry in _chain(call, count, ahead):
            yield entry
    finally:
        await ahead.close()


async def _expected(bmc: Bmc, count: int) -> int:
    """How many entries are to be read."""
    there = (await bmc.execute(GetSelInfo())).entries
    return min(count, there) if count > 0 else there


async def _at_once(bmc: Bmc, record_id: int) -> tuple[int, LogEntry]:
    """The next entry's ID, and this one; an entry that is not as it should be is read again by others."""
    answer = await bmc.execute(GetSelEntry(record_id=record_id))
    if not answer.next_record_id or len(answer.data) < SIZE:
        raise DecodeError(f"entry {record_id:04X}h (§31.6)")
    return answer.next_record_id, LogEntry.received(answer.data)


async def _chain(call: Call, count: int, ahead: Ahead[tuple[int, LogEntry]]) -> AsyncIterator[LogEntry]:
    cursor = 0
    if count < 0:
        there = await _count(call)
        if there is None:
            return
        for _ in range(max(there + count, 0)):
            found = await ahead.take(cursor) or await _next(call, cursor, 0)
            if found is None:
                cursor = 0
                break
            ahead.follow(cursor or found[1].record_id, found[0])
            cursor = found[0]
    seen: set[int] = set()
    given = 0
    while cursor != LAST and cursor not in seen:
        seen.add(cursor)
        found = await ahead.take(cursor) or await _next(call, cursor, cursor)
        if found is None:
            return
        ahead.follow(cursor or found[1].record_id, found[0])
        cursor = found[0]
        yield found[1]
        given += 1
        if given == count:
            return


async def any_entries(call: Call) -> bool | None:
    """Whether the log has entries; None if that cannot be told. Standard error has what there is to say."""
    count = await _count(call)
    if count == 0:
        call.err("SEL has no entries")
    return None if count is None else bool(count)


async def listing(call: Call, words: list[str], *, extended: bool) -> int:
    """``sel list``, ``sel elist``: all entries, the first or the last so many."""
    count, sign = 0, 1
    if len(words) == 2:
        if words[0] not in {"first", "last"}:
            call.err("Unknown sel list option")
            return 1
        sign = -1 if words[0] == "last" else 1
    if len(words) in {1, 2}:
        wanted = number(words[-1], *_INT)
        if wanted is None:
            call.err(f"Numeric argument required; got '{words[-1]}'")
            return 1
        count = wanted * sign
    some = await any_entries(call)
    if not some:
        return 1 if some is None else 0
    printer = LogPrinter(SdrSource(call, await call.bmc()), extended=extended)
    async for entry in entries(call, count):
        await printer.print(entry)
    return 0


# ---- get


async def get(call: Call, words: list[str]) -> int:
    """``sel get``: entries by their IDs, and the sensors that they are about."""
    if not words:
        call.err("usage: sel get <entry>")
        return 0
    if words[0] == "help":
        call.err("usage: sel get <id>...<id>")
        return 1
    source = SdrSource(call, await call.bmc())
    printer = LogPrinter(source)
    code = 0
    for place, word in enumerate(words, 1):
        record_id = number(word, 0, 0xFFFF)
        if record_id is None:
            call.err(f"Given SEL ID '{word}' is invalid.")
            code = 1
            continue
        found = await read_entry(call, record_id)
        if found is None or not found[0]:
            code = 1
            continue
        entry = found[1]
        if not (entry.sensor_number or entry.sensor_type or entry.kind):
            call.err(f"SEL Entry 0x{record_id:x} not found")
            code = 1
            continue
        sensor = await printer.show(entry)
        if sensor is not None:
            await _sensor(source, sensor)
            if place < len(words):
                call.out("----------------------\n")
    return code


async def _sensor(source: SdrSource, sensor: Entry) -> None:
    """Print what the sensor of an event says now, and the inventories of what it is a sensor of."""
    verbose = source.call.verbose or 1
    record = sensor.record
    if isinstance(record, EventOnlyRecord):
        from baseboard.cli.ipmitool.sdr import Printer

        await Printer(source, verbose=verbose).print([sensor])
    else:
        from baseboard.cli.ipmitool.sensor import SensorPrinter

        lines, _ = await SensorPrinter(source, verbose=verbose).lines(sensor)
        for line in lines:
            source.call.out(line)
    assert isinstance(record, FullSensorRecord | CompactSensorRecord | EventOnlyRecord)
    entity, instance = record.entity_id, record.entity_instance

    def matches(one: Entry) -> bool:
        place = one.record
        return (
            isinstance(place, FruDeviceLocatorRecord)
            and place.entity_id == entity
            and instance in (0x7F, place.entity_instance)
        )

    for one in await source.select(matches):
        await _inventory(source.call, one)


async def _inventory(call: Call, entry: Entry) -> None:
    """Print an inventory that a record leads to; one on a bus of its own only if it is known how."""
    record = entry.record
    assert isinstance(record, FruDeviceLocatorRecord)
    kind, modifier = record.device_type, record.device_type_modifier
    if kind != LOGICAL_FRU and not (modifier == _IPMI_FRU and kind in _MEMORIES):
        return
    if record.access_address == BMC.address and not record.fru_device_id:
        return
    name = shown(entry.sensor_name)
    call.out(f"FRU Device Description : {name} (ID {record.fru_device_id})")
    if modifier in (0, _IPMI_FRU):
        from baseboard.cli.ipmitool.fru import run as run_fru

        there = _at(call, await call.bmc(), record)
        await run_fru(there, ["print", str(record.fru_device_id)])
        for found in there.results:
            call.result(found)
    elif call.verbose:
        what = f"0x{record.fru_device_id:02x} type 0x{kind:02x} with modifier 0x{modifier:02x}"
        call.out(f" Unsupported device {what}")
    else:
        call.out(" Unsupported device")
    call.out()


def _at(call: Call, bmc: Bmc, record: FruDeviceLocatorRecord) -> Call:
    """A call like this one, to the controller that has an inventory."""
    target = bmc.settings.target.replace(address=record.access_address, channel=record.channel)

    async def reach() -> Bmc:
        return Bmc(bmc.interface, bmc.settings.replace(target=target))

    def out(text: str) -> None:
        call.out(text, end="")

    def err(text: str) -> None:
        call.err(text, end="")

    return type(call)(call.options, reach, out, err, exact=call.exact)
