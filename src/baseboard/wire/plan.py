"""The plan of a message: which bytes are read together, and in which order.

A message is a row of parts: segments (bytes at known distances) and fields of variable size between
or after them. What may be missing at the end is a segment per group of fields that come together.
"""

# pyright: reportPrivateUsage=false
# (The modules of this package are one thing: what a message declares is theirs to read.)

from __future__ import annotations

import enum
import functools
import re

from baseboard.errors import LayoutError

from .message import Field, Message
from .value import Changing, Value, told


class Bits(Value):
    """A piece of a field inside a unit.

    Attributes:
        low: the unit's bit where the piece begins.
        shift: the field's bit where the piece begins.
    """

    field: Field
    low: int
    width: int
    shift: int


class Unit(Changing):
    """Bytes that are read as one number, or as one run of bytes."""

    first: int
    last: int
    name: str
    bits: list[Bits] = told(default_factory=list)

    @property
    def size(self) -> int:
        """In bytes."""
        return self.last - self.first + 1

    @property
    def whole(self) -> Field | None:
        """The field that is the unit, if one alone is."""
        field = self.bits[0].field
        return field if len(self.bits) == 1 and field.place.whole else None

    @property
    def fields(self) -> list[Field]:
        """The fields that have a piece in the unit."""
        return list(dict.fromkeys(bits.field for bits in self.bits))


class Segment(Value):
    """Bytes at known distances from the segment's start.

    Attributes:
        start: number of the first byte.
        size: bytes, reserved ones included.
        optional: the segment may be missing.
        region: how many fields of variable size lie before it.
    """

    start: int
    size: int
    units: list[Unit]
    optional: bool
    region: int

    @property
    def fields(self) -> list[Field]:
        """The fields in the segment, by byte."""
        return list(dict.fromkeys(field for unit in self.units for field in unit.fields))


class Extent(enum.Enum):
    """What ends a field of variable size."""

    COUNT = "another field"
    ITSELF = "its own layout"
    DATA = "the end of the data"


class Variable(Value):
    """A field of variable size."""

    field: Field
    extent: Extent
    counter: str = ""
    surplus: int = 0


class Plan(Value):
    """The parts of a message in their order."""

    cls: type[Message]
    parts: list[Segment | Variable]

    @property
    def size(self) -> int | None:
        """Bytes of every such message; None if they differ."""
        if not self.parts:
            return 0
        (part, *rest) = self.parts
        return part.size if isinstance(part, Segment) and not part.optional and not rest else None

    @property
    def least(self) -> int:
        """Bytes that every such message has at least, as far as its segments say."""
        return sum(part.size for part in self.parts if isinstance(part, Segment) and not part.optional)

    @property
    def self_delimiting(self) -> bool:
        """Whether the message itself says where it ends."""
        return not any(
            part.optional if isinstance(part, Segment) else part.extent is Extent.DATA for part in self.parts
        )

    @property
    def variables(self) -> list[Variable]:
        """The fields of variable size."""
        return [part for part in self.parts if isinstance(part, Variable)]


@functools.cache
def plan(cls: type[Message]) -> Plan:
    """Work out the parts of a message.

    Raises:
        LayoutError: no reading order exists, or a count or selector refers to nothing of use.
    """
    fields = cls._fields
    parts: list[Segment | Variable] = []
    for region in range(max((field.region for field in fields), default=0) + 1):
        here = [field for field in fields if field.region == region]
        end = next((field for field in here if field.place.open_ended), None)
        fixed = [field for field in here if not field.place.open_ended]
        more = any(field.region > region for field in fields)
        parts += _segments(cls, region, fixed, end)
        if end is not None:
            parts.append(_variable(cls, end, more))
        if more and any(isinstance(part, Segment) and part.optional for part in parts):
            raise LayoutError(
                f"{cls.__name__}: optional bytes lie before {end and end.name}, which others follow"
            )
    made = Plan(cls, parts)
    _check_references(made)
    return made


def _segments(cls: type[Message], region: int, fields: list[Field], end: Field | None) -> list[Segment]:
    start = 1 if region else cls._base
    stop = end.place.first if end is not None else start
    if not region:
        stop = max(stop, cls._last + 1)
    units = _units(region, fields)
    must: list[Unit] = []
    optional: list[Unit] = []
    for unit in units:
        (optional if any(bits.field.optional for bits in unit.bits) else must).append(unit)
    may = _groups(optional)
    for unit in (unit for group in may for unit in group):
        if not all(field.optional for field in unit.fields):
            raise LayoutError(f"{cls.__name__}: byte {unit.first} is both optional and not")
    if must and may and may[0][0].first < must[-1].first:
        raise LayoutError(
            f"{cls.__name__}: optional byte {may[0][0].first} lies before mandatory {must[-1].first}"
        )
    after = max([start, *(unit.last + 1 for unit in must)])
    if not may:
        after = max(after, stop)
    elif not region and after <= cls._last:
        after = cls._last + 1
    result = [Segment(start, after - start, must, False, region)] if after > start else []
    for number, group in enumerate(may, 1):
        last = group[-1].last + 1
        last = max(last, stop) if number == len(may) else last
        result.append(Segment(after, last - after, group, True, region))
        after = last
    return result


def _units(region: int, fields: list[Field]) -> list[Unit]:
    """Merge the spans that share bytes, and put each piece into its span."""
    units: list[Unit] = []
    pieces = [piece for field in fields for piece in field.place.pieces]
    for first, last in sorted((piece.first, piece.last or 0) for piece in pieces):
        if units and first <= units[-1].last:
            units[-1].last = max(units[-1].last, last)
        else:
            units.append(Unit(first, last, f"u{region}_{first}" if region else f"u{first}"))
    for field in fields:
        shift = field.place.width
        for piece in field.place.pieces:
            shift -= piece.width
            unit = next(unit for unit in units if unit.first <= piece.first <= unit.last)
            low = piece.low + 8 * (piece.first - unit.first)
            unit.bits.append(Bits(field, low, piece.width, shift))
    return units


def _groups(units: list[Unit]) -> list[list[Unit]]:
    """Put optional units that come together into one group."""
    groups: list[list[Unit]] = []
    for unit in units:
        mine = _tokens(unit)
        index = len(groups)
        for number, group in enumerate(groups):
            if any(mine & _tokens(other) for other in group):
                index = min(index, number)
        merged = [other for group in groups[index:] for other in group]
        groups[index:] = [[*merged, unit]]
    return groups


def _tokens(unit: Unit) -> set[object]:
    """What another unit has in common with this one if they come together."""
    return {*unit.fields, *(field.group for field in unit.fields if field.group)}


_COUNT = r"(\w+)([+-]\d+)?"


def _variable(cls: type[Message], field: Field, more: bool) -> Variable:
    where = f"{cls.__name__}.{field.name}"
    if field.count is not None:
        match = re.fullmatch(_COUNT, field.count)
        if match is None:
            raise LayoutError(f"{where}: {field.count!r} names no field")
        return Variable(field, Extent.COUNT, match[1], int(match[2] or 0))
    return Variable(field, Extent.ITSELF if more else Extent.DATA)


def _check_references(made: Plan) -> None:
    cls = made.cls
    last = max((field.region for field in cls._fields), default=0)
    counters = {part.field.name: part.counter for part in made.variables if part.counter}
    earlier: dict[str, Field] = {}
    for field in cls._fields:
        where = f"{cls.__name__}.{field.name}"
        if field.count is not None and not field.place.open_ended:
            raise LayoutError(f"{where} has a count, and a size")
        if field.group and not field.optional:
            raise LayoutError(f"{where} is in a group, but not optional")
        if field.optional and field.place.open_ended and (field.region < last or field.count is not None):
            raise LayoutError(f"{where} is optional, but has a count or is followed by others")
        if counter := counters.get(field.name):
            _check_reference(where, earlier.get(counter), counter)
        if field.selector is not None:
            _check_reference(where, earlier.get(field.selector), field.selector)
        earlier[field.name] = field


def _check_reference(where: str, target: Field | None, name: str) -> None:
    if target is None:
        raise LayoutError(f"{where}: {name!r} is no earlier field")
    if target.optional or not (isinstance(target.type, type) and issubclass(target.type, int)):
        raise LayoutError(f"{where}: {name} is no number that is always there")
