"""Ethernet frames and 802.1Q tags."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.links import ethernet
from baseboard.links.ethernet import ARP, BROADCAST, IPV4, Frame, checksum, parse
from baseboard.links.network import Tag
from tests.links.captured import ARP_REQUEST, EVERY, LINUX_MAC

# A reply tagged with VLAN 100 and priority 5 goes as 8100, a064 (802.1Q, §9.6).
TAGGED = LINUX_MAC + bytes.fromhex("0200000000b1 8100 a064 0806") + bytes(28)


def test_a_frame_of_linux_is_taken_apart() -> None:
    frame = parse(ARP_REQUEST)
    assert frame == Frame(BROADCAST, LINUX_MAC, ARP, ARP_REQUEST[14:])


def test_a_tag_is_priority_and_vlan() -> None:
    frame = parse(TAGGED)
    assert frame is not None
    assert (frame.tag, frame.kind, frame.data) == (Tag(100, 5), ARP, bytes(28))
    assert frame.encode() == TAGGED.ljust(60, b"\0")


@pytest.mark.parametrize("frame", EVERY)
def test_what_is_parsed_is_built_again_and_filled_up(frame: bytes) -> None:
    parsed = parse(frame)
    assert parsed is not None
    assert parsed.encode() == frame.ljust(60, b"\0")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        ARP_REQUEST[:13],
        TAGGED[:17],
        LINUX_MAC + LINUX_MAC + bytes.fromhex("8100 1064 0806"),  # the canonical format indicator
        LINUX_MAC + LINUX_MAC + bytes.fromhex("8100 0064 8100 0065 0806"),  # two tags
    ],
)
def test_what_is_no_frame_for_a_bmc_is_none(raw: bytes) -> None:
    assert parse(raw) is None


@given(raw=st.binary(max_size=80))
def test_any_bytes_are_parsed(raw: bytes) -> None:
    frame = parse(raw)
    assert frame is None or frame.encode().startswith(raw)


@given(priority=st.integers(0, 7), vlan_id=st.integers(0, 4095), data=st.binary(min_size=46, max_size=1500))
def test_any_tag_comes_back(priority: int, vlan_id: int, data: bytes) -> None:
    frame = Frame(BROADCAST, LINUX_MAC, IPV4, data, Tag(vlan_id, priority))
    assert ethernet.parse(frame.encode()) == frame


def test_the_checksum_is_that_of_rfc_1071() -> None:
    """Its example in §3, and an odd byte, which counts as if a zero followed."""
    assert checksum(bytes.fromhex("0001 f203 f4f5 f6f7")) == ~0xDDF2 & 0xFFFF
    assert checksum(b"\x01") == checksum(b"\x01\0") == 0xFEFF
    assert checksum(b"") == 0xFFFF
