"""`bmc.fru`: which FRU devices there are, what they say, and how that is changed safely (§34)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from baseboard.client.fru_reading import BUSY, FruDeviceIo, FruImage
from baseboard.client.interface import Target
from baseboard.codes import Cc
from baseboard.commands.storage.fru import GetFruInventoryAreaInfoResponse
from baseboard.errors import CompletionError, TruncatedError
from baseboard.records.fru import Fru, read_fru

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc
    from baseboard.client.eeprom import ChipIo
    from baseboard.client.fru_edit import FruEdit
    from baseboard.records.sdr import FruDeviceLocatorRecord

NAK_ON_WRITE: Final = 0x83

ABSENT: Final = {
    int(Cc.NOT_PRESENT): "there is no such device",
    int(Cc.TIMEOUT): "the device does not answer",
    int(Cc.NOT_SUPPORTED_IN_STATE): "the device cannot be read now",
    int(Cc.DESTINATION_UNAVAILABLE): "its controller cannot be reached",
    int(Cc.PARAMETER_OUT_OF_RANGE): "there is no such device",
    int(Cc.UNSPECIFIED): "the device does not answer",
    BUSY: "the device is busy",
    NAK_ON_WRITE: "nothing answers on its bus",
}
"""QUIRK Q-FRUNODEV: all that controllers say of a device that is not fitted, and what it means."""

_BMC_ADDRESS: Final = 0x20


@dataclass(frozen=True, slots=True, kw_only=True)
class FruDevice:
    """A FRU device.

    Attributes:
        device_id: 0-254; 0 is the controller's own.
        name: from the SDR.
        target: the controller that has it; None = the BMC.
        entity: what it is the inventory of: Entity ID and instance, None if unknown.
        readable: whether Read FRU Data reads it; others are EEPROMs on a bus.
        chip: of such an EEPROM on a private bus of known size: bus, slave address of 7 bits, bytes.
    """

    device_id: int
    name: str = ""
    target: Target | None = None
    entity: tuple[int, int] | None = None
    readable: bool = True
    chip: tuple[int, int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FruContent:
    """What a device says.

    Attributes:
        device: which.
        fru: the inventory, field by field, with what is wrong with it in ``problems``; None if there is none.
        image: what was read; None if nothing was.
        absent: why there is nothing; empty if there is something.
        code: the completion code behind that.
    """

    device: FruDevice
    fru: Fru | None = None
    image: FruImage | None = None
    absent: str = ""
    code: int | None = None


BUILTIN: Final = FruDevice(device_id=0, name="Builtin FRU Device")
"""The controller's own inventory, which no SDR tells of."""


class Inventories:
    """The FRU inventories of a controller and of those behind it."""

    def __init__(self, bmc: Bmc) -> None:
        self._bmc = bmc

    def devices(self, sdr: Iterable[object] = ()) -> list[FruDevice]:
        """List the devices: the controller's own, and those that SDRs locate.

        Args:
            sdr: Sensor Data Records of any type, or what `bmc.sdr` gives.
        """
        from baseboard.records.sdr import FruDeviceLocatorRecord, ManagementControllerDeviceLocatorRecord

        found: dict[tuple[int, Target | None], FruDevice] = {(0, None): BUILTIN}
        for given in sdr:
            record: object = getattr(given, "record", given)
            if isinstance(record, FruDeviceLocatorRecord):
                target = _target(record.access_address, record.channel, record.access_lun)
                device = FruDevice(
                    device_id=record.fru_device_id,
                    name=str(record.id_string),
                    target=target,
                    entity=(record.entity_id, record.entity_instance),
                    readable=record.logical,
                    chip=_chip(record),
                )
                if device.device_id == 0 and target is None and device.readable:
                    device = replace(device, name=device.name or BUILTIN.name)
                found[device.device_id if device.readable else -len(found), target] = device
            elif isinstance(record, ManagementControllerDeviceLocatorRecord):
                target = _target(record.slave_address, record.channel, 0)
                if target is not None and record.capabilities & _FRU_DEVICE:
                    entity = (int(record.entity_id), record.entity_instance)
                    found[0, target] = FruDevice(
                        device_id=0, name=str(record.id_string), target=target, entity=entity
                    )
        return list(found.values())

    async def info(self, device: FruDevice | int = 0) -> GetFruInventoryAreaInfoResponse:
        """Ask how large an inventory is."""
        return await self._io(device).info()

    async def read(self, device: FruDevice | int = 0) -> FruContent:
        """Read what a device says; one that is not there is no error."""
        known = _device(device)
        try:
            image = await self._io(known).read(whole=False)
        except CompletionError as error:
            if error.code not in ABSENT:
                raise
            return FruContent(device=known, absent=ABSENT[error.code], code=error.code)
        try:
            fru = read_fru(image.data)
        except TruncatedError:
            return FruContent(device=known, image=image, absent="it is empty")
        return FruContent(device=known, fru=fru, image=image)

    async def read_image(self, device: FruDevice | int = 0) -> FruImage:
        """Read every byte of a device.

        Raises:
            CompletionError: it is not there.
        """
        return await self._io(device).read()

    async def write_image(self, image: bytes, device: FruDevice | int = 0) -> None:
        """Write a whole image, as it is; `edit` is the safe way to change something.

        Raises:
            CompletionError: refused; 80h: write-protected, and part of it may be written.
            NoEffect: what one reads back is something else.
        """
        from baseboard.client.fru_edit import FruEdit

        await FruEdit(self._io(device), await self._io(device).read()).replace(image).write()

    async def edit(self, device: FruDevice | int = 0) -> FruEdit:
        """Begin to change an inventory: nothing is written before `FruEdit.write`.

        Raises:
            CompletionError: it cannot be read.
        """
        from baseboard.client.fru_edit import FruEdit

        io = self._io(device)
        image = await io.read()
        if image.missing is not None:
            raise image.missing
        return FruEdit(io, image)

    def _io(self, device: FruDevice | int) -> FruDeviceIo | ChipIo:
        known = _device(device)
        if known.chip is not None:
            from baseboard.client.eeprom import ChipIo

            return ChipIo(self._bmc, *known.chip, known.target)
        return FruDeviceIo(self._bmc, known.device_id, known.target)


_FRU_DEVICE: Final = (
    0x08  # "FRU Inventory Device" among the capabilities of a controller (Table 43-8, byte 9)
)


def _chip(record: FruDeviceLocatorRecord) -> tuple[int, int, int] | None:
    """Bus, address and size of the chip that a locator names; None for a logical device (Table 43-7)."""
    from baseboard.client.eeprom import CHIP_SIZES

    size = CHIP_SIZES.get(record.device_type)
    if record.logical or size is None:
        return None
    return record.private_bus_id, record.fru_device_id >> 1, size


def _device(device: FruDevice | int) -> FruDevice:
    if isinstance(device, FruDevice):
        return device
    return replace(BUILTIN, device_id=device, name="" if device else BUILTIN.name)


def _target(address: int, channel: int, lun: int) -> Target | None:
    if address in {0, _BMC_ADDRESS} and not lun:
        return None
    return Target(address=address, channel=channel, lun=lun)
