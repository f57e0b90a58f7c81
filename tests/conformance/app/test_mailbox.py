"""The BMC as the system software's mailbox: enables, flags, event buffer, receive queue (§22.1 to §22.8)."""

from __future__ import annotations

import pytest

from baseboard.commands.app.messaging import (
    ClearMessageFlags,
    EnableMessageChannelReceive,
    GetBmcGlobalEnables,
    GetMessageFlags,
    ReadEventMessageBuffer,
    SetBmcGlobalEnables,
)
from baseboard.rmcp import lan_message
from tests.conformance.bench import APP, LAN, OPERATOR, VIEWER, WholeBmc, bench
from tests.conformance.marks import exercises

SET, GET, CLEAR, FLAGS, RECEIVE, GET_MESSAGE, SEND, BUFFER = 0x2E, 0x2F, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35
QUEUE, FULL, PRETIMEOUT = 0x01, 0x02, 0x08
LOGGING, USE_BUFFER = 0x08, 0x04
EVENT = bytes.fromhex("41 04 05 51 6f 00 ff ff")
SYSTEM = 0xF


def publish(bmc: WholeBmc) -> None:
    """An event message through the system interface: software ID, and a chassis intrusion."""
    assert bmc.raw(0x04, 0x02, EVENT) == b"\0"


def message(bmc: WholeBmc) -> None:
    """A console's message for system software."""
    whole = lan_message.wrap_request(0x06, 0x01, b"", 5, rs_lun=2, rq_addr=0x81, rq_lun=0)
    console = bmc.in_v20(seed=5)
    assert console.ask(APP, SEND, bytes((SYSTEM,)) + whole) == b"\0"


# ---- 22.1, 22.2


@exercises(SetBmcGlobalEnables, GetBmcGlobalEnables)
@pytest.mark.parametrize("enables", range(16))
def test_22_1_enables_read_back(enables: int) -> None:
    bmc = bench()
    assert bmc.system(GET) == bytes((0, LOGGING)), "after power-up events are logged, and nothing else is on"
    assert bmc.system(SET, bytes((enables,))) == b"\0"
    assert bmc.system(GET) == bytes((0, enables))


@exercises(SetBmcGlobalEnables)
def test_22_1_event_logging_is_on_and_off_but_what_system_software_sends_is_logged_in_any_case() -> None:
    bmc = bench()
    for enables, logged in ((0, 0), (LOGGING, 1)):
        bmc.system(SET, bytes((enables,)))
        before = len(bmc.services.sel)
        console = bmc.in_v20(OPERATOR, level=3, seed=enables + 3)
        assert console.ask(0x04, 0x02, EVENT[1:]) == b"\0"
        assert len(bmc.services.sel) - before == logged
    bmc.system(SET, b"\0")
    before = len(bmc.services.sel)
    publish(bmc)
    assert len(bmc.services.sel) == before + 1


@exercises(SetBmcGlobalEnables)
@pytest.mark.parametrize("bit", [0x20, 0x40, 0x80])
def test_22_1_oem_enables_are_not_supported(bit: int) -> None:
    bmc = bench()
    assert bmc.system(SET, bytes((LOGGING | bit,))) == b"\xcc"
    assert bmc.system(GET) == bytes((0, LOGGING))


@exercises(SetBmcGlobalEnables, GetBmcGlobalEnables)
def test_22_1_a_restart_brings_the_default_back() -> None:
    bmc = bench()
    bmc.system(SET, b"\x0f")
    assert bmc.reopened().system(GET) == bytes((0, LOGGING))


# ---- 22.3, 22.4, 22.8


@exercises(GetMessageFlags, ReadEventMessageBuffer, SetBmcGlobalEnables)
def test_22_8_the_buffer_holds_one_event_until_it_is_read() -> None:
    bmc = bench()
    publish(bmc)
    assert bmc.system(FLAGS) == b"\0\0", "the buffer is off"
    assert bmc.system(BUFFER) == b"\x80"
    bmc.system(SET, bytes((LOGGING | USE_BUFFER,)))
    publish(bmc)
    record, _ = bmc.services.sel.read(0xFFFF)
    publish(bmc)
    assert bmc.system(FLAGS) == bytes((0, FULL))
    assert bmc.system(BUFFER) == b"\0" + record, "the first of the two, as the SEL has it"
    assert bmc.system(FLAGS) == b"\0\0"
    assert bmc.system(BUFFER) == b"\x80"


@exercises(ReadEventMessageBuffer, SetBmcGlobalEnables)
def test_22_8_an_event_that_is_not_logged_has_the_id_ffff() -> None:
    bmc = bench()
    bmc.system(SET, bytes((USE_BUFFER,)))
    console = bmc.in_v20(OPERATOR, level=3)
    assert console.ask(0x04, 0x02, EVENT[1:]) == b"\0"
    answer = bmc.system(BUFFER)
    assert answer[1:3] == b"\xff\xff"
    assert answer[11:] == EVENT[2:]


@exercises(ClearMessageFlags, GetMessageFlags)
def test_22_3_with_a_flag_goes_what_it_tells_of() -> None:
    bmc = bench()
    bmc.system(SET, bytes((LOGGING | USE_BUFFER,)))
    publish(bmc)
    message(bmc)
    assert bmc.system(0x24, bytes.fromhex("04 31 01 00 14 00")) == b"\0"
    bmc.system(0x22)
    bmc.advance(1.5)
    assert bmc.system(FLAGS) == bytes((0, QUEUE | FULL | PRETIMEOUT))
    assert bmc.system(CLEAR, bytes((PRETIMEOUT,))) == b"\0"
    assert bmc.system(FLAGS) == bytes((0, QUEUE | FULL))
    assert bmc.system(CLEAR, bytes((FULL,))) == b"\0"
    assert bmc.system(FLAGS) == bytes((0, QUEUE))
    assert bmc.system(BUFFER) == b"\x80"
    assert bmc.system(CLEAR, bytes((QUEUE,))) == b"\0"
    assert bmc.system(FLAGS) == b"\0\0"
    assert bmc.system(GET_MESSAGE) == b"\x80"


@exercises(ClearMessageFlags)
def test_22_3_what_is_not_named_stays() -> None:
    bmc = bench()
    message(bmc)
    assert bmc.system(CLEAR, b"\0") == b"\0"
    assert bmc.system(FLAGS) == bytes((0, QUEUE))


# ---- 22.5


def receive(bmc: WholeBmc, channel: int, state: int) -> bytes:
    return bmc.system(RECEIVE, bytes((channel, state)))


@exercises(EnableMessageChannelReceive)
def test_22_5_messages_of_a_channel_are_taken_or_not() -> None:
    bmc = bench()
    whole = lan_message.wrap_request(0x06, 0x01, b"", 5, rs_lun=2, rq_addr=0x81, rq_lun=0)
    console = bmc.in_v20()
    assert receive(bmc, LAN, 2) == bytes((0, LAN, 1))
    assert receive(bmc, LAN, 0) == bytes((0, LAN, 0))
    assert console.ask(APP, SEND, bytes((SYSTEM,)) + whole) == b"\xd3"
    assert bmc.system(FLAGS) == b"\0\0"
    assert receive(bmc, LAN, 1) == receive(bmc, LAN, 2) == bytes((0, LAN, 1))
    assert console.ask(APP, SEND, bytes((SYSTEM,)) + whole) == b"\0"
    assert bmc.system(FLAGS) == bytes((0, QUEUE))


@pytest.mark.parametrize(("channel", "state"), [(2, 1), (0xB, 2), (LAN, 3)])
def test_22_5_what_there_is_not(channel: int, state: int) -> None:
    assert receive(bench(), channel, state) == b"\xcc"


# ---- who may


@pytest.mark.parametrize(
    ("cmd", "data"),
    [(SET, b"\x08"), (CLEAR, b"\0"), (FLAGS, b""), (RECEIVE, b"\x01\x02"), (BUFFER, b"")],
)
@pytest.mark.parametrize("version", [15, 20])
def test_g_1_the_mailbox_is_the_system_interfaces_alone(cmd: int, data: bytes, version: int) -> None:
    bmc = bench()
    console = bmc.in_v15(level=4) if version == 15 else bmc.in_v20(level=4)
    assert console.ask(APP, cmd, data) == b"\xd4"
    assert bmc.system(cmd, data + b"\0") == b"\xc7"


@exercises(GetBmcGlobalEnables)
def test_g_1_but_users_may_read_the_enables() -> None:
    bmc = bench()
    assert bmc.in_v20(VIEWER).ask(APP, GET) == bytes((0, LOGGING))
