"""The file that ``-S`` names: records in the place of the controller's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from baseboard.cli.ipmitool.files import read_file
from baseboard.cli.ipmitool.sdr_record import Entry, parse
from baseboard.records.sdr import HEADER_SIZE

if TYPE_CHECKING:
    from baseboard.cli.call import Call

_VERSIONS: Final = frozenset({0x51, 0x01, 0x02})

_read: WeakKeyDictionary[Call, list[Entry] | None] = WeakKeyDictionary()


def records_of(call: Call) -> list[Entry] | None:
    """Give the records of the file, read once in a call's life.

    Returns: None without that option, and if the file cannot be read; the user was told.
    """
    if not call.options.sdr_file:
        return None
    if call not in _read:
        _read[call] = read(call, call.options.sdr_file)
    return _read[call]


def read(call: Call, name: str) -> list[Entry] | None:
    """Read a file that ``sdr dump`` wrote, as far as it goes; what is wrong is told."""
    data = read_file(call, name)
    if data is None:
        call.err(f"Unable to open SDR cache {name} for reading")
        return None
    entries: list[Entry] = []
    start = 0
    while start < len(data):
        header = data[start : start + HEADER_SIZE]
        start += HEADER_SIZE
        if len(header) < HEADER_SIZE:
            call.err(f"header read {len(header)} bytes, expected 5")
            break
        number, length = int.from_bytes(header[:2], "little"), header[4]
        if not length:
            continue
        if header[2] not in _VERSIONS:
            call.err(f"invalid sdr header version {header[2]:02x}")
            break
        body = data[start : start + length]
        start += length
        if len(body) < length:
            call.err(f"record {number:04x} read {len(body)} bytes, expected {length}")
            break
        kept = parse(number, header + body)
        if kept is not None:
            entries.append(kept)
    return entries
