"""What a BMC tells of its machine for the machine's SMBIOS tables; what it does not have is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.commands.app.messaging import InterfaceType
from baseboard.errors import CompletionError, DecodeError
from baseboard.records.smbios import MachineIdentity, controller_version

if TYPE_CHECKING:
    from collections.abc import Iterable

    from baseboard.client.bmc import Bmc
    from baseboard.records.fru import Fru
    from baseboard.records.smbios import InterfaceKind

MOST: Final = 32
"""FRU devices that are read."""

_FIRMWARE, _NAME = 1, 2
_NETFN, _GET_SYSTEM_INFO = 0x06, 0x59
_BLOCKS: Final = 16
_HEAD: Final = 2


async def identity(bmc: Bmc) -> MachineIdentity:
    """Ask for everything that is in no inventory."""
    device = await bmc.identity()
    try:
        guid = await bmc.controller.system_guid()
    except (CompletionError, DecodeError):
        guid = None
    return MachineIdentity(
        guid=guid,
        name=await system_text(bmc, _NAME),
        firmware_version=await system_text(bmc, _FIRMWARE),
        controller_version=controller_version(device.firmware_major, device.firmware_minor),
    )


async def interface(bmc: Bmc) -> InterfaceKind:
    """Ask which system interface the host has: the one that the BMC has something to tell of."""
    kinds: tuple[tuple[InterfaceType, InterfaceKind], ...] = (
        (InterfaceType.KCS, "kcs"),
        (InterfaceType.SMIC, "smic"),
        (InterfaceType.SSIF, "ssif"),
    )
    for asked, kind in kinds:
        if await bmc.controller.system_interface(asked) is not None:
            return kind
    return "kcs" if await bmc.controller.bt_interface() is None else "bt"


async def inventories(bmc: Bmc) -> list[Fru]:
    """Read the inventories of the BMC's own devices, its builtin one first."""
    try:
        records: Iterable[object] = await bmc.sdr.records()
    except (CompletionError, DecodeError):
        records = ()
    found: list[Fru] = []
    for device in bmc.fru.devices(records)[:MOST]:
        if device.target is None and device.readable:
            content = await bmc.fru.read(device)
            if content.fru is not None:
                found.append(content.fru)
    return found


async def system_text(bmc: Bmc, parameter: int) -> str:
    """Read a text of Get System Info (Table 22-16a); empty where there is none."""
    raw, size, block = b"", 1, 0
    while len(raw) < size and block < _BLOCKS:
        answer = await bmc.exchange(_NETFN, _GET_SYSTEM_INFO, bytes((0, parameter, block, 0)))
        data = answer[1 + _HEAD :]
        if answer[0] or not data:
            break
        if block == 0:
            size, data = (data[1] if len(data) > 1 else 0), data[2:]
        raw += data
        block += 1
    return raw[:size].decode("utf-8", "replace").strip("\0 ") if size else ""
