"""Answers to the UDP proxy's commands (§25.5-25.8)."""

from __future__ import annotations

import pytest

from tests.serial_line import bench


def test_25_5_25_6_what_is_put_there_is_read_there() -> None:
    made = bench()
    assert made.raw(0x0C, 0x14, b"\x02\x01hello") == b"\0"
    assert made.raw(0x0C, 0x15, b"\x02\x01") == b"\0hello".ljust(17, b"\0")
    assert made.raw(0x0C, 0x14, b"\x02\x41x") == b"\xc9"
    assert made.raw(0x0C, 0x15, b"\x02\x00") == b"\xc9"


def test_25_7_the_link_is_not_up() -> None:
    packet = bytes.fromhex("02 6f02 a200 00000000 c0000202 0500")
    assert bench().raw(0x0C, 0x16, packet) == b"\x80"


def test_25_8_the_packet_that_came() -> None:
    made = bench()
    assert made.raw(0x0C, 0x17, b"\x02\x00") == b"\x80"
    made.services.serial.proxy.arrived(b"packet")
    assert made.raw(0x0C, 0x17, b"\x02\x00") == b"\0\x06\0"
    assert made.raw(0x0C, 0x17, b"\x02\x81") == b"\0packet"
    assert made.raw(0x0C, 0x17, b"\x02\x00") == b"\x80"


@pytest.mark.parametrize("cmd", [0x14, 0x15, 0x16, 0x17])
def test_25_5_only_over_the_system_interface_and_only_a_serial_channel(cmd: int) -> None:
    made = bench()
    data = b"\x02\x01" if cmd != 0x16 else bytes(15)
    assert made.raw(0x0C, cmd, data, origin=made.origin(1)) == b"\xd4"
    assert made.raw(0x0C, cmd, b"\x01" + data[1:]) == b"\xcc"
