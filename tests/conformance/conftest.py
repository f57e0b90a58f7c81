"""Marks of conformance tests are held to what happened: what one exercises was answered in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from baseboard.bmc.dispatch import Dispatcher


@pytest.fixture(autouse=True)
def commands_answered(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """``@pytest.mark.exercises(GetDeviceId)``: the table of commands lists the test under Get Device ID."""
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
    assert not [kind.__name__ for kind in marks if kind not in answered]
