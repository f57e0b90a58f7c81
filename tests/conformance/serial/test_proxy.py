"""The PPP UDP proxy's commands, as far as they go without a link (§25.5-25.8)."""

from __future__ import annotations

from baseboard.commands.transport.serial_proxy import (
    GetPppUdpProxyReceiveData,
    GetPppUdpProxyTransmitData,
    SendPppUdpProxyPacket,
    SetPppUdpProxyTransmitData,
)
from tests.conformance.marks import exercises
from tests.serial_line import bench

TRANSPORT = 0x0C
SEND = bytes.fromhex("02 6f02 a200 00000000 c0000202 0500")


@exercises(SetPppUdpProxyTransmitData, GetPppUdpProxyTransmitData)
def test_25_5_25_6_a_packet_is_put_together_in_blocks() -> None:
    made = bench()
    assert made.raw(TRANSPORT, 0x14, b"\x02\x01" + b"0123456789abcdef") == b"\0"
    assert made.raw(TRANSPORT, 0x14, b"\x02\x01XY") == b"\0"
    assert made.raw(TRANSPORT, 0x15, b"\x02\x01") == b"\0XY23456789abcdef"
    assert made.raw(TRANSPORT, 0x14, b"\x02\x00X") == b"\xc9"
    assert made.raw(TRANSPORT, 0x14, b"\x02\x01" + bytes(17)) == b"\xc7"
    size = made.raw(TRANSPORT, 0x11, b"\x02\x2e\0\0")[2:]
    assert int.from_bytes(size, "little") == 1024
    assert made.raw(TRANSPORT, 0x15, b"\x02\x41") == b"\xc9"  # 1024 bytes are 64 blocks


@exercises(SendPppUdpProxyPacket)
def test_25_7_nothing_is_sent_while_the_link_is_down() -> None:
    made = bench()
    assert made.raw(TRANSPORT, 0x16, SEND) == b"\x80"
    assert made.raw(TRANSPORT, 0x16, SEND[:-1]) == b"\xc7"


@exercises(GetPppUdpProxyReceiveData)
def test_25_8_one_packet_is_held_for_the_host() -> None:
    made = bench()
    assert made.raw(TRANSPORT, 0x17, b"\x02\x00") == b"\x80"
    made.services.serial.proxy.arrived(bytes(range(20)))
    assert made.raw(TRANSPORT, 0x17, b"\x02\x00") == b"\0\x14\0"
    assert made.raw(TRANSPORT, 0x17, b"\x02\x82") == b"\0" + bytes(range(16, 20))
    assert made.raw(TRANSPORT, 0x17, b"\x02\x00") == b"\x80"


@exercises(GetPppUdpProxyReceiveData)
def test_25_5_only_the_hosts_software_may() -> None:
    made = bench()
    for cmd, data in ((0x14, b"\x02\x01X"), (0x15, b"\x02\x01"), (0x16, SEND), (0x17, b"\x02\x00")):
        for channel in (1, 2):
            assert made.raw(TRANSPORT, cmd, data, origin=made.origin(channel)) == b"\xd4"
    assert made.raw(TRANSPORT, 0x17, b"\x02\x00") == b"\x80"
