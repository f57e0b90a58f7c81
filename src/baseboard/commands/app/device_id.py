"""Who a management controller is (§20.1): alone, for every session may ask it and many ask nothing else."""

from __future__ import annotations

from enum import IntFlag

from baseboard.codes import NetFn, Privilege
from baseboard.commands.declaration import Request, Response, command
from baseboard.wire import BCD, at


class DeviceSupport(IntFlag):
    """Logical devices of a management controller (Table 20-2, byte 7)."""

    SENSOR = 0x01
    SDR_REPOSITORY = 0x02
    SEL = 0x04
    FRU_INVENTORY = 0x08
    IPMB_EVENT_RECEIVER = 0x10
    IPMB_EVENT_GENERATOR = 0x20
    BRIDGE = 0x40
    CHASSIS = 0x80


class GetDeviceIdResponse(Response):
    """Who a management controller is and what it can do (Table 20-2)."""

    device_id: int = at("2", "per controller model; 00h = unspecified")
    provides_sdrs: bool = at("3[7]", "device provides Device SDRs")
    device_revision: int = at("3[3:0]")
    updating: bool = at("4[7]", "firmware update, SDR update or self-initialization under way")
    firmware_major: int = at("4[6:0]")
    firmware_minor: str = at("5", codec=BCD)
    ipmi_version: int = at("6", "BCD, digits swapped: 51h = 1.5, 02h = 2.0")
    support: DeviceSupport = at("7", "logical devices beyond the mandatory ones")
    manufacturer_id: int = at("8:10", "IANA enterprise number; 000000h = unspecified")
    product_id: int = at("11:12", "0000h = unspecified")
    aux_firmware: bytes | None = at("13:16", "vendor's own; byte 13 first", default=None)


@command(NetFn.APP, 0x01, section="20.1", privilege=Privilege.USER)
class GetDeviceId(Request[GetDeviceIdResponse]):
    """Ask a management controller who it is."""
