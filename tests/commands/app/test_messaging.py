"""Messaging commands: what may be left out, and what a message holds (§22.1-22.10)."""

from __future__ import annotations

from baseboard.commands.app.messaging import (
    ClearMessageFlags,
    EnableMessageChannelReceive,
    GetMessageResponse,
    GetSystemInterfaceCapabilitiesResponse,
    SendMessage,
    SendMessageResponse,
    SetBmcGlobalEnables,
    Tracking,
)
from tests.commands.lengths import takes


def test_lengths() -> None:
    takes(SetBmcGlobalEnables, 1)
    takes(ClearMessageFlags, 1)
    takes(EnableMessageChannelReceive, 2)
    takes(SendMessage, *range(1, 25))


def test_clearing_nothing_is_a_zero_byte() -> None:
    assert ClearMessageFlags().encode() == b"\0"
    assert ClearMessageFlags(receive_message_queue=True).encode() == b"\x01"


def test_a_bridged_request_is_tracked() -> None:
    bridged = SendMessage(channel=0, tracking=Tracking.TRACK_REQUEST, message=b"\x82\x18\x66")
    assert bridged.encode() == b"\x40\x82\x18\x66"


def test_the_answer_to_send_message_may_hold_the_bridged_answer() -> None:
    assert SendMessageResponse().encode() == b""
    assert SendMessageResponse.decode(b"\x20\x1c").data == b"\x20\x1c"


def test_a_message_may_be_empty() -> None:
    assert GetMessageResponse.decode(b"\x0f").data == b""


def test_only_an_ssif_tells_its_output_size() -> None:
    kcs = GetSystemInterfaceCapabilitiesResponse(input_size=40)
    assert kcs.encode() == b"\x00\x00\x28"
