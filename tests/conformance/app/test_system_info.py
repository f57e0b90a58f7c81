"""Set and Get System Info Parameters (§22.14a, §22.14b)."""

from __future__ import annotations

import pytest

from baseboard.commands.app.system_info import GetSystemInfoParameters, SetSystemInfoParameters
from tests.bmc.harness import Bench, make_bmc
from tests.conformance.bench import APP, OPERATOR, VIEWER, bench
from tests.conformance.marks import exercises

SET, GET = 0x58, 0x59
NAMES = range(1, 8)
VOLATILE = (4, 5)
REVISION = 0x11


def store(bmc: Bench, selector: int, text: bytes, encoding: int = 0) -> None:
    whole = bytes((encoding, len(text))) + text
    for number in range(-(-len(whole) // 16)):
        piece = whole[16 * number : 16 * number + 16].ljust(16, b"\0")
        assert bmc.raw(APP, SET, bytes((selector, number)) + piece) == b"\0"


def read(bmc: Bench, selector: int) -> bytes:
    first = bmc.raw(APP, GET, bytes((0, selector, 0, 0)))
    assert first[:3] == bytes((0, REVISION, 0))
    size, text, number = first[4], first[5:], 1
    while len(text) < size:
        block = bmc.raw(APP, GET, bytes((0, selector, number, 0)))
        assert block[:3] == bytes((0, REVISION, number))
        assert len(block) == 3 + 16, "always a whole block"
        text, number = text + block[3:], number + 1
    return text[:size]


@exercises(SetSystemInfoParameters, GetSystemInfoParameters)
@pytest.mark.parametrize("selector", NAMES)
@pytest.mark.parametrize("size", [0, 1, 14, 15, 30, 255])
def test_22_14a_strings_are_written_and_read_in_blocks(selector: int, size: int) -> None:
    bmc = make_bmc()
    text = bytes(0x20 + n % 0x5F for n in range(size))
    store(bmc, selector, text)
    assert read(bmc, selector) == text


@exercises(SetSystemInfoParameters, GetSystemInfoParameters)
def test_22_14a_an_example() -> None:
    bmc = make_bmc()
    assert bmc.raw(APP, SET, bytes.fromhex("02 00 00 0f 65 78 61 6d 70 6c 65 2d 68 6f 73 74 2d 30")) == b"\0"
    assert bmc.raw(APP, SET, bytes.fromhex("02 01 31") + bytes(15)) == b"\0"
    assert read(bmc, 2) == b"example-host-01"


@exercises(GetSystemInfoParameters)
def test_22_14b_the_name_of_the_system_is_known_as_shipped() -> None:
    assert read(make_bmc(), 2) == b"bench"
    for selector in (1, 3, 4, 5, 6, 7):
        assert read(make_bmc(), selector) == b""


@exercises(SetSystemInfoParameters, GetSystemInfoParameters)
@pytest.mark.parametrize("selector", NAMES)
@pytest.mark.parametrize("event", ["reset", "turn_off", "restart"])
def test_22_14a_what_runs_now_is_forgotten_when_it_ends(selector: int, event: str) -> None:
    bmc = make_bmc()
    power = bmc.backend.power
    assert power is not None
    power.turn_on()
    store(bmc, selector, b"Some System 1.0")
    if event == "restart":
        bmc = bmc.reopen()
    else:
        getattr(power, event)()
    assert read(bmc, selector) == (b"" if selector in VOLATILE else b"Some System 1.0")


@exercises(SetSystemInfoParameters, GetSystemInfoParameters)
def test_22_14a_set_in_progress_is_a_claim() -> None:
    bmc = make_bmc()
    assert bmc.raw(APP, GET, bytes(4)) == bytes((0, REVISION, 0))
    assert bmc.raw(APP, SET, b"\0\1") == b"\0"
    assert bmc.raw(APP, GET, bytes(4)) == bytes((0, REVISION, 1))
    assert bmc.raw(APP, SET, b"\0\1") == b"\x81", "somebody else has it"
    assert bmc.raw(APP, SET, b"\0\0") == b"\0"
    assert bmc.raw(APP, SET, b"\0\1") == b"\0"
    assert bmc.raw(APP, SET, b"\0\3") == b"\xcc"
    assert bmc.reopen().raw(APP, GET, bytes(4)) == bytes((0, REVISION, 0)), "volatile"


@exercises(GetSystemInfoParameters)
def test_22_14b_the_revision_alone() -> None:
    bmc = make_bmc()
    for selector in range(8):
        assert bmc.raw(APP, GET, bytes((0x80, selector, 0, 0))) == bytes((0, REVISION))


@pytest.mark.parametrize("selector", [8, 0x7F, 0xC0, 0xFF])
def test_22_14a_parameters_that_there_are_not(selector: int) -> None:
    bmc = make_bmc()
    assert bmc.raw(APP, SET, bytes((selector, 0)) + bytes(16)) == b"\x80"
    assert bmc.raw(APP, GET, bytes((0, selector, 0, 0))) == b"\x80"


def test_22_14a_blocks_that_there_are_not() -> None:
    bmc = make_bmc()
    assert bmc.raw(APP, SET, b"\x01\x11" + bytes(16)) == b"\xc9"
    assert bmc.raw(APP, GET, b"\0\x01\x11\0") == b"\xc9"
    assert bmc.raw(APP, SET, b"\x01\0" + bytes(17)) == bmc.raw(APP, SET, b"\x01\0") == b"\xc7"


def test_g_1_levels() -> None:
    bmc = bench()
    assert (
        bmc.in_v20(VIEWER).ask(
            APP,
            GET,
            b"\0\x02\0\0",
        )
        is not None
    )
    operator = bmc.in_v20(OPERATOR, level=3, seed=8)
    assert operator.ask(APP, SET, b"\x02\0\0\x01x" + bytes(13)) == b"\xd4"
    assert bmc.in_v20(level=4, seed=9).ask(APP, SET, b"\x02\0\0\x01x" + bytes(13)) == b"\0"
