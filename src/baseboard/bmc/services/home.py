"""What every service of one BMC stands on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from baseboard.bmc.blueprint import Blueprint
from baseboard.bmc.clock import Clock
from baseboard.bmc.ports import Backend
from baseboard.bmc.store import Journal


@dataclass(slots=True)
class Home:
    """The surroundings of a service; handed to each as its first argument.

    Attributes:
        blueprint: what the BMC was shipped as.
        journal: where changes are kept.
        clock: time.
        backend: the managed system.
        random: unpredictable bytes, from the operating system outside tests.
    """

    blueprint: Blueprint
    journal: Journal
    clock: Clock
    backend: Backend
    random: Callable[[int], bytes]

    @property
    def address(self) -> int:
        """The BMC's own slave address; on the LAN it is 20h whatever it is here."""
        return self.blueprint.ipmb.address
