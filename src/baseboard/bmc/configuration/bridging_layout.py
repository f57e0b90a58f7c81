"""The tables about other controllers: satellites on the IPMB, and the ICMB bridge."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from baseboard.bmc.configuration.layout_types import Byte, IdString, Name, Table, Word

SlaveAddress = Annotated[int, Meta(ge=0x10, le=0xEE, multiple_of=2)]


class SatelliteBase(Table):
    """``[[bmc.satellite]]`` without its sensors: a controller on the IPMB (§6.13)."""

    address: SlaveAddress
    name: IdString = "satellite"
    behind: SlaveAddress | None = None
    channel: Annotated[int, Meta(ge=0, le=11)] | None = None
    device_id: Byte = 0
    device_revision: Annotated[int, Meta(ge=0, le=15)] = 0
    firmware: Annotated[str, Meta(pattern=r"^([0-9]|[1-9][0-9]|1[01][0-9]|12[0-7])\.[0-9]{2}$")] = "1.00"
    manufacturer_id: Annotated[int, Meta(ge=0, le=0xFFFFF)] = 0
    product_id: Word = 0
    events: bool = True


class Connector(Table):
    """``[[bmc.icmb.connector]]``: a connector of the bridge."""

    name: IdString
    type: Byte = 0


class Icmb(Table):
    """``[bmc.icmb]``: the bridge to other chassis (§8)."""

    line: Name = "icmb"
    channel: Annotated[int, Meta(ge=1, le=11)] = 7
    address: Annotated[int, Meta(ge=0, le=0xFFFE)] = 0
    enabled: bool = True
    connector: Annotated[list[Connector], Meta(max_length=16)] = []
