"""System Info parameters (§22.14a, §22.14b), byte for byte as software sees them."""

from __future__ import annotations

import pytest

from tests.bmc.handlers.checks import ADMINISTRATOR, LAN, USER, check, check_level
from tests.bmc.harness import Bench, make_bmc

APP = 0x06
SET, GET = 0x58, 0x59
# system name "example-host-01"
FIRST = "02 00 00 0f 65 78 61 6d 70 6c 65 2d 68 6f 73 74 2d 30"
SECOND = "02 01 31" + " 00" * 15


def ask(bmc: Bench, cmd: int, data: str = "") -> bytes:
    return bmc.raw(APP, cmd, bytes.fromhex(data), origin=bmc.origin(LAN))


def test_g_1_levels_and_lengths() -> None:
    check(make_bmc(), APP, GET, USER, (4,))
    check_level(make_bmc(), APP, SET, ADMINISTRATOR)
    assert ask(make_bmc(), SET) == b"\xc7"


def test_22_14a_a_string_is_written_and_read_in_blocks() -> None:
    bmc = make_bmc()
    assert ask(bmc, SET, FIRST) == b"\0"
    assert ask(bmc, SET, SECOND) == b"\0"
    for reached in (bmc, bmc.reopen()):
        # revision 11h, then the number of the block and its 16 bytes
        assert ask(reached, GET, "00 02 00 00") == bytes.fromhex("00 11" + FIRST[2:])
        assert ask(reached, GET, "00 02 01 00") == bytes.fromhex("00 11" + SECOND[2:])


def test_22_14a_a_short_last_block_is_padded() -> None:
    bmc = make_bmc()
    assert ask(bmc, SET, "02 01 31") == b"\0"
    assert ask(bmc, GET, "00 02 01 00") == bytes.fromhex("00 11" + SECOND[2:])


def test_22_14b_every_string_parameter_is_there_and_blocks_have_16_bytes() -> None:
    bmc = make_bmc()
    for selector in range(1, 8):
        for block in range(17):
            answer = ask(bmc, GET, f"00 {selector:02x} {block:02x} 00")
            assert (answer[:3], len(answer)) == (bytes((0, 0x11, block)), 19)


def test_22_14b_the_revision_alone_can_be_asked_for() -> None:
    bmc = make_bmc()
    for selector in (0, 1, 7):
        assert ask(bmc, GET, f"80 {selector:02x} ff 00") == b"\0\x11"
    assert ask(bmc, GET, "80 08 00 00") == b"\x80"


@pytest.mark.parametrize("selector", ["08", "7f", "c0", "ff"])
def test_22_14a_other_parameters_are_not_supported(selector: str) -> None:
    bmc = make_bmc()
    assert ask(bmc, SET, f"{selector} 00 01") == b"\x80"
    assert ask(bmc, GET, f"00 {selector} 00 00") == b"\x80"


@pytest.mark.parametrize(
    ("cmd", "data", "code"),
    [
        (SET, "02", 0xC7),  # neither block number nor block
        (SET, "02 00", 0xC7),
        (SET, "02 00" + " 00" * 17, 0xC7),
        (SET, "02 11 41", 0xC9),  # beyond 255 bytes
        (SET, "00", 0xC7),
        (SET, "00 01 00", 0xC7),
        (GET, "00 02 11 00", 0xC9),
    ],
)
def test_22_14a_what_is_no_block_is_refused(cmd: int, data: str, code: int) -> None:
    assert ask(make_bmc(), cmd, data) == bytes((code,))


def test_22_14a_a_claim_is_made_once_and_there_is_nothing_to_commit() -> None:
    bmc = make_bmc()
    assert ask(bmc, GET, "00 00 00 00") == bytes.fromhex("00 11 00")
    assert ask(bmc, SET, "00 01") == b"\0"
    assert ask(bmc, GET, "00 00 00 00") == bytes.fromhex("00 11 01")
    assert ask(bmc, SET, "00 01") == b"\x81"
    assert ask(bmc, SET, "00 02") == b"\xcc"
    assert ask(bmc, SET, "00 03") == b"\xcc"
    assert ask(bmc, SET, "00 00") == b"\0"
    assert ask(bmc, SET, "00 01") == b"\0"


def test_22_14a_what_runs_is_forgotten_when_the_system_restarts() -> None:
    bmc = make_bmc()
    assert bmc.backend.power is not None
    bmc.backend.power.turn_on()
    for selector in (3, 4, 5):
        ask(bmc, SET, f"{selector:02x} 00 00 01 41")
    bmc.backend.power.reset()
    kept = [ask(bmc, GET, f"00 {selector:02x} 00 00")[3:6] for selector in (3, 4, 5)]
    assert kept == [b"\0\x01A", bytes(3), bytes(3)]
