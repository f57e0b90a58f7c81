"""How a unit of bytes stands in a ``struct`` format."""

from __future__ import annotations

from collections.abc import Mapping

from .kinds import Kind
from .message import Field
from .plan import Segment, Unit
from .value import Value

_CODES = {1: "B", 2: "H", 4: "I", 8: "Q"}


class Cell(Value):
    """A unit, and the struct codes that read it.

    Attributes:
        raw: the unit is the bytes of one field.
        sizes: the codes' sizes in bytes: one, or several for a number of 3, 5, 6 or 7 bytes; none for a
            longer number, which is read as bytes first.
        signed: the struct code itself knows the sign.
    """

    unit: Unit
    raw: bool
    sizes: list[int]
    signed: bool

    @property
    def format(self) -> str:
        """The struct codes."""
        if self.raw or not self.sizes:
            return f"{self.unit.size}s"
        codes = "".join(_CODES[size] for size in self.sizes)
        return codes.lower() if self.signed else codes

    @property
    def names(self) -> list[str]:
        """A variable for each code."""
        name = self.unit.name
        letters = "abc"[: len(self.sizes)]
        return [name] if len(letters) < 2 else [name + letter for letter in letters]

    @property
    def number(self) -> str:
        """The expression that makes the unit's number out of its variables."""
        if not self.sizes:
            return f'_int.from_bytes({self.unit.name}, "little")'
        parts: list[str] = []
        shift = 0
        for name, size in zip(self.names, self.sizes, strict=True):
            parts.append(f"({name} << {shift})" if shift else name)
            shift += 8 * size
        return " + ".join(parts)


def cells(segment: Segment, kinds: Mapping[str, Kind]) -> list[Cell]:
    """The cells of a segment."""
    return [_cell(unit, kinds) for unit in segment.units]


def _cell(unit: Unit, kinds: Mapping[str, Kind]) -> Cell:
    whole: Field | None = unit.whole
    if whole is not None and kinds[whole.name].wants_bytes():
        return Cell(unit, True, [], False)
    sizes: list[int] = []
    rest = unit.size if unit.size <= 8 else 0
    for size in (8, 4, 2, 1):
        if rest >= size:
            sizes.append(size)
            rest -= size
    return Cell(unit, False, sizes, whole is not None and whole.signed and len(sizes) == 1)


def segment_format(segment: Segment, kinds: Mapping[str, Kind]) -> str:
    """The struct format of a segment, pad bytes for what is reserved."""
    text, position = "<", segment.start
    for cell in cells(segment, kinds):
        gap = cell.unit.first - position
        text += (f"{gap}x" if gap else "") + cell.format
        position = cell.unit.last + 1
    gap = segment.start + segment.size - position
    return text + (f"{gap}x" if gap else "")
