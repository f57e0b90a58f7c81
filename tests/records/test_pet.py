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
from baseboard.records.pet import EPOCH, PlatformEventTrap, event_of_trap, specific_trap
from baseboard.records.timestamps import from_datetime
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
