"""DCMI's limits: lengths, and modes that there are not; the rest is tried in tests/conformance/dcmi."""

from __future__ import annotations

import pytest

from baseboard.bmc.blueprint import DcmiSpec
from tests.bmc.harness import make_bmc


@pytest.mark.parametrize(
    ("cmd", "length"), [(0x02, 3), (0x03, 2), (0x04, 14), (0x05, 3), (0x0B, 6), (0x0C, 2)]
)
def test_lengths(cmd: int, length: int) -> None:
    bmc = make_bmc(dcmi=DcmiSpec(meter="any"))
    for size in range(20):
        assert (bmc.raw(0x2C, cmd, b"\xdc" + bytes(size))[0] == 0xC7) == (size != length)


def test_only_periods_that_are_offered() -> None:
    bmc = make_bmc(dcmi=DcmiSpec(meter="any", periods=(0x41,)))
    assert bmc.raw(0x2C, 0x02, b"\xdc\x02\x41\0")[0] == 0
    assert bmc.raw(0x2C, 0x02, b"\xdc\x02\x05\0") == b"\xcc"
    assert bmc.raw(0x2C, 0x01, b"\xdc\x05")[5:] == b"\x01\x41"
