"""The mark of a test that shows what commands do."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.commands import Request


def exercises(*commands: type[Request[Any]] | str) -> pytest.MarkDecorator:
    """Say which commands a test shows the effect of: their request classes.

    A row of the table that shares its number with another command is named: ``"Broadcast Get Device ID"``.
    Written so, not ``pytest.mark.exercises(GetDeviceId)``: pytest takes a mark with a single class for a
    decorator of that class.
    """
    return pytest.mark.exercises.with_args(*commands)
