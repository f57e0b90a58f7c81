"""A computer whose front panel is wired to the board that the BMC runs on."""

from __future__ import annotations

from baseboard.bmc.backends.hardware.machine import WiredMachine

__all__ = ["WiredMachine"]
