"""/dev/ipmb-N: frames behind their length, and what comes of a write."""

from __future__ import annotations

import errno
import os
from typing import Any

import pytest

from baseboard.links.ipmb import Written
from baseboard.transports.ipmb_device import I2C_LONGEST, SMBUS_LONGEST, IpmbDevice
from tests.records.vectors import vectors
from tests.transports.device_files import DeviceFile
from tests.transports.wires import until


class Ear:
    def __init__(self) -> None:
        self.heard: list[bytes] = []

    def receive(self, frame: bytes) -> None:
        self.heard.append(frame)


@vectors("linux", "ipmb_dev")
async def test_a_frame_is_read_behind_its_length(raw: bytes, decoded: dict[str, Any]) -> None:
    file, ear = DeviceFile(), Ear()
    device = IpmbDevice("/dev/ipmb-3", opener=file.open)
    device.attach(0x20, ear)
    for wrong in (b"\x00", raw[:-1], raw + b"\0"):
        file.give(wrong)
    file.give(raw)
    await until(lambda: ear.heard)
    assert ear.heard == [raw[1:]]
    assert len(ear.heard[0]) == decoded["len"]
    assert device.write(b"\x52 frame") == Written.DONE
    assert file.taken() == b"\x07\x52 frame"
    device.detach(0x82)
    device.detach(0x20)
    file.give(raw)
    file.give(raw)
    device.attach(0x20, ear)
    await until(lambda: len(ear.heard) == 3)
    device.close()


async def test_one_process_has_one_address() -> None:
    device = IpmbDevice("/dev/ipmb-3", opener=DeviceFile().open)
    device.attach(0x20, Ear())
    with pytest.raises(ValueError, match="one address"):
        device.attach(0x82, Ear())
    device.close()


@pytest.mark.parametrize(("i2c", "longest"), [(False, SMBUS_LONGEST), (True, I2C_LONGEST)])
async def test_a_frame_that_would_be_cut_off_is_not_written(i2c: bool, longest: int) -> None:
    file = DeviceFile()
    device = IpmbDevice("/dev/ipmb-3", i2c=i2c, opener=file.open)
    assert device.write(bytes(longest + 1)) == Written.BUS_ERROR
    assert file.taken() is None
    assert device.write(bytes(longest)) == Written.DONE
    device.close()
    assert device.write(b"\x52") == Written.BUS_ERROR


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (errno.ENXIO, Written.NAK),
        (errno.EREMOTEIO, Written.NAK),
        (errno.EAGAIN, Written.LOST_ARBITRATION),
        (errno.EIO, Written.BUS_ERROR),
        (errno.ETIMEDOUT, Written.BUS_ERROR),
    ],
)
async def test_what_comes_of_a_write(monkeypatch: pytest.MonkeyPatch, number: int, written: Written) -> None:
    device = IpmbDevice("/dev/ipmb-3", opener=DeviceFile().open)

    def refused(fd: int, data: bytes) -> int:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", refused)
        assert device.write(b"\x52 frame") == written
    device.close()


async def test_it_comes_back_without_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("baseboard.transports.packet_device.AGAIN_S", 0.01)
    file, ear = DeviceFile(), Ear()
    device = IpmbDevice("/dev/ipmb-3", opener=file.open)
    device.attach(0x20, ear)
    file.close()
    await until(lambda: file.opened == 2)
    file.give(b"\x02\x20\x18")
    await until(lambda: ear.heard)
    device.close()
