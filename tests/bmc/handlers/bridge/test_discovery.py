"""Discovery, byte for byte (ICMB v1.0)."""

from __future__ import annotations

import pytest

from tests.bmc.bridges import NEAR, OTHER, answer, chassis
from tests.bmc.handlers.checks import OPERATOR, USER, check_level
from tests.bmc.harness import make_bmc

BRIDGE = 0x02
PREPARE, ADDRESSES, DISCOVERED, GET_CHASSIS, SET_CHASSIS = range(0x10, 0x15)


@pytest.mark.parametrize(
    ("cmd", "level"),
    [
        (PREPARE, OPERATOR),
        (ADDRESSES, USER),
        (DISCOVERED, OPERATOR),
        (GET_CHASSIS, USER),
        (SET_CHASSIS, OPERATOR),
    ],
)
def test_g_1_levels(cmd: int, level: int) -> None:
    check_level(chassis(NEAR)[0], BRIDGE, cmd, level)


async def test_eight_at_most_say_their_addresses_at_a_time() -> None:
    near, *_ = chassis(NEAR, *range(0x0300, 0x0309))
    first = await answer(near, BRIDGE, ADDRESSES)
    assert first == b"\0" + b"".join(bytes((number, 3)) for number in range(8))


async def test_who_is_alone_hears_nobody() -> None:
    (near,) = chassis(NEAR)
    assert await answer(near, BRIDGE, ADDRESSES) == b"\0"


def test_what_is_over_is_not_waited_for() -> None:
    (near,) = chassis(NEAR)
    near.services.icmb.switch(on=False)
    assert near.raw(BRIDGE, PREPARE) == b"\xd5"
    assert near.raw(BRIDGE, ADDRESSES) == b"\xd5"
    assert near.raw(BRIDGE, DISCOVERED) == b"\0"
    assert near.services.icmb.discovered
    assert make_bmc().raw(BRIDGE, PREPARE) == b"\xc1"


def test_the_chassis_device_is_a_slave_address() -> None:
    (near,) = chassis(NEAR)
    assert near.raw(BRIDGE, GET_CHASSIS) == b"\0\x20"
    assert near.raw(BRIDGE, SET_CHASSIS, b"\x28") == b"\0"
    assert near.raw(BRIDGE, GET_CHASSIS) == b"\0\x28"
    for address in (0x00, 0x0E, 0xF0):
        assert near.raw(BRIDGE, SET_CHASSIS, bytes((address,))) == b"\xcc"


async def test_a_listener_that_is_gone_when_time_is_up_is_not_told() -> None:
    near, _ = chassis(NEAR, OTHER)
    answers: list[bytes] = []
    near.controller.handle(_Request(), near.origin(), answers.append)
    near.controller.stop()
    import asyncio

    await asyncio.sleep(0)
    near.advance(1)
    assert answers == []


class _Request:
    netfn, lun, cmd, data = BRIDGE, 0, ADDRESSES, b""
