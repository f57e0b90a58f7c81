"""The PPP UDP proxy's commands (§25.5-25.8)."""

from __future__ import annotations

from ipaddress import IPv4Address

from baseboard.commands.transport.serial_proxy import (
    GetPppUdpProxyReceiveData,
    GetPppUdpProxyTransmitData,
    SendPppUdpProxyPacket,
    SetPppUdpProxyTransmitData,
)
from tests.commands.lengths import takes


def test_lengths() -> None:
    takes(GetPppUdpProxyTransmitData, 2)
    takes(SendPppUdpProxyPacket, 15)
    takes(GetPppUdpProxyReceiveData, 2)
    assert SetPppUdpProxyTransmitData.decode(b"\x02\x01").data == b""


def test_addresses_are_sent_most_significant_byte_first_and_ports_least() -> None:
    packet = SendPppUdpProxyPacket(
        channel=2,
        source_port=1,
        destination_port=2,
        source=IPv4Address("192.0.2.1"),
        destination=IPv4Address("192.0.2.2"),
        size=3,
    )
    assert packet.encode() == bytes.fromhex("02 0100 0200 c0000201 c0000202 0300")
