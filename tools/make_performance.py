"""Writes docs/performance.md, and the pictures of its curves, from the figures in ``bench/results``.

::

    .venv/bin/python -P tools/make_performance.py

The figures come from ``.venv/bin/python -m bench``, which takes long and wants a machine with nothing else to
do. What was measured in the short form is left out.
"""

from __future__ import annotations

import re
import statistics
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.measuring import OURS, Line, Table, loaded, number  # noqa: E402 - found only by the line above
from tools.curve_picture import Curve, Point, picture  # noqa: E402 - found only by the line above

DOCS, RESULTS = ROOT / "docs", ROOT / "bench" / "results"
HEAD = """# Performance

What Baseboard needs for its work, beside what other programs need for theirs on the same machine in the same
minutes. Contenders take turns, round by round. A ratio is that of two figures of one round; the one shown is
the median of all rounds. The absolute figures tell the size only. [How to run it](../bench/README.md) on a
machine of your own.

This page is made by `tools/make_performance.py` from the files in `bench/results`.
"""


@dataclass(frozen=True)
class Result:
    """What one script measured, and on what."""

    name: str
    surroundings: str
    tables: list[Table]


def surroundings(told: dict[str, object]) -> str:
    """On what it was measured, in a sentence."""
    machine = told["machine"]
    assert isinstance(machine, dict)
    cores = f"{machine['cores']} core{'s' * (machine['cores'] != '1')}"
    where = ", ".join([machine["processor"], cores, machine["memory"], machine["kernel"], machine["python"]])
    return f"Baseboard {told['version']}, {told['date']}: {where}."


def results(folder: Path) -> list[Result]:
    """The files of a folder, by their names; none that was a short run."""
    found = []
    for file in sorted(folder.glob("*.json")):
        told, tables = loaded(file.read_text(encoding="utf-8"))
        if not told["short"]:
            found.append(Result(file.stem, surroundings(told), tables))
    return found


def slug(table: Table) -> str:
    """The name of a table's picture: its title up to the colon."""
    return re.sub(r"[^a-z0-9]+", "-", table.title.partition(":")[0].lower()).strip("-")


def row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def figures(line: Line) -> list[str]:
    """Median, least, most and ratio of a line."""
    ratio = "" if line.ratio is None else f"{line.ratio:.2f}"
    return [number(line.median), number(min(line.figures)), number(max(line.figures)), ratio]


def shown(table: Table) -> Iterator[str]:
    """A table with its heading, its goal, its curve and its note."""
    yield f"### {table.title}\n"
    if table.goal:
        better = "More is better." if table.more_is_better else "Less is better."
        yield f"To reach: {table.goal}. {better}\n"
    if table.axis:
        yield f"![{table.title}](pictures/{slug(table)}.svg)\n"
    last = "to the first" if table.axis else f"to {table.peer}" if table.peer else ""
    yield row([table.axis, "", f"median, {table.unit}", "least", "most", last])
    yield "|---|---|--:|--:|--:|--:|"
    for line in table.lines:
        yield row([line.work, line.contender, *figures(line)])
    yield f"\n{table.note}\n" if table.note else ""


def summary(all_results: Sequence[Result]) -> Iterator[str]:
    """What was to be reached, and what was: our lines of every table that has a goal."""
    yield "## In short\n"
    yield row(["", "Baseboard", "the other", "ratio", "to reach"])
    yield "|---|--:|--:|--:|---|"
    for table in (table for result in all_results for table in result.tables if table.goal):
        peers = {line.work: line for line in table.lines if line.contender == table.peer}
        ours = [line for line in table.lines if line.contender.startswith(OURS)]
        # Where there is a ratio at all, a line without one is what the others are compared with.
        for line in [line for line in ours if line.ratio is not None or not table.peer]:
            peer = peers.get(line.work)
            other = f"{number(peer.median)} {table.peer}" if peer else ""
            ratio = "" if line.ratio is None else f"{line.ratio:.2f}"
            how = line.contender.removeprefix(OURS)
            what = f"{table.title}: {line.work}{how}"
            yield row([what, f"{number(line.median)} {table.unit}", other, ratio, table.goal])
    yield ""


def page(all_results: Sequence[Result]) -> str:
    """All of docs/performance.md."""
    places = [result.surroundings for result in all_results]
    usual = statistics.mode(places) if places else ""
    parts = [HEAD, *([f"Measured with {usual}\n"] if usual else []), *summary(all_results)]
    for result in all_results:
        parts.append(f"## {result.name}\n")
        if result.surroundings != usual:
            parts.append(f"Measured with {result.surroundings}\n")
        for table in result.tables:
            parts += shown(table)
    return "\n".join(parts).rstrip() + "\n"


def drawing(table: Table) -> str:
    """The picture of a table that has an axis."""
    curves: dict[str, list[Point]] = {}
    for line in table.lines:
        point = Point(float(line.work.replace(",", "")), line.median, min(line.figures), max(line.figures))
        curves.setdefault(line.contender, []).append(point)
    title = table.title.partition(":")[0]
    return picture(title, table.axis, table.unit, [Curve(name, points) for name, points in curves.items()])


def made(folder: Path = RESULTS) -> dict[Path, str]:
    """Every file that the figures of a folder make, and its text."""
    all_results = results(folder)
    files = {DOCS / "performance.md": page(all_results)}
    for table in (table for result in all_results for table in result.tables if table.axis):
        files[DOCS / "pictures" / f"{slug(table)}.svg"] = drawing(table)
    return files


def main() -> int:
    """Write the files that differ."""
    for path, text in made().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
