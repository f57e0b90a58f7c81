"""Consoles that send what they are told, right or wrong: to try a BMC's session rules packet by packet.

Each message of a login and each packet of a session can be had by itself and changed. Nothing is retried,
nothing is kept back, time does not pass; an answer that is not due is an `AssertionError`.
"""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, TypeVar, cast

from baseboard.commands.declaration import Request, Response
from baseboard.crypto import rakp
from baseboard.crypto.confidentiality import confidentiality
from baseboard.crypto.integrity import integrity
from baseboard.crypto.suites import SUITES
from baseboard.errors import CompletionError
from baseboard.rmcp import lan_message, v15, v20
from baseboard.rmcp.machine import Address
from baseboard.rmcp.setup import (
    NAME_ONLY,
    OpenSessionRequest,
    OpenSessionResponse,
    Rakp1,
    Rakp2,
    Rakp3,
    Rakp4,
)

R = TypeVar("R", bound=Response)

Carry = Callable[[bytes, Address], list[bytes]]
"""Takes a datagram from an address to a BMC; returns what came back to that address."""

CONSOLE: Address = ("192.0.2.1", 40000)

OPEN_SESSION, RAKP_1, RAKP_3 = 0x10, 0x12, 0x14
_APP = 0x06
_CHALLENGE, _ACTIVATE = 0x39, 0x3A


class RawConsole(ABC):
    """What consoles of both versions have.

    Attributes:
        carry: the way to the BMC.
        name, password: whose login it is.
        address: where this console's datagrams come from.
        rq_seq: requester's sequence number of the latest request.
    """

    def __init__(self, carry: Carry, name: bytes, password: bytes, address: Address) -> None:
        self.carry, self.name, self.password, self.address = carry, name, password, address
        self.rq_seq = 0

    def send(self, datagram: bytes) -> bytes | None:
        """Send a datagram; return the one that answers it, None for silence."""
        answers = self.carry(datagram, self.address)
        assert len(answers) < 2, f"{len(answers)} answers to one datagram"
        return answers[0] if answers else None

    def message(self, netfn: int, cmd: int, data: bytes = b"", **fields: int) -> bytes:
        """Make a request under the next rqSeq; fields are those of `lan_message.wrap_request`."""
        self.rq_seq = self.rq_seq + 1 & 0x3F
        return lan_message.wrap_request(netfn, cmd, data, self.rq_seq, **fields)

    @abstractmethod
    def login(self) -> list[int | None]:
        """Go on until something is refused; returns the codes or statuses, None for silence."""

    @abstractmethod
    def packet(self, payload: bytes, /, *, sequence: int | None = None) -> bytes:
        """Make a packet of the session, by default with an IPMI message; see the versions' own."""

    @abstractmethod
    def unwrap_response(self, datagram: bytes) -> bytes:
        """Verify a packet of the session from the BMC; return the completion code and data in it."""

    @abstractmethod
    def ask(self, netfn: int, cmd: int, data: bytes = b"") -> bytes | None:
        """Send a request in the session; return completion code and data, None for silence."""

    @abstractmethod
    def ask_outside(self, netfn: int, cmd: int, data: bytes = b"") -> bytes | None:
        """Send a request outside any session, in this version's packet."""

    def execute(self, request: Request[R]) -> R:
        """Send a command in the session.

        Raises:
            CompletionError: it was refused.
        """
        command = request.command
        answer = self.ask(command.netfn, command.cmd, request.encode())
        assert answer is not None, f"no answer to {command.name}"
        if answer[0]:
            raise CompletionError(answer[0])
        return cast(R, command.response.decode(answer[1:]))


class RawConsoleV15(RawConsole):
    """A console that logs in by IPMI v1.5.

    Attributes:
        auth_type: 0 none, 1 MD2, 2 MD5, 4 straight password.
        privilege: what Activate Session asks for.
        outbound: initial outbound sequence number that it asks for.
        temporary, challenge: what Get Session Challenge gave.
        session_id, inbound, told, granted: what Activate Session gave; `inbound` is the next packet's number.
        sequence: number of the latest packet from the BMC.
    """

    def __init__(
        self,
        carry: Carry,
        name: bytes = b"",
        password: bytes = b"",
        *,
        auth_type: int = 2,
        privilege: int = 4,
        outbound: int = 0x1000,
        address: Address = CONSOLE,
    ) -> None:
        super().__init__(carry, name, password, address)
        self.auth_type, self.privilege, self.outbound = auth_type, privilege, outbound
        self.temporary = self.session_id = self.inbound = self.sequence = self.granted = 0
        self.challenge = bytes(16)
        self.told = auth_type

    def get_challenge(self) -> int | None:
        """Get Session Challenge; returns the completion code, None for silence."""
        data = bytes((self.auth_type,)) + self.name.ljust(16, b"\0")
        answer = self.ask_outside(_APP, _CHALLENGE, data)
        if answer is None or answer[0]:
            return None if answer is None else answer[0]
        self.temporary, self.challenge = int.from_bytes(answer[1:5], "little"), answer[5:21]
        return 0

    def activation(self) -> bytes:
        """The data of Activate Session."""
        number = self.outbound.to_bytes(4, "little")
        return bytes((self.auth_type, self.privilege)) + self.challenge + number

    def activate_packet(self, data: bytes | None = None, sequence: int = 0) -> bytes:
        """The packet of Activate Session, with the right data or others."""
        message = self.message(_APP, _ACTIVATE, self.activation() if data is None else data)
        return v15.wrap(self.auth_type, sequence, self.temporary, message, self.password)

    def activate(self, packet: bytes | None = None) -> int | None:
        """Activate Session; returns the completion code, None for silence."""
        answer = self.send(self.activate_packet() if packet is None else packet)
        if answer is None:
            return None
        data = self.unwrap(answer, self.temporary)
        if not data[0]:
            self.told, self.granted = data[1], data[10]
            self.session_id = int.from_bytes(data[2:6], "little")
            self.inbound = int.from_bytes(data[6:10], "little")
        return data[0]

    def login(self) -> list[int | None]:
        """Go on until something is refused; returns the completion codes."""
        code = self.get_challenge()
        return [code] if code != 0 else [code, self.activate()]

    def packet(
        self,
        message: bytes,
        *,
        auth_type: int | None = None,
        sequence: int | None = None,
        session_id: int | None = None,
        password: bytes | None = None,
    ) -> bytes:
        """Make a packet of the session; what is not given is right, and the number counts on."""
        if sequence is None:
            sequence, self.inbound = self.inbound, self.inbound + 1 & 0xFFFFFFFF or 1
        return v15.wrap(
            self.auth_type if auth_type is None else auth_type,
            sequence,
            self.session_id if session_id is None else session_id,
            message,
            self.password if password is None else password,
        )

    def unwrap(self, datagram: bytes, session_id: int | None = None) -> bytes:
        """Verify a packet of the BMC; return the completion code and data in it."""
        packet = v15.unwrap(datagram)
        assert packet.verify(self.password), "AuthCode of an answer"
        assert packet.session_id == (self.session_id if session_id is None else session_id)
        self.sequence = packet.sequence
        return lan_message.unwrap(packet.message).data

    def unwrap_response(self, datagram: bytes) -> bytes:
        """See `RawConsole.unwrap_response`."""
        return self.unwrap(datagram)

    def ask(self, netfn: int, cmd: int, data: bytes = b"") -> bytes | None:
        """See `RawConsole.ask`."""
        answer = self.send(self.packet(self.message(netfn, cmd, data)))
        return None if answer is None else self.unwrap(answer)

    def ask_outside(self, netfn: int, cmd: int, data: bytes = b"") -> bytes | None:
        """See `RawConsole.ask_outside`."""
        answer = self.send(v15.wrap(0, 0, 0, self.message(netfn, cmd, data)))
        return None if answer is None else self.unwrap(answer, 0)


class RawConsoleV20(RawConsole):
    """A console that logs in by RMCP+.

    Attributes:
        kg: K_G for a two-key login; empty = one-key.
        suite: the cipher suite that it proposes.
        role: role byte of RAKP 1, [4] = name-only look-up.
        privilege: what Open Session asks for, 0 = the highest.
        tag: message tag of its next setup messages.
        sidm, rm: its own session ID and random number.
        sidc, granted, rc, guid: what the BMC gave.
        code: key exchange authentication code of RAKP 2.
        proved: it proved that the BMC knows the password.
        sik: session integrity key, once RAKP 4 has come.
        keyed: RAKP 4 proved that the BMC has the session's keys.
        sequence, plain_sequence: numbers of the latest authenticated and the latest other packet sent.
    """

    def __init__(
        self,
        carry: Carry,
        name: bytes = b"",
        password: bytes = b"",
        *,
        suite: int = 17,
        role: int = NAME_ONLY | 4,
        kg: bytes = b"",
        privilege: int = 0,
        address: Address = CONSOLE,
        seed: int = 7,
    ) -> None:
        super().__init__(carry, name, password, address)
        self.suite, self.role, self.kg, self.privilege = SUITES[suite], role, kg, privilege
        self.random = random.Random(seed).randbytes  # noqa: S311 - whoever tries a BMC wants to try it again
        self.sidm, self.rm = int.from_bytes(self.random(4), "little") | 1, self.random(16)
        self.sidc = self.granted = self.tag = self.sequence = self.plain_sequence = 0
        self.rc = self.guid = self.code = self.sik = b""
        self.proved = self.keyed = False
        self.signer, self.cipher = integrity(0, b"", b""), confidentiality(0, b"", self.random)

    def exchange(self, kind: int, payload: bytes) -> bytes | None:
        """Send a setup message; return the payload that answers it, None for silence."""
        answer = self.send(v20.wrap(kind, 0, 0, payload))
        if answer is None:
            return None
        flags, session_id, sequence, start, end = v20.parse(answer)
        assert (flags, session_id, sequence) == (kind + 1, 0, 0), "header of a setup message"
        return answer[start:end]

    def open_request(self, **changes: Any) -> bytes:
        """Open Session Request, with fields changed."""
        fields: dict[str, Any] = {
            "authentication": int(self.suite.authentication),
            "integrity": int(self.suite.integrity),
            "confidentiality": int(self.suite.confidentiality),
            "tag": self.tag,
            "max_privilege": self.privilege,
            "console_session_id": self.sidm,
        }
        return OpenSessionRequest(**{**fields, **changes}).encode()

    def rakp1_request(self, **changes: Any) -> bytes:
        """RAKP 1, with fields changed."""
        fields: dict[str, Any] = {"tag": self.tag, "bmc_session_id": self.sidc, "rm": self.rm}
        fields.update(role=self.role, username=self.name)
        return Rakp1(**{**fields, **changes}).encode()

    def rakp3_request(self, **changes: Any) -> bytes:
        """RAKP 3, with fields changed."""
        algorithm, kuid = self.suite.authentication, rakp.kuid(self.password)
        code = rakp.keac3(algorithm, kuid, self.rc, self.sidm, self.role, self.name)
        fields: dict[str, Any] = {"tag": self.tag, "bmc_session_id": self.sidc, "code": code}
        return Rakp3(**{**fields, **changes}).encode()

    def open(self, request: bytes | None = None) -> int | None:
        """Open Session; returns the status, None for silence."""
        answer = self.exchange(OPEN_SESSION, self.open_request() if request is None else request)
        if answer is None or answer[1]:
            return None if answer is None else answer[1]
        response = OpenSessionResponse.decode(answer)
        self.sidc, self.granted = response.bmc_session_id, response.max_privilege
        chosen = (response.authentication, response.integrity, response.confidentiality)
        self.suite = next(suite for suite in SUITES.values() if suite[1:] == chosen)
        return 0

    def rakp1(self, request: bytes | None = None) -> int | None:
        """RAKP 1; returns the status of RAKP 2, None for silence."""
        answer = self.exchange(RAKP_1, self.rakp1_request() if request is None else request)
        if answer is None or answer[1]:
            return None if answer is None else answer[1]
        response = Rakp2.decode(answer)
        self.rc, self.guid, self.code = response.rc, response.guid, response.code
        self.proved = self.code == rakp.keac2(
            self.suite.authentication, rakp.kuid(self.password), self.sidm, self.sidc, self.rm, self.rc,
            self.guid, self.role, self.name,
        )  # fmt: skip
        return 0

    def rakp3(self, request: bytes | None = None) -> int | None:
        """RAKP 3; returns the status of RAKP 4, None for silence, and makes the keys."""
        answer = self.exchange(RAKP_3, self.rakp3_request() if request is None else request)
        if answer is None or answer[1]:
            return None if answer is None else answer[1]
        algorithm = self.suite.authentication
        key = self.kg.ljust(rakp.KEY_SIZE, b"\0") if any(self.kg) else rakp.kuid(self.password)
        sik = self.sik = rakp.sik(algorithm, key, self.rm, self.rc, self.role, self.name)
        self.keyed = Rakp4.decode(answer).code == rakp.icv(algorithm, sik, self.rm, self.sidc, self.guid)
        self.signer = integrity(self.suite.integrity, rakp.k1(algorithm, sik), self.password)
        self.cipher = confidentiality(self.suite.confidentiality, rakp.k2(algorithm, sik), self.random)
        return 0

    def login(self) -> list[int | None]:
        """Go on until something is refused; returns the statuses."""
        statuses: list[int | None] = []
        for step in (self.open, self.rakp1, self.rakp3):
            statuses.append(step())
            if statuses[-1] != 0:
                break
        return statuses

    def packet(
        self,
        payload: bytes,
        payload_type: int = 0,
        *,
        signed: bool = True,
        encrypted: bool = True,
        sequence: int | None = None,
        session_id: int | None = None,
        oem: tuple[int, int] | None = None,
    ) -> bytes:
        """Make a packet of the session; what is not given is right, and the number counts on."""
        signer = self.signer if signed and self.signer.size else None
        if sequence is None and signer is not None:
            self.sequence = sequence = self.sequence + 1
        elif sequence is None:
            self.plain_sequence = sequence = self.plain_sequence + 1
        addressee = self.sidc if session_id is None else session_id
        cipher = self.cipher if encrypted else None
        return v20.wrap(payload_type, addressee, sequence, payload, signer, cipher, oem)

    def unwrap(self, datagram: bytes) -> tuple[int, int, bytes]:
        """Verify and decrypt a packet of the BMC; return its payload type byte, its number, its payload."""
        flags, session_id, sequence, start, end = v20.parse(datagram)
        assert session_id == self.sidm, "session ID of an answer"
        v20.authenticate(datagram, flags, end, self.signer)
        return flags, sequence, v20.open_payload(datagram, flags, start, end, self.cipher)

    def unwrap_response(self, datagram: bytes) -> bytes:
        """See `RawConsole.unwrap_response`."""
        return lan_message.unwrap(self.unwrap(datagram)[2]).data

    def ask(self, netfn: int, cmd: int, data: bytes = b"") -> bytes | None:
        """See `RawConsole.ask`."""
        answer = self.send(self.packet(self.message(netfn, cmd, data)))
        return None if answer is None else self.unwrap_response(answer)

    def ask_outside(self, netfn: int, cmd: int, data: bytes = b"") -> bytes | None:
        """See `RawConsole.ask_outside`."""
        answer = self.exchange_message(self.message(netfn, cmd, data))
        return None if answer is None else lan_message.unwrap(answer).data

    def exchange_message(self, message: bytes) -> bytes | None:
        """Send an IPMI message outside any session; return the message that answers it."""
        answer = self.send(v20.wrap(0, 0, 0, message))
        if answer is None:
            return None
        flags, session_id, sequence, start, end = v20.parse(answer)
        assert (flags, session_id, sequence) == (0, 0, 0), "header of a session-less answer"
        return answer[start:end]
