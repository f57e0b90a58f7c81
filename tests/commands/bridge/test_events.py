"""Event commands of the ICMB: lengths, and codes that survive (ICMB v1.0)."""

from __future__ import annotations

from baseboard.commands.bridge.events import (
    GetEventCount,
    GetEventDestination,
    GetEventReceptionState,
    GetEventReceptionStateResponse,
    SendIcmbEventMessage,
    SetEventDestination,
    SetEventReceptionState,
)
from tests.commands.lengths import takes


def test_lengths() -> None:
    takes(GetEventCount, 0)
    takes(SetEventDestination, 2)
    takes(SetEventReceptionState, 3)
    takes(SendIcmbEventMessage, 1)
    takes(GetEventDestination, 0)
    takes(GetEventReceptionState, 0)


def test_an_event_that_has_no_name_survives() -> None:
    assert SendIcmbEventMessage.decode(b"\x09").event == 9


def test_the_receiver_may_be_left_out() -> None:
    answer = GetEventReceptionStateResponse.decode(b"\x01")
    assert (answer.enabled, answer.slave_address, answer.lun) == (True, None, None)
