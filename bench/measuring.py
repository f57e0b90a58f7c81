"""How the benchmarks measure: contenders take turns, figures make tables, shown and kept as JSON.

A script of this folder is one subject: its ``measure`` starts the peer and ours, and returns tables::

    from bench.measuring import Table, interleave, main, rounds

    def measure(short: bool) -> list[Table]:
        table = Table("BMC: CPU per request", unit="µs", peer="ipmi_sim", goal="at most 1.0 of ipmi_sim")
        with peers.ipmi_sim() as theirs, peers.bmc() as ours:
            contenders = {"ipmi_sim": lambda: cost(theirs), "Baseboard": lambda: cost(ours)}
            table.add("Get Device ID", interleave(contenders, rounds(short)))
        return [table]

    if __name__ == "__main__":
        main(measure)

``.venv/bin/python -m bench.NAME`` runs it in full, ``--short`` in the form that ``./check -m bench`` runs:
seconds, one round, to see that the script works. ``python -m bench`` runs all of them and keeps the figures.

A contender is a function that does its work once and returns a figure. What it returns may also be a
tuple, for two tables of one run: `picked` takes one place of it. A ratio is always this contender's figure
over the peer's of the same round. A script fails by raising, when a peer is missing or anybody answers wrong;
never for a time.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import signal
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import baseboard

T = TypeVar("T")
# What one round gave, by contender.
Round = dict[str, T]
Measure = Callable[[bool], "list[Table]"]

OURS = "Baseboard"
# The option --rounds, for all that a process measures.
_asked: list[int] = []


def rounds(short: bool, usual: int = 5) -> int:
    """How many rounds to measure: one in the short form, else what ``--rounds`` says, else the usual."""
    if short:
        return 1
    return _asked[-1] if _asked else usual


def interleave(contenders: Mapping[str, Callable[[], T]], rounds: int) -> list[Round[T]]:
    """Let each contender work once a round, the order turned round from one to the next.

    What the machine does besides then meets all of them alike, and a ratio is of two figures of one round.
    """
    names = list(contenders)
    measured: list[Round[T]] = []
    for number in range(rounds):
        found = {name: contenders[name]() for name in (reversed(names) if number % 2 else names)}
        measured.append({name: found[name] for name in names})
    return measured


def picked(measured: Sequence[Round[Any]], place: int) -> list[Round[float]]:
    """One figure of contenders that return tuples."""
    return [{name: float(figures[place]) for name, figures in one.items()} for one in measured]


def ratios(figures: Sequence[float], peer: Sequence[float]) -> list[float]:
    """This over that, round by round; rounds in which the peer did nothing are left out."""
    return [mine / theirs for mine, theirs in zip(figures, peer, strict=True) if theirs]


@dataclass
class Line:
    """The figures of one contender at one work, a figure a round."""

    work: str
    contender: str
    figures: list[float]
    ratios: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.figures)

    @property
    def ratio(self) -> float | None:
        """The median of the ratios to the peer; None for the peer itself, and where there is none."""
        return statistics.median(self.ratios) if self.ratios else None


@dataclass
class Table:
    """What was measured of one subject.

    Attributes:
        title: what was done, with all that the figures depend on.
        unit: of the figures, such as ``µs`` or ``requests/s``.
        peer: the contender that ratios refer to; "" if there is none.
        goal: what is to be reached, in words.
        more_is_better: for rates; for times and sizes less is.
        axis: what the works are numbers of, such as ``sensors``: then they are points of a curve, and a
            picture is drawn of them.
        note: what else a reader has to know.
    """

    title: str
    unit: str
    peer: str = ""
    goal: str = ""
    more_is_better: bool = False
    axis: str = ""
    note: str = ""
    lines: list[Line] = field(default_factory=list)

    def add(self, work: str | int, measured: Sequence[Mapping[str, float]]) -> None:
        """Take the rounds of one work, as `interleave` returns them."""
        for name in measured[0]:
            figures = [one[name] for one in measured]
            line = Line(str(work), name, figures)
            if self.peer in measured[0] and name != self.peer:
                line.ratios = ratios(figures, [one[self.peer] for one in measured])
            self.lines.append(line)

    def curve(self, contender: str, measured: Sequence[Mapping[str, float]]) -> None:
        """Take the rounds of one curve, whose contenders are the numbers along the axis.

        The ratios are those to the first point: what is flat stays at 1.
        """
        first = next(iter(measured[0]))
        for point in measured[0]:
            figures = [one[point] for one in measured]
            compared = [] if point == first else ratios(figures, [one[first] for one in measured])
            self.lines.append(Line(point, contender, figures, compared))

    def text(self) -> str:
        """The table for a terminal."""
        ratio = "to the first" if self.axis else f"to {self.peer}" if self.peer else ""
        rows = [[self.axis, "", f"median {self.unit}", "min", "max", ratio]]
        for line in self.lines:
            numbers = [line.median, min(line.figures), max(line.figures)]
            last = "" if line.ratio is None else f"{line.ratio:.2f}"
            rows.append([line.work, line.contender, *map(number, numbers), last])
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        told = [self.title, *([f"to reach: {self.goal}"] if self.goal else [])]
        for row in rows:
            left = [cell.ljust(width) for cell, width in zip(row[:2], widths[:2], strict=True)]
            right = [cell.rjust(width) for cell, width in zip(row[2:], widths[2:], strict=True)]
            told.append("  ".join([*left, *right]).rstrip())
        return "\n".join([*told, *([self.note] if self.note else [])])


def number(figure: float) -> str:
    """Three digits of a figure that matter, or all of those before its point."""
    size = abs(figure)
    if size >= 100 or figure == 0:
        return f"{figure:,.0f}"
    return f"{figure:.1f}" if size >= 10 else f"{figure:.2f}" if size >= 0.1 else f"{figure:.2g}"


def machine() -> dict[str, str]:
    """What the figures were measured on, without a word that tells whose it is."""
    try:
        listed = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        listed = []
    models = [line.partition(":")[2].strip() for line in listed if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "processor": models[0] if models else platform.machine(),
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{memory / 2**30:.1f} GiB",
        "kernel": f"{platform.system()} {'.'.join(platform.release().split('-')[0].split('.')[:2])}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
    }


def report(tables: Sequence[Table], *, short: bool) -> dict[str, Any]:
    """All that one script measured, as it goes into its file."""
    return {
        "version": baseboard.__version__,
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "short": short,
        "machine": machine(),
        "tables": [asdict(table) for table in tables],
    }


def loaded(text: str) -> tuple[dict[str, Any], list[Table]]:
    """A file that `report` made: what it says besides, and its tables."""
    told: dict[str, Any] = json.loads(text)
    tables = [
        Table(**{**one, "lines": [Line(**line) for line in one["lines"]]}) for one in told.pop("tables")
    ]
    return told, tables


def main(measure: Measure, arguments: Sequence[str] | None = None) -> None:
    """Run one script: its options, its tables, its file."""
    parser = argparse.ArgumentParser(description=sys.modules[measure.__module__].__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--short", action="store_true", help="one round of seconds: does the script work?")
    parser.add_argument("--rounds", type=int, metavar="N", help="rounds in which the contenders take turns")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    options = parser.parse_args(arguments)
    # Whoever is told to end ends its peers first.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    if options.rounds:
        _asked.append(options.rounds)
    tables = measure(options.short)
    print("\n\n".join(table.text() for table in tables), flush=True)
    if options.json:
        text = json.dumps(report(tables, short=options.short), ensure_ascii=False, indent=1)
        options.json.write_text(text + "\n", encoding="utf-8")
