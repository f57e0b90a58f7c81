"""The one session of a serial channel (§6.11, §22.16, §22.17)."""

from __future__ import annotations

from typing import cast

import pytest

from baseboard.bmc.services.serial_sessions import HANDLE, SerialSession, SerialTable
from baseboard.crypto.authcode import activation_code
from baseboard.errors import CompletionError
from baseboard.rmcp.session import RequestReceived, Session
from tests.bmc.services.test_serial_login import admin, policy
from tests.serial_line import Drawn, bench

NO_PACKET = cast(RequestReceived, None)


class Slot:
    """A table, what it sent, and whom it told of."""

    def __init__(self, auth_types: int = 0x17) -> None:
        self.bench = bench(auth_types=auth_types)
        self.rules = policy(self.bench)
        self.sent: list[bytes] = []
        self.told: list[tuple[Session, bool]] = []
        self.table = SerialTable(
            self.rules, Drawn(), self.sent.append, lambda session, on: self.told.append((session, on))
        )

    def login(self, name: bytes, password: bytes, auth_type: int = 2, privilege: int = 4) -> int:
        session_id, challenge = self.table.challenge(NO_PACKET, auth_type, name.ljust(16, b"\0"), 0.0)
        code = activation_code(auth_type, password, session_id, challenge).ljust(16, b"\0")
        try:
            active = self.table.activate(NO_PACKET, auth_type, privilege, code, 1, 0.0)
        except CompletionError as error:
            return int(error.code)
        assert active.session_id in self.table.sessions
        assert (active.auth_type, active.inbound, active.privilege) == (0, 0, privilege)
        return 0


@pytest.mark.parametrize("auth_type", [0, 1, 2, 4])
def test_22_17_the_authcode_stands_in_the_place_of_the_challenge(auth_type: int) -> None:
    slot = Slot()
    assert slot.login(b"admin", b"adminpw", auth_type) == 0
    session = slot.table.session
    assert isinstance(session, SerialSession)
    assert (session.handle, session.user_id, session.privilege, session.max_privilege) == (HANDLE, 2, 2, 4)
    assert slot.told == [(session, True)]
    assert slot.table.events() == []


@pytest.mark.parametrize(
    ("name", "password", "auth_type", "privilege", "code"),
    [
        (b"admin", b"guess", 2, 4, 0xD4),
        (b"nobody", b"adminpw", 2, 4, 0xD4),
        (b"oper", b"operpw", 2, 4, 0x86),
        (b"admin", b"adminpw", 2, 0, 0xCC),
        (b"admin", b"adminpw", 2, 6, 0xCC),
    ],
)
def test_22_17_who_is_kept_out(
    name: bytes, password: bytes, auth_type: int, privilege: int, code: int
) -> None:
    slot = Slot()
    assert slot.login(name, password, auth_type, privilege) == code
    assert slot.table.session is None


def test_22_17_each_challenge_is_good_for_one_attempt() -> None:
    slot = Slot()
    assert slot.login(b"admin", b"guess") == 0xD4
    with pytest.raises(CompletionError) as error:
        slot.table.activate(NO_PACKET, 2, 4, bytes(16), 1, 0.0)
    assert error.value.code == 0x85


def test_22_17_types_that_are_off_or_that_nobody_knows() -> None:
    slot = Slot(auth_types=0x24)
    slot.table.challenge(NO_PACKET, 4, b"admin".ljust(16, b"\0"), 0.0)
    for auth_type in (4, 5):
        slot.table.challenge(NO_PACKET, auth_type, b"admin".ljust(16, b"\0"), 0.0)
        with pytest.raises(CompletionError) as error:
            slot.table.activate(NO_PACKET, auth_type, 4, bytes(16), 1, 0.0)
        assert error.value.code == 0xCC


def test_22_17_a_password_that_changed_since_the_challenge_counts() -> None:
    slot = Slot()
    session_id, challenge = slot.table.challenge(NO_PACKET, 2, b"admin".ljust(16, b"\0"), 0.0)
    slot.bench.services.users.set_password(2, b"new", 16)
    code = activation_code(2, b"adminpw", session_id, challenge)
    with pytest.raises(CompletionError) as error:
        slot.table.activate(NO_PACKET, 2, 4, code, 1, 0.0)
    assert error.value.code == 0xD4


def test_6_11_a_second_login_takes_the_place_of_the_first() -> None:
    slot = Slot()
    slot.login(b"admin", b"adminpw")
    first = slot.table.session
    slot.login(b"oper", b"operpw", privilege=3)
    assert slot.table.session is not first
    assert len(slot.table.sessions) == 1
    assert [on for _, on in slot.told] == [True, False, True]
    assert first is not None
    slot.table.close(first)
    assert len(slot.told) == 3


def test_messages_go_to_the_console_while_its_session_lasts() -> None:
    slot = Slot()
    session = slot.table.enter(admin(slot.rules), 4, 0.0)
    slot.table.send_message(session, b"message")
    slot.table.close(session)
    slot.table.send_message(session, b"too late")
    assert slot.sent == [b"message"]
    assert slot.table.session is None
