"""The PPP mode of a serial line, beyond what the specification's tests show."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address

import pytest

from baseboard.bmc.blueprint.serial import BASIC, PPP, TERMINAL
from baseboard.commands.transport.serial_proxy import SendPppUdpProxyPacket
from baseboard.links import ethernet_ipv4
from baseboard.links.ethernet_ipv4 import Packet
from baseboard.links.ethernet_udp import Datagram
from baseboard.links.ppp import LinkUp, Phase, PppSettings, Proof
from baseboard.links.ppp_automaton import packet
from baseboard.links.ppp_frame import frame
from tests.ppp_console import BMC, OURS, SETTINGS, PppLine


def test_a_frame_of_a_link_claims_all_bytes_until_its_end() -> None:
    line = PppLine(modes=BASIC | PPP | TERMINAL)
    ppp = line.endpoint.ppp
    assert not ppp.claims(0xFF)
    assert ppp.claims(0x7E)
    ppp.receive(b"\x7e", 0.0)
    assert ppp.claims(0xFF)
    assert not ppp.engaged
    ppp.receive(b"\xff\x03", 0.0)
    assert ppp.engaged
    assert ppp.claims(0xA0)
    ppp.receive(b"\x7e", 0.0)
    assert not ppp.claims(ord("["))
    assert not ppp.claims(0xFF)


def test_nothing_is_claimed_or_due_before_there_was_a_link() -> None:
    line = PppLine(modes=BASIC | PPP)
    ppp = line.endpoint.ppp
    assert (ppp.link, ppp.sessions, ppp.deadline(), ppp.speaking, ppp.in_use, ppp.holding) == (
        None, None, None, False, False, False,
    )  # fmt: skip
    ppp.expire(1.0)
    ppp.close()
    ppp.stop()
    ppp.send_message(b"")
    ppp.inactivity_changed(5.0)
    ppp.settings_changed()
    assert not ppp.send_datagram(Datagram(1, 2, b""), OURS)
    assert line.cable.take() == b""


def test_requests_of_the_link_are_repeated_with_time() -> None:
    line = PppLine()
    first = line.cable.take()
    assert first.startswith(b"\x7e\xff\x7d\x23\xc0\x21\x7d\x21")
    line.bench.advance(2.9)
    assert line.cable.take() == b""
    line.bench.advance(0.2)
    assert line.cable.take().startswith(b"\x7e\xff\x7d\x23\xc0\x21\x7d\x21")
    line.bench.advance(60.0)
    assert line.endpoint.ppp.link is not None
    assert line.endpoint.ppp.link.phase is Phase.DEAD
    line.cable.take()
    line.bench.advance(60.0)
    assert line.cable.take() == b""


def test_a_change_holds_at_once_for_a_link_that_is_not_up_yet() -> None:
    line = PppLine()
    line.cable.take()
    line.parameter(33, "01")
    assert b"\xc2\x23\x7d\x25" in line.cable.take()
    up = PppLine().up()
    up.parameter(33, "01")
    assert up.cable.take() == b""
    assert up.dialer.up
    up.dialer.link.lost()
    up.dialer.link.events()
    up.dialer.dial()
    assert not up.dialer.up


def test_wrong_passwords_of_a_link_count_and_right_ones_forgive() -> None:
    line = PppLine(replace(SETTINGS, name=b"admin", password=b"wrong"))
    line.parameter(33, "01")
    line.parameter(54, "01 02 0000 0000")
    line.bench.raw(6, 0x43, b"\xb2\x02\x04")
    assert not line.bench.services.login.locked_out(2)
    for _ in range(2):
        line.dialer.link.lost()
        line.dialer.settle()
        line.dialer.dial()
        line.bench.advance(10.0)
        line.dialer.settle()
    assert line.bench.services.login.locked_out(2)
    line.dialer.link.settings = replace(SETTINGS, name=b"admin", password=b"adminpw")
    line.dialer.link.lost()
    line.dialer.settle()
    line.dialer.dial()
    assert not line.dialer.up
    line.bench.services.login.forgive(2)
    line.bench.advance(20.0)
    line.dialer.link.lost()
    assert line.up().dialer.up


def test_a_name_that_nobody_has_fails_too() -> None:
    line = PppLine(replace(SETTINGS, name=b"nobody", password=b"x"))
    line.parameter(33, "02")
    line.dialer.settle()
    line.dialer.dial()
    assert not line.dialer.up


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\x45", Packet(OURS, BMC, ethernet_ipv4.ICMP, b"ping").encode(),
        Packet(OURS, IPv4Address("192.0.2.7"), ethernet_ipv4.UDP, bytes(8)).encode(),
        Packet(OURS, BMC, ethernet_ipv4.UDP, b"\0\1\0\2\0\x09\0\0").encode(),
        Packet(OURS, BMC, ethernet_ipv4.UDP, bytes(8), flags=1).encode(),
    ],
)  # fmt: skip
def test_what_is_no_whole_datagram_for_the_bmc_is_dropped(data: bytes) -> None:
    line = PppLine().up()
    line.dialer.link.send(data)
    line.dialer.settle()
    assert line.dialer.strays == []
    assert line.bench.raw(0x0C, 0x17, b"\x02\x00") == b"\x80"


def test_escape_sequences_inside_a_link_are_none() -> None:
    line = PppLine(modes=BASIC | PPP | TERMINAL, sharing=True, access=2).up()
    line.dialer.send(b"\x1bQ\x1b(\x1bR\x1br\x1bR", 5000, 5001)
    line.dialer.settle()
    assert line.mux.at_bmc
    assert line.dialer.up
    assert line.bench.raw(0x0C, 0x17, b"\x02\x00")[0] == 0


def test_another_modes_session_ends_as_a_link_comes_up() -> None:
    line = PppLine(modes=BASIC | PPP)
    line.basic.login()
    assert line.logged_in
    line.up()
    assert not line.logged_in
    assert not line.mux.messaging


def test_a_line_that_the_bmc_gets_is_negotiated_or_taken_as_it_is() -> None:
    for options, sends in (("04 04 07", True), ("04 14 07", False), ("04 24 07", False)):
        line = PppLine(sharing=True, access=3)
        line.parameter(30, options)
        line.cable.take()
        line.bench.raw(0x0C, 0x12, b"\x02\x04")
        assert bool(line.cable.take()) is sends
        link = line.endpoint.ppp.link
        assert link is not None
        assert link.is_up is not sends
        line.bench.raw(0x0C, 0x12, b"\x02\x03")
        assert link.phase is Phase.DEAD
        assert line.cable.take() == b""


def test_a_session_in_another_channel_is_none_of_the_links() -> None:
    line = PppLine().up()
    line.dialer.console()
    assert line.bench.services.tables[2] is not line.endpoint.table
    line.endpoint.close()
    assert line.bench.services.tables[2] is line.endpoint.table
    assert line.sessions == []
    line.bench.advance(600.0)


def test_sol_that_takes_the_line_ends_the_link() -> None:
    line = PppLine(sharing=True, access=2).up()
    line.endpoint.ppp.close()
    line.dialer.settle()
    assert not line.dialer.up
    assert line.endpoint.ppp.link is not None
    assert line.endpoint.ppp.link.over


def test_the_proxy_says_what_is_missing() -> None:
    line = PppLine(PppSettings(wanted=Proof.CHAP_MD5))
    line.dialer.settle()
    request = SendPppUdpProxyPacket(
        channel=2, source_port=1, destination_port=2, source=IPv4Address(0), destination=OURS, size=0
    )
    assert line.bench.raw(0x0C, 0x16, request.encode()) == b"\x80"


def test_ipcp_alone_may_go_down_and_come_up() -> None:
    line = PppLine().up()
    line.dialer.console()
    line.cable.type(frame(0x8021, packet(5, 9, b"")))
    assert line.sessions == []
    assert isinstance(line.dialer.events[0], LinkUp)
