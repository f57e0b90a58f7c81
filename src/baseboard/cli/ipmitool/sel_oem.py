"""The file that ``-O`` names: words for makers' own entries of the event log."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from baseboard.cli.ipmitool.files import read_file
from baseboard.wire.value import Value

if TYPE_CHECKING:
    from baseboard.cli.call import Call
    from baseboard.cli.ipmitool.sel_record import LogEntry

_FIELDS: Final = 15
_FIRST: Final = 3
"""The byte that the first field is about; the last field is the text."""

_COMPARED: Final = (4, 5, 6, 7, 11, 12)
_LINE: Final = re.compile(r'\s*"([^"]+)"' + r',"([^"]+)"' * (_FIELDS - 1))


class OemText(Value):
    """A line of the file.

    Attributes:
        values: what bytes 3 to 16 have to be; None for any.
        names: what bytes are called that are to be shown, by number.
        text: the words.
    """

    values: tuple[int | None, ...]
    names: dict[int, str]
    text: str

    def fits(self, raw: bytes) -> bool:
        """Whether it is about an entry; ipmitool compares seven bytes of it."""
        if self.values[0] != raw[2]:
            return False
        return all(self.values[byte - _FIRST] in (None, raw[byte - 1]) for byte in _COMPARED)


_read: WeakKeyDictionary[Call, list[OemText]] = WeakKeyDictionary()


def texts_of(call: Call) -> list[OemText]:
    """The words of the file that ``-O`` names, read once in a call's life; none without that option."""
    if not call.options.sel_file:
        return []
    if call not in _read:
        _read[call] = read(call, call.options.sel_file)
    return _read[call]


def read(call: Call, name: str) -> list[OemText]:
    """Read the file, and say how many lines it has."""
    data = read_file(call, name)
    if data is None:
        call.err(f"Could not open {name} file")
        return []
    lines = [line for line in data.decode("utf-8", "surrogateescape").split("\n") if line.strip()]
    call.out(f"nrecs={len(lines)}")
    texts: list[OemText] = []
    for number, line in enumerate(lines, 1):
        found = _LINE.match(line)
        if found is None:
            call.err(f"Encountered problems reading line {number} of {name}")
            return []
        texts.append(_text(found.groups()))
    return texts


def _text(fields: tuple[str, ...]) -> OemText:
    values: list[int | None] = []
    names: dict[int, str] = {}
    for byte, field in enumerate(fields[:-1], _FIRST):
        number = re.match(r"0[xX]([0-9a-fA-F]+)", field)
        values.append(int(number[1], 16) if number is not None else None)
        if number is None and field not in ("XX", "R"):
            names[byte] = field
    return OemText(tuple(values), names, fields[-1])


def words(texts: list[OemText], entry: LogEntry, *, csv: bool) -> str:
    """What the lines that are about an entry add to it."""
    said = ""
    stored = entry.store()
    for one in texts:
        if one.fits(stored):
            said += f',"{one.text}"' if csv else f" | {one.text}"
            for byte, name in one.names.items():
                if byte > _FIRST:
                    # ipmitool counts from 3 here and shows the byte two before.
                    value = stored[byte - _FIRST]
                    said += f",{name}=0x{value:x}" if csv else f" {name} = 0x{value:x}"
    return said
