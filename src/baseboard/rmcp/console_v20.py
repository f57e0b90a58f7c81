"""The console's side of an IPMI v2.0 session: Open Session, RAKP, RMCP+ packets (§13.15 to §13.33)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from baseboard.codes import AuthenticationAlgorithm, PayloadType, RakpStatus
from baseboard.crypto import rakp
from baseboard.crypto.confidentiality import Confidentiality, confidentiality
from baseboard.crypto.constant_time import compare_digest
from baseboard.crypto.integrity import Integrity, integrity
from baseboard.errors import (
    DecodeError,
    KeyRefused,
    LoginError,
    LoginRefused,
    RemoteProtocolError,
    SuiteRefused,
)
from baseboard.rmcp import setup, v20
from baseboard.rmcp.console import IN_SESSION, Console, Phase, Seen, Step
from baseboard.rmcp.console_events import PayloadArrived, Reason
from baseboard.rmcp.flight import DEFAULT_PACE
from baseboard.rmcp.login import NO_QUIRKS
from baseboard.rmcp.rakp_status import refusal
from baseboard.rmcp.round_trip import FIRST
from baseboard.rmcp.window import WindowV20

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from baseboard.crypto.suites import CipherSuite
    from baseboard.rmcp.flight import Pace, Pending
    from baseboard.rmcp.login import Login, Quirks
    from baseboard.wire import Record

LAST_NUMBER: Final = 0xFFFFFFFF

_AWAITED: Final[dict[Phase, int]] = {
    Phase.OPEN_SESSION: PayloadType.OPEN_SESSION_RESPONSE,
    Phase.RAKP_2: PayloadType.RAKP_MESSAGE_2,
    Phase.RAKP_4: PayloadType.RAKP_MESSAGE_4,
}

# QUIRK Intel SE7520AF2: RAKP 4 is made by the hash of the integrity algorithm, where §13.28.1 has RAKP's.
_HASH_OF_INTEGRITY: Final = (0, 1, 2, 2, 3)
_MD5_KEY: Final = 16

_AHEAD: Final = 15
"""Width of the BMC's window (§13.28)."""

COMPUTING: Final = 0.5
"""Seconds that a BMC gets at least for its first answer to RAKP: to begin anew costs another session."""

_MARGIN: Final = 1.25
_DEARER: Final = 16
"""RAKP 4 comes within so many times what RAKP 2 took: it costs a BMC five HMACs, RAKP 2 one."""

_OPEN: Final = Phase.ACTIVE
_CLEAR: Final = Confidentiality(0)
_UNSIGNED: Final = Integrity(0, 0)


class ConsoleV20(Console):
    """A v2.0 session under one cipher suite; it never falls back to another.

    Attributes:
        console_session_id: the ID that this console chose, another one for each attempt.
        suite: the algorithms proposed, which are the only ones accepted.
    """

    # The payload length has two bytes; IV, pad and the message's own bytes need some of the payload.
    LARGEST_DATA = 0xFF00

    def __init__(
        self,
        login: Login,
        suite: CipherSuite,
        random: Callable[[int], bytes],
        *,
        pace: Pace = DEFAULT_PACE,
        depth: int = 1,
        quirks: Quirks = NO_QUIRKS,
        keep_alive: float | None = None,
        tag: int = 0,
    ) -> None:
        """Prepare a login; `open` starts it.

        Args:
            tag: of the first message; another one than a login shortly before had tells late answers apart.
            random: gives that many unpredictable bytes.
            pace: of the login and of requests that bring none of their own.
            depth: requests under way at a time.
            keep_alive: seconds of silence after which a harmless request is sent; None = never.
        """
        super().__init__(login, random, pace=pace, depth=depth, quirks=quirks, keep_alive=keep_alive)
        self.suite = suite
        self.console_session_id = 0
        padded = quirks.padded_names
        self._name = login.username.ljust(setup.LONGEST_NAME, b"\0") if padded else login.username
        self._kuid = rakp.kuid(login.password)
        if padded and suite.authentication == AuthenticationAlgorithm.RAKP_HMAC_MD5:
            self._kuid = rakp.kuid(login.password[:_MD5_KEY])
        # RAKP 1 has no "highest": §13.20 wants a level there.
        self._role = (login.level or login.privilege) | (
            setup.NAME_ONLY if login.name_only and not padded else 0
        )
        self._tag = (tag - 1) & 0xFF
        self._said = self._due = self._until = 0.0
        self._packet = b""
        self._silences = dict.fromkeys(_AWAITED, 0)
        # Seconds that answers to RAKP get at least.
        self._computing = {Phase.RAKP_2: COMPUTING, Phase.RAKP_4: COMPUTING}
        # The RAKP message with which a handshake ended in silence: where, its tag, when it was sent.
        self._given_up = (Phase.IDLE, 0, 0.0)
        self._rm = self._rc = b""
        self._reject_status: int = RakpStatus.INVALID_INTEGRITY_CHECK_VALUE
        self._integrity, self._confidentiality = _UNSIGNED, _CLEAR
        # By the packet's "authenticated" bit: the two kinds are counted apart (§13.28).
        self._sent = [0, 0]
        self._windows = (WindowV20(quirks.ahead, quirks.behind), WindowV20(quirks.ahead, quirks.behind))
        # Which flags a packet of each accepted payload type must carry.
        self._required: dict[int | tuple[int, int], int] = {}
        self._sealed = False

    # ---- payloads

    def accept_payload(
        self, payload: int | tuple[int, int], *, authenticated: bool = True, encrypted: bool = True
    ) -> None:
        """Let packets of another payload type in, such as SOL after its activation.

        Args:
            payload: payload type, or IANA number and payload ID of an OEM-explicit one.
            authenticated: drop unsigned packets if the session can sign.
            encrypted: drop packets in clear if the session can encrypt.
        """
        self._must_be_open()
        self._required[payload] = self._flags(authenticated=authenticated, encrypted=encrypted)

    def refuse_payload(self, payload: int | tuple[int, int]) -> None:
        """Drop further packets of a payload type."""
        self._required.pop(payload, None)

    def send_payload(
        self,
        payload_type: int,
        data: bytes,
        now: float,
        *,
        authenticated: bool = True,
        encrypted: bool = True,
        oem: tuple[int, int] | None = None,
    ) -> None:
        """Send a payload once; acknowledging and repeating are its own protocol's affair.

        Args:
            authenticated: sign it if the session can.
            encrypted: encrypt it if the session can.
            oem: IANA number and OEM payload ID, for type 02h.

        Raises:
            LocalProtocolError: the session is not open.
        """
        self._must_be_open()
        self._put(payload_type, data, now, authenticated=authenticated, encrypted=encrypted, oem=oem)

    def _flags(self, *, authenticated: bool, encrypted: bool) -> int:
        """The flags that packets carry under this session's suite."""
        return (v20.AUTHENTICATED if authenticated and self._integrity.size else 0) | (
            v20.ENCRYPTED if encrypted and self._confidentiality.algorithm else 0
        )

    def _put(
        self,
        payload_type: int,
        data: bytes,
        now: float,
        *,
        authenticated: bool = True,
        encrypted: bool = True,
        oem: tuple[int, int] | None = None,
    ) -> bytes:
        signer = self._integrity if authenticated else None
        counter = 1 if signer is not None and signer.size else 0
        if self._sent[counter] == LAST_NUMBER:
            # No wrap in v2.0 (§13.28): a new session has to be opened.
            self._end(Reason.USED_UP, now)
            return b""
        self._sent[counter] = sequence = self._sent[counter] + 1
        cipher = self._confidentiality if encrypted else None
        self._last_sent = now
        if self._sealed and not payload_type:
            packet = v20.seal(self.bmc_session_id, sequence, data, self._integrity, self._confidentiality)
        else:
            packet = v20.wrap(payload_type, self.bmc_session_id, sequence, data, signer, cipher, oem)
        self._out.append(packet)
        return packet

    def _transmit(self, pending: Pending, now: float) -> None:
        if self._flight.renews(pending, _AHEAD):
            pending.packet = self._put(PayloadType.IPMI_MESSAGE, pending.message(), now)
        else:
            self._last_sent = now
            self._out.append(pending.packet)

    # ---- packets

    def _take(self, data: bytes, now: float) -> None:
        flags, session_id, sequence, start, end = v20.parse(data)
        if not session_id:
            self._take_setup(flags, data[start:end], now)
            return
        kind = flags & v20.TYPE_MASK
        required = self._required.get(kind)
        if required is None and kind == PayloadType.OEM_EXPLICIT:
            required = self._required.get(v20.oem_of(data))
        # Most come while it is open; to look for that in the set takes 0.3 us more.
        in_session = self.phase is _OPEN or self.phase in IN_SESSION
        if session_id != self.console_session_id or required is None or not in_session:
            raise RemoteProtocolError("an RMCP+ packet of another session or of a payload that is not in use")
        if flags & required != required:
            raise RemoteProtocolError("a packet in clear or unsigned where the session has better (§13.28)")
        v20.authenticate(data, flags, end, self._integrity)
        if self._windows[flags >> 6 & 1].judge(sequence):
            raise RemoteProtocolError("session sequence number repeated or out of window (§6.12.9)")
        payload = v20.open_payload(data, flags, start, end, self._confidentiality)
        if kind == PayloadType.IPMI_MESSAGE:
            # What is signed is what the BMC sent, whatever its checksums say.
            self._take_message(payload, now, proven=bool(flags & v20.AUTHENTICATED))
        elif kind == PayloadType.OEM_EXPLICIT:
            self._events.append(PayloadArrived(kind, payload, *v20.oem_of(data)))
        else:
            self._events.append(PayloadArrived(kind, payload))

    def _take_setup(self, flags: int, payload: bytes, now: float) -> None:
        """Take an answer of the handshake; only the awaited one with the last tag counts."""
        if flags != _AWAITED.get(self.phase) or payload[:1] != bytes((self._tag,)):
            self._came_late(flags, payload, now)
            raise RemoteProtocolError("a setup message that nobody waits for")
        try:
            # A login that goes well has no need of a refusal's codec, which takes 0.4 ms to compile.
            status = 0 if payload[1:2] == b"\0" else setup.Refusal.decode(payload).status
            if status:
                self._error = refusal(self.phase.value, status)
                seen = Seen.REFUSED
            else:
                seen = self._CHECKS[self.phase](self, payload)
        except DecodeError as error:
            self._malformed = error
            raise
        seconds = now - self._said
        if self._silences[self.phase]:
            self._flight.round_trip.took_at_most(seconds)
        else:
            self._flight.round_trip.took(seconds)
        if self.phase in self._computing:
            self._computing[self.phase] = max(_MARGIN * seconds, FIRST)
        if self.phase is Phase.RAKP_2 and self._computing[Phase.RAKP_4] == COMPUTING:
            self._computing[Phase.RAKP_4] = min(max(_DEARER * seconds, FIRST), COMPUTING)
        self._until = max(self._until, now + self._pace.wait(self._pace.attempts))
        self._step(seen, now)

    def _came_late(self, kind: int, payload: bytes, now: float) -> None:
        """Learn from an answer after the handshake was begun anew how long the BMC computes.

        So a slow one loses no session more: the wait that is under way gets longer, too. Nothing else of the
        answer is believed.
        """
        phase, tag, sent = self._given_up
        if kind == _AWAITED.get(phase) and payload[:1] == bytes((tag,)):
            self._computing[phase] = seconds = max(_MARGIN * (now - sent), self._computing[phase])
            if self.phase is phase:
                self._due = min(max(self._due, self._said + seconds), self._until)

    def _check_open_session(self, payload: bytes) -> Seen:
        answer = setup.OpenSessionResponse.decode(payload)
        chosen = (answer.authentication, answer.integrity, answer.confidentiality)
        if answer.console_session_id != self.console_session_id or not answer.bmc_session_id:
            return self._untrue(LoginError, "the session IDs are wrong", RakpStatus.INVALID_SESSION_ID)
        if chosen != self.suite[1:]:
            text = f"algorithms {chosen} instead of those proposed, {tuple(map(int, self.suite[1:]))}"
            return self._untrue(SuiteRefused, text, RakpStatus.NO_CIPHER_SUITE_MATCH)
        self.bmc_session_id = answer.bmc_session_id
        return Seen.ACCEPTED

    def _check_rakp_2(self, payload: bytes) -> Seen:
        answer, login, algorithm = setup.Rakp2.decode(payload), self._login, self.suite.authentication
        if answer.console_session_id != self.console_session_id:
            return self._untrue(LoginError, "the session ID is wrong", RakpStatus.INVALID_SESSION_ID)
        if login.guid is not None and login.guid != answer.guid:
            return self._untrue(LoginError, "this is another BMC's GUID", RakpStatus.UNAUTHORIZED_GUID)
        self._rc, self._guid = answer.rc, answer.guid
        sids = (self.console_session_id, self.bmc_session_id)
        hashed = (*sids, self._rm, self._rc, self._guid, self._role)
        right = rakp.keac2(algorithm, self._kuid, *hashed, self._name)
        # QUIRK Supermicro H8QME, Sun Fire 4100: a byte follows the code, whose length §13.28 fixes.
        if not compare_digest(right, answer.code[: len(right)]):
            padded = rakp.keac2(algorithm, self._kuid, *hashed, self._name.ljust(setup.LONGEST_NAME, b"\0"))
            if compare_digest(padded, answer.code[: len(padded)]):
                self.symptoms.add("Q-NAMEPAD")
            status = RakpStatus.INVALID_INTEGRITY_CHECK_VALUE
            return self._untrue(LoginRefused, "user name or password is wrong", status)
        if len(answer.code) > len(right):
            self.symptoms.add("Q-RAKP2LEN")
        return Seen.ACCEPTED

    def _check_rakp_4(self, payload: bytes) -> Seen:
        answer, login, algorithm = setup.Rakp4.decode(payload), self._login, self.suite.authentication
        if answer.console_session_id != self.console_session_id:
            return self._untrue(LoginError, "the session ID is wrong", RakpStatus.INVALID_SESSION_ID)
        key = rakp.kuid(login.kg) if any(login.kg) else self._kuid
        sik = rakp.sik(algorithm, key, self._rm, self._rc, self._role, self._name)
        proof = _HASH_OF_INTEGRITY[self.suite.integrity] if self._quirks.padded_names else algorithm
        right = rakp.icv(proof, sik, self._rm, self.bmc_session_id, self._guid)
        # QUIRK Supermicro X8DTG, Intel S5500WBV: fill the field in suite 0 too, which §13.28 leaves empty.
        missing = self._quirks.no_icv and not answer.code
        if not missing and not compare_digest(right, answer.code[: len(right)]):
            text = "the BMC does not have the session's key: K_G is wrong or missing"
            return self._untrue(KeyRefused, text, RakpStatus.INVALID_INTEGRITY_CHECK_VALUE)
        if answer.code and not right:
            self.symptoms.add("Q-SUITE0-ICV")
        self._integrity = integrity(self.suite.integrity, rakp.k1(algorithm, sik), login.password)
        self._confidentiality = confidentiality(
            self.suite.confidentiality, rakp.k2(algorithm, sik), self._random
        )
        required = self._flags(authenticated=True, encrypted=True)
        self._required = {int(PayloadType.IPMI_MESSAGE): required}
        self._sealed = required == v20.AUTHENTICATED | v20.ENCRYPTED
        return Seen.ACCEPTED

    def _untrue(self, kind: type[LoginError], text: str, status: int) -> Seen:
        self._error, self._reject_status = kind(self.phase.value, None, text), status
        return Seen.UNTRUE

    _CHECKS: ClassVar[dict[Phase, Callable[[ConsoleV20, bytes], Seen]]] = {
        Phase.OPEN_SESSION: _check_open_session,
        Phase.RAKP_2: _check_rakp_2,
        Phase.RAKP_4: _check_rakp_4,
    }

    # ---- timers of the handshake

    def deadline(self) -> float | None:
        """Tell when `expire` is next due; None while no timer runs."""
        return self._due if self.phase in _AWAITED else super().deadline()

    def expire(self, now: float) -> None:
        """Begin the handshake anew, or give it up: many BMCs do not bear a repeated RAKP message."""
        if self.phase not in _AWAITED:
            super().expire(now)
        elif now >= self._until:
            self._give_up(now)
        elif now >= self._due:
            if self.phase in self._computing:
                self._given_up = (self.phase, self._tag, self._said)
            self._silences[self.phase] += 1
            self._flight.repeated = True
            self._step(Seen.SILENCE, now)

    # ---- the table

    def _say(self, payload_type: int, message: Record, now: float) -> None:
        self._packet = v20.wrap(payload_type, 0, 0, message.encode())
        self._said = now
        self._repeat(now)

    def _repeat(self, now: float) -> None:
        """Send what was said, and wait."""
        self._out.append(self._packet)
        self._due = self._until
        if self._pace.attempts > 1:
            silences = self._silences.get(self.phase, 0)
            self._due = min(now + min(self._usual(silences), self._pace.wait(silences + 1)), self._until)

    def _usual(self, silences: int) -> float:
        """Seconds that an answer may take: twice as long after each silence here, as of a slow BMC."""
        wait = self._flight.round_trip.wait
        least = self._computing.get(self.phase)
        return (wait if least is None else max(3 * wait, least)) * (1 << silences)

    def _next_tag(self) -> int:
        self._tag = (self._tag + 1) & 0xFF
        return self._tag

    def _begin(self, now: float) -> None:
        self._until = now + self._pace.patience
        self._send_open_session(now)

    def _send_open_session(self, now: float) -> None:
        """Begin with new IDs after RAKP messages, so that late answers to the last attempt mean nothing."""
        self.console_session_id = int.from_bytes(self._random(4), "little") or 1
        request = setup.OpenSessionRequest(
            tag=self._next_tag(),
            # Not 0 for the highest. QUIRK Sun X4150, Dell C5220: hash this level, where §13.31 has RAKP 1's.
            max_privilege=self._login.level,
            console_session_id=self.console_session_id,
            authentication=self.suite.authentication,
            integrity=self.suite.integrity,
            confidentiality=self.suite.confidentiality,
        )
        self._say(PayloadType.OPEN_SESSION_REQUEST, request, now)

    def _send_rakp_1(self, now: float) -> None:
        self._rm = self._random(16)
        message = setup.Rakp1(
            tag=self._next_tag(),
            bmc_session_id=self.bmc_session_id,
            rm=self._rm,
            role=self._role,
            username=self._name,
        )
        self._say(PayloadType.RAKP_MESSAGE_1, message, now)

    def _send_rakp_3(self, now: float) -> None:
        algorithm, sidm = self.suite.authentication, self.console_session_id
        code = rakp.keac3(algorithm, self._kuid, self._rc, sidm, self._role, self._name)
        message = setup.Rakp3(tag=self._next_tag(), bmc_session_id=self.bmc_session_id, code=code)
        self._say(PayloadType.RAKP_MESSAGE_3, message, now)

    def _reject(self, now: float) -> None:
        """Tell the BMC why its RAKP 2 is not accepted; it answers nothing (§13.22)."""
        message = setup.Rakp3(
            tag=self._next_tag(), status=self._reject_status, bmc_session_id=self.bmc_session_id
        )
        self._say(PayloadType.RAKP_MESSAGE_3, message, now)
        self._report_failure(now)

    def _forget_keys(self) -> None:
        self._integrity, self._confidentiality = _UNSIGNED, _CLEAR
        self._required, self._sealed = {}, False

    TABLE: ClassVar[Mapping[tuple[Phase, Seen], Step]] = {
        **Console.ROWS,
        (Phase.IDLE, Seen.OPEN): Step(Phase.OPEN_SESSION, _begin),
        (Phase.OPEN_SESSION, Seen.ACCEPTED): Step(Phase.RAKP_2, _send_rakp_1),
        (Phase.RAKP_2, Seen.ACCEPTED): Step(Phase.RAKP_4, _send_rakp_3),
        (Phase.RAKP_2, Seen.UNTRUE): Step(Phase.CLOSED, _reject),
        (Phase.RAKP_4, Seen.ACCEPTED): Step(Phase.SET_PRIVILEGE, Console._raise_privilege),
        **{
            (phase, seen): Step(Phase.CLOSED, Console._report_failure)
            for phase in _AWAITED
            for seen in (Seen.REFUSED, Seen.UNTRUE, Seen.GAVE_UP)
            if (phase, seen) != (Phase.RAKP_2, Seen.UNTRUE)
        },
        (Phase.OPEN_SESSION, Seen.SILENCE): Step(Phase.OPEN_SESSION, _repeat),
        (Phase.RAKP_2, Seen.SILENCE): Step(Phase.OPEN_SESSION, _send_open_session),
        (Phase.RAKP_4, Seen.SILENCE): Step(Phase.OPEN_SESSION, _send_open_session),
        **{(phase, Seen.CLOSE): Step(Phase.CLOSED, Console._report_end) for phase in _AWAITED},
    }
