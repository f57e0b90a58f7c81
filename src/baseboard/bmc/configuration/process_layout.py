"""What a file may say about a machine that is switched by commands.

This module needs msgspec and is imported when a file is read, not before.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from baseboard.bmc.configuration.layout_types import Table
from baseboard.bmc.configuration.source_layout import Argv, Interval, Text


class Process(Table):
    """``[bmc.host.process]``: the commands that switch the machine, and that tell its state."""

    on: Argv
    off: Argv
    status: Argv
    reset: Argv | None = None
    nmi: Argv | None = None
    shutdown: Argv | None = None
    identify_on: Argv | None = None
    identify_off: Argv | None = None
    boot_device: Argv | None = None
    interval_s: Interval = 10.0
    timeout_s: Annotated[float, Meta(ge=0.1, le=600)] = 30.0
    off_s: Annotated[float, Meta(ge=0, le=600)] = 5.0
    folder: Text | None = None
