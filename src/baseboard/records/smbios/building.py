"""The tables of a machine, of what its BMC knows: inventories, GUID, interface, firmware.

What nobody knows is left out or said to be unknown: tables of ours tell nothing that is made up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple
from uuid import UUID

from baseboard.codes import ChassisType
from baseboard.records.fru import BoardArea, ChassisArea, Fru, PowerSupply, ProductArea
from baseboard.records.smbios.controller import (
    UNKNOWN_CAPACITY,
    HostInterface,
    IpmiDevice,
    RangeSwitching,
    SystemPowerSupply,
)
from baseboard.records.smbios.machine import (
    BaseboardInformation,
    BiosCharacteristics,
    BiosExtension,
    BiosInformation,
    BoardFeature,
    BoardType,
    ChassisInformation,
    EndOfTable,
    SystemInformation,
)
from baseboard.records.smbios.structure import Body, Structure
from baseboard.records.smbios.table import Smbios

if TYPE_CHECKING:
    from collections.abc import Iterator

BIOS, SYSTEM, BOARD, CHASSIS = 0x0000, 0x0100, 0x0200, 0x0300
IPMI, SUPPLY, HOST_INTERFACE, END = 0x2600, 0x2700, 0x2A00, 0x7F00
"""Handles of the structures; boards and supplies count on from theirs."""

MOST: Final = 16
"""Boards, and supplies, that are told: no more inventories are looked at."""

_NIL: Final = UUID(int=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineIdentity:
    """What is known of a machine besides its inventories.

    Attributes:
        guid: the system's; None = it has none.
        name: of the product, where no inventory tells it.
        firmware_vendor: who made the machine's own firmware (BIOS, UEFI).
        firmware_version: of that.
        firmware_date: mm/dd/yyyy.
        efi: it is UEFI.
        virtual: the machine is virtual.
        controller_version: of the BMC's firmware: major and minor, numbers; None = unknown.
        asset_tag: of the chassis, where no inventory tells it.
    """

    guid: UUID | None = None
    name: str = ""
    firmware_vendor: str = ""
    firmware_version: str = ""
    firmware_date: str = ""
    efi: bool = False
    virtual: bool = False
    controller_version: tuple[int, int] | None = None
    asset_tag: str = ""


class _Inventories(NamedTuple):
    """The areas that describe the machine, and the FRUs that are boards, or supplies."""

    product: ProductArea
    chassis: ChassisArea | None
    boards: tuple[BoardArea, ...]
    supplies: tuple[tuple[Fru, PowerSupply], ...]


def build_smbios(identity: MachineIdentity, device: IpmiDevice, inventories: Sequence[Fru] = ()) -> Smbios:
    """Make a machine's tables: types 0, 1, 2, 3, 38, 39, 42 as far as there is something to tell, and 127.

    Args:
        device: where its BMC is.
        inventories: of its FRUs, the one of the machine itself first.
    """
    known = _sorted(inventories)
    made = [_bios(identity), _system(identity, known)]
    made += [_board(number, board) for number, board in enumerate(known.boards)]
    made.append(_chassis(identity, known))
    made.append(Structure.of(IPMI, device))
    made += [_supply(number, *one) for number, one in enumerate(known.supplies)]
    interface = HostInterface.of_ipmi(device)
    if interface is not None:
        made.append(Structure.of(HOST_INTERFACE, interface))
    made.append(Structure.of(END, EndOfTable()))
    return Smbios(tuple(made))


def controller_version(major: int, minor: str) -> tuple[int, int]:
    """The firmware's release of Get Device ID as numbers (Table 20-2).

    Args:
        minor: two digits, BCD; devices do send others, which are then read as hexadecimal.
    """
    return major, int(minor) if minor.isdecimal() else int(minor, 16)


def _sorted(inventories: Sequence[Fru]) -> _Inventories:
    supplies: list[tuple[Fru, PowerSupply]] = []
    boards: list[BoardArea] = []
    for fru in inventories:
        supply = next((record for record in fru.multirecords if isinstance(record, PowerSupply)), None)
        if supply is not None:
            supplies.append((fru, supply))
        elif fru.board is not None:
            boards.append(fru.board)
    plain = [fru for fru in inventories if all(fru is not supply for supply, _ in supplies)]
    product = next((fru.product for fru in plain if fru.product is not None), ProductArea())
    chassis = next((fru.chassis for fru in plain if fru.chassis is not None), None)
    return _Inventories(product, chassis, tuple(boards[:MOST]), tuple(supplies[:MOST]))


def _made(handle: int, body: Body, **texts: str) -> Structure:
    """A structure with texts of inventories, in some of which a NUL stands where others have a blank."""
    return Structure.of(handle, body, **{name: text.partition("\0")[0] for name, text in texts.items()})


def _bios(identity: MachineIdentity) -> Structure:
    major, minor = identity.controller_version or (0xFF, 0xFF)
    extension = BiosExtension(0)
    if identity.efi:
        extension |= BiosExtension.UEFI
    if identity.virtual:
        extension |= BiosExtension.VIRTUAL_MACHINE
    body = BiosInformation(
        characteristics=BiosCharacteristics.NOT_SUPPORTED,
        extension=extension,
        controller_major=major,
        controller_minor=minor,
    )
    return _made(
        BIOS,
        body,
        vendor=identity.firmware_vendor,
        version=identity.firmware_version,
        release_date=identity.firmware_date,
    )


def _system(identity: MachineIdentity, known: _Inventories) -> Structure:
    product = known.product
    return _made(
        SYSTEM,
        SystemInformation(uuid=identity.guid or _NIL),
        manufacturer=product.manufacturer,
        product_name=product.product_name or identity.name,
        version=product.version,
        serial_number=product.serial_number,
        sku_number=product.part_number,
    )


def _board(number: int, board: BoardArea) -> Structure:
    first = number == 0
    body = BaseboardInformation(
        features=BoardFeature.HOSTING if first else BoardFeature(0),
        chassis_handle=CHASSIS,
        board_type=BoardType.MOTHERBOARD if first else BoardType.UNKNOWN,
    )
    return _made(
        BOARD + number,
        body,
        manufacturer=board.manufacturer,
        product_name=board.product_name,
        version=board.part_number,
        serial_number=board.serial_number,
    )


def _chassis(identity: MachineIdentity, known: _Inventories) -> Structure:
    chassis = known.chassis or ChassisArea(chassis_type=ChassisType.UNKNOWN)
    return _made(
        CHASSIS,
        # FRU §10 takes its types from here, and knows no lock.
        ChassisInformation(chassis_type=ChassisType(chassis.chassis_type & 0x7F)),
        manufacturer=known.product.manufacturer,
        version=chassis.part_number,
        serial_number=chassis.serial_number,
        asset_tag=known.product.asset_tag or identity.asset_tag,
    )


def _supply(number: int, fru: Fru, supply: PowerSupply) -> Structure:
    area = fru.product or ProductArea()
    board = fru.board or BoardArea()
    switching = RangeSwitching.UNKNOWN
    if supply.autoswitch:
        switching = RangeSwitching.AUTOMATIC
    body = SystemPowerSupply(
        capacity=supply.capacity or UNKNOWN_CAPACITY,
        range_switching=switching,
        hot_replaceable=supply.hot_swap,
    )
    return _made(
        SUPPLY + number,
        body,
        device_name=area.product_name or board.product_name,
        manufacturer=area.manufacturer or board.manufacturer,
        serial_number=area.serial_number or board.serial_number,
        asset_tag=area.asset_tag,
        part_number=area.part_number or board.part_number,
        revision=area.version,
    )


def files_for_qemu(smbios: Smbios) -> Iterator[tuple[str, bytes]]:
    """Each structure as QEMU's ``-smbios file=`` takes it, with a name for its file.

    The end of the table is left out: QEMU writes its own.
    """
    counts: dict[int, int] = {}
    for structure in smbios.structures:
        if structure.type == EndOfTable.selector:
            continue
        counts[structure.type] = number = counts.get(structure.type, 0) + 1
        suffix = "" if number == 1 else f"-{number}"
        yield f"type{structure.type}{suffix}.bin", structure.encode()
