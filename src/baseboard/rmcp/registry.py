"""What a BMC's session table holds: sessions, logins under way, and the rules about their number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.rmcp.asf import IANA
from baseboard.rmcp.pending import Pending
from baseboard.rmcp.session import Reason, SessionClosed, SessionOpened, SessionV15

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from baseboard.rmcp.machine import Address
    from baseboard.rmcp.session import Account, AnySession, Event, Policy, RequestReceived, Session

INACTIVITY: Final = 60.0
"""Seconds after which a silent session ends (Table 6-7)."""

HALF_OPEN: Final = 30.0
"""Seconds that a login may take; the specification gives none, consoles give up after about 20."""

_HANDLES: Final = range(1, 255)


class Registry:
    """Sessions and logins of one channel; `SessionTable` adds the packets.

    Attributes:
        policy: what the BMC allows.
        random: gives that many unpredictable bytes.
        slots: most active sessions.
        pending_slots: most logins under way.
        inactivity: seconds after which a silent session ends.
        sessions: active ones by session ID, the oldest first.
        pending: logins under way by ID, the oldest first.
        outbox: datagrams to be sent.
        happened: events to be told.
        maker: IANA number in presence pongs, whose the OEM-defined bytes are; there are none by default.
        nobody: the password of users that do not exist: random, the same for all of them and for ever.
    """

    __slots__ = (
        "_alarm", "_handle", "_handles", "happened", "inactivity", "maker", "nobody", "outbox", "pending",
        "pending_slots", "policy", "random", "sessions", "slots",
    )  # fmt: skip

    def __init__(
        self,
        policy: Policy,
        random: Callable[[int], bytes],
        *,
        slots: int = 16,
        pending_slots: int = 64,
        inactivity: float = INACTIVITY,
        handles: range = _HANDLES,
    ) -> None:
        """Start without any session.

        Args:
            slots: 1-63, what Get Session Info can count.
            handles: session handles of this channel; a BMC's channels have different ones.
        """
        self.policy, self.random = policy, random
        self.slots, self.pending_slots, self.inactivity = min(slots, len(handles)), pending_slots, inactivity
        self._handles, self._handle = handles, -1
        self.maker = IANA
        self.sessions: dict[int, AnySession] = {}
        self.pending: dict[int, Pending] = {}
        self.outbox: list[tuple[bytes, Address]] = []
        self.happened: list[Event] = []
        # A password of the size that most users have, for MD5-128 and v1.5 as well.
        self.nobody = random(16)
        self._alarm: float | None = None

    def new_id(self) -> int:
        """Draw a session ID that is not 0 and not in use."""
        while True:
            number = int.from_bytes(self.random(4), "little")
            if number and number not in self.sessions and number not in self.pending:
                return number

    def new_handle(self) -> int:
        """Choose a session handle that is not in use, the one longest out of use first."""
        handles, taken = self._handles, {session.handle for session in self.sessions.values()}
        assert len(taken) < len(handles), "a session was opened without a slot"
        place = (self._handle + 1) % len(handles)
        while handles[place] in taken:
            place = (place + 1) % len(handles)
        self._handle = place
        return handles[place]

    def has_slot(self) -> bool:
        """Tell whether another session may be opened."""
        return len(self.sessions) < self.slots

    def within_limit(self, account: Account) -> bool:
        """Tell whether this user may have another session (Set User Access byte 4)."""
        limit, user = account.session_limit, account.user_id
        return not limit or sum(session.user_id == user for session in self.sessions.values()) < limit

    def begin(self, pending: Pending) -> None:
        """Take a login in; where there is no room the oldest one goes, never an active session."""
        while len(self.pending) >= self.pending_slots:
            del self.pending[next(iter(self.pending))]
        self.pending[pending.id] = pending
        self.wake(pending.born + HALF_OPEN)

    def open(self, session: AnySession, address: Address, now: float) -> None:
        """Give a session its slot."""
        session.address, session.last_active = address, now
        self.sessions[session.id] = session
        self.wake(now + self.inactivity)
        self.happened.append(SessionOpened(session))

    def close(
        self, session: Session, reason: Reason = Reason.ENDED, last: RequestReceived | None = None
    ) -> None:
        """End a session; the console is not told.

        Args:
            last: the request in that session that asked for it; its answer still goes out (§22.19).
        """
        if session.closed:
            return
        session.closed, session.farewell = True, last
        del self.sessions[session.id]
        if isinstance(session, SessionV15):
            self.pending.pop(session.temporary_id, None)
        self.happened.append(SessionClosed(session, reason))

    def close_all(self, reason: Reason = Reason.ENDED) -> None:
        """End every session and every login under way."""
        self.pending.clear()
        for session in tuple(self.sessions.values()):
            self.close(session, reason)

    def close_user(self, user_id: int, reason: Reason = Reason.ENDED) -> None:
        """End the sessions of a user."""
        for session in tuple(self.sessions.values()):
            if session.user_id == user_id:
                self.close(session, reason)

    def by_handle(self, handle: int) -> AnySession | None:
        """Find a session by its handle."""
        return next((session for session in self.sessions.values() if session.handle == handle), None)

    def by_index(self, index: int) -> AnySession | None:
        """Find the n-th active session, counted from 1 (Get Session Info)."""
        return next((session for n, session in enumerate(self.sessions.values(), 1) if n == index), None)

    def wake(self, when: float) -> None:
        """Have `expire` called at that time at the latest."""
        if self._alarm is None or when < self._alarm:
            self._alarm = when

    def deadline(self) -> float | None:
        """Tell when `expire` is due: never too late, and too early for a session in use.

        A packet does not move the deadline, so that it costs nothing; `expire` finds the next one.
        """
        return self._alarm

    def expire(self, now: float) -> None:
        """End what was silent for too long; the console is not told (§6.12.15)."""
        if self._alarm is None or now < self._alarm:
            return
        for pending in tuple(self.pending.values()):
            if now >= pending.born + HALF_OPEN:
                del self.pending[pending.id]
        for session in tuple(self.sessions.values()):
            if now >= session.last_active + self.inactivity:
                self.close(session, Reason.TIMED_OUT)
        self._alarm = min(self._deadlines(), default=None)

    def _deadlines(self) -> Iterator[float]:
        for pending in self.pending.values():
            yield pending.born + HALF_OPEN
        for session in self.sessions.values():
            yield session.last_active + self.inactivity
