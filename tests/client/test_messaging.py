"""``bmc.messaging``: the mailbox, and who is on the bus."""

from __future__ import annotations

import pytest

from baseboard.client import messaging
from baseboard.codes import Privilege
from baseboard.errors import CompletionError
from baseboard.rmcp import lan_message
from tests.bmc.bridges import SATELLITE
from tests.client.harness import Desk, desk

APP, SENSOR = 0x06, 0x04
MESSAGE = lan_message.wrap_request(APP, 0x01, b"", 5, rs_lun=2, rq_addr=0x24)
EVENT = bytes.fromhex("41 04 01 30 01 57 60 5a")
GET_MESSAGE = (APP, 0x33)


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messaging, "ADDRESSES", (0x20, 0x82, 0x84))
    monkeypatch.setattr(messaging, "_WAIT", 0.02)


def put(made: Desk, message: bytes = MESSAGE[1:]) -> None:
    assert made.bench.services.messaging.put_message(0, 0, message)


async def test_the_mailbox() -> None:
    made = desk()
    box = made.bmc.messaging
    assert await box.next() is None
    assert await box.next_event() is None
    put(made)
    assert (await box.flags()).receive_message_available
    taken = await box.next()
    assert taken == messaging.QueuedMessage(channel=0, privilege=Privilege(0), data=MESSAGE[1:])
    put(made)
    await box.clear(messages=True)
    assert await box.next() is None
    made.bench.raw(APP, 0x2E, b"\x0c")
    made.bench.raw(SENSOR, 0x02, EVENT)
    event = await box.next_event()
    assert event is not None
    assert event[-3:] == EVENT[-3:]


async def test_a_channel_is_switched() -> None:
    box = desk().bmc.messaging
    assert await box.takes(0)
    assert not await box.take(0, enabled=False)
    assert not await box.takes(0)
    assert await box.take(0)


async def test_a_message_goes_out_as_it_stands() -> None:
    made = desk(satellites=(SATELLITE,))
    frame = lan_message.wrap_request(APP, 0x01, b"", 5, rs_addr=0x82, rq_lun=2, rq_addr=0x20)
    assert await made.bmc.messaging.send(0, frame) == b""
    made.bench.advance(1)
    taken = await made.bmc.messaging.next()
    assert taken is not None
    with pytest.raises(CompletionError) as caught:
        await made.bmc.messaging.send(0, frame, track=True)
    assert caught.value.code == 0xCC


async def test_a_host_finds_controllers_by_broadcasts() -> None:
    made = desk(satellites=(SATELLITE,))
    put(made)
    clock, asked = made.bench.clock, made.bench.controller.handle

    def tick(request: object, origin: object, reply: object) -> None:
        clock.advance(0.01)
        asked(request, origin, reply)  # type: ignore[arg-type]  # as the controller is given them

    made.bench.controller.handle = tick
    found = [(one.address, one.device.device_id) async for one in made.bmc.messaging.scan()]
    assert found == [(0x20, 0x20), (0x82, 0x34)]
    assert not [cmd for netfn, cmd, _ in made.script.asked if (netfn, cmd) == (APP, 0x34)]


async def test_a_console_finds_them_by_bridging() -> None:
    made = desk({(APP, 0x31): b"\xd4"})
    found = [one.address async for one in made.bmc.messaging.scan()]
    assert found == [0x20, 0x82, 0x84], "an interface in memory bridges nothing: it answers for all"
    made = desk({(APP, 0x31): b"\xd4", (APP, 0x01): b"\xc1"})
    assert [one async for one in made.bmc.messaging.scan()] == []


@pytest.mark.parametrize(
    "queued",
    [
        b"\x00\x00\x01",
        b"\x00\x00" + lan_message.wrap_response(lan_message.unwrap(MESSAGE), b"\xc1")[1:],
        b"\x00\x00" + MESSAGE[1:],
    ],
)
async def test_what_is_no_answer_is_none(queued: bytes) -> None:
    made = desk({GET_MESSAGE: queued, (APP, 0x52): b"\0"})
    assert await made.bmc.messaging.broadcast(0x82, sequence=5) is None


async def test_a_refused_broadcast_answers_with_its_code() -> None:
    refused = lan_message.wrap_request(APP, 0x01, b"", 5, rs_addr=0x82, rq_lun=2, rq_addr=0x20)
    answer = lan_message.wrap_response(lan_message.unwrap(refused), b"\xc1")
    made = desk({GET_MESSAGE: b"\0\0" + answer[1:], (APP, 0x52): b"\0"})
    assert await made.bmc.messaging.broadcast(0x82, sequence=5) is None


async def test_a_queue_without_an_end_does_not_hold_a_broadcast_up() -> None:
    made = desk(satellites=(SATELLITE,))
    # A message of somebody else's, over and over.
    made.script.lines[GET_MESSAGE] = b"\0\0" + MESSAGE[1:]
    assert await made.bmc.messaging.broadcast(0x82) is None
    asked = [1 for netfn, cmd, _ in made.script.asked if (netfn, cmd) == GET_MESSAGE]
    assert 1 <= len(asked) <= 64
