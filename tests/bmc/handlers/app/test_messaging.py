"""The BMC as a mailbox (§22.1-22.6, §22.8), byte for byte as system software sees it."""

from __future__ import annotations

import pytest

from baseboard.rmcp import lan_message
from tests.bmc.handlers.checks import HOST, LAN, USER, check
from tests.bmc.harness import Bench, make_bmc

APP = 0x06
SET_ENABLES, GET_ENABLES, CLEAR_FLAGS, GET_FLAGS = 0x2E, 0x2F, 0x30, 0x31
ENABLE_RECEIVE, GET_MESSAGE, READ_EVENT = 0x32, 0x33, 0x35
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


def test_22_5_the_host_reads_its_ipmb_without_enabling_it_first() -> None:
    bmc = make_bmc()
    assert ask(bmc, ENABLE_RECEIVE, "00 02") == bytes.fromhex("00 00 01")
    assert ask(bmc, ENABLE_RECEIVE, "0f 02") == bytes.fromhex("00 0f 00")


def test_22_6_messages_come_out_in_their_order() -> None:
    bmc = make_bmc()
    bmc.services.messaging.put_message(LAN, 4, MESSAGE)
    bmc.services.messaging.put_message(0, 0, MESSAGE[1:])
    assert ask(bmc, GET_MESSAGE) == bytes((0, 0x41)) + MESSAGE
    assert ask(bmc, GET_MESSAGE) == bytes((0, 0x00)) + MESSAGE[1:]
    assert ask(bmc, GET_MESSAGE) == b"\x80"
