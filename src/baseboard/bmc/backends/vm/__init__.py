"""A virtual machine that somebody else starts and ends: it connects by the VM protocol."""

from __future__ import annotations

from baseboard.bmc.backends.vm.machine import VirtualMachine

__all__ = ["VirtualMachine"]
