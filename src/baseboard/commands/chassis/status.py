"""The state of power and chassis (§28.2): alone, for it is what is asked most."""

from __future__ import annotations

from enum import IntFlag

from baseboard.codes import NetFn, Privilege
from baseboard.commands.declaration import Request, Response, command
from baseboard.wire import OpenEnum, at


class PowerRestorePolicy(OpenEnum):
    """What the system does when AC or DC mains return (Tables 28-3, 28-8)."""

    STAY_OFF = 0
    PREVIOUS = 1
    ALWAYS_ON = 2
    UNKNOWN = 3
    NO_CHANGE = 3  # the same code in Set Power Restore Policy: only ask what is supported


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
