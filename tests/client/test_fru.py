"""`bmc.fru`: which devices there are and what they say, whatever a controller answers about them."""

from __future__ import annotations

import pytest

from baseboard.bmc.blueprint import FruSpec
from baseboard.client.fru import BUILTIN, FruDevice
from baseboard.client.interface import Target
from baseboard.errors import CompletionError
from baseboard.records.fru import BoardArea, ProductArea, build_fru
from baseboard.records.sdr import FruDeviceLocatorRecord, ManagementControllerDeviceLocatorRecord
from tests.client.harness import Desk, desk

IMAGE = build_fru(
    board=BoardArea(manufacturer="Example", product_name="Board", serial_number="B1"),
    product=ProductArea(manufacturer="Example", product_name="Server", serial_number="S1"),
    size=512,
)
INFO, READ, WRITE = (0x0A, 0x10), (0x0A, 0x11), (0x0A, 0x12)


def bench(**more: object) -> Desk:
    return desk(frus=(FruSpec(0, "own", IMAGE), FruSpec(3, "supply", IMAGE[:256])), **more)  # type: ignore[arg-type]  # lines only


async def test_read_what_a_device_says() -> None:
    content = await bench().bmc.fru.read()
    assert content.fru is not None
    assert content.fru.board is not None
    assert content.fru.board.serial_number == "B1"
    assert content.device == BUILTIN
    assert content.image is not None
    assert content.image.size == 512
    assert (await bench().bmc.fru.info(3)).area_size == 256
    assert (await bench().bmc.fru.read_image(3)).data == IMAGE[:256]


async def test_no_more_is_read_than_there_is() -> None:
    """The areas end long before the device does."""
    at = bench()
    content = await at.bmc.fru.read()
    assert content.image is not None
    assert len(content.image.data) < 512
    assert len([cmd for _, cmd, _ in at.script.asked if cmd == 0x11]) == 1
    assert (await at.bmc.fru.read_image()).data == IMAGE


@pytest.mark.parametrize("code", [0xCB, 0xC3, 0xD5, 0xFF, 0xC9, 0xD3])
async def test_every_way_to_say_that_it_is_not_there(code: int) -> None:
    """Q-FRUNODEV."""
    for key in (INFO, READ):
        content = await bench(lines={key: bytes((code,))}).bmc.fru.read()
        assert (content.fru, content.code) == (None, code)
        assert content.absent
    with pytest.raises(CompletionError):
        await bench(lines={INFO: b"\xd4"}).bmc.fru.read()


async def test_an_empty_device_and_a_blank_one() -> None:
    assert (await bench(lines={INFO: b"\0\0\0\0"}).bmc.fru.read()).absent == "it is empty"
    at = desk(frus=(FruSpec(0, "blank", b"\xff" * 64),))
    content = await at.bmc.fru.read()
    assert content.fru is not None
    assert content.fru.problems


def test_the_devices_that_sdrs_tell_of() -> None:
    fru = bench().bmc.fru
    assert fru.devices() == [BUILTIN]
    found = fru.devices(
        [
            FruDeviceLocatorRecord(fru_device_id=3, id_string="Supply"),
            FruDeviceLocatorRecord(fru_device_id=0, id_string=""),
            FruDeviceLocatorRecord(fru_device_id=5, access_address=0x2C, channel=1, id_string="Blade"),
            FruDeviceLocatorRecord(fru_device_id=0xA0, logical=False, id_string="DIMM"),
            ManagementControllerDeviceLocatorRecord(slave_address=0x82, capabilities=0x08, id_string="MC"),
            ManagementControllerDeviceLocatorRecord(slave_address=0x84, capabilities=0x01, id_string="None"),
            ManagementControllerDeviceLocatorRecord(slave_address=0x20, capabilities=0x08, id_string="BMC"),
            "no record",
        ]
    )
    assert {one.name: (one.device_id, one.target, one.readable) for one in found} == {
        BUILTIN.name: (0, None, True),
        "Supply": (3, None, True),
        "Blade": (5, Target(address=0x2C, channel=1), True),
        "DIMM": (0xA0, None, False),
        "MC": (0, Target(address=0x82), True),
    }


async def test_an_image_is_written_and_verified() -> None:
    at = bench()
    image = build_fru(product=ProductArea(product_name="Other"))
    await at.bmc.fru.write_image(image)
    assert (await at.bmc.fru.read_image()).data[: len(image)] == image
    with pytest.raises(CompletionError):
        await bench(lines={READ: b"\xc3"}).bmc.fru.edit(FruDevice(device_id=3))


async def test_what_could_not_be_read_whole_is_not_edited() -> None:
    at = bench()
    behind = at.script

    def read(data: bytes) -> bytes:
        offset = int.from_bytes(data[1:3], "little")
        return b"\xc3" if offset else b"\0\x80" + IMAGE[:128]

    behind.lines[READ] = read
    image = await at.bmc.fru.read_image()
    assert (len(image.data), str(image.missing)[:3]) == (128, "C3h")
    with pytest.raises(CompletionError):
        await at.bmc.fru.edit()
