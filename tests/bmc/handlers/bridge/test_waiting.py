"""Waiting for other bridges: where it makes sense, and what comes of it."""

from __future__ import annotations

import asyncio

import pytest

from baseboard.bmc.context import Context, Origin
from baseboard.bmc.handlers.bridge.waiting import answer_of, bridge, reachable, sending
from baseboard.errors import CompletionError
from tests.bmc.bridges import NEAR, OTHER, chassis
from tests.bmc.harness import Bench, make_bmc


def context(bmc: Bench, channel: int = 1) -> Context:
    return Context(bmc.services, Origin(channel, local=True), 0)


def refusal(ask: object, *given: object) -> int:
    with pytest.raises(CompletionError) as caught:
        ask(*given)  # type: ignore[operator]  # one of the functions here
    return caught.value.code


def test_there_must_be_a_bridge_that_works() -> None:
    assert refusal(bridge, context(make_bmc())) == 0xC1
    near, _ = chassis(NEAR, OTHER)
    assert bridge(context(near)) is near.services.icmb
    assert sending(context(near)) is near.services.icmb
    near.services.icmb.leave()
    assert refusal(sending, context(near)) == 0xD5


def test_what_came_over_the_icmb_does_not_go_on_there() -> None:
    near, _ = chassis(NEAR, OTHER)
    assert refusal(sending, context(near, channel=7)) == 0xD5


@pytest.mark.parametrize("address", [0x0000, 0xFFFF])
def test_an_address_must_be_somebodys(address: int) -> None:
    near, _ = chassis(NEAR, OTHER)
    assert refusal(reachable, context(near), address) == 0xCC


async def test_an_answer_is_waited_for() -> None:
    near, _ = chassis(NEAR, OTHER)
    waiting = asyncio.ensure_future(answer_of(near.services.icmb, OTHER, 0x02, b""))
    await asyncio.sleep(0)
    near.advance(1)
    assert await waiting == bytes.fromhex("00 02 02")


async def test_who_stays_silent_ran_out_of_time() -> None:
    near, _ = chassis(NEAR, OTHER)
    waiting = asyncio.ensure_future(answer_of(near.services.icmb, 0x0909, 0x02, b""))
    await asyncio.sleep(0)
    near.advance(5)
    with pytest.raises(CompletionError) as caught:
        await waiting
    assert caught.value.code == 0xC3


async def test_who_gave_up_waiting_is_not_told() -> None:
    near, _ = chassis(NEAR, OTHER)
    waiting = asyncio.ensure_future(answer_of(near.services.icmb, OTHER, 0x02, b""))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.sleep(0)
    near.advance(1)
    assert waiting.cancelled()
