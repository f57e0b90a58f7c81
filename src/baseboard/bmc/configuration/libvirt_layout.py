"""What a file may say about a virtual machine of libvirt.

This module needs msgspec and is imported when a file is read, not before.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from baseboard.bmc.configuration.layout_types import Table
from baseboard.bmc.configuration.source_layout import Text


class Libvirt(Table):
    """``[bmc.host.libvirt]``: which domain, and of which libvirt."""

    domain: Annotated[str, Meta(min_length=1, max_length=256, pattern=r"^[^\x00\n/]+$")]
    uri: Text = "qemu:///system"
    console: Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[^\x00\s]+$")] | None = None
    timeout_s: Annotated[float, Meta(ge=0.5, le=600)] = 30.0
