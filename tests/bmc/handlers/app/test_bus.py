"""Master Write-Read (§22.11), byte for byte as consoles see it."""

from __future__ import annotations

import pytest

from baseboard.bmc.blueprint import FruSpec
from baseboard.bmc.blueprint.buses import Eeprom
from tests.bmc.handlers.checks import LAN, OPERATOR, at_least, check
from tests.bmc.harness import Bench, make_bmc

APP, MASTER_WRITE_READ = 0x06, 0x52
CHIP = FruSpec(1, "Chip", bytes(range(256)), eeprom=Eeprom(2, 0x50))
PRIVATE_2 = 0x05


def ask(bmc: Bench, *data: int) -> bytes:
    return bmc.raw(APP, MASTER_WRITE_READ, bytes(data), origin=bmc.origin(LAN))


def test_22_11_an_operator_may_and_it_takes_three_bytes() -> None:
    check(make_bmc(frus=(CHIP,)), APP, MASTER_WRITE_READ, OPERATOR, at_least(3))


def test_22_11_write_then_read() -> None:
    assert ask(make_bmc(frus=(CHIP,)), PRIVATE_2, 0xA0, 3, 0x10) == b"\x00\x10\x11\x12"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ((PRIVATE_2, 0xA2, 1, 0), 0x83),  # nobody there
        ((0x01, 0xA0, 1, 0), 0x83),  # on another bus
        ((0x00, 0xA0, 1, 0), 0x83),  # the IPMB
        ((0x10, 0xA0, 1, 0), 0xCC),  # a LAN is no bus
        ((0x70, 0xA0, 1, 0), 0xCC),  # no such channel
        ((PRIVATE_2, 0xA0, 0), 0x00),  # nothing to do: somebody is there
        ((PRIVATE_2, 0xA2, 0), 0x83),
        ((PRIVATE_2, 0xA0, 255, 0), 0xCA),  # more than an answer holds
    ],
)
def test_22_11_what_cannot_be_done_says_why(data: tuple[int, ...], code: int) -> None:
    assert ask(make_bmc(frus=(CHIP,)), *data) == bytes((code,))
