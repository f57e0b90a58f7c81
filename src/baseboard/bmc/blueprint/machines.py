"""The machine behind a BMC, where it is not the simulated one: what it takes to find it and to switch it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from baseboard.bmc.blueprint.hardware import HardwareSpec
from baseboard.bmc.blueprint.libvirt import LibvirtSpec
from baseboard.bmc.blueprint.process import ProcessSpec
from baseboard.bmc.blueprint.qemu import QemuSpec


@dataclass(frozen=True, slots=True)
class VmSpec:
    """A virtual machine that somebody else starts, and that connects by the VM protocol (OpenIPMI's).

    Attributes:
        listen: where it connects to: ``unix:PATH`` or ``tcp:ADDRESS:PORT``.
    """

    listen: str


Machine: TypeAlias = VmSpec | ProcessSpec | HardwareSpec | LibvirtSpec | QemuSpec
"""Each kind of machine has a specification of its own."""
