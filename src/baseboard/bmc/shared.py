"""What many BMCs have in common is made once, and is one object; what most never need is not made."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar, Final, Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

_MOST = 64


class Shared(Generic[K, V]):
    """A function whose answer to equal arguments is the same object.

    BMCs of one make-up have the very same tuple of sensors. To hash that takes as long as to walk it, so an
    argument is looked up by its identity first: 0.1 µs instead of 100 for a hundred sensors.

    Args:
        make: what is called once for arguments that are equal; they can be hashed.
    """

    __slots__ = ("_equal", "_same")

    def __init__(self, make: Callable[[K], V]) -> None:
        self._equal: Callable[[K], V] = lru_cache(_MOST)(make)
        # The arguments are kept too: as long as one is here, its identity is nobody else's.
        self._same: dict[int, tuple[K, V]] = {}

    def __call__(self, argument: K) -> V:
        """The answer to this argument."""
        known = self._same.get(id(argument))
        if known is not None:
            return known[1]
        made = self._equal(argument)
        if len(self._same) >= _MOST:
            self._same.clear()
        self._same[id(argument)] = argument, made
        return made


class Sparse:
    """A service that makes some of its parts when they are first asked for: most BMCs never need them.

    A subclass names them in `PARTS`, and has slots for them. An empty dictionary takes 64 bytes and a deque
    700, so that what nobody uses was a tenth of an idle BMC.
    """

    __slots__ = ()
    PARTS: ClassVar[tuple[tuple[str, Callable[[], object]], ...]] = ()

    if not TYPE_CHECKING:  # else the type checkers would take any name for an attribute

        def __getattr__(self, name: str) -> object:
            """Called for a slot that is empty, never for one that is not."""
            make = dict(self.PARTS).get(name)
            if make is None:
                raise AttributeError(f"{type(self).__name__} has no {name}")
            part = make()
            setattr(self, name, part)
            return part


EMPTY: Final[frozenset[int]] = frozenset()
"""No numbers; one object for all, where each call of frozenset makes another."""
