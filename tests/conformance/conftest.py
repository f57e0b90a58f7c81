"""Marks of conformance tests are held to what happened: what one exercises was answered in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from baseboard.bmc.dispatch import Dispatcher
from baseboard.commands.app.device import GetDeviceId

BROADCAST = {"Broadcast Get Device ID": GetDeviceId}
"""A row of the table that shares its number with another command is marked by its name."""


MODES = ("default", "strict")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test on a BMC as it comes and on a strict one, which refuses reserved bits that are set.

    A test about those bits themselves is marked ``as_it_comes``.
    """
    alone = metafunc.definition.get_closest_marker("as_it_comes") is not None
    metafunc.parametrize("strictness", MODES[:1] if alone else MODES, indirect=True)


@pytest.fixture(autouse=True)
def strictness(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every BMC of the test strict, whatever its blueprint says."""
    if request.param == "strict":
        begin = Dispatcher.__init__

        def strictly(self: Dispatcher, services: Any, *, strict: bool) -> None:
            del strict
            begin(self, services, strict=True)

        monkeypatch.setattr(Dispatcher, "__init__", strictly)


@pytest.fixture(autouse=True)
def commands_answered(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """``@exercises(GetDeviceId)``, see `marks`: the table of commands lists the test under Get Device ID."""
    marks = [kind for mark in request.node.iter_markers("exercises") for kind in mark.args]
    if not marks:
        yield
        return
    answered: set[Any] = set()
    run = Dispatcher._run

    def note(self: Dispatcher, entry: Any, *rest: Any) -> Any:
        answered.add(entry.request)
        return run(self, entry, *rest)

    monkeypatch.setattr(Dispatcher, "_run", note)
    yield
    assert not [kind for kind in marks if BROADCAST.get(kind, kind) not in answered]
