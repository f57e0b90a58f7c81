"""Packets of an ICMB, and how they stand out from a stream of bytes (ICMB v1.0)."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.links.icmb import (
    BROADCAST,
    ESCAPE,
    LONGEST_DATA,
    MOST,
    REQUEST,
    RESPONSE,
    START,
    STOP,
    Broken,
    Packet,
    Stream,
    decode,
)

PACKET = Packet(0x0202, 0x0101, REQUEST, 7, 0x20, b"\x20\x18\x01")
LONGEST = Packet(START << 8 | STOP, 0xAAAA, RESPONSE, START, STOP, bytes((ESCAPE,)) * (LONGEST_DATA + 1))

packets = st.builds(
    Packet,
    st.integers(0, 0xFFFF),
    st.integers(0, 0xFFFF),
    st.sampled_from((REQUEST, RESPONSE)),
    st.integers(0, 255),
    st.integers(0, 255),
    st.binary(max_size=LONGEST_DATA + 1),
)


def test_a_packet_comes_out_as_it_went_in() -> None:
    encoded = PACKET.encode()
    assert encoded == bytes.fromhex("a5 0202 0101 00 07 20 201801 9a a6")
    assert sum(encoded[1:-1]) & 0xFF == 0
    assert decode(encoded) == (PACKET, False)
    answer = Packet(0x0101, BROADCAST, RESPONSE, 7, 0x20, b"\0")
    assert decode(answer.encode()) == (answer, False)


def test_bytes_that_look_like_marks_are_escaped() -> None:
    encoded = LONGEST.encode()
    assert (encoded.count(START), encoded.count(STOP)) == (1, 1)
    assert len(encoded) <= MOST
    assert decode(encoded) == (LONGEST, False)


@given(packets)
def test_every_packet_survives(packet: Packet) -> None:
    assert decode(packet.encode()) == (packet, False)


def test_a_sender_may_begin_anew() -> None:
    encoded = PACKET.encode()
    assert decode(encoded[:5] + encoded) == (PACKET, True)
    assert Stream().receive(encoded[:5] + encoded) == [encoded[:5] + encoded]


@pytest.mark.parametrize(
    ("data", "counter"),
    [
        (b"", "not_start"),
        (PACKET.encode()[1:], "not_start"),
        (PACKET.encode()[:-1], "runt_packets"),
        (bytes((START,)), "runt_packets"),
        (bytes((START, 1, 2, STOP)), "runt_packets"),
        (PACKET.encode()[:-2] + b"\x01\xa6", "bad_checksums"),
        (Packet(1, 2, REQUEST, 1, 1, bytes(LONGEST_DATA + 2)).encode(), "bad_checksums"),
        (bytes((START,)) + bytes((ESCAPE, 1)) * 9 + bytes((STOP,)), "bad_checksums"),
        (PACKET._replace(kind=0x40).encode(), "unknown_types"),
    ],
)
def test_what_is_no_packet_says_what_it_counts_as(data: bytes, counter: str) -> None:
    with pytest.raises(Broken) as caught:
        decode(data)
    assert caught.value.counter == counter


def test_packets_are_found_between_noise() -> None:
    stream, encoded = Stream(), PACKET.encode()
    assert stream.receive(b"\x01\x02" + encoded + b"\x03") == [b"\x01\x02", encoded, b"\x03"]
    assert stream.receive(encoded[:4]) == []
    assert stream.receive(encoded[4:] + encoded) == [encoded, encoded]


def test_a_packet_without_an_end_is_cut_off() -> None:
    stream = Stream()
    [cut] = stream.receive(bytes((START,)) + bytes(MOST - 1))
    assert len(cut) == MOST
    with pytest.raises(Broken):
        decode(cut)


@given(st.lists(packets, max_size=4), st.lists(st.integers(1, 30), min_size=1))
def test_however_bytes_come_the_packets_are_the_same(sent: list[Packet], sizes: list[int]) -> None:
    data = b"".join(packet.encode() for packet in sent)
    stream, found, turn = Stream(), [], 0
    while data:
        size = sizes[turn % len(sizes)]
        piece, data, turn = data[:size], data[size:], turn + 1
        found += [decode(one)[0] for one in stream.receive(piece)]
    assert found == sent


@given(st.binary(max_size=400))
def test_noise_is_read_to_its_end(noise: bytes) -> None:
    pieces = Stream().receive(noise)
    assert noise.startswith(b"".join(pieces))
    for piece in pieces:
        with contextlib.suppress(Broken):
            decode(piece)
