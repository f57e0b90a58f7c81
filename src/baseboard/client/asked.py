"""A request over a session, as its task waits for it: first for its turn, then for the answer."""

from __future__ import annotations

from typing import TypeAlias, TypeVar

from baseboard.transports.arrival import Arrival, Arrivals

T = TypeVar("T")

Words: TypeAlias = tuple[int, int, bytes, int]
"""Network function, command, data and LUN of a request to the BMC itself."""


class Asked(Arrival[T]):
    """Its result is the answer; in line it may be None: the turn has come, and the task has to send.

    Attributes:
        words: what to send as soon as there is room; None: the task does that itself.
        token: by which the machine knows it; 0 as long as it was not sent.
        started: when it was sent, the loop's time.
    """

    words: Words | None = None
    token = 0
    started = 0.0

    def __init__(self, among: Arrivals, words: Words | None = None) -> None:
        self._among = among
        if words is not None:
            self.words = words
