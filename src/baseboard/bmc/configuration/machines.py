"""Which machine is behind a described BMC: each kind has a table, and a module that checks it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, assert_never

from baseboard.bmc.blueprint.hardware import HardwareSpec
from baseboard.bmc.blueprint.libvirt import LibvirtSpec
from baseboard.bmc.blueprint.machines import VmSpec
from baseboard.bmc.blueprint.process import ProcessSpec
from baseboard.bmc.blueprint.qemu import QemuSpec
from baseboard.bmc.configuration.hardware import behind_hardware, hardware_specs
from baseboard.bmc.configuration.libvirt import behind_libvirt, libvirt_specs
from baseboard.bmc.configuration.process import behind_process, process_specs
from baseboard.bmc.configuration.qemu import behind_qemu, qemu_specs
from baseboard.bmc.configuration.vm import behind_vm, vm_specs

if TYPE_CHECKING:
    from baseboard.bmc.blueprint import Blueprint
    from baseboard.bmc.blueprint.machines import Machine
    from baseboard.bmc.configuration.layout import Host
    from baseboard.bmc.configuration.spots import Spot

KINDS: Final = ("vm", "qemu", "libvirt", "process", "hardware")
"""The backends that have a table of their own, which has their name."""


def machine_specs(said: Host, spot: Spot, count: int) -> Sequence[Machine | None]:
    """What is behind each of so many BMCs; None = the simulated computer.

    Args:
        said: what the file says.
        spot: of ``host``.
        count: BMCs that are made of it.

    Raises:
        ConfigurationError: there is no table for the backend, or one for another; or it is wrong.
    """
    for kind in KINDS:
        if kind != said.backend and getattr(said, kind, None) is not None:
            raise (spot / kind).wrong(f'found a table for "{kind}", and the backend is "{said.backend}"')
    if said.backend == "memory":
        return [None] * count
    if getattr(said, said.backend, None) is None:
        raise (spot / "backend").wrong(f'found "{said.backend}", which needs a table {said.backend}')
    here = spot / said.backend
    match said.backend:
        case "vm":
            assert said.vm is not None
            return vm_specs(said.vm, here, count)
        case "qemu":
            assert said.qemu is not None
            return qemu_specs(said.qemu, here, count)
        case "process":
            assert said.process is not None
            return process_specs(said.process, here, count)
        case "hardware":
            assert said.hardware is not None
            return hardware_specs(said.hardware, here, count)
        case "libvirt":
            assert said.libvirt is not None
            return libvirt_specs(said.libvirt, here, count)
        case _:
            assert_never(said.backend)


def behind(blueprint: Blueprint, machine: Machine | None) -> Blueprint:
    """A BMC with its machine; what else that kind needs is so."""
    match machine:
        case None:
            return blueprint
        case VmSpec():
            return behind_vm(blueprint, machine)
        case QemuSpec():
            return behind_qemu(blueprint, machine)
        case ProcessSpec():
            return behind_process(blueprint, machine)
        case HardwareSpec():
            return behind_hardware(blueprint, machine)
        case LibvirtSpec():
            return behind_libvirt(blueprint, machine)
        case _:
            assert_never(machine)
