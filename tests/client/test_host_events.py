"""Events as they come: from a driver that tells them, and from a buffer that is asked."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from baseboard.bmc.makeups import makeup
from baseboard.client.bmc import Bmc
from baseboard.client.deadline import deadline
from baseboard.client.ipmidev import DeviceInterface
from baseboard.client.memory import MemoryInterface
from baseboard.client.settings import Settings
from baseboard.codes import EventDirection, EventReadingType, EventRevision, SensorType
from baseboard.errors import DeadlinePassed, LocalProtocolError, SessionClosed, TransportError
from baseboard.records.events import EventData, EventMessage
from tests.client.harness import desk
from tests.transports.kernel import Kernel

EVENT = bytes.fromhex("0100 02 20304050 2000 04 01 01 01 596C54")
ENDED = bytes.fromhex("0200 02 21304050 2000 04 01 01 81 596C54")


def a_device(kernel: Kernel) -> Bmc:
    return Bmc(
        DeviceInterface(Settings(interface="open", device=kernel.path), ioctl=kernel.ioctl),
        Settings(interface="open"),
    )


def a_server() -> Bmc:
    """One whose sensor 1 is named."""
    return desk(sensors=makeup(0, "server", bytes(16)).sensors).bmc


async def test_a_drivers_events_are_put_into_words(tmp_path: Path) -> None:
    kernel = Kernel(tmp_path)
    bmc = a_device(kernel)
    names = await a_server().sdr.records()
    events = bmc.events.listen(names)
    assert kernel.gets_events == [True]
    kernel.put(0, EVENT, kind=2, netfn=7, cmd=0x35)
    kernel.put(0, ENDED, kind=2, netfn=7, cmd=0x35)
    found = [await anext(events), await anext(events)]
    assert [(one.record_id, one.sensor, one.asserted) for one in found] == [
        (1, "Inlet Temp", True), (2, "Inlet Temp", False),
    ]  # fmt: skip
    assert found[0].raw == EVENT
    events.name([])
    kernel.put(0, EVENT, kind=2)
    assert (await anext(events)).sensor == "#01h"
    assert events.lost == 0
    await events.close()
    await events.close()
    assert kernel.gets_events == [True, False]
    with pytest.raises(SessionClosed, match="nobody listens"):
        await anext(events)
    await bmc.close()
    kernel.close()


async def test_several_listen_to_one_device(tmp_path: Path) -> None:
    kernel = Kernel(tmp_path)
    bmc = a_device(kernel)
    one, other = bmc.events.listen(), bmc.events.listen()
    kernel.put(0, EVENT, kind=2)
    assert (await anext(one)).raw == (await anext(other)).raw == EVENT
    await one.close()
    assert kernel.gets_events == [True]
    await bmc.close()
    with pytest.raises(SessionClosed, match="the device was closed"):
        await anext(other)
    await other.close()
    assert kernel.gets_events == [True]  # closing the device ends it
    with pytest.raises(SessionClosed, match="closed"):
        bmc.events.listen()
    kernel.close()


async def test_nothing_within_the_time(tmp_path: Path) -> None:
    kernel = Kernel(tmp_path)
    bmc = a_device(kernel)
    events = bmc.events.listen()
    with pytest.raises(DeadlinePassed), deadline(0.01):
        await anext(aiter(events))
    await bmc.close()
    kernel.close()


async def test_a_driver_that_does_not_tell_says_so(tmp_path: Path) -> None:
    kernel = Kernel(tmp_path)
    bmc = a_device(kernel)
    kernel.refuse = 22
    with pytest.raises(TransportError, match="its events are not told"):
        bmc.events.listen()
    await bmc.close()
    kernel.close()


async def test_without_a_driver_the_buffer_is_asked() -> None:
    """What the BMC itself put there is found; its event message buffer is switched on for that."""
    bmc = a_server()
    assert isinstance(bmc.interface, MemoryInterface)
    events = bmc.events.listen(await bmc.sdr.records(), interval=0.001)
    waiting = asyncio.ensure_future(anext(events))
    await events.ready()
    assert (await bmc.events.enables()).event_message_buffer
    event = EventMessage(
        evm_rev=EventRevision.IPMI_1_5, sensor_type=SensorType.TEMPERATURE, sensor_number=1,
        event_type=EventReadingType.THRESHOLD, direction=EventDirection.ASSERTION,
        event_data=EventData.decode(bytes.fromhex("596C54")),
    )  # fmt: skip
    await bmc.events.send(event)
    assert (await waiting).sensor_number == 1
    assert events.lost == 0
    await events.close()
    with pytest.raises(SessionClosed, match="nobody listens"):
        await anext(events)


async def test_over_lan_no_events_come() -> None:
    bmc = desk().bmc
    bmc.interface.name = "lanplus"
    with pytest.raises(LocalProtocolError, match="only in band"):
        bmc.events.listen()
