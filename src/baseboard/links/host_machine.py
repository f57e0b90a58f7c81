"""What the host's sides of KCS, SMIC and BT have in common: a request becomes register accesses.

A machine reaches no register itself. It says what is to be done next, is told what was read and what time it
is, and says the next thing, until it is done or has failed::

    machine.request(message, now)
    step = machine.step(0, now)
    while not isinstance(step, Done | Failed):
        value = ...                     # do it
        step = machine.step(value, now)

Messages are alike for all three: NetFn/LUN, Cmd and data one way; NetFn/LUN, Cmd, completion code and data
the other way. What an interface has besides, such as the Len and Seq of BT, is its machine's own business.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Final, NamedTuple, Protocol, TypeAlias

from baseboard.errors import EncodeError
from baseboard.links.registers import HostAccess

SHORTEST: Final = 2
"""Bytes of a request at least: NetFn/LUN and Cmd."""

SPIN: Final = 100
"""How often a register is read again at once before a machine asks for pauses between: a fast BMC is met."""

PAUSE: Final = 0.001
"""Seconds between two looks at a register after that."""


class Read(NamedTuple):
    """Read a register; what it says is given to the next `HostMachine.step`."""

    register: int


class Write(NamedTuple):
    """Write a register."""

    register: int
    value: int


class Wait(NamedTuple):
    """Let some time pass, seconds."""

    seconds: float


class Done(NamedTuple):
    """It is over, and well: the response from NetFn/LUN on; empty when nothing was asked for."""

    message: bytes


class Reason(enum.Enum):
    """Why a machine has failed."""

    ABSENT = "no hardware is there: all bits of its status read 1"
    BUSY = "the BMC does not take the request: it is busy, or not running"
    SILENT = "the BMC took the request and did not answer it in time"
    LOST = "the BMC took the request, and its answer did not come through"
    CONFUSED = "the BMC keeps reporting errors of the transfer"
    TOO_LONG = "the request is longer than the BMC takes"


class Failed(NamedTuple):
    """It is over, and failed; the next request starts afresh."""

    reason: Reason


Step: TypeAlias = Read | Write | Wait | Done | Failed


class HostMachine(Protocol):
    """The host's side of an interface of registers; it bears time-outs, errors and retries itself.

    It sends a request again only as long as the BMC cannot have carried it out. After that a failure is told,
    `Reason.SILENT` or `Reason.LOST`: whether the command may be given twice is for others to know.

    Attributes:
        attention: whether the BMC wanted attention when its registers were looked at last.
        size: how many registers the interface has.
    """

    attention: bool
    size: int

    def request(self, message: bytes, now: float) -> None:
        """Begin a request; one that is under way is given up, and its answer never told.

        Args:
            message: from NetFn/LUN on.
            now: monotonic seconds.

        Raises:
            EncodeError: it is shorter or longer than the interface can carry.
        """
        ...

    def look(self, now: float) -> None:
        """Begin to look whether the BMC wants attention; ends with an empty `Done`."""
        ...

    def abort(self, now: float) -> None:
        """Begin to give up what is under way, as the interface has it; ends with an empty `Done`."""
        ...

    def step(self, value: int, now: float) -> Step:
        """Say what comes next; after `Done` and `Failed` they are only said again.

        Args:
            value: what was read, if the step before was a `Read`; else it does not matter.
            now: monotonic seconds.
        """
        ...


class Patience:
    """How long something of a register is waited for, and how often it is looked at meanwhile.

    Args:
        seconds: how long.
        now: monotonic seconds.
    """

    __slots__ = ("_looks", "_until")

    def __init__(self, seconds: float, now: float) -> None:
        self._until, self._looks = now + seconds, 0

    def over(self, now: float) -> bool:
        """Whether it has been waited for long enough."""
        return now >= self._until

    def pauses(self) -> bool:
        """Count a look that was in vain: whether a pause should come before the next."""
        self._looks += 1
        return self._looks > SPIN


class Accesses:
    """The accesses that a machine has decided on and that are not done yet, and who is told what was read."""

    __slots__ = ("_left", "_take")

    def __init__(self) -> None:
        self._left: list[tuple[Read | Write | Wait, Callable[[int], None] | None]] = []
        self._take: Callable[[int], None] | None = None

    def clear(self) -> None:
        """Decide afresh."""
        self._left.clear()
        self._take = None

    def read(self, register: int, take: Callable[[int], None] | None = None) -> None:
        """Read a register, and tell what it said; without ``take`` it is forgotten."""
        self._left.append((Read(register), take))

    def write(self, register: int, value: int) -> None:
        """Write a register."""
        self._left.append((Write(register, value), None))

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self._left.append((Wait(seconds), None))

    def told(self, value: int) -> None:
        """Hand on what the last access read."""
        take, self._take = self._take, None
        if take is not None:
            take(value)

    def next(self) -> Read | Write | Wait | None:
        """What is to be done now; None = a machine has to decide."""
        if not self._left:
            return None
        step, self._take = self._left.pop(0)
        return step


def answers(request: bytes, response: bytes) -> bool:
    """Whether a response belongs to a request and has a completion code; both from NetFn/LUN on."""
    return len(response) > SHORTEST and response[:SHORTEST] == bytes((request[0] | 0x04, request[1]))


def checked(message: bytes, largest: int) -> bytes:
    """The request, if an interface can carry it.

    Raises:
        EncodeError: it is too short or too long.
    """
    if not SHORTEST <= len(message) <= largest:
        raise EncodeError(f"a request of {len(message)} bytes; the interface takes {SHORTEST} to {largest}")
    return message


def complete(
    machine: HostMachine, access: HostAccess, now: Callable[[], float], sleep: Callable[[float], None]
) -> Done | Failed:
    """Do what a machine says until it is over; blocks meanwhile.

    Args:
        machine: with a request begun.
        access: its registers.
        now: monotonic seconds.
        sleep: lets that many seconds pass.
    """
    value = 0
    while True:
        match machine.step(value, now()):
            case Read(register):
                value = access.read(register)
            case Write(register, written):
                access.write(register, written)
            case Wait(seconds):
                sleep(seconds)
            case end:
                return end
