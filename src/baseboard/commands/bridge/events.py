"""Events between chassis: where a bridge sends its own, and what it does with those of others (ICMB v1.0)."""

from __future__ import annotations

from baseboard.codes import NetFn, Privilege
from baseboard.commands.declaration import Request, Response, command
from baseboard.wire import OpenEnum, at


class IcmbEvent(OpenEnum):
    """What an event message of the ICMB says."""

    ONLINE = 0
    ATTENTION = 1
    DISCOVERY_START = 2
    DISCOVERY_END = 3


class GetEventCountResponse(Response):
    """How many there were."""

    count: int = at("2", "begins again at 0 after 255")


@command(
    NetFn.BRIDGE,
    0x30,
    section="[ICMB]",
    privilege=Privilege.USER,
    name="GetEventCount",
    unverified="which events are counted",
)
class GetEventCount(Request[GetEventCountResponse]):
    """Ask how many event messages came over the ICMB."""


class SetEventDestinationResponse(Response):
    """Event messages go there from now on."""


@command(NetFn.BRIDGE, 0x31, section="[ICMB]", privilege=Privilege.OPERATOR, name="SetEventDestination")
class SetEventDestination(Request[SetEventDestinationResponse]):
    """Say which bridge the event messages go to."""

    address: int = at("1:2", "ICMB address; 0000h = nowhere, FFFFh = to all")


class SetEventReceptionStateResponse(Response):
    """Event messages are taken, or not."""


@command(NetFn.BRIDGE, 0x32, section="[ICMB]", privilege=Privilege.OPERATOR, name="SetEventReceptionState")
class SetEventReceptionState(Request[SetEventReceptionStateResponse]):
    """Say whether event messages of others are taken, and which controller gets them."""

    enabled: bool = at("1[0]")
    slave_address: int = at("2", "of the event receiver on the IPMB, 8 bits; 20h = the BMC itself")
    lun: int = at("3[1:0]", "of the event receiver")


class SendIcmbEventMessageResponse(Response):
    """It is on its way."""


@command(
    NetFn.BRIDGE,
    0x33,
    section="[ICMB]",
    privilege=Privilege.OPERATOR,
    name="SendICMBEventMessage",
    unverified="the event that the receiver logs",
)
class SendIcmbEventMessage(Request[SendIcmbEventMessageResponse]):
    """Send an event message to the event destination."""

    event: IcmbEvent = at("1")


class GetEventDestinationResponse(Response):
    """Where event messages go."""

    address: int = at("2:3", "ICMB address; 0000h = nowhere, FFFFh = to all")


@command(NetFn.BRIDGE, 0x34, section="[ICMB]", privilege=Privilege.USER, name="GetEventDestination")
class GetEventDestination(Request[GetEventDestinationResponse]):
    """Ask which bridge the event messages go to."""


class GetEventReceptionStateResponse(Response):
    """Whether event messages are taken, and by whom."""

    enabled: bool = at("2[0]")
    slave_address: int | None = at("3", "of the event receiver on the IPMB", default=None)
    lun: int | None = at("4[1:0]", "of the event receiver", default=None)


@command(
    NetFn.BRIDGE,
    0x35,
    section="[ICMB]",
    privilege=Privilege.USER,
    name="GetEventReceptionState",
    unverified="whether the event receiver's address is in the answer",
)
class GetEventReceptionState(Request[GetEventReceptionStateResponse]):
    """Ask whether event messages of others are taken."""
