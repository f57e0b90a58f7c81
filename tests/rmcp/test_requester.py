"""What the console's machines have in common."""

from __future__ import annotations

import enum
from typing import Any

import pytest

from baseboard.commands.app.device import GetDeviceId
from baseboard.errors import EncodeError
from baseboard.rmcp import lan_message
from baseboard.rmcp.bridging import Hop
from baseboard.rmcp.console_events import Answered, RequestArrived, Unanswered
from baseboard.rmcp.flight import Pace, Pending
from baseboard.rmcp.requester import Requester


class Own(enum.Enum):
    QUESTION = enum.auto()


class Bare(Requester):
    """Messages without any wrapper; the machine's own question ends all requests when it is given up."""

    def __init__(self, depth: int = 1, *, ignore_checksums: bool = False, proven: bool = False) -> None:
        super().__init__(Pace(1.0, 0.0, 2), depth, first=0, ignore_checksums=ignore_checksums)
        self.proven = proven

    def ask(self, now: float) -> None:
        self._ask(GetDeviceId(), Own.QUESTION, now, Pace(attempts=1))

    def _take(self, data: bytes, now: float) -> None:
        self._take_message(data, now, proven=self.proven)

    def _transmit(self, pending: Pending, now: float) -> None:
        self._out.append(pending.message())

    def _unanswered(self, pending: Pending, now: float) -> None:
        super()._unanswered(pending, now)
        if pending.purpose is Own.QUESTION:
            self._flight.abandon_all()


def test_own_requests_travel_like_others() -> None:
    machine = Bare()
    machine.ask(0.0)
    (sent,) = machine.outgoing()
    message = lan_message.unwrap(sent)
    assert (message.netfn, message.cmd) == (GetDeviceId.command.netfn, GetDeviceId.command.cmd)
    machine.receive(memoryview(lan_message.wrap_response(message, b"\0\1")), 0.5)
    (event,) = machine.events()
    assert isinstance(event, Answered)
    assert event.data == b"\0\1"


def test_requests_that_another_one_ended_are_not_repeated() -> None:
    machine = Bare(depth=3)
    machine.ask(0.0)
    machine.request(6, 2, b"", 0.0)
    machine.request(6, 3, b"", 0.0)
    assert len(machine.outgoing()) == 3
    machine.expire(1.0)
    assert machine.outgoing() == []
    assert [type(event) for event in machine.events()] == [Unanswered]
    assert machine.deadline() is None


def test_answers_that_are_nobodys_or_no_answers() -> None:
    machine = Bare()
    token = machine.request(6, 2, b"", 0.0)
    message = lan_message.unwrap(machine.outgoing()[0])
    machine.receive(lan_message.wrap_response(message, b"\xcf"), 0.1)
    machine.receive(lan_message.wrap_response(message, b"\0")[:-1], 0.1)
    message.cmd = 3
    machine.receive(lan_message.wrap_response(message, b"\0"), 0.1)
    assert machine.dropped == 3
    assert machine.events() == []
    machine.receive(lan_message.wrap_request(0x0C, 0x20, b"", 1), 0.1)
    message.cmd = 2
    machine.receive(lan_message.wrap_response(message, b"\0"), 0.1)
    arrived, answered = machine.events()
    assert isinstance(arrived, RequestArrived)
    assert isinstance(answered, Answered)
    assert answered.token == token


def test_cancelled_requests_make_room() -> None:
    machine = Bare()
    first = machine.request(0, 1, b"", 0.0)
    machine.request(0, 2, b"", 0.0)
    assert len(machine.outgoing()) == 1
    machine.cancel(first, 0.5)
    machine.cancel(first, 0.5)
    assert len(machine.outgoing()) == 1
    machine.request(0, 3, b"", 0.6)
    assert machine.outgoing() == []
    assert machine.depth == 1
    machine.depth = 2
    machine.expire(0.7)
    assert len(machine.outgoing()) == 1
    machine.expire(1.5)
    assert len(machine.outgoing()) == 1, "the first of the two is repeated"


def test_a_request_that_is_too_long() -> None:
    machine = Bare()
    with pytest.raises(EncodeError, match="06h/02h with 249 bytes"):
        machine.request(6, 2, bytes(machine.LARGEST_DATA + 1), 0.0)


def test_a_pace_of_its_own() -> None:
    machine = Bare()
    token = machine.request(6, 2, b"", 0.0, pace=Pace(3.0, 0.0, 1))
    assert machine.deadline() == 3.0
    machine.expire(3.0)
    assert machine.events() == [Unanswered(token, 1)]


def test_a_kind_of_machine_has_to_say_how_packets_look() -> None:
    assert Requester.__abstractmethods__ == {"_take", "_transmit"}


def bridged(machine: Bare, **options: Any) -> lan_message.LanMessage:
    """Send Get Device ID to a satellite; returns the Send Message that the BMC gets."""
    machine.request(6, 1, b"", 0.0, hops=(Hop(0, 0x24),), rs_lun=1, **options)
    return lan_message.unwrap(machine.outgoing()[0])


def test_a_bridged_request_and_its_two_answers() -> None:
    machine = Bare()
    sent = bridged(machine)
    inner = lan_message.unwrap(sent.data[1:])
    assert (sent.netfn, sent.cmd, sent.rs_lun, sent.data[0]) == (6, 0x34, 0, 0x40)
    assert (inner.rs_addr, inner.rs_lun, inner.cmd, inner.rq_seq) == (0x24, 1, 1, sent.rq_seq)
    machine.receive(lan_message.wrap_response(sent, b"\0"), 0.1)
    assert machine.events() == []
    assert machine.dropped == 0
    sent.cmd = 1
    answer = lan_message.wrap_response(sent, b"\0\x24")
    machine.receive(answer, 0.2)
    (event,) = machine.events()
    assert isinstance(event, Answered)
    assert event.data == b"\0\x24"
    machine.receive(answer, 0.3)
    assert machine.dropped == 1, "the second copy of an answer"
    assert machine.deadline() is None


def test_a_bridged_answer_that_overtakes_the_bridge() -> None:
    machine = Bare()
    sent = bridged(machine)
    acknowledgement = lan_message.wrap_response(sent, b"\0")
    sent.cmd = 1
    machine.receive(lan_message.wrap_response(sent, b"\0\x24"), 0.1)
    machine.receive(acknowledgement, 0.2)
    assert len(machine.events()) == 1
    assert machine.dropped == 1


def test_a_bridge_that_refuses_ends_the_request() -> None:
    machine = Bare()
    sent = bridged(machine)
    machine.receive(lan_message.wrap_response(sent, b"\x83"), 0.1)
    (event,) = machine.events()
    assert isinstance(event, Answered)
    assert event.data == b"\x83"


def test_a_bridged_request_without_an_answer_is_repeated_and_given_up() -> None:
    machine = Bare()
    sent = bridged(machine)
    machine.receive(lan_message.wrap_response(sent, b"\0"), 0.1)
    assert not machine.repeated
    machine.expire(1.0)
    assert lan_message.unwrap(machine.outgoing()[0]).data == sent.data
    assert machine.repeated
    machine.expire(2.0)
    (event,) = machine.events()
    assert isinstance(event, Unanswered)
    assert event.sent == 2


def test_a_bridged_request_has_less_room() -> None:
    machine = Bare()
    fits = machine.LARGEST_DATA - 8
    machine.request(6, 1, bytes(fits), 0.0, hops=(Hop(0, 0x24),))
    with pytest.raises(EncodeError):
        machine.request(6, 1, bytes(fits + 1), 0.0, hops=(Hop(0, 0x24),))


@pytest.mark.parametrize(("ignored", "proven"), [(False, False), (True, False), (False, True)])
def test_wrong_checksums_are_a_symptom_and_borne_where_they_do_no_harm(ignored: bool, proven: bool) -> None:
    machine = Bare(ignore_checksums=ignored, proven=proven)
    machine.request(6, 2, b"", 0.0)
    message = lan_message.unwrap(machine.outgoing()[0])
    assert machine.symptoms == set()
    machine.receive(lan_message.wrap_response(message, b"\0")[:-1] + b"\x99", 0.1)
    assert machine.symptoms == {"Q-CHKSUM"}
    assert len(machine.events()) == (ignored or proven)
