"""What a file may say of other BMCs on a BMC's IPMB whose records it has."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from baseboard.bmc.configuration.layout_types import IdString, Name, Table


class Neighbor(Table):
    """``[[bmc.neighbor]]``: BMCs on the same IPMB whose records stand in this one's repository too (§33)."""

    bmcs: Annotated[list[Name], Meta(min_length=1, max_length=64)]
    prefix: Annotated[str, Meta(max_length=12, pattern=r"^[^\x00-\x1f]*$")] = ""
    sensors: Annotated[list[IdString], Meta(max_length=255)] | None = None
