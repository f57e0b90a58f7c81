"""What the register interfaces KCS, SMIC and BT have in common: a host reads and writes, a byte at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final, Protocol, TypeAlias

Request: TypeAlias = Callable[[bytes], None]
"""Takes a request that has come in whole, from NetFn/LUN on (BT: from Len); the answer may come at once."""

REMEMBERED: Final = 64
"""Requests that were given up and are remembered until they are answered; the oldest is forgotten."""


class OneRequest:
    """The one request that KCS or SMIC has with the controller, and the answers that nobody wants any more.

    A host that gives a request up may send the next one before the controller has answered the first. That
    late answer must not be taken for the answer to the next.
    """

    __slots__ = ("_given_up", "_waiting")

    def __init__(self) -> None:
        self._waiting: bytes | None = None
        self._given_up: deque[bytes] = deque(maxlen=REMEMBERED)

    def sent(self, request: bytes) -> None:
        """A request goes to the controller."""
        self._waiting = answer_head(request)

    def give_up(self) -> None:
        """The host wants its answer no more."""
        if self._waiting is not None:
            self._given_up.append(self._waiting)
            self._waiting = None

    def wanted(self, answer: bytes) -> bool:
        """Whether this is the answer that the host waits for; then it waits no more."""
        head = answer[:_HEAD]
        if head in self._given_up:
            self._given_up.remove(head)
            return False
        if head != self._waiting:
            return False
        self._waiting = None
        return True

    def clear(self) -> None:
        """Nothing was ever sent."""
        self._waiting = None
        self._given_up.clear()


_HEAD: Final = 2


def answer_head(request: bytes) -> bytes:
    """The first two bytes of the answer to a request: the response's NetFn, the same LUN and command."""
    return bytes((request[0] | 0x04, request[1]))


class RegisterModel(Protocol):
    """The hardware of an interface with the management controller behind it, as the host's bus sees it."""

    @property
    def size(self) -> int:
        """How many registers it has, one byte each."""
        ...

    @property
    def interrupt(self) -> bool:
        """Whether its interrupt line is asserted now."""
        ...

    def read(self, register: int) -> int:
        """The host reads a register, which may change what it shows next."""
        ...

    def write(self, register: int, value: int) -> None:
        """The host writes a register."""
        ...

    def answer(self, message: bytes) -> None:
        """The response to the oldest request that waits for one; dropped when none does."""
        ...

    def attention(self, flags: int, *, interrupts: bool) -> None:
        """The message flags that stand (Table 22-5), and whether the host wants interrupts."""
        ...

    def reset(self) -> None:
        """The system was reset, or the controller was: nothing is in progress."""
        ...


class HostAccess(Protocol):
    """The registers as the host's side reaches them; blocking, some microseconds a call."""

    def read(self, register: int) -> int:
        """Read a register."""
        ...

    def write(self, register: int, value: int) -> None:
        """Write a register."""
        ...
