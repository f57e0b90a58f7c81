"""Reading and writing FRU devices that are small, slow, wide, busy or liars."""

from __future__ import annotations

import pytest

from baseboard.client import fru_reading
from baseboard.client.fru_reading import FruDeviceIo, FruImage
from baseboard.errors import CompletionError
from baseboard.records.fru import BoardArea, ChassisArea, ProductArea, build_fru
from baseboard.records.fru.multirecord import OemMultiRecord
from tests.client.harness import Desk, desk

INFO, READ, WRITE = (0x0A, 0x10), (0x0A, 0x11), (0x0A, 0x12)
DATA = bytes(range(256)) * 2


class Device:
    """A device of a controller.

    Attributes:
        data: its contents.
        words: accessed by words.
        longest: bytes that a read or a write may have; more is refused with ``code``.
        busy: how many times it says that it is busy.
        extra: bytes that it returns beyond those asked for.
    """

    def __init__(self, data: bytes = DATA) -> None:
        self.data, self.words, self.longest, self.code = bytearray(data), False, 255, 0xCA
        self.busy = self.extra = 0
        self.counts = True
        self.at: Desk = desk({INFO: self._info, READ: self._read, WRITE: self._write})

    def io(self) -> FruDeviceIo:
        return FruDeviceIo(self.at.bmc, 0)

    async def read(self, *, whole: bool = True) -> FruImage:
        return await self.io().read(whole=whole)

    def _info(self, data: bytes) -> bytes:
        if self._is_busy():
            return b"\x81"
        return b"\0" + len(self.data).to_bytes(2, "little") + bytes((self.words,))

    def _is_busy(self) -> bool:
        self.busy -= self.busy > 0
        return self.busy > 0

    def _read(self, data: bytes) -> bytes:
        unit = 2 if self.words else 1
        offset, count = int.from_bytes(data[1:3], "little") * unit, data[3] * unit
        if self._is_busy():
            return b"\x81"
        if count > self.longest:
            return bytes((self.code,))
        piece = bytes(self.data[offset : offset + count]) + bytes(self.extra)
        return b"\0" + bytes((len(piece) // unit,)) + piece

    def _write(self, data: bytes) -> bytes:
        unit = 2 if self.words else 1
        offset, piece = int.from_bytes(data[1:3], "little") * unit, data[3:]
        if self._is_busy():
            return b"\x81"
        if len(piece) > self.longest:
            return bytes((self.code,))
        self.data[offset : offset + len(piece)] = piece
        return b"\0" + bytes((len(piece) // unit if self.counts else 0,))


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fru_reading, "_WAITS", (0.0, 0.0, 0.0))


@pytest.mark.parametrize("code", [0xC7, 0xC8, 0xC9, 0xCA, 0xFF])
@pytest.mark.parametrize("longest", [128, 32, 16, 3, 2])
async def test_small_buffers(longest: int, code: int) -> None:
    """Q-FRUSIZE: halved until it is borne, and then kept."""
    device = Device()
    device.longest, device.code = longest, code
    image = await device.read()
    assert image.data == DATA
    assert (image.missing, image.by_words, image.size) == (None, False, 512)
    refused = 6 if longest < 128 else 0
    assert len(device.at.script.asked) <= 1 + refused + 512 // max(longest // 2, 2)


async def test_a_device_that_bears_nothing() -> None:
    device = Device()
    device.longest = 0
    with pytest.raises(CompletionError):
        await device.read()


async def test_a_device_by_words() -> None:
    """Q-FRUWORD."""
    device = Device()
    device.words = True
    assert (await device.read()).data == DATA
    await device.io().write(16, b"abcdefgh" * 5, by_words=True)
    assert bytes(device.data[16:56]) == b"abcdefgh" * 5
    with pytest.raises(ValueError, match="words"):
        await device.io().write(1, b"ab", by_words=True)


async def test_a_device_that_returns_more_than_was_asked_for() -> None:
    """Q-FRULONG."""
    device = Device()
    device.extra = 40
    image = await device.read()
    assert image.data == DATA
    assert image.notes == ("Q-FRULONG",)


async def test_a_device_that_is_busy_for_a_while_and_one_that_is_for_ever() -> None:
    """Q-FRUBUSY."""
    device = Device()
    device.busy = 3
    image = await device.read()
    assert image.data == DATA
    device.busy = 3
    await device.io().write(0, b"x", by_words=False)
    assert device.data[0] == ord("x")
    device.busy = 10**6
    with pytest.raises(CompletionError):
        await device.read()
    with pytest.raises(CompletionError):
        await device.io().write(0, b"x", by_words=False)


async def test_busy_in_the_middle_is_noted() -> None:
    device = Device()
    device.at.script.lines[INFO] = b"\0\x00\x02\0"
    device.busy = 2
    assert (await device.read()).notes == ("Q-FRUBUSY",)


async def test_a_device_that_ends_early() -> None:
    device = Device(DATA[:100])
    device.at.script.lines[INFO] = b"\0\x00\x02\0"
    image = await device.read()
    assert (image.data, image.size) == (DATA[:100], 512)


async def test_writing_in_pieces_that_are_borne() -> None:
    device = Device()
    device.longest = 5
    await device.io().write(3, b"0123456789", by_words=False)
    assert bytes(device.data[3:13]) == b"0123456789"
    device.counts = False
    await device.io().write(3, b"9876543210", by_words=False)
    assert bytes(device.data[3:13]) == b"9876543210"
    device.longest = 0
    with pytest.raises(CompletionError):
        await device.io().write(0, b"x", by_words=False)


RECORDS = (OemMultiRecord(selector=0xC0, manufacturer_id=12634, data=bytes(40)),)


@pytest.mark.parametrize(
    "image",
    [
        build_fru(board=BoardArea(serial_number="1")),
        build_fru(chassis=ChassisArea(serial_number="1"), product=ProductArea(asset_tag="x" * 60)),
        build_fru(internal=b"\x01" + bytes(30), product=ProductArea()),
        build_fru(internal=b"\x01" + bytes(30)),
        b"\xff" * 64,
        b"",
    ],
)
async def test_as_far_as_the_areas_reach(image: bytes) -> None:
    device = Device(image.ljust(2048, b"\0"))
    device.longest = 16
    read = await device.read(whole=False)
    assert image.rstrip(b"\0\xff") in read.data
    assert len(read.data) == 2048 or len(read.data) <= max(len(image) + 16, 24)


async def test_as_far_as_the_multirecords_reach() -> None:
    image = build_fru(product=ProductArea(), multirecords=RECORDS)
    device = Device(image.ljust(2048, b"\0"))
    device.longest = 8
    assert image.rstrip(b"\0") in (await device.read(whole=False)).data
    broken = bytearray(image)
    broken[-50:] = bytes(50)
    device = Device(bytes(broken).ljust(2048, b"\0"))
    device.longest = 8
    assert len((await device.read(whole=False)).data) < 2048
