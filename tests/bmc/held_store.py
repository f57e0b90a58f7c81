"""A store whose disk is as slow as a test wants it."""

from __future__ import annotations

import asyncio

from baseboard.bmc.store import Durable, MemoryStore


class HeldStore(MemoryStore):
    """A store that says when changes are durable only as the test does.

    Attributes:
        waiting: who is to be told.
        asked: set when somebody wants to be.
    """

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[Durable] = []
        self.asked = asyncio.Event()

    def durable(self, then: Durable) -> None:
        self.waiting.append(then)
        self.asked.set()

    def report(self, written: bool) -> None:
        """Tell everybody that the changes are on the disk, or could not be written."""
        waiting, self.waiting = self.waiting, []
        for then in waiting:
            then(written)
