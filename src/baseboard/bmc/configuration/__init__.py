"""BMCs described in files: TOML in, blueprints and endpoints out; mistakes have file, line and key."""

from __future__ import annotations

from baseboard.bmc.configuration.building import Configuration, Described, load
from baseboard.bmc.configuration.endpoints import Spread, endpoints

__all__ = ["Configuration", "Described", "Spread", "endpoints", "load"]
