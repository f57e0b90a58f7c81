"""The BMC on its bus: what is for whom, and requests of others that it sends on (§6.12, §6.13)."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.bmc.services.bridging import MOST_TRACKED, BmcStation, Bridging, received
from baseboard.bmc.services.bus_station import EXPIRES_S
from baseboard.bmc.services.messaging import QUEUE_LENGTH, Messaging
from baseboard.errors import CompletionError
from baseboard.rmcp import lan_message
from baseboard.rmcp.lan_message import LanMessage
from baseboard.rmcp.session import RequestReceived
from tests.bmc.bridges import FAR, SATELLITE
from tests.bmc.services.homes import FakeHome, make_home

APP = 0x06


class Asker:
    """Somebody with a request to be sent on."""

    def __init__(self, number: int = 1, owner: object = None) -> None:
        self.number: object = number
        self.owner: object = owner
        self.heard: list[LanMessage] = []

    def answer(self, message: LanMessage) -> None:
        self.heard.append(message)


class Ear:
    def __init__(self) -> None:
        self.heard: list[bytes] = []

    def receive(self, frame: bytes) -> None:
        self.heard.append(frame)


def made(**changes: Any) -> tuple[Bridging, Messaging, FakeHome]:
    home = make_home(satellites=(SATELLITE, FAR), **changes)
    messaging = Messaging(home)
    return Bridging(home, messaging), messaging, home


def station(bridging: Bridging) -> BmcStation:
    return bridging.station


def message(to: int = 0x82, cmd: int = 0x01, lun: int = 0, rq_lun: int = 2, sequence: int = 9) -> LanMessage:
    return lan_message.unwrap(
        lan_message.wrap_request(APP, cmd, b"", sequence, rs_addr=to, rs_lun=lun, rq_addr=0x81, rq_lun=rq_lun)
    )


def test_nothing_is_built_before_it_is_used() -> None:
    bridging, _, home = made()
    bridging.forget(object())
    assert home.clock.next_due() is None
    assert bridging.satellites == {}
    assert bridging.bus is bridging.station.bus
    assert set(bridging.satellites) == {0x82}


def test_a_tracked_request_goes_out_under_the_bmcs_address_and_number() -> None:
    bridging, _, home = made()
    ear = Ear()
    bridging.bus.attach(0x24, ear)
    asker = Asker()
    station(bridging).track(message(to=0x24), asker)
    home.clock.advance(0.1)
    sent = lan_message.unwrap(ear.heard[0])
    assert (sent.rq_addr, sent.rq_seq, sent.rq_lun) == (0x20, 0, 0)
    response = lan_message.wrap_response(sent, b"\x00\x55")
    bridging.bus.write(response)
    bridging.bus.write(response)
    home.clock.advance(0.1)
    assert [one.data for one in asker.heard] == [b"\x00\x55"]


def test_a_repetition_goes_out_under_the_same_number() -> None:
    bridging, _, home = made()
    ear = Ear()
    bridging.bus.attach(0x24, ear)
    session = object()
    for number in (1, 1, 2):
        station(bridging).track(message(to=0x24), Asker(number, session))
    home.clock.advance(0.1)
    assert [lan_message.unwrap(frame).rq_seq for frame in ear.heard] == [0, 0, 1]


def test_what_is_tracked_is_bounded_and_ends_with_its_session() -> None:
    bridging, _, home = made()
    ear = Ear()
    bridging.bus.attach(0x24, ear)
    session, asker = object(), Asker(99, "other")
    for number in range(MOST_TRACKED):
        station(bridging).track(message(to=0x24), Asker(number, session))
    with pytest.raises(CompletionError) as caught:
        station(bridging).track(message(to=0x24), asker)
    assert caught.value.code == 0xC0
    bridging.forget(session)
    station(bridging).track(message(to=0x24), asker)
    home.clock.advance(0.1)
    for frame in ear.heard:
        bridging.bus.write(lan_message.wrap_response(lan_message.unwrap(frame), b"\x00"))
    home.clock.advance(1)
    assert len(asker.heard) == 1


def test_after_its_time_an_answer_is_nobodys() -> None:
    bridging, _, home = made()
    ear, asker = Ear(), Asker()
    bridging.bus.attach(0x24, ear)
    station(bridging).track(message(to=0x24), asker)
    home.clock.advance(EXPIRES_S)
    bridging.bus.write(lan_message.wrap_response(lan_message.unwrap(ear.heard[0]), b"\x00"))
    home.clock.advance(1)
    assert asker.heard == []


@pytest.mark.parametrize(("fault", "code"), [("contended", 0x81), ("stuck", 0x82), ("", 0x83)])
def test_a_request_that_cannot_be_written_is_not_waited_for(fault: str, code: int) -> None:
    bridging, _, _ = made()
    if fault:
        setattr(bridging.bus, fault, True)
    for _ in range(MOST_TRACKED + 1):
        with pytest.raises(CompletionError) as caught:
            station(bridging).track(message(to=0x82 if fault else 0x84), Asker())
        assert caught.value.code == code


def test_lun_10b_is_system_software() -> None:
    bridging, messaging, home = made()
    ear = Ear()
    bridging.bus.attach(0x24, ear)
    request = lan_message.wrap_request(APP, 1, b"\x01", 5, rs_lun=2, rq_addr=0x24)
    bridging.bus.write(request)
    response = lan_message.wrap_response(message(to=0x24), b"\x00")
    bridging.bus.write(b"\x20" + response[1:2] + bytes((-(0x20 + response[1]) & 0xFF,)) + response[3:])
    home.clock.advance(0.1)
    assert messaging.take_message() == (0, 0, request[1:])
    taken = messaging.take_message()
    assert taken is not None
    assert taken[2][0] == (APP | 1) << 2 | 2
    for number in range(QUEUE_LENGTH + 1):
        bridging.bus.write(lan_message.wrap_request(APP, 1, bytes((number,)), 6, rs_lun=2, rq_addr=0x24))
    home.clock.advance(0.1)
    assert [lan_message.unwrap(frame).data for frame in ear.heard] == [b"\xc0"]
    messaging.channels.discard(0)
    bridging.bus.write(request)
    home.clock.advance(0.1)
    assert lan_message.unwrap(ear.heard[-1]).data == b"\xd3"


def test_other_luns_are_the_bmc() -> None:
    bridging, _, home = made()
    heard: list[tuple[int, RequestReceived]] = []

    def deliver(channel: int, request: RequestReceived, reply: Any) -> None:
        heard.append((channel, request))
        reply(b"\x00\x77")

    ear = Ear()
    bridging.bus.attach(0x24, ear)
    bridging.bus.write(lan_message.wrap_request(APP, 1, b"\x01", 5, rq_addr=0x24, rq_lun=3))
    home.clock.advance(0.1)
    assert lan_message.unwrap(ear.heard[0]).data == b"\xd2", "nobody is there yet"
    bridging.deliver = deliver
    bridging.bus.write(lan_message.wrap_request(APP, 1, b"\x01", 6, rq_addr=0x24, rq_lun=3))
    home.clock.advance(0.1)
    channel, request = heard[0]
    assert (channel, request.rq_addr, request.rq_seq, request.rq_lun, request.data) == (
        0,
        0x24,
        6,
        3,
        b"\x01",
    )
    assert request.session is None
    assert lan_message.unwrap(ear.heard[1]).data == b"\x00\x77"
    bridging.to_itself(message(to=0x20), lambda data: None, 7)
    assert heard[1][0] == 7


def test_a_request_from_the_bus_is_as_on_any_channel() -> None:
    request = received(message(cmd=0x2D, lun=1))
    assert (request.netfn, request.lun, request.cmd, request.rq_addr, request.privilege) == (
        6,
        1,
        0x2D,
        0x81,
        0,
    )
