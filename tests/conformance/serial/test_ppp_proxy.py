"""The PPP UDP proxy over a link: what software sends goes out, what comes is held (§25.5-25.8)."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from baseboard.commands.transport.serial import SetSerialModemConfiguration
from baseboard.commands.transport.serial_proxy import (
    GetPppUdpProxyReceiveData,
    GetPppUdpProxyTransmitData,
    SendPppUdpProxyPacket,
    SetPppUdpProxyTransmitData,
)
from baseboard.links.ppp_automaton import packet
from baseboard.links.ppp_frame import frame
from tests.conformance.marks import exercises
from tests.ppp_console import BMC, OURS, PppLine

TRANSPORT, PUT, TAKE, SEND, FETCH = 0x0C, 0x14, 0x15, 0x16, 0x17
TEXT = b"a packet of twenty-fo ur bytes"


def send(line: PppLine, source: IPv4Address, destination: IPv4Address, size: int = len(TEXT)) -> bytes:
    data = b"\x02" + (5000).to_bytes(2, "little") + (162).to_bytes(2, "little")
    data += source.packed + destination.packed + size.to_bytes(2, "little")
    return line.bench.raw(TRANSPORT, SEND, data)


def fill(line: PppLine) -> None:
    for block in range(1, 3):
        piece = TEXT[(block - 1) * 16 : block * 16]
        assert line.bench.raw(TRANSPORT, PUT, bytes((2, block)) + piece) == b"\0"


@pytest.mark.parametrize("source", [IPv4Address(0), IPv4Address("198.51.100.7")])
@exercises(SetPppUdpProxyTransmitData, GetPppUdpProxyTransmitData, SendPppUdpProxyPacket)
def test_25_5_25_7_what_was_put_together_goes_out(source: IPv4Address) -> None:
    line = PppLine().up()
    fill(line)
    assert line.bench.raw(TRANSPORT, TAKE, b"\x02\x02") == b"\0" + TEXT[16:].ljust(16, b"\0")
    assert send(line, source, OURS) == b"\0"
    line.dialer.settle()
    ((sent, datagram),) = line.dialer.strays
    assert (sent.source, sent.destination) == (source if int(source) else BMC, OURS)
    assert datagram == (5000, 162, TEXT)


@exercises(SendPppUdpProxyPacket, SetSerialModemConfiguration)
def test_45_addresses_that_the_command_leaves_out_are_the_parameters() -> None:
    line = PppLine().up()
    fill(line)
    line.parameter(45, "c6336407 c6336408")
    assert send(line, IPv4Address(0), IPv4Address(0)) == b"\0"
    line.dialer.settle()
    ((sent, _),) = line.dialer.strays
    assert (str(sent.source), str(sent.destination)) == ("198.51.100.7", "198.51.100.8")


@exercises(SendPppUdpProxyPacket)
def test_25_7_without_link_and_without_ip_nothing_is_sent() -> None:
    line = PppLine()
    assert send(line, IPv4Address(0), OURS) == b"\x80"
    line.up()
    assert send(line, IPv4Address(0), OURS, 1025) == b"\xc9"
    line.cable.type(frame(0x8021, packet(5, 9, b"")))  # IPCP Terminate-Request: IP alone is taken down
    assert send(line, IPv4Address(0), OURS) == b"\x81"
    line.dialer.hang_up()
    assert send(line, IPv4Address(0), OURS) == b"\x80"


@exercises(GetPppUdpProxyReceiveData)
def test_25_8_what_comes_to_other_ports_is_held_whole() -> None:
    line = PppLine().up()
    line.dialer.send(TEXT, 7000, 162)
    line.dialer.send(b"another", 7000, 162)
    line.dialer.settle()
    answer = line.bench.raw(TRANSPORT, FETCH, b"\x02\x00")
    size = int.from_bytes(answer[1:], "little")
    assert (answer[0], size) == (0, 20 + 8 + len(TEXT))
    blocks = -(-size // 16)
    data = b"".join(
        line.bench.raw(TRANSPORT, FETCH, bytes((2, block | (0x80 if block == blocks else 0))))[1:]
        for block in range(1, blocks + 1)
    )
    assert data[:1] == b"\x45"
    assert data[12:20] == OURS.packed + BMC.packed
    assert data[20:24] == (7000).to_bytes(2, "big") + (162).to_bytes(2, "big")
    assert data[28:] == TEXT
    assert line.bench.raw(TRANSPORT, FETCH, b"\x02\x00") == b"\x80"  # the other one was dropped


@exercises(GetPppUdpProxyReceiveData)
def test_25_8_rmcp_and_what_is_for_others_is_not_held() -> None:
    line = PppLine().up()
    line.dialer.console()
    line.dialer.send(TEXT, 7000, 162, destination=IPv4Address("192.0.2.99"))
    line.dialer.settle()
    assert line.bench.raw(TRANSPORT, FETCH, b"\x02\x00") == b"\x80"
