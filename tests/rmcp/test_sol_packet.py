"""SOL packets (Table 15-2)."""

from __future__ import annotations

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from baseboard.rmcp.sol_packet import NACK, Operation, SolPacket, Status, following, most_characters


def test_15_9_a_packet_is_four_bytes_and_its_characters() -> None:
    packet = SolPacket(sequence=3, acknowledged=15, accepted=7, flags=Operation.BREAK, data=b"hi")
    assert packet.encode() == bytes.fromhex("030f0710") + b"hi"
    assert SolPacket.decode(packet.encode()) == packet


def test_15_9_reserved_bits_are_ignored() -> None:
    packet = SolPacket.decode(bytes.fromhex("f3ef0700"))
    assert (packet.sequence, packet.acknowledged, packet.data) == (3, 15, b"")


def test_15_9_nack_is_the_same_bit_both_ways() -> None:
    assert Operation.NACK == Status.NACK == NACK


@drawn(st.binary(min_size=4, max_size=300))
def test_any_payload_of_four_bytes_is_a_packet(data: bytes) -> None:
    assert SolPacket.decode(data).data == data[4:]


@pytest.mark.parametrize(
    ("size", "characters"),
    [(259, 255), (5, 1), (100, 96), (0, 255), (4, 255), (260, 255), (0x0301, 255), (0x6400, 255)],
)
def test_24_1_a_payload_size_that_cannot_be_means_the_maximum(size: int, characters: int) -> None:
    assert most_characters(size) == characters


def test_15_9_fifteen_is_followed_by_one() -> None:
    numbers = [0]
    while len(numbers) < 17:
        numbers.append(following(numbers[-1]))
    assert numbers == [0, *range(1, 16), 1]
