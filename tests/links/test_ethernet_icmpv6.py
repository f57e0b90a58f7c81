"""ICMPv6 for neighbors and routers."""

from __future__ import annotations

from ipaddress import IPv6Address, IPv6Interface

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.links import ethernet_ipv6
from baseboard.links.ethernet_icmpv6 import (
    Advertisement,
    Echo,
    Message,
    Prefix,
    RouterAdvertisement,
    RouterSolicitation,
    Solicitation,
    encode,
    parse,
)
from baseboard.links.ethernet_ipv6 import ICMPV6, Packet
from tests.links.captured import (
    IPV6_ECHO,
    IPV6_SOLICITATION,
    LINUX_MAC,
    LISTENER_REPORT,
    OWN_MAC,
    ROUTER_SOLICITATION,
)

HOST, BMC = IPv6Address("fd77::1"), IPv6Address("fd77::2")
ROUTER = IPv6Address("fe80::1")
ON_LINK = Prefix(IPv6Interface("2001:db8::/64"), True, False, 600, 300)
AUTONOMOUS = Prefix(IPv6Interface("2001:db8:1::/64"), False, True, 0xFFFFFFFF, 0xFFFFFFFF)
MESSAGES: list[Message] = [
    Solicitation(BMC, OWN_MAC),
    Solicitation(BMC),
    Advertisement(BMC, OWN_MAC, solicited=True),
    Advertisement(BMC),
    RouterSolicitation(OWN_MAC),
    RouterSolicitation(),
    RouterAdvertisement(64, 1800, LINUX_MAC, (ON_LINK, AUTONOMOUS)),
    RouterAdvertisement(0, 0, b"", ()),
    Echo(b"\0\x07\0\x01hello"),
    Echo(b"\0\x07\0\x01hello", reply=True),
]


def packet(data: bytes, hop_limit: int = 255) -> Packet:
    """A packet with these bytes, their checksum made right."""
    data = data[:2] + b"\0\0" + data[4:]
    right = ethernet_ipv6.upper_checksum(HOST, BMC, ICMPV6, data).to_bytes(2, "big")
    return Packet(HOST, BMC, ICMPV6, data[:2] + right + data[4:], hop_limit)


def captured(frame: bytes) -> Packet:
    parsed = ethernet_ipv6.parse(frame[14:])
    assert isinstance(parsed, Packet)
    return parsed


def test_what_linux_asks_is_understood_and_made_the_same() -> None:
    for frame, message in (
        (IPV6_SOLICITATION, Solicitation(BMC, LINUX_MAC)),
        (ROUTER_SOLICITATION, RouterSolicitation(LINUX_MAC)),
        (IPV6_ECHO, Echo(bytes.fromhex("00070001") + b"hello!!!")),
    ):
        seen = captured(frame)
        assert parse(seen) == message
        assert encode(message, seen.source, seen.destination) == seen.data


@pytest.mark.parametrize("message", MESSAGES)
def test_every_message_comes_back(message: Message) -> None:
    assert parse(Packet(HOST, BMC, ICMPV6, encode(message, HOST, BMC), 255)) == message


@pytest.mark.parametrize("message", MESSAGES[:8])
def test_what_may_come_from_another_link_or_has_a_code_is_none(message: Message) -> None:
    """RFC 4861, §6.1 and §7.1."""
    data = encode(message, HOST, BMC)
    assert parse(packet(data, hop_limit=254)) is None
    assert parse(packet(data[:1] + b"\x01" + data[2:])) is None


def test_a_wrong_checksum_is_none() -> None:
    data = encode(MESSAGES[0], HOST, BMC)
    assert parse(Packet(HOST, BMC, ICMPV6, data[:-1] + bytes((data[-1] ^ 1,)), 255)) is None


@pytest.mark.parametrize(
    "data",
    [
        bytes(4),
        bytes((135, 0, 0, 0)) + bytes(19),  # an address too short
        bytes((134, 0, 0, 0)) + bytes(8),  # an advertisement too short
        bytes((135, 0, 0, 0)) + bytes(4) + IPv6Address("ff02::1").packed,
        bytes((136, 0, 0, 0)) + bytes(20) + bytes((1, 0)),  # an option without a length
        bytes((134, 0, 0, 0)) + bytes(12) + bytes((1, 2)) + bytes(6),  # longer than it is
        bytes((133, 0, 0, 0)) + bytes(4) + b"\x01",
        bytes((1, 0, 0, 0)) + bytes(4),  # destination unreachable
    ],
)
def test_what_is_broken_or_says_nothing_of_this_is_none(data: bytes) -> None:
    assert parse(packet(data)) is None


def test_a_report_of_groups_is_none() -> None:
    """Its header is another one, before that of ICMPv6."""
    assert captured(LISTENER_REPORT).header == 0


def test_options_of_other_kinds_and_sizes_are_skipped() -> None:
    head = encode(RouterAdvertisement(9, 60, b"", ()), HOST, BMC)
    options = bytes((5, 1)) + bytes(6) + bytes((3, 1)) + bytes(6) + bytes((1, 2)) + bytes(14)
    too_long = bytes((3, 4, 129)) + bytes(29)
    assert parse(packet(head + options + too_long)) == RouterAdvertisement(9, 60, b"", ())


@given(kind=st.sampled_from([128, 133, 134, 135, 136, 200]), body=st.binary(max_size=60))
def test_any_bytes_are_parsed(kind: int, body: bytes) -> None:
    message = parse(packet(bytes((kind, 0, 0, 0)) + body))
    assert message is None or encode(message, HOST, BMC)
