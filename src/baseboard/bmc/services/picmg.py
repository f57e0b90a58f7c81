"""The controller in a shelf: levels of power, links, clocks and bused resources (PICMG 3.0, AMC.0)."""

from __future__ import annotations

from typing import Final, NamedTuple

from baseboard.bmc.blueprint.picmg import PicmgSpec
from baseboard.bmc.services.chassis import Chassis
from baseboard.bmc.services.home import Home
from baseboard.bmc.services.modules import Modules
from baseboard.codes import Cc
from baseboard.commands.groups.picmg_links import (
    AmcLink,
    BusedAction,
    BusedResource,
    Link,
    LinkInterface,
)
from baseboard.errors import CompletionError

GENERAL_LEDS: Final = 4
UNCHANGED: Final = 0xFF
LINKS_PER_CHANNEL: Final = 4
_DONE, _NO_CONTROL = 0, 1
_STATES: Final = (0, 1)


class Clock(NamedTuple):
    """How a clock is set up."""

    source: bool
    pll: int
    configuration: int
    family: int
    accuracy: int
    frequency: int


class Picmg:
    """What a board has in its shelf.

    Attributes:
        spec: as shipped.
        modules: its FRUs.
    """

    __slots__ = ("_amc", "_clocks", "_held", "_levels", "_links", "modules", "spec")

    def __init__(self, home: Home, spec: PicmgSpec, chassis: Chassis) -> None:
        self.spec = spec
        self.modules = Modules(home, chassis, spec.modules, GENERAL_LEDS + spec.leds, "picmg fru")
        self._levels: dict[int, int] = {}
        self._links = list(spec.links)
        self._amc = list(spec.amc_links)
        self._clocks: dict[int, Clock | None] = dict.fromkeys(spec.clocks)
        self._held: set[int] = set()

    # ---- power

    def level(self, fru: int) -> int:
        """The level of power of a FRU; 0 = it is off."""
        self.modules.check(fru)
        return self._levels.get(fru, len(self.spec.levels)) if self.modules.active(fru) else 0

    def desired(self, fru: int) -> int:
        """The level that a FRU would like to have."""
        self.modules.check(fru)
        return len(self.spec.levels)

    def set_level(self, fru: int, level: int, *, copy_desired: bool, channel: int) -> None:
        """Give a FRU a level of power; level 0 takes it away.

        Raises:
            CompletionError: CCh, there is no such FRU or level; D5h, the FRU is locked.
        """
        self.modules.check(fru)
        if copy_desired:
            self._levels[fru] = self.desired(fru)
        if level == UNCHANGED:
            return
        if level > len(self.spec.levels):
            raise CompletionError(Cc.INVALID_DATA)
        if level:
            self._levels[fru] = level
        if bool(level) != self.modules.active(fru):
            self.modules.activate(fru, int(bool(level)), channel)

    # ---- links

    def links(self, interface: LinkInterface, channel: int) -> tuple[Link, ...]:
        """The links of a channel.

        Raises:
            CompletionError: CCh, there is no such channel.
        """
        found = tuple(one for one in self._links if (one.interface, one.channel) == (interface, channel))
        if not found:
            raise CompletionError(Cc.INVALID_DATA)
        return found[:LINKS_PER_CHANNEL]

    def set_link(self, link: Link) -> None:
        """Enable or disable a link that there is.

        Raises:
            CompletionError: CCh, there is none like it.
        """
        if link.state in _STATES:
            for place, one in enumerate(self._links):
                if _same_link(one, link):
                    self._links[place] = link
                    return
        raise CompletionError(Cc.INVALID_DATA)

    def amc_links(self, channel: int, device: int | None) -> tuple[AmcLink, ...]:
        """The links of an AMC channel; only device 0 of the carrier has any.

        Raises:
            CompletionError: CCh, there is no such channel.
        """
        found = tuple(link for number, link in self._amc if number == channel and not device)
        if not found:
            raise CompletionError(Cc.INVALID_DATA)
        return found[:LINKS_PER_CHANNEL]

    def set_amc_link(self, channel: int, link: AmcLink, device: int | None) -> None:
        """Enable or disable a link that there is.

        Raises:
            CompletionError: CCh, there is none like it.
        """
        if link.state in _STATES and not device:
            for place, (number, one) in enumerate(self._amc):
                if number == channel and (one.lanes, one.kind, one.extension) == (
                    link.lanes, link.kind, link.extension,
                ):  # fmt: skip
                    self._amc[place] = (channel, link)
                    return
        raise CompletionError(Cc.INVALID_DATA)

    # ---- clocks and bused resources

    def clock(self, number: int) -> Clock | None:
        """How a clock is set up; None = it is disabled.

        Raises:
            CompletionError: CCh, there is no such clock.
        """
        if number not in self._clocks:
            raise CompletionError(Cc.INVALID_DATA)
        return self._clocks[number]

    def set_clock(self, number: int, clock: Clock | None) -> None:
        """Set a clock up, or disable it.

        Raises:
            CompletionError: CCh, there is no such clock.
        """
        self.clock(number)
        self._clocks[number] = clock

    def bused(self, action: BusedAction, resource: BusedResource) -> int:
        """Ask for, or dispose of, a resource that boards share.

        Returns: the board's answer: 0 done or in control, 1 no control or not needed.

        Raises:
            CompletionError: CCh, there is no such action or resource.
        """
        if not (action.known and resource.known):
            raise CompletionError(Cc.INVALID_DATA)
        held = resource in self._held
        if action == BusedAction.BUS_FREE:
            # The shelf offers it: taken, unless the board has it already.
            self._held.add(resource)
            return _NO_CONTROL if held else _DONE
        if action != BusedAction.QUERY:
            self._held.discard(resource)
        return _DONE if held else _NO_CONTROL


def _same_link(one: Link, other: Link) -> bool:
    def face(link: Link) -> tuple[int, ...]:
        return (link.interface, link.channel, link.ports, link.kind, link.extension)

    return face(one) == face(other)
