"""Frames made whole: tags told beside them, checksums left open."""

from __future__ import annotations

import pytest

from baseboard.links.ethernet_offload import finished, tagged
from tests.links.captured import ARP_REQUEST, EVERY, IPV4_ECHO, IPV4_UDP, IPV6_ECHO, IPV6_UDP

FOUR, SIX = 34, 54


def opened(frame: bytes, udp: int) -> bytes:
    """The frame as a sender leaves it to its hardware: with some other checksum."""
    return frame[: udp + 6] + b"\xde\xad" + frame[udp + 8 :]


@pytest.mark.parametrize(("frame", "udp"), [(IPV4_UDP, FOUR), (IPV6_UDP, SIX)])
def test_an_open_checksum_is_made_right(frame: bytes, udp: int) -> None:
    assert finished(opened(frame, udp)) == frame
    assert finished(opened(frame, udp) + b"filled up") == frame + b"filled up"


@pytest.mark.parametrize("frame", EVERY)
def test_what_is_right_stays(frame: bytes) -> None:
    assert finished(frame) == frame


@pytest.mark.parametrize(
    "frame",
    [
        b"short",
        ARP_REQUEST,
        IPV4_ECHO,
        IPV6_ECHO,
        IPV4_UDP[:30],
        IPV6_UDP[:50],
        IPV4_UDP[: FOUR + 4] + b"\x01\x00" + IPV4_UDP[FOUR + 6 :],  # longer than its packet
        IPV6_UDP[:18] + b"\0\x04" + IPV6_UDP[20:],  # too short for UDP
    ],
)
def test_what_is_no_datagram_stays(frame: bytes) -> None:
    assert finished(frame) == frame


def test_a_tag_goes_back_behind_the_addresses() -> None:
    assert tagged(ARP_REQUEST, 0xA064) == ARP_REQUEST[:12] + bytes.fromhex("8100a064") + ARP_REQUEST[12:]
