"""The controller of a module in a VPX chassis (VITA 46.11)."""

from __future__ import annotations

from baseboard.bmc.blueprint.picmg import VitaSpec
from baseboard.bmc.services.chassis import Chassis
from baseboard.bmc.services.home import Home
from baseboard.bmc.services.modules import Modules


class Vita:
    """What a module has in its chassis.

    Attributes:
        spec: as shipped.
        modules: its FRUs.
    """

    __slots__ = ("modules", "spec")

    def __init__(self, home: Home, spec: VitaSpec, chassis: Chassis) -> None:
        self.spec = spec
        self.modules = Modules(home, chassis, spec.modules, spec.leds, "vita fru")
