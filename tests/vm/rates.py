"""What guests measured, for the report at the end of the run."""

from __future__ import annotations

noted: list[str] = []


def note(text: str) -> None:
    """Have a line stand in the report."""
    noted.append(text)
    print(text)
