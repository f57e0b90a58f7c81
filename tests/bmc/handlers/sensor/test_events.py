"""Event commands (§29), byte for byte as consoles and system software see them."""

from __future__ import annotations

import pytest

from baseboard.rmcp import lan_message
from baseboard.rmcp.console_v20 import ConsoleV20
from tests.bmc.consoles import OPERATOR as OPERATOR_USER
from tests.bmc.consoles import LanBench, Terminal, make_lan_bmc
from tests.bmc.handlers.checks import (
    ADMINISTRATOR,
    LAN,
    OPERATOR,
    SYSTEM_INTERFACE,
    USER,
    check,
    check_lengths,
    check_level,
)
from tests.bmc.harness import Bench, make_bmc

SENSOR = 0x04
SET_RECEIVER, GET_RECEIVER, PLATFORM_EVENT = 0x00, 0x01, 0x02
EVENT = "04 01 30 01 57 60 5a"
"""A temperature over its upper non-critical threshold (a worked example)."""


def ask(bmc: Bench, cmd: int, data: str = "") -> bytes:
    return bmc.raw(SENSOR, cmd, bytes.fromhex(data), origin=bmc.origin(LAN))


def stored(bmc: Bench, record_id: int = 0) -> bytes:
    """A SEL entry from its generator ID on."""
    entry: bytes = bmc.services.sel.read(record_id)[0]
    return entry[7:]


def test_g_1_levels_and_lengths() -> None:
    check(make_bmc(), SENSOR, SET_RECEIVER, ADMINISTRATOR, (2,))
    check(make_bmc(), SENSOR, GET_RECEIVER, USER, (0,))
    check_level(make_bmc(), SENSOR, PLATFORM_EVENT, OPERATOR)
    check_lengths(make_bmc(), SENSOR, PLATFORM_EVENT, (5, 6, 7), LAN)
    check_lengths(make_bmc(), SENSOR, PLATFORM_EVENT, (6, 7, 8), SYSTEM_INTERFACE)


# Event receiver


def test_29_1_the_receiver_reads_back_and_survives() -> None:
    bmc = make_bmc()
    assert ask(bmc, GET_RECEIVER) == bytes.fromhex("00 20 00")
    assert ask(bmc, SET_RECEIVER, "ff 00") == b"\0"
    assert ask(bmc, GET_RECEIVER) == bytes.fromhex("00 ff 00")
    assert ask(bmc, SET_RECEIVER, "52 03") == b"\0"
    assert ask(bmc.reopen(), GET_RECEIVER) == bytes.fromhex("00 52 03")


def test_29_1_setting_it_rearms_the_sensors() -> None:
    bmc = make_bmc()
    rearmed: list[bool] = []
    bmc.services.events.on_receiver_set.append(lambda: rearmed.append(True))
    ask(bmc, SET_RECEIVER, "20 00")
    assert rearmed == [True]


# Platform Event


def test_29_3_system_software_names_itself() -> None:
    bmc = make_bmc()
    assert bmc.raw(SENSOR, PLATFORM_EVENT, bytes.fromhex("41" + EVENT)) == b"\0"
    assert stored(bmc) == bytes.fromhex("41 00 04 01 30 01 57 60 5a")


def send(console: Terminal, data: str) -> bytes:
    answer = console.ask(SENSOR, PLATFORM_EVENT, bytes.fromhex(data))
    assert answer is not None
    return answer


def lan() -> tuple[LanBench, Terminal]:
    bmc = make_lan_bmc()
    return bmc, bmc.login(OPERATOR_USER)


def test_29_3_a_console_is_known_by_its_address_and_its_channel() -> None:
    bmc, console = lan()
    assert send(console, EVENT) == b"\0"
    # software ID 81h, channel 1 and LUN 0
    assert stored(bmc) == bytes.fromhex("81 10 04 01 30 01 57 60 5a")


def test_29_3_data_that_are_missing_are_unspecified() -> None:
    bmc, console = lan()
    assert send(console, "04 07 02 6f 01") == b"\0"
    assert send(console, "04 07 02 ef 01 02") == b"\0"
    assert stored(bmc, 1)[2:] == bytes.fromhex("04 07 02 6f 01 ff ff")
    assert stored(bmc, 2)[2:] == bytes.fromhex("04 07 02 ef 01 02 ff")


def test_29_3_an_event_of_v1_0_is_kept_as_one_of_v1_5() -> None:
    bmc, console = lan()
    assert send(console, "03" + EVENT[2:]) == b"\0"
    assert stored(bmc)[2] == 0x04


@pytest.mark.parametrize("revision", ["00", "01", "02", "05", "ff"])
def test_29_3_events_of_other_revisions_are_refused(revision: str) -> None:
    bmc, console = lan()
    assert send(console, revision + EVENT[2:]) == b"\xcc"
    assert bmc.raw(SENSOR, PLATFORM_EVENT, bytes.fromhex("41" + revision + EVENT[2:])) == b"\xcc"
    assert len(bmc.services.sel) == 0


def test_31_a_full_log_does_not_make_it_fail() -> None:
    bmc = make_lan_bmc(sel_capacity=1)
    console = bmc.login(OPERATOR_USER)
    assert send(console, EVENT) == b"\0"
    assert send(console, EVENT) == b"\0"
    assert bmc.services.sel.overflow


def test_22_1_with_logging_off_only_events_of_the_system_interface_are_logged() -> None:
    bmc, console = lan()
    bmc.raw(0x06, 0x2E, b"\x00")
    assert send(console, EVENT) == b"\0"
    assert len(bmc.services.sel) == 0
    assert bmc.raw(SENSOR, PLATFORM_EVENT, bytes.fromhex("41" + EVENT)) == b"\0"
    assert len(bmc.services.sel) == 1


def repeat(bmc: LanBench, console: Terminal, rq_seq: int, data: str = EVENT) -> None:
    """Send Platform Event under a sequence number of the test's choice."""
    message = lan_message.wrap_request(SENSOR, PLATFORM_EVENT, bytes.fromhex(data), rq_seq)
    assert isinstance(console.console, ConsoleV20)
    before = bmc.services.lan.statistics.sent
    console.console.send_payload(0, message, bmc.clock.now())
    bmc.settle()
    assert bmc.services.lan.statistics.sent == before + 1


def test_29_3_an_event_that_is_sent_again_is_answered_and_not_logged_again() -> None:
    bmc, console = lan()
    for _ in range(3):
        repeat(bmc, console, 17)
    assert len(bmc.services.sel) == 1
    repeat(bmc, console, 18)
    assert len(bmc.services.sel) == 2
    repeat(bmc, console, 17)
    assert len(bmc.services.sel) == 3


def test_29_3_another_event_session_or_time_is_no_repetition() -> None:
    bmc, console = lan()
    other = bmc.login(OPERATOR_USER)
    repeat(bmc, console, 17)
    repeat(bmc, console, 17, "04 01 31 01 57 60 5a")
    assert len(bmc.services.sel) == 2
    repeat(bmc, other, 17, "04 01 31 01 57 60 5a")
    assert len(bmc.services.sel) == 3
    bmc.advance(6)
    repeat(bmc, other, 17, "04 01 31 01 57 60 5a")
    assert len(bmc.services.sel) == 4


def test_29_3_the_host_may_send_the_same_event_twice() -> None:
    bmc = make_bmc()
    for _ in range(2):
        bmc.raw(SENSOR, PLATFORM_EVENT, bytes.fromhex("41" + EVENT))
    assert len(bmc.services.sel) == 2


def test_29_3_an_event_whose_sender_is_unknown_is_not_accepted() -> None:
    assert ask(make_bmc(), PLATFORM_EVENT, EVENT) == b"\xd5"
