"""Charts for a terminal, drawn with braille dots: two columns and four rows of dots in each character."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

_BLANK: Final = 0x2800
# The bits of the dots, by column and row of a character (Unicode, Braille Patterns).
_DOTS: Final = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
_ASCII: Final = "*"


def chart(
    values: Sequence[float | None],
    width: int,
    height: int,
    *,
    low: float | None = None,
    high: float | None = None,
    plain: bool = False,
) -> list[str]:
    """Draw values from left to right, with an axis; gaps stay empty.

    Args:
        values: the latest last; of too many only the latest are drawn.
        width: characters of a line, the axis included.
        height: lines.
        low: the lowest value of the axis; None = of the values; so is ``high``.
        plain: ASCII only.
    """
    known = [value for value in values if value is not None and math.isfinite(value)]
    if not known:
        return ["no readings"]
    bottom, top = _span(min(known) if low is None else low, max(known) if high is None else high)
    labels = _labels(bottom, top, height)
    room = max(1, width - max(map(len, labels)) - 2)
    steps = 1 if plain else 2
    shown = list(values)[-room * steps :]
    cells = [[0] * room for _ in range(height)]
    rows = height * (1 if plain else 4)
    for column, value in enumerate(shown):
        if value is None or not math.isfinite(value):
            continue
        place = round((top - min(max(value, bottom), top)) / (top - bottom) * (rows - 1))
        if plain:
            cells[place][column] = 1
        else:
            cells[place // 4][column // 2] |= _DOTS[column % 2][place % 4]
    sign = "|" if plain else "┤"
    wide = max(map(len, labels))
    return [
        f"{label:>{wide}} {sign}{_line(line, plain)}".rstrip()
        for label, line in zip(labels, cells, strict=True)
    ]


def _line(cells: Sequence[int], plain: bool) -> str:
    if plain:
        return "".join(_ASCII if cell else " " for cell in cells)
    return "".join(chr(_BLANK + cell) if cell else " " for cell in cells)


def _span(low: float, high: float) -> tuple[float, float]:
    """Bounds that are apart: around a value that never changes too."""
    if high > low:
        return low, high
    room = abs(low) * 0.05 or 1.0
    return low - room, high + room


def _labels(low: float, high: float, height: int) -> list[str]:
    step = (high - low) / max(1, height - 1)
    digits = max(0, min(3, 1 - math.floor(math.log10(step))))
    return [f"{high - step * number:.{digits}f}" for number in range(height)]


def sparkline(values: Sequence[float | None], width: int) -> str:
    """The course of values in one line of blocks."""
    blocks = "▁▂▃▄▅▆▇█"
    shown = list(values)[-width:]
    known = [value for value in shown if value is not None and math.isfinite(value)]
    if not known:
        return " " * len(shown)
    low, high = _span(min(known), max(known))
    return "".join(
        blocks[round((value - low) / (high - low) * (len(blocks) - 1))]
        if value is not None and math.isfinite(value)
        else " "
        for value in shown
    )
