"""Data Center Manageability as shipped (DCMI 1.5); a BMC without this has none."""

from __future__ import annotations

from dataclasses import dataclass

USUAL_PERIODS = (0x05, 0x0F, 0x1E, 0x41, 0x43, 0x47, 0x4F, 0x5E, 0x81)
"""5, 15 and 30 seconds, 1, 3, 7, 15 and 30 minutes, 1 hour: unit and number as DCMI's Table 6-3 has them."""


@dataclass(frozen=True, slots=True)
class DcmiSpec:
    """What a BMC with DCMI has.

    Attributes:
        meter: what the power meter measures: the name of a simulated sensor in watts, any name for a backend
            with a meter of its own; empty = there is no power management.
        lowest: least power limit that can be set, watts.
        highest: greatest one.
        periods: of the rolling averages, as capability parameter 5 has them; an hour at most.
    """

    meter: str = ""
    lowest: int = 1
    highest: int = 0xFFFF
    periods: tuple[int, ...] = USUAL_PERIODS
