"""SMBIOS structures as facts: a name and a value for each row that says something."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from baseboard.codes import ChassisType
from baseboard.records.smbios import (
    BaseboardInformation,
    BiosInformation,
    ChassisInformation,
    HostInterface,
    IpmiDevice,
    Structure,
    SystemInformation,
    SystemPowerSupply,
)
from baseboard.wire import OpenEnum

TITLES: Final = {
    0: "Firmware",
    1: "System",
    2: "Board",
    3: "Chassis",
    38: "IPMI device",
    39: "Power supply",
    42: "Management controller host interface",
}
"""The types that concern management, and what they are called."""

Fact = str | int | bool
_NONE: Final = 0xFF
_UNKNOWN_CAPACITY: Final = 0x8000


def facts(structure: Structure) -> dict[str, Fact]:
    """What a structure tells, but for what it says is unknown."""
    found: dict[str, Fact] = {name: text for name, text in structure.texts() if text}
    match structure.body:
        case BiosInformation() as body:
            found |= _bios(body)
        case SystemInformation(guid=UUID() as guid):
            found["uuid"] = str(guid)
        case BaseboardInformation(board_type=kind) if kind is not None:
            found["board_type"] = word(kind)
        case ChassisInformation() as body:
            found["chassis_type"] = ChassisType(body.chassis_type).text or f"{body.chassis_type:02X}h"
            if body.height:
                found["height"] = f"{body.height} U"
        case IpmiDevice() as body:
            found |= _ipmi(body)
        case SystemPowerSupply() as body:
            if body.capacity != _UNKNOWN_CAPACITY:
                found["capacity"] = body.capacity
            found |= {"present": body.present, "hot_replaceable": body.hot_replaceable}
            found |= {"supply_type": word(body.supply_type), "status": word(body.status)}
        case HostInterface() as body:
            found["interface"] = word(body.interface)
            found["protocols"] = ", ".join(word(one.protocol) for one in body.spoken)
            if body.device is not None:
                found["device"] = word(body.device)
        case _:
            return found
    return found


def word(code: OpenEnum) -> str:
    """A code in a word, as it is named."""
    return str(code).lower().replace("_", " ") if code.known else str(code)


def _bios(body: BiosInformation) -> dict[str, Fact]:
    found: dict[str, Fact] = {}
    for name, major, minor in (
        ("release", body.major, body.minor),
        ("controller_firmware", body.controller_major, body.controller_minor),
    ):
        if major not in (None, _NONE) and minor is not None:
            found[name] = f"{major}.{minor:02d}"
    return found


def _ipmi(body: IpmiDevice) -> dict[str, Fact]:
    found: dict[str, Fact] = {
        "interface": body.kind or word(body.interface_type),
        "specification": f"{body.specification[0]}.{body.specification[1:]}",
        "slave_address": f"0x{body.slave_address:02x}",
    }
    if body.nv_storage_address != _NONE:
        found["nv_storage_address"] = f"0x{body.nv_storage_address:02x}"
    space = "SMBus" if body.kind == "ssif" else "port" if body.io else "memory"
    found |= {"address": f"0x{body.address:x}", "space": space}
    if body.kind != "ssif":
        found["spacing"] = body.spacing
    if body.irq is not None:
        found["interrupt"] = body.irq
        if body.interrupt_specified:
            found["trigger"] = f"{'high' if body.active_high else 'low'}, {'level' if body.level else 'edge'}"
    return found
