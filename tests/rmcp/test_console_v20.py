"""The console's side of v2.0 sessions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

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
from tests.session_vectors import number, octets, vectors


class Tape:
    """Random bytes in the order in which a login draws them, then what puts given IVs on the wire."""

    def __init__(self, *drawn: bytes) -> None:
        self.queue = list(drawn)

    def __call__(self, size: int) -> bytes:
        drawn = self.queue.pop(0)
        assert len(drawn) == size
        return drawn


def block_before(iv: bytes, key: bytes, last: bytes) -> bytes:
    """The block whose ciphertext is this IV in an AES-CBC context whose last ciphertext block is known."""
    return Cipher(algorithms.AES128(key), modes.CBC(last)).decryptor().update(iv)


def login_of(given: dict[str, Any]) -> Login:
    """What the console of a vector knows."""
    role = octets(given["role"])[0]
    return Login(
        username=octets(given["username"]),
        password=octets(given["password"]),
        kg=octets(given["kg"] or ""),
        privilege=role & 0x0F,
        name_only=bool(role & setup.NAME_ONLY),
        guid=octets(given["guid"]),
    )


@vectors("v20_session")
def test_whole_sessions_byte_for_byte(given: dict[str, Any], expected: dict[str, Any]) -> None:
    datagrams = {name: octets(text) for name, text in expected["datagrams"].items()}
    role, login = octets(given["role"])[0], login_of(given)
    tape = Tape(octets(given["console_sid_wire"]), octets(given["rm"]))
    machine = ConsoleV20(login, SUITES[given["suite"]], tape)
    aes, last, ivs = given["confidentiality"] == 1, bytes(16), [octets(iv) for iv in given["ivs"]]
    key = octets(expected["keys"]["k2"])[:16]

    def expect(request: str, response: str, iv: int | None = None) -> None:
        nonlocal last
        (sent,) = machine.outgoing()
        assert sent == datagrams[request], request
        if aes and iv is not None:
            start, end = v20.parse(sent)[3:]
            last = sent[end - 16 : end]
            assert sent[start : start + 16] == ivs[iv]
        machine.receive(datagrams[response], 0.0)
        assert machine.dropped == 0

    def prepare(iv: int) -> None:
        if aes:
            tape.queue.append(block_before(ivs[iv], key, last))
        elif given["confidentiality"] and not iv:
            tape.queue.append(ivs[0])

    machine.open(0.0)
    expect("open_req", "open_rsp")
    expect("rakp1", "rakp2")
    prepare(0)
    expect("rakp3", "rakp4")
    expect("set_priv_req", "set_priv_rsp", 0)
    assert machine.events() == [SessionOpened(number(given["bmc_sid_wire"]), role & 0x0F, login.guid or b"")]
    prepare(2)
    token = machine.request(0x06, 0x01, b"", 0.0)
    expect("get_device_id_req", "get_device_id_rsp", 2)
    (answer,) = machine.events()
    assert isinstance(answer, Answered)
    assert (answer.token, answer.data) == (token, octets(expected["plaintexts"]["get_device_id_rsp"])[6:-1])
    prepare(4)
    machine.close(0.0)
    expect("close_req", "close_rsp", 4)
    assert machine.events() == [SessionEnded(Reason.CLOSED)]
    assert machine.phase is Phase.CLOSED
    assert not tape.queue


@vectors("v20_session_capture")
def test_a_captured_bmc_is_understood(given: dict[str, Any], expected: dict[str, Any]) -> None:
    login = Login(username=octets(given["username"]), privilege=octets(given["role"])[0] & 0x0F)
    datagrams = {name: octets(text) for name, text in expected["datagrams"].items()}
    rakp1 = setup.Rakp1.decode(datagrams["rakp1"][16:])
    machine = ConsoleV20(login, SUITES[0], Tape(octets(given["console_sid_wire"]), rakp1.rm))

    def tagged(name: str) -> bytes:
        # The captured console gave every message the tag 0.
        sent = machine.outgoing()[0]
        return datagrams[name][:16] + sent[16:17] + datagrams[name][17:]

    machine.open(0.0)
    for name in ("open_rsp", "rakp2", "rakp4"):
        machine.receive(tagged(name), 0.0)
    assert machine.phase is Phase.SET_PRIVILEGE
    assert machine.dropped == 0


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


def test_suite_0_ignores_what_stands_for_an_icv() -> None:
    bmc = BmcV20(0)
    assert opened(bmc).symptoms == set()
    bmc.mangle[0x15] = lambda answer: answer + bytes(range(12))
    machine = opened(bmc)
    assert machine.phase is Phase.ACTIVE
    assert machine.symptoms == {"Q-SUITE0-ICV"}


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


def test_padded_names_are_a_symptom() -> None:
    bmc = PaddingBmc(3)
    machine = console()
    machine.open(0.0)
    bmc.serve(machine)
    (event,) = machine.events()
    assert isinstance(event, LoginFailed)
    assert machine.symptoms == {"Q-NAMEPAD"}
    assert type(event.error) is LoginRefused


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
    for kind in (0x13, 0x15):
        bmc = BmcV20()
        bmc.mangle[kind] = lambda answer: None
        machine = console()
        machine.open(0.0)
        bmc.serve(machine)
        assert machine.deadline() == COMPUTING
        machine.expire(0.49)
        assert machine.outgoing() == []
        first = machine.console_session_id
        bmc.mangle.clear()
        machine.expire(0.5)
        bmc.serve(machine, 0.5)
        assert isinstance(machine.events()[0], SessionOpened)
        assert machine.console_session_id != first
        tags = [payload[0] for kind, payload in bmc.heard]
        assert len(set(tags)) == len(tags)


@pytest.mark.parametrize(
    ("kind", "stage", "begun"), [(0x11, "Open Session", 5), (0x13, "RAKP 2", 4), (0x15, "RAKP 4", 4)]
)
def test_silence(kind: int, stage: str, begun: int) -> None:
    bmc = BmcV20()
    bmc.mangle[kind] = lambda answer: None
    error = failed(bmc)
    assert type(error) is Unreachable
    assert (error.stage, error.status) == (stage, None)
    # 0, 0.2, 0.6, 1.4, 3 s, or 0, 0.5, 1.5, 3.5 s; and the end after 1 + 2 + 3 s.
    assert [kind for kind, _ in bmc.heard].count(0x10) == begun


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
