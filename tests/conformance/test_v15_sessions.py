"""Packets of a v1.5 session: numbers, AuthCodes, authentication disabled, time-out (§6.12.4, §6.12.8 ff.)."""

from __future__ import annotations

import pytest

from baseboard.rmcp import lan_message, v15
from baseboard.rmcp.session import SessionV15
from baseboard.rmcp.window import WindowV15
from baseboard.testing.raw_console import RawConsoleV15
from tests.conformance.bench import (
    APP,
    ELSEWHERE,
    GET_DEVICE_ID,
    LAN,
    MD2,
    MD5,
    NONE,
    PASSWORD,
    VIEWER,
    WholeBmc,
    alive,
    bench,
    set_level,
)

TYPES = pytest.mark.parametrize("auth_type", [NONE, MD2, MD5, PASSWORD])
# Set Channel Access byte 2: volatile, always available, and what is disabled.
PER_MESSAGE, USER_LEVEL = 0x80 | 0x10 | 2, 0x80 | 0x08 | 2


def answered(console: RawConsoleV15, number: int) -> bool:
    """Whether a good packet of that number is answered."""
    return console.send(console.packet(console.message(*GET_DEVICE_ID), sequence=number)) is not None


@TYPES
def test_6_12_9_the_first_packet_carries_the_initial_number_and_each_counts(auth_type: int) -> None:
    console = bench().in_v15(auth_type=auth_type)
    first = console.inbound
    for number in range(5):
        assert alive(console)
        assert console.inbound == first + number + 1
        assert console.sequence == 0x1000 + number + 1


@TYPES
def test_6_12_10_a_replay_gets_silence(auth_type: int) -> None:
    bmc = bench()
    console = bmc.in_v15(auth_type=auth_type, level=4)
    add = console.packet(console.message(0x0A, 0x44, bytes(16)))
    assert console.send(add) is not None
    for _ in range(3):
        assert console.send(add) is None
    entries = bmc.system(0x40, netfn=0x0A)
    assert int.from_bytes(entries[2:4], "little") == 1, "and it is not executed again"


def test_6_12_10_a_duplicate_number_is_dropped_even_if_the_packet_is_another() -> None:
    console = bench().in_v15()
    number = console.inbound
    assert answered(console, number)
    assert console.send(console.packet(console.message(APP, 0x37), sequence=number)) is None


def test_6_12_10_a_retry_under_a_new_number_is_executed_again() -> None:
    bmc = bench()
    console = bmc.in_v15(level=4)
    message = console.message(0x0A, 0x44, bytes(16))
    assert [console.send(console.packet(message)) is None for _ in range(2)] == [False, False]
    assert int.from_bytes(bmc.system(0x40, netfn=0x0A)[2:4], "little") == 2


@TYPES
def test_6_12_12_the_window_is_eight_either_way(auth_type: int) -> None:
    console = bench().in_v15(auth_type=auth_type)
    first = console.inbound
    assert not answered(console, first + 8), "nine above the highest"
    assert answered(console, first + 7), "eight above"
    highest = first + 7
    assert answered(console, first), "seven below, not seen"
    assert not answered(console, first)
    assert not answered(console, first - 1), "the eight before the first count as seen"
    assert answered(console, highest + 8)
    assert not answered(console, highest - 1), "nine below"
    assert not answered(console, highest), "eight below, but seen"
    assert answered(console, highest + 1)
    assert not answered(console, 0)


def test_6_12_9_numbers_wrap_and_leave_zero_out() -> None:
    bmc = bench()
    console = bmc.in_v15(outbound=0xFFFFFFFE)
    (session,) = bmc.sessions
    assert isinstance(session, SessionV15)
    session.inbound, console.inbound = WindowV15(0xFFFFFFFE), 0xFFFFFFFE
    seen = []
    for _ in range(4):
        assert alive(console)
        seen.append(console.sequence)
    assert seen == [0xFFFFFFFF, 1, 2, 3]
    assert console.inbound == 3


@pytest.mark.parametrize("auth_type", [MD2, MD5, PASSWORD])
def test_6_12_11_a_forged_packet_does_not_move_the_window(auth_type: int) -> None:
    console = bench().in_v15(auth_type=auth_type)
    first = console.inbound
    for ahead in (7, 8, 100):
        message = console.message(*GET_DEVICE_ID)
        assert console.send(console.packet(message, sequence=first + ahead, password=b"?")) is None
    assert answered(console, first)
    assert answered(console, first + 8)


@pytest.mark.parametrize("auth_type", [MD2, MD5, PASSWORD])
def test_13_6_every_byte_of_the_authcode_counts(auth_type: int) -> None:
    console = bench().in_v15(auth_type=auth_type)
    packet = console.packet(console.message(*GET_DEVICE_ID))
    for place in range(13, 29):
        assert console.send(packet[:place] + bytes((packet[place] ^ 1,)) + packet[place + 1 :]) is None
    assert console.send(packet) is not None


@pytest.mark.parametrize("auth_type", [MD2, MD5])
def test_22_17_1_header_and_message_are_hashed(auth_type: int) -> None:
    """Number, session ID and message: the password alone, without them, proves nothing."""
    console = bench().in_v15(auth_type=auth_type)
    packet = console.packet(console.message(*GET_DEVICE_ID))
    number = int.from_bytes(packet[5:9], "little") + 1
    assert console.send(packet[:5] + number.to_bytes(4, "little") + packet[9:]) is None
    alien = console.packet(console.message(*GET_DEVICE_ID), session_id=console.session_id ^ 1)
    assert console.send(alien[:9] + console.session_id.to_bytes(4, "little") + alien[13:]) is None
    message = packet[30:]
    changed = console.message(APP, 0x04)
    assert len(message) == len(changed)
    assert console.send(packet[:30] + changed) is None
    assert console.send(packet) is not None


def test_9_another_session_id_gets_silence() -> None:
    bmc = bench()
    console = bmc.in_v15()
    for number in (0, 1, console.session_id ^ 1, console.session_id ^ 0x80000000, console.temporary):
        packet = console.packet(console.message(*GET_DEVICE_ID), session_id=number, sequence=console.inbound)
        assert console.send(packet) is None
    assert alive(console)


@pytest.mark.parametrize("negotiated", [MD2, MD5, PASSWORD])
def test_6_12_4_a_packet_of_another_type_is_dropped(negotiated: int) -> None:
    bmc = bench()
    console = bmc.in_v15(auth_type=negotiated)
    for auth_type in {NONE, MD2, MD5, PASSWORD} - {negotiated}:
        packet = console.packet(console.message(*GET_DEVICE_ID), auth_type=auth_type)
        assert console.send(packet) is None
    assert alive(console)


@TYPES
def test_6_12_4_the_answer_has_the_type_of_the_request(auth_type: int) -> None:
    bmc = bench()
    bmc.system(0x40, bytes((LAN, PER_MESSAGE, 0)))
    console = bmc.in_v15(auth_type=auth_type)
    for kind in {NONE, auth_type}:
        answer = console.send(console.packet(console.message(*GET_DEVICE_ID), auth_type=kind))
        assert answer is not None
        assert v15.unwrap(answer).auth_type == kind
        assert console.unwrap(answer)[0] == 0


def disabled(byte: int) -> tuple[WholeBmc, RawConsoleV15]:
    bmc = bench()
    assert bmc.system(0x40, bytes((LAN, byte, 0))) == b"\0"
    return bmc, bmc.in_v15()


def plain(console: RawConsoleV15, command: tuple[int, int], data: bytes = b"") -> bytes | None:
    """Send a request in a packet of type none."""
    answer = console.send(console.packet(console.message(*command, data), auth_type=NONE))
    return None if answer is None else console.unwrap(answer)


def test_6_12_4_both_enabled_every_packet_must_be_authenticated() -> None:
    _, console = disabled(0x82)
    assert console.told == MD5
    assert plain(console, GET_DEVICE_ID) is None
    assert alive(console)


def test_6_12_4_per_message_authentication_disabled() -> None:
    bmc, console = disabled(PER_MESSAGE)
    assert console.told == NONE
    answer = plain(console, (APP, 0x3B), b"\x04")
    assert answer == b"\0\x04", "every command may come without"
    assert plain(console, (0x0A, 0x44), bytes(16)) == b"\0\x01\x00"
    assert alive(console), "authenticated packets are accepted too,"
    wrong = console.packet(console.message(*GET_DEVICE_ID), password=b"wrong")
    assert console.send(wrong) is None, "and verified"
    assert bmc.v15(auth_type=MD2).login() == [0, 0], "Activate Session is authenticated all the same"
    forged = bmc.v15()
    forged.get_challenge()
    forged.auth_type = NONE
    assert forged.activate() is None


def test_6_12_4_a_plain_packet_still_needs_the_right_session_and_a_number_in_the_window() -> None:
    _, console = disabled(PER_MESSAGE)
    message = console.message(*GET_DEVICE_ID)
    number = console.inbound
    assert console.send(console.packet(message, auth_type=NONE)) is not None
    for wrong in (number, number + 9, number - 1, 0):
        assert console.send(console.packet(message, auth_type=NONE, sequence=wrong)) is None
    stranger = console.packet(message, auth_type=NONE, session_id=console.session_id ^ 2)
    assert console.send(stranger) is None


def test_6_12_4_user_level_authentication_disabled() -> None:
    _, console = disabled(USER_LEVEL)
    assert console.told == MD5
    answer = plain(console, GET_DEVICE_ID)
    assert answer is not None
    assert answer[0] == 0
    assert plain(console, (APP, 0x38), b"\x8e\x04") is not None
    assert set_level(console, 4) == b"\0\x04"
    # Add SEL Entry is an operator's, Get User Name too; they stay silent even in an administrator's session.
    assert plain(console, (0x0A, 0x44), bytes(16)) is None
    assert plain(console, (APP, 0x46), b"\x02") is None
    assert console.ask(APP, 0x46, b"\x02") is not None
    unknown = plain(console, (APP, 0xEE))
    assert unknown is None, "what nobody knows is at no level"


def test_6_12_4_a_plain_packet_never_counts_for_more_than_user_level() -> None:
    """A session may have been raised; whoever sends unauthenticated packets in it has proved nothing."""
    bmc, console = disabled(USER_LEVEL)
    other = bmc.in_v15(VIEWER, address=ELSEWHERE)
    assert set_level(console, 4) == b"\0\x04"
    close_other = ((APP, 0x3C), other.session_id.to_bytes(4, "little"))
    assert plain(console, *close_other) == b"\xd4"
    inner = lan_message.wrap_request(APP, 0x01, b"", 1)
    to_a_console = ((APP, 0x34), bytes((LAN, bmc.sessions[1].handle)) + inner)
    assert plain(console, *to_a_console) == b"\xd4", "Send Message is an operator's on other channels"
    assert alive(other)
    assert console.ask(*close_other[0], close_other[1]) == b"\0"


def test_22_6_the_level_of_a_message_for_system_software_is_inferred() -> None:
    bmc, console = disabled(USER_LEVEL)
    assert set_level(console, 4) == b"\0\x04"
    inner = lan_message.wrap_request(APP, 0x01, b"", 1)
    send = ((APP, 0x34), b"\x0f" + inner)
    assert plain(console, *send) == b"\0"
    assert console.ask(*send[0], send[1]) == b"\0"
    # Get Message byte 2: inferred level and channel; then the session handle and the message.
    first, second = bmc.system(0x33), bmc.system(0x33)
    assert first == bytes((0, 2 << 4 | LAN, bmc.sessions[0].handle)) + inner
    assert second == bytes((0, 4 << 4 | LAN, bmc.sessions[0].handle)) + inner


def test_6_12_4_per_message_disabled_comes_before_user_level() -> None:
    _, console = disabled(PER_MESSAGE | USER_LEVEL)
    assert console.told == NONE
    assert plain(console, (APP, 0x3B), b"\x04") == b"\0\x04"


def test_6_12_4_v20_sessions_do_not_know_these_switches() -> None:
    bmc, _ = disabled(PER_MESSAGE | USER_LEVEL)
    console = bmc.in_v20(suite=3)
    packet = console.packet(console.message(*GET_DEVICE_ID), signed=False, encrypted=False)
    assert console.send(packet) is None


def test_table_6_7_a_silent_session_ends_after_a_minute() -> None:
    bmc = bench()
    console = bmc.in_v15()
    bmc.advance(57)
    assert bmc.sessions
    assert alive(console)
    bmc.advance(57)
    assert bmc.sessions, "a valid packet starts the minute again"
    bmc.advance(6)
    assert not bmc.sessions
    assert bmc.sent == [], "the console is not told"
    assert console.ask(*GET_DEVICE_ID) is None


def test_table_6_7_what_is_dropped_does_not_keep_a_session() -> None:
    bmc = bench()
    console = bmc.in_v15()
    used = console.packet(console.message(*GET_DEVICE_ID))
    assert console.send(used) is not None
    bmc.advance(50)
    message = console.message(*GET_DEVICE_ID)
    for wrong in (
        used,
        console.packet(message, sequence=console.inbound + 9),
        console.packet(message, password=b"wrong"),
        console.packet(message, auth_type=NONE),
        console.packet(message[:-1] + bytes((message[-1] ^ 1,))),
        console.packet(message, session_id=console.session_id ^ 1),
    ):
        assert console.send(wrong) is None
    assert bmc.v15().ask_outside(APP, 0x38, b"\x8e\x04") is not None
    bmc.advance(13)
    assert not bmc.sessions


def test_table_6_7_nor_does_what_the_bmc_sends() -> None:
    bmc = bench()
    console = bmc.in_v15()
    bmc.advance(50)
    (session,) = bmc.sessions
    message = console.message(*GET_DEVICE_ID)
    # Send Message from system software to this console.
    assert bmc.system(0x34, bytes((LAN, session.handle)) + message) == b"\0"
    assert len(bmc.sent) == 1
    bmc.advance(13)
    assert not bmc.sessions


def test_9_the_session_follows_the_console_to_where_its_latest_valid_packet_came_from() -> None:
    bmc = bench()
    console = bmc.in_v15()
    console.address = ELSEWHERE
    assert alive(console)
    assert bmc.sessions[0].address == ELSEWHERE
    forged = console.packet(console.message(*GET_DEVICE_ID), password=b"wrong")
    assert bmc.carry(forged, ("192.0.2.66", 6)) == []
    assert bmc.sessions[0].address == ELSEWHERE


def test_13_8_an_answer_carries_the_requests_number_and_another_requests_addresses() -> None:
    console = bench().in_v15()
    message = console.message(*GET_DEVICE_ID, rq_addr=0x85, rq_lun=1)
    answer = console.send(console.packet(message))
    assert answer is not None
    assert v15.unwrap(answer).message[:5] == bytes((0x85, 0x1D, 0x5E, 0x20, console.rq_seq << 2))
