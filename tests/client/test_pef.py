"""`bmc.pef`: filters, policies, strings, and what has been done about events."""

from __future__ import annotations

import pytest

from baseboard.codes import EventDirection, EventReadingType, SensorType
from baseboard.commands.parameters.pef import (
    AlertPolicy,
    AlertPolicyTable,
    EventFilter,
    EventFilterTable,
    PefActions,
    PefControl,
)
from baseboard.commands.sensor.pef import AlertStatus, PetAcknowledge
from baseboard.errors import CompletionError
from baseboard.records.events import EventData, EventMessage
from tests.client.harness import Desk, desk

CAPABILITIES, TIMER, SET, GET, SET_LAST, GET_LAST, ALERT = (
    (0x04, number) for number in (0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16)
)
STRING = b"Something is wrong here"


class Pef:
    """A controller that filters events."""

    def __init__(self) -> None:
        self.single = {0: b"\0", 1: b"\x01", 2: b"\x3f", 3: b"\x3c", 5: b"\x02", 8: b"\x01", 10: bytes(17)}
        self.single[11] = b"\x01"
        self.filters = {n: EventFilter(enabled=True, alert_policy_number=n).encode() for n in (1, 2)}
        self.policies = {1: AlertPolicy(policy_number=1, channel=1, destination_selector=1).encode()}
        self.countdown = 0
        self.at: Desk = desk(
            {
                CAPABILITIES: b"\0\x51\x3f\x02",
                TIMER: self._timer,
                GET: self._get,
                SET: self._set,
                GET_LAST: b"\0" + bytes(4) + b"\x05\x00\x04\x00\x03\x00",
                SET_LAST: b"\0",
                ALERT: lambda data: b"\0\x01" if data[1] & 0xC0 else b"\0",
            }
        )
        self.pef = self.at.bmc.pef

    def _timer(self, data: bytes) -> bytes:
        if data[0] != 0xFF:
            self.countdown = data[0]
        return b"\0" + bytes((self.countdown,))

    def _get(self, data: bytes) -> bytes:
        selector, entry, block = data
        head = b"\0\x11"
        if selector == 6 and entry in self.filters:
            return head + bytes((entry,)) + self.filters[entry]
        if selector == 7 and entry in self.filters:
            return head + bytes((entry,)) + self.filters[entry][:1]
        if selector == 9 and entry in self.policies:
            return head + bytes((entry,)) + self.policies[entry]
        if selector == 13:
            piece = STRING[16 * (block - 1) :][:16] if entry else b""
            return head + bytes((entry, block)) + piece
        return head + self.single[selector] if selector in self.single else b"\x80"

    def _set(self, data: bytes) -> bytes:
        selector, rest = data[0], data[1:]
        if selector == 6:
            self.filters[rest[0]] = rest[1:]
        elif selector == 7:
            self.filters[rest[0]] = rest[1:] + self.filters[rest[0]][1:]
        elif selector == 9:
            self.policies[rest[0]] = rest[1:]
        elif selector in self.single:
            self.single[selector] = rest
        else:
            return b"\x80"
        return b"\0"


async def test_status() -> None:
    made = Pef()
    status = await made.pef.status()
    assert status.capabilities.event_filter_entries == 2
    assert status.control == PefControl(enabled=True)
    assert status.actions == PefActions(0x3F)
    assert status.last is not None
    assert (status.last.last_record_id, status.last.last_bmc_processed) == (5, 3)
    assert (status.postponed, status.missing) == (0, {})


async def test_status_of_a_controller_that_tells_little() -> None:
    made = Pef()
    for key in (GET, GET_LAST, TIMER):
        made.at.script.lines[key] = b"\xd4"
    status = await made.pef.status()
    assert (status.control, status.actions, status.last, status.postponed) == (None,) * 4
    assert set(status.missing) == {"control", "actions", "last", "postponed"}
    with pytest.raises(CompletionError):
        await desk({CAPABILITIES: b"\xc1"}).bmc.pef.status()


async def test_the_tables() -> None:
    made = Pef()
    assert [one.filter_number for one in await made.pef.filters()] == [1, 2]
    assert [one.entry.policy_number for one in await made.pef.policies()] == [1]
    assert await made.pef.strings() == [b"", STRING]
    reading = await made.pef.read_all()
    assert len(reading.all(EventFilterTable)) == 2
    assert len(reading.all(AlertPolicyTable)) == 1
    assert {selector for selector, _ in reading.missing} == {4, 14}
    assert (await made.pef.guid()).guid == bytes(16)
    startup, alerts = await made.pef.delays()
    assert startup is not None
    assert (startup.delay, alerts) == (60, None)
    del made.single[8], made.single[11]
    assert await made.pef.policies() == []
    assert await made.pef.strings() == []


async def test_changes() -> None:
    made = Pef()
    await made.pef.enable(enabled=False)
    assert not (await made.pef.get(PefControl)).enabled
    await made.pef.set_actions(PefActions.ALERT)
    assert made.single[2] == b"\x01"
    entry = EventFilter(enabled=True, sensor_number=7, alert_policy_number=3)
    await made.pef.set_filter(2, entry)
    assert (await made.pef.filter(2)).entry == entry
    await made.pef.enable_filter(2, enabled=False)
    assert (await made.pef.filter(2)).entry == entry.replace(enabled=False)
    policy = AlertPolicy(policy_number=2, enabled=True, channel=1, destination_selector=2)
    await made.pef.set_policy(1, policy)
    assert (await made.pef.policies())[0].entry == policy


async def test_the_timer() -> None:
    made = Pef()
    assert await made.pef.arm_timer(30) == 30
    assert await made.pef.timer() == 30
    assert await made.pef.suspend() == 0xFE
    assert await made.pef.arm_timer(0) == 0
    for seconds in (-1, 0xFE):
        with pytest.raises(ValueError, match="postpone timer"):
            await made.pef.arm_timer(seconds)


async def test_last_events_and_alerts() -> None:
    made = Pef()
    assert (await made.pef.last_event()).last_software_processed == 4
    await made.pef.set_last_event(9, by_bmc=True)
    assert made.at.script.asked[-1][2] == b"\x01\x09\x00"
    await made.pef.alert(1, 2, string=3)
    assert made.at.script.asked[-1][2] == b"\x01\x02\x83"
    await made.pef.alert(1)
    assert made.at.script.asked[-1][2] == b"\x01\x00\x00"
    assert await made.pef.alert_status(1) == AlertStatus.NORMAL_END
    await made.pef.clear_alert_status(1, 2)
    assert made.at.script.asked[-1][2] == b"\x01\x82\x00"


async def test_an_alert_about_an_event() -> None:
    made = Pef()
    event = EventMessage(
        sensor_type=SensorType.FAN,
        sensor_number=7,
        direction=EventDirection.DEASSERTION,
        event_type=EventReadingType.THRESHOLD,
        event_data=EventData.decode(b"\x02\x11\x22"),
    )
    await made.pef.alert(1, 1, event=event, generator_id=0x20)
    # §30.7, bytes 4-11: generator, revision, type, number, direction and type, data.
    assert made.at.script.asked[-1][2] == bytes.fromhex("010100 20 04 04 07 81 021122")


async def test_an_acknowledge_within_the_session() -> None:
    made = Pef()
    made.at.script.lines[0x04, 0x17] = b"\0"
    trap = PetAcknowledge(
        sequence_number=1, local_timestamp=2, event_source_type=3, sensor_device=4, sensor_number=5,
        event_data1=6, event_data2=7, event_data3=8,
    )  # fmt: skip
    await made.pef.acknowledge(trap)
    assert made.at.script.asked[-1][2] == bytes.fromhex("0100 02000000 03 04 05 06 07 08")


async def test_writing_a_string_and_its_keys() -> None:
    made = Pef()
    made.single[12] = b"\x01\x02\x03"
    written: list[bytes] = []

    def store(data: bytes) -> bytes:
        written.append(data)
        return b"\0"

    made.at.script.lines[SET] = store
    await made.pef.set_string(1, b"x" * 16, filter_number=9)
    assert [data for data in written if data[0]] == [
        b"\x0d\x01\x01" + b"x" * 16,
        b"\x0d\x01\x02" + bytes(16),
        b"\x0c\x01\x09\x03",
    ]
    written.clear()
    await made.pef.set_string(1, b"short", string_set=4)
    assert [data for data in written if data[0]] == [
        b"\x0d\x01\x01" + b"short".ljust(16, b"\0"),
        b"\x0c\x01\x02\x04",
    ]
    written.clear()
    await made.pef.set_string(0, b"")
    assert [data for data in written if data[0]] == [b"\x0d\x00\x01" + bytes(16)]


async def test_a_string_that_cannot_be_read() -> None:
    made = Pef()
    made.at.script.lines[GET] = lambda data: b"\0\x11\x01" if data[0] == 11 else b"\xd4"
    with pytest.raises(CompletionError):
        await made.pef.strings()
    blocks = [b"\x80", b"\0\x11\x01\x01" + b"x" * 16]
    made.at.script.lines[GET] = lambda data: b"\0\x11\0" if data[0] == 11 else blocks.pop()
    assert await made.pef.strings() == [b"x" * 16]
