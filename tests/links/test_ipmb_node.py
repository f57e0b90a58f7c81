"""A controller on an IPMB: what it heeds, and two of them on a bus that loses, repeats and garbles."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baseboard.codes import Cc
from baseboard.commands import ipmi_message
from baseboard.commands.ipmi_message import LanMessage
from baseboard.links.ipmb import EXPIRES_S, Form, Written, sealed
from baseboard.links.ipmb_node import Arrived, Asked, Node
from baseboard.links.ipmb_requester import RETRIES, RETRY_S, Answered, GaveUp

APP = 0x06


def asked(
    data: bytes = b"", to: int = 0x82, by: int = 0x20, cmd: int = 1, lun: int = 0, rq_lun: int = 0
) -> bytes:
    return ipmi_message.wrap_request(APP, cmd, data, 5, rs_addr=to, rs_lun=lun, rq_addr=by, rq_lun=rq_lun)


def answered(to: int = 0x82, rq_lun: int = 0) -> bytes:
    return ipmi_message.wrap_response(ipmi_message.unwrap(asked(by=to, to=0x20, rq_lun=rq_lun)), b"\0")


def carried_out(node: Node[str]) -> list[int]:
    return [one.ticket.message.cmd for one in node.events() if isinstance(one, Asked)]


def test_a_request_for_it_is_carried_out_and_answered() -> None:
    node: Node[str] = Node(0x82)
    node.receive(asked(b"\x07"), 0)
    (event,) = node.events()
    assert isinstance(event, Asked)
    assert event.ticket.message.data == b"\x07"
    node.reply(event.ticket, b"\0\x08")
    (out,) = node.outgoing()
    node.written(out, Written.NAK, 0)
    assert ipmi_message.unwrap(out.frame).data == b"\0\x08"
    assert (out.exchange, node.events(), node.outgoing()) == (None, [], [])


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"\x82",
        asked()[:-1] + b"\xff",
        asked()[:2] + b"\xff" + asked()[3:],
        asked(to=0x84),
        answered(to=0x84),
        answered(),
        b"\0" + asked(to=0x84),
        b"\0" + asked(cmd=2),
        b"\0" + asked(lun=1),
        b"\0" + answered(),
        b"\0",
    ],
)
def test_what_is_broken_or_for_somebody_else_is_ignored(frame: bytes) -> None:
    node: Node[str] = Node(0x82)
    node.receive(frame, 0)
    assert (node.events(), node.outgoing()) == ([], [])


def test_20_9_a_broadcast_get_device_id_for_it_is_carried_out() -> None:
    node: Node[str] = Node(0x82)
    node.receive(b"\0" + asked(), 0)
    assert carried_out(node) == [1]


def test_what_is_for_a_lun_of_somebody_elses_comes_out_as_it_is() -> None:
    node: Node[str] = Node(0x82, through=frozenset((2,)))
    frames = [asked(lun=2), asked(lun=2), answered(rq_lun=2)]
    for frame in frames:
        node.receive(frame, 0)
    assert [one.frame for one in node.events() if isinstance(one, Arrived)] == frames


class Bus:
    """Frames between two controllers, ill-treated as drawn."""

    def __init__(self, drawn: random.Random, ills: float, form: Form) -> None:
        self.drawn, self.ills, self.now = drawn, ills, 0.0
        self.nodes: dict[int, Node[int]] = {one: Node(one, form=form) for one in (0x20, 0x82)}
        self.flying: list[tuple[float, int, bytes]] = []
        self.executed: list[bytes] = []
        self.ended: dict[int, list[bytes | int]] = {}

    def ill(self) -> bool:
        return self.drawn.random() < self.ills

    def carry(self, address: int) -> None:
        node = self.nodes[address]
        while True:
            outgoing, events = node.outgoing(), node.events()
            if not outgoing and not events:
                return
            for one in outgoing:
                code = self.drawn.choice(list(Written)) if self.ill() else Written.DONE
                node.written(one, code, self.now)
                if code == Written.DONE:
                    self.fly(0xA2 - address, one.frame)
            for event in events:
                if isinstance(event, Asked):
                    self.executed.append(event.ticket.message.data)
                    node.reply(event.ticket, b"\0" + event.ticket.message.data)
                elif isinstance(event, Answered):
                    self.ended.setdefault(event.exchange.token, []).append(event.message.data)
                elif isinstance(event, GaveUp):
                    self.ended.setdefault(event.exchange.token, []).append(event.code)

    def fly(self, to: int, frame: bytes) -> None:
        for _ in range(2 if self.ill() else 1):
            if self.ill():
                continue
            if self.ill():
                place = self.drawn.randrange(len(frame))
                frame = frame[:place] + self.drawn.randbytes(1) + frame[place + 1 :]
            late = self.drawn.random() * 0.4 if self.ill() else 0.003
            self.flying.append((self.now + late, to, frame))
        if self.ill():
            self.flying.append((self.now, to, self.drawn.randbytes(self.drawn.randrange(40))))

    def run(self) -> None:
        """Until nothing is under way."""
        while True:
            for address in self.nodes:
                self.carry(address)
            times = [when for when, _, _ in self.flying]
            times += (due for due in (node.deadline() for node in self.nodes.values()) if due is not None)
            if not times:
                return
            self.now = max(self.now, min(times))
            due = sorted(one for one in self.flying if one[0] <= self.now)
            self.flying = [one for one in self.flying if one[0] > self.now]
            for _, to, frame in due:
                self.nodes[to].receive(frame, self.now)
            for node in self.nodes.values():
                node.expire(self.now)


@settings(deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([0.0, 0.05, 0.2, 0.5]), st.sampled_from(Form))
def test_both_roles_agree_or_give_up(seed: int, ills: float, form: Form) -> None:
    """Every request ends once; what was answered was carried out, and nothing within 5 seconds twice."""
    bus = Bus(random.Random(seed), ills, form)
    for number in range(20):
        message = LanMessage(0xA2 - 0x82 if number % 2 else 0x82, APP, 0, 0, 0, 0, 1, bytes((number,)))
        asker = bus.nodes[0x82 if number % 2 else 0x20]
        assert asker.requester.ask(message, number, bus.now) is not None
    bus.run()
    assert set(bus.ended) == set(range(20))
    for number, ends in bus.ended.items():
        (end,) = ends
        if isinstance(end, bytes):
            # a byte may have been changed so that both checksums still hold: not by one byte
            assert end[:1] != b"\0" or end[1:] == bytes((number,))
            assert bytes((number,)) in bus.executed
        else:
            assert end in (Cc.TIMEOUT, Written.LOST_ARBITRATION, Written.BUS_ERROR, Written.NAK)
            assert ills
    assert len(bus.executed) == len(set(bus.executed))
    assert bus.now <= EXPIRES_S + RETRY_S * RETRIES


@given(st.lists(st.binary(max_size=40), max_size=20), st.sampled_from(Form))
def test_garbage_does_no_harm(frames: list[bytes], form: Form) -> None:
    node: Node[str] = Node(0x82, form=form)
    for frame in frames:
        node.receive(frame, 0)
    node.events()
    node.receive(sealed(asked(), form), 0)
    assert carried_out(node) in ([1], [])
