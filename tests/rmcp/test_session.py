"""What a BMC's session remembers and shows."""

from __future__ import annotations

import pytest

from baseboard.crypto.confidentiality import confidentiality
from baseboard.crypto.integrity import integrity
from baseboard.crypto.suites import SUITES
from baseboard.rmcp import lan_message
from baseboard.rmcp.session import (
    Account,
    PayloadReceived,
    Reason,
    RequestReceived,
    ResponseReceived,
    SessionClosed,
    SessionOpened,
    SessionV15,
    SessionV20,
    Unauthenticated,
)
from tests.rmcp.bmc import HERE, OPS


def v20(suite: int = 3, level: int = 4) -> SessionV20:
    chosen = SUITES[suite]
    signer, cipher = (
        integrity(chosen.integrity, bytes(20), b""),
        confidentiality(chosen.confidentiality, bytes(20), bytes),
    )
    return SessionV20(0x1234, 9, OPS, level, 1, 0x5678, chosen, signer, cipher)


def v15(outbound: int = 1) -> SessionV15:
    return SessionV15(0x1234, 9, OPS, 4, 1, 2, Unauthenticated.NOTHING, 7, outbound, 0x99)


@pytest.mark.parametrize(("level", "start"), [(1, 1), (2, 2), (3, 2), (4, 2), (5, 2)])
def test_6_12_a_session_starts_at_user_unless_it_is_a_callback_session(level: int, start: int) -> None:
    session = v20(level=level)
    assert (session.privilege, session.max_privilege) == (start, level)


@pytest.mark.parametrize(("suite", "flags"), [(0, 0x00), (1, 0x00), (2, 0x40), (3, 0xC0), (17, 0xC0)])
def test_13_6_ipmi_messages_carry_the_strongest_flags(suite: int, flags: int) -> None:
    assert v20(suite).ipmi_flags == flags


def test_22_20_the_protocol_of_a_session_has_a_number() -> None:
    assert (v15().version, v20().version) == (0, 1)


def test_6_12_9_outbound_numbers_leave_zero_out_when_they_wrap() -> None:
    session = v15(0xFFFFFFFE)
    assert [session.next_number() for _ in range(4)] == [0xFFFFFFFE, 0xFFFFFFFF, 1, 2]


def test_an_account_is_the_same_while_id_and_password_are() -> None:
    assert OPS.same_as(Account(2, OPS.password, 1))
    assert not OPS.same_as(Account(2, b"other", 4))
    assert not OPS.same_as(Account(4, OPS.password, 4))


def test_nothing_secret_is_shown() -> None:
    session = v15()
    request = RequestReceived(session, HERE, 2, 6, 0, 0x47, b"set password", 0x81, 1, 0)
    for shown in (OPS, session, v20(), request):
        text = repr(shown)
        assert "secret" not in text
        assert "password" not in text.replace("set password", "")
        assert "1234" not in text
        assert "set" not in text
    assert "user 2" in repr(OPS)
    assert "06h/47h" in repr(request)


def test_events_say_which_session() -> None:
    session = v20()
    assert SessionOpened(session).session is session
    closed = SessionClosed(session, Reason.TIMED_OUT)
    assert (closed.session, closed.reason) == (session, Reason.TIMED_OUT)
    message = lan_message.LanMessage(0x81, 0x0D, 0, 0x20, 3, 0, 0x20, b"\0")
    response = ResponseReceived(session, message)
    assert (response.session, response.message) == (session, message)
    payload = PayloadReceived(session, 2, b"x", (1, 2))
    assert (payload.payload_type, payload.data, payload.oem) == (2, b"x", (1, 2))


@pytest.mark.parametrize(
    ("auth_type", "form", "unauthenticated", "level"),
    [
        (2, 2, Unauthenticated.USER_LEVEL, 4),
        (2, 0, Unauthenticated.USER_LEVEL, 2),
        (2, 0, Unauthenticated.EVERYTHING, 4),
        (0, 0, Unauthenticated.USER_LEVEL, 4),
    ],
)
def test_6_12_4_an_unauthenticated_request_counts_for_user_level_at_most(
    auth_type: int, form: int, unauthenticated: Unauthenticated, level: int
) -> None:
    session = SessionV15(0x1234, 9, OPS, 4, 1, auth_type, unauthenticated, 7, 1, 0x99)
    session.privilege = 4
    assert RequestReceived(session, HERE, form, 6, 0, 1, b"", 0x81, 1, 0).privilege == level
    session.privilege = 1
    assert RequestReceived(session, HERE, form, 6, 0, 1, b"", 0x81, 1, 0).privilege == 1


def test_9_a_request_counts_for_its_sessions_level_and_outside_for_none() -> None:
    assert RequestReceived(v20(), HERE, 6, 6, 0, 1, b"", 0x81, 1, 0).privilege == 2
    assert RequestReceived(None, HERE, 0, 6, 0, 1, b"", 0x81, 1, 0).privilege == 0
