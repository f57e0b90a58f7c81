"""DCMI: who may ask, and in which lengths; the rest is tried in tests/conformance/dcmi."""

from __future__ import annotations

import pytest

from baseboard.bmc.blueprint import DcmiSpec
from tests.bmc.harness import make_bmc

LENGTHS = {
    0x01: {1}, 0x06: {2}, 0x07: {4}, 0x08: set(range(2, 40)), 0x09: {2}, 0x0A: set(range(2, 40)), 0x10: {4},
    0x12: set(range(2, 40)), 0x13: {2},
}  # fmt: skip


@pytest.mark.parametrize("cmd", LENGTHS)
def test_lengths(cmd: int) -> None:
    bmc = make_bmc(dcmi=DcmiSpec(meter="any"))
    for size in range(20):
        code = bmc.raw(0x2C, cmd, b"\xdc" + bytes(size))[0]
        if size not in LENGTHS[cmd]:
            assert code == 0xC7, size
        elif len(LENGTHS[cmd]) == 1:
            assert code != 0xC7, size


def test_a_count_that_is_not_that_of_the_data() -> None:
    bmc = make_bmc(dcmi=DcmiSpec())
    for cmd in (0x08, 0x0A):
        assert bmc.raw(0x2C, cmd, b"\xdc\0\x02x") == b"\xc7"
        assert bmc.raw(0x2C, cmd, b"\xdc\0\x11" + bytes(17)) == b"\xc9"
