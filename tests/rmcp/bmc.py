"""A BMC of a few commands around the session table, and what it allows: the other end of these tests."""

from __future__ import annotations

import random

from baseboard.errors import CompletionError
from baseboard.rmcp.machine import Address
from baseboard.rmcp.session import Account, Event, RequestReceived
from baseboard.rmcp.table import SessionTable

GUID = bytes(range(0x10, 0x20))
OPS = Account(2, b"secret", 4)
VIEWER = Account(3, b"look only", 2, session_limit=1)
HERE: Address = ("192.0.2.1", 40000)
THERE: Address = ("192.0.2.2", 50000)

CAPABILITIES = (0x06, 0x38)
CHALLENGE = (0x06, 0x39)
ACTIVATE = (0x06, 0x3A)
SET_PRIVILEGE = (0x06, 0x3B)
CLOSE = (0x06, 0x3C)
DEVICE_ID = (0x06, 0x01)


class Rules:
    """A policy whose every answer a test may change."""

    channel = 1

    def __init__(self) -> None:
        self.reveal_login_errors = False
        self.names = {b"ops": OPS, b"viewer": VIEWER}
        self.key = bytes(20)
        self.limits = {3: 4, 17: 4}
        self.open = self.v15 = self.v20 = True
        self.limit = 4
        self.types = dict.fromkeys(range(1, 6), 0b10110)
        self.per_message = self.user_level = True
        self.failed: list[int | None] = []
        self.succeeded: list[int] = []

    def guid(self) -> bytes:
        return GUID

    def kg(self) -> bytes:
        return self.key

    def suite_limit(self, suite_id: int) -> int:
        return self.limits.get(suite_id, 0)

    def channel_open(self) -> bool:
        return self.open

    def channel_limit(self) -> int:
        return self.limit

    def v15_enabled(self) -> bool:
        return self.v15

    def v20_enabled(self) -> bool:
        return self.v20

    def auth_types(self, privilege: int) -> int:
        return self.types[privilege]

    def per_message_auth(self) -> bool:
        return self.per_message

    def user_level_auth(self) -> bool:
        return self.user_level

    def at_user_level(self, netfn: int, cmd: int, data: bytes) -> bool:
        return (netfn, cmd) == DEVICE_ID

    def find(self, name: bytes, privilege: int, name_only: bool) -> Account | None:
        account = self.names.get(name)
        return account if account is None or name_only or account.limit == privilege else None

    def find_v15(self, name: bytes) -> Account | None:
        return self.names.get(name)

    def login_failed(self, account: Account | None) -> None:
        self.failed.append(None if account is None else account.user_id)

    def login_succeeded(self, account: Account) -> None:
        self.succeeded.append(account.user_id)


class Bmc:
    """A session table, the handlers of the session commands, and Get Device ID.

    Attributes:
        rules: its policy.
        table: the session table.
        seen: every event that came out of the table.
        answered: how often a request was carried out, by network function and command.
    """

    def __init__(self, seed: int = 1, *, slots: int = 16, pending_slots: int = 64) -> None:
        self.rules = Rules()
        self.random = random.Random(seed)
        self.table = SessionTable(self.rules, self.random.randbytes, slots=slots, pending_slots=pending_slots)
        self.seen: list[Event] = []
        self.answered: list[tuple[int, int]] = []
        self.now = 0.0

    def ask(self, data: bytes, address: Address = HERE, now: float | None = None) -> list[bytes]:
        """Give the BMC a datagram, let it answer, and return what it sends to that address."""
        return [sent for sent, to in self.sends(data, address, now) if to == address]

    def sends(
        self, data: bytes, address: Address = HERE, now: float | None = None
    ) -> list[tuple[bytes, Address]]:
        if now is not None:
            self.now = now
        self.table.receive(data, address, self.now)
        self.work()
        return self.table.outgoing()

    def work(self) -> None:
        """Answer the requests that have come."""
        happened = self.table.events()
        self.seen += happened
        for event in happened:
            if isinstance(event, RequestReceived):
                try:
                    answer = b"\0" + self.handle(event)
                except CompletionError as error:
                    answer = bytes((error.code,))
                self.table.respond(event, answer)
        self.seen += self.table.events()

    def handle(self, request: RequestReceived) -> bytes:
        data, session, command = request.data, request.session, (request.netfn, request.cmd)
        self.answered.append(command)
        if command == CHALLENGE:
            temporary, challenge = self.table.challenge(request, data[0], data[1:17], self.now)
            return temporary.to_bytes(4, "little") + challenge
        if command == ACTIVATE:
            outbound = int.from_bytes(data[18:22], "little")
            done = self.table.activate(request, data[0], data[1], data[2:18], outbound, self.now)
            identifiers = done.session_id.to_bytes(4, "little") + done.inbound.to_bytes(4, "little")
            return bytes((done.auth_type,)) + identifiers + bytes((done.privilege,))
        if command == SET_PRIVILEGE and session is not None:
            session.privilege = data[0]
            return data[:1]
        if command == CLOSE and session is not None:
            self.table.close(session, last=request)
            return b""
        return bytes(14)


def of(kind: type, events: list[Event]) -> list[Event]:
    """Pick the events of one kind."""
    return [event for event in events if isinstance(event, kind)]
