"""A network in memory on virtual time, as bad as a test wants it: loss, echoes, delay and so reordering."""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Callable
from typing import Any, Protocol

from baseboard.rmcp.machine import Address, Endpoint, Machine

MOST_STEPS = 200_000
"""A run that takes more is a loop of the machines under test."""


class Station(Protocol):
    """A machine with an address."""

    address: Address

    def receive(self, data: bytes, source: Address, now: float) -> None: ...
    def outgoing(self) -> list[tuple[bytes, Address]]: ...
    def work(self, now: float) -> None: ...
    def deadline(self) -> float | None: ...
    def expire(self, now: float) -> None: ...


Work = Callable[[float], None]


def no_work(now: float) -> None:
    """Leave the events where they are."""


class One:
    """A machine that speaks with one peer."""

    def __init__(self, machine: Machine[Any], address: Address, peer: Address, work: Work = no_work) -> None:
        self.machine, self.address, self.peer, self.work = machine, address, peer, work
        self.deadline, self.expire = machine.deadline, machine.expire

    def receive(self, data: bytes, source: Address, now: float) -> None:
        assert source == self.peer
        self.machine.receive(data, now)

    def outgoing(self) -> list[tuple[bytes, Address]]:
        return [(data, self.peer) for data in self.machine.outgoing()]


class Many:
    """A machine that speaks with many peers."""

    def __init__(self, machine: Endpoint[Any], address: Address, work: Work = no_work) -> None:
        self.machine, self.address, self.work = machine, address, work
        self.receive, self.outgoing = machine.receive, machine.outgoing
        self.deadline, self.expire = machine.deadline, machine.expire


class Link:
    """Stations and what is between them.

    Attributes:
        now: virtual seconds.
        loss: share of datagrams that never arrive, 0-1.
        duplicate: share that arrives twice.
        delay: least and greatest seconds on the way, drawn for each datagram, so that one overtakes another.
        lost: datagrams lost so far.
        carried: everything that was sent, in order: when, from where, where to, what.
    """

    def __init__(
        self,
        seed: int,
        *,
        loss: float = 0.0,
        duplicate: float = 0.0,
        delay: tuple[float, float] = (0.001, 0.001),
    ) -> None:
        self.random = random.Random(seed)
        self.loss, self.duplicate, self.delay = loss, duplicate, delay
        self.now, self.lost = 0.0, 0
        self.stations: dict[Address, Station] = {}
        self.carried: list[tuple[float, Address, Address, bytes]] = []
        self._flying: list[tuple[float, int, Address, Address, bytes]] = []
        self._count = itertools.count()

    def join(self, *stations: Station) -> None:
        """Connect stations."""
        self.stations.update((station.address, station) for station in stations)

    def send(self, data: bytes, source: Address, target: Address) -> None:
        """Put a datagram on its way, to whatever comes of it."""
        self.carried.append((self.now, source, target, data))
        copies = 1 + (self.random.random() < self.duplicate)
        for _ in range(copies):
            if self.random.random() < self.loss:
                self.lost += 1
                continue
            when = self.now + self.random.uniform(*self.delay)
            heapq.heappush(self._flying, (when, next(self._count), source, target, data))

    def settle(self) -> None:
        """Let every station work and send until none has anything to say at this moment."""
        for station in self.stations.values():
            station.work(self.now)
            for data, target in station.outgoing():
                self.send(data, station.address, target)

    def run(self, until: Callable[[], bool] = lambda: False, *, limit: float = 1e9) -> bool:
        """Let time pass until a condition holds, nothing is left to happen, or so many seconds are over.

        Returns: whether the condition holds.
        """
        end = self.now + limit
        for _ in range(MOST_STEPS):
            self.settle()
            if until():
                return True
            when = self._next()
            if when is None or when > end:
                self.now = end if when is not None else self.now
                return until()
            self.now = max(self.now, when)
            self._arrive()
            for station in self.stations.values():
                deadline = station.deadline()
                if deadline is not None and deadline <= self.now:
                    station.expire(self.now)
        raise AssertionError("the machines never come to rest")

    def _next(self) -> float | None:
        times = [station.deadline() for station in self.stations.values()]
        times += [self._flying[0][0]] if self._flying else []
        return min((when for when in times if when is not None), default=None)

    def _arrive(self) -> None:
        while self._flying and self._flying[0][0] <= self.now:
            _, _, source, target, data = heapq.heappop(self._flying)
            station = self.stations.get(target)
            if station is not None:
                station.receive(data, source, self.now)
