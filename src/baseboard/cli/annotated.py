"""Requests and responses, explained byte by byte: for ``explain``, ``--dry-run`` and ``-vv``."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from textwrap import wrap
from typing import TYPE_CHECKING, Final, NamedTuple

from baseboard.codes import NetFn, completion_text
from baseboard.commands import load_all, lookup
from baseboard.wire import Line, annotate

if TYPE_CHECKING:
    from baseboard.commands import Command

_WIDE: Final = 8
_VALUE: Final = 44
"""Characters of the column of values; longer ones have their note below."""
_LONGEST: Final = 110
"""Characters of a line."""
_GROUP_EXTENSION: Final = 0x2C
# Whose bytes may be a password or a key even where they do not follow their table: nothing of them is shown.
_SECRET: Final = frozenset({(0x06, 0x3A), (0x06, 0x47), (0x06, 0x56), (0x0C, 0x01), (0x0C, 0x02)})


class Explained(NamedTuple):
    """Bytes with what they are.

    Attributes:
        title: what the whole is, with its numbers, section and privilege.
        lines: its bytes, field by field.
    """

    title: str
    lines: list[Line]


def known(netfn: int, cmd: int, data: bytes, offset: int = 0) -> tuple[Command | None, int]:
    """The command, None of one that is not declared, and how many bytes of the data name its group.

    Args:
        offset: bytes before those of the group: 1 in a response.
    """
    load_all()
    if netfn == _GROUP_EXTENSION and len(data) > offset:
        return lookup(netfn, cmd, data[offset]), 1
    return lookup(netfn, cmd), 0


def request(netfn: int, cmd: int, data: bytes) -> Explained:
    """Explain a request: what follows network function and command."""
    command, group = known(netfn, cmd, data, 0)
    title = _title(command, netfn, cmd)
    if command is None:
        return Explained(title, _plain(1, data, "command not declared"))
    privilege = "no session needed" if command.session_less else f"privilege {command.privilege.name}"
    section = f"§{command.section}, {privilege}"
    lines = [_group(1, data)] if group else []
    return Explained(
        f"{title}, {section}", [*lines, *_shown(command, annotate(command.request, data[group:]))]
    )


def response(netfn: int, cmd: int, data: bytes) -> Explained:
    """Explain a response: completion code and what follows it."""
    command, group = known(netfn & ~1, cmd, data, 1)
    title = _title(command, netfn & ~1, cmd) + ", response"
    if not data:
        return Explained(title, _plain(1, data, "the completion code is missing"))
    own = command.codes if command is not None else ()
    text = next((code.text for code in own if code == data[0]), "") or completion_text(data[0])
    code = Line(1, 1, data[:1], "completion_code", "1", f"{data[0]:02X}h", text)
    rest = data[1:]
    if command is None:
        return Explained(title, [code, *_plain(2, rest, "command not declared")])
    if data[0]:
        return Explained(title, [code, *_shown(command, _plain(2, rest, "the command was refused"))])
    lines = [_group(2, rest)] if group else []
    return Explained(title, [code, *lines, *_shown(command, annotate(command.response, rest[group:]))])


def _title(command: Command | None, netfn: int, cmd: int) -> str:
    name = command.name if command is not None else "unknown command"
    return f"{name} ({NetFn(netfn).text or 'netfn'} {netfn:02X}h/{cmd:02X}h)"


def _plain(first: int, data: bytes, note: str) -> list[Line]:
    return [Line(first, first + len(data) - 1, data, "", "", "", note)] if data else []


def _group(first: int, data: bytes) -> Line:
    return Line(first, first, data[:1], "group", "", f"{data[0]:02X}h", "defining body (Table 5-1)")


def _shown(command: Command, lines: Sequence[Line]) -> list[Line]:
    """The lines; of what may be secret and follows no table, the bytes are marked so."""
    if (command.netfn, command.cmd) not in _SECRET:
        return list(lines)
    return [
        Line(line.first, line.last, line.raw, line.field, line.column, line.value, line.note, secret=True)
        if not line.field or line.field.endswith("raw")
        else line
        for line in lines
    ]


def text(lines: Sequence[Line], *, hide: bool = True, indent: str = "  ") -> str:
    """Lines as text: byte numbers, bytes, field and value, and what the table says.

    What is too long for its column goes on below, so that one long value does not push all meanings aside.

    Args:
        hide: print stars for what is somebody's password or key.
    """
    cells = [_cells(line, hide) for line in lines]
    first = max((len(one.number) for one in cells), default=0)
    second = max((len(chunk) for one in cells for chunk in one.chunks), default=0)
    lead = len(indent) + first + second + 4
    value = min(max((len(one.value) for one in cells), default=0), _VALUE)
    shown = ""
    for one in cells:
        rows = zip_longest(one.chunks, _beside(one, value, _LONGEST - lead), fillvalue="")
        for number, (chunk, right) in enumerate(rows):
            left = one.number if number == 0 else ""
            shown += f"{indent}{left:{first}}  {chunk:{second}}  {right}".rstrip() + "\n"
    return shown


class _Cells(NamedTuple):
    number: str
    chunks: list[str]
    value: str
    note: str


def _cells(line: Line, hide: bool) -> _Cells:
    from baseboard.cli.ipmitool.text import printable

    number = str(line.first) if line.last <= line.first else f"{line.first}:{line.last}"
    if "|" not in line.column:
        number += "".join(line.column.partition("[")[1:])
    hidden = hide and line.secret
    value = "***" if hidden else printable(line.value)
    # A row of a table without bytes has no value either.
    shown = f"{line.field} = {value}" if line.field and (value or line.raw) else line.field
    pairs = ["**" if hidden else f"{byte:02x}" for byte in line.raw]
    chunks = [" ".join(pairs[start : start + _WIDE]) for start in range(0, len(pairs), _WIDE)] or [""]
    return _Cells(number if line.first or line.raw else "", chunks, shown, line.note)


def _beside(cells: _Cells, width: int, room: int) -> list[str]:
    """Value and note in lines of so many characters; the notes of all values are below each other."""
    after = " " * (width + 2)
    notes = wrap(cells.note, room, initial_indent=after, subsequent_indent=after, break_on_hyphens=False)
    if len(cells.value) > width:
        return [*wrap(cells.value, room, subsequent_indent="  ", break_on_hyphens=False), *notes]
    return [cells.value + notes[0][len(cells.value) :], *notes[1:]] if notes else [cells.value]


def hexadecimal(lines: Sequence[Line], data: bytes, *, first: int = 1) -> str:
    """The bytes, with stars for those that are somebody's password or key.

    Args:
        first: the number of the data's first byte.
    """
    hidden = {number for line in lines if line.secret for number in range(line.first, line.last + 1)}
    return " ".join("**" if number in hidden else f"{byte:02x}" for number, byte in enumerate(data, first))
