"""A machine that is switched by commands of the user's."""

from __future__ import annotations

from baseboard.bmc.backends.process.machine import CommandedMachine

__all__ = ["CommandedMachine"]
