"""SOL configuration commands (§26), byte for byte as consoles see them."""

from __future__ import annotations

import pytest

from baseboard.rmcp.sol_console import ConsoleNotice
from tests.bmc.consoles import make_lan_bmc
from tests.bmc.handlers.checks import ADMINISTRATOR, LAN, USER, check, check_level
from tests.bmc.harness import Bench, make_bmc

TRANSPORT = 0x0C
SET, GET = 0x21, 0x22


def ask(bmc: Bench, cmd: int, data: str = "") -> bytes:
    return bmc.raw(TRANSPORT, cmd, bytes.fromhex(data), origin=bmc.origin(LAN))


def test_g_1_levels_and_lengths() -> None:
    check(make_bmc(), TRANSPORT, GET, USER, (4,))
    check_level(make_bmc(), TRANSPORT, SET, ADMINISTRATOR)
    for data in ("", "01"):
        assert ask(make_bmc(), SET, data) == b"\xc7"


CHANGES = [("01", "00"), ("02", "83"), ("03", "14 ff"), ("04", "03 0a"), ("05", "07"), ("06", "09")]


@pytest.mark.parametrize(("selector", "data"), CHANGES)
def test_26_2_what_is_written_reads_back(selector: str, data: str) -> None:
    bmc = make_bmc()
    assert ask(bmc, SET, f"01 {selector} {data}") == b"\0"
    for channel in ("01", "0e"):
        assert ask(bmc, GET, f"{channel} {selector} 00 00") == b"\0\x11" + bytes.fromhex(data)
    if selector != "06":
        assert ask(bmc.reopen(), GET, f"01 {selector} 00 00") == b"\0\x11" + bytes.fromhex(data)


@pytest.mark.parametrize(("selector", "data"), [("00", "00"), *CHANGES, ("08", "6f 02")])
def test_26_2_every_other_length_is_refused(selector: str, data: str) -> None:
    bmc = make_bmc()
    right = bytes.fromhex(data)
    for size in {*range(8)} - {len(right)}:
        sent = bytes.fromhex(f"01 {selector}") + (right + bytes(8))[:size]
        assert bmc.raw(TRANSPORT, SET, sent, origin=bmc.origin(LAN)) == b"\xc7"


def test_26_3_the_revision_alone_can_be_asked_for() -> None:
    for selector in range(9):
        assert ask(make_bmc(), GET, f"81 {selector:02x} 00 00") == b"\0\x11"


@pytest.mark.parametrize("selector", ["09", "bf", "c0", "ff"])
def test_26_2_other_parameters_are_not_supported(selector: str) -> None:
    bmc = make_bmc()
    assert ask(bmc, SET, f"01 {selector} 00") == b"\x80"
    assert ask(bmc, GET, f"01 {selector} 00 00") == b"\x80"
    assert ask(bmc, GET, f"81 {selector} 00 00") == b"\x80"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("01 07 01", 0x82),
        ("01 08 00 00", 0xC9),
        ("01 08 56 18", 0xC9),  # without an endpoint no port can be had
        ("01 00 02", 0xCC),
        ("01 02 01", 0xCC),  # Callback
        ("01 03 00 10", 0xCC),
        ("01 05 00", 0xC9),  # there is no serial channel
        ("01 06 0b", 0xC9),
    ],
)
def test_26_2_what_cannot_be_written(data: str, code: int) -> None:
    assert ask(make_bmc(), SET, data) == bytes((code,))


def test_26_2_a_claim_is_made_once() -> None:
    bmc = make_bmc()
    assert [ask(bmc, SET, f"01 00 {state}") for state in ("01", "01", "00", "01")] == [
        b"\0", b"\x81", b"\0", b"\0",
    ]  # fmt: skip
    assert ask(bmc, GET, "01 00 00 00") == bytes.fromhex("00 11 01")


@pytest.mark.parametrize("channel", ["00", "05", "0f"])
def test_26_2_only_the_lan_has_sol(channel: str) -> None:
    bmc = make_bmc()
    assert ask(bmc, SET, f"{channel} 01 01") == b"\xcc"
    assert ask(bmc, GET, f"{channel} 01 00 00") == b"\xcc"


def test_26_2_switching_sol_off_ends_it_at_once() -> None:
    bmc = make_lan_bmc()
    bmc.power.turn_on()
    console = bmc.login()
    console.activate_sol()
    assert console.ask(TRANSPORT, SET, bytes.fromhex("0e 01 00")) == b"\0"
    assert console.notices == [ConsoleNotice.DEACTIVATED]
    assert bmc.services.sol.owner is None
