"""How far a call with several hosts is: a bar on a terminal if rich is installed, nothing anywhere else."""

from __future__ import annotations

import os
import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID


class Progress:
    """A bar on standard error, while the ``with`` block lasts.

    Args:
        total: how many hosts there are.
        shown: whether a bar is wanted; it is drawn only on a terminal.
    """

    def __init__(self, total: int, *, shown: bool = True) -> None:
        self._bar: Bar | None = None
        self._task: TaskID | None = None
        self._failed = 0
        # A terminal that cannot move its cursor would keep an empty line for every bar.
        if shown and sys.stderr.isatty() and os.environ.get("TERM", "dumb") not in ("dumb", "unknown"):
            self._draw(total)

    def _draw(self, total: int) -> None:
        try:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
        except ModuleNotFoundError:
            return
        columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        self._bar = Progress(
            *columns,
            console=Console(stderr=True),
            transient=True,
            # What is written while the bar stands still goes out as it is, and not folded into paragraphs.
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._task = self._bar.add_task("hosts", total=total)

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def advance(self, *, failed: bool) -> None:
        """One more host is done."""
        self._failed += failed
        if self._bar is not None and self._task is not None:
            told = f"hosts, {self._failed} failed" if self._failed else "hosts"
            self._bar.update(self._task, advance=1, description=told)

    def write(self, text: str, *, error: bool = False) -> None:
        """Print without tearing the bar apart."""
        stream = sys.stderr if error else sys.stdout
        if self._bar is not None:
            # Lines of output and the bar share the terminal: rich moves the bar out of their way.
            self._bar.stop()
            stream.write(text)
            stream.flush()
            self._bar.start()
            return
        stream.write(text)
        stream.flush()
