"""What a file may say of firmware upgrades, and of the shelf or chassis that a BMC is in."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, field

from baseboard.bmc.configuration.layout_types import Byte, Table

Version = Annotated[str, Meta(pattern=r"^([0-9]|[1-9][0-9]|1[01][0-9]|12[0-7])\.[0-9]{2}$")]
Extension = Annotated[str, Meta(pattern=r"^[0-9]\.[0-9]$")]
Timeout = Annotated[int, Meta(ge=5, le=1275)]
Moment = Annotated[float, Meta(ge=0, le=600)]
Nibble = Annotated[int, Meta(ge=0, le=15)]


class HpmComponent(Table):
    """``[[bmc.hpm.component]]``: something with firmware of its own (HPM.1)."""

    number: Annotated[int, Meta(ge=0, le=7)]
    name: Annotated[str, Meta(min_length=1, max_length=11, pattern=r"^[\x20-\x7e]*$")]
    version: Version | None = None
    rollback: bool = True
    preparation: bool = True
    comparison: bool = True
    deferred: bool = True
    payload_reset: bool = False
    size: Annotated[int, Meta(ge=1024, le=1 << 20)] = 1 << 20


class Hpm(Table):
    """``[bmc.hpm]``: firmware upgrades (HPM.1)."""

    enabled: bool | None = None
    component: Annotated[list[HpmComponent], Meta(max_length=8)] = []
    step_s: Moment | None = None
    activation_s: Moment | None = None
    automatic_rollback: bool | None = None
    manual_rollback: bool | None = None
    services_affected: bool | None = None
    undesirable: bool | None = None
    upgrade_timeout_s: Timeout | None = None
    self_test_timeout_s: Timeout | None = None
    rollback_timeout_s: Timeout | None = None
    inaccessibility_timeout_s: Timeout | None = None


class PicmgLink(Table):
    """``[[bmc.picmg.link]]``: a link of the backplane."""

    interface: str
    channel: Annotated[int, Meta(ge=0, le=63)]
    ports: Annotated[int, Meta(ge=1, le=15)] = 1
    type: Byte = 1
    extension: Nibble = 0
    group: Byte = 0


class PicmgAmcLink(Table):
    """``[[bmc.picmg.amc]]``: a link of an AMC channel."""

    channel: Byte
    lanes: Annotated[int, Meta(ge=1, le=15)] = 1
    type: Byte = 2
    extension: Nibble = 0
    group: Byte = 0


class Picmg(Table):
    """``[bmc.picmg]``: a board in a shelf (PICMG 3.0, AMC.0)."""

    version: Extension = "2.3"
    hardware_address: Byte = 0x41
    ipmb_address: Byte = 0x20
    site: Byte = 1
    site_type: str | Byte = "atca_board"
    modules: Annotated[int, Meta(ge=0, le=32)] = 0
    leds: Annotated[int, Meta(ge=0, le=16)] = 0
    levels: Annotated[list[Byte], Meta(min_length=1, max_length=20)] = field(
        default_factory=lambda: [20, 120, 200]
    )
    link: Annotated[list[PicmgLink], Meta(max_length=64)] = []
    amc: Annotated[list[PicmgAmcLink], Meta(max_length=64)] = []
    clocks: Annotated[list[Nibble], Meta(max_length=16)] = []


class Vita(Table):
    """``[bmc.vita]``: a module in a VPX chassis (VITA 46.11)."""

    version: Extension = "1.0"
    tier: Annotated[int, Meta(ge=1, le=4)] = 1
    layer: Annotated[int, Meta(ge=1, le=4)] = 1
    hardware_address: Byte = 0x41
    ipmb_address: Byte = 0x20
    site: Byte = 1
    site_type: str | Byte = "vpx_module"
    modules: Annotated[int, Meta(ge=0, le=32)] = 0
    leds: Annotated[int, Meta(ge=1, le=16)] = 4
