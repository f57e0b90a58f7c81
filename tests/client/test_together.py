"""Several requests at a time."""

from __future__ import annotations

import asyncio

import pytest

from baseboard.client.together import together, unless
from baseboard.errors import CompletionError
from tests.client.harness import desk


@pytest.mark.parametrize("depth", [1, 3])
async def test_as_many_as_the_interface_bears(depth: int) -> None:
    bmc = desk().bmc
    bmc.interface.depth = depth
    under_way, most = 0, 0

    async def ask(number: int) -> int:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0)
        under_way -= 1
        return number * number

    assert await together(bmc, ask, range(10)) == [number * number for number in range(10)]
    assert most == depth


@pytest.mark.parametrize("depth", [1, 3])
async def test_the_first_error_ends_it(depth: int) -> None:
    bmc = desk().bmc
    bmc.interface.depth = depth
    asked: list[int] = []

    async def ask(number: int) -> None:
        asked.append(number)
        await asyncio.sleep(0)
        if number == 2:
            raise CompletionError(0xCC)

    with pytest.raises(CompletionError):
        await together(bmc, ask, range(10))
    assert 3 <= len(asked) < 10


async def test_unless() -> None:
    async def refuse() -> int:
        raise CompletionError(0xCC)

    async def answer() -> int:
        return 7

    assert await unless(refuse(), 0xCC) is None
    assert await unless(answer(), 0xCC) == 7
    with pytest.raises(CompletionError):
        await unless(refuse(), 0xCB)
