"""VITA 46.11: FRUs of a VPX chassis, their activation, LEDs and address.

Bytes are counted as its tables count them: byte 1 of a request and byte 2 of a response are 03h, the defining
body, which belongs to no message here. The classes carry ``Vita`` in front where PICMG has a command of
the name.
"""

from __future__ import annotations

from typing import Final, TypeVar

from baseboard.codes import NetFn, Privilege
from baseboard.commands.declaration import Request, Response, command
from baseboard.commands.groups.picmg import FruControlOption, LedColor, LedFunction
from baseboard.wire import OpenEnum, at

VITA: Final = 0x03
"""The defining body (Table 5-1)."""

_LEVELS: Final = "lowest privilege: no readable source has VITA's table"


class VitaResponse(Response):
    """What follows completion code and defining body."""

    _base = 3


R_co = TypeVar("R_co", bound=VitaResponse, covariant=True)


class VitaRequest(Request[R_co]):
    """A command of VITA 46.11, from the byte after the defining body."""

    _base = 2


class VitaSiteType(OpenEnum):
    """What a place in the chassis is for."""

    VPX_MODULE = 0x00
    POWER_ENTRY = 0x01
    CHASSIS_FRU = 0x02
    DEDICATED_CHMC = 0x03
    FAN_TRAY = 0x04
    FAN_TRAY_FILTER = 0x05
    ALARM_PANEL = 0x06
    XMC = 0x07
    VPX_RTM = 0x09
    VME_MODULE = 0x0A
    VXS_MODULE = 0x0B
    POWER_SUPPLY = 0x0C
    VITA_62_MODULE = 0x0D
    VITA_71_MODULE = 0x0E
    FMC = 0x0F


class GetVsoCapabilitiesResponse(VitaResponse):
    """What the controller is in VITA's terms."""

    tier: int = at("3[1:0]", "less 1", default=0)
    layer: int = at("3[5:4]", "less 1", default=0)
    frequency: int = at("4[5:4]", "of the IPMB: 0 = 100 kHz, 1 = 400 kHz", default=0)
    interfaces: int = at("4[1:0]", "IPMB interfaces, less 1", default=0)
    standard: int = at("5[1:0]", "0 = VITA 46.11", default=0)
    major: int = at("6[3:0]", "of the specification")
    minor: int = at("6[7:4]")
    max_fru_id: int = at("7", "highest FRU device ID")
    fru_id: int = at("8", "the controller's own", default=0)


@command(
    NetFn.GROUP_EXTENSION, 0x00, group=VITA, section="VITA 46.11 Get VSO Capabilities",
    privilege=Privilege.USER,
    name="Get VSO Capabilities", unverified=_LEVELS,
)  # fmt: skip
class GetVsoCapabilities(VitaRequest[GetVsoCapabilitiesResponse]):
    """Ask what a controller is in VITA's terms."""

    _last = 1


class VitaFruControlResponse(VitaResponse):
    """The payload was told."""


@command(
    NetFn.GROUP_EXTENSION, 0x04, group=VITA, section="VITA 46.11 FRU Control", privilege=Privilege.OPERATOR,
    name="FRU Control", unverified=_LEVELS,
)  # fmt: skip
class VitaFruControl(VitaRequest[VitaFruControlResponse]):
    """Reset, reboot or interrupt a FRU's payload."""

    fru_id: int = at("2")
    option: FruControlOption = at("3")


class VitaGetFruLedPropertiesResponse(VitaResponse):
    """Which LEDs a FRU has."""

    general: int = at("3", "reserved in VITA 46.11", default=0)
    count: int = at("4")


@command(
    NetFn.GROUP_EXTENSION, 0x05, group=VITA, section="VITA 46.11 Get FRU LED Properties",
    privilege=Privilege.USER, name="Get FRU LED Properties", unverified=_LEVELS,
)  # fmt: skip
class VitaGetFruLedProperties(VitaRequest[VitaGetFruLedPropertiesResponse]):
    """Ask which LEDs a FRU has."""

    fru_id: int = at("2")


class VitaGetLedColorCapabilitiesResponse(VitaResponse):
    """Colors of a LED."""

    colors: int = at("3", "bit n: color n")
    local_default: LedColor = at("4[3:0]")
    override_default: LedColor = at("5[3:0]")
    restricted: bool | None = at("6[1]", "hardware restricts it", group="flags", default=None)
    payload_power: bool | None = at("6[0]", "it is fed by the payload", group="flags", default=None)


@command(
    NetFn.GROUP_EXTENSION, 0x06, group=VITA, section="VITA 46.11 Get LED Color Capabilities",
    privilege=Privilege.USER, name="Get LED Color Capabilities", unverified=_LEVELS,
)  # fmt: skip
class VitaGetLedColorCapabilities(VitaRequest[VitaGetLedColorCapabilitiesResponse]):
    """Ask which colors a LED has."""

    fru_id: int = at("2")
    led: int = at("3")


class VitaSetFruLedStateResponse(VitaResponse):
    """The LED does so."""


@command(
    NetFn.GROUP_EXTENSION, 0x07, group=VITA, section="VITA 46.11 Set FRU LED State",
    privilege=Privilege.OPERATOR, name="Set FRU LED State", unverified=_LEVELS,
)  # fmt: skip
class VitaSetFruLedState(VitaRequest[VitaSetFruLedStateResponse]):
    """Override what a LED does, test it, or give it back to local control."""

    fru_id: int = at("2")
    led: int = at("3", "FFh = all")
    function: LedFunction = at("4")
    on_duration: int = at("5", "tens of milliseconds; of a lamp test, hundreds", default=0)
    color: LedColor = at("6[3:0]", default=LedColor.DEFAULT)


class VitaGetFruLedStateResponse(VitaResponse):
    """What a LED does, and why."""

    local_control: bool = at("3[0]")
    overridden: bool = at("3[1]", default=False)
    lamp_test: bool = at("3[2]", default=False)
    restricted: bool = at("3[3]", "hardware restricts it", default=False)
    local_function: LedFunction = at("4")
    local_on_duration: int = at("5")
    local_color: LedColor = at("6[3:0]")
    override_function: LedFunction | None = at("7", group="override", default=None)
    override_on_duration: int | None = at("8", group="override", default=None)
    override_color: LedColor | None = at("9[3:0]", group="override", default=None)
    lamp_test_duration: int | None = at("10[6:0]", "hundreds of milliseconds", default=None)


@command(
    NetFn.GROUP_EXTENSION, 0x08, group=VITA, section="VITA 46.11 Get FRU LED State", privilege=Privilege.USER,
    name="Get FRU LED State", unverified=_LEVELS,
)  # fmt: skip
class VitaGetFruLedState(VitaRequest[VitaGetFruLedStateResponse]):
    """Ask what a LED does."""

    fru_id: int = at("2")
    led: int = at("3")


class SetFruStatePolicyBitsResponse(VitaResponse):
    """The bits are set."""


@command(
    NetFn.GROUP_EXTENSION, 0x0A, group=VITA, section="VITA 46.11 Set FRU State Policy Bits",
    privilege=Privilege.OPERATOR, name="Set FRU State Policy Bits", unverified=_LEVELS,
)  # fmt: skip
class SetFruStatePolicyBits(VitaRequest[SetFruStatePolicyBitsResponse]):
    """Say what a FRU may do by itself: those bits that the mask has."""

    fru_id: int = at("2")
    mask: int = at("3[3:0]", "bits as those below")
    bits: int = at(
        "4[3:0]", "0 activation locked, 1 deactivation locked, 2 deactivation ignored, 3 locked by default"
    )


class GetFruStatePolicyBitsResponse(VitaResponse):
    """What a FRU may do by itself."""

    bits: int = at("3[3:0]")


@command(
    NetFn.GROUP_EXTENSION, 0x0B, group=VITA, section="VITA 46.11 Get FRU State Policy Bits",
    privilege=Privilege.USER, name="Get FRU State Policy Bits", unverified=_LEVELS,
)  # fmt: skip
class GetFruStatePolicyBits(VitaRequest[GetFruStatePolicyBitsResponse]):
    """Ask what a FRU may do by itself."""

    fru_id: int = at("2")


class VitaSetFruActivationResponse(VitaResponse):
    """The FRU goes over to that state."""


@command(
    NetFn.GROUP_EXTENSION, 0x0C, group=VITA, section="VITA 46.11 Set FRU Activation",
    privilege=Privilege.OPERATOR, name="Set FRU Activation", unverified=_LEVELS,
)  # fmt: skip
class VitaSetFruActivation(VitaRequest[VitaSetFruActivationResponse]):
    """Activate or deactivate a FRU."""

    fru_id: int = at("2")
    activate: int = at("3", "00h = deactivate, 01h = activate")


class GetFruAddressInfoResponse(VitaResponse):
    """Where a FRU is, and at which addresses it is reached."""

    hardware_address: int = at("3")
    ipmb_address: int = at("4")
    fru_id: int = at("6")
    site_number: int = at("7")
    site_type: VitaSiteType = at("8")
    channel_7_address: int | None = at("10", "at the controller's LAN or other bus", default=None)


@command(
    NetFn.GROUP_EXTENSION, 0x40, group=VITA, section="VITA 46.11 Get FRU Address Info",
    privilege=Privilege.USER,
    name="Get FRU Address Info", unverified=_LEVELS,
)  # fmt: skip
class GetFruAddressInfo(VitaRequest[GetFruAddressInfoResponse]):
    """Ask where a FRU is; ipmitool leaves the FRU out where it looks for the controller's own address."""

    fru_id: int | None = at("2", default=None)
