"""The simulated server: power, sensors, a host that boots, a serial console, all in memory."""

from __future__ import annotations

from baseboard.bmc.backends.memory.server import SimulatedServer

__all__ = ["SimulatedServer"]
