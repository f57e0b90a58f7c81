"""A service's surroundings, for tests of one service alone."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

from baseboard.bmc.services.home import Home
from baseboard.bmc.store import Journal, MemoryStore
from baseboard.testing.clock import VirtualClock
from tests.bmc.fakes import BLUEPRINT, FakeBackend


class FakeHome(Home):
    """A home whose clock and backend are the tests' own."""

    clock: VirtualClock
    backend: FakeBackend

    def again(self) -> FakeHome:
        """The same home after a restart: what was kept is there, what was not is gone."""
        store = self.journal.store
        assert isinstance(store, MemoryStore)
        return make_home(store=store, blueprint=self.blueprint, clock=self.clock)


def make_home(
    *, store: MemoryStore | None = None, clock: VirtualClock | None = None, **changes: Any
) -> FakeHome:
    """A home with a blueprint of the bench, changed as asked."""
    blueprint = changes.pop("blueprint", BLUEPRINT)
    if changes:
        blueprint = replace(blueprint, **changes)
    drawn = random.Random(7)
    return FakeHome(
        blueprint=blueprint,
        journal=Journal(store or MemoryStore(), blueprint.identity.name),
        clock=clock or VirtualClock(),
        backend=FakeBackend(),
        random=drawn.randbytes,
    )
