"""Memory chips behind a controller, through Master Write-Read (§22.11)."""

from __future__ import annotations

import pytest

from baseboard.bmc.blueprint import FruSpec
from baseboard.bmc.blueprint.buses import Eeprom
from baseboard.client.eeprom import CHIP_SIZES, ChipIo
from baseboard.client.fru import FruDevice
from baseboard.errors import CompletionError
from baseboard.records.fru import ProductArea, build_fru
from baseboard.records.sdr import FruDeviceLocatorRecord
from baseboard.testing import virtual_loop
from tests.client.harness import Desk, desk

MASTER_WRITE_READ = (0x06, 0x52)
PRODUCT = build_fru(product=ProductArea(product_name="Riser", serial_number="R1"), size=256)
FRUS = (
    FruSpec(0, "Board", bytes(64)),
    FruSpec(1, "Riser", PRODUCT, eeprom=Eeprom(2, 0x50), logical=False),
    FruSpec(2, "Middle", bytes(n % 253 for n in range(1024)), eeprom=Eeprom(3, 0x54), logical=False),
    FruSpec(3, "Large", bytes(n % 251 for n in range(4096)), eeprom=Eeprom(4, 0x50), logical=False),
)
LOCATOR = FruDeviceLocatorRecord(
    fru_device_id=0xA0, logical=False, private_bus_id=2, device_type=0x09, id_string="Riser"
)


@pytest.mark.parametrize(("bus", "address", "fru"), [(2, 0x50, 1), (3, 0x54, 2), (4, 0x50, 3)])
async def test_a_chip_is_read_whole_whatever_its_address_takes(bus: int, address: int, fru: int) -> None:
    image = FRUS[fru].image
    assert (await ChipIo(desk(frus=FRUS).bmc, bus, address, len(image)).read()).data == image


def test_a_write_waits_for_the_chip_page_by_page() -> None:
    there = desk(frus=FRUS)

    async def write() -> bytes:
        chip = ChipIo(there.bmc, 2, 0x50, 256)
        await chip.write(5, b"over three pages")
        return (await chip.read()).data

    assert virtual_loop.run(advancing(there, write())) == PRODUCT[:5] + b"over three pages" + PRODUCT[21:]


async def advancing(there: Desk, operation: object) -> object:
    """Let the simulated chip's time pass with the console's."""
    import asyncio
    from collections.abc import Coroutine
    from typing import Any, cast

    task = asyncio.ensure_future(cast("Coroutine[Any, Any, bytes]", operation))
    while not task.done():
        await asyncio.sleep(0.001)  # polls: virtual time
        there.bench.advance(0.001)
    return await task


async def test_nobody_answers_there() -> None:
    with pytest.raises(CompletionError) as caught:
        await ChipIo(desk(frus=FRUS).bmc, 2, 0x57, 256).read_at(0, 1)
    assert caught.value.code == 0x83


async def test_fewer_bytes_than_asked_for_are_no_answer() -> None:
    there = desk({MASTER_WRITE_READ: b"\x00\x01"}, frus=FRUS)
    with pytest.raises(CompletionError) as caught:
        await ChipIo(there.bmc, 2, 0x50, 256).read_at(0, 4)
    assert caught.value.code == 0x84


async def test_a_locator_of_a_chip_leads_to_its_inventory() -> None:
    inventories = desk(frus=FRUS).bmc.fru
    (_, device) = inventories.devices([LOCATOR])
    assert (device.readable, device.chip) == (False, (2, 0x50, 256))
    content = await inventories.read(device)
    assert content.fru is not None
    assert content.fru.product is not None
    assert content.fru.product.product_name == "Riser"
    assert (await inventories.info(device)).area_size == 256


async def test_a_chip_that_is_not_fitted_is_no_error() -> None:
    content = await desk(frus=FRUS).bmc.fru.read(FruDevice(device_id=0, readable=False, chip=(0, 0x50, 128)))
    assert content.absent == "nothing answers on its bus"


def test_a_device_type_that_tells_no_size_is_no_chip_that_can_be_read() -> None:
    unknown = FruDeviceLocatorRecord(fru_device_id=0xA0, logical=False, device_type=0x01)
    (_, device) = desk().bmc.fru.devices([unknown])
    assert device.chip is None
    assert CHIP_SIZES[0x0E] == 4096
