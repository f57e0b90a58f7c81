"""The servers that the lab shows: three make-ups, whose unchanging parts all servers of one share."""

from __future__ import annotations

from baseboard.bmc.makeups.lineup import MAKEUPS, Makeup, makeup

__all__ = ["MAKEUPS", "Makeup", "makeup"]
