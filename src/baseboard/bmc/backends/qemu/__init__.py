"""QEMU as the machine behind a BMC: started and ended with its power, led by QMP, its console is SOL's."""

from __future__ import annotations

from baseboard.bmc.backends.qemu.machine import QemuMachine

__all__ = ["QemuMachine"]
