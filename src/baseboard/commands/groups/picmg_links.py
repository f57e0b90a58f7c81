"""PICMG 3.0 and AMC.0: links, clocks and bused resources of boards. Bytes are counted as in :mod:`.picmg`."""

from __future__ import annotations

from baseboard.codes import NetFn, Privilege
from baseboard.commands.declaration import command
from baseboard.commands.groups.picmg import LEVELS, PICMG, PicmgRequest, PicmgResponse
from baseboard.wire import OpenEnum, Record, at


class LinkInterface(OpenEnum):
    """Interface of the backplane that a link belongs to."""

    BASE = 0
    FABRIC = 1
    UPDATE_CHANNEL = 2


class BusedAction(OpenEnum):
    """What Bused Resource Control asks of a board."""

    QUERY = 0
    RELEASE = 1
    FORCE = 2
    BUS_FREE = 3


class BusedResource(OpenEnum):
    """Resource that boards share."""

    METALLIC_TEST_BUS_1 = 0
    METALLIC_TEST_BUS_2 = 1
    CLOCK_GROUP_1 = 2
    CLOCK_GROUP_2 = 3
    CLOCK_GROUP_3 = 4


class Link(Record):
    """A link of a channel, and whether it is enabled."""

    channel: int = at("1:4[5:0]")
    interface: LinkInterface = at("1:4[7:6]")
    ports: int = at("1:4[11:8]", "lanes, a bit each")
    kind: int = at("1:4[19:12]", "01h base, 02h Ethernet, 03h InfiniBand, 04h StarFabric, 05h PCI Express")
    extension: int = at("1:4[23:20]")
    group: int = at("1:4[31:24]", "links with the same number work together; 00h = alone", default=0)
    state: int = at("5", "00h = disabled, 01h = enabled")


class AmcLink(Record):
    """A link of an AMC channel, and whether it is enabled."""

    lanes: int = at("1:3[3:0]", "a bit each")
    kind: int = at("1:3[11:4]", "02h PCI Express, 05h Ethernet, 06h RapidIO, 07h storage")
    extension: int = at("1:3[15:12]")
    group: int = at("1:3[23:16]", default=0)
    state: int = at("4", "00h = disabled, 01h = enabled")


class SetPortStateResponse(PicmgResponse):
    """The link is enabled or disabled."""


@command(
    NetFn.GROUP_EXTENSION, 0x0E, group=PICMG, section="PICMG 3.0 Set Port State",
    privilege=Privilege.OPERATOR,
    unverified=LEVELS,
)  # fmt: skip
class SetPortState(PicmgRequest[SetPortStateResponse]):
    """Enable or disable a link."""

    link: Link = at("2:6")


class GetPortStateResponse(PicmgResponse):
    """The links of a channel."""

    links: tuple[Link, ...] = at("3:", default=())


@command(
    NetFn.GROUP_EXTENSION, 0x0F, group=PICMG, section="PICMG 3.0 Get Port State", privilege=Privilege.USER,
    unverified=LEVELS,
)  # fmt: skip
class GetPortState(PicmgRequest[GetPortStateResponse]):
    """Ask for the links of a channel."""

    channel: int = at("2[5:0]")
    interface: LinkInterface = at("2[7:6]")


class BusedResourceControlResponse(PicmgResponse):
    """What the board has to say of it."""

    status: int = at("3", "to a query: 00h = in control, 01h = no control")


@command(
    NetFn.GROUP_EXTENSION, 0x17, group=PICMG, section="PICMG 3.0 Bused Resource Control",
    privilege=Privilege.OPERATOR, unverified=LEVELS,
)  # fmt: skip
class BusedResourceControl(PicmgRequest[BusedResourceControlResponse]):
    """Ask for, or dispose of, a resource that boards share."""

    action: BusedAction = at("2")
    resource: BusedResource = at("3")


class SetAmcPortStateResponse(PicmgResponse):
    """The link is enabled or disabled."""


@command(
    NetFn.GROUP_EXTENSION, 0x19, group=PICMG, section="AMC.0 Set AMC Port State",
    privilege=Privilege.OPERATOR,
    name="Set AMC Port State", unverified=LEVELS,
)  # fmt: skip
class SetAmcPortState(PicmgRequest[SetAmcPortStateResponse]):
    """Enable or disable a link of an AMC channel."""

    channel: int = at("2")
    link: AmcLink = at("3:6")
    device: int | None = at("7", "of the carrier", default=None)


class GetAmcPortStateResponse(PicmgResponse):
    """The links of an AMC channel."""

    links: tuple[AmcLink, ...] = at("3:", default=())


@command(
    NetFn.GROUP_EXTENSION, 0x1A, group=PICMG, section="AMC.0 Get AMC Port State", privilege=Privilege.USER,
    name="Get AMC Port State", unverified=LEVELS,
)  # fmt: skip
class GetAmcPortState(PicmgRequest[GetAmcPortStateResponse]):
    """Ask for the links of an AMC channel."""

    channel: int = at("2")
    device: int | None = at("3", "of the carrier", default=None)


class SetClockStateResponse(PicmgResponse):
    """The clock is set up."""


@command(
    NetFn.GROUP_EXTENSION, 0x2C, group=PICMG, section="AMC.0 Set Clock State", privilege=Privilege.OPERATOR,
    unverified=LEVELS,
)  # fmt: skip
class SetClockState(PicmgRequest[SetClockStateResponse]):
    """Set up a clock."""

    clock: int = at("2")
    index: int = at("3", "of the clock's configuration")
    enabled: bool = at("4[3]")
    source: bool = at("4[2]", "it is given, not received")
    pll: int = at("4[1:0]", default=0)
    family: int = at("5")
    accuracy: int = at("6")
    frequency: int = at("7:10", "Hz")
    resource: int | None = at("11", "of the carrier", default=None)


class GetClockStateResponse(PicmgResponse):
    """How a clock is set up; without the rest it is disabled."""

    enabled: bool = at("3[3]")
    source: bool = at("3[2]")
    pll: int = at("3[1:0]", default=0)
    index: int | None = at("4", group="clock", default=None)
    family: int | None = at("5", group="clock", default=None)
    accuracy: int | None = at("6", group="clock", default=None)
    frequency: int | None = at("7:10", group="clock", default=None)


@command(
    NetFn.GROUP_EXTENSION, 0x2D, group=PICMG, section="AMC.0 Get Clock State", privilege=Privilege.USER,
    unverified=LEVELS,
)  # fmt: skip
class GetClockState(PicmgRequest[GetClockStateResponse]):
    """Ask how a clock is set up."""

    clock: int = at("2")
    resource: int | None = at("3", "of the carrier", default=None)
