"""What a file may say of a BMC's place on the IPMB."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from baseboard.bmc.configuration.bridging_layout import SlaveAddress
from baseboard.bmc.configuration.layout_types import Table


class Ipmb(Table):
    """``[bmc.ipmb]``: the bus that the BMC is on, and its address there (§6.13, IPMB v1.0)."""

    address: SlaveAddress = 0x20
    bus: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")] | None = None
    listen: bool = False
    exposed: bool = False
    i2c: bool = False
    event_receiver: SlaveAddress | None = None
