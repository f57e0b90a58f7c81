"""The console's side of an IPMI v1.5 session: challenge, activation, AuthCodes (§6.12, §22.16, §22.17)."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any, ClassVar, Final

from baseboard.codes import AuthType, Cc, Privilege
from baseboard.commands.app.sessions import (
    ActivateSession,
    ActivateSessionResponse,
    GetSessionChallenge,
    GetSessionChallengeResponse,
)
from baseboard.crypto.authcode import KEY_SIZE
from baseboard.errors import (
    DecodeError,
    EncodeError,
    LocalProtocolError,
    LoginError,
    LoginRefused,
    NoSessionSlot,
    NotIpmi,
    RemoteProtocolError,
    RoleRefused,
    SuiteRefused,
    UserRefused,
)
from baseboard.rmcp import lan_message, v15
from baseboard.rmcp.console import Console, Phase, Seen, Step, refusal_text
from baseboard.rmcp.flight import DEFAULT_PACE, Pace
from baseboard.rmcp.login import NO_QUIRKS
from baseboard.rmcp.setup import LONGEST_NAME
from baseboard.rmcp.window import WindowV15

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from baseboard.commands.declaration import Request
    from baseboard.rmcp.flight import Pending
    from baseboard.rmcp.login import Login, Quirks

AUTH_TYPES: Final = (AuthType.NONE, AuthType.MD2, AuthType.MD5, AuthType.PASSWORD)

_LOGGING_IN: Final = (Phase.GET_SESSION_CHALLENGE, Phase.ACTIVATE_SESSION)
_AHEAD: Final = 8
"""Width of the BMC's window (§6.12.9)."""

_ROUNDS: Final = 2

_REFUSALS: Final[dict[tuple[Phase, int], type[LoginError]]] = {
    (Phase.GET_SESSION_CHALLENGE, GetSessionChallenge.INVALID_USER_NAME): UserRefused,
    (Phase.GET_SESSION_CHALLENGE, GetSessionChallenge.NULL_USER_NOT_ENABLED): UserRefused,
    (Phase.GET_SESSION_CHALLENGE, Cc.INVALID_DATA): SuiteRefused,
    (Phase.ACTIVATE_SESSION, ActivateSession.NO_SESSION_SLOT): NoSessionSlot,
    (Phase.ACTIVATE_SESSION, ActivateSession.NO_SLOT_FOR_USER): NoSessionSlot,
    (Phase.ACTIVATE_SESSION, ActivateSession.NO_SLOT_FOR_PRIVILEGE): NoSessionSlot,
    (Phase.ACTIVATE_SESSION, ActivateSession.PRIVILEGE_EXCEEDED): RoleRefused,
}


class Exchange(enum.Enum):
    """The two requests of a v1.5 login."""

    CHALLENGE = enum.auto()
    ACTIVATE = enum.auto()


class ConsoleV15(Console):
    """A v1.5 session under one authentication type; it never falls back to another."""

    def __init__(
        self,
        login: Login,
        auth_type: int,
        random: Callable[[int], bytes],
        *,
        pace: Pace = DEFAULT_PACE,
        depth: int = 1,
        quirks: Quirks = NO_QUIRKS,
        keep_alive: float | None = None,
    ) -> None:
        """Prepare a login; `open` starts it.

        Args:
            auth_type: 0 none, 1 MD2, 2 MD5, 4 straight password.
            random: gives that many unpredictable bytes.
            pace: of the login and of requests that bring none of their own.
            depth: requests under way at a time.
            keep_alive: seconds of silence after which a harmless request is sent; None = never.

        Raises:
            EncodeError: the password is longer than v1.5 allows.
            LocalProtocolError: no such authentication type.
        """
        super().__init__(login, random, pace=pace, depth=depth, quirks=quirks, keep_alive=keep_alive)
        if auth_type not in AUTH_TYPES:
            raise LocalProtocolError(f"authentication type {auth_type:X}h cannot log in (Table 13-8)")
        if len(login.password) > KEY_SIZE:
            raise EncodeError(f"a v1.5 password has at most {KEY_SIZE} bytes, not {len(login.password)}")
        self.auth_type = AuthType(auth_type)
        self._password = login.password
        self._rounds = 0
        self._temporary_id = 0
        self._challenge = b""
        self._initial = 0
        self._sequence = 0
        self._signed = self.auth_type
        self._unsigned_allowed = False
        self._window = WindowV15(1)

    # ---- packets

    def _transmit(self, pending: Pending, now: float) -> None:
        message = pending.message()
        self._last_sent = now
        if pending.purpose is Exchange.CHALLENGE:
            self._out.append(v15.wrap(AuthType.NONE, 0, 0, message))
        elif pending.purpose is Exchange.ACTIVATE:
            self._out.append(v15.wrap(self.auth_type, 0, self._temporary_id, message, self._password))
        else:
            if self._flight.renews(pending, _AHEAD):
                pending.packet = v15.wrap(
                    self._signed, self._sequence, self.bmc_session_id, message, self._password
                )
                # Senders skip the null number when they wrap (§6.12.9).
                self._sequence = self._sequence % 0xFFFFFFFF + 1
            self._out.append(pending.packet)

    def _take(self, data: bytes, now: float) -> None:
        packet = v15.unwrap(data)
        match self.phase:
            case Phase.GET_SESSION_CHALLENGE:
                if packet.auth_type or packet.session_id:
                    raise RemoteProtocolError("a packet of a session before there is one")
            case Phase.ACTIVATE_SESSION:
                # Its session ID may be the temporary or already the final one; the AuthCode tells.
                self._authenticate(packet, unsigned=self._refuses(packet))
            case Phase.SET_PRIVILEGE | Phase.ACTIVE | Phase.CLOSING:
                if packet.session_id != self.bmc_session_id and not self._is_zero(packet):
                    raise RemoteProtocolError("a v1.5 packet of another session")
                self._authenticate(packet, unsigned=self._unsigned_allowed)
                if self._window.judge(self._number(packet.sequence)):
                    raise RemoteProtocolError("session sequence number repeated or out of window (§6.12.9)")
            case _:
                raise RemoteProtocolError(f"no packet is awaited: {self.phase.value}")
        self._take_message(packet.message, now)

    def _authenticate(self, packet: v15.Packet, *, unsigned: bool) -> None:
        if self._quirks.ignore_authcodes or (unsigned and packet.auth_type == AuthType.NONE):
            return
        if packet.auth_type != self.auth_type or not packet.verify(self._password):
            bridged = self._is_bridged(packet)
            self.symptoms.add("Q-BRIDGE-AUTH" if bridged else "Q-NOAUTHCODE")
            if bridged and self._quirks.ignore_bridged_authcodes:
                return
            raise RemoteProtocolError("AuthCode of a v1.5 packet is wrong or missing (§22.17.1)")

    def _is_bridged(self, packet: v15.Packet) -> bool:
        """Tell whether a packet answers a request to a controller behind the BMC.

        QUIRK Inventec 5441: signs such packets wrongly, where §22.17.1 makes no difference.
        """
        message = lan_message.unwrap(packet.message, tolerate_checksums=self._ignore_checksums)
        return message.is_response and self._flight.bridged(message.rq_seq) is not None

    def _number(self, sequence: int) -> int:
        """Give the session sequence number that a packet means."""
        swapped = int.from_bytes(sequence.to_bytes(4, "little"), "big")
        near, far = (
            min((one - self._window.highest) & 0xFFFFFFFF, (self._window.highest - one) & 0xFFFFFFFF)
            for one in (sequence, swapped)
        )
        if near <= self._quirks.ahead or far > self._quirks.ahead:
            return sequence
        # QUIRK Sun Fire 4100: numbers with their most significant byte first, where §13.8 has them last.
        self.symptoms.add("Q-SEQENDIAN")
        return swapped if self._quirks.swapped_numbers else sequence

    def _is_zero(self, packet: v15.Packet) -> bool:
        """Tell whether a packet that names no session is taken for ours, by consent and if it is signed."""
        if packet.session_id:
            return False
        # QUIRK Tyan S2882: answers under session ID 0, where §6.12.8 has the session's.
        self.symptoms.add("Q-IDZERO")
        return self._quirks.zero_ids and packet.auth_type != AuthType.NONE

    def _refuses(self, packet: v15.Packet) -> bool:
        """Tell whether this is an error, which some BMCs send without AuthCode; it opens nothing."""
        message = lan_message.unwrap(packet.message, tolerate_checksums=self._ignore_checksums)
        return message.is_response and message.data[0] != 0

    # ---- answers

    def _answered(self, pending: Pending, data: bytes, now: float) -> None:
        match pending.purpose:
            case Exchange.CHALLENGE:
                self._step(self._read(GetSessionChallenge, data, self._take_challenge), now)
            case Exchange.ACTIVATE:
                self._step(self._read(ActivateSession, data, self._take_activation), now)
            case _:
                super()._answered(pending, data, now)

    def _read(self, request: type[Request[Any]], data: bytes, take: Callable[[bytes], Seen]) -> Seen:
        """Look at the completion code, then at the response."""
        stage, code = self.phase.value, data[0]
        if code:
            kind = _REFUSALS.get((self.phase, code), LoginError)
            self._error = kind(stage, code, refusal_text(request, code))
            return Seen.REFUSED
        try:
            return take(data[1:])
        except DecodeError as error:
            self._error = NotIpmi(stage, None, str(error))
            return Seen.UNTRUE

    def _take_challenge(self, data: bytes) -> Seen:
        answer = GetSessionChallengeResponse.decode(data)
        self._temporary_id, self._challenge = answer.session_id, answer.challenge
        return Seen.ACCEPTED

    def _take_activation(self, data: bytes) -> Seen:
        answer = ActivateSessionResponse.decode(data)
        if answer.auth_type not in (AuthType.NONE, self.auth_type):
            text = f"the BMC goes on with authentication type {int(answer.auth_type):X}h"
            self._error = SuiteRefused(self.phase.value, None, text)
            return Seen.UNTRUE
        # QUIRK Tyan S2882: answers ID 0 and goes on under the temporary one, where §22.17 has a new one.
        self.bmc_session_id = answer.session_id or self._temporary_id
        self._sequence = answer.inbound_sequence or 1
        self._unsigned_allowed = answer.auth_type == AuthType.NONE
        if self._unsigned_allowed and not self._quirks.always_authenticate:
            self._signed = AuthType.NONE
        # QUIRK Intel SE7520JR2: starts one below the number that it was given, where §6.12.9 has just that.
        self._window = WindowV15(self._initial - 1, self._quirks.ahead)
        return Seen.ACCEPTED

    def _unanswered(self, pending: Pending, now: float) -> None:
        match pending.purpose:
            case Exchange.CHALLENGE:
                self._give_up(now)
            case Exchange.ACTIVATE if self._rounds < _ROUNDS:
                self._step(Seen.SILENCE, now)
            case Exchange.ACTIVATE:
                text = "no answer; v1.5 meets a wrong password with silence"
                self._error = LoginRefused(self.phase.value, None, text)
                self._step(Seen.GAVE_UP, now)
            case _:
                super()._unanswered(pending, now)

    # ---- the table

    def _send_challenge(self, now: float) -> None:
        self._rounds += 1
        name = self._login.username.ljust(LONGEST_NAME, b"\0")
        request = GetSessionChallenge(auth_type=self.auth_type, user_name=name)
        self._ask(request, Exchange.CHALLENGE, now)

    def _send_activation(self, now: float) -> None:
        """Answer the challenge; half of the attempts go to a second one, as the temporary ID may be gone."""
        self._initial = int.from_bytes(self._random(4), "little") or 1
        request = ActivateSession(
            auth_type=self.auth_type,
            privilege=Privilege(self._login.level),
            challenge=self._challenge,
            outbound_sequence=self._initial,
        )
        pace = Pace(self._pace.timeout, self._pace.growth, -(-self._pace.attempts // _ROUNDS))
        self._ask(request, Exchange.ACTIVATE, now, pace)

    def _forget_keys(self) -> None:
        self._password = b""

    TABLE: ClassVar[Mapping[tuple[Phase, Seen], Step]] = {
        **Console.ROWS,
        (Phase.IDLE, Seen.OPEN): Step(Phase.GET_SESSION_CHALLENGE, _send_challenge),
        (Phase.GET_SESSION_CHALLENGE, Seen.ACCEPTED): Step(Phase.ACTIVATE_SESSION, _send_activation),
        (Phase.ACTIVATE_SESSION, Seen.ACCEPTED): Step(Phase.SET_PRIVILEGE, Console._raise_privilege),
        (Phase.ACTIVATE_SESSION, Seen.SILENCE): Step(Phase.GET_SESSION_CHALLENGE, _send_challenge),
        **{
            (phase, seen): Step(Phase.CLOSED, Console._report_failure)
            for phase in _LOGGING_IN
            for seen in (Seen.REFUSED, Seen.UNTRUE, Seen.GAVE_UP)
        },
        **{(phase, Seen.CLOSE): Step(Phase.CLOSED, Console._report_end) for phase in _LOGGING_IN},
    }
