"""Power, reset, identify light and front panel of the managed system (§28)."""

from __future__ import annotations

from enum import IntFlag

from baseboard import codes
from baseboard.codes import NetFn, Privilege, RestartCause
from baseboard.commands.declaration import Request, Response, command
from baseboard.wire import OpenEnum, at


class PowerRestorePolicy(OpenEnum):
    """What the system does when AC or DC mains return (Tables 28-3, 28-8)."""

    STAY_OFF = 0
    PREVIOUS = 1
    ALWAYS_ON = 2
    UNKNOWN = 3
    NO_CHANGE = 3  # the same code in Set Power Restore Policy: only ask what is supported


class PolicySupport(IntFlag):
    """Which power restore policies the chassis knows (Table 28-8, response byte 2)."""

    STAY_OFF = 0x01
    PREVIOUS = 0x02
    ALWAYS_ON = 0x04


class IdentifyState(OpenEnum):
    """Whether the identify light is on (Table 28-3, byte 4)."""

    OFF = 0
    TEMPORARY_ON = 1
    INDEFINITE_ON = 2


class FrontPanelButtons(IntFlag):
    """Which buttons are disabled, and which may be (Table 28-3, byte 5)."""

    POWER_OFF_DISABLED = 0x01
    RESET_DISABLED = 0x02
    DIAGNOSTIC_INTERRUPT_DISABLED = 0x04
    STANDBY_DISABLED = 0x08
    POWER_OFF_DISABLE_ALLOWED = 0x10
    RESET_DISABLE_ALLOWED = 0x20
    DIAGNOSTIC_INTERRUPT_DISABLE_ALLOWED = 0x40
    STANDBY_DISABLE_ALLOWED = 0x80


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


class GetChassisStatusResponse(Response):
    """Power, its last event, and what else is wrong with the chassis (Table 28-3)."""

    power_restore_policy: PowerRestorePolicy = at("2[6:5]")
    power_control_fault: bool = at("2[4]", "power could not be switched as asked")
    power_fault: bool = at("2[3]", "main power subsystem")
    interlock: bool = at("2[2]", "chassis is off because a panel interlock switch is active")
    power_overload: bool = at("2[1]", "system shut down because of it")
    power_on: bool = at("2[0]", "0 = off, that is S4/G2, S5 or mechanical off")
    last_on_by_command: bool = at("3[4]", "power was last switched on by an IPMI command")
    last_off_by_fault: bool = at("3[3]", "power was last lost by a power fault")
    last_off_by_interlock: bool = at("3[2]")
    last_off_by_overload: bool = at("3[1]")
    ac_failed: bool = at("3[0]")
    identify_supported: bool = at("4[6]", "v2.0: the identify state is told")
    identify_state: IdentifyState = at("4[5:4]")
    cooling_fault: bool = at("4[3]", "cooling or fan fault detected")
    drive_fault: bool = at("4[2]")
    front_panel_lockout_active: bool = at("4[1]", "power off and reset buttons disabled")
    chassis_intrusion_active: bool = at("4[0]")
    front_panel: FrontPanelButtons | None = at("5", "missing: no such panel", default=None)


@command(NetFn.CHASSIS, 0x01, section="28.2", privilege=Privilege.USER)
class GetChassisStatus(Request[GetChassisStatusResponse]):
    """Ask for the state of power and chassis."""


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
