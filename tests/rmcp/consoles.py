"""Scripted consoles of v1.5 and v2.0: they do what a test says, right or wrong, and remember keys."""

from __future__ import annotations

import random

from baseboard.crypto import SUITES, confidentiality, integrity, rakp
from baseboard.rmcp import lan_message, v15, v20
from baseboard.rmcp.machine import Address
from baseboard.rmcp.setup import (
    OpenSessionRequest,
    OpenSessionResponse,
    Rakp1,
    Rakp2,
    Rakp3,
    Rakp4,
    Refusal,
)
from tests.rmcp.bmc import ACTIVATE, CHALLENGE, DEVICE_ID, HERE, OPS, Bmc

OPEN, RAKP_1, RAKP_3 = 0x10, 0x12, 0x14


def setup_packet(kind: int, payload: bytes) -> bytes:
    return v20.wrap(kind, 0, 0, payload)


def payload_of(packet: bytes) -> tuple[int, bytes]:
    """The flags and the cleartext payload of a packet outside a session."""
    flags, session_id, _, start, end = v20.parse(packet)
    assert session_id == 0
    return flags, packet[start:end]


class Console20:
    """One console that logs in by RMCP+, each message to be had by itself.

    Attributes:
        name, password, kg, role, suite: what it claims; 14h = administrator, looked up by name alone.
    """

    def __init__(
        self,
        bmc: Bmc,
        name: bytes = b"ops",
        password: bytes = OPS.password,
        *,
        suite: int = 3,
        role: int = 0x14,
        kg: bytes = b"",
        privilege: int = 0,
        address: Address = HERE,
        seed: int = 7,
    ) -> None:
        self.bmc, self.name, self.password, self.suite = bmc, name, password, SUITES[suite]
        self.role, self.kg, self.privilege, self.address = role, kg, privilege, address
        self.random = random.Random(seed)
        self.sidm = self.random.getrandbits(32) | 1
        self.rm = self.random.randbytes(16)
        self.sidc, self.rc, self.guid = 0, b"", b""
        self.granted = 0
        self.sequence = self.plain_sequence = self.rq_seq = self.tag = 0
        self.integrity, self.confidentiality = integrity(0, b"", b""), confidentiality(0, b"", bytes)

    def say(self, kind: int, payload: bytes) -> bytes | None:
        """Send a setup message; return the payload of its answer."""
        answers = self.bmc.ask(setup_packet(kind, payload), self.address)
        if not answers:
            return None
        (answer,) = answers
        flags, payload = payload_of(answer)
        assert flags == kind + 1
        return payload

    def open_request(self) -> bytes:
        return OpenSessionRequest(
            tag=self.tag, max_privilege=self.privilege, console_session_id=self.sidm,
            authentication=self.suite.authentication, integrity=self.suite.integrity,
            confidentiality=self.suite.confidentiality,
        ).encode()  # fmt: skip

    def rakp1_request(self) -> bytes:
        return Rakp1(
            tag=self.tag, bmc_session_id=self.sidc, rm=self.rm, role=self.role, username=self.name
        ).encode()

    def rakp3_request(self, status: int = 0) -> bytes:
        algorithm = self.suite.authentication
        kuid = rakp.kuid(self.password)
        code = rakp.keac3(algorithm, kuid, self.rc, self.sidm, self.role, self.name)
        return Rakp3(tag=self.tag, status=status, bmc_session_id=self.sidc, code=code).encode()

    def open(self) -> int:
        """Open Session; returns the status."""
        answer = self.say(OPEN, self.open_request())
        assert answer is not None
        if answer[1]:
            return Refusal.decode(answer).status
        response = OpenSessionResponse.decode(answer)
        assert response.console_session_id == self.sidm
        self.sidc, self.granted = response.bmc_session_id, response.max_privilege
        return 0

    def rakp1(self) -> int:
        """RAKP 1; returns the status of RAKP 2."""
        answer = self.say(RAKP_1, self.rakp1_request())
        assert answer is not None
        if answer[1]:
            return Refusal.decode(answer).status
        response = Rakp2.decode(answer)
        assert response.console_session_id == self.sidm
        self.rc, self.guid, self.code = response.rc, response.guid, response.code
        return 0

    def knows_password(self) -> bool:
        """Whether RAKP 2 proved that the BMC holds this console's password."""
        expected = rakp.keac2(
            self.suite.authentication, rakp.kuid(self.password), self.sidm, self.sidc, self.rm, self.rc,
            self.guid, self.role, self.name,
        )  # fmt: skip
        return self.code == expected

    def rakp3(self) -> int:
        """RAKP 3; returns the status of RAKP 4, and makes the keys."""
        answer = self.say(RAKP_3, self.rakp3_request())
        assert answer is not None
        if answer[1]:
            return Refusal.decode(answer).status
        algorithm = self.suite.authentication
        key = self.kg if any(self.kg) else rakp.kuid(self.password)
        sik = rakp.sik(algorithm, key, self.rm, self.rc, self.role, self.name)
        self.icv_good = Rakp4.decode(answer).code == rakp.icv(algorithm, sik, self.rm, self.sidc, self.guid)
        self.integrity = integrity(self.suite.integrity, rakp.k1(algorithm, sik), self.password)
        k2 = rakp.k2(algorithm, sik)
        self.confidentiality = confidentiality(self.suite.confidentiality, k2, self.random.randbytes)
        return 0

    def login(self) -> list[int]:
        """Go on until something is refused; returns the statuses."""
        statuses: list[int] = []
        for step in (self.open, self.rakp1, self.rakp3):
            statuses.append(step())
            if statuses[-1]:
                break
        return statuses

    def message(self, command: tuple[int, int] = DEVICE_ID, data: bytes = b"") -> bytes:
        self.rq_seq = self.rq_seq + 1 & 0x3F
        return lan_message.wrap_request(*command, data, self.rq_seq)

    def wrap(
        self,
        payload: bytes,
        kind: int = 0,
        *,
        signed: bool = True,
        encrypted: bool = True,
        sequence: int | None = None,
        oem: tuple[int, int] | None = None,
    ) -> bytes:
        """Make an in-session packet; the sequence number counts on unless it is given."""
        signer = self.integrity if signed and self.integrity.size else None
        if sequence is None and signer is not None:
            self.sequence = sequence = self.sequence + 1
        elif sequence is None:
            self.plain_sequence = sequence = self.plain_sequence + 1
        cipher = self.confidentiality if encrypted else None
        return v20.wrap(kind, self.sidc, sequence, payload, signer, cipher, oem)

    def request(self, command: tuple[int, int] = DEVICE_ID, data: bytes = b"") -> bytes:
        """Make the packet of a request."""
        return self.wrap(self.message(command, data))

    def ask(self, packet: bytes | None = None) -> bytes | None:
        """Send a packet (Get Device ID); return completion code and data of the answer."""
        answers = self.bmc.ask(self.request() if packet is None else packet, self.address)
        if not answers:
            return None
        (answer,) = answers
        return lan_message.unwrap(self.unwrap(answer)[1]).data

    def unwrap(self, packet: bytes) -> tuple[int, bytes]:
        """Verify and decrypt a packet of the BMC; return its flags and payload."""
        flags, session_id, _, start, end = v20.parse(packet)
        assert session_id == self.sidm
        v20.authenticate(packet, flags, end, self.integrity)
        return flags, v20.open_payload(packet, flags, start, end, self.confidentiality)


class Console15:
    """One console that logs in by IPMI v1.5, each message to be had by itself."""

    def __init__(
        self,
        bmc: Bmc,
        name: bytes = b"ops",
        password: bytes = OPS.password,
        *,
        auth_type: int = 2,
        privilege: int = 4,
        outbound: int = 0x1000,
        address: Address = HERE,
    ) -> None:
        self.bmc, self.name, self.password, self.auth_type = bmc, name, password, auth_type
        self.privilege, self.outbound, self.address = privilege, outbound, address
        self.session_id = self.temporary = self.inbound = self.rq_seq = 0
        self.challenge = bytes(16)
        self.told = auth_type

    def message(self, command: tuple[int, int] = DEVICE_ID, data: bytes = b"") -> bytes:
        self.rq_seq = self.rq_seq + 1 & 0x3F
        return lan_message.wrap_request(*command, data, self.rq_seq)

    def say(self, packet: bytes) -> v15.Packet | None:
        """Send a packet; return its answer, verified."""
        answers = self.bmc.ask(packet, self.address)
        if not answers:
            return None
        (answer,) = answers
        packet_back = v15.unwrap(answer)
        assert packet_back.verify(self.password)
        return packet_back

    def get_challenge(self) -> int:
        """Get Session Challenge; returns the completion code."""
        data = bytes((self.auth_type,)) + self.name.ljust(16, b"\0")
        answer = self.say(v15.wrap(0, 0, 0, self.message(CHALLENGE, data)))
        assert answer is not None
        response = lan_message.unwrap(answer.message).data
        if not response[0]:
            self.temporary = int.from_bytes(response[1:5], "little")
            self.challenge = response[5:21]
        return response[0]

    def activation(self) -> bytes:
        """Make the data of Activate Session."""
        head = bytes((self.auth_type, self.privilege))
        return head + self.challenge + self.outbound.to_bytes(4, "little")

    def activate_packet(self, sequence: int = 0) -> bytes:
        message = self.message(ACTIVATE, self.activation())
        return v15.wrap(self.auth_type, sequence, self.temporary, message, self.password)

    def activate(self, packet: bytes | None = None) -> int | None:
        """Activate Session; returns the completion code, None for silence."""
        answer = self.say(packet or self.activate_packet())
        if answer is None:
            return None
        assert answer.session_id == self.temporary
        assert answer.sequence == self.outbound
        response = lan_message.unwrap(answer.message).data
        if not response[0]:
            self.told = response[1]
            self.session_id = int.from_bytes(response[2:6], "little")
            self.inbound = int.from_bytes(response[6:10], "little")
            assert response[10] == self.privilege
        return response[0]

    def login(self) -> list[int | None]:
        """Both steps; returns the completion codes."""
        code = self.get_challenge()
        return [code] if code else [code, self.activate()]

    def wrap(self, message: bytes, auth_type: int | None = None, sequence: int | None = None) -> bytes:
        """Make an in-session packet; the sequence number counts on unless it is given."""
        if sequence is None:
            sequence, self.inbound = self.inbound, self.inbound + 1 & 0xFFFFFFFF or 1
        kind = self.auth_type if auth_type is None else auth_type
        return v15.wrap(kind, sequence, self.session_id, message, self.password)

    def ask(self, packet: bytes | None = None) -> bytes | None:
        """Send a packet (Get Device ID); return completion code and data of the answer."""
        answer = self.say(self.wrap(self.message()) if packet is None else packet)
        if answer is None:
            return None
        assert answer.session_id == self.session_id
        return lan_message.unwrap(answer.message).data
