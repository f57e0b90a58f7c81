"""The verbs of firmware upgrades, and of shelves and chassis."""

from __future__ import annotations

from typing import Final

from baseboard.cli.long_options import FORCE, LongOption
from baseboard.cli.verbs.verb import Verb

IMAGE: Final = (
    FORCE,
    LongOption("device", "ID", "device ID of the controllers that it is for (0x20)"),
    LongOption("manufacturer", "ID", "their manufacturer ID (0)"),
    LongOption("product", "ID", "their product ID (0x0101, the lab's rack)"),
    LongOption("content", "FILE", "what is in the firmware, besides what the simulation wants there"),
    LongOption("fails", "", "the firmware fails its self test"),
)
"""Options of `firmware build`."""

_LOOKS: Final = ("GetDeviceId", "GetTargetUpgradeCapabilities", "GetComponentProperties")
_UPLOADS: Final = (
    *_LOOKS, "InitiateUpgradeAction", "UploadFirmwareBlock", "FinishFirmwareUpload", "GetUpgradeStatus",
)  # fmt: skip
_ACTIVATES: Final = ("ActivateFirmware", "GetUpgradeStatus")
_OVERWRITTEN: Final = "firmware that waited to be activated; with `activate` the controller starts anew"
_STARTS_ANEW: Final = "the sessions of the controller, which starts anew with other firmware"
_SHELF: Final = "GetPicmgProperties"
_OFF: Final = "FRU 0 is the host: it loses its power, and what it had not saved"
_CONTROL: Final = "FRU 0 is the host: it starts anew, and loses what it had not saved"

HPM: Final[tuple[Verb, ...]] = (
    Verb("hpm check", "[FILE]", "versions of the components, beside those of an image", True, sends=_LOOKS),
    Verb(
        "hpm upgrade", "FILE [component N] ... [force] [activate]", "upload firmware, and go over to it",
        True,
        loses=_OVERWRITTEN,
        sends=(*_UPLOADS, "ActivateFirmware", "QuerySelfTestResults", "QueryRollbackStatus"),
    ),
    Verb("hpm compare", "FILE [component N] ...", "whether an image is what runs", True, sends=_UPLOADS),
    Verb(
        "hpm activate", "[norollback]", "go over to what was uploaded", loses=_STARTS_ANEW, sends=_ACTIVATES
    ),
    Verb("hpm targetcap", "", "what the controller can do", sends=("GetTargetUpgradeCapabilities",)),
    Verb("hpm compprop", "ID PROPERTY", "a component's property", sends=("GetComponentProperties",)),
    Verb(
        "hpm abort", "", "give up an upgrade", loses="firmware that waited to be activated",
        sends=("AbortFirmwareUpgrade",),
    ),
    Verb("hpm upgstatus", "", "the last command that takes long", sends=("GetUpgradeStatus",)),
    Verb(
        "hpm rollback", "", "go back to the firmware before", loses=_STARTS_ANEW,
        sends=("InitiateManualRollback", "QueryRollbackStatus"),
    ),
    Verb("hpm rollbackstatus", "", "what was rolled back", sends=("QueryRollbackStatus",)),
    Verb("hpm selftestresult", "", "self test of new firmware", sends=("QuerySelfTestResults",)),
    Verb("picmg properties", "", "version of the PICMG extension", sends=(_SHELF,)),
    Verb("picmg addrinfo", "[FRU]", "where a FRU is", sends=(_SHELF, "GetAddressInfo")),
    Verb(
        "picmg frucontrol", "FRU OPTION", "reset a FRU's payload", loses=_CONTROL,
        sends=(_SHELF, "FruControl"),
    ),
    Verb("picmg activate", "FRU", "activate a FRU", sends=(_SHELF, "SetFruActivation")),
    Verb("picmg deactivate", "FRU", "deactivate a FRU", loses=_OFF, sends=(_SHELF, "SetFruActivation")),
    Verb("picmg policy get", "FRU", "locks of a FRU", sends=(_SHELF, "GetFruActivationPolicy")),
    Verb("picmg policy set", "FRU MASK LOCKS", "change them", sends=(_SHELF, "SetFruActivationPolicy")),
    Verb(
        "picmg portstate get", "INTERFACE CHANNEL", "links of a channel", True,
        sends=(_SHELF, "GetPortState"),
    ),
    Verb(
        "picmg portstate set", "INTERFACE CHANNEL PORT TYPE EXTENSION GROUP 0|1", "enable or disable a link",
        sends=(_SHELF, "SetPortState"),
    ),
    Verb(
        "picmg amcportstate get", "CHANNEL [DEVICE]", "links of an AMC channel", True,
        sends=(_SHELF, "GetAmcPortState"),
    ),
    Verb(
        "picmg amcportstate set", "CHANNEL LANES TYPE EXTENSION GROUP 0|1 [DEVICE]",
        "enable or disable a link",
        sends=(_SHELF, "SetAmcPortState"),
    ),
    Verb("picmg led prop", "FRU", "LEDs of a FRU", sends=(_SHELF, "GetFruLedProperties")),
    Verb("picmg led cap", "FRU LED", "colors of a LED", sends=(_SHELF, "GetLedColorCapabilities")),
    Verb("picmg led get", "FRU LED", "what a LED does", sends=(_SHELF, "GetFruLedState")),
    Verb(
        "picmg led set", "FRU LED FUNCTION TIME COLOR", "tell it what to do",
        sends=(_SHELF, "SetFruLedState"),
    ),
    Verb("picmg power get", "FRU TYPE", "levels of power of a FRU", sends=(_SHELF, "GetPowerLevel")),
    Verb("picmg power set", "FRU LEVEL COPY", "set one", loses=_OFF, sends=(_SHELF, "SetPowerLevel")),
    Verb("picmg clk get", "CLOCK [RESOURCE]", "a clock", sends=(_SHELF, "GetClockState")),
    Verb(
        "picmg clk set", "CLOCK INDEX SETTING FAMILY ACCURACY HZ [RESOURCE]", "set it up",
        sends=(_SHELF, "SetClockState"),
    ),
    Verb("picmg busres summary", "", "bused resources", True, sends=(_SHELF, "BusedResourceControl")),
    Verb("vita properties", "", "what the controller is", sends=("GetVsoCapabilities",)),
    Verb("vita addrinfo", "[FRU]", "where a FRU is", sends=("GetFruAddressInfo",)),
    Verb("vita frucontrol", "FRU OPTION", "reset a FRU's payload", loses=_CONTROL, sends=("VitaFruControl",)),
    Verb("vita activate", "FRU", "activate a FRU", sends=("VitaSetFruActivation",)),
    Verb("vita deactivate", "FRU", "deactivate a FRU", loses=_OFF, sends=("VitaSetFruActivation",)),
    Verb("vita policy get", "FRU", "policy of a FRU", sends=("GetFruStatePolicyBits",)),
    Verb("vita policy set", "FRU MASK BITS", "change it", sends=("SetFruStatePolicyBits",)),
    Verb("vita led prop", "FRU", "LEDs of a FRU", sends=("VitaGetFruLedProperties",)),
    Verb("vita led cap", "FRU LED", "colors of a LED", sends=("VitaGetLedColorCapabilities",)),
    Verb("vita led get", "FRU LED", "what a LED does", sends=("VitaGetFruLedState",)),
    Verb("vita led set", "FRU LED FUNCTION TIME COLOR", "tell it what to do", sends=("VitaSetFruLedState",)),
)  # fmt: skip
"""ipmitool's, in the order in which help tells of them."""
