"""The tables about other controllers: satellites on the IPMB, and the ICMB bridge."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from baseboard.bmc.configuration.layout_types import Byte, IdString, Instance, Table, Word

SlaveAddress = Annotated[int, Meta(ge=0x10, le=0xEE, multiple_of=2)]


Capability = Literal["sdr_repository", "sel", "ipmb_event_receiver", "bridge", "chassis"]
"""What a satellite may say that it can do; the rest follows from what it has (Table 20-2, byte 7)."""

Failure = Literal[
    "operational_firmware_corrupt",
    "boot_block_corrupt",
    "internal_use_area_corrupt",
    "sdr_repository_empty",
    "ipmb_lines_dead",
    "bmc_fru_inaccessible",
    "sdr_repository_inaccessible",
    "sel_inaccessible",
]
"""What its self test may find (Table 20-3, byte 3)."""


class SatelliteBase(Table):
    """``[[bmc.satellite]]`` without its sensors and inventories: a controller on the IPMB (§6.13)."""

    address: SlaveAddress
    name: IdString = "satellite"
    behind: SlaveAddress | None = None
    channel: Annotated[int, Meta(ge=0, le=11)] | None = None
    device_id: Byte = 0
    device_revision: Annotated[int, Meta(ge=0, le=15)] = 0
    firmware: Annotated[str, Meta(pattern=r"^([0-9]|[1-9][0-9]|1[01][0-9]|12[0-7])\.[0-9]{2}$")] = "1.00"
    manufacturer_id: Annotated[int, Meta(ge=0, le=0xFFFFF)] = 0
    product_id: Word = 0
    aux_firmware: Annotated[str, Meta(pattern="^[0-9A-Fa-f]{8}$")] | None = None
    capabilities: list[Capability] = []
    self_test: list[Failure] = []
    entity: str | Byte = "system_management_module"
    instance: Instance = 1
    events: bool = True


class Connector(Table):
    """``[[bmc.icmb.connector]]``: a connector of the bridge."""

    name: IdString
    type: Byte = 0


class Icmb(Table):
    """``[bmc.icmb]``: the bridge to other chassis (§8)."""

    line: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")] = "icmb"
    listen: bool = False
    exposed: bool = False
    channel: Annotated[int, Meta(ge=1, le=11)] = 7
    address: Annotated[int, Meta(ge=0, le=0xFFFE)] = 0
    enabled: bool = True
    connector: Annotated[list[Connector], Meta(max_length=16)] = []
