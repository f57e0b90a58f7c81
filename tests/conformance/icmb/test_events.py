"""Events between chassis: destination, reception, count (ICMB v1.0)."""

from __future__ import annotations

import pytest

from baseboard.commands.bridge.events import (
    GetEventCount,
    GetEventDestination,
    GetEventReceptionState,
    IcmbEvent,
    SendIcmbEventMessage,
    SetEventDestination,
    SetEventReceptionState,
)
from baseboard.errors import CompletionError
from tests.bmc.bridges import NEAR, OTHER, chassis
from tests.bmc.harness import Bench
from tests.conformance.marks import exercises

STORAGE = 0x0A


def take(bmc: Bench, *, enabled: bool = True, slave: int = 0x20) -> None:
    bmc.execute(SetEventReceptionState(enabled=enabled, slave_address=slave, lun=0))


def log(bmc: Bench) -> list[bytes]:
    count = int.from_bytes(bmc.raw(STORAGE, 0x40)[2:4], "little")
    rows: list[bytes] = []
    for number in range(1, count + 1):
        asked = b"\0\0" + number.to_bytes(2, "little") + b"\0\xff"
        rows.append(bmc.raw(STORAGE, 0x43, asked)[3:])
    return rows


@exercises(SetEventDestination, GetEventDestination, SendIcmbEventMessage, GetEventCount)
def test_an_event_lands_in_the_log_of_its_destination() -> None:
    near, far = chassis(NEAR, OTHER)
    take(far)
    near.execute(SetEventDestination(address=OTHER))
    assert near.execute(GetEventDestination()).address == OTHER
    near.execute(SendIcmbEventMessage(event=IcmbEvent.ATTENTION))
    near.advance(1)
    (record,) = log(far)
    # generator: a controller at 20h, on channel 7; event data 1 is the event, 2 and 3 the sender's address
    assert record[7:9] == bytes.fromhex("20 70")
    assert record[13:] == bytes((0xA0 | IcmbEvent.ATTENTION,)) + NEAR.to_bytes(2, "little")
    assert far.execute(GetEventCount()).count == 1
    assert near.execute(GetEventCount()).count == 0
    assert log(near) == []


@exercises(SetEventReceptionState, GetEventReceptionState)
def test_events_are_taken_where_they_are_wanted() -> None:
    near, far = chassis(NEAR, OTHER)
    near.execute(SetEventDestination(address=OTHER))
    assert not far.execute(GetEventReceptionState()).enabled
    near.execute(SendIcmbEventMessage(event=IcmbEvent.ONLINE))
    near.advance(1)
    assert log(far) == []
    take(far)
    told = far.execute(GetEventReceptionState())
    assert (told.enabled, told.slave_address, told.lun) == (True, 0x20, 0)
    near.execute(SendIcmbEventMessage(event=IcmbEvent.ONLINE))
    near.advance(1)
    assert len(log(far)) == 1
    take(far, enabled=False)
    near.execute(SendIcmbEventMessage(event=IcmbEvent.ONLINE))
    near.advance(1)
    assert len(log(far)) == 1
    assert far.execute(GetEventCount()).count == 1


@exercises(SetEventReceptionState)
def test_events_may_be_for_another_controller() -> None:
    near, far = chassis(NEAR, OTHER)
    heard: list[bytes] = []
    listener = type("Ear", (), {"receive": lambda self, frame: heard.append(frame)})()
    far.services.bridging.bus.attach(0x24, listener)
    take(far, slave=0x24)
    near.execute(SetEventDestination(address=OTHER))
    near.execute(SendIcmbEventMessage(event=IcmbEvent.DISCOVERY_START))
    near.advance(0.1)
    assert heard
    assert (heard[0][1] >> 2, heard[0][5]) == (0x04, 0x02), "Platform Event"
    assert log(far) == []


@exercises(SendIcmbEventMessage)
def test_an_event_may_be_for_everybody() -> None:
    near, *others = chassis(NEAR, OTHER, 0x0303)
    for bmc in others:
        take(bmc)
    near.execute(SetEventDestination(address=0xFFFF))
    near.execute(SendIcmbEventMessage(event=IcmbEvent.ONLINE))
    near.advance(1)
    assert [len(log(bmc)) for bmc in others] == [1, 1]


@exercises(SendIcmbEventMessage)
def test_what_cannot_be_sent() -> None:
    near, _ = chassis(NEAR, OTHER)

    def refusal(event: int) -> int:
        with pytest.raises(CompletionError) as caught:
            near.execute(SendIcmbEventMessage(event=IcmbEvent(event)))
        return caught.value.code

    assert refusal(0) == 0xD3, "no destination was set"
    near.execute(SetEventDestination(address=OTHER))
    assert refusal(4) == 0xCC
    near.services.icmb.switch(on=False)
    assert refusal(0) == 0xD5


@exercises(SetEventDestination, SetEventReceptionState, GetEventDestination, GetEventReceptionState)
def test_the_settings_survive_a_restart() -> None:
    near, _ = chassis(NEAR, OTHER)
    near.execute(SetEventDestination(address=OTHER))
    near.execute(SetEventReceptionState(enabled=True, slave_address=0x82, lun=1))
    again = near.reopen()
    assert again.execute(GetEventDestination()).address == OTHER
    told = again.execute(GetEventReceptionState())
    assert (told.enabled, told.slave_address, told.lun) == (True, 0x82, 1)
