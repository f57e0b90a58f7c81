"""Watchdog commands (§27), byte for byte as software sees them."""

from __future__ import annotations

import pytest

from tests.bmc.handlers.checks import OPERATOR, USER, check
from tests.bmc.harness import Bench, make_bmc

APP = 0x06
RESET, SET, GET = 0x22, 0x24, 0x25


def ask(bmc: Bench, cmd: int, data: str = "") -> bytes:
    return bmc.raw(APP, cmd, bytes.fromhex(data))


@pytest.mark.parametrize(
    ("cmd", "level", "lengths"), [(RESET, OPERATOR, (0,)), (SET, OPERATOR, (6,)), (GET, USER, (0,))]
)
def test_g_1_levels_and_lengths(cmd: int, level: int, lengths: tuple[int, ...]) -> None:
    check(make_bmc(), APP, cmd, level, lengths)


def test_27_7_a_running_timer() -> None:
    bmc = make_bmc()
    # SMS/OS, hard reset, pre-timeout interval 30 s, 60 s
    assert ask(bmc, SET, "04 01 1e 00 58 02") == b"\0"
    assert ask(bmc, RESET) == b"\0"
    bmc.advance(8.5)
    # as an example has it: running, 51.5 s to go
    assert ask(bmc, GET) == bytes.fromhex("00 44 01 1e 00 58 02 03 02")


def test_27_7_a_stopped_timer_with_a_flag() -> None:
    bmc = make_bmc()
    ask(bmc, SET, "01 00 00 00 00 00")
    ask(bmc, RESET)
    bmc.advance(0)
    # as an example has it: FRB2, don't log, NMI before power down, 120 s, the flag of FRB2
    assert ask(bmc, SET, "81 22 00 00 b0 04") == b"\0"
    assert ask(bmc, GET)[:7] == bytes.fromhex("00 81 22 00 02 b0 04")
    ask(bmc, SET, "81 22 00 02 b0 04")
    assert ask(bmc, GET)[:7] == bytes.fromhex("00 81 22 00 00 b0 04")


def test_27_6_bit_6_lets_a_running_timer_go_on() -> None:
    bmc = make_bmc()
    ask(bmc, SET, "04 00 00 00 58 02")
    ask(bmc, RESET)
    assert ask(bmc, SET, "44 00 00 00 64 00") == b"\0"
    assert ask(bmc, GET) == bytes.fromhex("00 44 00 00 00 64 00 64 00")
    ask(bmc, SET, "04 00 00 00 64 00")
    assert ask(bmc, GET)[1] == 0x04


def test_27_5_a_timer_that_nobody_set_cannot_be_started() -> None:
    assert ask(make_bmc(), RESET) == b"\x80"


@pytest.mark.parametrize(
    "data",
    [
        "00 00 00 00 0a 00",  # timer use reserved
        "06 00 00 00 0a 00",
        "04 10 00 00 0a 00",  # no SMI line
        "04 40 00 00 0a 00",  # interrupt reserved
        "04 04 00 00 0a 00",  # action reserved
        "04 21 01 00 0a 00",  # the interval is as long as the countdown
    ],
)
def test_27_6_what_is_not_supported_is_refused(data: str) -> None:
    assert ask(make_bmc(), SET, data) == b"\xcc"


@pytest.mark.parametrize("data", ["0c 00 00 00 0a 00", "04 88 00 00 0a 00"])
def test_a_strict_bmc_refuses_reserved_bits(data: str) -> None:
    assert ask(make_bmc(), SET, data) == b"\0"
    assert ask(make_bmc(strict=True), SET, data) == b"\xcc"
