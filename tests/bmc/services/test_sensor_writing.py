"""What is done with status bits."""

from __future__ import annotations

import pytest

from baseboard.bmc.services.sensor_writing import UNCHANGED, BitsWritten, Written
from baseboard.commands.sensor.sensors import BitsOperation


@pytest.mark.parametrize(("operation", "after"), [(0, 0b0110), (1, 0b0011), (2, 0b0111), (3, 0b0100)])
def test_35_17_the_four_operations(operation: int, after: int) -> None:
    assert BitsWritten(BitsOperation(operation), 0b0011).applied(0b0110) == after


def test_35_17_what_is_written() -> None:
    some = BitsWritten(BitsOperation.CLEAR, 0)
    assert not Written().has_bits
    assert not Written(reading=5).has_bits
    assert Written(assertions=some).has_bits
    assert Written(deassertions=some).has_bits
    assert UNCHANGED.applied(7) == 7
