"""A host on Ethernet: which frames are for it, with which tags, and both versions of IP together."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Interface

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.links import ethernet
from baseboard.links.ethernet import BROADCAST, Frame
from baseboard.links.ethernet_host import EthernetHost
from baseboard.links.network import NetworkSettings, Tag
from tests.links.captured import (
    ARP_REQUEST,
    EVERY,
    IPV4_UDP,
    IPV6_SOLICITATION,
    IPV6_UDP,
    LINUX_MAC,
    OWN,
    OWN_MAC,
    PING,
)

TAG = Tag(100, 5)


def ready(settings: NetworkSettings = OWN) -> EthernetHost:
    """A host whose addresses were tried, at 2 s."""
    host = EthernetHost(settings, 0.0)
    host.expire(1.0)
    host.expire(2.0)
    host.frames()
    return host


def retagged(frame: bytes, tag: Tag | None) -> bytes:
    """The same frame with another tag."""
    parsed = ethernet.parse(frame)
    assert parsed is not None
    return parsed._replace(tag=tag).encode()


def test_what_linux_sent_is_heard_and_answered_over_both_versions() -> None:
    host = ready()
    for frame in EVERY:
        host.receive(frame, 2.0)
    assert host.datagrams() == [(PING, ("10.77.0.1", 48832)), (PING, ("fd77::1", 50942, 0, 0))]
    host.send(b"four", ("10.77.0.1", 48832), 2.0)
    host.send(b"six", ("fd77::1%eth0", 50942, 0, 0), 2.0)
    kinds = [sent.kind for raw in host.frames() if (sent := ethernet.parse(raw)) is not None]
    # Two answers to questions, two echoes, two datagrams.
    assert sorted(kinds) == [0x0800, 0x0800, 0x0806, 0x86DD, 0x86DD, 0x86DD]


@pytest.mark.parametrize("own", [None, TAG])
@pytest.mark.parametrize("theirs", [None, TAG, Tag(100, 0), Tag(101, 5), Tag(0, 5)])
def test_only_frames_of_its_vlan_are_taken(own: Tag | None, theirs: Tag | None) -> None:
    """Table 23-4, parameter 20: with a VLAN its frames alone, without one those without a tag alone."""
    host = ready(replace(OWN, tag=own))
    mine = own == theirs or (own is not None and theirs is not None and own.vlan_id == theirs.vlan_id)
    for frame in (ARP_REQUEST, IPV6_SOLICITATION, IPV4_UDP, IPV6_UDP):
        host.receive(retagged(frame, theirs), 2.0)
    assert len(host.datagrams()) == (2 if mine else 0)
    frames = [ethernet.parse(raw) for raw in host.frames()]
    assert [frame.tag for frame in frames if frame is not None] == ([own, own] if mine else [])
    assert host.counters().ip_received == (3 if mine else 0)


@pytest.mark.parametrize(
    ("destination", "source", "heard"),
    [
        (OWN_MAC, LINUX_MAC, True),
        (BROADCAST, LINUX_MAC, True),
        (LINUX_MAC, LINUX_MAC, False),
        (OWN_MAC, OWN_MAC, False),
        (OWN_MAC, BROADCAST, False),
        (bytes.fromhex("01005e000001"), LINUX_MAC, False),
        (bytes.fromhex("333300000001"), LINUX_MAC, True),
        (bytes.fromhex("3333ff000002"), LINUX_MAC, True),
        (bytes.fromhex("3333ff000003"), LINUX_MAC, False),
        (bytes.fromhex("333300000016"), LINUX_MAC, False),
    ],
)
def test_only_frames_that_are_for_it_are_taken(destination: bytes, source: bytes, heard: bool) -> None:
    host = ready()
    host.receive(destination + source + IPV4_UDP[12:], 2.0)
    assert host.counters().ip_received == heard


def test_frames_of_other_kinds_and_no_frames_are_nothing() -> None:
    host = ready()
    host.receive(Frame(OWN_MAC, LINUX_MAC, 0x88CC, b"link layer discovery").encode(), 2.0)
    host.receive(b"short", 2.0)
    assert (host.frames(), host.datagrams(), host.counters().ip_received) == ([], [], 0)


def test_it_moves_to_another_address_and_vlan_and_tells_by_it() -> None:
    host = ready(replace(OWN, gratuitous_arps=True, ipv6=False))
    moved = replace(host.settings, ipv4=IPv4Interface("10.77.0.9/24"), tag=TAG)
    host.configure(moved, 3.0)
    assert host.settings is moved
    (frame,) = (ethernet.parse(raw) for raw in host.frames())
    assert frame is not None
    assert (frame.destination, frame.tag) == (BROADCAST, TAG)
    host.receive(retagged(ARP_REQUEST, TAG), 3.0)
    assert host.frames() == []


def test_the_next_deadline_is_the_earlier_one() -> None:
    host = ready()
    assert host.deadline() is None
    host.send(b"six", ("fd77::1", 9, 0, 0), 2.0)
    host.send(b"four", ("10.77.0.1", 9), 2.5)
    assert host.deadline() == 3.0


def test_what_is_known_of_both_versions_is_told() -> None:
    report = ready(replace(OWN, gateway_mac=LINUX_MAC)).report()
    assert report.gateway_mac == LINUX_MAC
    assert report.static == (0, 1)


@given(
    frames=st.lists(
        st.tuples(
            st.sampled_from([OWN_MAC, BROADCAST]),
            st.sampled_from([0x0800, 0x0806, 0x86DD, 0x8100]),
            st.binary(max_size=100),
        ),
        max_size=8,
    )
)
def test_no_frame_breaks_it(frames: list[tuple[bytes, int, bytes]]) -> None:
    host = ready(replace(OWN, advertised_routers=True))
    for number, (to, kind, data) in enumerate(frames):
        host.receive(to + LINUX_MAC + kind.to_bytes(2, "big") + data, 2.0 + number)
        host.expire(2.0 + number)
    host.receive(IPV4_UDP, 99.0)
    assert host.datagrams()[-1] == (PING, ("10.77.0.1", 48832))


@given(frame=st.sampled_from(EVERY), at=st.integers(0, 80), value=st.integers(0, 255))
def test_no_damaged_frame_of_linux_breaks_it(frame: bytes, at: int, value: int) -> None:
    host = ready()
    damaged = bytearray(frame)
    damaged[at % len(damaged)] = value
    host.receive(bytes(damaged), 2.0)
    host.receive(bytes(damaged[: at + 1]), 2.0)
    assert all(len(data) == len(PING) for data, _ in host.datagrams())
