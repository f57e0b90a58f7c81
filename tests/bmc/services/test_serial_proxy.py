"""The UDP proxy's buffers (§25.5-25.8)."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Any

import pytest

from baseboard.bmc.services.serial_defaults import RECEIVE_BUFFER, TRANSMIT_BUFFER
from baseboard.bmc.services.serial_proxy import ProxyPacket, UdpProxy
from baseboard.commands.transport.serial_proxy import SendPppUdpProxyPacket
from baseboard.errors import CompletionError

HERE, THERE = IPv4Address("192.0.2.1"), IPv4Address("192.0.2.2")


def code(call: Any, *arguments: Any, **options: Any) -> int:
    with pytest.raises(CompletionError) as error:
        call(*arguments, **options)
    return int(error.value.code)


def order(size: int) -> SendPppUdpProxyPacket:
    return SendPppUdpProxyPacket(source_port=1, destination_port=2, source=HERE, destination=THERE, size=size)


def test_25_5_a_block_is_written_from_its_beginning() -> None:
    proxy = UdpProxy()
    assert proxy.read(1) == bytes(16)
    proxy.write(2, b"0123456789abcdef")
    proxy.write(2, b"AB")
    assert (proxy.read(1), proxy.read(2)) == (bytes(16), b"AB23456789abcdef")
    proxy.write(64, b"end")
    assert proxy.read(64)[:3] == b"end"


@pytest.mark.parametrize("block", [0, 65, 255])
def test_25_5_blocks_that_there_are_not(block: int) -> None:
    assert code(UdpProxy().write, block, b"x") == code(UdpProxy().read, block) == 0xC9


def test_25_5_more_than_a_block() -> None:
    assert code(UdpProxy().write, 1, bytes(17)) == 0xC7


def test_25_7_without_a_link_nothing_is_sent() -> None:
    assert code(UdpProxy().send, order(1)) == 0x80
    assert code(UdpProxy().send, order(TRANSMIT_BUFFER + 1)) == 0xC9


def test_25_7_the_link_gets_the_packet() -> None:
    proxy, sent = UdpProxy(), list[ProxyPacket]()
    proxy.link = sent.append
    proxy.send(order(3))
    proxy.write(1, b"hello")
    proxy.send(order(4))
    assert sent == [ProxyPacket(1, 2, HERE, THERE, bytes(3)), ProxyPacket(1, 2, HERE, THERE, b"hell")]


def test_25_8_one_packet_is_held_until_it_is_cleared() -> None:
    proxy = UdpProxy()
    assert code(proxy.received, 0, clear=False) == 0x80
    assert proxy.arrived(bytes(range(20)))
    assert not proxy.arrived(b"second")
    assert proxy.received(0, clear=False) == b"\x14\0"
    assert proxy.received(1, clear=False) == bytes(range(16))
    assert code(proxy.received, 3, clear=False) == 0xC9
    assert proxy.received(2, clear=True) == bytes(range(16, 20))
    assert not proxy.arrived(bytes(RECEIVE_BUFFER + 1))
    assert proxy.arrived(b"second")
