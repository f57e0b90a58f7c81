"""Serial ports of a host with everything that a serial port may have, for tests of Serial over LAN."""

from __future__ import annotations

from collections.abc import Callable

from baseboard.bmc.ports import LineNotice, Outputs
from tests.bmc.fakes import FakeSerial


class FakeLine(FakeSerial):
    """A serial port with modem lines.

    Attributes:
        rates: the speeds that it was told.
        lines: CTS and carrier, as it was told each time.
        rings: how often RI was pulsed.
        dropped: how often what was written was to be forgotten.
        driven: the lines that the host drives.
        there: whether somebody is at the far end.
        powered: what it was told of the system's power.
    """

    def __init__(self) -> None:
        super().__init__()
        self.rates: list[int] = []
        self.lines: list[tuple[bool, bool]] = []
        self.rings = 0
        self.dropped = 0
        self.driven = Outputs(True, True)
        self.there = True
        self.powered: list[bool] = []
        self.noticed: Callable[[LineNotice], None] | None = None

    def carrier(self) -> bool:
        return self.there

    def set_rate(self, bits_per_second: int) -> None:
        self.rates.append(bits_per_second)

    def set_lines(self, *, cts: bool, carrier: bool) -> None:
        self.lines.append((cts, carrier))

    def ring(self) -> None:
        self.rings += 1

    def drop_written(self) -> None:
        self.dropped += 1

    def outputs(self) -> Outputs:
        return self.driven

    def watch(self, noticed: Callable[[LineNotice], None] | None) -> None:
        self.noticed = noticed

    def power_changed(self, on: bool) -> None:
        self.powered.append(on)

    def notice(self, notice: LineNotice) -> None:
        """Tell what happens on the line."""
        if self.noticed is not None:
            self.noticed(notice)
