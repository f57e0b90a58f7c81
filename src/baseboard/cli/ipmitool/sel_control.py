"""``sel info``, ``sel time``, ``sel clear``, ``sel delete``: the log as a whole."""

from __future__ import annotations

import time as clock
from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.text import UNSPECIFIED_TIME, completion, number, timestamp_numeric
from baseboard.cli.results.sel import SelAllocation, SelDeletion, SelErasure, SelInfo, SelTime
from baseboard.cli.results.times import iso, missing
from baseboard.errors import NoResponse

if TYPE_CHECKING:
    from baseboard.cli.call import Call

_STORAGE: Final = 0x0A
_INFO, _ALLOCATION, _RESERVE, _DELETE, _CLEAR, _GET_TIME, _SET_TIME = 0x40, 0x41, 0x42, 0x46, 0x47, 0x48, 0x49
_INFO_SIZE, _TIME_SIZE = 14, 4
_ENTRY: Final = 16
_COMMANDS: Final = ((8, "Delete"), (4, "Partial Add"), (2, "Reserve"), (1, "Get Alloc Info"))
_TIME_USAGE: Final = "sel time commands: get set"


async def _asked(call: Call, cmd: int, data: bytes = b"") -> bytes | None:
    bmc = await call.bmc()
    try:
        return await bmc.exchange(_STORAGE, cmd, data)
    except NoResponse:
        return None


def _refused(call: Call, what: str, answer: bytes | None) -> bool:
    """Say why nothing came of a request, if so."""
    if answer is None:
        call.err(what)
    elif answer[0]:
        call.err(f"{what}: {completion(answer[0])}")
    else:
        return False
    return True


# ---- info


async def info(call: Call) -> int:
    """``sel info``: how full the log is, when it changed, what can be done with it."""
    answer = await _asked(call, _INFO)
    if _refused(call, "Get SEL Info command failed", answer):
        return 1
    assert answer is not None
    data = answer[1:]
    if len(data) != _INFO_SIZE:
        call.err(f"Get SEL Info command failed: Invalid data length {len(data)}")
        return 1
    version, entries, free = data[0], _word(data, 1), _word(data, 3)
    added, erased = (int.from_bytes(data[place : place + 4], "little") for place in (5, 9))
    # A log that never was added to or erased says 0 as often as it says that the time is unspecified.
    changed, emptied = (stamp or UNSPECIFIED_TIME for stamp in (added, erased))
    known = "v1.5, v2 compliant" if version in (0x51, 0x02) else "Unknown"
    supported = tuple(name for bit, name in _COMMANDS if data[13] & bit)
    commands = "".join(f"'{name}' " for name in supported) or "None"
    for line in (
        "SEL Information",
        f"Version          : {version & 0x0F}.{version >> 4} ({known})",
        f"Entries          : {entries}",
        f"Free Space       : {free} bytes {'or more' if free == 0xFFFF else ''}",
        f"Percent Used     : {_used(entries, free)}",
        f"Last Add Time    : {_when(call, added)}",
        f"Last Del Time    : {_when(call, erased)}",
        f"Overflow         : {'true' if data[13] & 0x80 else 'false'}",
        f"Supported Cmds   : {commands}",
    ):
        call.out(line)
    allocation = None
    if data[13] & 1:
        allocation = await _allocation(call)
    found = SelInfo(
        version=version,
        entries=entries,
        free_bytes=free,
        last_addition=iso(changed),
        last_addition_missing=missing(changed),
        last_erase=iso(emptied),
        last_erase_missing=missing(emptied),
        overflow=bool(data[13] & 0x80),
        commands=supported,
        allocation=allocation,
    )
    call.result(found)
    return 1 if data[13] & 1 and allocation is None else 0


async def _allocation(call: Call) -> SelAllocation | None:
    answer = await _asked(call, _ALLOCATION)
    if _refused(call, "Get SEL Allocation Info command failed", answer):
        return None
    assert answer is not None
    data = answer[1:].ljust(9, b"\0")
    units, size, free, largest = (_word(data, place) for place in (0, 2, 4, 6))
    call.out(f"# of Alloc Units : {units}")
    call.out(f"Alloc Unit Size  : {size}")
    call.out(f"# Free Units     : {free}")
    call.out(f"Largest Free Blk : {largest}")
    call.out(f"Max Record Size  : {data[8]}")
    return SelAllocation(
        units=units,
        unit_bytes=size,
        free_units=free,
        largest_free_units=largest,
        most_units_of_a_record=data[8],
    )


def _word(data: bytes, place: int) -> int:
    return int.from_bytes(data[place : place + 2], "little")


def _used(entries: int, free: int) -> str:
    # ipmitool counts the bytes of all entries in 16 bits.
    taken = entries * _ENTRY & 0xFFFF
    whole = free + taken
    if whole >= 0xFFFF:
        return "unknown"
    return f"{int(100 * (taken / whole)) if entries and whole else 0}%"


def _when(call: Call, stamp: int) -> str:
    return "Not Available" if stamp in (0, UNSPECIFIED_TIME) else timestamp_numeric(stamp, call.options)


# ---- time


async def time(call: Call, words: list[str]) -> int:
    """``sel time get`` and ``sel time set``."""
    match words:
        case ["get", *_]:
            await _get_time(call)
            return 0
        case ["set"]:
            call.err('usage: sel time set "mm/dd/yyyy hh:mm:ss"')
            return 0
        case ["set", text, *_]:
            return await _set_time(call, text)
        case _:
            call.err(_TIME_USAGE)
            return 0


async def _get_time(call: Call) -> None:
    answer = await _asked(call, _GET_TIME)
    if answer is None or answer[0]:
        why = "Unknown" if answer is None else completion(answer[0])
        call.err(f"Get SEL Time command failed: {why}")
        return
    data = answer[1:]
    if len(data) != _TIME_SIZE:
        call.err(f"Get SEL Time command failed: Invalid data length {len(data)}")
        return
    stamp = int.from_bytes(data, "little")
    call.result(SelTime(time=iso(stamp), time_missing=missing(stamp)))
    call.out(timestamp_numeric(stamp, call.options))


async def _set_time(call: Call, text: str) -> int:
    stamp = _shifted(int(clock.time())) if text.lower() == "now" else _parsed(call, text)
    if stamp is None:
        call.err("Specified time could not be parsed")
        return 1
    answer = await _asked(call, _SET_TIME, (stamp & 0xFFFFFFFF).to_bytes(4, "little"))
    if answer is None or answer[0]:
        why = "Unknown" if answer is None else completion(answer[0])
        call.err(f"Set SEL Time command failed: {why}")
        return 1
    await _get_time(call)
    return 0


def _parsed(call: Call, text: str) -> int | None:
    """The time that a date and time mean; None if they are none, or before 1970."""
    form = "%x %X"
    try:
        read = clock.strptime(text, form)
    except ValueError as error:
        # C's strptime does not care for what comes after.
        prefix = "unconverted data remains: "
        rest = str(error).removeprefix(prefix)
        if rest == str(error):
            return None
        read = clock.strptime(text[: -len(rest)], form)
    try:
        stamp = int(clock.mktime((*read[:8], -1)))
    except OverflowError:
        return None
    if stamp < 0:
        return None
    return stamp if call.options.utc else _shifted(stamp)


def _shifted(stamp: int) -> int:
    """Take the time zone off a time, as ipmitool does before it sets a clock that is to run in UTC."""
    return int(clock.mktime((*clock.gmtime(stamp)[:8], -1)))


# ---- clear and delete


async def _reserve(call: Call) -> bytes | None:
    answer = await _asked(call, _RESERVE)
    if answer is None:
        call.err("Unable to reserve SEL")
    elif answer[0]:
        call.out(f"Unable to reserve SEL: {completion(answer[0])}", end="")
    elif any(answer[1:3]):
        return answer[1:3].ljust(2, b"\0")
    return None


async def clear(call: Call, words: list[str]) -> int:
    """``sel clear``: begin to erase all entries."""
    del words
    reservation = await _reserve(call)
    if reservation is None:
        return 1
    answer = await _asked(call, _CLEAR, reservation + b"CLR\xaa")
    if _refused(call, "Unable to clear SEL", answer):
        return 1
    call.result(SelErasure(started=True))
    call.out("Clearing SEL.  Please allow a few seconds to erase.")
    return 0


async def delete(call: Call, words: list[str]) -> int:
    """``sel delete ID...``: delete entries, the last one named first."""
    if not words:
        call.err("usage: sel delete <id>...<id>")
        return 0
    if words[0] == "help":
        call.err("usage: delete <id>...<id>\n")
        return 1
    reservation = await _reserve(call)
    if reservation is None:
        return 1
    code = 0
    for word in reversed(words):
        record_id = number(word, 0, 0xFFFF)
        if record_id is None:
            call.err(f"Given SEL ID '{word}' is invalid.")
            code = 1
            continue
        answer = await _asked(call, _DELETE, reservation + record_id.to_bytes(2, "little"))
        if _refused(call, f"Unable to delete entry {record_id}", answer):
            code = 1
            continue
        call.result(SelDeletion(record_id=record_id))
        call.out(f"Deleted entry {record_id}")
    return code
