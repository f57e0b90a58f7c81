"""UDP in both versions of IP."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.links.ethernet_udp import Datagram, encode, parse
from tests.links.captured import IPV4_UDP, IPV6_UDP, PING

FOUR = (IPv4Address("10.77.0.1"), IPv4Address("10.77.0.2"))
SIX = (IPv6Address("fd77::1"), IPv6Address("fd77::2"))
Pair = tuple[IPv4Address, IPv4Address] | tuple[IPv6Address, IPv6Address]


@pytest.mark.parametrize(("raw", "pair"), [(IPV4_UDP[34:], FOUR), (IPV6_UDP[54:], SIX)])
def test_a_datagram_of_linux_is_taken_apart_and_put_together(raw: bytes, pair: Pair) -> None:
    datagram = parse(raw + b"more", *pair)
    assert datagram is not None
    assert (datagram.destination, datagram.data) == (623, PING)
    assert encode(datagram, *pair) == raw


@pytest.mark.parametrize(("raw", "pair"), [(IPV4_UDP[34:], FOUR), (IPV6_UDP[54:], SIX)])
def test_what_is_broken_is_none(raw: bytes, pair: Pair) -> None:
    for broken in (raw[:7], raw[:-1], raw[:-1] + b"\x01", raw[:5] + b"\x07" + raw[6:]):
        assert parse(broken, *pair) is None
    assert parse(raw, pair[0], pair[0]) is None


def test_only_ipv4_may_go_without_a_checksum() -> None:
    four, six = IPV4_UDP[34:], IPV6_UDP[54:]
    assert parse(four[:6] + b"\0\0" + four[8:], *FOUR) is not None
    assert parse(six[:6] + b"\0\0" + six[8:], *SIX) is None


def test_a_checksum_of_zero_is_sent_as_all_ones() -> None:
    """RFC 768: zero would say that there is none."""
    bare = Datagram(623, 623, bytes(2))
    open_sum = int.from_bytes(encode(bare, *FOUR)[6:8], "big")
    closing = Datagram(623, 623, open_sum.to_bytes(2, "big"))
    raw = encode(closing, *FOUR)
    assert raw[6:8] == b"\xff\xff"
    assert parse(raw, *FOUR) == closing


@given(data=st.binary(max_size=40))
def test_any_bytes_are_parsed(data: bytes) -> None:
    for pair in (FOUR, SIX):
        datagram = parse(data, *pair)
        assert datagram is None or len(datagram.data) <= len(data) - 8
