"""Events between chassis, byte for byte (ICMB v1.0)."""

from __future__ import annotations

import pytest

from tests.bmc.bridges import NEAR, OTHER, chassis
from tests.bmc.handlers.checks import OPERATOR, USER, check

BRIDGE = 0x02
COUNT, SET_DESTINATION, SET_RECEPTION, SEND, GET_DESTINATION, GET_RECEPTION = range(0x30, 0x36)


@pytest.mark.parametrize(
    ("cmd", "level", "lengths"),
    [
        (COUNT, USER, (0,)), (SET_DESTINATION, OPERATOR, (2,)), (SET_RECEPTION, OPERATOR, (3,)),
        (SEND, OPERATOR, (1,)), (GET_DESTINATION, USER, (0,)), (GET_RECEPTION, USER, (0,)),
    ],
)  # fmt: skip
def test_g_1_levels_and_lengths(cmd: int, level: int, lengths: tuple[int, ...]) -> None:
    check(chassis(NEAR)[0], BRIDGE, cmd, level, lengths)


def test_what_is_set_reads_back() -> None:
    near, _ = chassis(NEAR, OTHER)
    assert near.raw(BRIDGE, GET_DESTINATION) == bytes(3)
    assert near.raw(BRIDGE, SET_DESTINATION, b"\x02\x02") == b"\0"
    assert near.raw(BRIDGE, GET_DESTINATION) == b"\0\x02\x02"
    assert near.raw(BRIDGE, GET_RECEPTION) == b"\0\0\x20\0"
    assert near.raw(BRIDGE, SET_RECEPTION, b"\x01\x82\x02") == b"\0"
    assert near.raw(BRIDGE, GET_RECEPTION) == b"\0\x01\x82\x02"
    assert near.raw(BRIDGE, SET_RECEPTION, b"\x01\x83\x02") == b"\xcc"


def test_an_event_wants_a_destination_and_a_name() -> None:
    near, far = chassis(NEAR, OTHER)
    assert near.raw(BRIDGE, SEND, b"\x01") == b"\xd3"
    near.raw(BRIDGE, SET_DESTINATION, b"\x02\x02")
    far.raw(BRIDGE, SET_RECEPTION, b"\x01\x20\x00")
    assert near.raw(BRIDGE, SEND, b"\x04") == b"\xcc"
    assert near.raw(BRIDGE, SEND, b"\x01") == b"\0"
    near.advance(1)
    assert far.raw(BRIDGE, COUNT) == b"\0\x01"
    assert near.raw(BRIDGE, COUNT) == b"\0\0"
