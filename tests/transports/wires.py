"""What a test hears of a wire, and how it waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from baseboard.errors import TransportError


class Ear:
    """A listener of a wire.

    Attributes:
        data: what came.
        happened: ``opened``, ``broken``, ``changed`` and ``lost``, as they came.
        error: why it was lost.
    """

    def __init__(self) -> None:
        self.data = bytearray()
        self.happened: list[str] = []
        self.error: TransportError | None = None

    def opened(self) -> None:
        self.happened.append("opened")

    def received(self, data: bytes) -> None:
        self.data += data

    def broken(self) -> None:
        self.happened.append("broken")

    def changed(self) -> None:
        self.happened.append("changed")

    def lost(self, error: TransportError) -> None:
        self.happened.append("lost")
        self.error = error


async def until(condition: Callable[[], object]) -> None:
    """Wait for something to become true."""
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0.01)  # polls
    raise AssertionError("it never came true")
