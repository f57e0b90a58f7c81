"""The BMC as a mailbox for the host's software: enables, flags, event buffer, queue (§22.1-22.6, §22.8)."""

from __future__ import annotations

import pytest

from baseboard.commands.app.messaging import (
    ClearMessageFlags,
    EnableMessageChannelReceive,
    GetBmcGlobalEnables,
    GetMessage,
    GetMessageFlags,
    ReadEventMessageBuffer,
    ReceiveState,
    SetBmcGlobalEnables,
)
from baseboard.errors import CompletionError
from baseboard.rmcp import lan_message
from tests.bmc.harness import Bench, make_bmc
from tests.conformance.marks import exercises

APP, SENSOR, STORAGE = 0x06, 0x04, 0x0A
IPMB, LAN, SYSTEM = 0, 1, 15
EVENT = bytes.fromhex("41 04 01 30 01 57 60 5a")
"""Platform Event of system software: a temperature over its threshold (§29.3)."""

REQUEST = lan_message.wrap_request(APP, 0x01, b"", 5, rs_lun=2, rq_addr=0x24)


def refused(bmc: Bench, request: object, **where: int) -> int:
    with pytest.raises(CompletionError) as caught:
        bmc.execute(request, **where)  # type: ignore[arg-type]  # a Request
    return caught.value.code


def enables(**on: bool) -> SetBmcGlobalEnables:
    names = ("event_logging", "event_message_buffer", "event_message_buffer_full_interrupt",
             "receive_message_queue_interrupt")  # fmt: skip
    return SetBmcGlobalEnables(**{name: on.get(name, False) for name in names})


def logged(bmc: Bench) -> int:
    return int.from_bytes(bmc.raw(STORAGE, 0x40)[2:4], "little")


def from_satellite(bmc: Bench, frame: bytes) -> None:
    bmc.services.bridging.bus.write(frame)
    bmc.advance(0.1)


@exercises(SetBmcGlobalEnables, GetBmcGlobalEnables)
def test_22_1_event_logging_off_keeps_what_comes_from_elsewhere_out_of_the_log() -> None:
    bmc = make_bmc()
    before = bmc.execute(GetBmcGlobalEnables())
    assert (before.event_logging, before.event_message_buffer) == (True, False), "xxxx_100xb at power-up"
    event = lan_message.wrap_request(SENSOR, 0x02, EVENT[1:], 5, rq_addr=0x24)
    from_satellite(bmc, event)
    assert logged(bmc) == 1
    bmc.execute(enables())
    assert not bmc.execute(GetBmcGlobalEnables()).event_logging
    from_satellite(bmc, lan_message.wrap_request(SENSOR, 0x02, EVENT[1:], 6, rq_addr=0x24))
    assert logged(bmc) == 1
    bmc.raw(SENSOR, 0x02, EVENT)
    assert logged(bmc) == 2, "events over the system interface are always logged"


@exercises(SetBmcGlobalEnables)
def test_22_1_an_enable_that_is_not_supported_is_refused() -> None:
    bmc = make_bmc()
    for oem in ("oem_0", "oem_1", "oem_2"):
        request = SetBmcGlobalEnables(
            event_logging=True,
            event_message_buffer=False,
            event_message_buffer_full_interrupt=False,
            receive_message_queue_interrupt=False,
            **{oem: True},
        )
        assert refused(bmc, request) == 0xCC
    assert bmc.execute(GetBmcGlobalEnables()).event_logging


@exercises(GetMessageFlags, ClearMessageFlags)
def test_22_3_and_22_4_flags_tell_what_waits_and_go_with_it() -> None:
    bmc = make_bmc()
    bmc.execute(enables(event_logging=True, event_message_buffer=True))
    bmc.raw(SENSOR, 0x02, EVENT)
    from_satellite(bmc, REQUEST)
    flags = bmc.execute(GetMessageFlags())
    assert (flags.receive_message_available, flags.event_message_buffer_full) == (True, True)
    bmc.execute(ClearMessageFlags(receive_message_queue=True))
    assert refused(bmc, GetMessage()) == 0x80, "the whole queue was flushed"
    bmc.execute(ClearMessageFlags(event_message_buffer=True))
    assert refused(bmc, ReadEventMessageBuffer()) == 0x80
    flags = bmc.execute(GetMessageFlags())
    assert [flags.receive_message_available, flags.event_message_buffer_full] == [False, False]


@exercises(ClearMessageFlags)
def test_22_3_what_is_not_named_stays() -> None:
    bmc = make_bmc()
    from_satellite(bmc, REQUEST)
    bmc.execute(ClearMessageFlags(event_message_buffer=True, watchdog_pretimeout=True))
    assert bmc.execute(GetMessageFlags()).receive_message_available


@exercises(EnableMessageChannelReceive)
def test_22_5_a_channel_that_is_off_is_no_destination() -> None:
    bmc = make_bmc()
    heard: list[bytes] = []
    listener = type("Ear", (), {"receive": lambda self, frame: heard.append(frame)})()
    bmc.services.bridging.bus.attach(0x24, listener)
    state = EnableMessageChannelReceive(channel=IPMB, state=ReceiveState.DISABLE)
    assert not bmc.execute(state).enabled
    from_satellite(bmc, REQUEST)
    assert not bmc.execute(GetMessageFlags()).receive_message_available
    assert lan_message.unwrap(heard[0]).data == b"\xd3"
    assert bmc.execute(EnableMessageChannelReceive(channel=IPMB, state=ReceiveState.ENABLE)).enabled
    from_satellite(bmc, lan_message.wrap_request(APP, 0x01, b"", 6, rs_lun=2, rq_addr=0x24))
    assert bmc.execute(GetMessageFlags()).receive_message_available


@exercises(EnableMessageChannelReceive)
def test_22_5_the_state_of_a_channel_is_asked_for_without_changing_it() -> None:
    bmc = make_bmc()
    for channel, taken in ((IPMB, True), (LAN, True), (SYSTEM, False)):
        request = EnableMessageChannelReceive(channel=channel, state=ReceiveState.GET_STATE)
        assert [bmc.execute(request).enabled for _ in range(2)] == [taken, taken]
    assert refused(bmc, EnableMessageChannelReceive(channel=9, state=ReceiveState.GET_STATE)) == 0xCC
    assert refused(bmc, EnableMessageChannelReceive(channel=LAN, state=ReceiveState(3))) == 0xCC


@exercises(GetMessage)
def test_22_6_a_message_of_the_ipmb_comes_without_its_first_address() -> None:
    bmc = make_bmc()
    assert refused(bmc, GetMessage()) == 0x80
    from_satellite(bmc, REQUEST)
    message = bmc.execute(GetMessage())
    assert (message.channel, int(message.privilege), message.data) == (IPMB, 0, REQUEST[1:])
    assert refused(bmc, GetMessage()) == 0x80


@exercises(GetMessage)
def test_22_6_the_queue_is_lost_with_a_cold_reset() -> None:
    bmc = make_bmc()
    from_satellite(bmc, REQUEST)
    assert bmc.raw(APP, 0x02) == b"\0"
    bmc.advance(5)
    assert refused(bmc, GetMessage()) == 0x80


@exercises(ReadEventMessageBuffer)
def test_22_8_the_buffer_holds_the_event_as_the_log_has_it() -> None:
    bmc = make_bmc()
    assert refused(bmc, ReadEventMessageBuffer()) == 0x80
    bmc.execute(enables(event_logging=True, event_message_buffer=True))
    bmc.raw(SENSOR, 0x02, EVENT)
    bmc.raw(SENSOR, 0x02, EVENT[:-1] + b"\x00")
    event = bmc.execute(ReadEventMessageBuffer()).event
    assert event == bmc.raw(STORAGE, 0x43, bytes.fromhex("0000 0000 00 ff"))[3:], "the first of the log"
    assert refused(bmc, ReadEventMessageBuffer()) == 0x80, "while it was full the second found no room"


@exercises(ReadEventMessageBuffer)
def test_22_8_an_event_that_is_not_logged_has_no_record_id() -> None:
    bmc = make_bmc()
    bmc.execute(enables(event_message_buffer=True))
    from_satellite(bmc, lan_message.wrap_request(SENSOR, 0x02, EVENT[1:], 5, rq_addr=0x24))
    assert bmc.execute(ReadEventMessageBuffer()).event[:2] == b"\xff\xff"


@pytest.mark.parametrize("channel", [LAN])
@pytest.mark.parametrize(
    "request_", [ClearMessageFlags(), GetMessageFlags(), GetMessage(), ReadEventMessageBuffer(),
                 EnableMessageChannelReceive(channel=0, state=ReceiveState.GET_STATE),
                 enables(event_logging=True)],
    ids=lambda one: type(one).__name__,
)  # fmt: skip
def test_g_1_the_mailbox_is_the_hosts_alone(channel: int, request_: object) -> None:
    assert refused(make_bmc(), request_, channel=channel, privilege=4) == 0xD4


def test_g_1_anybody_at_user_level_may_ask_for_the_enables() -> None:
    assert make_bmc().execute(GetBmcGlobalEnables(), channel=LAN, privilege=2).event_logging
    assert refused(make_bmc(), GetBmcGlobalEnables(), channel=LAN, privilege=1) == 0xD4
