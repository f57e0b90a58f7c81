"""Platform Event Traps."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.commands.sensor.pef import PetAcknowledge
from baseboard.errors import DecodeError
from baseboard.records.events import EventData
from baseboard.records.pet import (
    EPOCH,
    LONGEST_TEXT,
    PlatformEventTrap,
    event_of_trap,
    local_timestamp,
    log_timestamp,
    specific_trap,
    text_field,
    text_of,
)
from baseboard.records.timestamps import UNSPECIFIED, from_datetime
from baseboard.testing.strategies import messages
from tests.records.vectors import vector, vectors


@vectors("pet", "dell_intrusion", "supermicro_test")
def test_traps_of_real_devices(raw: bytes, decoded: dict[str, Any]) -> None:
    trap = PlatformEventTrap.decode(raw)
    assert trap.guid == bytes.fromhex(decoded["guid"])
    assert (trap.sequence_number, trap.local_timestamp) == (decoded["seq"], decoded["timestamp"])
    assert trap.time == datetime.fromisoformat(decoded["utc"])
    assert trap.utc_offset == int.from_bytes(bytes.fromhex(decoded["utc_offset"]), signed=True) == -1
    assert trap.trap_source_type == int(decoded["trap_source"], 16)
    assert trap.event_source_type == int(decoded["event_source"], 16)
    assert trap.severity == int(decoded["severity"], 16)
    assert trap.sensor_device == int(decoded["sensor_device"], 16)
    assert trap.sensor_number == int(decoded["sensor"], 16)
    assert [trap.entity_id, trap.entity_instance] == decoded["entity"]
    assert trap.event_data.encode() + bytes(5) == bytes.fromhex(decoded["event_data"])
    assert trap.language == decoded["language"]
    assert trap.oem == bytes.fromhex(decoded["oem"])
    assert trap.encode() == raw
    # This maker sends these two least significant byte first.
    swapped = "specific" not in decoded
    ids = trap.encode()[40:44], trap.encode()[44:46]
    order: Literal["little", "big"] = "little" if swapped else "big"
    assert [int.from_bytes(one, order) for one in ids] == [decoded["manufacturer"], decoded["system_id"]]
    if not swapped:
        assert (trap.manufacturer_id, trap.system_id) == (decoded["manufacturer"], decoded["system_id"])
        number = specific_trap(
            decoded["sensor_type"], decoded["event_type"], decoded["dir"], decoded["offset"]
        )
        assert number == decoded["specific"]


def test_the_trap_inside_an_snmp_message() -> None:
    raw, decoded = vector("pet", "dell_snmpv1")
    octets, _ = vector("pet", "dell_intrusion")
    assert len(raw) == decoded["length"]
    assert PlatformEventTrap.decode(raw[-len(octets) :]).encode() == octets
    assert specific_trap(5, 0x6F, 0, 0).to_bytes(3) in raw


def test_the_acknowledgement_names_the_trap() -> None:
    octets, _ = vector("pet", "dell_intrusion")
    raw, decoded = vector("pet", "ack_dell")
    trap = PlatformEventTrap.decode(octets)
    made = PetAcknowledge(
        sequence_number=trap.sequence_number,
        local_timestamp=trap.local_timestamp,
        event_source_type=trap.event_source_type,
        sensor_device=trap.sensor_device,
        sensor_number=trap.sensor_number,
        event_data1=trap.event_data.encode()[0],
        event_data2=trap.event_data.data_2,
        event_data3=trap.event_data.data_3,
    )
    assert made.encode() == raw
    assert PetAcknowledge.decode(raw).sequence_number == decoded["seq"]


def test_a_trap_number_with_its_highest_bit_set() -> None:
    raw, decoded = vector("pet", "specific_high")
    number = specific_trap(0xC0, 0x70, 1, 3)
    assert number == decoded["value"] == int.from_bytes(raw[2:])
    assert event_of_trap(number) == (0xC0, 0x70, 1, 3)


def test_times_of_traps() -> None:
    """Q-PETFIELDS."""
    assert from_datetime(EPOCH) == 883612800
    trap = PlatformEventTrap(
        guid=bytes(16),
        sequence_number=1,
        sensor_device=0x20,
        sensor_number=1,
        event_data=EventData(offset=0),
        manufacturer_id=343,
        system_id=1,
    )
    assert trap.time is None
    assert len(trap.encode()) == 47
    later = trap.replace(local_timestamp=3600, utc_offset=60)
    assert later.time == EPOCH


@given(messages(PlatformEventTrap))
def test_a_trap_reads_back(trap: PlatformEventTrap) -> None:
    assert PlatformEventTrap.decode(trap.encode()) == trap


@given(st.binary(max_size=50))
def test_any_octets_are_a_trap_or_refused(raw: bytes) -> None:
    if len(raw) < 46:
        with pytest.raises(DecodeError):
            PlatformEventTrap.decode(raw)
    else:
        trap = PlatformEventTrap.decode(raw)
        assert PlatformEventTrap.decode(trap.encode()) == trap


@pytest.mark.parametrize(
    ("logged", "trapped"), [(883_612_801, 1), (1_318_684_644, 435_071_844), (1_737_225_600, 853_612_800)]
)
def test_the_times_of_log_and_trap_are_one(logged: int, trapped: int) -> None:
    assert local_timestamp(logged) == trapped
    assert log_timestamp(trapped) == logged


@pytest.mark.parametrize("logged", [0, 77, 0x20000000, 883_612_800, UNSPECIFIED])
def test_times_that_a_trap_cannot_tell_are_unspecified(logged: int) -> None:
    assert local_timestamp(logged) == 0


def test_a_trap_without_a_time_has_none_in_the_log_either() -> None:
    assert log_timestamp(0) == log_timestamp(0xFFFFFFFF) == UNSPECIFIED


def test_an_alert_string_is_a_multirecord() -> None:
    """PET v1.0: 80h, encoding and length, record type 1, the text; C1h ends the fields."""
    assert text_field(b"") == b"\xc1"
    assert text_field(b"hot") == bytes.fromhex("80 43 01 686F74 C1")
    assert text_of(text_field(b"hot")) == b"hot"
    assert len(text_field(b"x" * 100)) == 64
    assert text_of(text_field(b"x" * 100)) == b"x" * LONGEST_TEXT


@pytest.mark.parametrize(
    ("oem", "text"),
    [
        ("C1", None), ("", None), ("C0 C1", None),
        # A field of a maker's own, 3 bytes, then the string.
        ("C3 414243 80 42 01 6869 C1", b"hi"),
        # A record of a maker's own, type 2, then the string.
        ("80 03 02 0102A2 80 42 01 6869 C1", b"hi"),
        # What a Supermicro sends with a test alert.
        ("80 00 01 00 C1", b""),
        ("80", None), ("80 43", None), ("80 43 01 68", b"h"), ("3F 00", None),
    ],
)  # fmt: skip
def test_strings_among_other_fields(oem: str, text: bytes | None) -> None:
    assert text_of(bytes.fromhex(oem)) == text


@given(st.binary(max_size=70))
def test_any_fields_hold_a_string_or_none(oem: bytes) -> None:
    text = text_of(oem)
    assert text is None or text in oem
