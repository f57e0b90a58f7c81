"""Several requests at a time, as many as the interface bears, their answers in order."""

from __future__ import annotations

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
    from baseboard.client.pipelining import at_depth

    return await at_depth(ask, list(about), bmc.interface.depth)


async def unless(answer: Awaitable[B], *codes: int) -> B | None:
    """Wait for an answer; None if it is one of these completion codes."""
    try:
        return await answer
    except CompletionError as error:
        if error.code not in codes:
            raise
        return None
