"""A whole FRU inventory: common header, areas, multirecords (FRU §8), read and built and edited.

`read_fru` takes whatever a device returns and notes what is wrong with it; `build_fru` makes an image by
the book. `Fru.edit` changes fields of one that was read: all that was not asked for stays as it is, byte
for byte, and areas move only where one that grew needs their room. The internal use area never moves: it has
no length, and only its owner knows what is in it (FRU §9).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from baseboard.errors import EncodeError
from baseboard.records.fru.areas import (
    BLOCK,
    LONGEST_AREA,
    BoardArea,
    ChassisArea,
    InfoArea,
    Problem,
    ProductArea,
)
from baseboard.records.fru.fields import checksum
from baseboard.records.fru.multirecord import (
    AnyMultiRecord,
    StoredRecords,
    read_multirecords,
    write_multirecords,
)
from baseboard.wire import Record, at

HEADER_SIZE = 8
AREAS = ("internal", "chassis", "board", "product", "multirecord")
"""The areas in the order of the common header and of the image."""


class CommonHeader(Record):
    """Where the areas begin, in blocks of 8 bytes, 0 for one that is not there (FRU §8); counted from 0."""

    _base = 0

    format_version: int = at("0[3:0]", default=1)
    internal: int = at("1", "internal use area", default=0)
    chassis: int = at("2", "chassis info area", default=0)
    board: int = at("3", "board info area", default=0)
    product: int = at("4", "product info area", default=0)
    multirecord: int = at("5", "MultiRecord area", default=0)
    header_checksum: int = at("7", "zero checksum", default=0)


class _Span(NamedTuple):
    """Where an area lies in an image that was read."""

    start: int
    end: int
    movable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Fru:
    """A FRU inventory.

    Attributes:
        internal: the internal use area, its format version byte first; up to the area that follows it.
        chassis: chassis info, None if there is none that can be read; so are board and product.
        board: board info.
        product: product info.
        multirecords: the records of the MultiRecord area.
        problems: what was wrong with it when it was read.
        image: what it was read from, to be edited; None for one made anew.
    """

    internal: bytes | None = None
    chassis: ChassisArea | None = None
    board: BoardArea | None = None
    product: ProductArea | None = None
    multirecords: tuple[AnyMultiRecord, ...] = ()
    problems: tuple[Problem, ...] = field(default=(), compare=False)
    image: bytes | None = field(default=None, repr=False, compare=False)

    def edit(self, area: Literal["chassis", "board", "product"], **fields: Any) -> Fru:
        """Change fields of one area, as in ``fru.edit("board", serial_number="7")``; it is made if not there.

        Returns:
            Another inventory; ``encode`` gives its image.
        """
        kinds: dict[str, type[InfoArea]] = {
            "chassis": ChassisArea,
            "board": BoardArea,
            "product": ProductArea,
        }
        present: InfoArea = getattr(self, area) or kinds[area]()
        changes: dict[str, Any] = {area: dataclasses.replace(present, **fields)}
        return dataclasses.replace(self, **changes)

    def encode(self, size: int | None = None) -> bytes:
        """Give the image.

        Args:
            size: of the device in bytes; without it as before, and for a new one as large as needed.

        Raises:
            EncodeError: it does not fit in there, or a field does not fit its area.
        """
        return _Layout(self).image(size)


def read_fru(image: bytes) -> Fru:
    """Read an inventory as far as it can be; what is wrong with it is in its ``problems``.

    Raises:
        TruncatedError: there are not even the eight bytes of a common header.
    """
    return _Survey(bytes(image)).fru


def build_fru(
    *,
    internal: bytes | None = None,
    chassis: ChassisArea | None = None,
    board: BoardArea | None = None,
    product: ProductArea | None = None,
    multirecords: Sequence[AnyMultiRecord] = (),
    size: int | None = None,
) -> bytes:
    """Make the image of an inventory.

    Args:
        internal: the internal use area, its format version byte (01h) first.
        chassis: chassis info, and so on; None for an area that it does not have.
        board: board info.
        product: product info.
        multirecords: records of the MultiRecord area.
        size: of the device in bytes, filled up with 00h; without it the smallest that holds everything.

    Raises:
        EncodeError: something does not fit.
    """
    fru = Fru(
        internal=internal, chassis=chassis, board=board, product=product, multirecords=tuple(multirecords)
    )
    return fru.encode(size)


class _Survey:
    """What an image holds, and where."""

    def __init__(self, image: bytes) -> None:
        self.image = image
        self.header = CommonHeader.decode(image)
        self.spans: dict[str, _Span] = {}
        self.problems: list[Problem] = []
        self.records = StoredRecords((), (), 0, [])
        parts: dict[str, Any] = {}
        if self.header.format_version != 1:
            text = f"format version is {self.header.format_version}, not 1: no FRU inventory"
            self.problems.append(Problem("header", 0, text))
        else:
            if sum(image[:HEADER_SIZE]) & 0xFF:
                text = f"checksum is {image[7]:02X}h, not {checksum(image[:7]):02X}h"
                self.problems.append(Problem("header", 7, text))
            parts = self._areas()
        self.fru = Fru(problems=tuple(self.problems), image=image, **parts)

    def _areas(self) -> dict[str, Any]:
        parts: dict[str, Any] = {"internal": self._internal()}
        for kind in (ChassisArea, BoardArea, ProductArea):
            start = self.start(kind.NAME)
            if start:
                area, problems = kind.read(self.image, start)
                self.problems += problems
                end = self._next(start) if area is None or area.stored is None else start + len(area.stored)
                self.spans[kind.NAME] = _Span(start, end, area is not None)
                parts[kind.NAME] = area
        start = self.start("multirecord")
        if start:
            self.records = read_multirecords(self.image, start)
            self.problems += self.records.problems
            self.spans["multirecord"] = _Span(start, start + self.records.size, bool(self.records.size))
            parts["multirecords"] = self.records.records
        return parts

    def _internal(self) -> bytes | None:
        start = self.start("internal")
        if not start:
            return None
        self.spans["internal"] = _Span(start, self._next(start), False)
        if start >= len(self.image):
            text = f"begins beyond the {len(self.image)} bytes of the device"
            self.problems.append(Problem("internal", start, text))
            return None
        return self.image[start : self._next(start)]

    def start(self, area: str) -> int:
        """Offset of an area, 0 for one that is not there."""
        blocks: int = getattr(self.header, area)
        return blocks * BLOCK if self.header.format_version == 1 else 0

    def _next(self, start: int) -> int:
        """Where an area without a length ends: at the next one, or with the device."""
        return min(
            (other for other in map(self.start, AREAS) if other > start), default=max(start, len(self.image))
        )


class _Layout:
    """Where the areas of an inventory go, next to what was there before."""

    def __init__(self, fru: Fru) -> None:
        self.before = None if fru.image is None else _Survey(fru.image)
        self.spans = {} if self.before is None else self.before.spans
        self.old = b"" if fru.image is None else fru.image
        self.blocks: dict[str, bytes] = {}
        if fru.internal is not None:
            self.blocks["internal"] = fru.internal
        for area in (fru.chassis, fru.board, fru.product):
            if area is not None:
                span = self.spans.get(area.NAME, _Span(0, 0, True))
                room = (span.end - span.start) // BLOCK * BLOCK if span.movable else 0
                self.blocks[area.NAME] = area.encode(min(room, LONGEST_AREA))
        if fru.multirecords:
            self.blocks["multirecord"] = self._multirecords(fru)

    def _multirecords(self, fru: Fru) -> bytes:
        if self.before is None:
            return write_multirecords(fru.multirecords)
        if fru.multirecords == self.before.fru.multirecords:
            span = self.spans["multirecord"]
            return self.old[span.start : span.end]
        records = self.before.records
        return write_multirecords(fru.multirecords, dict(zip(records.records, records.data, strict=True)))

    def image(self, size: int | None) -> bytes:
        """Put everything together."""
        if self.before is not None and size in (None, len(self.old)) and self._unchanged():
            return self.old
        starts = self._place()
        limit = size if size is not None else len(self.old) or None
        end = max((starts[name] + len(block) for name, block in self.blocks.items()), default=HEADER_SIZE)
        if limit is None:
            limit = _aligned(end)
        if end > limit:
            raise EncodeError(f"the inventory needs {end} bytes, the device has {limit}")
        image = bytearray(self.old[:limit].ljust(limit, b"\0"))
        for span in self.spans.values():
            if span.movable:
                image[span.start : span.end] = bytes(len(image[span.start : span.end]))
        for name, block in self.blocks.items():
            image[starts[name] : starts[name] + len(block)] = block
        image[:HEADER_SIZE] = self._header(starts)
        return bytes(image)

    def _unchanged(self) -> bool:
        return self.blocks.keys() | self._pinned().keys() == self.spans.keys() and all(
            self.old[self.spans[name].start : self.spans[name].end] == block
            for name, block in self.blocks.items()
        )

    def _pinned(self) -> dict[str, _Span]:
        """Areas that could not be read: they stay, in the hope that somebody else can."""
        readable = self.before is not None and self.before.fru.internal is not None
        return {
            name: span
            for name, span in self.spans.items()
            if not span.movable and name not in self.blocks and not (readable and name == "internal")
        }

    def _place(self) -> dict[str, int]:
        """Find a place for every area: where it was if it can be, else after the one before it."""
        fixed = self._pinned()
        if "internal" in self.blocks and "internal" in self.spans:
            span, length = self.spans["internal"], len(self.blocks["internal"])
            if length > span.end - span.start:
                raise EncodeError(
                    f"internal use area: {length} bytes, {span.end - span.start} are there for it"
                )
            fixed["internal"] = span
        starts = {name: span.start for name, span in fixed.items()}
        cursor = HEADER_SIZE
        for name in sorted(self.blocks.keys() - fixed.keys(), key=self._order):
            length = len(self.blocks[name])
            start = max(cursor, self.spans[name].start if name in self.spans else 0)
            for span in sorted(fixed.values()):
                if start < span.end and span.start < start + length:
                    start = _aligned(span.end)
            starts[name], cursor = start, _aligned(start + length)
        return starts

    def _order(self, name: str) -> tuple[bool, int, int]:
        start = self.spans[name].start if name in self.spans else 0
        return not start, start, AREAS.index(name)

    def _header(self, starts: dict[str, int]) -> bytes:
        if self.before is not None and starts == {name: span.start for name, span in self.spans.items()}:
            return self.old[:HEADER_SIZE]
        head = CommonHeader(**{name: start // BLOCK for name, start in starts.items()}).encode()
        return head[:-1] + bytes((checksum(head),))


def _aligned(end: int) -> int:
    """The first offset from here on at which an area can begin."""
    return -(-end // BLOCK) * BLOCK
