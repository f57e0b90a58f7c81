"""Waiting for what a server does in its own time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

LIMIT, PAUSE = 30, 0.1
"""Seconds: how long anything may take, and how often one looks."""


def eventually(look: Callable[[], T], wanted: Callable[[T], bool]) -> T:
    """Look until what is seen is wanted; returns it."""
    until = time.monotonic() + LIMIT
    while not wanted(seen := look()):
        assert time.monotonic() < until, f"still, after {LIMIT} s:\n{seen}"
        time.sleep(PAUSE)  # polls: a program of others tells nobody when it is done
    return seen
