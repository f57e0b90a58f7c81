"""Event messages in both forms, whole and cut short."""

from __future__ import annotations

import pytest

from baseboard.codes import EventReadingType, SensorType
from baseboard.commands import lookup
from baseboard.commands.sensor.events import (
    GetEventReceiverResponse,
    PlatformEvent,
    SetEventReceiver,
    SystemInterfacePlatformEvent,
)
from baseboard.errors import DecodeError

# Upper non-critical going high, reading 60h, threshold 5Ah (Table 29-6).
EVENT = bytes.fromhex("0401300157605A")


def test_an_event_over_ipmb_or_lan_begins_with_its_revision() -> None:
    event = PlatformEvent.decode(EVENT)
    assert event.evm_rev == 4
    assert event.sensor_type is SensorType.TEMPERATURE
    assert event.event_type is EventReadingType.THRESHOLD
    assert not event.deassertion
    assert (event.event_data1, event.event_data2, event.event_data3) == (0x57, 0x60, 0x5A)
    assert event.encode() == EVENT


def test_an_event_through_a_system_interface_begins_with_its_generator() -> None:
    event = SystemInterfacePlatformEvent.decode(b"\x41" + EVENT)
    assert event.generator_id == 0x41
    assert (event.evm_rev, event.sensor_number, event.event_data3) == (4, 0x30, 0x5A)
    assert event.encode() == b"\x41" + EVENT
    assert isinstance(event, PlatformEvent)


def test_seven_bytes_may_be_either_form() -> None:
    assert PlatformEvent.decode(EVENT).event_data3 == 0x5A
    assert SystemInterfacePlatformEvent.decode(EVENT).event_data3 is None


@pytest.mark.parametrize("size", [5, 6, 7])
def test_event_data_2_and_3_may_be_missing(size: int) -> None:
    for event in (
        PlatformEvent.decode(EVENT[:size]),
        SystemInterfacePlatformEvent.decode(b"\x41" + EVENT[:size]),
    ):
        assert (event.event_data2 is None) == (size < 6)
        assert (event.event_data3 is None) == (size < 7)
        assert event.encode()[-size:] == EVENT[:size]


@pytest.mark.parametrize("size", [0, 4, 8])
def test_other_lengths_are_none(size: int) -> None:
    data = (EVENT + b"\0")[:size]
    with pytest.raises(DecodeError):
        PlatformEvent.decode(data)
    with pytest.raises(DecodeError):
        SystemInterfacePlatformEvent.decode(b"\x41" + data if size else b"")


def test_both_forms_are_one_command() -> None:
    assert SystemInterfacePlatformEvent.command is PlatformEvent.command
    assert PlatformEvent.system_interface_form is SystemInterfacePlatformEvent
    assert SetEventReceiver.system_interface_form is None
    assert lookup(0x04, 0x02) is PlatformEvent.command


def test_a_deassertion() -> None:
    event = PlatformEvent.decode(bytes.fromhex("0401308157"))
    assert event.deassertion
    assert event.event_type is EventReadingType.THRESHOLD


def test_ffh_switches_events_off() -> None:
    assert SetEventReceiver(event_receiver=0xFF).encode() == b"\xff\x00"
    assert GetEventReceiverResponse.decode(b"\xff\x00").event_receiver == 0xFF
