"""The session of a serial channel: one at a time, without authentication of each message (§6.11, §14.4)."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import TYPE_CHECKING

from baseboard.bmc.services.serial_login import SerialPolicy
from baseboard.codes import AuthType, Cc, Privilege
from baseboard.commands.app.sessions import ActivateSession
from baseboard.crypto.authcode import activation_code
from baseboard.errors import CompletionError, LocalProtocolError
from baseboard.rmcp.pending import Activation, Challenge
from baseboard.rmcp.session import (
    Account,
    AnySession,
    Reason,
    RequestReceived,
    Session,
    SessionV15,
    Unauthenticated,
)
from baseboard.rmcp.table import SessionTable

if TYPE_CHECKING:
    from baseboard.rmcp.machine import Address

HANDLE = 0xFE
"""Handle of the session of a serial channel."""

PPP_HANDLES = range(0xF0, HANDLE)
"""Handles of sessions inside PPP; those of a LAN channel are below."""

NOWHERE = ("", 0)
"""A console at a serial line has no address."""

_KEY_SIZE = 16


class SerialSession(SessionV15):
    """Who is logged in over a serial line."""

    __slots__ = ()

    def __init__(self, session_id: int, account: Account, level: int, channel: int) -> None:
        none, anything = int(AuthType.NONE), Unauthenticated.EVERYTHING
        super().__init__(session_id, HANDLE, account, level, channel, none, anything, 0, 0, 0)


class SerialTable(SessionTable):
    """The session table of a serial channel: a slot, and no packets.

    Args:
        policy: who may log in.
        random: gives that many unpredictable bytes.
        send: sends a message to the console.
        changed: called when somebody has logged in, with True, or is gone.

    Attributes:
        called_back: the BMC has called who is at the line.
    """

    __slots__ = ("_changed", "_rules", "_send", "called_back")

    def __init__(
        self,
        policy: SerialPolicy,
        random: Callable[[int], bytes],
        send: Callable[[bytes], None],
        changed: Callable[[Session, bool], None],
    ) -> None:
        super().__init__(policy, random, slots=1, pending_slots=1, handles=range(HANDLE, HANDLE + 1))
        self._rules, self._send, self._changed = policy, send, changed
        self.called_back = False

    def open(self, session: AnySession, address: Address, now: float) -> None:
        """See `Registry`; who has to know is told at once, for nobody asks for events here."""
        super().open(session, address, now)
        self.happened.clear()
        self._changed(session, True)

    def close(
        self, session: Session, reason: Reason = Reason.ENDED, last: RequestReceived | None = None
    ) -> None:
        """See `Registry`; likewise."""
        if not session.closed:
            super().close(session, reason, last)
            self.happened.clear()
            self._changed(session, False)

    @property
    def session(self) -> SerialSession | None:
        """Who is logged in."""
        return next(
            (session for session in self.sessions.values() if isinstance(session, SerialSession)), None
        )

    def enter(self, account: Account, level: int, now: float) -> SerialSession:
        """Begin a session; the one before, if there is one, is over."""
        self.close_all(Reason.ENDED)
        self._rules.login_succeeded(account)
        session = SerialSession(self.new_id(), account, level, self._rules.channel)
        self.open(session, NOWHERE, now)
        return session

    def challenge(
        self, request: RequestReceived, auth_type: int, name: bytes, now: float
    ) -> tuple[int, bytes]:
        """§22.16: that there is no such user shows at the activation only."""
        account = self._rules.find_v15(name.rstrip(b"\0"))
        password = self.nobody if account is None else account.password
        pending = Challenge(
            self.new_id(), NOWHERE, now, auth_type, name, account, password, self.random(_KEY_SIZE)
        )
        self.begin(pending)
        return pending.id, pending.challenge

    def activate(
        self,
        request: RequestReceived,
        auth_type: int,
        privilege: int,
        challenge: bytes,
        outbound: int,
        now: float,
    ) -> Activation:
        """§22.17: on a line with one session the AuthCode stands where a LAN's challenge does.

        Raises:
            CompletionError: 85h, there was no challenge; D4h, wrong password; 86h, more than the user may.
        """
        pending = next(iter(self.pending.values()), None)
        if not isinstance(pending, Challenge):
            raise CompletionError(ActivateSession.INVALID_SESSION_ID)
        self.pending.clear()
        wanted = self._code(pending, auth_type, privilege)
        account = self._rules.find_v15(pending.name.rstrip(b"\0"))
        right = hmac.compare_digest(wanted, challenge)
        if not right or account is None or pending.account is None or not account.same_as(pending.account):
            self._rules.login_failed(pending.account)
            raise CompletionError(Cc.INSUFFICIENT_PRIVILEGE)
        if privilege > self._rules.limit(account, called_back=self.called_back):
            raise CompletionError(ActivateSession.PRIVILEGE_EXCEEDED)
        session = self.enter(account, privilege, now)
        return Activation(int(AuthType.NONE), session.id, 0, privilege)

    def send_message(self, session: AnySession, message: bytes) -> None:
        """Send the console a message that answers no request in hand."""
        if not session.closed:
            self._send(message)

    def _code(self, pending: Challenge, auth_type: int, privilege: int) -> bytes:
        possible = Privilege.CALLBACK <= privilege <= Privilege.OEM
        if not possible or not 1 << auth_type & self._rules.auth_types(privilege):
            raise CompletionError(Cc.INVALID_DATA)
        try:
            code = activation_code(auth_type, pending.password, pending.id, pending.challenge)
        except LocalProtocolError as error:
            raise CompletionError(Cc.INVALID_DATA) from error
        return code.ljust(_KEY_SIZE, b"\0")
