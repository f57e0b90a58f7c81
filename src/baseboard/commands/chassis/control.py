"""Power, reset, identify light and front panel of the managed system (§28)."""

from __future__ import annotations

from enum import IntFlag

from baseboard import codes
from baseboard.codes import NetFn, Privilege, RestartCause
from baseboard.commands.chassis.status import FrontPanelButtons as FrontPanelButtons
from baseboard.commands.chassis.status import GetChassisStatus as GetChassisStatus
from baseboard.commands.chassis.status import GetChassisStatusResponse as GetChassisStatusResponse
from baseboard.commands.chassis.status import IdentifyState as IdentifyState
from baseboard.commands.chassis.status import PowerRestorePolicy as PowerRestorePolicy
from baseboard.commands.declaration import Request, Response, command
from baseboard.wire import at


class PolicySupport(IntFlag):
    """Which power restore policies the chassis knows (Table 28-8, response byte 2)."""

    STAY_OFF = 0x01
    PREVIOUS = 0x02
    ALWAYS_ON = 0x04


class GetChassisCapabilitiesResponse(Response):
    """What the chassis has, and where its devices are (Table 28-2)."""

    provides_power_interlock: bool = at("2[3]")
    provides_diagnostic_interrupt: bool = at("2[2]", "front panel NMI")
    provides_front_panel_lockout: bool = at("2[1]")
    provides_intrusion_sensor: bool = at("2[0]")
    fru_device_address: int = at("3", "8-bit slave address; 00h = unspecified")
    sdr_device_address: int = at("4")
    sel_device_address: int = at("5")
    system_management_device_address: int = at("6")
    bridge_device_address: int | None = at("7", "20h where the byte is missing", default=None)


@command(NetFn.CHASSIS, 0x00, section="28.1", privilege=Privilege.USER)
class GetChassisCapabilities(Request[GetChassisCapabilitiesResponse]):
    """Ask what the chassis has, and which controllers are its FRU, SDR, SEL and bridge devices."""


class ChassisControlResponse(Response):
    """The action was begun; it may end later (Table 28-4)."""


@command(NetFn.CHASSIS, 0x02, section="28.3", privilege=Privilege.OPERATOR)
class ChassisControl(Request[ChassisControlResponse]):
    """Switch, cycle or reset the system's power (Table 28-4)."""

    control: codes.ChassisControl = at("1[3:0]")


class ChassisResetResponse(Response):
    """The reset was begun."""


@command(NetFn.CHASSIS, 0x03, section="28.4", privilege=Privilege.OPERATOR)
class ChassisReset(Request[ChassisResetResponse]):
    """Reset the chassis, as IPMI v1.0 did; Chassis Control replaces it."""


class ChassisIdentifyResponse(Response):
    """The light was switched."""


@command(NetFn.CHASSIS, 0x04, section="28.5", privilege=Privilege.OPERATOR)
class ChassisIdentify(Request[ChassisIdentifyResponse]):
    """Let the chassis show which one it is (Table 28-6); without data for 15 seconds."""

    interval: int | None = at("1", "seconds; 00h = off; missing: 15", default=None)
    force_on: bool | None = at("2[0]", "on until told otherwise, whatever the interval", default=None)


class SetChassisCapabilitiesResponse(Response):
    """Stored; what is fixed stays as it is."""


@command(NetFn.CHASSIS, 0x05, section="28.7", privilege=Privilege.ADMINISTRATOR)
class SetChassisCapabilities(Request[SetChassisCapabilitiesResponse]):
    """Say what the chassis has, and where its devices are (Table 28-8 of v2.0)."""

    provides_power_interlock: bool = at("1[3]", default=False)
    provides_diagnostic_interrupt: bool = at("1[2]", default=False)
    provides_front_panel_lockout: bool = at("1[1]", default=False)
    provides_intrusion_sensor: bool = at("1[0]", default=False)
    fru_device_address: int = at("2", "8-bit slave address; 00h = unspecified", default=0)
    sdr_device_address: int = at("3", default=0)
    sel_device_address: int = at("4", default=0)
    system_management_device_address: int = at("5", default=0)
    bridge_device_address: int | None = at("6", default=None)


class SetPowerRestorePolicyResponse(Response):
    """Which policies there are."""

    support: PolicySupport | None = at("2", "left out by some controllers", default=None)


@command(NetFn.CHASSIS, 0x06, section="28.8", privilege=Privilege.OPERATOR)
class SetPowerRestorePolicy(Request[SetPowerRestorePolicyResponse]):
    """Say what happens when mains power returns."""

    policy: PowerRestorePolicy = at("1[2:0]")


class GetSystemRestartCauseResponse(Response):
    """Why the system last started."""

    restart_cause: RestartCause = at("2[3:0]")
    channel: int = at("3", "that the command came in on which restarted the system")


@command(NetFn.CHASSIS, 0x07, section="28.11", privilege=Privilege.USER)
class GetSystemRestartCause(Request[GetSystemRestartCauseResponse]):
    """Ask why the system last started."""


class SetFrontPanelButtonEnablesResponse(Response):
    """The buttons are set."""


@command(NetFn.CHASSIS, 0x0A, section="28.6", privilege=Privilege.ADMINISTRATOR)
class SetFrontPanelButtonEnables(Request[SetFrontPanelButtonEnablesResponse]):
    """Disable front panel buttons, or enable them again."""

    disable_standby: bool = at("1[3]", "for entering standby", default=False)
    disable_diagnostic_interrupt: bool = at("1[2]", default=False)
    disable_reset: bool = at("1[1]", default=False)
    disable_power_off: bool = at("1[0]", "for power off only", default=False)


class SetPowerCycleIntervalResponse(Response):
    """The interval is stored."""


@command(NetFn.CHASSIS, 0x0B, section="28.9", privilege=Privilege.ADMINISTRATOR)
class SetPowerCycleInterval(Request[SetPowerCycleIntervalResponse]):
    """Say how long power stays off during a power cycle."""

    interval: int = at("1", "seconds; 00h = no longer than the hardware needs")


class GetPohCounterResponse(Response):
    """How long the system has been powered, over its life."""

    minutes_per_count: int = at("2")
    counter: int = at("3:6", "counts; never rounded up, never reset")


@command(NetFn.CHASSIS, 0x0F, section="28.14", privilege=Privilege.USER)
class GetPohCounter(Request[GetPohCounterResponse]):
    """Ask for the power-on hours."""
