"""The loop that drives a command: a small one for one thing at a time on one BMC, else asyncio's.

To import asyncio takes longer than all else of an ``mc info``. So what needs it is named here; everything
else waits by `baseboard.transports.waiting`, and does not notice the difference.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from types import ModuleType

T = TypeVar("T")

ON_ASYNCIO: Final = frozenset(
    {"shell", "exec", "sol", "payload", "hpm", "doctor", "sel follow", "sensor watch", "sensor plot"}
)
"""Nouns and verbs that do several things at once, or heed a terminal meanwhile."""

ONE_AT_A_TIME: Final = frozenset({"lanplus", "lan", "open"})
"""Interfaces that are spoken to without a thread besides."""


def small(interface: str, words: list[str]) -> bool:
    """Whether the small loop will do for a line on one BMC."""
    return interface in ONE_AT_A_TIME and ON_ASYNCIO.isdisjoint((*words[:1], " ".join(words[:2])))


def run(work: Coroutine[Any, Any, T], *, small: bool) -> T:
    """Drive a coroutine to its end.

    Raises:
        KeyboardInterrupt: Ctrl-C; it has tidied up.
    """
    if small:
        from baseboard.transports.small_loop import SmallLoop

        return SmallLoop().run(work)
    load_without_tls()
    import asyncio

    return asyncio.run(work)


def load_without_tls() -> None:
    """Import asyncio as in a Python that is built without ssl, if nobody has imported either yet.

    IPMI has no TLS, and loading it takes a tenth of the time of a whole power status.
    """
    if "asyncio" in sys.modules or "ssl" in sys.modules:
        return
    # What asyncio finds in place of the module makes its import fail, which asyncio provides for.
    sys.modules["ssl"] = cast("ModuleType", None)
    try:
        importlib.import_module("asyncio")
    finally:
        del sys.modules["ssl"]
