"""The console's side of v1.5 sessions."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from baseboard.errors import (
    EncodeError,
    LocalProtocolError,
    LoginError,
    LoginRefused,
    NoSessionSlot,
    NotIpmi,
    RoleRefused,
    SuiteRefused,
    Unreachable,
    UserRefused,
)
from baseboard.rmcp import lan_message, v15
from baseboard.rmcp.bridging import Hop
from baseboard.rmcp.console import Phase
from baseboard.rmcp.console_events import (
    Answered,
    Reason,
    SessionEnded,
    SessionOpened,
    Unanswered,
)
from baseboard.rmcp.console_v15 import ConsoleV15
from baseboard.rmcp.flight import Pace
from baseboard.rmcp.login import Login, Quirks
from tests.rmcp.logins import OPS, dropped, get_device_id, logged_in, refused
from tests.rmcp.scripted_bmc import BmcV15, source
from tests.session_vectors import AUTH_TYPES, number, octets, vectors

PACE = Pace(1.0, 1.0, 4)


def console(auth_type: int = 2, login: Login = OPS, **options: Any) -> ConsoleV15:
    return ConsoleV15(login, auth_type, source(), pace=PACE, **options)


def opened(bmc: BmcV15, login: Login = OPS, **options: Any) -> ConsoleV15:
    return logged_in(bmc, console(bmc.auth_type, login, **options))


def failed(bmc: BmcV15, login: Login = OPS, **options: Any) -> LoginError:
    return refused(bmc, console(bmc.auth_type, login, **options))


@vectors("v15_session")
def test_whole_sessions_byte_for_byte(given: dict[str, Any], expected: dict[str, Any]) -> None:
    datagrams = {name: octets(text) for name, text in expected["datagrams"].items()}
    login = Login(username=octets(given["username"]), password=octets(given["password"]))
    initial = given["initial_outbound_seq"].to_bytes(4, "little")
    machine = ConsoleV15(login, AUTH_TYPES[given["alg"]], lambda size: initial[:size])

    def expect(name: str) -> None:
        assert [data.hex() for data in machine.outgoing()] == [datagrams[name + "_req"].hex()]
        machine.receive(datagrams[name + "_rsp"], 0.0)
        assert machine.dropped == 0, name

    machine.open(0.0)
    for name in ("challenge", "activate", "set_priv"):
        expect(name)
    assert machine.events() == [SessionOpened(number(given["session_id_wire"]), 4, b"")]
    machine.close(0.0)
    expect("close")
    assert machine.events() == [SessionEnded(Reason.CLOSED)]


@pytest.mark.parametrize("auth_type", [0, 1, 2, 4])
def test_every_authentication_type(auth_type: int) -> None:
    bmc = BmcV15(auth_type)
    machine = opened(bmc)
    machine.receive(get_device_id(bmc, machine), 1.0)
    (event,) = machine.events()
    assert isinstance(event, Answered)
    assert event.data == b"\x00\x20\x01"
    assert bmc.types == [0, *[auth_type] * 3]


@pytest.mark.parametrize("auth_type", [3, 5, 6])
def test_types_that_cannot_log_in(auth_type: int) -> None:
    with pytest.raises(LocalProtocolError):
        console(auth_type)


def test_a_20_byte_password_is_not_for_v15() -> None:
    with pytest.raises(EncodeError, match="at most 16 bytes, not 17"):
        console(2, Login(password=bytes(17)))


def test_7_per_message_authentication_disabled() -> None:
    """Q-UNEXPAUTH."""
    bmc = BmcV15(2, rest=0)
    machine = opened(bmc)
    assert bmc.types == [0, 2, 0]
    machine.receive(get_device_id(bmc, machine), 1.0)
    assert len(machine.events()) == 1
    request = lan_message.unwrap(lan_message.wrap_request(6, 1, b"", 5))
    signed = bmc.say(lan_message.wrap_response(request, b"\0"))
    machine.request(6, 1, b"", 1.0)
    assert lan_message.unwrap(machine.outgoing()[0][14:]).rq_seq == 5
    assert dropped(machine, signed[:-1] + bytes((signed[-1] ^ 1,))), "verified where it is there"
    machine.receive(signed, 1.0)
    assert len(machine.events()) == 1


def test_authenticate_always() -> None:
    bmc = BmcV15(2, rest=0)
    machine = opened(bmc, quirks=Quirks(always_authenticate=True))
    machine.receive(get_device_id(bmc, machine), 1.0)
    assert bmc.types == [0, 2, 2, 2]


@pytest.mark.parametrize("auth_type", [1, 2, 4])
def test_wrong_codes_are_dropped_unless_they_are_ignored(auth_type: int) -> None:
    for quirks in (Quirks(), Quirks(ignore_authcodes=True)):
        bmc = BmcV15(auth_type)
        machine = opened(bmc, quirks=quirks)
        answer = bytearray(get_device_id(bmc, machine))
        answer[13] ^= 1
        machine.receive(answer, 1.0)
        assert len(machine.events()) == quirks.ignore_authcodes


def test_wrong_codes_are_a_symptom() -> None:
    bmc = BmcV15(2)
    machine = opened(bmc)
    assert machine.symptoms == set()
    answer = bytearray(get_device_id(bmc, machine))
    answer[13] ^= 1
    machine.receive(answer, 1.0)
    assert machine.symptoms == {"Q-NOAUTHCODE"}


@pytest.mark.parametrize("borne", [False, True])
def test_wrong_codes_of_bridged_answers_by_a_consent_of_their_own(borne: bool) -> None:
    bmc = BmcV15(2)
    machine = opened(bmc, quirks=Quirks(ignore_bridged_authcodes=borne))
    machine.request(6, 1, b"", 1.0, hops=(Hop(0, 0x24),))
    (sent,) = machine.outgoing()
    number = lan_message.unwrap(v15.unwrap(sent).message).rq_seq
    inner = lan_message.unwrap(lan_message.wrap_request(6, 1, b"", number))
    answer = bytearray(bmc.say(lan_message.wrap_response(inner, b"\0\x24")))
    answer[13] ^= 1
    machine.receive(bytes(answer), 1.0)
    assert len(machine.events()) == borne
    assert machine.symptoms == {"Q-BRIDGE-AUTH"}
    other = bytearray(get_device_id(bmc, machine) if borne else answer)
    other[13] ^= borne
    assert dropped(machine, bytes(other)), "of no other answer"


def swapped(number: int) -> int:
    return int.from_bytes(number.to_bytes(4, "little"), "big")


def test_numbers_the_wrong_way_round_are_a_symptom() -> None:
    bmc = BmcV15(2)
    machine = opened(bmc)
    packet = v15.unwrap(get_device_id(bmc, machine))
    answer = v15.wrap(2, swapped(packet.sequence), packet.session_id, packet.message, b"password")
    assert dropped(machine, answer)
    assert machine.symptoms == {"Q-SEQENDIAN"}


def test_numbers_the_wrong_way_round_by_consent() -> None:
    bmc = BmcV15(2)
    machine = opened(bmc, quirks=Quirks(swapped_numbers=True))
    for _ in range(3):
        packet = v15.unwrap(get_device_id(bmc, machine))
        assert swapped(packet.sequence) != packet.sequence
        answer = v15.wrap(2, swapped(packet.sequence), packet.session_id, packet.message, b"password")
        machine.receive(answer, 1.0)
        assert len(machine.events()) == 1
        assert dropped(machine, answer), "a repeated packet"


@pytest.mark.parametrize("borne", [False, True])
@pytest.mark.parametrize("signed", [False, True])
def test_session_id_zero_only_by_consent_and_signed(borne: bool, signed: bool) -> None:
    bmc = BmcV15(2)
    machine = opened(bmc, quirks=Quirks(zero_ids=borne))
    packet = v15.unwrap(get_device_id(bmc, machine))
    machine.receive(v15.wrap(2 if signed else 0, packet.sequence, 0, packet.message, b"password"), 1.0)
    assert len(machine.events()) == (borne and signed)
    assert machine.symptoms == {"Q-IDZERO"}


def test_the_level_of_the_login_may_be_another() -> None:
    bmc = BmcV15(2)
    opened(bmc, Login(username=b"ops", password=b"password", privilege=3, asked=4))
    activation, raising = bmc.requests[1:]
    assert (activation.data[1], raising.data) == (4, b"\x03")


def test_what_is_dropped_in_a_session() -> None:
    bmc = BmcV15(2)
    machine = opened(bmc)
    answer = get_device_id(bmc, machine)
    packet = v15.unwrap(answer)
    assert dropped(
        machine,
        v15.wrap(0, packet.sequence, packet.session_id, packet.message),
        v15.wrap(1, packet.sequence, packet.session_id, packet.message, b"password"),
        v15.wrap(2, packet.sequence, packet.session_id ^ 1, packet.message, b"password"),
        v15.wrap(2, packet.sequence + 99, packet.session_id, packet.message, b"password"),
        v15.wrap(2, 0, packet.session_id, packet.message, b"password"),
        answer[:-1],
    )
    machine.receive(answer, 1.0)
    assert len(machine.events()) == 1
    assert dropped(machine, answer), "a repeated packet"


def test_a_bmc_that_counts_one_too_low_is_borne() -> None:
    """Q-FIRSTSEQ."""
    bmc = BmcV15(2)
    machine = console()
    machine.open(0.0)
    for _ in range(2):
        machine.receive(bmc.take(machine.outgoing()[0]) or b"", 0.0)
    bmc.sequence -= 2
    bmc.serve(machine)
    assert machine.phase is Phase.ACTIVE
    assert machine.dropped == 0


def test_6_12_9_numbers_skip_zero() -> None:
    bmc = BmcV15(2)
    bmc.inbound = 0xFFFFFFFE
    machine = opened(bmc)
    numbers = []
    for _ in range(3):
        machine.request(6, 1, b"", 1.0)
        (sent,) = machine.outgoing()
        numbers.append(v15.unwrap(sent).sequence)
        machine.receive(bmc.take(sent) or b"", 1.0)
    assert numbers == [0xFFFFFFFF, 1, 2]


def test_a_session_id_of_zero_means_the_temporary_one() -> None:
    bmc = BmcV15(2)
    bmc.session_id = bmc.inbound = 0
    machine = opened(bmc)
    assert machine.bmc_session_id == bmc.TEMPORARY
    machine.receive(get_device_id(bmc, machine), 1.0)
    assert len(machine.events()) == 1


# ---- refusals


@pytest.mark.parametrize(
    ("cmd", "stage", "code", "error"),
    [
        (0x39, "Get Session Challenge", 0x81, UserRefused),
        (0x39, "Get Session Challenge", 0x82, UserRefused),
        (0x39, "Get Session Challenge", 0xCC, SuiteRefused),
        (0x39, "Get Session Challenge", 0xC1, LoginError),
        (0x3A, "Activate Session", 0x81, NoSessionSlot),
        (0x3A, "Activate Session", 0x82, NoSessionSlot),
        (0x3A, "Activate Session", 0x83, NoSessionSlot),
        (0x3A, "Activate Session", 0x86, RoleRefused),
        (0x3A, "Activate Session", 0x85, LoginError),
    ],
)
@pytest.mark.parametrize("signed", [False, True])
def test_completion_codes(cmd: int, stage: str, code: int, error: type[LoginError], signed: bool) -> None:
    bmc = BmcV15(2)
    bmc.replies[0x06, cmd] = bytes((code,))
    bmc.activation_type = 2 if signed else 0
    got = failed(bmc)
    assert type(got) is error
    assert (got.stage, got.status) == (stage, code)
    assert got.text


def test_a_wrong_password_is_met_with_silence() -> None:
    bmc = BmcV15(2, password=b"another")
    error = failed(bmc)
    assert type(error) is LoginRefused
    assert (error.stage, error.status) == ("Activate Session", None)
    assert "wrong password" in str(error)
    assert bmc.commands().count(0x39) == 2, "the temporary ID may have been gone"
    assert bmc.types.count(2) == PACE.attempts


def test_silence() -> None:
    bmc = BmcV15(2)
    bmc.silent = 99
    error = failed(bmc)
    assert (type(error), error.stage) == (Unreachable, "Get Session Challenge")


def test_silence_within_the_session() -> None:
    machine = opened(BmcV15(2))
    token = machine.request(6, 1, b"", 1.0, pace=Pace(attempts=1))
    machine.expire(2.0)
    assert machine.events() == [Unanswered(token, 1)]
    assert machine.phase is Phase.ACTIVE


def test_6_12_9_repetitions_do_not_outrun_the_window_of_the_bmc() -> None:
    machine = opened(BmcV15())
    machine.request(6, 1, b"", 10.0, pace=Pace(0.1, 0.0, 12))
    sent = machine.outgoing()
    while (due := machine.deadline()) is not None and len(sent) < 12:
        machine.expire(due)
        sent += machine.outgoing()
    assert len(set(sent)) == 8
    assert sent[7:] == [sent[7]] * 5


def test_a_lost_activation_is_repeated_as_it_was() -> None:
    bmc = BmcV15(2)
    machine = console()
    machine.open(0.0)
    machine.receive(bmc.take(machine.outgoing()[0]) or b"", 0.0)
    (first,) = machine.outgoing()
    assert machine.deadline() == 1.0
    machine.expire(1.0)
    assert machine.outgoing() == [first]
    machine.receive(bmc.take(first) or b"", 1.5)
    assert machine.phase is Phase.SET_PRIVILEGE


@pytest.mark.parametrize(("cmd", "stage"), [(0x39, "Get Session Challenge"), (0x3A, "Activate Session")])
def test_answers_that_make_no_sense(cmd: int, stage: str) -> None:
    bmc = BmcV15(2)
    bmc.replies[0x06, cmd] = b"\0short"
    error = failed(bmc)
    assert (type(error), error.stage, error.status) == (NotIpmi, stage, None)


def test_another_type_than_the_one_asked_for() -> None:
    error = failed(BmcV15(2, rest=4))
    assert type(error) is SuiteRefused
    assert "authentication type 4h" in str(error)


def test_an_activation_that_is_not_signed_opens_nothing() -> None:
    bmc = BmcV15(2)
    bmc.activation_type = 0
    assert type(failed(bmc)) is LoginRefused
    assert opened(BmcV15(2), quirks=Quirks(ignore_authcodes=True)).phase is Phase.ACTIVE


def test_noise_during_the_login() -> None:
    bmc = BmcV15(2)
    machine = console()
    assert dropped(machine, v15.wrap(0, 0, 0, lan_message.wrap_request(6, 1, b"", 0)))
    machine.open(0.0)
    (request,) = machine.outgoing()
    answer = bmc.take(request)
    assert answer is not None
    message = v15.unwrap(answer).message
    assert dropped(machine, v15.wrap(2, 0, 0, message, b"password"), v15.wrap(0, 0, 7, message), request[:20])
    machine.receive(answer, 0.0)
    (request,) = machine.outgoing()
    assert dropped(machine, request[:4] + b"\0" + request[5:13] + request[29:], answer)
    machine.receive(bmc.take(request) or b"", 0.0)
    assert machine.phase is Phase.SET_PRIVILEGE


def test_closing_a_login_half_way() -> None:
    bmc = BmcV15(2)
    for answers in range(2):
        machine = console()
        machine.open(0.0)
        for _ in range(answers):
            machine.receive(bmc.take(machine.outgoing()[0]) or b"", 0.0)
        machine.close(0.5)
        assert machine.events() == [SessionEnded(Reason.CLOSED)]
        assert machine.deadline() is None


@drawn(st.binary(max_size=60), st.integers(0, 3), st.sampled_from([0, 2]))
def test_random_bytes_at_every_stage(data: bytes, stage: int, auth_type: int) -> None:
    bmc, machine = BmcV15(2), console()
    machine.open(0.0)
    for _ in range(stage):
        machine.receive(bmc.take(machine.outgoing()[0]) or b"", 0.0)
    phase = machine.phase
    machine.receive(data, 0.0)
    for session_id in (0, bmc.TEMPORARY, bmc.SESSION):
        machine.receive(v15.wrap(auth_type, 1, session_id, data), 0.0)
    assert machine.phase is phase


def test_the_password_is_not_shown() -> None:
    assert "password" not in repr(opened(BmcV15(2)))
