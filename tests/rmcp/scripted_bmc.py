"""BMCs that follow a script: one session each, right by default, wrong where a test says so."""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Callable

from baseboard.crypto import rakp
from baseboard.crypto.confidentiality import Confidentiality, confidentiality
from baseboard.crypto.integrity import Integrity, integrity
from baseboard.crypto.suites import SUITES
from baseboard.rmcp import lan_message, setup, v15, v20
from baseboard.rmcp.lan_message import LanMessage
from baseboard.rmcp.requester import Requester

GUID = bytes(range(0xA0, 0xB0))
RC = bytes(range(0xF0, 0x100))
SIDC = 0x0D0C0B0A

Mangle = Callable[[bytes], bytes | None]


def same(data: bytes) -> bytes:
    return data


def source(seed: int = 1) -> Callable[[int], bytes]:
    return random.Random(seed).randbytes


class ScriptedBmc(ABC):
    """What the BMCs of both versions do with a request.

    Attributes:
        replies: completion code and data by netfn and command.
        requests: what came in, in order.
        silent: how many datagrams to leave unanswered from now on.
    """

    def __init__(self, password: bytes) -> None:
        self.password = password
        self.requests: list[LanMessage] = []
        self.replies: dict[tuple[int, int], bytes] = {
            (0x06, 0x01): b"\x00\x20\x01",
            (0x06, 0x3C): b"\x00",
        }
        self.silent = 0
        self.sequence = 0

    def reply(self, message: LanMessage) -> bytes:
        self.requests.append(message)
        if (message.netfn, message.cmd) == (0x06, 0x3B) and (0x06, 0x3B) not in self.replies:
            return b"\x00" + message.data
        return self.replies.get((message.netfn, message.cmd), b"\xc1")

    def commands(self) -> list[int]:
        return [message.cmd for message in self.requests]

    @abstractmethod
    def take(self, datagram: bytes) -> bytes | None:
        """Answer a datagram, or don't."""

    def serve(self, console: Requester, now: float = 0.0) -> None:
        """Answer all that the console has to say, until it is quiet."""
        while datagrams := console.outgoing():
            for datagram in datagrams:
                if self.silent:
                    self.silent -= 1
                    continue
                answer = self.take(datagram)
                if answer is not None:
                    console.receive(answer, now)


class BmcV20(ScriptedBmc):
    """One RMCP+ session under one suite.

    Attributes:
        mangle: changes the payload of a setup answer, by its payload type; None keeps it back.
        heard: setup payloads that came in, by type.
    """

    def __init__(self, suite: int = 3, password: bytes = b"password", kg: bytes = b"") -> None:
        super().__init__(password)
        self.suite = SUITES[suite]
        self.key = rakp.kuid(kg or password)
        self.mangle: dict[int, Mangle] = {}
        self.heard: list[tuple[int, bytes]] = []
        self.sidm = 0
        self.signer: Integrity = integrity(0, b"", b"")
        self.cipher: Confidentiality = confidentiality(0, b"", bytes)

    def take(self, datagram: bytes) -> bytes | None:
        flags, session_id, _, start, end = v20.parse(datagram)
        if session_id:
            assert session_id == SIDC
            v20.authenticate(datagram, flags, end, self.signer)
            payload = v20.open_payload(datagram, flags, start, end, self.cipher)
            if flags & v20.TYPE_MASK:
                self.heard.append((flags & v20.TYPE_MASK, payload))
                return None
            request = lan_message.unwrap(payload)
            return self.say(lan_message.wrap_response(request, self.reply(request)))
        payload = datagram[start:end]
        self.heard.append((flags, payload))
        kind, answer = self.setup(flags, payload)
        changed = self.mangle.get(kind, same)(answer)
        return None if changed is None else v20.wrap(kind, 0, 0, changed)

    def signed(self, datagram: bytes) -> bytes:
        """The message inside a packet of the session."""
        flags, _, _, start, end = v20.parse(datagram)
        v20.authenticate(datagram, flags, end, self.signer)
        return v20.open_payload(datagram, flags, start, end, self.cipher)

    def say(self, message: bytes, kind: int = 0) -> bytes:
        """Wrap something for the console."""
        self.sequence += 1
        return v20.wrap(kind, self.sidm, self.sequence, message, self.signer, self.cipher)

    def setup(self, kind: int, payload: bytes) -> tuple[int, bytes]:
        if kind == 0x10:
            request = setup.OpenSessionRequest.decode(payload)
            self.sidm = request.console_session_id
            response = setup.OpenSessionResponse(
                tag=request.tag,
                max_privilege=request.max_privilege,
                console_session_id=self.sidm,
                bmc_session_id=SIDC,
                authentication=request.authentication,
                integrity=request.integrity,
                confidentiality=request.confidentiality,
            )
            return 0x11, response.encode()
        algorithm = self.suite.authentication
        if kind == 0x12:
            self.rakp1 = one = setup.Rakp1.decode(payload)
            code = rakp.keac2(
                algorithm, rakp.kuid(self.password), self.sidm, SIDC, one.rm, RC, GUID, one.role, one.username
            )
            two = setup.Rakp2(tag=one.tag, console_session_id=self.sidm, rc=RC, guid=GUID, code=code)
            return 0x13, two.encode()
        three = setup.Rakp3.decode(payload)
        one = self.rakp1
        sik = rakp.sik(algorithm, self.key, one.rm, RC, one.role, one.username)
        self.signer = integrity(self.suite.integrity, rakp.k1(algorithm, sik), self.password)
        self.cipher = confidentiality(self.suite.confidentiality, rakp.k2(algorithm, sik), source(9))
        self.sequence = 0
        icv = rakp.icv(algorithm, sik, one.rm, SIDC, GUID)
        return 0x15, setup.Rakp4(tag=three.tag, console_session_id=self.sidm, code=icv).encode()


class PaddingBmc(BmcV20):
    """Hashes names filled up to 16 bytes, and keys of HMAC-MD5 cut to 16."""

    def setup(self, kind: int, payload: bytes) -> tuple[int, bytes]:
        algorithm, cut = self.suite.authentication, 16 if self.suite.authentication == 2 else 20
        key = rakp.kuid(self.password[:cut])
        if kind == 0x12:
            self.rakp1 = one = setup.Rakp1.decode(payload)
            name = one.username.ljust(16, b"\0")
            code = rakp.keac2(algorithm, key, self.sidm, SIDC, one.rm, RC, GUID, one.role, name)
            two = setup.Rakp2(tag=one.tag, console_session_id=self.sidm, rc=RC, guid=GUID, code=code)
            return 0x13, two.encode()
        if kind == 0x14:
            self.key = key
            tag = super().setup(kind, payload)[1][:1]
            one, proof = self.rakp1, (0, 1, 2, 2, 3)[self.suite.integrity]
            sik = rakp.sik(algorithm, key, one.rm, RC, one.role, one.username)
            code = rakp.icv(proof, sik, one.rm, SIDC, GUID)
            return 0x15, setup.Rakp4(tag=tag[0], console_session_id=self.sidm, code=code).encode()
        return super().setup(kind, payload)


class BmcV15(ScriptedBmc):
    """One v1.5 session.

    Attributes:
        rest: authentication type that Activate Session answers.
        activation_type: authentication type of its answer's packet.
    """

    TEMPORARY = 0x12345678
    SESSION = 0xDEADBEEF

    def __init__(self, auth_type: int = 2, password: bytes = b"password", rest: int | None = None) -> None:
        super().__init__(password)
        self.auth_type = auth_type
        self.rest = auth_type if rest is None else rest
        self.activation_type = auth_type
        self.inbound = 0x0A0B0C0D
        self.session_id = self.SESSION
        self.types: list[int] = []

    def take(self, datagram: bytes) -> bytes | None:
        packet = v15.unwrap(datagram)
        self.types.append(packet.auth_type)
        request = lan_message.unwrap(packet.message)
        if packet.session_id == 0:
            assert packet.auth_type == 0
            challenge = self.TEMPORARY.to_bytes(4, "little") + bytes(range(16))
            data = self.replies.get((0x06, 0x39), b"\0" + challenge)
            self.requests.append(request)
            return v15.wrap(0, 0, 0, lan_message.wrap_response(request, data))
        if not packet.verify(self.password):
            return None
        if packet.sequence == 0:
            assert packet.session_id == self.TEMPORARY
            self.requests.append(request)
            self.sequence = int.from_bytes(request.data[-4:], "little")
            data = self.replies.get((0x06, 0x3A)) or bytes((0, self.rest)) + b"".join(
                (self.session_id.to_bytes(4, "little"), self.inbound.to_bytes(4, "little"), request.data[1:2])
            )
            return self.wrapped(
                self.activation_type, self.TEMPORARY, lan_message.wrap_response(request, data)
            )
        return self.say(lan_message.wrap_response(request, self.reply(request)), packet.auth_type)

    def say(self, message: bytes, auth_type: int | None = None) -> bytes:
        """Wrap something for the console."""
        kind = self.auth_type if auth_type is None else auth_type
        return self.wrapped(kind, self.session_id or self.TEMPORARY, message)

    def wrapped(self, auth_type: int, session_id: int, message: bytes) -> bytes:
        data = v15.wrap(auth_type, self.sequence, session_id, message, self.password)
        self.sequence += 1
        return data
