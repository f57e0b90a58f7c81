"""What a BMC is in a PICMG shelf or a VITA chassis; one without these has none of their commands."""

from __future__ import annotations

from dataclasses import dataclass, field

from baseboard.commands.groups.picmg import SiteType
from baseboard.commands.groups.picmg_links import AmcLink, Link
from baseboard.commands.groups.vita import VitaSiteType

BMC_ADDRESS = 0x20


@dataclass(frozen=True, slots=True)
class PicmgSpec:
    """The controller of a board in a shelf (PICMG 3.0, AMC.0).

    Attributes:
        major: of the PICMG extension: 2 AdvancedTCA, 4 AdvancedMC, 5 MicroTCA.
        minor: of it.
        hardware_address: of its place.
        ipmb_address: at which it is reached.
        site_number: of its place.
        site_type: what the place is for.
        modules: FRUs besides FRU 0, which is the host: FRU 1 and so on.
        leds: application-specific LEDs of each FRU, from LED 4 on.
        levels: what each level of power draws, watts, the first is level 1.
        links: of the backplane, disabled as shipped.
        amc_links: of AMC channels, with the number of the channel.
        clocks: numbers of clocks.
    """

    major: int = 2
    minor: int = 3
    hardware_address: int = 0x41
    ipmb_address: int = BMC_ADDRESS
    site_number: int = 1
    site_type: SiteType = SiteType.ATCA_BOARD
    modules: int = 0
    leds: int = 0
    levels: tuple[int, ...] = (20, 120, 200)
    links: tuple[Link, ...] = ()
    amc_links: tuple[tuple[int, AmcLink], ...] = ()
    clocks: tuple[int, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class VitaSpec:
    """The controller of a module in a VPX chassis (VITA 46.11).

    Attributes:
        major: of the specification.
        minor: of it.
        tier: 1-4.
        layer: 1-4.
        hardware_address: of its place.
        ipmb_address: at which it is reached.
        site_number: of its place.
        site_type: what the place is for.
        modules: FRUs besides FRU 0, which is the host.
        leds: LEDs of each FRU.
    """

    major: int = 1
    minor: int = 0
    tier: int = 1
    layer: int = 1
    hardware_address: int = 0x41
    ipmb_address: int = BMC_ADDRESS
    site_number: int = 1
    site_type: VitaSiteType = VitaSiteType.VPX_MODULE
    modules: int = 0
    leds: int = 4
