"""Messages to other chassis, byte for byte (ICMB v1.0)."""

from __future__ import annotations

import pytest

from tests.bmc.bridges import NEAR, OTHER, answer, chassis
from tests.bmc.handlers.checks import OPERATOR, USER, check_level

BRIDGE = 0x02
REQUEST, MESSAGE, ERROR = 0x20, 0x21, 0xFF


@pytest.mark.parametrize(("cmd", "level"), [(REQUEST, OPERATOR), (MESSAGE, OPERATOR), (ERROR, USER)])
def test_g_1_levels(cmd: int, level: int) -> None:
    check_level(chassis(NEAR)[0], BRIDGE, cmd, level)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("02 02 20 20 18 01", "00 00 00 41"),  # the other BMC's Get Device ID
        ("02 02 20 82 18 01", "00 00 00 34"),  # its satellite's
        ("02 02 02", "00 00 02 02"),  # a command of the bridge: Get ICMB Address
        ("02 02 20 84 18 01", "00 83"),
        ("02 02 20 20", "00 c7"),
        ("02 02 66", "00 c1"),
        ("09 09 20 20 18 01", "c3"),
        ("00 00 20 20 18 01", "cc"),
        ("ff ff 20 20 18 01", "cc"),
        ("02 02 20 " + "00" * 33, "c8"),
    ],
)
async def test_a_request_and_its_answer(data: str, expected: str) -> None:
    near, _ = chassis(NEAR, OTHER)
    wanted = bytes.fromhex(expected)
    assert (await answer(near, BRIDGE, REQUEST, bytes.fromhex(data)))[: len(wanted)] == wanted


def test_a_message_is_on_its_way_at_once() -> None:
    near, far = chassis(NEAR, OTHER)
    turned_on = bytes.fromhex("02 02 20 20 00 02 01")
    assert near.raw(BRIDGE, MESSAGE, turned_on) == b"\0"
    near.advance(1)
    assert far.backend.power is not None
    assert far.backend.power.on
    assert near.raw(BRIDGE, MESSAGE, b"\0\0" + turned_on[2:]) == b"\xcc"
    assert near.raw(BRIDGE, MESSAGE, turned_on + bytes(30)) == b"\xc8"
    assert near.raw(BRIDGE, ERROR) == b"\0"
