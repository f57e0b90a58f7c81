"""A stage that notes what it was asked."""

from __future__ import annotations

from typing import Any

from tests.cli.ipmitool.scenes import Given, Stage


class Noted:
    """Answers as `Given` does.

    Attributes:
        asked: each request: network function and command, and its data, as digits.
    """

    def __init__(self, given: Given) -> None:
        self._given = given
        self.asked: list[tuple[str, str]] = []

    def __call__(self, netfn: int, cmd: int, data: bytes) -> bytes | None:
        self.asked.append((f"{netfn:02x}/{cmd:02x}", data.hex()))
        return self._given(netfn, cmd, data)


class NotingStage(Stage):
    """A call in memory, what it printed, and what it asked."""

    def __init__(self, given: dict[str, Any]) -> None:
        super().__init__(given)
        self.noted = Noted(self.given)
        self.given = self.noted  # type: ignore[assignment]  # is called just so

    @property
    def last(self) -> tuple[str, str]:
        """The last request."""
        return self.noted.asked[-1]
