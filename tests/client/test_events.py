"""`bmc.events`: sending events, the receiver, the buffer, the enables."""

from __future__ import annotations

import pytest

from baseboard.client.events import Receiver
from baseboard.codes import EventReadingType, SensorType
from baseboard.records.events import EventData, EventMessage
from tests.client.harness import desk

EVENT = EventMessage(
    sensor_type=SensorType.FAN,
    sensor_number=0x30,
    event_type=EventReadingType.THRESHOLD,
    event_data=EventData.of_threshold(2, reading=5, threshold=10),
)
PLATFORM_EVENT, READ_BUFFER = (0x04, 0x02), (0x06, 0x35)


async def test_an_event_is_logged() -> None:
    at = desk()
    before = (await at.bmc.sel.info()).entries
    await at.bmc.events.send(EVENT)
    entries = (await at.bmc.sel.read()).entries
    assert len(entries) == before + 1
    assert entries[-1].event == "Lower Critical - going low"
    assert entries[-1].generator == "System Management Software"


@pytest.mark.parametrize(("name", "first"), [("memory", b"\x41\x04"), ("lanplus", b"\x04\x04")])
async def test_who_sent_it_is_said_only_through_a_system_interface(name: str, first: bytes) -> None:
    at = desk({PLATFORM_EVENT: b"\0"})
    at.bmc.interface.name = name
    await at.bmc.events.send(EVENT)
    (_, _, data) = at.script.asked[-1]
    assert data[:2] == first
    assert data.endswith(b"\x30\x01\x52\x05\x0a")


async def test_the_receiver() -> None:
    at = desk({(0x04, 0x01): b"\0\x20\x00", (0x04, 0x00): b"\0"})
    events = at.bmc.events
    assert await events.receiver() == Receiver(address=0x20, lun=0)
    await events.set_receiver(None)
    assert at.script.asked[-1][2] == b"\xff\x00"
    await events.set_receiver(0x24, 1)
    assert at.script.asked[-1][2] == b"\x24\x01"
    at.script.lines[0x04, 0x01] = b"\0\xff\x00"
    assert (await events.receiver()).address is None


async def test_the_buffer_and_its_flags() -> None:
    record = bytes.fromhex("0100 02 90B3C667 2000 04 04 30 01 52 05 0A")
    at = desk({READ_BUFFER: b"\0" + record})
    found = await at.bmc.events.read_buffer()
    assert found is not None
    assert found.raw == record
    at.script.lines[READ_BUFFER] = b"\x80"
    assert await at.bmc.events.read_buffer() is None
    assert not (await at.bmc.events.flags()).receive_message_available
    await at.bmc.events.clear_flags(messages=True, event_buffer=True)
    assert at.script.asked[-1][2] == b"\x03"


async def test_the_enables() -> None:
    events = desk().bmc.events
    now = await events.enables()
    await events.set_enables(event_message_buffer=not now.event_message_buffer)
    after = await events.enables()
    assert after == now.replace(event_message_buffer=not now.event_message_buffer)
