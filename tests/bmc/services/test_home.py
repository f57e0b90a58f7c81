"""What services stand on: everything that one BMC has for itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from baseboard.bmc.blueprint import UserSpec
from baseboard.bmc.services.home import Home
from baseboard.bmc.services.users import Users
from baseboard.bmc.store import Journal, MemoryStore
from baseboard.testing.clock import VirtualClock
from tests.bmc.fakes import BLUEPRINT, FakeBackend


def homes(*names: str) -> list[Home]:
    """BMCs of one make-up over one store."""
    store, clock = MemoryStore(), VirtualClock()
    return [
        Home(replace(BLUEPRINT, identity=replace(BLUEPRINT.identity, name=name)), Journal(store, name), clock,
             FakeBackend(), bytes)
        for name in names
    ]  # fmt: skip


def test_bmcs_over_one_store_have_each_their_own_state() -> None:
    one, two = homes("one", "two")
    first, second = Users(one), Users(two)
    first.set_name(2, b"first")
    assert [user.name for user in second] == [user.name for user in BLUEPRINT.users]
    for home, name in ((one, b"first"), (two, BLUEPRINT.users[0].name)):
        journal = Journal(home.journal.store, home.blueprint.identity.name)
        assert Users(replace(home, journal=journal)).get(2).name == name


def test_it_has_nothing_else() -> None:
    """A service that keeps something at another's place would break the rule that each keeps its own."""
    (home,) = homes("one")
    with pytest.raises(AttributeError):
        home.extra = 1  # type: ignore[attr-defined]  # that is the point


def test_it_shows_no_secret() -> None:
    (home,) = homes("one")
    home.blueprint = replace(home.blueprint, users=(UserSpec(2, b"admin", b"hidden"),))
    Users(home).set_password(2, b"hidden-too", 16)
    assert "hidden" not in repr(home)
