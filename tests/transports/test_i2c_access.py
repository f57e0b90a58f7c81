"""Blocks through an adapter: what smbus2 is told, and what its errors mean."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from typing import Any

import pytest

from baseboard.errors import TransportError
from baseboard.links.ssif_host import ReadBlock, Trouble, WriteBlock
from baseboard.transports.i2c_access import I2cAccess, open_bus

GET = WriteBlock(2, b"\x18\x01", False)


class FakeBus:
    """An adapter of smbus2's kind: keeps what was written, and fails as a test wants."""

    def __init__(self, *, can_check: bool = True) -> None:
        self.said: list[Any] = []
        self.error: int | None = None
        self.can_check = can_check

    @property
    def pec(self) -> int:
        return 0

    @pec.setter
    def pec(self, value: int) -> None:
        self.said.append(("pec", value))
        if not self.can_check:
            raise OSError("SMBUS_PEC is not a feature")

    def _fail(self) -> None:
        if self.error is not None:
            raise OSError(self.error, os.strerror(self.error))

    def write_block_data(self, i2c_addr: int, register: int, data: Sequence[int]) -> None:
        self._fail()
        self.said.append((i2c_addr, register, data))

    def read_block_data(self, i2c_addr: int, register: int) -> list[int]:
        self._fail()
        self.said.append((i2c_addr, register))
        return [0x1C, 0x01, 0x00]

    def close(self) -> None:
        self.said.append("closed")


def test_blocks_go_both_ways() -> None:
    bus = FakeBus()
    access = I2cAccess(0, 0x10, bus=bus)
    assert access.transfer(GET) == b""
    assert access.transfer(ReadBlock(3, False)) == b"\x1c\x01\x00"
    assert bus.said == [("pec", 0), (0x10, 2, [0x18, 0x01]), (0x10, 3)]
    access.close()
    access.close()
    assert bus.said[3:] == ["closed"]
    with pytest.raises(TransportError, match="/dev/i2c-0 is closed"):
        access.transfer(GET)


def test_packet_error_codes_are_switched_on_and_off() -> None:
    bus = FakeBus()
    access = I2cAccess(0, 0x10, bus=bus)
    for pec in (True, True, False):
        access.transfer(GET._replace(pec=pec))
    assert [word for word in bus.said if word[0] == "pec"] == [("pec", 1), ("pec", 0)]


def test_an_adapter_without_packet_error_codes_does_without() -> None:
    bus = FakeBus(can_check=False)
    access = I2cAccess(0, 0x10, bus=bus)
    for pec in (True, False, True):
        assert access.transfer(GET._replace(pec=pec)) == b""
    assert not access.pec
    assert [word for word in bus.said if word[0] == "pec"] == [("pec", 1)]


@pytest.mark.parametrize(
    ("number", "trouble"),
    [
        (errno.ENXIO, Trouble.UNACKNOWLEDGED),
        (errno.EREMOTEIO, Trouble.UNACKNOWLEDGED),
        (errno.EAGAIN, Trouble.UNACKNOWLEDGED),
        (errno.EBADMSG, Trouble.BAD_PEC),
    ],
)
def test_what_the_target_did_not_like(number: int, trouble: Trouble) -> None:
    bus = FakeBus()
    bus.error = number
    access = I2cAccess(0, 0x10, bus=bus)
    assert access.transfer(GET) is trouble
    assert access.transfer(ReadBlock(3, False)) is trouble


def test_an_address_that_a_driver_has() -> None:
    bus = FakeBus()
    bus.error = errno.EBUSY
    with pytest.raises(TransportError, match="/dev/i2c-4: no transfer with 10h: .*busy") as caught:
        I2cAccess(4, 0x10, bus=bus).transfer(GET)
    assert "-I open" in caught.value.hint


def test_an_adapter_that_is_not_there() -> None:
    with pytest.raises(TransportError, match="/dev/i2c-987: cannot be opened") as caught:
        I2cAccess(987, 0x10)
    assert "modprobe" in caught.value.hint


def test_without_smbus2_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "smbus2", None)
    with pytest.raises(TransportError, match="smbus2") as caught:
        open_bus(0)
    assert "baseboard[linux]" in caught.value.hint


def test_an_adapter_is_opened_by_smbus2(monkeypatch: pytest.MonkeyPatch) -> None:
    import smbus2

    made: list[tuple[int, bool]] = []

    class Opened(FakeBus):
        def __init__(self, number: int, force: bool) -> None:
            super().__init__()
            made.append((number, force))

    monkeypatch.setattr(smbus2, "SMBus", Opened)
    access = I2cAccess(3, 0x10, force=True)
    assert access.transfer(GET) == b""
    assert made == [(3, True)]
