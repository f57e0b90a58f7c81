"""Several requests at a time, as many as the interface bears, their answers in order."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

from baseboard.errors import CompletionError

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc

A = TypeVar("A")
B = TypeVar("B")


async def together(bmc: Bmc, ask: Callable[[A], Awaitable[B]], about: Iterable[A]) -> list[B]:
    """Ask about several things; of a controller that takes one request at a time, one after the other.

    Args:
        ask: sends what is needed for one of them.

    Raises:
        BaseboardError: what the first of them raised; the others are given up.
    """
    if bmc.interface.depth <= 1:
        return [await ask(one) for one in about]
    room = asyncio.Semaphore(bmc.interface.depth)

    async def in_turn(one: A) -> B:
        async with room:
            return await ask(one)

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(in_turn(one)) for one in about]
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]


async def unless(answer: Awaitable[B], *codes: int) -> B | None:
    """Wait for an answer; None if it is one of these completion codes."""
    try:
        return await answer
    except CompletionError as error:
        if error.code not in codes:
            raise
        return None
