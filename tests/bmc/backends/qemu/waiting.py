"""Waiting for a program that runs beside the test."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

LIMIT = 30.0


async def until(wanted: Callable[[], bool]) -> None:
    """Wait until it is so."""
    async with asyncio.timeout(LIMIT):
        while not wanted():  # noqa: ASYNC110 - no event tells what another process has done
            await asyncio.sleep(0.01)  # polls: the program is another process


async def settled() -> None:
    """Wait until what was closed has let go of everything."""
    await until(lambda: len(asyncio.all_tasks()) == 1)
