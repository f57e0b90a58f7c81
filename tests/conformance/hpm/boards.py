"""Boards to try the rules of HPM.1, PICMG 3.0 and VITA 46.11 on."""

from __future__ import annotations

from typing import Any

from baseboard.bmc.blueprint import PicmgSpec, VitaSpec
from baseboard.commands.app.device import GetDeviceId
from baseboard.commands.declaration import Request
from baseboard.commands.groups.hpm import GetComponentProperties, HpmProperty
from baseboard.commands.groups.picmg_links import AmcLink, Link, LinkInterface
from tests.bmc.harness import Bench, make_bmc
from tests.bmc.services.upgrading import code

LAN, SYSTEM = 1, 0xF
USER, OPERATOR, ADMINISTRATOR = 2, 3, 4
BASE = Link(channel=1, interface=LinkInterface.BASE, ports=1, kind=1, extension=0, group=0, state=0)
AMC = AmcLink(lanes=1, kind=5, extension=0, group=0, state=0)
SHELF = PicmgSpec(modules=2, leds=1, links=(BASE,), amc_links=((4, AMC),), clocks=(1,))
CHASSIS = VitaSpec(modules=2, leds=3)


def in_shelf() -> Bench:
    """A board in a shelf."""
    return make_bmc(picmg=SHELF)


def in_chassis() -> Bench:
    """A module in a VPX chassis."""
    return make_bmc(vita=CHASSIS)


def levels(bench: Bench, request: Request[Any]) -> list[int]:
    """The levels at which a session may send a request, of user, operator and administrator."""
    return [
        level
        for level in (USER, OPERATOR, ADMINISTRATOR)
        if code(bench, request, channel=LAN, privilege=level) != 0xD4
    ]


def running(bench: Bench) -> str:
    """The version that Get Device ID tells."""
    found = bench.execute(GetDeviceId())
    return f"{found.firmware_major}.{found.firmware_minor}"


def told(bench: Bench, component: int, selector: HpmProperty) -> str:
    """A property in hex."""
    return bench.execute(GetComponentProperties(component=component, selector=selector)).data.hex()
