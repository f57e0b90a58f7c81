"""Tables for people: drawn on a terminal if rich is installed and they fit, plain columns anywhere else."""

from __future__ import annotations

import sys
from collections.abc import Sequence

_ANY = 10_000


def show(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table on standard output."""
    if not (sys.stdout.isatty() and _drawn(heads, rows)):
        print(plain(heads, rows))


def plain(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The table as columns with two blanks between them, heads in capitals."""
    lines = [[head.upper() for head in heads], *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    padded = (
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines
    )
    return "\n".join(line.rstrip() for line in padded)


def _drawn(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Draw the table; False where rich is not installed, or would have to cut cells short."""
    try:
        from rich.box import SIMPLE_HEAD
        from rich.console import Console
        from rich.measure import Measurement
        from rich.table import Table
        from rich.text import Text
    except ModuleNotFoundError:
        return False
    table = Table(*heads, box=SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        table.add_row(*map(Text, row))
    console = Console()
    if Measurement.get(console, console.options.update(max_width=_ANY), table).maximum > console.width:
        return False
    console.print(table)
    return True
