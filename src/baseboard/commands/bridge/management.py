"""The bridge itself: its state, its addresses, its statistics, its connectors (ICMB v1.0).

The body of the ICMB specification was in no source that could be read. Numbers, names and levels are those of
IPMI's table of commands; layouts are those that a maker of controllers uses.
"""

from __future__ import annotations

from baseboard.codes import NetFn, Privilege
from baseboard.commands.declaration import Request, Response, command
from baseboard.records.id_string import ID_STRING
from baseboard.wire import OpenEnum, Record, at

ID_LENGTH = 16
"""Bytes that the ID string of a connector or a connection may have."""


class BridgeState(OpenEnum):
    """What a bridge is doing."""

    DISABLED = 0
    ENABLED = 1
    ASSIGNING_ADDRESS = 2
    ERROR = 3


class StatisticsSelector(OpenEnum):
    """Which counters are asked for."""

    COMMANDS = 0
    PACKETS = 1


class Counter(Record):
    """One counter of a bridge; it stops at its highest value."""

    value: int = at("1:2")


class GetBridgeStateResponse(Response):
    """What the bridge is doing."""

    state: BridgeState = at("2")


@command(NetFn.BRIDGE, 0x00, section="[ICMB]", privilege=Privilege.USER)
class GetBridgeState(Request[GetBridgeStateResponse]):
    """Ask whether the bridge works."""


class SetBridgeStateResponse(Response):
    """The bridge is on or off."""


@command(NetFn.BRIDGE, 0x01, section="[ICMB]", privilege=Privilege.OPERATOR)
class SetBridgeState(Request[SetBridgeStateResponse]):
    """Switch the bridge on or off."""

    state: BridgeState = at("1", "disabled or enabled")


class GetIcmbAddressResponse(Response):
    """The bridge's address."""

    address: int = at("2:3", "0000h = it has none")


@command(NetFn.BRIDGE, 0x02, section="[ICMB]", privilege=Privilege.USER)
class GetIcmbAddress(Request[GetIcmbAddressResponse]):
    """Ask a bridge for its address on the ICMB."""


class SetIcmbAddressResponse(Response):
    """The bridge has that address."""


@command(NetFn.BRIDGE, 0x03, section="[ICMB]", privilege=Privilege.OPERATOR)
class SetIcmbAddress(Request[SetIcmbAddressResponse]):
    """Give the bridge an address on the ICMB."""

    address: int = at("1:2", "0000h = let the bridge find one that is free")


class SetBridgeProxyAddressResponse(Response):
    """The bridge stands in for that controller."""


@command(
    NetFn.BRIDGE,
    0x04,
    section="[ICMB]",
    privilege=Privilege.OPERATOR,
    name="Set Bridge ProxyAddress",
    unverified="what a proxy is for",
)
class SetBridgeProxyAddress(Request[SetBridgeProxyAddressResponse]):
    """Have the bridge answer to a second ICMB address, for a controller on its IPMB."""

    icmb_address: int = at("1:2", "0000h = for none")
    slave_address: int = at("3", "of the controller, 8 bits")
    lun: int = at("4[1:0]", "of the controller")


class GetBridgeStatisticsResponse(Response):
    """The counters of a group."""

    selector: StatisticsSelector = at("2")
    counters: tuple[Counter, ...] = at(
        "3:",
        "0: runt commands, bad commands, spurious responses; 1: packets sent, received, for another address, "
        "runt, with a bad checksum, of unknown type, without a start, restarted; arbitrations won, lost",
        default=(),
    )


@command(NetFn.BRIDGE, 0x05, section="[ICMB]", privilege=Privilege.USER)
class GetBridgeStatistics(Request[GetBridgeStatisticsResponse]):
    """Ask what the bridge has counted."""

    selector: StatisticsSelector = at("1")


class GetIcmbCapabilitiesResponse(Response):
    """What the bridge knows of the ICMB."""

    version: int = at("2", "of the ICMB specification")
    revision: int = at("3", "of the ICMB specification")
    features: int = at("4", "feature flags")


@command(
    NetFn.BRIDGE,
    0x06,
    section="[ICMB]",
    privilege=Privilege.USER,
    unverified="the meaning of the feature flags",
)
class GetIcmbCapabilities(Request[GetIcmbCapabilitiesResponse]):
    """Ask which ICMB specification the bridge follows."""


class ClearBridgeStatisticsResponse(Response):
    """All counters are 0."""


@command(NetFn.BRIDGE, 0x08, section="[ICMB]", privilege=Privilege.OPERATOR)
class ClearBridgeStatistics(Request[ClearBridgeStatisticsResponse]):
    """Count from 0."""


class GetBridgeProxyAddressResponse(Response):
    """For whom the bridge stands in."""

    icmb_address: int = at("2:3", "0000h = for none")
    slave_address: int = at("4", "of the controller, 8 bits")
    lun: int = at("5[1:0]", "of the controller")


@command(NetFn.BRIDGE, 0x09, section="[ICMB]", privilege=Privilege.USER, unverified="what a proxy is for")
class GetBridgeProxyAddress(Request[GetBridgeProxyAddressResponse]):
    """Ask for whom the bridge stands in."""


class GetIcmbConnectorInfoResponse(Response):
    """A connector of the bridge, and how many there are."""

    flags: int = at("2")
    connectors: int = at("3", "that the bridge has")
    connector_type: int = at("4")
    id_string: str = at("5:", "type/length byte and name", codec=ID_STRING, default="")


@command(
    NetFn.BRIDGE,
    0x0A,
    section="[ICMB]",
    privilege=Privilege.USER,
    unverified="the flags and the types of connectors",
)
class GetIcmbConnectorInfo(Request[GetIcmbConnectorInfoResponse]):
    """Ask about a connector by its number."""

    numeric_id: int = at("1", "the first is 0")


class GetIcmbConnectionIdResponse(Response):
    """The connection that the bridge is at."""

    numeric_id: int = at("2")
    id_string: str = at("3:", "type/length byte and name", codec=ID_STRING, default="")


@command(
    NetFn.BRIDGE,
    0x0B,
    section="[ICMB]",
    privilege=Privilege.USER,
    unverified="whose ID it is after an exchange",
)
class GetIcmbConnectionId(Request[GetIcmbConnectionIdResponse]):
    """Ask which connection the bridge is at."""


class SendIcmbConnectionIdResponse(Response):
    """What the other bridge said."""

    remote_code: int = at("2", "completion code of the other bridge")
    numeric_id: int | None = at("3", "of the connection that the other bridge is at", default=None)
    id_string: str | None = at("4:", "type/length byte and name", codec=ID_STRING, default=None)


@command(
    NetFn.BRIDGE,
    0x0C,
    section="[ICMB]",
    privilege=Privilege.USER,
    unverified="the order of the fields, and whose ID is exchanged",
)
class SendIcmbConnectionId(Request[SendIcmbConnectionIdResponse]):
    """Tell another bridge a connection ID, and learn the one that it has."""

    address: int = at("1:2", "of the other bridge")
    numeric_id: int = at("3")
    id_string: str = at("4:", "type/length byte and name", codec=ID_STRING, default="")
