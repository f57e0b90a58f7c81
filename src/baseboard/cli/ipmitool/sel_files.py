"""``sel save``, ``add``, ``writeraw``, ``readraw`` and ``interpret``: the log and files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.event_words import EventWords
from baseboard.cli.ipmitool.files import read_file, write_file
from baseboard.cli.ipmitool.sdr_repository import SdrSource
from baseboard.cli.ipmitool.sel_lines import LogPrinter
from baseboard.cli.ipmitool.sel_record import SIZE, LogEntry
from baseboard.cli.ipmitool.text import byte, completion, number
from baseboard.errors import NoResponse

if TYPE_CHECKING:
    from baseboard.cli.call import Call

_STORAGE, _ADD = 0x0A, 0x44
_EVENT: Final = 0x02
_SOFTWARE: Final = 0x41
"""Generator of events that are added: system management software."""

_FIELDS: Final = 7


async def save(call: Call, name: str, *, binary: bool) -> int:
    """Print all entries and write them to a file: as lines that ``sel add`` takes, or as bytes."""
    from baseboard.cli.ipmitool.sel_reading import any_entries, entries

    some = await any_entries(call)
    if not some:
        return 1 if some is None else 0
    source = SdrSource(call, await call.bmc())
    printer, words = LogPrinter(source), EventWords(source)
    written: list[bytes] = []
    async for entry in entries(call, 0):
        await printer.print(entry)
        if binary:
            written.append(entry.store())
        else:
            written.append(await _text(source, words, entry))
    write_file(call, name, b"".join(written))
    return 0


async def _text(source: SdrSource, words: EventWords, entry: LogEntry) -> bytes:
    said = await words.say(entry)
    numbers = (entry.evm_rev, entry.sensor_type, entry.sensor_number, entry.raw[12], *entry.data)
    kind = source.maker.sensor_type(entry.sensor_type)
    line = " ".join(f"0x{one:02x}" for one in numbers)
    return f"{line} # {kind} #0x{entry.sensor_number:02x} {said or 'Unknown'}\n".encode()


async def add(call: Call, name: str) -> int:
    """Add the events of a file: seven bytes a line, and a comment after ``#``."""
    data = read_file(call, name)
    if data is None:
        return 1
    bmc = await call.bmc()
    printer = LogPrinter(SdrSource(call, bmc))
    for line in data.decode("utf-8", "surrogateescape").split("\n"):
        text = line.split("#", 1)[0].strip()
        if not text:
            continue
        numbers = [byte(word) for word in text.split(" ") if word][:_FIELDS]
        values = bytes(one or 0 for one in numbers)
        if len(numbers) < _FIELDS or None in numbers:
            call.err(f"Invalid Event: {values.ljust(_FIELDS + 1, bytes(1)).hex()}")
            continue
        head = bytes((0, 0, _EVENT, 0, 0, 0, 0, _SOFTWARE, 0))
        entry = LogEntry(head + values)
        await printer.line(entry)
        try:
            answer = await bmc.exchange(_STORAGE, _ADD, entry.raw)
        except NoResponse:
            call.err("Add SEL Entry failed")
            return 1
        if answer[0]:
            call.err(f"Add SEL Entry failed: {completion(answer[0])}")
            return 1
    return 0


async def readraw(call: Call, name: str, *, extended: bool) -> int:
    """Print the entries of a file that ``sel writeraw`` wrote."""
    data = read_file(call, name)
    if data is None:
        call.err("ipmitool: could not open input file.")
        return 1
    printer = LogPrinter(SdrSource(call, await call.bmc()), extended=extended)
    for start in range(0, len(data), SIZE):
        piece = data[start : start + SIZE]
        if len(piece) < SIZE:
            call.err("ipmitool: incomplete record found in file.")
            return 1
        await printer.print(LogEntry.stored(piece))
    return 0


# ---- interpret


async def interpret(call: Call, words: list[str]) -> int:
    """Print the entries of a shelf manager's log: ``sel interpret IANA FILE pps``."""
    if len(words) < 3:
        call.err("usage: sel interpret iana filename format(pps)")
        return 0
    if number(words[0], 0, 0xFFFFFFFF) is None:
        call.err(f"Given IANA '{words[0]}' is invalid.")
        return 1
    name, form = words[1:3]
    if form != "pps":
        call.err(f"Given format '{form}' is unknown.")
        return 1
    data = read_file(call, name)
    if data is None:
        call.err(f"Failed to open file '{name}' for reading.")
        return 1
    printer = LogPrinter(SdrSource(call, await call.bmc()))
    for line in data.decode("utf-8", "surrogateescape").splitlines():
        entry = _shelf_event(line)
        if entry is None:
            call.err("ipmitool: can't guess format.")
            break
        await printer.print(entry)
    # ipmitool reads on until there is nothing more, and calls that a failure.
    return 1


_SHELF: Final = re.compile(
    r"\s*(?P<id>(0[xX])?[0-9a-fA-F]*)[^;]*;[^;]*;[^(]*\(\s*(?P<kind>(0[xX])?[0-9a-fA-F]+)[^,]*,"
    r"\s*(?P<number>[+-]?\d+)[^:]*:\s*(?P<event>(0[xX])?[0-9a-fA-F]+)[^(]*\((?P<way>.)[^ ]* (?P<data>.*)"
)
_BYTES: Final = re.compile(r"(0[xX]?[0-9a-fA-F]*)[^ ]* ([0-9a-fA-FxX]*)[^ ]* ([0-9a-fA-FxX]*)")
_HOT_SWAP: Final = re.compile(
    r"\D*(?P<fru>\d+)[^M]*M(?P<old>\d*)[^M]*M(?P<new>\d*)[^=]*=(?P<why>(0[xX])?[0-9a-fA-F]*)"
)
_FRU_HOT_SWAP: Final = 0xF0


def _shelf_event(line: str) -> LogEntry | None:
    """The event of a line like ``0x1F: ... ;from: ...;sensor:(0xc3,119);event:0x6f(asserted): 0xA3 ...``."""
    found = _SHELF.match(line)
    if found is None:
        return None
    kind = _hexadecimal(found["kind"])
    data = _hot_swap(found["data"]) if kind == _FRU_HOT_SWAP else _event_data(found["data"])
    if data is None:
        return None
    way = 0 if found["way"] == "a" else 0x80
    return LogEntry(
        (_hexadecimal(found["id"]) & 0xFFFF).to_bytes(2, "little")
        + bytes((_EVENT, 0, 0, 0, 0, 0x20, 0, 4, kind & 0xFF, int(found["number"]) & 0xFF))
        + bytes((_hexadecimal(found["event"]) & 0x7F | way,))
        + data
    )


def _event_data(text: str) -> bytes | None:
    found = _BYTES.match(text)
    return None if found is None else bytes(_hexadecimal(one) & 0xFF for one in found.groups())


def _hot_swap(text: str) -> bytes | None:
    """What a hot swap event of a FRU says in words: which one, from and to which state, and why."""
    found = _HOT_SWAP.match(text)
    if found is None:
        return None
    old, new = int(found["old"] or 0), int(found["new"] or 0)
    why = _hexadecimal(found["why"])
    return bytes(((0xA0 | new) & 0xFF, (old | why << 4) & 0xFF, int(found["fru"]) & 0xFF))


def _hexadecimal(text: str) -> int:
    digits = text.lower().removeprefix("0x")
    return int(digits, 16) if digits else 0
