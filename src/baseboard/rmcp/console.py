"""The console's side of a session: its states, and what both versions have in common (§6.12, §13.15).

`ConsoleV15` and `ConsoleV20` fill in how one logs in and how packets are wrapped.
"""

from __future__ import annotations

import enum
from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Final

from baseboard.codes import Privilege, completion_text
from baseboard.commands.app.device_id import GetDeviceId
from baseboard.commands.app.in_session import CloseSession, SetSessionPrivilegeLevel
from baseboard.errors import LocalProtocolError, NotIpmi, RoleRefused, Unreachable
from baseboard.rmcp.console_events import (
    Answered,
    LoginFailed,
    Reason,
    SessionEnded,
    SessionOpened,
    Unanswered,
)
from baseboard.rmcp.flight import Pace
from baseboard.rmcp.requester import Requester
from baseboard.wire.value import Value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from baseboard.commands.declaration import Request
    from baseboard.errors import DecodeError, LoginError
    from baseboard.rmcp.flight import Pending
    from baseboard.rmcp.login import Login, Quirks


class Phase(enum.Enum):
    """Where a session is; the words of a login's phases name the answer that it waits for."""

    IDLE = "not opened"
    OPEN_SESSION = "Open Session"
    RAKP_2 = "RAKP 2"
    RAKP_4 = "RAKP 4"
    GET_SESSION_CHALLENGE = "Get Session Challenge"
    ACTIVATE_SESSION = "Activate Session"
    SET_PRIVILEGE = "Set Session Privilege Level"
    ACTIVE = "open"
    CLOSING = "closing"
    CLOSED = "closed"

    # By identity, as they are compared: Python's own is by name, and is a fiftieth of a login's time.
    __hash__ = object.__hash__


class Seen(enum.Enum):
    """What happened."""

    OPEN = "the caller opens the session"
    CLOSE = "the caller closes the session"
    ACCEPTED = "the answer came and is true"
    REFUSED = "the answer came with an error"
    UNTRUE = "the answer came and is not true"
    SILENCE = "the answer did not come in time"
    GAVE_UP = "nor did it after the last attempt"
    LOST = "the session cannot go on"

    __hash__ = object.__hash__


class Step(Value):
    """A row of a state table: go on to a phase, then do something there."""

    next: Phase
    action: Callable[[Any, float], None]


class Purpose(enum.Enum):
    """Requests that the machine sends of its own accord within a session."""

    PRIVILEGE = enum.auto()
    CLOSE = enum.auto()
    KEEP_ALIVE = enum.auto()


IN_SESSION: Final = frozenset({Phase.SET_PRIVILEGE, Phase.ACTIVE, Phase.CLOSING})
"""The phases in which session packets go to and fro."""

_ONCE: Final = Pace(attempts=1)


class Console(Requester):
    """A session of either version, from its login to its end.

    Attributes:
        phase: where it is.
        privilege: present operating level, 0 before the login.
        bmc_session_id: the ID that the BMC chose; 0 before it did.
    """

    TABLE: ClassVar[Mapping[tuple[Phase, Seen], Step]]

    def __init__(
        self,
        login: Login,
        random: Callable[[int], bytes],
        *,
        pace: Pace,
        depth: int,
        quirks: Quirks,
        keep_alive: float | None,
    ) -> None:
        # rqSeq 0 is left to the session-less requests that went before.
        super().__init__(pace, depth, first=1, ignore_checksums=quirks.ignore_checksums)
        self.phase = Phase.IDLE
        self.privilege = 0
        self.bmc_session_id = 0
        self._login, self._random, self._quirks = login, random, quirks
        self._keep_alive = keep_alive
        self._last_sent = 0.0
        self._error: LoginError = Unreachable("")
        self._malformed: DecodeError | None = None
        self._reason = Reason.CLOSED
        self._guid = b""

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.phase.value}, {self._login!r}>"

    # ---- what the caller does

    def open(self, now: float) -> None:
        """Log in; `SessionOpened` or `LoginFailed` will tell how it went."""
        self._step(Seen.OPEN, now)

    def close(self, now: float) -> None:
        """End the session or the attempt at one; `SessionEnded` tells when it is over."""
        self._step(Seen.CLOSE, now)

    def set_privilege(self, level: int, now: float) -> int:
        """Ask for another operating level (§22.18); `privilege` follows the answer.

        Returns: the request's token.
        """
        command = SetSessionPrivilegeLevel.command
        data = SetSessionPrivilegeLevel(privilege=Privilege(level)).encode()
        return self.request(command.netfn, command.cmd, data, now)

    # ---- timers

    def deadline(self) -> float | None:
        """Tell when `expire` is next due; None while no timer runs."""
        keep_alive = self._keep_alive_at()
        return super().deadline() if keep_alive is None else keep_alive

    def expire(self, now: float) -> None:
        """Repeat or give up what is overdue, and keep an idle session alive (§6.12.15)."""
        super().expire(now)
        keep_alive = self._keep_alive_at()
        if keep_alive is not None and keep_alive <= now:
            self._ask(GetDeviceId(), Purpose.KEEP_ALIVE, now)

    def _keep_alive_at(self) -> float | None:
        if self._keep_alive is None or self.phase is not Phase.ACTIVE or not self._flight.idle:
            return None
        return self._last_sent + self._keep_alive

    # ---- answers

    def _answered(self, pending: Pending, data: bytes, now: float) -> None:
        code = data[0]
        if pending.cmd == _SET_PRIVILEGE[1] and pending.netfn == _SET_PRIVILEGE[0] and not code and data[1:]:
            self.privilege = data[1] & 0x0F
        if pending.purpose is None:
            self._events.append(Answered(pending.token, data))
            return
        match pending.purpose:
            case Purpose.PRIVILEGE:
                if code:
                    self.symptoms.add("Q-PRIVREQ-UCS")
                if code and not self._login.keep_lower:
                    text = refusal_text(SetSessionPrivilegeLevel, code)
                    self._error = RoleRefused(self.phase.value, code, text)
                    self._step(Seen.REFUSED, now)
                else:
                    self._step(Seen.ACCEPTED, now)
            case Purpose.CLOSE:
                self._step(Seen.ACCEPTED, now)
            case _:
                return

    def _unanswered(self, pending: Pending, now: float) -> None:
        match pending.purpose:
            case Purpose.PRIVILEGE:
                self._give_up(now)
            case Purpose.CLOSE:
                # A BMC that closed the session and whose answer was lost stays silent from then on (§22.19).
                self._step(Seen.SILENCE, now)
            case Purpose.KEEP_ALIVE:
                self._end(Reason.LOST, now)
            case _:
                super()._unanswered(pending, now)
                # Whether the session itself is gone shows the next keep-alive, which is therefore due now.
                self._last_sent = now - (self._keep_alive or 0.0)

    def _give_up(self, now: float) -> None:
        """End a login whose awaited answer never came, or never came whole."""
        stage = self.phase.value
        if self._malformed is None:
            self._error = Unreachable(stage, None, "no answer")
        else:
            self._error = NotIpmi(stage, None, f"no answer that makes sense ({self._malformed})")
        self._step(Seen.GAVE_UP, now)

    def _end(self, reason: Reason, now: float) -> None:
        """End a session that cannot go on."""
        self._reason = reason
        self._step(Seen.LOST, now)

    # ---- the table

    def _step(self, seen: Seen, now: float) -> None:
        """Do what the table says; a pair without a row is an error of whoever caused it."""
        step = self.TABLE.get((self.phase, seen))
        if step is None:
            raise LocalProtocolError(f"{seen.value}, but it is {self.phase.value}")
        self.phase = step.next
        step.action(self, now)

    def _must_be_open(self) -> None:
        if self.phase is not Phase.ACTIVE:
            raise LocalProtocolError(f"the session is not open: {self.phase.value}")

    @abstractmethod
    def _forget_keys(self) -> None:
        """Drop what only a login or an open session needs."""

    def _raise_privilege(self, now: float) -> None:
        """Go above User level, where every session starts; Callback stays where it is (§6.12.7)."""
        self.privilege = min(self._login.privilege, Privilege.USER)
        self._last_sent = now
        if self._login.privilege <= Privilege.USER:
            self._step(Seen.ACCEPTED, now)
        else:
            level = SetSessionPrivilegeLevel(privilege=Privilege(self._login.privilege))
            # QUIRK OpenBMC: not ready for the first encrypted packet, so that one is sent again in any case.
            pace = Pace(self._pace.timeout, self._pace.growth, max(self._pace.attempts, 2))
            self._ask(level, Purpose.PRIVILEGE, now, pace)

    def _report_open(self, now: float) -> None:
        del now
        self._events.append(SessionOpened(self.bmc_session_id, self.privilege, self._guid))

    def _report_failure(self, now: float) -> None:
        del now
        self._flight.abandon_all()
        self._forget_keys()
        self._events.append(LoginFailed(self._error))

    def _leave(self, now: float) -> None:
        """Free the BMC's slot without waiting, since the level was not granted, then say why."""
        self._ask(CloseSession(session_id=self.bmc_session_id), Purpose.CLOSE, now, _ONCE)
        self._report_failure(now)

    def _send_close(self, now: float) -> None:
        self._give_up_requests()
        # Whoever closes waits for this alone: no longer than answers take.
        wait = min(self._flight.round_trip.wait, self._pace.timeout)
        self._ask(CloseSession(session_id=self.bmc_session_id), Purpose.CLOSE, now, Pace(wait, wait, 2))

    def _report_end(self, now: float) -> None:
        del now
        self._give_up_requests()
        self._forget_keys()
        self._events.append(SessionEnded(self._reason))

    def _give_up_requests(self) -> None:
        """Tell the caller that what it asked will not be answered."""
        for pending in self._flight.abandon_all():
            if pending.purpose is None:
                self._events.append(Unanswered(pending.token, pending.sent))

    def _nothing(self, now: float) -> None:
        """Stay as it is."""

    # where it is, what happened -> where it goes, what it does there
    ROWS: ClassVar[Mapping[tuple[Phase, Seen], Step]] = {
        (Phase.IDLE, Seen.CLOSE): Step(Phase.CLOSED, _report_end),
        (Phase.SET_PRIVILEGE, Seen.ACCEPTED): Step(Phase.ACTIVE, _report_open),
        (Phase.SET_PRIVILEGE, Seen.REFUSED): Step(Phase.CLOSED, _leave),
        (Phase.SET_PRIVILEGE, Seen.GAVE_UP): Step(Phase.CLOSED, _report_failure),
        (Phase.SET_PRIVILEGE, Seen.CLOSE): Step(Phase.CLOSING, _send_close),
        (Phase.ACTIVE, Seen.CLOSE): Step(Phase.CLOSING, _send_close),
        (Phase.ACTIVE, Seen.LOST): Step(Phase.CLOSED, _report_end),
        (Phase.CLOSING, Seen.ACCEPTED): Step(Phase.CLOSED, _report_end),
        (Phase.CLOSING, Seen.SILENCE): Step(Phase.CLOSED, _report_end),
        (Phase.CLOSING, Seen.CLOSE): Step(Phase.CLOSING, _nothing),
        (Phase.CLOSING, Seen.LOST): Step(Phase.CLOSED, _report_end),
        (Phase.CLOSED, Seen.CLOSE): Step(Phase.CLOSED, _nothing),
    }
    """The rows that both versions share."""


_SET_PRIVILEGE: Final = (SetSessionPrivilegeLevel.command.netfn, SetSessionPrivilegeLevel.command.cmd)


def refusal_text(request: type[Request[Any]], code: int) -> str:
    """Say what a completion code means for a command, by its own words or the generic ones."""
    own = (known.text for known in request.command.codes if known == code)
    return next(own, completion_text(code))
