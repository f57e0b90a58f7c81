"""The line between chassis: packets, and who may send (ICMB v1.0)."""

from __future__ import annotations

import pytest

from baseboard.bmc.services.icmb_line import (
    BROADCAST,
    MARK,
    REQUEST,
    RESPONSE,
    Broken,
    IcmbLine,
    Packet,
    decode,
)
from baseboard.testing.clock import VirtualClock

PACKET = Packet(0x0202, 0x0101, REQUEST, 7, 0x20, b"\x20\x18\x01")


class Ear:
    def __init__(self) -> None:
        self.heard: list[bytes] = []

    def receive(self, data: bytes) -> None:
        self.heard.append(data)


def test_a_packet_comes_out_as_it_went_in() -> None:
    encoded = PACKET.encode()
    assert encoded[:9] == bytes.fromhex("a5 0202 0101 00 07 20 20")
    assert sum(encoded[1:]) & 0xFF == 0
    assert decode(encoded) == (PACKET, False)
    answer = Packet(0x0101, BROADCAST, RESPONSE, 7, 0x20, b"\0")
    assert decode(answer.encode()) == (answer, False)


def test_a_sender_may_begin_anew() -> None:
    assert decode(bytes((MARK,)) + PACKET.encode()) == (PACKET, True)


def test_an_address_may_look_like_a_mark() -> None:
    for destination in (0x01A5, 0xA5A5):
        packet = PACKET._replace(destination=destination)
        assert decode(packet.encode()) == (packet, False)


@pytest.mark.parametrize(
    ("data", "counter"),
    [
        (b"", "not_start"),
        (PACKET.encode()[1:], "not_start"),
        (PACKET.encode()[:8], "runt_packets"),
        (bytes((MARK,)), "runt_packets"),
        (PACKET.encode()[:-1] + b"\0", "bad_checksums"),
        (PACKET._replace(kind=0x40).encode(), "unknown_types"),
    ],
)
def test_what_is_no_packet_says_what_it_counts_as(data: bytes, counter: str) -> None:
    with pytest.raises(Broken) as caught:
        decode(data)
    assert caught.value.counter == counter


def test_all_others_hear_what_one_sends_when_it_has_been_sent() -> None:
    clock = VirtualClock()
    line, ears = IcmbLine(clock), [Ear(), Ear(), Ear()]
    for ear in ears:
        line.attach(ear)
    assert line.send(b"x" * 192, ears[0])
    clock.advance(0.09)
    assert not ears[1].heard
    clock.advance(0.02)
    assert [len(ear.heard) for ear in ears] == [0, 1, 1]
    assert line.send(b"y")
    line.detach(ears[1])
    clock.advance(1)
    assert [len(ear.heard) for ear in ears] == [1, 1, 2], "who left hears nothing more"


def test_only_one_sends_at_a_time() -> None:
    clock = VirtualClock()
    line = IcmbLine(clock)
    assert line.send(b"x" * 192)
    assert not line.send(b"y")
    assert line.free_at == pytest.approx(0.1)
    clock.advance(0.11)
    assert line.send(b"y")
