"""The bridge itself, byte for byte (ICMB v1.0)."""

from __future__ import annotations

import pytest

from tests.bmc.bridges import NEAR, OTHER, answer, chassis
from tests.bmc.handlers.checks import OPERATOR, USER, check
from tests.bmc.harness import Bench, make_bmc

BRIDGE = 0x02
GET_STATE, SET_STATE, GET_ADDRESS, SET_ADDRESS, SET_PROXY, STATISTICS, CAPABILITIES = range(7)
CLEAR, GET_PROXY, CONNECTOR, GET_CONNECTION, SEND_CONNECTION = range(0x08, 0x0D)


def ask(bmc: Bench, cmd: int, data: str = "") -> bytes:
    return bmc.raw(BRIDGE, cmd, bytes.fromhex(data))


@pytest.mark.parametrize(
    ("cmd", "level", "lengths"),
    [
        (GET_STATE, USER, (0,)), (SET_STATE, OPERATOR, (1,)), (GET_ADDRESS, USER, (0,)),
        (SET_ADDRESS, OPERATOR, (2,)), (SET_PROXY, OPERATOR, (4,)), (STATISTICS, USER, (1,)),
        (CAPABILITIES, USER, (0,)), (CLEAR, OPERATOR, (0,)), (GET_PROXY, USER, (0,)), (CONNECTOR, USER, (1,)),
        (GET_CONNECTION, USER, (0,)),
    ],
)  # fmt: skip
def test_g_1_levels_and_lengths(cmd: int, level: int, lengths: tuple[int, ...]) -> None:
    check(chassis(NEAR)[0], BRIDGE, cmd, level, lengths)


def test_a_bmc_without_a_bridge_does_not_know_the_commands() -> None:
    bmc = make_bmc()
    for cmd, data in ((GET_STATE, ""), (SET_STATE, "01"), (STATISTICS, "00"), (CONNECTOR, "00")):
        assert ask(bmc, cmd, data) == b"\xc1"


def test_state_and_address() -> None:
    near, _ = chassis(NEAR, OTHER)
    assert ask(near, GET_STATE) == b"\0\x01"
    assert ask(near, GET_ADDRESS) == bytes.fromhex("00 01 01")
    assert ask(near, SET_STATE, "00") == b"\0"
    assert (ask(near, GET_STATE), ask(near, GET_ADDRESS)) == (b"\0\0", b"\0\0\0")
    assert ask(near, SET_STATE, "01") == b"\0"
    assert ask(near, SET_ADDRESS, "34 12") == b"\0"
    assert ask(near, GET_ADDRESS) == bytes.fromhex("00 34 12")
    for data in ("02", "03", "04"):
        assert ask(near, SET_STATE, data) == b"\xcc"
    assert ask(near, SET_ADDRESS, "ff ff") == b"\xcc"


def test_a_proxy_has_an_address_of_its_own() -> None:
    near, _ = chassis(NEAR, OTHER)
    assert ask(near, GET_PROXY) == bytes(5)
    assert ask(near, SET_PROXY, "08 08 82 01") == b"\0"
    assert ask(near, GET_PROXY) == bytes.fromhex("00 08 08 82 01")
    for data in ("01 01 82 00", "ff ff 82 00", "08 08 83 00"):
        assert ask(near, SET_PROXY, data) == b"\xcc"
    assert ask(near, SET_PROXY, "00 00 00 00") == b"\0"


def test_counters_are_cleared() -> None:
    near, _ = chassis(NEAR, OTHER)
    assert ask(near, STATISTICS, "00") == b"\0" + bytes(7)
    near.raw(BRIDGE, 0xFF)
    assert ask(near, STATISTICS, "00") == bytes.fromhex("00 00 0000 0100 0000")
    assert ask(near, STATISTICS, "01") == b"\0\x01" + bytes(20)
    assert ask(near, CLEAR) == b"\0"
    assert ask(near, STATISTICS, "00") == b"\0" + bytes(7)
    assert ask(near, STATISTICS, "02") == b"\xcc"


def test_what_it_is() -> None:
    near, _ = chassis(NEAR, OTHER)
    assert ask(near, CAPABILITIES) == bytes.fromhex("00 01 03 00")
    assert ask(near, CONNECTOR, "00") == bytes.fromhex("00 00 02 01 c6") + b"Port 0"
    assert ask(near, CONNECTOR, "01") == bytes.fromhex("00 00 02 00 c5") + b"Spare"
    assert ask(near, CONNECTOR, "02") == b"\xc9"
    assert ask(near, GET_CONNECTION) == bytes.fromhex("00 00 c6") + b"Port 0"


async def test_connection_ids_are_exchanged() -> None:
    near, far = chassis(NEAR, OTHER)
    sent = bytes.fromhex("02 02 05 c4") + b"Rack"
    assert await answer(near, BRIDGE, SEND_CONNECTION, sent) == bytes.fromhex("00 00 00 c6") + b"Port 1"
    assert ask(far, GET_CONNECTION) == bytes.fromhex("00 05 c4") + b"Rack"
    assert near.raw(BRIDGE, SEND_CONNECTION, b"\0\0" + sent[2:]) == b"\xcc"
