"""What a file may say about a virtual machine that connects to its BMC."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from baseboard.bmc.configuration.layout_types import Table


class Vm(Table):
    """``[bmc.host.vm]``: where a virtual machine connects by the VM protocol (OpenIPMI's)."""

    listen: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
    exposed: bool = False
