"""Many requests in one go over one session."""

from __future__ import annotations

import asyncio

import pytest

from baseboard.client.deadline import deadline
from baseboard.client.lan import LanInterface
from baseboard.commands.app.device import GetDeviceId, GetDeviceIdResponse
from baseboard.commands.app.users import GetUserName
from baseboard.errors import BaseboardError, CompletionError, DeadlinePassed, NoResponse
from baseboard.testing.scripted import Script
from tests.client.lan_bench import Bench, bench, on_virtual_time, passes

NAME = (0x06, 0x46)
QUESTIONS = [(*NAME, bytes((number,))) for number in range(1, 41)]


def named(data: bytes) -> bytes:
    return b"\0" + data.ljust(16, b"\0")


async def interface_of(at: Bench, depth: int, **options: object) -> LanInterface:
    bmc = await at.login(**options)
    assert isinstance(bmc.interface, LanInterface)
    bmc.interface.depth = depth
    return bmc.interface


@pytest.mark.parametrize("depth", [1, 4, 16])
def test_each_gets_its_own_answer(depth: int) -> None:
    async def main() -> None:
        async with bench(Script({NAME: named})) as at:
            interface = await interface_of(at, depth)
            assert await interface.exchange_all(QUESTIONS) == [named(data) for _, _, data in QUESTIONS]
            assert at.asked().count(NAME) == len(QUESTIONS)
            assert await interface.exchange_all([]) == []
            await interface.close()

    on_virtual_time(main())


@pytest.mark.parametrize("seed", range(3))
def test_what_is_lost_is_sent_again(seed: int) -> None:
    async def main() -> None:
        async with bench(Script({NAME: named})) as at:
            interface = await interface_of(at, 8)
            at.relay.seed(seed)
            at.relay.loss, at.relay.duplicate = 0.2, 0.1
            assert await interface.exchange_all(QUESTIONS) == [named(data) for _, _, data in QUESTIONS]
            await interface.close()

    on_virtual_time(main())


def test_no_answer_is_told_and_the_others_go_on() -> None:
    async def main() -> None:
        def some(data: bytes) -> bytes | None:
            return None if data[0] == 3 else named(data)

        async with bench(Script({NAME: some})) as at:
            interface = await interface_of(at, 4, timeout=0.2, retries=1)
            answers = await interface.exchange_all(QUESTIONS)
            assert isinstance(answers[2], NoResponse)
            assert [answer for answer in answers if isinstance(answer, bytes)] == [
                named(data) for _, _, data in QUESTIONS if data != b"\3"
            ]
            await interface.close()

    on_virtual_time(main())


def test_the_deadline_ends_it() -> None:
    async def main() -> None:
        async with bench(Script({NAME: None})) as at:
            bmc = await at.login()
            bmc.interface.depth = 4
            start = asyncio.get_running_loop().time()
            answers = await bmc.many([GetUserName(user_id=1)] * 20, timeout=2.0)
            assert asyncio.get_running_loop().time() - start < 2.01
            assert all(isinstance(answer, DeadlinePassed | NoResponse) for answer in answers)
            assert isinstance(bmc.interface, LanInterface)
            with deadline(1.0):
                assert await bmc.interface.exchange_all(QUESTIONS) == [None] * len(QUESTIONS)
            assert (await bmc.execute(GetDeviceId())).ipmi_version
            await bmc.close()

    on_virtual_time(main())


def test_the_end_of_the_session_ends_it() -> None:
    async def main() -> None:
        async with bench(Script({NAME: None})) as at:
            interface = await interface_of(at, 4)
            asked = asyncio.create_task(interface.exchange_all(QUESTIONS))
            await passes(0.05)
            await interface.close()
            assert await asked == [None] * len(QUESTIONS)

    on_virtual_time(main())


def test_whoever_stands_in_line_gets_a_turn() -> None:
    async def main() -> None:
        async with bench(Script({NAME: named})) as at:
            interface = await interface_of(at, 2)
            volley = asyncio.create_task(interface.exchange_all(QUESTIONS * 10))
            other = asyncio.create_task(interface.exchange(6, 1, b"", timeout=5))
            assert (await other)[0] == 0
            await volley
            assert at.asked().index((6, 1)) < len(QUESTIONS)
            await interface.close()

    on_virtual_time(main())


def test_many_asks_a_busy_bmc_again_and_tells_refusals() -> None:
    asked: dict[int, int] = {}

    def moody(data: bytes) -> bytes:
        number = data[0]
        asked[number] = asked.get(number, 0) + 1
        if number == 5 and asked[number] == 1:
            return b"\xc0"
        return b"\xcc" if number == 7 else b"\0" if number == 9 else named(data)

    async def main() -> list[object]:
        async with bench(Script({NAME: moody})) as at:
            bmc = await at.login()
            bmc.interface.depth = 4
            answers = await bmc.many([GetUserName(user_id=number) for number in range(1, 21)])
            assert isinstance(await bmc.execute(GetDeviceId()), GetDeviceIdResponse)
            await bmc.close()
            return list(answers)

    answers = on_virtual_time(main())
    assert asked[5] == 2
    assert isinstance(answers[6], CompletionError)
    assert isinstance(answers[8], BaseboardError)
    others = [answer for place, answer in enumerate(answers) if place not in (6, 8)]
    assert not [answer for answer in others if isinstance(answer, BaseboardError)]
