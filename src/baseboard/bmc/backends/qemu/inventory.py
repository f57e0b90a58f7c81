"""The machine's SMBIOS says what the BMC's FRUs say: system, board, chassis, power supplies.

QEMU writes the rest itself, type 38 among it: of the interface device that it has.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from typing import Final

from baseboard.bmc.blueprint import Blueprint
from baseboard.bmc.ports import Board
from baseboard.codes import Cc, EventReadingType, SensorType
from baseboard.commands.sensor.events import SystemInterfacePlatformEvent
from baseboard.commands.storage.fru import (
    GetFruInventoryAreaInfo,
    GetFruInventoryAreaInfoResponse,
    ReadFruData,
    ReadFruDataResponse,
)
from baseboard.errors import DecodeError
from baseboard.records.fru import Fru, read_fru
from baseboard.records.smbios import (
    BaseboardInformation,
    ChassisInformation,
    IpmiDevice,
    MachineIdentity,
    Smbios,
    SystemInformation,
    SystemPowerSupply,
    build_smbios,
    files_for_qemu,
)

_PIECE: Final = 32
"""Bytes read at once; every interface carries an answer of that size."""

_TOLD: Final = (SystemInformation, BaseboardInformation, ChassisInformation, SystemPowerSupply)
_OPERATING_SYSTEM: Final = 0x41
"""Generator ID of events: system software ID 20h (Table 5-4)."""

_RUN_TIME_CRITICAL_STOP: Final = 1
"""Offset of sensor type 20h."""


def described(board: Board, numbers: Iterable[int]) -> Iterator[Fru]:
    """The BMC's inventories as they are now, read as the host's software reads them.

    Args:
        board: the BMC.
        numbers: FRU device IDs; one that the host may not read, or that holds no inventory, is left out.
    """
    for number in numbers:
        image = _image(board, number)
        if image:
            yield read_fru(image)


def structures(blueprint: Blueprint, inventories: Iterable[Fru]) -> list[tuple[str, bytes]]:
    """Structures for QEMU's ``-smbios file=``, with names for their files."""
    identity = MachineIdentity(
        guid=uuid.UUID(bytes=blueprint.identity.guid),
        name=blueprint.identity.name,
        virtual=True,
        asset_tag=blueprint.identity.name,
    )
    made = build_smbios(identity, IpmiDevice.at_place("kcs"), tuple(inventories))
    told = {kind.selector for kind in _TOLD}
    return list(files_for_qemu(Smbios(tuple(one for one in made.structures if one.type in told))))


def _image(board: Board, number: int) -> bytes:
    info = _asked(board, GetFruInventoryAreaInfo(fru_device_id=number))
    try:
        area = GetFruInventoryAreaInfoResponse.decode(info)
        unit = 2 if area.accessed_by_words else 1
        image = b""
        while len(image) < area.area_size:
            count = min(_PIECE, area.area_size - len(image)) // unit
            request = ReadFruData(fru_device_id=number, offset=len(image) // unit, count=count)
            piece = ReadFruDataResponse.decode(_asked(board, request)).data
            if not piece:
                return b""
            image += piece
    except DecodeError:
        return b""
    return image


def _asked(board: Board, request: GetFruInventoryAreaInfo | ReadFruData) -> bytes:
    """Response data; nothing, where the request is refused or answered later."""
    answers: list[bytes] = []
    board.request(request.command.netfn, 0, request.command.cmd, request.encode(), answers.append)
    good = answers and answers[0][:1] == bytes((Cc.OK,))
    return answers[0][1:] if good else b""


def report_stop(board: Board, sensor_number: int) -> None:
    """Have the BMC log that the operating system has stopped, which it may be unable to say itself."""
    event = SystemInterfacePlatformEvent(
        generator_id=_OPERATING_SYSTEM,
        sensor_type=SensorType.OS_STOP,
        sensor_number=sensor_number,
        event_type=EventReadingType.SENSOR_SPECIFIC,
        event_data1=_RUN_TIME_CRITICAL_STOP,
    )
    board.request(event.command.netfn, 0, event.command.cmd, event.encode(), _unheard)


def _unheard(answer: bytes) -> None:
    """Nobody in the machine waits for the answer."""
