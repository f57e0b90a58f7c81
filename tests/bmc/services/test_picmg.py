"""Power, links, clocks and bused resources of a board."""

from __future__ import annotations

import pytest

from baseboard.bmc.blueprint import PicmgSpec
from baseboard.bmc.services.picmg import Clock, Picmg
from baseboard.codes import Cc
from baseboard.commands.groups.picmg_links import AmcLink, BusedAction, BusedResource, Link, LinkInterface
from tests.bmc.harness import Bench, make_bmc
from tests.bmc.services.test_modules import refused

LAN = 1
CC = int(Cc.INVALID_DATA)
BASE = Link(channel=1, interface=LinkInterface.BASE, ports=1, kind=1, extension=0, group=0, state=0)
FABRIC = Link(channel=2, interface=LinkInterface.FABRIC, ports=15, kind=2, extension=0, group=0, state=0)
AMC = AmcLink(lanes=1, kind=5, extension=0, group=0, state=0)
SPEC = PicmgSpec(modules=1, links=(BASE, FABRIC), amc_links=((4, AMC),), clocks=(1, 2))


def made() -> tuple[Bench, Picmg]:
    bench = make_bmc(picmg=SPEC)
    return bench, bench.services.picmg


def enabled(link: Link, state: int = 1, kind: int | None = None) -> Link:
    return Link(
        channel=link.channel, interface=link.interface, ports=link.ports,
        kind=link.kind if kind is None else kind, extension=link.extension, group=link.group, state=state,
    )  # fmt: skip


def test_levels_of_power() -> None:
    bench, picmg = made()
    assert (picmg.level(0), picmg.level(1), picmg.desired(1)) == (0, 3, 3)
    picmg.set_level(1, 2, copy_desired=False, channel=LAN)
    assert picmg.level(1) == 2
    picmg.set_level(1, 0xFF, copy_desired=True, channel=LAN)
    assert picmg.level(1) == 3
    picmg.set_level(1, 0, copy_desired=False, channel=LAN)
    assert (picmg.level(1), picmg.modules.active(1)) == (0, False)
    picmg.set_level(0, 1, copy_desired=False, channel=LAN)
    assert bench.backend.switch.on
    assert picmg.level(0) == 1
    for fru, level in ((2, 1), (1, 4)):
        with pytest.raises(Exception, match="CCh"):
            picmg.set_level(fru, level, copy_desired=False, channel=LAN)


def test_links_are_enabled_one_by_one() -> None:
    _, picmg = made()
    assert picmg.links(LinkInterface.BASE, 1) == (BASE,)
    picmg.set_link(enabled(FABRIC))
    assert picmg.links(LinkInterface.FABRIC, 2)[0].state == 1
    assert picmg.links(LinkInterface.BASE, 1)[0].state == 0
    assert refused(picmg.links, LinkInterface.BASE, 2) == CC
    assert refused(picmg.set_link, enabled(BASE, 2)) == CC
    assert refused(picmg.set_link, enabled(BASE, 1, kind=3)) == CC


def test_amc_links() -> None:
    _, picmg = made()
    on = AmcLink(lanes=1, kind=5, extension=0, group=0, state=1)
    assert picmg.amc_links(4, None) == picmg.amc_links(4, 0) == (AMC,)
    picmg.set_amc_link(4, on, 0)
    assert picmg.amc_links(4, None) == (on,)
    assert refused(picmg.amc_links, 5, None) == CC
    assert refused(picmg.amc_links, 4, 1) == CC
    assert refused(picmg.set_amc_link, 5, on, None) == CC
    assert refused(picmg.set_amc_link, 4, on, 1) == CC
    other = AmcLink(lanes=2, kind=5, extension=0, group=0, state=1)
    assert refused(picmg.set_amc_link, 4, other, None) == CC


def test_clocks() -> None:
    _, picmg = made()
    assert picmg.clock(1) is None
    clock = Clock(True, 0, 0, 1, 10, 8000)
    picmg.set_clock(1, clock)
    assert (picmg.clock(1), picmg.clock(2)) == (clock, None)
    assert refused(picmg.clock, 3) == CC
    assert refused(picmg.set_clock, 3, None) == CC


def test_a_bused_resource_is_somebody_s() -> None:
    _, picmg = made()
    bus = BusedResource.METALLIC_TEST_BUS_1
    steps = [
        (BusedAction.QUERY, 1),
        (BusedAction.RELEASE, 1),
        (BusedAction.BUS_FREE, 0),
        (BusedAction.BUS_FREE, 1),
        (BusedAction.QUERY, 0),
        (BusedAction.FORCE, 0),
        (BusedAction.QUERY, 1),
    ]
    for action, answer in steps:
        assert picmg.bused(action, bus) == answer
    assert refused(picmg.bused, BusedAction(4), bus) == CC
    assert refused(picmg.bused, BusedAction.QUERY, BusedResource(5)) == CC
