"""What Set Sensor Reading And Event Status writes (§35.17)."""

from __future__ import annotations

from typing import NamedTuple

from baseboard.commands.sensor.sensors import BitsOperation


class EventDataWritten(NamedTuple):
    """Event data that come with a written reading.

    Attributes:
        data: three bytes.
        keep_offset: the offset in the first of them is the BMC's own.
    """

    data: bytes
    keep_offset: bool


class BitsWritten(NamedTuple):
    """What is done with the status bits of one direction.

    Attributes:
        operation: how.
        bits: with which; bit n = event offset n.
    """

    operation: BitsOperation
    bits: int

    def applied(self, before: int) -> int:
        """The bits afterwards."""
        if self.operation == BitsOperation.WRITE:
            return self.bits
        if self.operation == BitsOperation.SET:
            return before | self.bits
        if self.operation == BitsOperation.CLEAR:
            return before & ~self.bits
        return before


UNCHANGED = BitsWritten(BitsOperation.NO_CHANGE, 0)


class Written(NamedTuple):
    """One write.

    Attributes:
        reading: raw; None = stays as it is.
        assertions: of the assertion status.
        deassertions: of the deassertion status.
        data: for the events that come of it; None = the BMC makes them.
    """

    reading: int | None = None
    assertions: BitsWritten = UNCHANGED
    deassertions: BitsWritten = UNCHANGED
    data: EventDataWritten | None = None

    @property
    def has_bits(self) -> bool:
        """Whether it writes status bits."""
        return bool(self.assertions.operation or self.deassertions.operation)
