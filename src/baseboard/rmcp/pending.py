"""Logins under way: v1.5 challenges and half-open v2.0 sessions, before the table gives them a slot."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from baseboard.crypto.suites import CipherSuite
    from baseboard.rmcp.machine import Address
    from baseboard.rmcp.session import Account, SessionV15
    from baseboard.rmcp.setup import Rakp1


class Pending:
    """A login under way; there are few of them, and the oldest makes room for the next.

    Attributes:
        id: temporary session ID (v1.5), or the session ID that the session will have (v2.0).
        address: where it was begun.
        born: when.
    """

    __slots__ = ("address", "born", "id")

    def __init__(self, session_id: int, address: Address, born: float) -> None:
        self.id, self.address, self.born = session_id, address, born

    def __repr__(self) -> str:
        return f"<{type(self).__name__} since {self.born}>"


class Activation(NamedTuple):
    """The answer to Activate Session (§22.17).

    Attributes:
        auth_type: for the rest of the session; 0 if per-message authentication is disabled.
        session_id: for the rest of the session.
        inbound: initial inbound sequence number.
        privilege: the highest level that the session may have.
    """

    auth_type: int
    session_id: int
    inbound: int
    privilege: int


class Challenge(Pending):
    """A v1.5 login between Get Session Challenge and the first packet in its session.

    Attributes:
        auth_type: 0 none, 1 MD2, 2 MD5, 4 straight password.
        name: the user's, without trailing zeros.
        account: whose login it is; None when there is no such user, which a stranger is not told.
        password: the account's, or the key that nobody knows.
        challenge: 16 random bytes.
        reply_number: sequence number that the answer to Activate Session carries.
        data: the Activate Session that was accepted; its exact repeat gets the same answer.
        activation: that answer.
        session: what it opened.
    """

    __slots__ = (
        "account", "activation", "auth_type", "challenge", "data", "name", "password", "reply_number",
        "session",
    )  # fmt: skip

    def __init__(
        self, session_id: int, address: Address, born: float, auth_type: int, name: bytes,
        account: Account | None, password: bytes, challenge: bytes,
    ) -> None:  # fmt: skip
        super().__init__(session_id, address, born)
        self.auth_type, self.name, self.account, self.password = auth_type, name, account, password
        self.challenge, self.reply_number, self.data = challenge, 0, b""
        self.activation: Activation | None = None
        self.session: SessionV15 | None = None


class Stage(enum.StrEnum):
    """How far a half-open session is; a string, for the hash of a plain enumerator is Python code."""

    OPENED = "Open Session answered, RAKP 1 due"
    CHALLENGED = "RAKP 2 sent, RAKP 3 due"
    REFUSED = "failed; only kept to answer a repeat"


class HalfOpen(Pending):
    """A v2.0 session between Open Session and RAKP 4.

    Attributes:
        stage: how far it is.
        console_session_id: SIDm.
        suite: the cipher suite chosen.
        granted: highest level that Open Session allowed.
        request: the last setup message that was answered.
        answer: what it was answered; an exact repeat is answered the same.
        rakp1: the RAKP 1 that was accepted.
        rc: the random number of RAKP 2.
        account: whose login it is; None when there is no such user, which a stranger is not told.
        password: the account's, or the key that nobody knows.
    """

    __slots__ = (
        "account", "answer", "console_session_id", "granted", "password", "rakp1", "rc", "request", "stage",
        "suite",
    )  # fmt: skip

    def __init__(
        self, session_id: int, address: Address, born: float, console_session_id: int, suite: CipherSuite,
        granted: int, request: bytes,
    ) -> None:  # fmt: skip
        super().__init__(session_id, address, born)
        self.stage, self.console_session_id, self.suite = Stage.OPENED, console_session_id, suite
        self.granted, self.request, self.answer = granted, request, b""
        self.rakp1: Rakp1 | None = None
        self.rc = self.password = b""
        self.account: Account | None = None
