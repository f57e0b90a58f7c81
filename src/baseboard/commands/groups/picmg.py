"""PICMG 3.0 (AdvancedTCA) and AMC.0: FRUs of a shelf, their activation, LEDs, power, and address.

Bytes are counted as PICMG's tables count them: byte 1 of a request and byte 2 of a response are 00h, the
defining body, which belongs to no message here. Links, clocks and bused resources are in :mod:`.picmg_links`,
firmware upgrades in :mod:`.hpm`.
"""

from __future__ import annotations

from typing import Final, TypeVar

from baseboard.codes import NetFn, Privilege
from baseboard.commands.declaration import Request, Response, command
from baseboard.wire import OpenEnum, at

PICMG: Final = 0x00
"""The defining body (Table 5-1)."""

LEVELS: Final = "lowest privilege: no readable source has PICMG's table"


class PicmgResponse(Response):
    """What follows completion code and defining body."""

    _base = 3


R_co = TypeVar("R_co", bound=PicmgResponse, covariant=True)


class PicmgRequest(Request[R_co]):
    """A command of PICMG, from the byte after the defining body."""

    _base = 2


class SiteType(OpenEnum):
    """What a place in the shelf is for; C0h-CFh are the maker's."""

    ATCA_BOARD = 0x00
    POWER_ENTRY = 0x01
    SHELF_FRU = 0x02
    DEDICATED_SHMC = 0x03
    FAN_TRAY = 0x04
    FAN_FILTER_TRAY = 0x05
    ALARM = 0x06
    AMC = 0x07
    PMC = 0x08
    RTM = 0x09


class FruControlOption(OpenEnum):
    """What FRU Control does to a FRU's payload."""

    COLD_RESET = 0
    WARM_RESET = 1
    GRACEFUL_REBOOT = 2
    DIAGNOSTIC_INTERRUPT = 3
    QUIESCE = 4


class LedColor(OpenEnum):
    """Color of a LED; a set of them is a mask with bit n for color n."""

    BLUE = 1
    RED = 2
    GREEN = 3
    AMBER = 4
    ORANGE = 5
    WHITE = 6
    UNCHANGED = 0xE
    DEFAULT = 0xF


class LedFunction(OpenEnum):
    """What a LED does; 01h-FAh are the off-time of blinking, in units of 10 ms."""

    OFF = 0x00
    LAMP_TEST = 0xFB
    LOCAL_CONTROL = 0xFC
    ON = 0xFF


class PowerType(OpenEnum):
    """Which levels of power are asked for."""

    STEADY = 0
    DESIRED_STEADY = 1
    EARLY = 2
    DESIRED_EARLY = 3


class GetPicmgPropertiesResponse(PicmgResponse):
    """Which PICMG extension the controller speaks, and its FRUs."""

    major: int = at("3[3:0]", "2 = PICMG 3.0, 4 = AMC.0, 5 = MTCA.0")
    minor: int = at("3[7:4]")
    max_fru_id: int = at("4", "highest FRU device ID besides the controller's own")
    fru_id: int = at("5", "the controller's own", default=0)


@command(
    NetFn.GROUP_EXTENSION, 0x00, group=PICMG, section="PICMG 3.0 Get PICMG Properties",
    privilege=Privilege.USER, name="Get PICMG Properties", unverified=LEVELS,
)  # fmt: skip
class GetPicmgProperties(PicmgRequest[GetPicmgPropertiesResponse]):
    """Ask which PICMG extension a controller speaks."""

    _last = 1


class GetAddressInfoResponse(PicmgResponse):
    """Where a FRU is, and at which addresses it is reached."""

    hardware_address: int = at("3")
    ipmb_address: int = at("4")
    ipmb_1_address: int = at("5", "FFh = reserved", default=0xFF)
    fru_id: int | None = at("6", group="site", default=None)
    site_number: int | None = at("7", group="site", default=None)
    site_type: SiteType | None = at("8", group="site", default=None)
    carrier_number: int | None = at("9", "MicroTCA only", default=None)


@command(
    NetFn.GROUP_EXTENSION, 0x01, group=PICMG, section="PICMG 3.0 Get Address Info", privilege=Privilege.USER,
    unverified=LEVELS,
)  # fmt: skip
class GetAddressInfo(PicmgRequest[GetAddressInfoResponse]):
    """Ask where a FRU is; ipmitool leaves the FRU out where it looks for the controller's own address."""

    fru_id: int | None = at("2", default=None)
    key_type: int | None = at(
        "3", "what the key is: 00h hardware, 01h IPMB-0, 03h physical address", default=None
    )
    key: int | None = at("4", default=None)
    key_site_type: SiteType | None = at("5", "with a physical address", default=None)


class FruControlResponse(PicmgResponse):
    """The payload was told."""


@command(
    NetFn.GROUP_EXTENSION, 0x04, group=PICMG, section="PICMG 3.0 FRU Control", privilege=Privilege.OPERATOR,
    name="FRU Control", unverified=LEVELS,
)  # fmt: skip
class FruControl(PicmgRequest[FruControlResponse]):
    """Reset, reboot or interrupt a FRU's payload."""

    fru_id: int = at("2")
    option: FruControlOption = at("3")


class GetFruLedPropertiesResponse(PicmgResponse):
    """Which LEDs a FRU has."""

    general: int = at("3[3:0]", "bit 0 BLUE LED, bits 1-3 LED 1-3")
    application: int = at("4", "application-specific LEDs, from LED ID 4 on")


@command(
    NetFn.GROUP_EXTENSION, 0x05, group=PICMG, section="PICMG 3.0 Get FRU LED Properties",
    privilege=Privilege.USER, name="Get FRU LED Properties", unverified=LEVELS,
)  # fmt: skip
class GetFruLedProperties(PicmgRequest[GetFruLedPropertiesResponse]):
    """Ask which LEDs a FRU has."""

    fru_id: int = at("2")


class GetLedColorCapabilitiesResponse(PicmgResponse):
    """Colors of a LED."""

    colors: int = at("3", "bit n: color n")
    local_default: LedColor = at("4[3:0]")
    override_default: LedColor = at("5[3:0]")


@command(
    NetFn.GROUP_EXTENSION, 0x06, group=PICMG, section="PICMG 3.0 Get LED Color Capabilities",
    privilege=Privilege.USER, name="Get LED Color Capabilities", unverified=LEVELS,
)  # fmt: skip
class GetLedColorCapabilities(PicmgRequest[GetLedColorCapabilitiesResponse]):
    """Ask which colors a LED has."""

    fru_id: int = at("2")
    led: int = at("3")


class SetFruLedStateResponse(PicmgResponse):
    """The LED does so."""


@command(
    NetFn.GROUP_EXTENSION, 0x07, group=PICMG, section="PICMG 3.0 Set FRU LED State",
    privilege=Privilege.OPERATOR, name="Set FRU LED State", unverified=LEVELS,
)  # fmt: skip
class SetFruLedState(PicmgRequest[SetFruLedStateResponse]):
    """Override what a LED does, test it, or give it back to local control."""

    fru_id: int = at("2")
    led: int = at("3", "FFh = all")
    function: LedFunction = at("4")
    on_duration: int = at("5", "tens of milliseconds; of a lamp test, hundreds", default=0)
    color: LedColor = at("6[3:0]", default=LedColor.DEFAULT)


class GetFruLedStateResponse(PicmgResponse):
    """What a LED does, and why."""

    local_control: bool = at("3[0]")
    overridden: bool = at("3[1]", default=False)
    lamp_test: bool = at("3[2]", default=False)
    local_function: LedFunction = at("4")
    local_on_duration: int = at("5")
    local_color: LedColor = at("6[3:0]")
    override_function: LedFunction | None = at("7", group="override", default=None)
    override_on_duration: int | None = at("8", group="override", default=None)
    override_color: LedColor | None = at("9[3:0]", group="override", default=None)
    lamp_test_duration: int | None = at("10[6:0]", "hundreds of milliseconds", default=None)


@command(
    NetFn.GROUP_EXTENSION, 0x08, group=PICMG, section="PICMG 3.0 Get FRU LED State", privilege=Privilege.USER,
    name="Get FRU LED State", unverified=LEVELS,
)  # fmt: skip
class GetFruLedState(PicmgRequest[GetFruLedStateResponse]):
    """Ask what a LED does."""

    fru_id: int = at("2")
    led: int = at("3")


class SetFruActivationPolicyResponse(PicmgResponse):
    """The locks are set."""


@command(
    NetFn.GROUP_EXTENSION, 0x0A, group=PICMG, section="PICMG 3.0 Set FRU Activation Policy",
    privilege=Privilege.OPERATOR, name="Set FRU Activation Policy", unverified=LEVELS,
)  # fmt: skip
class SetFruActivationPolicy(PicmgRequest[SetFruActivationPolicyResponse]):
    """Lock a FRU against being activated or deactivated."""

    fru_id: int = at("2")
    change_activation_locked: bool = at("3[0]", default=False)
    change_deactivation_locked: bool = at("3[1]", default=False)
    activation_locked: bool = at("4[0]", default=False)
    deactivation_locked: bool = at("4[1]", default=False)


class GetFruActivationPolicyResponse(PicmgResponse):
    """The locks of a FRU."""

    activation_locked: bool = at("3[0]")
    deactivation_locked: bool = at("3[1]")


@command(
    NetFn.GROUP_EXTENSION, 0x0B, group=PICMG, section="PICMG 3.0 Get FRU Activation Policy",
    privilege=Privilege.USER, name="Get FRU Activation Policy", unverified=LEVELS,
)  # fmt: skip
class GetFruActivationPolicy(PicmgRequest[GetFruActivationPolicyResponse]):
    """Ask for the locks of a FRU."""

    fru_id: int = at("2")


class SetFruActivationResponse(PicmgResponse):
    """The FRU goes over to that state."""


@command(
    NetFn.GROUP_EXTENSION, 0x0C, group=PICMG, section="PICMG 3.0 Set FRU Activation",
    privilege=Privilege.OPERATOR, name="Set FRU Activation", unverified=LEVELS,
)  # fmt: skip
class SetFruActivation(PicmgRequest[SetFruActivationResponse]):
    """Activate or deactivate a FRU."""

    fru_id: int = at("2")
    activate: int = at("3", "00h = deactivate, 01h = activate")


class SetPowerLevelResponse(PicmgResponse):
    """The level is set."""


@command(
    NetFn.GROUP_EXTENSION, 0x11, group=PICMG, section="PICMG 3.0 Set Power Level",
    privilege=Privilege.OPERATOR,
    unverified=LEVELS,
)  # fmt: skip
class SetPowerLevel(PicmgRequest[SetPowerLevelResponse]):
    """Set the level of power that a FRU may draw."""

    fru_id: int = at("2")
    level: int = at("3", "00h = off, 01h-14h, FFh = do not change")
    copy_desired: int = at("4", "01h = the desired levels become the present ones", default=0)


class GetPowerLevelResponse(PicmgResponse):
    """The level of power of a FRU, and what each level draws."""

    dynamic: bool = at("3[7]", "the levels can change", default=False)
    level: int = at("3[4:0]")
    delay: int = at("4", "until the power is stable, tenths of a second")
    multiplier: int = at("5", "of the draws, tenths of a watt")
    draws: bytes = at("6:", "of level 1, 2 and so on")


@command(
    NetFn.GROUP_EXTENSION, 0x12, group=PICMG, section="PICMG 3.0 Get Power Level", privilege=Privilege.USER,
    unverified=LEVELS,
)  # fmt: skip
class GetPowerLevel(PicmgRequest[GetPowerLevelResponse]):
    """Ask for the level of power of a FRU, and what the levels draw."""

    fru_id: int = at("2")
    kind: PowerType = at("3")
