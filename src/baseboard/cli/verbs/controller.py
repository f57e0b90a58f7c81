"""Verbs of controller, chassis, channel and DCMI that ipmitool has not."""

from __future__ import annotations

from typing import Final

from baseboard.cli.verbs.verb import Verb

CONTROLLER: Final[tuple[Verb, ...]] = (
    Verb("mc deviceguid", "", "the controller's own GUID; mc guid is the system's", sends=("GetDeviceGuid",)),
    Verb("mc acpi", "", "ACPI states that software told", sends=("GetAcpiPowerState",)),
    Verb(
        "mc acpi set", "SYSTEM|- [DEVICE]", "tell ACPI states, such as s3 and d1",
        sends=("SetAcpiPowerState", "GetAcpiPowerState"),
    ),
    Verb(
        "mc interface", "", "how messages cross the host's system interface", True,
        sends=("GetSystemInterfaceCapabilities", "GetBtInterfaceCapabilities"),
    ),
    Verb(
        "mc manufacturing", "[BYTES ...]", "manufacturing test mode on",
        sends=("ManufacturingTestOn",), loses="write protection, until a cold reset",
    ),
    Verb("chassis capabilities", "", "what the chassis has", sends=("GetChassisCapabilities",)),
    Verb(
        "chassis capabilities set", "NAME=VALUE ...", "tell of them",
        sends=("SetChassisCapabilities", "GetChassisCapabilities"),
    ),
    Verb("chassis reset", "", "reset the system by the old command", sends=("ChassisReset",),
         loses="the host starts anew, and loses what it had not saved"),
    Verb(
        "chassis buttons", "[enable|disable power|reset|diag|standby ...]", "buttons of the panel", True,
        sends=("SetFrontPanelButtonEnables", "GetChassisStatus"),
    ),
    Verb("chassis interval", "SECONDS", "how long a power cycle is off", sends=("SetPowerCycleInterval",)),
    Verb(
        "channel access", "[CHANNEL] [mode=always|disabled|pre-boot|shared] [limit=LEVEL] [stored|present]",
        "how a channel may be used, now and after a restart",
        True, sends=("GetChannelAccess", "SetChannelAccess"),
    ),
    Verb(
        "channel setkg", "hex|plain KEY [CHANNEL]", "the key for two-key logins",
        sends=("SetChannelSecurityKeys",), loses="the logins that know the key there is now",
    ),
    Verb("channel lockkg", "[CHANNEL]", "lock that key", sends=("SetChannelSecurityKeys",),
         loses="the way to change that key, for good"),
    Verb(
        "user authcode", "ID ALGORITHM HEX", "what the controller makes of data and a user's password",
        sends=("GetAuthCode",),
    ),
    Verb("dcmi capabilities", "", "every capability parameter, the power statistics' periods too",
         sends=("GetDcmiCapabilitiesInfo",)),
    Verb(
        "dcmi power limit", "[WATTS] [action=none|log|off] [correction=MS] [sample=S] [on|off]",
        "the power limit, in one go",
        sends=("GetPowerLimit", "SetPowerLimit", "ActivateDeactivatePowerLimit"),
    ),
)  # fmt: skip
