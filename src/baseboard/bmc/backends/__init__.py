"""What can stand behind a BMC's ports."""

from __future__ import annotations
