"""The RMCP+ packets of a BMC's session table (§13.6, §13.28)."""

from __future__ import annotations

import pytest

from baseboard.crypto.confidentiality import Confidentiality
from baseboard.crypto.integrity import integrity
from baseboard.crypto.suites import SUITES
from baseboard.rmcp import lan_message, v20
from baseboard.rmcp.session import PayloadReceived, Reason, ResponseReceived, SessionClosed, SessionV20
from tests.rmcp.bmc import (
    ACTIVATE,
    CAPABILITIES,
    CLOSE,
    DEVICE_ID,
    HERE,
    SET_PRIVILEGE,
    THERE,
    Bmc,
    of,
)
from tests.rmcp.consoles import Console20

SOL, OEM0, EXPLICIT = 0x01, 0x20, 0x02
SIGNED, ENCRYPTED = 0x40, 0x80
LAST = 0xFFFFFFFF


def logged_in(suite: int = 3, **options: int) -> Console20:
    made = Bmc(**options)
    made.rules.limits = dict.fromkeys(SUITES, 4)
    console = Console20(made, suite=suite)
    assert console.login() == [0, 0, 0]
    return console


def session_of(console: Console20) -> SessionV20:
    session = console.bmc.table.sessions[console.sidc]
    assert isinstance(session, SessionV20)
    return session


def payloads(console: Console20) -> list[PayloadReceived]:
    return [event for event in console.bmc.seen if isinstance(event, PayloadReceived)]


@pytest.mark.parametrize("suite", SUITES)
def test_13_28_requests_are_answered_under_every_suite(suite: int) -> None:
    console = logged_in(suite)
    for _ in range(3):
        assert console.answer() == bytes(15)
    assert console.answer(console.request(SET_PRIVILEGE, b"\x04")) == b"\0\x04"


@pytest.mark.parametrize("suite", [0, 1, 2, 3, 8, 12, 17])
def test_13_28_numbers_start_at_one_each_way(suite: int) -> None:
    console = logged_in(suite)
    for number in (1, 2, 3):
        (answer,) = console.bmc.ask(console.request())
        assert v20.parse(answer)[2] == number
    signed = bool(SUITES[suite].integrity)
    assert (console.sequence, console.plain_sequence) == ((3, 0) if signed else (0, 3))


# outside a session


def outside(made: Bmc, command: tuple[int, int], data: bytes = b"") -> bytes | None:
    answers = made.ask(v20.wrap(0, 0, 0, lan_message.wrap_request(*command, data, 1)))
    if not answers:
        return None
    flags, session_id, sequence, start, end = v20.parse(answers[0])
    assert (flags, session_id, sequence) == (0, 0, 0)
    return lan_message.unwrap(answers[0][start:end]).data


@pytest.mark.parametrize("command", [(0x06, 0x37), CAPABILITIES, (0x06, 0x54), (0x04, 0x17)])
def test_6_1_session_less_commands_are_answered_in_the_same_format(command: tuple[int, int]) -> None:
    assert outside(Bmc(), command) == bytes(15)


@pytest.mark.parametrize("command", [DEVICE_ID, SET_PRIVILEGE, CLOSE, ACTIVATE, (0x00, 0x01)])
def test_6_1_anything_else_outside_a_session_gets_silence(command: tuple[int, int]) -> None:
    made = Bmc()
    assert outside(made, command, bytes(4)) is None
    assert not made.answered


def test_6_1_neither_a_response_nor_a_broken_message_is_answered() -> None:
    made = Bmc()
    request = lan_message.LanMessage(0x81, 6, 0, 0x20, 1, 0, 0x38, b"")
    assert made.ask(v20.wrap(0, 0, 0, lan_message.wrap_response(request, bytes(9)))) == []
    assert made.ask(v20.wrap(0, 0, 0, b"\x20\x18\xc8\x81\x04\x38\x8e\x04\x00")) == []


def test_6_5_a_disabled_channel_is_silent_and_v20_can_be_off_alone() -> None:
    made = Bmc()
    made.rules.v20 = False
    assert Console20(made).bmc.ask(v20.wrap(0x10, 0, 0, Console20(made).open_request())) == []
    assert outside(made, CAPABILITIES) is not None
    made.rules.open = False
    assert outside(made, CAPABILITIES) is None


def test_13_6_setup_messages_travel_in_clear() -> None:
    made = Bmc()
    packet = bytearray(v20.wrap(0x10, 0, 0, Console20(made).open_request()))
    for flag in (SIGNED, ENCRYPTED, SIGNED | ENCRYPTED):
        packet[5] = 0x10 | flag
        assert made.ask(bytes(packet)) == []
    assert not made.table.pending


# admission


class Broken(Confidentiality):
    """Payload fields that are signed well, but cannot be decrypted."""

    def encrypt(self, data: bytes) -> bytes:
        return bytes(17) if self.algorithm == 1 else (9999999).to_bytes(4, "little") + data


@pytest.mark.parametrize("suite", [2, 3, 7, 8, 11, 12, 16, 17])
def test_13_28_4_any_changed_bit_is_found_out(suite: int) -> None:
    console = logged_in(suite)
    packet = console.request()
    for place in range(4, len(packet)):
        changed = bytearray(packet)
        changed[place] ^= 0x01
        assert console.bmc.ask(bytes(changed)) == [], place
    assert not console.bmc.answered
    assert console.answer(packet) is not None


def test_13_28_4_a_signature_under_another_key_is_wrong() -> None:
    console = logged_in(2)
    packet = console.request()
    forged = packet[:-12] + integrity(1, b"another key", b"").sign(packet[4:-12])
    assert console.bmc.ask(forged) == []


@pytest.mark.parametrize("suite", [2, 3, 17])
def test_13_6_a_packet_that_ends_early_is_dropped(suite: int) -> None:
    console = logged_in(suite)
    packet = console.request()
    for size in range(len(packet)):
        assert console.bmc.ask(packet[:size]) == []
    assert console.answer(packet) is not None


def test_13_6_an_unknown_session_gets_silence() -> None:
    console = logged_in()
    console.sidc ^= 1
    assert console.answer() is None


def test_13_28_cleartext_in_an_encrypted_session_is_dropped() -> None:
    console = logged_in(3)
    assert console.answer(console.packet(console.asking(), encrypted=False)) is None
    assert console.answer(console.packet(console.asking(), encrypted=False, signed=False)) is None
    assert console.answer(console.packet(console.asking(), signed=False)) is None
    assert not console.bmc.answered
    console.sequence = 0
    assert console.answer() is not None


def test_13_28_an_unsigned_packet_in_a_signed_session_is_dropped() -> None:
    console = logged_in(2)
    assert console.answer(console.packet(console.asking(), signed=False)) is None


@pytest.mark.parametrize("flags", [SIGNED, ENCRYPTED, SIGNED | ENCRYPTED])
def test_13_28_a_flag_that_the_suite_does_not_have_is_dropped(flags: int) -> None:
    console = logged_in(1)
    packet = bytearray(console.request())
    packet[5] |= flags
    assert console.bmc.ask(bytes(packet) + bytes(20)) == []
    signed = logged_in(2)
    packet = bytearray(signed.request())
    packet[5] |= ENCRYPTED
    assert signed.bmc.ask(bytes(packet)) == []


@pytest.mark.parametrize("suite", [0, 2, 3, 8, 17])
def test_6_12_10_a_replay_gets_silence(suite: int) -> None:
    console = logged_in(suite)
    packet = console.request()
    assert console.answer(packet) is not None
    assert console.bmc.ask(packet) == []
    assert len(console.bmc.answered) == 1


@pytest.mark.parametrize("suite", [1, 3])
def test_8_the_window_is_fifteen_ahead_and_sixteen_behind(suite: int) -> None:
    console = logged_in(suite)

    def at(number: int) -> bool:
        return console.answer(console.packet(console.asking(), sequence=number)) is not None

    assert not at(0)
    assert not at(16)
    assert at(15)
    assert at(2)
    assert not at(2)
    assert not at(31)
    assert at(30)
    assert at(14)
    assert not at(13)
    assert not at(15)


def test_8_a_forged_packet_does_not_move_the_window() -> None:
    console = logged_in(3)
    packet = bytearray(console.packet(console.asking(), sequence=15))
    packet[-1] ^= 1
    assert console.bmc.ask(bytes(packet)) == []
    assert session_of(console).inbound.highest == 0


@pytest.mark.parametrize("suite", [3, 4])
def test_6_5_a_wrong_confidentiality_field_is_dropped(suite: int) -> None:
    console = logged_in(suite)
    good = console.cipher
    console.cipher = Broken(SUITES[suite].confidentiality)
    assert console.bmc.ask(console.request()) == []
    console.cipher = good
    assert console.answer() is not None


def test_13_8_a_message_with_a_wrong_checksum_is_dropped_and_keeps_nothing_alive() -> None:
    console = logged_in(3)
    message = bytearray(console.asking())
    message[-1] ^= 1
    assert console.bmc.ask(console.packet(bytes(message)), now=30.0) == []
    assert session_of(console).last_active == 0.0


def test_11_a_pad_counted_wrongly_is_accepted_if_it_is_signed() -> None:
    # Some controllers leave pad length and next header out when they count the pad.
    console = logged_in(2)
    packet = console.packet(console.asking())
    body, wrong = packet[:-12], b"\xff\xff\xff\x03\x07"
    body = body[: 16 + v20.parse(packet)[4] - v20.parse(packet)[3]] + wrong
    assert console.answer(body + console.signer.sign(body[4:])) is not None


def test_table_6_7_only_valid_packets_keep_a_session_alive() -> None:
    console = logged_in(3)
    made = console.bmc
    packet = console.request()
    assert made.ask(packet, now=50.0)
    made.ask(packet, now=100.0)
    forged = bytearray(console.request())
    forged[-1] ^= 1
    made.ask(bytes(forged), now=105.0)
    made.table.expire(109.9)
    assert made.table.sessions
    made.table.expire(110.0)
    assert not made.table.sessions
    (closed,) = [event for event in made.table.events() if isinstance(event, SessionClosed)]
    assert closed.reason is Reason.TIMED_OUT


def test_9_answers_go_to_where_the_latest_valid_packet_came_from() -> None:
    console = logged_in(3)
    forged = bytearray(console.request())
    forged[-1] ^= 1
    assert console.bmc.ask(bytes(forged), THERE) == []
    assert session_of(console).address == HERE
    console.address = THERE
    assert console.answer() is not None
    assert session_of(console).address == THERE


def test_22_19_the_answer_to_close_session_is_the_last_word() -> None:
    console = logged_in(3)
    assert console.answer(console.request(CLOSE, console.sidc.to_bytes(4, "little"))) == b"\0"
    assert console.answer() is None
    assert not console.bmc.table.sessions


def test_a_response_of_the_console_is_handed_over() -> None:
    console = logged_in(3)
    session = session_of(console)
    request = lan_message.wrap_request(0x0C, 0x20, b"\x00\x01\x01\x00", 3, rs_addr=0x81, rq_addr=0x20)
    console.bmc.table.send_message(session, request)
    ((packet, _),) = console.bmc.table.outgoing()
    flags, _, message = console.unwrap(packet)
    assert (flags, message) == (SIGNED | ENCRYPTED, request)
    response = lan_message.wrap_response(lan_message.unwrap(request), b"\0")
    assert console.bmc.ask(console.packet(response)) == []
    assert len(of(ResponseReceived, console.bmc.seen)) == 1


@pytest.mark.parametrize("suite", [2, 3])
def test_6_12_9_after_the_last_number_the_session_ends(suite: int) -> None:
    console = logged_in(suite)
    session = session_of(console)
    session.outbound = LAST - 2
    assert console.answer() is not None
    assert not session.closed
    (answer,) = console.bmc.ask(console.request())
    assert v20.parse(answer)[2] == LAST
    assert session.closed
    (closed,) = [event for event in console.bmc.seen if isinstance(event, SessionClosed)]
    assert closed.reason is Reason.OUT_OF_NUMBERS


# other payloads


def test_1_1_a_payload_that_was_not_activated_is_dropped() -> None:
    console = logged_in(3)
    for kind in (SOL, OEM0, 0x03, 0x3F):
        assert console.bmc.ask(console.packet(b"data", kind)) == []
    assert console.bmc.ask(console.packet(b"data", EXPLICIT, oem=(7, 1))) == []
    assert not payloads(console)


@pytest.mark.parametrize("suite", [0, 2, 3, 8, 17])
def test_1_1_an_activated_payload_passes(suite: int) -> None:
    console = logged_in(suite)
    table, session = console.bmc.table, session_of(console)
    table.admit_payload(session, SOL, authenticated=True, encrypted=True)
    table.admit_payload(session, OEM0, authenticated=True, encrypted=True)
    table.admit_payload(session, (0x123456, 0x0102), authenticated=True, encrypted=True)
    console.bmc.ask(console.packet(b"sol", SOL))
    console.bmc.ask(console.packet(b"oem", OEM0))
    console.bmc.ask(console.packet(b"explicit", EXPLICIT, oem=(0x123456, 0x0102)))
    console.bmc.ask(console.packet(b"stranger", EXPLICIT, oem=(0x123456, 0x0103)))
    seen = [(event.session, event.payload_type, event.oem, event.data) for event in payloads(console)]
    assert seen == [
        (session, SOL, None, b"sol"),
        (session, OEM0, None, b"oem"),
        (session, EXPLICIT, (0x123456, 0x0102), b"explicit"),
    ]
    table.refuse_payload(session, SOL)
    table.refuse_payload(session, SOL)
    console.bmc.ask(console.packet(b"late", SOL))
    assert len(payloads(console)) == 3


@pytest.mark.parametrize(
    ("authenticated", "encrypted", "passing"),
    [(False, False, [0x00, 0x40, 0xC0]), (True, False, [0x40, 0xC0]), (True, True, [0xC0])],
)
def test_24_1_packets_must_carry_what_was_activated(
    authenticated: bool, encrypted: bool, passing: list[int]
) -> None:
    console = logged_in(3)
    console.bmc.table.admit_payload(
        session_of(console), SOL, authenticated=authenticated, encrypted=encrypted
    )
    for signed, hidden in ((False, False), (True, False), (True, True)):
        console.bmc.ask(
            console.packet(bytes((0x40 * signed + 0x80 * hidden,)), SOL, signed=signed, encrypted=hidden)
        )
    # No suite encrypts without signing.
    console.bmc.ask(console.packet(b"\x80", SOL, signed=False, encrypted=True))
    assert [event.data[0] for event in payloads(console)] == passing


def test_13_28_signed_and_unsigned_packets_are_counted_apart() -> None:
    console = logged_in(3)
    console.bmc.table.admit_payload(session_of(console), SOL, authenticated=False, encrypted=False)
    for signed in (True, False, True, False):
        packet = console.packet(b"x", SOL, signed=signed, encrypted=False)
        console.bmc.ask(packet)
        console.bmc.ask(packet)
    assert len(payloads(console)) == 4
    assert (console.sequence, console.plain_sequence) == (2, 2)


def test_13_28_a_signed_payload_in_a_session_without_integrity_is_dropped() -> None:
    console = logged_in(1)
    console.bmc.table.admit_payload(session_of(console), SOL, authenticated=True, encrypted=True)
    packet = bytearray(console.packet(b"x", SOL))
    packet[5] |= SIGNED
    assert console.bmc.ask(bytes(packet) + bytes(16)) == []
    packet = bytearray(console.packet(b"y", SOL))
    console.bmc.ask(bytes(packet))
    assert [event.data for event in payloads(console)] == [b"y"]


def test_6_2_payload_packets_keep_the_session_alive() -> None:
    console = logged_in(3)
    console.bmc.table.admit_payload(session_of(console), SOL, authenticated=True, encrypted=True)
    console.bmc.ask(console.packet(b"x", SOL), now=40.0)
    assert session_of(console).last_active == 40.0


def test_an_unsigned_packet_does_not_redirect_a_session_that_signs() -> None:
    console = logged_in(3)
    session = session_of(console)
    console.bmc.table.admit_payload(session, SOL, authenticated=False, encrypted=False)
    console.bmc.ask(console.packet(b"x", SOL, signed=False, encrypted=False), THERE)
    assert session.address == HERE
    console.bmc.ask(console.packet(b"x", SOL), THERE)
    assert session.address == THERE
    plain = logged_in(1)
    plain.bmc.table.admit_payload(session_of(plain), SOL, authenticated=False, encrypted=False)
    plain.bmc.ask(plain.packet(b"x", SOL), THERE)
    assert session_of(plain).address == THERE


@pytest.mark.parametrize(
    ("authenticated", "encrypted", "flags"),
    [(False, False, 0), (True, False, SIGNED), (True, True, 0xC0), (False, True, 0xC0)],
)
def test_24_3_payloads_are_sent_as_protected_as_asked_for(
    authenticated: bool, encrypted: bool, flags: int
) -> None:
    console = logged_in(3)
    session = session_of(console)
    for payload, kind in ((SOL, SOL), ((0x123456, 7), EXPLICIT)):
        console.bmc.table.send_payload(
            session, payload, b"output", authenticated=authenticated, encrypted=encrypted
        )
        ((packet, address),) = console.bmc.table.outgoing()
        assert console.unwrap(packet)[::2] == (flags | kind, b"output")
        assert address == HERE
    assert v20.oem_of(packet) == (0x123456, 7)


def test_24_3_what_the_suite_does_not_have_is_left_away() -> None:
    for suite, flags in ((1, 0), (2, SIGNED)):
        console = logged_in(suite)
        table = console.bmc.table
        table.send_payload(session_of(console), SOL, b"x", authenticated=True, encrypted=True)
        ((packet, _),) = table.outgoing()
        assert console.unwrap(packet)[::2] == (flags | SOL, b"x")
