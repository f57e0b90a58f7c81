"""The BMC as a mailbox (§22.1-22.8), byte for byte as system software and consoles see it."""

from __future__ import annotations

import pytest

from baseboard.rmcp import lan_message
from baseboard.rmcp.console_events import RequestArrived
from tests.bmc.consoles import ADMIN, OPERATOR, VIEWER, LanBench, Terminal, make_lan_bmc
from tests.bmc.handlers.checks import HOST, LAN, USER, check
from tests.bmc.harness import Bench, make_bmc

APP = 0x06
SET_ENABLES, GET_ENABLES, CLEAR_FLAGS, GET_FLAGS = 0x2E, 0x2F, 0x30, 0x31
ENABLE_RECEIVE, GET_MESSAGE, SEND, READ_EVENT = 0x32, 0x33, 0x34, 0x35
EVENT = bytes.fromhex("41 04 01 30 01 57 60 5a")
"""Platform Event of system software: a temperature over its threshold."""

# Get Device ID of a console (software ID 81h) for system software (20h, LUN 10b), sequence number 5
MESSAGE = lan_message.wrap_request(APP, 0x01, b"", 5, rs_lun=2)


def ask(bmc: Bench, cmd: int, data: str | bytes = "") -> bytes:
    """A request through the system interface."""
    return bmc.raw(APP, cmd, data if isinstance(data, bytes) else bytes.fromhex(data))


@pytest.mark.parametrize(
    ("cmd", "level", "lengths"),
    [
        (SET_ENABLES, HOST, (1,)),
        (GET_ENABLES, USER, (0,)),
        (CLEAR_FLAGS, HOST, (1,)),
        (GET_FLAGS, HOST, (0,)),
        (ENABLE_RECEIVE, HOST, (2,)),
        (GET_MESSAGE, HOST, (0,)),
        (READ_EVENT, HOST, (0,)),
    ],
)
def test_g_1_levels_and_lengths(cmd: int, level: int, lengths: tuple[int, ...]) -> None:
    check(make_bmc(), APP, cmd, level, lengths)


# Enables and flags


def test_22_1_events_are_logged_and_nothing_else_is_on_at_first() -> None:
    assert ask(make_bmc(), GET_ENABLES) == bytes.fromhex("00 08")


@pytest.mark.parametrize("enables", range(16))
def test_22_1_every_enable_reads_back(enables: int) -> None:
    bmc = make_bmc()
    assert ask(bmc, SET_ENABLES, bytes((enables,))) == b"\0"
    assert ask(bmc, GET_ENABLES) == bytes((0, enables))


@pytest.mark.parametrize("enables", [0x28, 0x48, 0x88, 0xE8])
def test_22_1_there_are_no_oem_enables(enables: int) -> None:
    bmc = make_bmc()
    assert ask(bmc, SET_ENABLES, bytes((enables,))) == b"\xcc"
    assert ask(bmc, GET_ENABLES) == bytes.fromhex("00 08")


def test_22_4_flags_tell_what_waits_and_22_3_clears_it() -> None:
    bmc = make_bmc()
    ask(bmc, SET_ENABLES, "0c")
    assert ask(bmc, GET_FLAGS) == b"\0\0"
    bmc.services.messaging.put_message(LAN, 4, MESSAGE)
    bmc.raw(0x04, 0x02, EVENT)
    bmc.services.messaging.watchdog_pretimeout()
    assert ask(bmc, GET_FLAGS) == b"\0\x0b"
    assert ask(bmc, CLEAR_FLAGS, "08") == b"\0"
    assert ask(bmc, GET_FLAGS) == b"\0\x03"
    assert ask(bmc, CLEAR_FLAGS, "02") == b"\0"
    assert ask(bmc, READ_EVENT) == b"\x80"
    assert ask(bmc, CLEAR_FLAGS, "01") == b"\0"
    assert ask(bmc, GET_MESSAGE) == b"\x80"
    assert ask(bmc, GET_FLAGS) == b"\0\0"


def test_22_4_a_disabled_event_buffer_is_never_full() -> None:
    bmc = make_bmc()
    ask(bmc, SET_ENABLES, "0c")
    bmc.raw(0x04, 0x02, EVENT)
    ask(bmc, SET_ENABLES, "08")
    assert ask(bmc, GET_FLAGS) == b"\0\0"


# The event buffer


def test_22_8_the_buffer_holds_the_first_event_until_it_is_read() -> None:
    bmc = make_bmc()
    assert ask(bmc, READ_EVENT) == b"\x80"
    ask(bmc, SET_ENABLES, "0c")
    bmc.raw(0x04, 0x02, EVENT)
    bmc.raw(0x04, 0x02, EVENT)
    answer = ask(bmc, READ_EVENT)
    assert answer[:4] == bytes.fromhex("00 01 00 02")
    # generator ID of system software, EvMRev and what follows it in the event message
    assert answer[8:] == bytes.fromhex("41 00 04 01 30 01 57 60 5a")
    assert ask(bmc, READ_EVENT) == b"\x80"
    assert ask(bmc, GET_FLAGS) == b"\0\0"


def test_22_8_an_event_that_found_no_room_in_the_log_has_the_id_ffffh() -> None:
    bmc = make_bmc(sel_capacity=0)
    ask(bmc, SET_ENABLES, "0c")
    assert bmc.raw(0x04, 0x02, EVENT) == b"\0"
    assert ask(bmc, READ_EVENT)[1:3] == b"\xff\xff"


# The receive queue


def test_22_5_a_channel_is_taken_from_or_not() -> None:
    bmc = make_bmc()
    assert ask(bmc, ENABLE_RECEIVE, "01 02") == bytes.fromhex("00 01 01")
    assert ask(bmc, ENABLE_RECEIVE, "01 00") == bytes.fromhex("00 01 00")
    assert ask(bmc, ENABLE_RECEIVE, "01 02") == bytes.fromhex("00 01 00")
    assert ask(bmc, ENABLE_RECEIVE, "00 01") == bytes.fromhex("00 00 01")
    assert ask(bmc, ENABLE_RECEIVE, "00 02") == bytes.fromhex("00 00 01")
    assert ask(bmc, ENABLE_RECEIVE, "01 03") == b"\xcc"
    assert ask(bmc, ENABLE_RECEIVE, "05 02") == b"\xcc"


def lan_bmc() -> tuple[LanBench, Terminal]:
    bmc = make_lan_bmc()
    return bmc, bmc.login(VIEWER)


def test_22_7_a_console_reaches_system_software_at_user_level() -> None:
    bmc, console = lan_bmc()
    assert console.ask(APP, SEND, b"\x0f" + MESSAGE) == b"\0"
    assert ask(bmc, GET_FLAGS) == b"\0\x01"
    # User level and channel 1; session handle, then the message (Tables 22-7 and 22-8)
    assert ask(bmc, GET_MESSAGE) == bytes((0, 0x21, console.session.handle)) + MESSAGE
    assert ask(bmc, GET_MESSAGE) == b"\x80"
    assert ask(bmc, GET_FLAGS) == b"\0\0"


def test_22_7_a_queue_that_is_full_or_closed_is_no_destination() -> None:
    bmc, console = lan_bmc()
    answers = [console.ask(APP, SEND, b"\x0f" + MESSAGE) for _ in range(17)]
    assert answers == [b"\0"] * 16 + [b"\xd3"]
    ask(bmc, CLEAR_FLAGS, "01")
    ask(bmc, ENABLE_RECEIVE, "01 00")
    assert console.ask(APP, SEND, b"\x0f" + MESSAGE) == b"\xd3"


def test_22_7_system_software_reaches_a_console_by_its_session_handle() -> None:
    bmc, console = lan_bmc()
    other = bmc.login(ADMIN)
    request = lan_message.wrap_request(APP, 0x01, b"\x05", 7, rs_addr=0x81, rq_addr=0x20, rq_lun=2)
    for encryption in ("01", "31"):
        data = bytes.fromhex(encryption) + bytes((console.session.handle,)) + request
        assert ask(bmc, SEND, data) == b"\0"
    bmc.settle()
    arrived = [event.message for event in console.events if isinstance(event, RequestArrived)]
    assert [(one.netfn, one.cmd, one.rq_seq, one.rq_lun, one.data) for one in arrived] == [
        (APP, 0x01, 7, 2, b"\x05")
    ] * 2
    assert not any(isinstance(event, RequestArrived) for event in other.events)


@pytest.mark.parametrize(
    ("suite", "version", "flags", "code"),
    [
        (17, 20, 0x31, 0x00),
        (2, 20, 0x11, 0x00),  # HMAC-SHA1-96 without confidentiality
        (2, 20, 0x21, 0xCC),
        (0, 20, 0x11, 0xCC),
        (0, 15, 0x11, 0x00),  # v1.5 with MD5
        (0, 15, 0x21, 0xCC),
    ],
)
def test_22_7_protection_that_the_session_does_not_have_is_refused(
    suite: int, version: int, flags: int, code: int
) -> None:
    bmc = make_lan_bmc()
    console = bmc.login(ADMIN, suite, version=version)
    data = bytes((flags, console.session.handle)) + MESSAGE
    assert ask(bmc, SEND, data) == bytes((code,))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", 0xC7),
        (b"\x01", 0xC7),  # no session handle
        (b"\x01\xfe" + MESSAGE, 0x80),  # no such session
        (b"\x0f" + MESSAGE[:6], 0xC7),
        (b"\x0f" + MESSAGE[:-1] + b"\0", 0xCC),  # wrong checksum
        (b"\x8f" + MESSAGE, 0xCC),  # raw
        (b"\xcf" + MESSAGE, 0xCC),  # reserved
        (b"\x05" + MESSAGE, 0xCC),  # no such channel
        (b"\x00" + MESSAGE, 0x83),  # nobody is on the IPMB
        (b"\x40" + MESSAGE, 0x83),
        (b"\x00" + MESSAGE[:6], 0xC7),
        (b"\x00" + MESSAGE[:-1] + b"\0", 0xCC),
    ],
)
def test_22_7_what_cannot_be_sent(data: bytes, code: int) -> None:
    bmc = make_lan_bmc()
    admin = bmc.login(ADMIN)
    assert admin.ask(APP, SEND, data) == bytes((code,))


def test_22_7_a_channel_that_nobody_serves_is_no_destination() -> None:
    assert ask(make_bmc(), SEND, b"\x01\x01" + MESSAGE) == b"\xd3"


def test_22_7_a_broken_message_reaches_no_console() -> None:
    bmc, console = lan_bmc()
    data = bytes((0x01, console.session.handle)) + MESSAGE[:-1] + b"\0"
    assert ask(bmc, SEND, data) == b"\xcc"


@pytest.mark.parametrize("channel", [0x00, 0x01, 0x0E])
def test_g_1_other_channels_than_the_system_interface_need_operator(channel: int) -> None:
    bmc, viewer = lan_bmc()
    operator = bmc.login(OPERATOR)
    data = bytes((channel, viewer.session.handle)) + MESSAGE
    assert viewer.ask(APP, SEND, data) == b"\xd4"
    answer = operator.ask(APP, SEND, data)
    assert answer is not None
    assert answer != b"\xd4"


def test_g_1_a_callback_session_sends_nothing() -> None:
    bmc = make_bmc()
    assert bmc.raw(APP, SEND, b"\x0f" + MESSAGE, origin=bmc.origin(LAN, 1)) == b"\xd4"


def test_22_5_the_host_sends_itself_nothing_unless_it_takes_from_its_own_channel() -> None:
    bmc = make_bmc()
    for size in range(7, 40):
        assert ask(bmc, SEND, b"\x0f" + lan_message.wrap_request(APP, 1, bytes(size - 7), 1)) == b"\xd3"
