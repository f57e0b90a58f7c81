"""The information areas of a FRU inventory: chassis, board and product (FRU §10-12).

Reading is lenient: what is wrong is noted, and what can be read is read. Writing is exact: an area that
was read and not changed is written as it was, byte for byte, and any other by the book.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import ClassVar, NamedTuple, Self

from baseboard.codes import ChassisType, FruLanguage
from baseboard.errors import EncodeError
from baseboard.records.fru.fields import END, ENGLISH, StoredField, checksum, read_fields, write_field
from baseboard.wire import Record, at

BLOCK = 8
"""Areas begin at, and are as long as, a multiple of this many bytes."""

LONGEST_AREA = 255 * BLOCK
EPOCH = datetime(1996, 1, 1, tzinfo=UTC)


class Minutes:
    """Minutes since 1996-01-01 00:00 (FRU §11) as a date; 0 is None, for unspecified.

    The specification names no time zone; we take UTC, and a date without a zone for UTC.
    """

    def decode(self, raw: int) -> datetime | None:
        return EPOCH + timedelta(minutes=raw) if raw else None

    def encode(self, value: datetime | None) -> int:
        if value is None:
            return 0
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        minutes = (aware - EPOCH) // timedelta(minutes=1)
        if not 0 <= minutes < 1 << 24:
            raise EncodeError(f"{value} is no date of manufacture: 1996-01-01 to 2027-11-24 are")
        return minutes


class Problem(NamedTuple):
    """Something wrong with an inventory that was read all the same.

    Attributes:
        area: ``header``, ``internal``, ``chassis``, ``board``, ``product`` or ``multirecord``.
        offset: the byte of the image where it shows.
        text: what.
    """

    area: str
    offset: int
    text: str

    def __str__(self) -> str:
        return f"{self.area} area, byte {self.offset}: {self.text}"


class ChassisHead(Record):
    """The start of a chassis info area (FRU §10), counted from 0."""

    _base = 0

    format_version: int = at("0[3:0]", default=1)
    length: int = at("1", "in blocks of 8 bytes", default=0)
    chassis_type: ChassisType = at("2")


class BoardHead(Record):
    """The start of a board info area (FRU §11), counted from 0."""

    _base = 0

    format_version: int = at("0[3:0]", default=1)
    length: int = at("1", "in blocks of 8 bytes", default=0)
    language: FruLanguage = at("2")
    # An object, for "| None" would say that its bytes may be missing.
    manufactured: object = at("3:5", "date, or None; minutes since 1996", codec=Minutes())


class ProductHead(Record):
    """The start of a product info area (FRU §12), counted from 0."""

    _base = 0

    format_version: int = at("0[3:0]", default=1)
    length: int = at("1", "in blocks of 8 bytes", default=0)
    language: FruLanguage = at("2")


@dataclass(frozen=True, slots=True, kw_only=True)
class InfoArea:
    """What the three areas have in common: a head, fixed fields, custom fields, a checksum.

    Attributes:
        custom: fields after the fixed ones, in their order.
        stored: the bytes that the area was read from; None for one made anew.
    """

    NAME: ClassVar[str]
    HEAD: ClassVar[type[ChassisHead | BoardHead | ProductHead]]
    HEAD_SIZE: ClassVar[int]
    HEADING: ClassVar[tuple[str, ...]]  # the attributes that stand in the head
    FIELDS: ClassVar[tuple[str, ...]]  # the fixed fields, in their order
    ENGLISH: ClassVar[frozenset[str]]  # the fixed fields that are English in every language

    custom: tuple[str, ...] = ()
    stored: bytes | None = field(default=None, repr=False, compare=False)

    @classmethod
    def read(cls, image: bytes, offset: int = 0) -> tuple[Self | None, list[Problem]]:
        """Read the area at an offset, as far as it can be.

        Returns:
            The area, and what is wrong with it; None for the area where there is nothing to make sense of.
        """
        data = bytes(image[offset : offset + LONGEST_AREA])
        if len(data) <= cls.HEAD_SIZE:
            return None, [Problem(cls.NAME, offset, f"begins beyond the {len(image)} bytes of the device")]
        head = cls.HEAD.decode(data)
        if head.format_version > 1:
            return None, [Problem(cls.NAME, offset, f"format version {head.format_version} is unknown")]
        problems = [] if head.format_version else [Problem(cls.NAME, offset, "format version is 0, not 1")]
        data, whole = _extent(data, head.length, Problem(cls.NAME, offset + 1, ""), problems)
        values = {name: getattr(head, name) for name in cls.HEADING}
        found, end = read_fields(
            data[:-1] if whole else data, cls.HEAD_SIZE, cls._english(values.get("language", 0))
        )
        if end is None:
            problems.append(Problem(cls.NAME, offset + len(data) - 1, "has no end mark C1h"))
            found = found[: len(cls.FIELDS)] + _without_padding(found[len(cls.FIELDS) :])
        if len(found) < len(cls.FIELDS):
            text = f"has {len(found)} of {len(cls.FIELDS)} fields"
            problems.append(Problem(cls.NAME, offset + len(data) - 1, text))
        problems += [
            Problem(cls.NAME, offset + one.offset, f"a field runs {one.missing} bytes past the end")
            for one in found
            if one.missing
        ]
        if whole and sum(data) & 0xFF:
            text = f"checksum is {data[-1]:02X}h, not {checksum(data[:-1]):02X}h"
            problems.append(Problem(cls.NAME, offset + len(data) - 1, text))
        if not head.length and end is not None:
            data = data[: end + 2]
        texts = [one.text for one in found]
        values.update(zip(cls.FIELDS, texts, strict=False))
        return cls(custom=tuple(texts[len(cls.FIELDS) :]), stored=data, **values), problems

    @classmethod
    def _english(cls, language: int) -> Iterator[bool]:
        """Say of one field after the other whether its 8-bit text is English."""
        for name in cls.FIELDS:
            yield language in ENGLISH or name in cls.ENGLISH
        while True:
            yield language in ENGLISH

    def encode(self, room: int = 0) -> bytes:
        """Give the bytes of the area.

        Args:
            room: bytes to take up at least, filled up with 00h; a multiple of 8.

        Raises:
            EncodeError: a field has no encoding or is too long, or all together are.
        """
        content = self._content()
        if self.stored is not None and room <= len(self.stored):
            before, _ = self.read(self.stored)
            if before is not None and before._content() == content:
                return self.stored
        length = max(-(-(len(content) + 2) // BLOCK) * BLOCK, room)
        if length > LONGEST_AREA:
            raise EncodeError(f"{self.NAME} area: {length} bytes, at most {LONGEST_AREA} fit")
        area = bytearray(content).ljust(length, b"\0")
        area[1], area[len(content)] = length // BLOCK, END
        area[-1] = checksum(area)
        return bytes(area)

    def _content(self) -> bytes:
        """Head and fields; the length is still 0."""
        head = self.HEAD(**{name: getattr(self, name) for name in self.HEADING}).encode()
        texts = (*(getattr(self, name) for name in self.FIELDS), *self.custom)
        english = self._english(getattr(self, "language", FruLanguage.ENGLISH))
        return head + b"".join(
            write_field(text, english=is_english) for text, is_english in zip(texts, english, strict=False)
        )


def _extent(data: bytes, blocks: int, place: Problem, problems: list[Problem]) -> tuple[bytes, bool]:
    """Cut the area out of what follows its start; and is it there as a whole, to be added up?"""
    length = blocks * BLOCK
    if not blocks:
        problems.append(place._replace(text="length is 0"))
    elif length > len(data):
        problems.append(place._replace(text=f"length is {length} bytes, {len(data)} are there"))
    else:
        return data[:length], True
    return data, False


def _without_padding(found: list[StoredField]) -> list[StoredField]:
    """Drop what some makers fill an area up with in place of the end mark: empty fields, 00h or C0h."""
    while found and not found[-1].text.raw:
        found = found[:-1]
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class ChassisArea(InfoArea):
    """What houses the unit (FRU §10); always English."""

    NAME = "chassis"
    HEAD = ChassisHead
    HEAD_SIZE = 3
    HEADING = ("chassis_type",)
    FIELDS = ("part_number", "serial_number")
    ENGLISH = frozenset()

    chassis_type: ChassisType = ChassisType.RACK_MOUNT_CHASSIS
    part_number: str = ""
    serial_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardArea(InfoArea):
    """The board that the FRU device sits on (FRU §11)."""

    NAME = "board"
    HEAD = BoardHead
    HEAD_SIZE = 6
    HEADING = ("language", "manufactured")
    FIELDS = ("manufacturer", "product_name", "serial_number", "part_number", "fru_file_id")
    ENGLISH = frozenset(("serial_number", "fru_file_id"))

    language: FruLanguage = FruLanguage.ENGLISH_ISO639
    manufactured: datetime | None = None
    manufacturer: str = ""
    product_name: str = ""
    serial_number: str = ""
    part_number: str = ""
    fru_file_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductArea(InfoArea):
    """The product as it is sold (FRU §12)."""

    NAME = "product"
    HEAD = ProductHead
    HEAD_SIZE = 3
    HEADING = ("language",)
    FIELDS = (
        "manufacturer",
        "product_name",
        "part_number",
        "version",
        "serial_number",
        "asset_tag",
        "fru_file_id",
    )
    ENGLISH = frozenset(("serial_number",))

    language: FruLanguage = FruLanguage.ENGLISH_ISO639
    manufacturer: str = ""
    product_name: str = ""
    part_number: str = ""
    version: str = ""
    serial_number: str = ""
    asset_tag: str = ""
    fru_file_id: str = ""
