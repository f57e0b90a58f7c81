"""Waiting for what a server does by itself: asked again and again, with an end."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

# How long a simulated server may take over anything that is waited for here, and between two looks, seconds.
PATIENCE, PAUSE = 30.0, 0.1

Seen = TypeVar("Seen")


def soon(look: Callable[[], Seen], wanted: Callable[[Seen], bool]) -> Seen:
    """Look until what is seen is what is wanted.

    Returns: what was seen last; the caller's own assertion tells how it should be.
    """
    until = time.monotonic() + PATIENCE
    while not wanted(seen := look()) and time.monotonic() < until:
        time.sleep(PAUSE)
    assert wanted(seen), f"still not, after {PATIENCE:.0f} s:\n{seen}"
    return seen
