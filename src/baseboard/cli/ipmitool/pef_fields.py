"""How ``ipmitool pef`` prints: a line with bars, or with ``-v`` a line for each field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from baseboard.cli.call import Call

WIDTH = 24


class Fields:
    """A row that is being printed.

    Args:
        call: the command's.

    Attributes:
        facts: what was printed, by name.
    """

    def __init__(self, call: Call) -> None:
        self._call = call
        self._first = True
        self.facts: dict[str, str] = {}

    def add(self, label: str, value: object) -> None:
        """Print a field."""
        self.facts[label] = str(value)
        if self._call.verbose:
            self._call.out(f"{label:<{WIDTH}} : {value}")
        else:
            self._call.out(f"{' ' if self._first else ' | '}{value}", end="")
        self._first = False

    def bar(self, label: str, value: str) -> None:
        """Print a field that has its bar even when it is the first."""
        self._first = False
        self.add(label, value)

    def flags(self, bits: int, table: Mapping[int, str], yes: str, no: str) -> list[str]:
        """Print bits that are set, or with ``-v`` every bit and how it is.

        Returns: the words of those that are set.
        """
        on = [text for bit, text in table.items() if bits & bit]
        if self._call.verbose:
            for bit, text in table.items():
                self._call.out(f"{text:<{WIDTH}} : {yes if bits & bit else no}")
        elif on:
            self._call.out(f" | {','.join(on)}", end="")
        return on
