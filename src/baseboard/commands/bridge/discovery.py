"""Who is on the ICMB: bridges say their addresses until they are told that they were found (ICMB v1.0)."""

from __future__ import annotations

from baseboard.codes import NetFn, Privilege
from baseboard.commands.declaration import Request, Response, command
from baseboard.wire import Record, at

MOST_ADDRESSES = 8
"""Addresses that one answer holds."""


class BridgeAddress(Record):
    """The ICMB address of a bridge."""

    address: int = at("1:2")


class PrepareForDiscoveryResponse(Response):
    """Nobody has been discovered."""


@command(
    NetFn.BRIDGE,
    0x10,
    section="[ICMB]",
    privilege=Privilege.OPERATOR,
    name="PrepareForDiscovery",
    unverified="that a bridge passes it on to all others",
)
class PrepareForDiscovery(Request[PrepareForDiscoveryResponse]):
    """Have every bridge forget that it was discovered."""


class GetAddressesResponse(Response):
    """Bridges that have not been discovered yet."""

    addresses: tuple[BridgeAddress, ...] = at("2:", "at most eight", default=())


@command(
    NetFn.BRIDGE,
    0x11,
    section="[ICMB]",
    privilege=Privilege.USER,
    name="GetAddresses",
    unverified="that a bridge passes it on to all others",
)
class GetAddresses(Request[GetAddressesResponse]):
    """Ask who has not been discovered yet."""


class SetDiscoveredResponse(Response):
    """The bridge keeps silent from now on."""


@command(
    NetFn.BRIDGE,
    0x12,
    section="[ICMB]",
    privilege=Privilege.OPERATOR,
    name="SetDiscovered",
    unverified="how the bridge is addressed",
)
class SetDiscovered(Request[SetDiscoveredResponse]):
    """Tell a bridge that it was discovered."""


class GetChassisDeviceIdResponse(Response):
    """Where the chassis device is."""

    address: int = at("2[7:1]", "7-bit slave address on the IPMB of the bridge")


@command(NetFn.BRIDGE, 0x13, section="[ICMB]", privilege=Privilege.USER, name="GetChassisDeviceId")
class GetChassisDeviceId(Request[GetChassisDeviceIdResponse]):
    """Ask which controller takes the chassis commands."""


class SetChassisDeviceIdResponse(Response):
    """It is known from now on."""


@command(NetFn.BRIDGE, 0x14, section="[ICMB]", privilege=Privilege.OPERATOR, name="SetChassisDeviceId")
class SetChassisDeviceId(Request[SetChassisDeviceIdResponse]):
    """Tell the bridge which controller takes the chassis commands."""

    address: int = at("1[7:1]", "7-bit slave address on the IPMB of the bridge")
