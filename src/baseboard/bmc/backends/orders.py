"""Orders to a machine that takes its time: one is carried out after the other, and few ever wait."""

from __future__ import annotations

import asyncio
import enum
from typing import Final

from baseboard.bmc.clock import Clock


class Order(enum.Enum):
    """What a machine is to do; the value is its name for people and for commands."""

    ON = "on"
    OFF = "off"
    RESET = "reset"
    NMI = "nmi"
    SHUTDOWN = "shutdown"
    IDENTIFY_ON = "identify-on"
    IDENTIFY_OFF = "identify-off"


_REPLACED: Final = {
    Order.ON: {Order.OFF, Order.RESET, Order.NMI, Order.SHUTDOWN},
    Order.OFF: {Order.ON, Order.RESET, Order.NMI, Order.SHUTDOWN},
    Order.RESET: {Order.SHUTDOWN},
    Order.NMI: set[Order](),
    Order.SHUTDOWN: set[Order](),
    Order.IDENTIFY_ON: {Order.IDENTIFY_OFF},
    Order.IDENTIFY_OFF: {Order.IDENTIFY_ON},
}
"""Which orders that wait yet mean nothing any more, once there is another."""


class Orders:
    """Orders that wait, each at most once, and what wakes whoever carries them out.

    Args:
        clock: time.
    """

    __slots__ = ("_clock", "_waiting", "_wake")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waiting: list[Order] = []
        self._wake = asyncio.Event()

    def give(self, order: Order) -> None:
        """Have something done; what it makes meaningless is not done any more."""
        replaced = {order, *_REPLACED[order]}
        self._waiting = [*(waiting for waiting in self._waiting if waiting not in replaced), order]
        self._wake.set()

    def take(self) -> Order | None:
        """The next order; None = there is none."""
        return self._waiting.pop(0) if self._waiting else None

    def wake(self) -> None:
        """Something else has happened that is to be seen to."""
        self._wake.set()

    async def wait(self, until: float) -> None:
        """Wait for a time, for an order, or for `wake`."""
        self._wake.clear()
        if not self._waiting:
            timer = self._clock.call_at(until, self._wake.set)
            try:
                await self._wake.wait()
            finally:
                timer.cancel()


class OrderedPower:
    """The power lines of a machine whose orders wait: base of what is a `~baseboard.bmc.ports.PowerPort`."""

    __slots__ = ()

    _orders: Orders

    def turn_on(self) -> None:
        """Start it."""
        self._orders.give(Order.ON)

    def turn_off(self) -> None:
        """Cut its power."""
        self._orders.give(Order.OFF)

    def reset(self) -> None:
        """Pulse its reset line."""
        self._orders.give(Order.RESET)

    def diagnostic_interrupt(self) -> None:
        """Pulse its diagnostic interrupt."""
        self._orders.give(Order.NMI)

    def soft_shutdown(self) -> None:
        """Ask its operating system to shut down."""
        self._orders.give(Order.SHUTDOWN)


async def pause(clock: Clock, seconds: float) -> None:
    """Let time pass."""
    over = asyncio.Event()
    timer = clock.call_at(clock.now() + seconds, over.set)
    try:
        await over.wait()
    finally:
        timer.cancel()
