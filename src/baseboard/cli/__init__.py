"""What people type: one program with a verb each for the parts of Baseboard."""

from __future__ import annotations

from baseboard.cli.program import main

__all__ = ["main"]
