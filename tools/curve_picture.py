"""Draws curves as an SVG: the axis along is logarithmic, the one up is linear and begins at zero.

There is no ground but the page's: lines and letters have a grey and colours that show on black and white.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

INK, GRID = "#808890", "#80889055"
COLOURS = ("#3b8fd4", "#d0733a", "#4aa564", "#a56ad0", "#c9a227", "#d05a7a")
WIDTH, HEIGHT = 720, 380
# The frame that the curves are in: its edges, pixels.
LEFT, RIGHT, TOP, BOTTOM = 70, 680, 60, 320
FONTS = "system-ui,-apple-system,Segoe UI,DejaVu Sans,sans-serif"


@dataclass(frozen=True)
class Point:
    """Where a curve goes through, and how far the figures of its rounds are apart."""

    along: float
    middle: float
    least: float
    most: float


@dataclass(frozen=True)
class Curve:
    """A name, and its points from left to right."""

    name: str
    points: Sequence[Point]


def steps(most: float) -> list[float]:
    """Where the axis up has its marks: from zero by 1, 2 or 5 times a power of ten, as far as ``most``."""
    rough = most / 5 or 1.0
    power = 10 ** math.floor(math.log10(rough))
    step = next(power * times for times in (1, 2, 5, 10) if power * times >= rough * 0.999)
    return [step * number for number in range(math.ceil(most / step * 0.999) + 1)]


def marks(least: float, most: float) -> list[float]:
    """Where the axis along has its marks: the powers of ten from the first point to the last."""
    first, last = math.floor(math.log10(least)), math.ceil(math.log10(most))
    return [10.0**power for power in range(first, max(last, first + 1) + 1)]


def plain(number: float) -> str:
    """A number at an axis."""
    return f"{number:,.0f}" if number == round(number) else f"{number:g}"


def letters(x: float, y: float, text: str, *, anchor: str = "middle", ink: str = INK, more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{ink}"{more}>{escape(text)}</text>'


class Frame:
    """The two axes: where a value is on the picture."""

    def __init__(self, curves: Sequence[Curve]) -> None:
        points = [point for curve in curves for point in curve.points]
        self.marks = marks(min(one.along for one in points), max(one.along for one in points))
        self.steps = steps(max(one.most for one in points))

    def x(self, along: float) -> float:
        first, last = math.log10(self.marks[0]), math.log10(self.marks[-1])
        return LEFT + (math.log10(along) - first) / (last - first) * (RIGHT - LEFT)

    def y(self, up: float) -> float:
        return BOTTOM - up / self.steps[-1] * (BOTTOM - TOP)

    def drawn(self, along: str, up: str) -> Iterator[str]:
        """Lines, numbers and what they are of."""
        for step in self.steps:
            y = self.y(step)
            yield f'<path d="M{LEFT} {y:.1f}H{RIGHT}" stroke="{GRID}"/>'
            yield letters(LEFT - 8, y + 4, plain(step), anchor="end")
        for mark in self.marks:
            x = self.x(mark)
            yield f'<path d="M{x:.1f} {BOTTOM}v5" stroke="{INK}"/>'
            yield letters(x, BOTTOM + 20, plain(mark))
        yield f'<path d="M{LEFT} {TOP}V{BOTTOM}H{RIGHT}" stroke="{INK}" fill="none"/>'
        yield letters((LEFT + RIGHT) / 2, HEIGHT - 14, along)
        middle = (TOP + BOTTOM) / 2
        yield letters(18, middle, up, more=f' transform="rotate(-90 18 {middle:.1f})"')


def drawn(curve: Curve, frame: Frame, number: int) -> Iterator[str]:
    """A curve: a line through its medians, a dot at each, and a bar from its least to its most."""
    colour = COLOURS[number % len(COLOURS)]
    places = [(frame.x(point.along), frame.y(point.middle), point) for point in curve.points]
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y, _ in places)
    yield f'<path d="M{path}" stroke="{colour}" stroke-width="2" fill="none"/>'
    for x, y, point in places:
        yield f'<path d="M{x:.1f} {frame.y(point.least):.1f}V{frame.y(point.most):.1f}" stroke="{colour}"/>'
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>'


def legend(curves: Sequence[Curve]) -> Iterator[str]:
    """Above the frame: a dot of its colour and the name of each curve, in columns."""
    wide = (RIGHT - LEFT) / len(curves)
    for number, curve in enumerate(curves):
        x = LEFT + number * wide
        yield f'<circle cx="{x + 4:.1f}" cy="44" r="4" fill="{COLOURS[number % len(COLOURS)]}"/>'
        yield letters(x + 14, 48, curve.name, anchor="start")


def picture(title: str, along: str, up: str, curves: Sequence[Curve]) -> str:
    """The whole SVG.

    Args:
        title: what stands above it, and is read out to those who cannot see.
        along: what the axis along counts.
        up: what the axis up measures, with its unit.
        curves: at least one, with at least one point; what is along is more than zero.
    """
    frame = Frame(curves)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" role="img">',
        f"<title>{escape(title)}</title>",
        f'<g font-family="{FONTS}" font-size="13">',
        letters(LEFT, 22, title, anchor="start", more=' font-weight="bold"'),
        *legend(curves),
        *frame.drawn(along, up),
    ]
    for number, curve in enumerate(curves):
        parts += drawn(curve, frame, number)
    return "\n".join([*parts, "</g>", "</svg>"]) + "\n"
