"""System boot options: what the host does with them, and how long they hold (§28.12, §28.13)."""

from __future__ import annotations

import pytest

from baseboard.commands.chassis.boot import GetSystemBootOptions, SetSystemBootOptions
from tests.bmc.harness import Bench, make_bmc
from tests.conformance.dcmi.platform import platform
from tests.conformance.marks import exercises

SET, GET = 0x08, 0x09
PXE, SETUP = 0x04, 0x18


def put(bmc: Bench, data: str, level: int = 4) -> bytes:
    return bmc.raw(0x00, SET, bytes.fromhex(data), origin=bmc.origin(1, level))


def get(bmc: Bench, selector: int, number: int = 0, level: int = 4) -> bytes:
    return bmc.raw(0x00, GET, bytes((selector, number, 0)), origin=bmc.origin(1, level))


@exercises(SetSystemBootOptions, GetSystemBootOptions)
@pytest.mark.parametrize(
    "data",
    ["01 2a", "02 03", "03 1f", "05 80 04 00 00 00", "05 e0 18 02 00 11", "06 01 04 03 02 01 d4 c3 b2 a1"],
)
def test_28_12_parameters_read_back(data: str) -> None:
    bmc = make_bmc()
    assert put(bmc, data) == b"\0"
    raw = bytes.fromhex(data)
    assert get(bmc, raw[0]) == bytes((0, 1, raw[0])) + raw[1:]


@exercises(SetSystemBootOptions, GetSystemBootOptions)
def test_28_12_the_mark_of_a_parameter_and_the_valid_bit_of_its_data_are_two_things() -> None:
    bmc = make_bmc()
    put(bmc, "05 80 08 00 00 00")
    assert put(bmc, "85") == b"\0", "no data: only the mark changes"
    assert get(bmc, 5) == bytes.fromhex("00 01 85 80 08 00 00 00")
    assert put(bmc, "05") == b"\0"
    assert get(bmc, 5) == bytes.fromhex("00 01 05 80 08 00 00 00")


@exercises(SetSystemBootOptions, GetSystemBootOptions)
def test_28_12_acknowledgements_are_written_by_mask() -> None:
    bmc = make_bmc()
    assert put(bmc, "04 ff 1f") == b"\0"
    assert get(bmc, 4)[3:] == bytes((0, 0x1F))
    assert put(bmc, "04 01 00") == b"\0"
    assert get(bmc, 4)[3:] == bytes((0, 0x1E))


@exercises(SetSystemBootOptions, GetSystemBootOptions)
def test_28_12_the_mailbox_has_five_blocks_at_least() -> None:
    bmc = make_bmc()
    for number in range(5):
        block = bytes(range(16 * number, 16 * number + 16))
        assert put(bmc, f"07 {number:02x}" + block.hex()) == b"\0"
        assert get(bmc, 7, number)[3:] == bytes((number,)) + block
    assert put(bmc, "07 00 aa bb") == b"\0"
    assert get(bmc, 7, 0)[3:] == bytes.fromhex("00 aa bb 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f")


@exercises(SetSystemBootOptions)
def test_28_12_set_in_progress() -> None:
    bmc = make_bmc()
    assert put(bmc, "00 01") == b"\0"
    assert put(bmc, "00 01") == b"\x81"
    assert put(bmc, "00 02") == put(bmc, "00 03") == b"\xcc", "nothing is to be committed"
    assert put(bmc, "00 00") == b"\0"


@exercises(SetSystemBootOptions, GetSystemBootOptions)
@pytest.mark.parametrize(("flags", "left"), [(0x80, 0x00), (0xC0, 0xC0)])
def test_28_12_the_host_boots_from_there_once_or_for_good(flags: int, left: int) -> None:
    server = platform()
    assert put(server, f"05 {flags:02x} {PXE:02x} 00 00 00") == b"\0"
    assert server.raw(0x00, 0x02, b"\x03", origin=server.origin(1, 4)) == b"\0"
    server.advance(8)
    assert server.server.host.boot.choice.device == PXE >> 2
    assert server.server.host.phase.name == "NETWORK"
    assert get(server, 5)[3] & 0xC0 == left
    server.advance(60)


@exercises(SetSystemBootOptions)
def test_28_12_into_the_firmwares_setup() -> None:
    server = platform()
    put(server, f"05 80 {SETUP:02x} 00 00 00")
    server.raw(0x00, 0x02, b"\x02", origin=server.origin(1, 4))
    server.advance(30)
    assert server.server.host.phase.name == "SETUP"


@exercises(SetSystemBootOptions, GetSystemBootOptions)
@pytest.mark.parametrize(("clearing", "kept"), [(0x00, False), (0x08, True)])
def test_28_12_flags_that_nobody_acts_on_expire_after_a_minute(clearing: int, kept: bool) -> None:
    bmc = make_bmc()
    put(bmc, f"03 {clearing:02x}")
    put(bmc, "05 80 04 00 00 00")
    bmc.advance(50)
    assert get(bmc, 5)[3] & 0x80
    bmc.advance(20)
    assert bool(get(bmc, 5)[3] & 0x80) is kept


@exercises(SetSystemBootOptions, GetSystemBootOptions)
@pytest.mark.parametrize(("clearing", "kept"), [(0x00, False), (0x02, True)])
def test_28_12_another_restart_ends_them_unless_told_otherwise(clearing: int, kept: bool) -> None:
    bmc = make_bmc()
    bmc.raw(0x00, 0x02, b"\1", origin=bmc.origin(1, 4))
    put(bmc, f"03 {clearing:02x}")
    put(bmc, "05 80 04 00 00 00")
    bmc.controller.button("reset")
    assert bool(get(bmc, 5)[3] & 0x80) is kept


def test_28_12_what_there_is_not() -> None:
    bmc = make_bmc()
    assert put(bmc, "08 00") == put(bmc, "60 00") == b"\x80"
    assert get(bmc, 8) == get(bmc, 0x60) == b"\x80"
    assert bmc.raw(0x00, GET, b"\5\0") == b"\xc7"


def test_g_1_operators_may_but_one_bit_is_an_administrators() -> None:
    bmc = make_bmc()
    assert put(bmc, "05 80 04 00 00 00", level=2) == get(bmc, 5, level=2) == b"\xd4"
    assert put(bmc, "05 80 04 00 00 00", level=3) == b"\0"
    assert put(bmc, "05 80 04 08 00 00", level=3) == b"\xd4", "user password bypass"
    assert put(bmc, "05 80 04 08 00 00", level=4) == b"\0"
