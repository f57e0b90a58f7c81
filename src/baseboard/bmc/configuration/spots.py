"""Places in a file that describes BMCs, and the error that names one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from baseboard.bmc.configuration.lines import Step, line_of
from baseboard.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Spot:
    """A key of a file.

    Attributes:
        file: its path, as the user gave it.
        text: what it says.
        path: names of keys and numbers of elements, from the top; empty for the file as a whole.
    """

    file: Path
    text: str = field(repr=False)
    path: tuple[Step, ...] = ()

    def __truediv__(self, step: Step) -> Spot:
        return Spot(self.file, self.text, (*self.path, step))

    def wrong(self, text: str) -> ConfigurationError:
        """The error to raise: what was found here, and what is allowed."""
        line = line_of(self.text, self.path) if self.path else None
        return ConfigurationError(str(self.file), line, key_text(self.path), text)


def key_text(path: Sequence[Step]) -> str:
    """The path as people write it: ``bmc[0].lan.port``."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")
