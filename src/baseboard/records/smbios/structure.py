"""One structure of an SMBIOS table: header, formatted area, strings (DSP0134 §6.1).

A structure is kept as the bytes that it was read from, so that those of other firmware, of any type, survive
whatever is done with the table. `Structure.body` reads the formatted area field by field, and
`Structure.of` makes a structure of fields and texts.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from baseboard.errors import DecodeError, EncodeError
from baseboard.wire import Family, Record, Unknown, at

HEADER_SIZE = 4
END_OF_TABLE = 127
NO_STRING = 0
_MOST_STRINGS = 255
_LONGEST_AREA = 255 - HEADER_SIZE

B = TypeVar("B", bound="Body")


class StructureHeader(Record):
    """What every structure begins with (DSP0134 §6.1.2), counted from 0."""

    _base = 0

    structure_type: int = at("0")
    length: int = at("1", "of header and formatted area")
    handle: int = at("2:3")


class Body(Family):
    """The formatted area of a structure behind its header, a class per type; counted as in its table.

    Attributes:
        TEXTS: the fields that hold the number of a string.
    """

    _base = HEADER_SIZE
    TEXTS: ClassVar[tuple[str, ...]] = ()


@dataclass(frozen=True, slots=True)
class Structure:
    """A structure.

    Attributes:
        type: what it describes, 0-255.
        handle: its number in the table; others refer to it by that.
        area: the formatted area behind the header.
        strings: its texts, from number 1 on, as they stand there.
    """

    type: int
    handle: int
    area: bytes
    strings: tuple[bytes, ...] = ()

    @classmethod
    def of(cls, handle: int, body: Body, **texts: str) -> Structure:
        """Make a structure.

        Args:
            body: its fields; those of ``texts`` get the numbers of their strings.
            texts: by the name of the field; an empty one is left out, and its number is 0.

        Raises:
            EncodeError: a text holds a NUL, or is for no field; the area is too long.
        """
        strings: list[bytes] = []
        numbers: dict[str, Any] = {}
        for name, text in texts.items():
            if name not in body.TEXTS:
                raise EncodeError(f"{type(body).__name__}.{name} is no text")
            raw = text.strip().encode()
            if b"\0" in raw:
                raise EncodeError(f"{type(body).__name__}.{name}: a text ends at a NUL, it cannot hold one")
            if raw and raw not in strings:
                strings.append(raw)
            numbers[name] = strings.index(raw) + 1 if raw else NO_STRING
        area = body.replace(**numbers).encode()
        if len(area) > _LONGEST_AREA:
            raise EncodeError(f"{type(body).__name__}: {len(area)} bytes, {_LONGEST_AREA} fit")
        return cls(body.selector, handle, area, tuple(strings))

    @property
    def length(self) -> int:
        """Bytes of header and formatted area."""
        return HEADER_SIZE + len(self.area)

    @property
    def body(self) -> Body | Unknown:
        """The formatted area, field by field; Unknown where the type is, or where it is too short for it."""
        try:
            return Body.parse(self.type, self.area)
        except DecodeError:
            return Unknown(selector=self.type, raw=self.area)

    def text(self, name: str) -> str:
        """Give the text that a field names; empty where there is none.

        Args:
            name: a field of the body.
        """
        number = getattr(self.body, name, None)
        if not isinstance(number, int) or not 0 < number <= len(self.strings):
            return ""
        return decoded(self.strings[number - 1])

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every text field of the body, with its text."""
        for name in getattr(self.body, "TEXTS", ()):
            yield name, self.text(name)

    def change(self, **fields: Any) -> Structure:
        """Give a structure with other numbers in some of the fields.

        Raises:
            EncodeError: a number does not fit, or the type has no such fields.
        """
        body = self.body
        if not isinstance(body, Body):
            raise EncodeError(f"a structure of type {self.type} and {self.length} bytes has no known fields")
        return dataclasses.replace(self, area=body.replace(**fields).encode())

    def encode(self) -> bytes:
        """The structure as it stands in a table, its strings and their end included.

        Raises:
            EncodeError: header or strings do not fit.
        """
        if len(self.strings) > _MOST_STRINGS:
            raise EncodeError(f"{len(self.strings)} strings in a structure of type {self.type}")
        header = StructureHeader(structure_type=self.type, length=self.length, handle=self.handle)
        ends = b"".join(text + b"\0" for text in self.strings) or b"\0"
        return header.encode() + self.area + ends + b"\0"


def decoded(raw: bytes) -> str:
    """A string of a structure as text: UTF-8 as it should be, else Latin-1; without the blanks around it."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    return text.strip()


def find(structures: tuple[Structure, ...], kind: type[B]) -> Iterator[tuple[Structure, B]]:
    """The structures of a type, each with its fields; those too short for them are left out."""
    for structure in structures:
        if structure.type == kind.selector:
            body = structure.body
            if isinstance(body, kind):
                yield structure, body
