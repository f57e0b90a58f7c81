"""Bytes explained: which field each of them belongs to, and what it says.

The one walk over a message's plan serves the annotated hex dump and the search for reserved bits.
"""

# pyright: reportPrivateUsage=false
# (The modules of this package are one thing: what a message declares is theirs to read.)

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from baseboard.errors import DecodeError, TruncatedError

from .kinds import Array, Chosen, Coded, Nested, kinds
from .message import Buffer, Field, Message, Unknown
from .plan import Extent, Plan, Segment, Variable, plan


@dataclass(frozen=True, slots=True)
class Line:
    """A row of an annotated dump.

    Attributes:
        first: number of the first byte, as the table of the whole message counts.
        last: number of the last byte.
        raw: those bytes.
        field: its path, such as ``parameter.vlan_id``; empty for what is no field.
        column: where the field's own table puts it: ``1:2[11:0]``.
        value: what it says, for people.
        note: what the row of the table says.
        secret: the bytes are somebody's password or key.
    """

    first: int
    last: int
    raw: bytes
    field: str
    column: str
    value: str
    note: str
    secret: bool = False


@dataclass(frozen=True, slots=True)
class ReservedBits:
    """Reserved bits of a byte that are set.

    Attributes:
        byte: its number, as the table counts.
        mask: the bits.
    """

    byte: int
    mask: int

    def __str__(self) -> str:
        bits = ", ".join(str(bit) for bit in range(7, -1, -1) if self.mask >> bit & 1)
        return f"byte {self.byte} bit {bits}"


@dataclass(slots=True, eq=False)
class _Mark:
    """A field found in the data: ``taken`` are its bits, where bit 8 * n is bit 0 of the byte at offset n."""

    path: str
    column: str
    note: str
    value: Any
    start: int
    end: int
    taken: int
    secret: bool = False


class _Walk:
    """Goes through a message and the bytes that it was read from."""

    def __init__(self, message: Message, size: int) -> None:
        self.marks: list[_Mark] = []
        self.end = self._message(message, 0, size, "")

    def _message(self, message: Message, start: int, limit: int, path: str) -> int:
        """Mark the fields of a message that begins at offset ``start``; returns where it ends."""
        if isinstance(message, Unknown):
            self._unknown(message, start, limit, path)
            return limit
        made: Plan = plan(type(message))
        position = start
        for part in made.parts:
            if isinstance(part, Segment):
                if part.optional and getattr(message, part.fields[0].name) is None:
                    break
                self._segment(message, part, position, path)
                position += part.size
            else:
                value = getattr(message, part.field.name)
                if value is not None:
                    position = self._variable(message, part, value, position, limit, path)
        return position

    def _unknown(self, message: Unknown, start: int, end: int, path: str) -> None:
        taken = _ones(start, end)
        self.marks.append(_Mark(f"{path}raw", "", "selector not declared", message.raw, start, end, taken))

    def _segment(self, message: Message, part: Segment, position: int, path: str) -> None:
        shift = position - part.start
        for field in sorted(part.fields, key=_from_the_left):
            first, last = field.place.first + shift, (field.place.last or 0) + shift
            taken = field.place.mask << 8 * shift if shift >= 0 else field.place.mask >> -8 * shift
            self._value(message, field, first, last + 1, taken, path)

    def _variable(
        self, message: Message, part: Variable, value: Any, start: int, limit: int, path: str
    ) -> int:
        kind = kinds(type(message))[part.field.name]
        if part.extent is Extent.DATA:
            end = limit
        elif isinstance(kind, Array) and kind.records:
            end = start + sum(len(element.encode()) for element in value)
        elif isinstance(kind, Coded):
            end = start + len(kind.codec.encode(value))
        elif isinstance(kind, Nested):
            end = start + len(value.encode())
        elif isinstance(kind, Chosen):
            end = start + len(value.encode() if kind.beside else value.pack())
        else:
            end = start + len(value)
        self._value(message, part.field, start, end, _ones(start, end), path)
        return end

    def _value(self, message: Message, field: Field, start: int, end: int, taken: int, path: str) -> None:
        kind, value = kinds(type(message))[field.name], getattr(message, field.name)
        name = f"{path}{field.name}"
        if isinstance(kind, Array) and kind.records:
            for number, element in enumerate(value):
                start = self._message(element, start, start + len(element.encode()), f"{name}[{number}].")
        elif isinstance(kind, Chosen):
            if not kind.beside and not kind.inside:
                self.marks.append(
                    _Mark(
                        f"{name}.selector",
                        "",
                        field.note,
                        value.selector,
                        start,
                        start + 1,
                        _ones(start, start + 1),
                    )
                )
                start += 1
            self._message(value, start, end, f"{name}.")
        elif isinstance(kind, Nested):
            self._message(value, start, end, f"{name}.")
        else:
            self.marks.append(_Mark(name, field.column, field.note, value, start, end, taken, field.secret))


def _from_the_left(field: Field) -> tuple[int, int]:
    """The order of a table: by byte, and the high bits first."""
    return field.place.first, -max(piece.high for piece in field.place.pieces)


def _ones(start: int, end: int) -> int:
    return (1 << 8 * end) - (1 << 8 * start)


def reserved(cls: type[Message], data: Buffer) -> list[ReservedBits]:
    """The reserved bits that are set, by byte; a strict controller refuses them (CCh).

    Raises:
        DecodeError: the bytes do not fit otherwise.
    """
    walk = _Walk(cls.decode(data, False), len(data))
    return _reserved(walk, bytes(data), cls._base)


def _reserved(walk: _Walk, data: bytes, base: int) -> list[ReservedBits]:
    taken = 0
    for mark in walk.marks:
        taken |= mark.taken
    stray = int.from_bytes(data[: walk.end], "little") & ~taken
    return [
        ReservedBits(offset + base, mask)
        for offset, mask in enumerate(stray.to_bytes(walk.end, "little"))
        if mask
    ]


def annotate(what: Message | type[Message], data: Buffer | None = None) -> list[Line]:
    """Explain bytes, field by field in their order; what does not fit is said, not raised.

    Args:
        what: a message class, or a message, whose own bytes are meant if ``data`` is left out.
        data: the bytes from the table's first on; they may be too few.
    """
    if isinstance(what, Message):
        cls, raw = type(what), what.encode() if data is None else bytes(data)
    else:
        cls, raw = what, bytes(data or b"")
    message, problem = _read(cls, raw)
    if message is None:
        return [Line(cls._base, cls._base + len(raw) - 1, raw, "", "", "", problem)]
    walk = _Walk(message, max(len(raw), plan(cls).least))
    return [*_lines(walk, raw, cls._base), *_rest(walk, raw, cls._base, problem)]


def _read(cls: type[Message], raw: bytes) -> tuple[Message | None, str]:
    """The message, if need be with zeros for the bytes that are missing, and what is wrong with it."""
    try:
        return cls.decode(raw, False), ""
    except TruncatedError as error:
        problem = str(error)
    except DecodeError as error:
        return None, str(error)
    try:
        return cls.decode(raw.ljust(plan(cls).least, b"\0"), False), problem
    except DecodeError:
        return None, problem


def _lines(walk: _Walk, raw: bytes, base: int) -> list[Line]:
    lines = [
        Line(
            mark.start + base,
            mark.end + base - 1,
            raw[mark.start : mark.end],
            mark.path,
            mark.column,
            shown_value(mark.value),
            mark.note,
            mark.secret,
        )
        for mark in walk.marks
        if mark.end <= len(raw)
    ]
    # Reserved bits that are set are what one looks for in a dump.
    for bits in _reserved(walk, raw.ljust(walk.end, b"\0"), base):
        byte = raw[bits.byte - base : bits.byte - base + 1]
        lines.append(Line(bits.byte, bits.byte, byte, "", "", "", f"reserved, but set: {bits}"))
    return sorted(lines, key=lambda line: line.first)


def _rest(walk: _Walk, raw: bytes, base: int, problem: str) -> Iterator[Line]:
    if len(raw) > walk.end:
        yield Line(walk.end + base, len(raw) + base - 1, raw[walk.end :], "", "", "", "beyond the table")
    if problem:
        yield Line(len(raw) + base, len(raw) + base - 1, b"", "", "", "", problem)


def shown_value(value: Any) -> str:
    """A field's value for people."""
    if isinstance(value, enum.Flag):
        return value.name or "none"
    if isinstance(value, enum.Enum):
        code = f"{value:02X}h"
        return code if value.name == code else f"{value.name} ({code})"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value} ({value:02X}h)" if value > 9 else str(value)
    if isinstance(value, bytes):
        return value.hex(" ")
    return str(value)


def dump(what: Message | type[Message], data: Buffer | None = None) -> str:
    """The annotated hex dump as text: byte numbers, bytes, field, value, and what the table says."""
    rows: list[tuple[str, str, str, str]] = []
    for line in annotate(what, data):
        number = str(line.first) if line.last <= line.first else f"{line.first}:{line.last}"
        if "|" not in line.column:
            number += "".join(line.column.partition("[")[1:])
        value = f"{line.field} = {line.value}" if line.field else ""
        chunks = [line.raw[start : start + 8].hex(" ") for start in range(0, len(line.raw), 8)] or [""]
        rows.append((number, chunks[0], value, line.note))
        rows += [("", chunk, "", "") for chunk in chunks[1:]]
    widths = [max((len(row[index]) for row in rows), default=0) for index in range(3)]
    return "\n".join(
        "  ".join([*(text.ljust(width) for text, width in zip(row, widths, strict=False)), row[3]]).rstrip()
        for row in rows
    )
