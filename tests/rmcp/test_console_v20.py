"""The console's side of v2.0 sessions."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from baseboard.crypto.suites import SUITES
from baseboard.errors import (
    KeyRefused,
    LocalProtocolError,
    LoginError,
    LoginRefused,
    NoSessionSlot,
    NotIpmi,
    PasswordRefused,
    RoleRefused,
    SuiteRefused,
    Unreachable,
    UserRefused,
)
from baseboard.rmcp import lan_message, setup, v20
from baseboard.rmcp.console import Phase
from baseboard.rmcp.console_events import (
    Answered,
    LoginFailed,
    PayloadArrived,
    Reason,
    SessionEnded,
    SessionOpened,
)
from baseboard.rmcp.console_v20 import COMPUTING, LAST_NUMBER, ConsoleV20
from baseboard.rmcp.flight import Pace
from baseboard.rmcp.login import Login, Quirks
from tests.rmcp.logins import OPS, console, dropped, failed, get_device_id, opened
from tests.rmcp.scripted_bmc import GUID, SIDC, BmcV20, PaddingBmc, source


@pytest.mark.parametrize("suite", range(20))
@pytest.mark.parametrize("kg", [b"", b"key of the BMC", bytes(20)])
def test_every_suite_one_key_and_two_key(suite: int, kg: bytes) -> None:
    bmc = BmcV20(suite, kg=kg.rstrip(b"\0"))
    machine = opened(bmc, Login(username=b"ops", password=b"password", kg=kg))
    assert machine.privilege == 4
    token = machine.request(6, 1, b"", 1.0)
    bmc.serve(machine, 1.0)
    (answer,) = machine.events()
    assert isinstance(answer, Answered)
    assert (answer.token, answer.data) == (token, b"\x00\x20\x01")
    machine.close(2.0)
    bmc.serve(machine, 2.0)
    assert machine.events() == [SessionEnded(Reason.CLOSED)]
    assert bmc.commands() == [0x3B, 0x01, 0x3C]
    assert bmc.requests[-1].data == SIDC.to_bytes(4, "little")
    assert machine.dropped == 0


def test_role_only_login() -> None:
    bmc = BmcV20(17)
    machine = opened(bmc, Login(password=b"password", privilege=3, name_only=False))
    assert (bmc.rakp1.username, bmc.rakp1.role) == (b"", 0x03)
    assert machine.privilege == 3


@pytest.mark.parametrize("level", [1, 2])
def test_6_12_7_user_and_callback_need_no_raising(level: int) -> None:
    bmc = BmcV20()
    machine = opened(bmc, Login(username=b"ops", password=b"password", privilege=level))
    assert machine.privilege == level
    assert bmc.requests == []


# ---- refusals


def with_status(status: int, size: int = 8) -> Callable[[bytes], bytes]:
    return lambda answer: (answer[:1] + bytes((status,)) + answer[2:])[:size]


@pytest.mark.parametrize(
    ("kind", "stage", "status", "error"),
    [
        (0x11, "Open Session", 0x01, NoSessionSlot),
        (0x11, "Open Session", 0x11, SuiteRefused),
        (0x11, "Open Session", 0x0A, RoleRefused),
        (0x13, "RAKP 2", 0x0D, UserRefused),
        (0x13, "RAKP 2", 0x09, RoleRefused),
        (0x15, "RAKP 4", 0x0F, PasswordRefused),
        (0x15, "RAKP 4", 0x02, LoginError),
    ],
)
@pytest.mark.parametrize("size", [2, 8, 99], ids=["two bytes", "eight bytes", "full length"])
def test_statuses(kind: int, stage: str, status: int, error: type[LoginError], size: int) -> None:
    bmc = BmcV20()
    bmc.mangle[kind] = with_status(status, size)
    got = failed(bmc)
    assert type(got) is error
    assert (got.stage, got.status) == (stage, status)


def rakp_3_statuses(bmc: BmcV20) -> list[int]:
    return [setup.Rakp3.decode(payload).status for kind, payload in bmc.heard if kind == 0x14]


@pytest.mark.parametrize("suite", [1, 3, 8, 12, 17])
def test_a_wrong_password_is_noticed_at_rakp_2(suite: int) -> None:
    bmc = BmcV20(suite, password=b"another")
    error = failed(bmc)
    assert type(error) is LoginRefused
    assert (error.stage, error.status) == ("RAKP 2", None)
    assert "password" in str(error)
    assert rakp_3_statuses(bmc) == [0x0F]


def test_a_wrong_kg_is_noticed_at_rakp_4() -> None:
    error = failed(BmcV20(17, kg=b"key"))
    assert type(error) is KeyRefused
    assert error.stage == "RAKP 4"
    assert "K_G" in str(error)


def test_another_bmc_than_expected() -> None:
    bmc = BmcV20()
    error = failed(bmc, Login(username=b"ops", password=b"password", guid=bytes(16)))
    assert (error.stage, error.status) == ("RAKP 2", None)
    assert rakp_3_statuses(bmc) == [0x0E]
    assert opened(BmcV20(), Login(username=b"ops", password=b"password", guid=GUID)).phase is Phase.ACTIVE


@pytest.mark.parametrize("place", [16, 24, 32], ids=["authentication", "integrity", "confidentiality"])
def test_no_other_algorithm_than_the_proposed_one(place: int) -> None:
    bmc = BmcV20(17)
    bmc.mangle[0x11] = lambda answer: answer[:place] + b"\0" + answer[place + 1 :]
    error = failed(bmc)
    assert type(error) is SuiteRefused
    assert "instead of those proposed" in str(error)
    assert [kind for kind, _ in bmc.heard] == [0x10]


@pytest.mark.parametrize(
    ("kind", "stage", "place"), [(0x11, "Open Session", 4), (0x13, "RAKP 2", 4), (0x15, "RAKP 4", 4)]
)
def test_session_ids_that_are_not_ours(kind: int, stage: str, place: int) -> None:
    bmc = BmcV20()
    bmc.mangle[kind] = lambda answer: answer[:place] + b"\x99" + answer[place + 1 :]
    error = failed(bmc)
    assert (type(error), error.stage, error.status) == (LoginError, stage, None)
    assert rakp_3_statuses(bmc) == {0x11: [], 0x13: [0x02], 0x15: [0x00]}[kind]


def test_a_null_session_id_of_the_bmc() -> None:
    bmc = BmcV20()
    bmc.mangle[0x11] = lambda answer: answer[:8] + bytes(4) + answer[12:]
    assert "session IDs" in str(failed(bmc))


@pytest.mark.parametrize("suite", [1, 3, 6, 8, 15, 17])
def test_short_codes_are_wrong_and_long_ones_are_cut(suite: int) -> None:
    for kind, stage, refused in ((0x13, "RAKP 2", LoginRefused), (0x15, "RAKP 4", KeyRefused)):
        bmc = BmcV20(suite)
        bmc.mangle[kind] = lambda answer: answer[:-1]
        error = failed(bmc)
        assert (type(error), error.stage) == (refused, stage)
        bmc = BmcV20(suite)
        bmc.mangle[kind] = lambda answer: answer + b"\x55"
        machine = opened(bmc)
        assert machine.phase is Phase.ACTIVE
        assert machine.symptoms == ({"Q-RAKP2LEN"} if kind == 0x13 else set())


def test_a_missing_icv_only_by_consent() -> None:
    for suite in (1, 6, 15):
        bmc = BmcV20(suite)
        bmc.mangle[0x15] = lambda answer: answer[:8]
        assert failed(bmc).stage == "RAKP 4"
        assert opened(bmc, quirks=Quirks(no_icv=True)).phase is Phase.ACTIVE
        bmc.mangle[0x15] = lambda answer: answer[:8] + bytes(12)
        assert failed(bmc, quirks=Quirks(no_icv=True)).stage == "RAKP 4"


def test_raising_refused() -> None:
    bmc = BmcV20()
    bmc.replies[0x06, 0x3B] = b"\x81"
    error = failed(bmc)
    assert type(error) is RoleRefused
    assert (error.stage, error.status) == ("Set Session Privilege Level", 0x81)
    assert "exceeds" in str(error)
    assert bmc.commands() == [0x3B, 0x3C], "the slot is given back"


def test_raising_refused_and_borne() -> None:
    bmc = BmcV20()
    bmc.replies[0x06, 0x3B] = b"\x81"
    machine = opened(bmc, Login(username=b"ops", password=b"password", keep_lower=True))
    assert machine.privilege == 2


# ---- departures


def test_a_signed_message_may_have_wrong_checksums() -> None:
    for suite, answers in ((3, 1), (1, 0)):
        bmc = BmcV20(suite)
        machine = opened(bmc)
        machine.request(6, 1, b"", 1.0)
        message = lan_message.unwrap(bmc.signed(machine.outgoing()[0]))
        machine.receive(bmc.say(lan_message.wrap_response(message, b"\0")[:-1] + b"\x99"), 1.0)
        assert len(machine.events()) == answers
        assert machine.symptoms == {"Q-CHKSUM"}


@pytest.mark.parametrize("suite", [3, 6, 7, 8, 12, 17])
def test_padded_names_by_consent(suite: int) -> None:
    """A BMC that fills names, cuts MD5 keys, and makes RAKP 4 by the hash of the integrity algorithm."""
    login = Login(username=b"ops", password=b"a password of 20 b..")
    bmc = PaddingBmc(suite, login.password)
    machine = opened(bmc, login, quirks=Quirks(padded_names=True))
    assert machine.phase is Phase.ACTIVE
    assert bmc.rakp1.username == b"ops".ljust(16, b"\0")
    assert not bmc.rakp1.role & setup.NAME_ONLY


def test_the_level_of_the_login_may_be_another() -> None:
    for asked in (0, 4):
        bmc = BmcV20()
        machine = opened(bmc, Login(username=b"ops", password=b"password", privilege=2, asked=asked))
        request = setup.OpenSessionRequest.decode(bmc.heard[0][1])
        assert (request.max_privilege, bmc.rakp1.role & 0x0F, machine.privilege) == (asked, asked or 2, 2)


def test_the_first_tag_may_be_chosen() -> None:
    machine = console(tag=0xFF)
    machine.open(0.0)
    assert setup.OpenSessionRequest.decode(machine.outgoing()[0][16:]).tag == 0xFF


# ---- silence, noise and time


def test_a_lost_answer_starts_over_with_new_ids() -> None:
    """Q-RAKP-RETRY."""
    for kind, due in ((0x13, COMPUTING), (0x15, 0.3)):
        bmc = BmcV20()
        bmc.mangle[kind] = lambda answer: None
        machine = console()
        machine.open(0.0)
        bmc.serve(machine)
        assert machine.deadline() == pytest.approx(due)
        machine.expire(due - 0.01)
        assert machine.outgoing() == []
        first = machine.console_session_id
        bmc.mangle.clear()
        machine.expire(due + 0.01)
        bmc.serve(machine, due + 0.01)
        assert isinstance(machine.events()[0], SessionOpened)
        assert machine.console_session_id != first
        tags = [payload[0] for kind, payload in bmc.heard]
        assert len(set(tags)) == len(tags)


def test_a_late_answer_only_lengthens_the_wait() -> None:
    """It tells how long the BMC computes, and nothing else of it is believed."""
    for phase in (Phase.OPEN_SESSION, Phase.RAKP_2):
        bmc, machine = BmcV20(), console()
        machine.open(0.0)
        machine.receive(bmc.take(machine.outgoing()[0]) or b"", 0.0)
        late = bmc.take(machine.outgoing()[0]) or b""
        machine.expire(COMPUTING)
        if phase is Phase.RAKP_2:
            machine.receive(bmc.take(machine.outgoing()[0]) or b"", COMPUTING)
        before = machine.deadline()
        machine.outgoing()
        machine.receive(late, 1.0)
        assert (machine.phase, machine.dropped, machine.outgoing(), machine.events()) == (phase, 1, [], [])
        assert machine.deadline() == (before if phase is Phase.OPEN_SESSION else COMPUTING + 1.25)


@pytest.mark.parametrize(
    ("kind", "stage", "times"), [(0x11, "Open Session", 5), (0x13, "RAKP 2", 4), (0x15, "RAKP 4", 5)]
)
def test_silence(kind: int, stage: str, times: int) -> None:
    bmc = BmcV20()
    bmc.mangle[kind] = lambda answer: None
    error = failed(bmc)
    assert type(error) is Unreachable
    assert (error.stage, error.status) == (stage, None)
    # 0, 0.2, 0.6, 1.4, 3 s; 0, 0.5, 1.5, 3.5 s; 0, 0.3, 0.9, 2.1, 4.5 s; and the end after 1 + 2 + 3 s.
    assert [kind for kind, _ in bmc.heard].count(0x10) == times


def test_answers_that_make_no_sense() -> None:
    bmc = BmcV20()
    bmc.mangle[0x13] = lambda answer: answer[:30]
    error = failed(bmc)
    assert type(error) is NotIpmi
    assert "30 bytes" in str(error)


def test_6_12_9_repetitions_do_not_outrun_the_window_of_the_bmc() -> None:
    """After 15 numbers of which nothing is known the packet of before goes out again."""
    machine = opened(BmcV20())
    machine.request(6, 1, b"", 10.0, pace=Pace(0.1, 0.0, 20))
    sent = machine.outgoing()
    while (due := machine.deadline()) is not None and len(sent) < 20:
        machine.expire(due)
        sent += machine.outgoing()
    assert len(set(sent)) == 15
    assert sent[14:] == [sent[14]] * 6


def test_one_attempt_is_one() -> None:
    machine = ConsoleV20(OPS, SUITES[3], source(), pace=Pace(2.0, 1.0, 1))
    machine.open(0.0)
    assert machine.deadline() == 2.0
    machine.expire(2.0)
    assert len(machine.outgoing()) == 1
    assert isinstance(machine.events()[0], LoginFailed)


def test_only_once() -> None:
    machine = opened(BmcV20())
    with pytest.raises(LocalProtocolError, match="opens the session, but it is open"):
        machine.open(1.0)


# ---- within the session


def test_payloads_are_dropped_until_they_are_accepted() -> None:
    bmc = BmcV20(17)
    machine = opened(bmc)
    assert dropped(machine, bmc.say(b"\1\0\0\0abc", 1))
    machine.accept_payload(1)
    machine.receive(bmc.say(b"\1\0\0\0abc", 1), 1.0)
    (event,) = machine.events()
    assert isinstance(event, PayloadArrived)
    assert (event.payload_type, event.data, event.iana) == (1, b"\1\0\0\0abc", 0)
    machine.refuse_payload(1)
    machine.refuse_payload(1)
    assert dropped(machine, bmc.say(b"\1\0\0\0abc", 1))


def test_oem_payloads() -> None:
    bmc = BmcV20(17)
    machine = opened(bmc)
    sidm = machine.console_session_id
    assert dropped(machine, v20.wrap(2, sidm, 8, b"data", bmc.signer, bmc.cipher, (7154, 0x0201)))
    machine.accept_payload(2)
    machine.receive(v20.wrap(2, sidm, 9, b"data", bmc.signer, bmc.cipher, (7154, 0x0201)), 1.0)
    (event,) = machine.events()
    assert isinstance(event, PayloadArrived)
    assert (event.payload_type, event.iana, event.payload_id, event.data) == (2, 7154, 0x0201, b"data")
    machine.send_payload(2, b"more", 1.0, oem=(7154, 0x0201))
    (sent,) = machine.outgoing()
    assert v20.oem_of(sent) == (7154, 0x0201)
    machine.send_payload(0x21, b"more", 1.0)
    bmc.serve(machine)
    assert bmc.heard[-1] == (0x21, b"more")


def test_13_28_numbers_do_not_wrap() -> None:
    bmc = BmcV20()
    machine = opened(bmc)
    machine._sent[1] = LAST_NUMBER - 1
    machine.request(6, 1, b"", 1.0)
    assert len(machine.outgoing()) == 1
    machine.expire(2.0)
    assert machine.outgoing() == []
    assert machine.events()[-1] == SessionEnded(Reason.USED_UP)


def test_packets_in_clear_or_unsigned_are_dropped() -> None:
    bmc = BmcV20(3)
    machine = opened(bmc)
    machine.request(6, 1, b"", 1.0)
    request = bmc.requests[0]
    request.cmd, request.rq_seq = 1, 2
    message = lan_message.wrap_response(request, b"\0")
    sidm = machine.console_session_id
    assert dropped(machine, v20.wrap(0, sidm, 2, message))
    assert dropped(machine, v20.wrap(0, sidm, 2, message, bmc.signer))
    assert dropped(machine, v20.wrap(0, sidm, 2, message, None, bmc.cipher))
    assert dropped(machine, v20.wrap(0, sidm + 1, 2, message, bmc.signer, bmc.cipher))
    machine.receive(v20.wrap(0, sidm, 2, message, bmc.signer, bmc.cipher), 1.0)
    assert len(machine.events()) == 1


def test_repeated_packets_are_dropped() -> None:
    bmc = BmcV20()
    machine = opened(bmc)
    answer = get_device_id(bmc, machine)
    machine.receive(answer, 1.0)
    assert len(machine.events()) == 1
    assert dropped(machine, answer, answer)


def test_padded_names_are_a_symptom() -> None:
    bmc = PaddingBmc(3)
    machine = console()
    machine.open(0.0)
    bmc.serve(machine)
    (event,) = machine.events()
    assert isinstance(event, LoginFailed)
    assert machine.symptoms == {"Q-NAMEPAD"}
    assert type(event.error) is LoginRefused


def test_suite_0_ignores_what_stands_for_an_icv() -> None:
    bmc = BmcV20(0)
    assert opened(bmc).symptoms == set()
    bmc.mangle[0x15] = lambda answer: answer + bytes(range(12))
    machine = opened(bmc)
    assert machine.phase is Phase.ACTIVE
    assert machine.symptoms == {"Q-SUITE0-ICV"}
