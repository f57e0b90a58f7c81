"""Who is at the other end of a PPP link: PAP and CHAP with MD5, both ends (RFC 1334, RFC 1994)."""

from __future__ import annotations

import enum
import hmac
from collections.abc import Callable
from typing import Final

from baseboard.crypto.chap import proof
from baseboard.links.ppp_automaton import packet, read_packet
from baseboard.links.ppp_terms import CHAP, PAP, Proof

PATIENCE: Final = 3.0
ATTEMPTS: Final = 10
_CHALLENGE_SIZE: Final = 16
_ASK, _ANSWER = 1, 2  # PAP: Request, Ack; CHAP: Challenge, Response
_YES, _NO = 3, 4  # CHAP: Success, Failure; PAP's Nak is 3
_PAP_NAK: Final = 3
_LONGEST: Final = 255

Send = Callable[[int, bytes], None]
"""Takes the number of a protocol and a packet."""


class Outcome(enum.Enum):
    """How it stands."""

    OPEN = "nothing is proven yet"
    PROVEN = "it is who it says"
    FAILED = "it is not, or says nothing"


class Verifier:
    """The end that asks.

    Args:
        how: PAP or CHAP with MD5.
        name: ours, as challenges have it.
        secret: gives the secret of a name, None if there is no such name.
        random: gives that many unpredictable bytes.
        send: takes packets.

    Attributes:
        outcome: how it stands.
        peer: name of who proved itself.
    """

    def __init__(
        self,
        how: Proof,
        name: bytes,
        secret: Callable[[bytes], bytes | None],
        random: Callable[[int], bytes],
        send: Send,
    ) -> None:
        self.outcome = Outcome.OPEN
        self.peer = b""
        self._how, self._name, self._secret, self._random, self._send = how, name, secret, random, send
        self._challenge = b""
        self._identifier = 0
        self._attempts = ATTEMPTS
        self._due: float | None = None

    def begin(self, now: float) -> None:
        """Ask, or wait to be told."""
        self._due = now + PATIENCE
        if self._how is Proof.CHAP_MD5:
            self._identifier = self._random(1)[0]
            self._challenge = self._random(_CHALLENGE_SIZE)
            self._ask()

    def deadline(self) -> float | None:
        """When `expire` is due."""
        return self._due

    def expire(self, now: float) -> None:
        """Ask again; who never answers has failed."""
        if self._due is None or now < self._due:
            return
        self._attempts -= 1
        if self._attempts <= 0:
            self._end(Outcome.FAILED)
            return
        self._due = now + PATIENCE
        if self._how is Proof.CHAP_MD5:
            self._ask()

    def receive(self, protocol: int, data: bytes) -> None:
        """Take a packet of PAP or CHAP."""
        found = read_packet(data)
        if found is None:
            return
        code, identifier, body = found
        if protocol == PAP and self._how is Proof.PAP and code == _ASK:
            self._told(identifier, body)
        elif protocol == CHAP and self._how is Proof.CHAP_MD5 and code == _ANSWER:
            self._responded(identifier, body)

    def _ask(self) -> None:
        value = bytes((len(self._challenge),)) + self._challenge + self._name
        self._send(CHAP, packet(_ASK, self._identifier, value))

    def _told(self, identifier: int, body: bytes) -> None:
        """PAP: a name and a password, each behind its length; told again, it is answered again."""
        name, rest = _counted(body)
        password, _ = _counted(rest)
        if self.outcome is Outcome.OPEN:
            self._judge(name, password, lambda secret: secret)
        yes = self.outcome is Outcome.PROVEN
        self._send(PAP, packet(_ANSWER if yes else _PAP_NAK, identifier, b"\0"))

    def _responded(self, identifier: int, body: bytes) -> None:
        """CHAP: a response behind its length, then a name."""
        if identifier != self._identifier or not self._challenge:
            return
        value, name = _counted(body)
        if self.outcome is Outcome.OPEN:
            self._judge(name, value, lambda secret: proof(identifier, secret, self._challenge))
        self._send(CHAP, packet(_YES if self.outcome is Outcome.PROVEN else _NO, identifier, b""))

    def _judge(self, name: bytes, shown: bytes, right: Callable[[bytes], bytes]) -> None:
        known = self._secret(name)
        # For a name that there is not the same is computed, with a secret that nobody has.
        secret = self._random(_CHALLENGE_SIZE) if known is None else known
        equal = hmac.compare_digest(right(secret), shown)
        if equal and known is not None:
            self.peer = name
            self._end(Outcome.PROVEN)
        else:
            self._end(Outcome.FAILED)

    def _end(self, outcome: Outcome) -> None:
        self.outcome, self._due = outcome, None


class Prover:
    """The end that is asked.

    Args:
        how: PAP or CHAP with MD5.
        name: ours.
        secret: ours.
        send: takes packets.

    Attributes:
        outcome: how it stands.
    """

    def __init__(self, how: Proof, name: bytes, secret: bytes, send: Send) -> None:
        self.outcome = Outcome.OPEN
        self._how, self._name, self._password, self._send = how, name, secret, send
        self._attempts = ATTEMPTS
        self._due: float | None = None

    def begin(self, now: float) -> None:
        """Tell, or wait to be asked."""
        self._due = now + PATIENCE
        if self._how is Proof.PAP:
            self._tell()

    def deadline(self) -> float | None:
        """When `expire` is due."""
        return self._due

    def expire(self, now: float) -> None:
        """Tell again; who is never answered has failed."""
        if self._due is None or now < self._due:
            return
        self._attempts -= 1
        if self._attempts <= 0:
            self.outcome, self._due = Outcome.FAILED, None
            return
        self._due = now + PATIENCE
        if self._how is Proof.PAP:
            self._tell()

    def receive(self, protocol: int, data: bytes) -> None:
        """Take a packet of PAP or CHAP."""
        found = read_packet(data)
        if found is None:
            return
        code, identifier, body = found
        if protocol == CHAP and self._how is Proof.CHAP_MD5:
            if code == _ASK:
                challenge, _ = _counted(body)
                value = proof(identifier, self._password, challenge)
                self._send(CHAP, packet(_ANSWER, identifier, bytes((len(value),)) + value + self._name))
            elif code in (_YES, _NO):
                self._end(yes=code == _YES)
        elif protocol == PAP and self._how is Proof.PAP and code in (_ANSWER, _PAP_NAK):
            self._end(yes=code == _ANSWER)

    def _tell(self) -> None:
        name, password = self._name[:_LONGEST], self._password[:_LONGEST]
        body = bytes((len(name),)) + name + bytes((len(password),)) + password
        self._send(PAP, packet(_ASK, 1, body))

    def _end(self, *, yes: bool) -> None:
        self.outcome, self._due = (Outcome.PROVEN if yes else Outcome.FAILED), None


def _counted(data: bytes) -> tuple[bytes, bytes]:
    """What stands behind its length, and the rest; what is cut off is shorter than it says."""
    size = data[0] if data else 0
    return data[1 : 1 + size], data[1 + size :]
