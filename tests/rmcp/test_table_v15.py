"""The v1.5 half of a BMC's session table (§6.12, §22.16, §22.17)."""

from __future__ import annotations

import pytest

from baseboard.codes import Cc
from baseboard.errors import CompletionError
from baseboard.rmcp import lan_message, v15
from baseboard.rmcp.pending import Challenge
from baseboard.rmcp.registry import HALF_OPEN
from baseboard.rmcp.session import (
    Account,
    RequestReceived,
    ResponseReceived,
    SessionOpened,
    SessionV15,
)
from tests.rmcp.bmc import (
    ACTIVATE,
    CAPABILITIES,
    CLOSE,
    DEVICE_ID,
    HERE,
    OPS,
    SET_PRIVILEGE,
    THERE,
    VIEWER,
    Bmc,
    of,
)
from tests.rmcp.consoles import Console15, Console20

MD2, MD5, STRAIGHT, NONE = 1, 2, 4, 0


def bmc(types: int = 0b10111, **options: int) -> Bmc:
    made = Bmc(**options)
    made.rules.types = dict.fromkeys(range(1, 6), types)
    return made


def logged_in(made: Bmc | None = None, **options: int) -> Console15:
    console = Console15(made or bmc(), **options)  # type: ignore[arg-type]  # by name
    assert console.login() == [0, 0]
    return console


def session_of(console: Console15) -> SessionV15:
    session = console.bmc.table.sessions[console.session_id]
    assert isinstance(session, SessionV15)
    return session


def test_22_17_a_login_by_every_type() -> None:
    for kind in (NONE, MD2, MD5, STRAIGHT):
        console = logged_in(auth_type=kind)
        session = session_of(console)
        assert (session.auth_type, session.user_id, session.privilege, session.max_privilege) == (
            kind,
            2,
            2,
            4,
        )
        assert console.told == kind
        assert console.inbound
        assert console.answer() == bytes(15)
        assert console.answer() == bytes(15)
        assert len(of(SessionOpened, console.bmc.seen)) == 1


def test_23_4_a_password_that_was_never_proved_forgives_nothing() -> None:
    assert logged_in(auth_type=NONE).bmc.rules.succeeded == []
    assert logged_in(auth_type=MD5).bmc.rules.succeeded == [2]


# outside a session


def outside(made: Bmc, command: tuple[int, int], data: bytes = b"", **fields: int) -> bytes | None:
    message = lan_message.wrap_request(*command, data, 1)
    packet = v15.wrap(
        fields.get("auth_type", 0), fields.get("sequence", 0), fields.get("session_id", 0), message
    )
    answers = made.ask(packet)
    if not answers:
        return None
    answer = v15.unwrap(answers[0])
    assert (answer.auth_type, answer.sequence, answer.session_id) == (0, 0, 0)
    return lan_message.unwrap(answer.message).data


@pytest.mark.parametrize("command", [(0x06, 0x37), CAPABILITIES, (0x06, 0x54), (0x04, 0x17)])
def test_6_1_session_less_commands_are_answered(command: tuple[int, int]) -> None:
    assert outside(bmc(), command) == bytes(15)


@pytest.mark.parametrize("command", [DEVICE_ID, SET_PRIVILEGE, CLOSE, ACTIVATE, (0x00, 0x01), (0x2C, 0x37)])
def test_6_1_anything_else_outside_a_session_gets_silence(command: tuple[int, int]) -> None:
    made = bmc()
    assert outside(made, command, bytes(22)) is None
    assert not made.answered


def test_6_1_a_response_or_an_authenticated_packet_outside_a_session_gets_silence() -> None:
    made = bmc()
    assert outside(made, CAPABILITIES, auth_type=STRAIGHT) is None
    response = lan_message.wrap_response(lan_message.LanMessage(0x81, 6, 0, 0x20, 1, 0, 0x38, b""), b"\0" * 9)
    assert made.ask(v15.wrap(0, 0, 0, response)) == []


def test_6_5_a_disabled_channel_is_silent() -> None:
    made = bmc()
    made.rules.open = False
    assert outside(made, CAPABILITIES) is None
    made.rules.open = True
    made.rules.v15 = False
    assert outside(made, CAPABILITIES) == bytes(15)


def test_6_5_a_channel_disabled_during_a_login_opens_no_session() -> None:
    made = bmc()
    console = Console15(made)
    assert console.get_challenge() == 0
    made.rules.open = False
    assert console.activate() is None
    assert (made.table.sessions, made.rules.failed) == ({}, [])
    made.rules.open = True
    assert console.activate() == 0


@pytest.mark.parametrize("cut", [1, 2, 5, 8, 20])
def test_13_6_a_packet_that_ends_early_is_dropped(cut: int) -> None:
    packet = v15.wrap(0, 0, 0, lan_message.wrap_request(*CAPABILITIES, b"\x8e\x04", 1))
    assert bmc().ask(packet[:-cut]) == []


def test_13_6_the_legacy_pad_is_ignored() -> None:
    packet = v15.wrap(0, 0, 0, lan_message.wrap_request(*CAPABILITIES, b"\x8e\x04", 1))
    assert len(bmc().ask(packet + b"\0")) == 1


# Get Session Challenge


def test_22_16_challenges_differ() -> None:
    made = bmc()
    first, second = Console15(made), Console15(made)
    assert first.get_challenge() == second.get_challenge() == 0
    assert first.challenge != second.challenge
    assert first.temporary != second.temporary


@pytest.mark.parametrize("kind", [3, 5, 6, 15, STRAIGHT])
def test_22_16_a_type_that_is_not_enabled_is_refused(kind: int) -> None:
    assert Console15(bmc(types=0b00110), auth_type=kind).get_challenge() == Cc.INVALID_DATA


def test_22_16_without_v15_logins_there_are_no_challenges() -> None:
    made = bmc()
    made.rules.v15 = False
    assert Console15(made).get_challenge() == Cc.INVALID_DATA


def test_22_16_a_type_enabled_for_one_level_can_be_asked_for() -> None:
    made = bmc(types=0)
    made.rules.types[3] = 1 << MD5
    assert logged_in(made, privilege=3)
    refused = Console15(made, privilege=4)
    assert refused.login() == [0, Cc.INVALID_DATA]


def test_22_16_unknown_users_are_told_only_where_login_errors_are_revealed() -> None:
    made = bmc()
    assert Console15(made, name=b"nil").login() == [0, None]
    assert Console15(made, name=b"").login() == [0, None]
    assert Console15(made, name=b"nil", auth_type=NONE).login() == [0, None]
    assert not made.table.sessions
    made.rules.reveal_login_errors = True
    assert Console15(made, name=b"nil").get_challenge() == 0x81
    assert Console15(made, name=b"").get_challenge() == 0x82


def test_22_16_the_null_user_may_be_enabled() -> None:
    made = bmc()
    made.rules.names[b""] = Account(1, b"", 4)
    console = Console15(made, name=b"", password=b"")
    assert console.login() == [0, 0]
    assert console.answer() == bytes(15)


def test_challenges_are_bounded_and_the_oldest_goes_first() -> None:
    made = bmc(pending_slots=3)
    consoles = [Console15(made, outbound=number + 1) for number in range(5)]
    for console in consoles:
        console.get_challenge()
    assert len(made.table.pending) == 3
    assert [console.activate() for console in consoles] == [None, None, 0, 0, 0]


# Activate Session


def test_22_17_a_wrong_password_gets_silence_and_is_counted() -> None:
    made = bmc()
    for kind in (MD2, MD5, STRAIGHT):
        console = Console15(made, password=b"guess", auth_type=kind)
        assert console.login() == [0, None]
    assert made.rules.failed == [2, 2, 2]
    assert Console15(made, name=b"nil", password=b"guess").login() == [0, None]
    assert made.rules.failed[3:] == [None]
    assert not made.table.sessions


def test_6_12_a_temporary_id_serves_activate_session_with_sequence_zero_only() -> None:
    made = bmc()
    console = Console15(made)
    console.get_challenge()
    for command in (DEVICE_ID, CAPABILITIES, SET_PRIVILEGE):
        packet = v15.wrap(MD5, 0, console.temporary, console.asking(command), OPS.password)
        assert made.ask(packet) == []
    assert console.activate(console.activate_packet(sequence=1)) is None
    other_type = v15.wrap(
        STRAIGHT, 0, console.temporary, console.asking(ACTIVATE, console.activation()), OPS.password
    )
    assert made.ask(other_type) == []
    assert made.ask(console.activate_packet(), THERE) == []
    broken = bytearray(console.asking(ACTIVATE, console.activation()))
    broken[-1] ^= 1
    assert made.ask(v15.wrap(MD5, 0, console.temporary, bytes(broken), OPS.password)) == []
    assert console.activate() == 0


def test_6_12_activate_session_without_a_challenge_gets_silence() -> None:
    made = bmc()
    console = Console15(made)
    console.temporary = 0x1234
    assert console.activate() is None


def test_6_12_a_half_open_v20_session_is_no_challenge() -> None:
    made = bmc()
    other = Console20(made)
    other.open()
    console = Console15(made)
    console.temporary = other.sidc
    assert console.activate() is None


def test_6_12_a_challenge_is_forgotten_after_a_while() -> None:
    made = bmc()
    console = Console15(made)
    console.get_challenge()
    made.table.expire(HALF_OPEN)
    assert console.activate() is None


def refused(console: Console15, **fields: object) -> int | None:
    assert console.get_challenge() == 0
    for name, value in fields.items():
        setattr(console, name, value)
    return console.activate()


def test_22_17_the_codes_of_activate_session() -> None:
    made = bmc()
    console = Console15(made)
    assert refused(console, outbound=0) == 0x84
    console.outbound = 1
    assert refused(console, challenge=bytes(16)) == Cc.INVALID_DATA
    for level in (0, 6, 15):
        assert refused(console, privilege=level) == Cc.INVALID_DATA
    assert refused(console, privilege=5) == 0x86
    made.rules.limit = 3
    assert refused(console, privilege=4) == 0x86
    viewer = Console15(made, name=b"viewer", password=VIEWER.password)
    assert refused(viewer, privilege=3) == 0x86
    made.rules.names[b"gone"] = Account(9, b"gone", 15)
    assert refused(Console15(made, name=b"gone", password=b"gone", privilege=1)) == 0x86
    assert not made.table.sessions
    assert refused(console, privilege=3) == 0


def test_22_17_the_type_inside_must_be_that_of_the_challenge() -> None:
    made = bmc()
    console = Console15(made)
    console.get_challenge()
    data = bytes((MD2,)) + console.activation()[1:]
    packet = v15.wrap(MD5, 0, console.temporary, console.asking(ACTIVATE, data), OPS.password)
    assert console.activate(packet) == Cc.INVALID_DATA


def test_22_17_slots_and_the_users_limit() -> None:
    made = bmc(slots=2)
    viewer = Console15(made, name=b"viewer", password=VIEWER.password, privilege=2)
    assert viewer.login() == [0, 0]
    assert viewer.login() == [0, 0x82]
    logged_in(made)
    assert Console15(made).login() == [0, 0x81]


@pytest.mark.parametrize("after", [None, Account(2, b"new", 4), Account(7, OPS.password, 4)])
def test_a_user_changed_or_locked_out_since_the_challenge_is_kept_out(after: Account | None) -> None:
    made = bmc()
    console = Console15(made)
    console.get_challenge()
    if after is None:
        del made.rules.names[b"ops"]
    else:
        made.rules.names[b"ops"] = after
    assert console.activate() is None
    assert not made.table.sessions


def test_6_12_activate_session_sent_again_gets_the_same_answer() -> None:
    made = bmc()
    console = Console15(made)
    console.get_challenge()
    assert console.activate() == 0
    first = (console.session_id, console.inbound)
    assert console.activate() == 0
    assert (console.session_id, console.inbound) == first
    assert len(made.table.sessions) == 1
    assert made.rules.succeeded == [2]
    console.privilege = 3
    assert console.activate() is None
    console.privilege = 4
    assert console.answer() == bytes(15)
    assert console.activate() is None
    assert not made.table.pending


def test_22_17_activate_session_inside_its_session_gives_a_new_outbound_number() -> None:
    console = logged_in()
    console.answer()
    data = bytes((MD5, 4)) + bytes(16) + (0x7000).to_bytes(4, "little")
    answer = console.say(console.packet(console.asking(ACTIVATE, data)))
    assert answer is not None
    assert (answer.sequence, answer.session_id) == (0x7000, console.session_id)
    response = lan_message.unwrap(answer.message).data
    expected = console.session_id.to_bytes(4, "little") + console.inbound.to_bytes(4, "little")
    assert response == bytes((0, MD5)) + expected + b"\x04"
    following = console.say(console.packet(console.asking()))
    assert following is not None
    assert following.sequence == 0x7001
    for wrong, code in ((bytes((MD2, 4)) + data[2:], Cc.INVALID_DATA), (data[:18] + bytes(4), 0x84)):
        assert console.answer(console.packet(console.asking(ACTIVATE, wrong))) == bytes((code,))


def test_22_17_activate_session_inside_a_session_tells_the_type_for_the_rest() -> None:
    made = bmc()
    made.rules.per_message = False
    console = logged_in(made)
    data = bytes((MD5, 4)) + bytes(16) + (5).to_bytes(4, "little")
    answer = console.answer(console.packet(console.asking(ACTIVATE, data)))
    assert answer is not None
    assert answer[1] == NONE


def test_22_17_activate_session_inside_a_v20_session_is_refused() -> None:
    made = bmc()
    console = Console20(made)
    console.login()
    assert console.answer(console.request(ACTIVATE, bytes(22))) == b"\x85"


def test_22_17_no_session_comes_of_a_challenge_to_nobody() -> None:
    made = bmc()
    request = RequestReceived(None, HERE, MD5, 6, 0, 0x3A, b"", 0x81, 1, 0)
    request.challenge = Challenge(7, HERE, 0.0, MD5, b"nil", None, made.table.nobody, bytes(16))
    with pytest.raises(CompletionError) as caught:
        made.table.activate(request, MD5, 4, bytes(16), 1, 0.0)
    assert caught.value.code == 0x85
    assert not made.table.sessions


# inside a session


def test_6_12_9_the_first_packet_carries_the_initial_number_and_each_counts() -> None:
    console = logged_in()
    first = console.inbound
    assert console.answer() is not None
    assert console.inbound == first + 1 & 0xFFFFFFFF or console.inbound == 1
    answer = console.say(console.packet(console.asking()))
    assert answer is not None
    # The answer to Activate Session carried the initial outbound number itself.
    assert answer.sequence == console.outbound + 2


def test_6_12_10_a_replay_gets_silence() -> None:
    console = logged_in()
    packet = console.packet(console.asking())
    assert console.answer(packet) is not None
    answered = len(console.bmc.answered)
    assert console.bmc.ask(packet) == []
    assert len(console.bmc.answered) == answered


def test_6_12_10_the_window_is_eight_either_way() -> None:
    console = logged_in()
    start = console.inbound

    def at(number: int) -> bytes | None:
        return console.answer(console.packet(console.asking(), sequence=(start + number) & 0xFFFFFFFF))

    assert at(0) is not None
    assert at(9) is None
    assert at(8) is not None
    assert at(1) is not None
    assert at(17) is None
    assert at(16) is not None
    assert at(7) is None
    assert at(9) is not None
    assert at(9) is None


def test_6_12_10_a_forged_packet_does_not_move_the_window() -> None:
    console = logged_in()
    start = console.inbound
    forged = v15.wrap(MD5, start + 8 & 0xFFFFFFFF, console.session_id, console.asking(), b"guess")
    assert console.bmc.ask(forged) == []
    null = console.packet(console.asking(), sequence=0)
    assert console.bmc.ask(null) == []
    assert console.answer() is not None


def test_9_a_packet_of_another_type_is_dropped() -> None:
    console = logged_in()
    for kind in (NONE, MD2, STRAIGHT):
        assert console.bmc.ask(console.packet(console.asking(), auth_type=kind)) == []
    assert console.answer() is not None


def test_9_a_message_with_a_wrong_checksum_is_dropped() -> None:
    console = logged_in()
    message = bytearray(console.asking())
    message[-1] ^= 1
    assert console.bmc.ask(console.packet(bytes(message))) == []


def test_6_12_4_per_message_authentication_disabled() -> None:
    made = bmc()
    made.rules.per_message = False
    console = logged_in(made)
    assert console.told == NONE
    answer = console.say(console.packet(console.asking(SET_PRIVILEGE, b"\x04"), auth_type=NONE))
    assert answer is not None
    assert answer.auth_type == NONE
    answer = console.say(console.packet(console.asking(), auth_type=MD5))
    assert answer is not None
    assert answer.auth_type == MD5
    forged = v15.wrap(MD5, console.inbound, console.session_id, console.asking(), b"guess")
    assert made.ask(forged) == []


def test_6_12_4_user_level_authentication_disabled() -> None:
    made = bmc()
    made.rules.user_level = False
    console = logged_in(made)
    assert console.told == MD5
    assert console.answer(console.packet(console.asking(DEVICE_ID), auth_type=NONE)) is not None
    number = console.inbound
    assert made.ask(console.packet(console.asking(SET_PRIVILEGE, b"\x04"), auth_type=NONE)) == []
    console.inbound = number
    assert console.ask(*SET_PRIVILEGE, b"\x04") is not None
    response = lan_message.wrap_response(lan_message.LanMessage(0x81, 6, 0, 0x20, 1, 0, 1, b""), b"\0")
    assert made.ask(console.packet(response, auth_type=NONE)) == []
    assert not of(ResponseReceived, made.seen)


def test_an_answer_too_long_for_the_length_byte_is_not_returned() -> None:
    made = bmc()
    console = logged_in(made)
    made.handle = lambda request: bytes(247)  # type: ignore[method-assign]  # another answer
    assert console.answer() == bytes(248)
    made.handle = lambda request: bytes(248)  # type: ignore[method-assign]  # another answer
    assert console.answer() == bytes((Cc.CANNOT_RETURN_SO_MANY,))


def test_the_bmc_may_send_requests_of_its_own() -> None:
    made = bmc()
    console = logged_in(made)
    console.answer()
    request = lan_message.wrap_request(0x0C, 0x20, b"", 3, rs_addr=0x81, rq_addr=0x20)
    made.table.send_message(session_of(console), request)
    ((packet, address),) = made.table.outgoing()
    sent = v15.unwrap(packet)
    assert sent.verify(OPS.password)
    assert (sent.message, sent.sequence, address) == (request, console.outbound + 2, HERE)
    response = lan_message.wrap_response(lan_message.unwrap(request), b"\0")
    assert made.ask(console.packet(response)) == []
    assert len(of(ResponseReceived, made.seen)) == 1
