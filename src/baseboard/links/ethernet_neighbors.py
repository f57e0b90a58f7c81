"""Hardware addresses of neighbors, and packets that wait for one (RFC 826; RFC 4861, §7)."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address
from typing import Final, Generic, NamedTuple, TypeVar

from baseboard.links.network import Tag

A = TypeVar("A", IPv4Address, IPv6Address)

MOST: Final = 128
"""Neighbors known at a time; who was not heard of longest gives way."""

MOST_ASKED: Final = 32
"""Neighbors asked for at a time."""

MOST_WAITING: Final = 8
"""Packets that wait for one neighbor; the oldest gives way."""


class Place(NamedTuple, Generic[A]):
    """Where a neighbor is.

    Attributes:
        address: its address.
        tag: of the frames to it; its VLAN is part of where it is.
    """

    address: A
    tag: Tag | None

    @property
    def vlan(self) -> int | None:
        """The VLAN; None = frames have no tag."""
        return None if self.tag is None else self.tag.vlan_id


class _Question(Generic[A]):
    """A neighbor that is asked for."""

    __slots__ = ("due", "left", "packets", "place")

    def __init__(self, place: Place[A], due: float, left: int) -> None:
        self.place: Place[A] = place
        self.due = due
        self.left = left
        self.packets: list[bytes] = []


class Neighbors(Generic[A]):
    """Who is where.

    Attributes:
        hold_s: seconds for which an answer holds.
        interval_s: from one question to the next.
        tries: questions until nobody is there.
    """

    __slots__ = ("_asked", "_known", "hold_s", "interval_s", "tries")

    def __init__(self, *, hold_s: float, interval_s: float, tries: int) -> None:
        self.hold_s, self.interval_s, self.tries = hold_s, interval_s, tries
        self._known: dict[tuple[A, int | None], tuple[bytes, float]] = {}
        self._asked: dict[tuple[A, int | None], _Question[A]] = {}

    def clear(self) -> None:
        """Forget everybody, and what waits for them."""
        self._known.clear()
        self._asked.clear()

    def find(self, place: Place[A], now: float) -> bytes | None:
        """The hardware address of a neighbor; None = it is not known, or not any more."""
        mac, until = self._known.get((place.address, place.vlan), (b"", 0.0))
        return mac if mac and now < until else None

    def known(self, address: A, vlan: int | None) -> bytes:
        """What was last known of a neighbor; empty = nothing."""
        return self._known.get((address, vlan), (b"", 0.0))[0]

    def wait(self, place: Place[A], packet: bytes, now: float) -> bool:
        """Keep a packet until its neighbor is known.

        Returns: whether the neighbor must be asked for now.
        """
        key = (place.address, place.vlan)
        new = key not in self._asked
        if new:
            if len(self._asked) >= MOST_ASKED:
                del self._asked[next(iter(self._asked))]
            self._asked[key] = _Question(place, now + self.interval_s, self.tries - 1)
        question: _Question[A] = self._asked[key]
        question.packets = [*question.packets[1 - MOST_WAITING :], packet]
        return new

    def is_asked(self, address: A, vlan: int | None) -> bool:
        """Whether somebody waits for that neighbor."""
        return (address, vlan) in self._asked

    def learn(
        self, address: A, vlan: int | None, mac: bytes, now: float
    ) -> tuple[Place[A] | None, list[bytes]]:
        """Note where a neighbor is.

        Returns: the packets that waited for it, and its place.
        """
        key = (address, vlan)
        self._known.pop(key, None)
        if len(self._known) >= MOST:
            del self._known[next(iter(self._known))]
        self._known[key] = (mac, now + self.hold_s)
        question = self._asked.pop(key, None)
        return (None, []) if question is None else (question.place, question.packets)

    def expire(self, now: float) -> tuple[list[Place[A]], list[tuple[Place[A], list[bytes]]]]:
        """What is due by now: whom to ask again, and who is not there, with what waited for them."""
        again: list[Place[A]] = []
        lost: list[tuple[Place[A], list[bytes]]] = []
        for key, question in list(self._asked.items()):
            if question.due > now:
                continue
            if question.left > 0:
                question.left -= 1
                question.due = now + self.interval_s
                again.append(question.place)
            else:
                del self._asked[key]
                lost.append((question.place, question.packets))
        return again, lost

    def deadline(self) -> float | None:
        """When `expire` is next due."""
        return min((question.due for question in self._asked.values()), default=None)
