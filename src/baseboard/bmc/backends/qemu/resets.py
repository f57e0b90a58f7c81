"""Which of QEMU's reset events are resets: the firmware resets once or twice more, to begin anew itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SETTLING_S: Final = 1.0
"""Resets that follow each other within so many seconds are one; the firmware's come within a tenth of one."""

_OURS: Final = "host-qmp-system-reset"


class Resets:
    """Counts the resets of one machine."""

    __slots__ = ("_last", "_ordered")

    def __init__(self) -> None:
        self._last, self._ordered = float("-inf"), 0

    def order(self) -> None:
        """The BMC has QEMU reset the machine; the event of that tells nothing new."""
        self._ordered += 1

    def forget(self) -> None:
        """The machine is another one."""
        self._last, self._ordered = float("-inf"), 0

    def counts(self, data: Mapping[str, object], when: float) -> bool:
        """Whether a reset event is a reset that the BMC does not know of.

        Args:
            data: of the event.
            when: QEMU's time of it, seconds.
        """
        settled = when - self._last >= SETTLING_S
        self._last = when
        if data.get("reason") == _OURS and self._ordered:
            self._ordered -= 1
            return False
        return settled
