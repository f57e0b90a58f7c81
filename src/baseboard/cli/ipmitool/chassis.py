"""``chassis``: power, its restore policy, the identify light, the self test and boot options (§28)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.answers import answered
from baseboard.cli.ipmitool.text import number, val2str

if TYPE_CHECKING:
    from baseboard.cli.call import Call
    from baseboard.cli.results.chassis import ChassisStatus

USAGE: Final = """\
Chassis Commands:
  status, power, policy, restart_cause
  poh, identify, selftest,
  bootdev, bootparam, bootmbox"""

_IDENTIFY_USAGE: Final = """\
chassis identify <interval>
                 default is 15 seconds
                 0 to turn off
                 force to turn on indefinitely"""

_POLICY_USAGE: Final = """\
chassis policy <state>
   list        : return supported policies
   always-on   : turn on when power is restored
   previous    : return to previous state when power is restored
   always-off  : stay off after power is restored"""

_POLICIES: Final = {"always-off": 0, "previous": 1, "always-on": 2, "list": 3}
_RESTORE: Final = ("always-off", "previous", "always-on", "unknown")

_CAUSES: Final = {
    0x0: "unknown",
    0x1: "chassis power control command",
    0x2: "reset via pushbutton",
    0x3: "power-up via pushbutton",
    0x4: "watchdog expired",
    0x5: "OEM",
    0x6: "power-up due to always-restore power policy",
    0x7: "power-up due to restore-previous power policy",
    0x8: "reset via PEF",
    0x9: "power-cycle via PEF",
    0xA: "soft reset",
    0xB: "power-up via RTC wakeup",
}
"""Table 28-11 in ipmitool's words."""

_FAULTS: Final = (
    "firmware corrupted",
    "boot block corrupted",
    "FRU Internal Use Area corrupted",
    "SDR Repository empty",
    "IPMB not responding",
    "cannot access BMC FRU",
    "cannot access SDR Repository",
    "cannot access SEL Device",
)

_EVENTS: Final = (
    (0x01, "ac-failed"),
    (0x02, "overload"),
    (0x04, "interlock"),
    (0x08, "fault"),
    (0x10, "command"),
)

_BUTTONS: Final = (("Sleep", 3), ("Diag", 2), ("Reset", 1), ("Power", 0))


async def run(call: Call, words: list[str]) -> int:
    """Do a verb of ``chassis``."""
    if not words or words[0] == "help":
        call.err(USAGE)
        return 1
    verb, rest = words[0], words[1:]
    match verb:
        case "status":
            return await _status(call)
        case "selftest":
            return await _selftest(call)
        case "power":
            from baseboard.cli.ipmitool import power

            return await power.run(call, rest)
        case "identify":
            return await _identify(call, rest)
        case "poh":
            return await _power_on_hours(call)
        case "restart_cause":
            return await _restart_cause(call)
        case "policy":
            return await _policy(call, rest)
        case "bootparam" | "bootdev":
            from baseboard.cli.ipmitool import chassis_boot

            return await (chassis_boot.bootparam if verb == "bootparam" else chassis_boot.bootdev)(call, rest)
        case "bootmbox":
            from baseboard.cli.ipmitool.chassis_mailbox import mailbox

            return await mailbox(call, rest)
        case _:
            call.err(f"Invalid chassis command: {verb}")
            return 1


async def _status(call: Call) -> int:
    from baseboard.cli.results.chassis import ChassisStatus
    from baseboard.commands.chassis.status import GetChassisStatus

    answer = await answered(call, GetChassisStatus(), "Error sending Chassis Status command")
    if answer is None:
        return 1
    power, event, other = answer.data.ljust(3, b"\0")[:3]
    panel = answer.data[3] if len(answer.data) > 3 else None
    found = ChassisStatus(
        power_on=bool(power & 0x01),
        power_overload=bool(power & 0x02),
        power_interlock=bool(power & 0x04),
        main_power_fault=bool(power & 0x08),
        power_control_fault=bool(power & 0x10),
        power_restore_policy=_RESTORE[power >> 5 & 3],
        last_power_event=tuple(name for bit, name in _EVENTS if event & bit),
        chassis_intrusion=bool(other & 0x01),
        front_panel_lockout=bool(other & 0x02),
        drive_fault=bool(other & 0x04),
        cooling_fault=bool(other & 0x08),
        disabled_buttons=_buttons(panel, 0),
        buttons_that_may_be_disabled=_buttons(panel, 4),
    )
    _print_status(call, found, event)
    _print_panel(call, panel)
    call.result(found)
    return 0


def _print_status(call: Call, found: ChassisStatus, event: int) -> None:
    def line(name: str, yes: bool, words: tuple[str, str] = ("true", "false")) -> None:
        call.out(f"{name:<21}: {words[0] if yes else words[1]}")

    active = ("active", "inactive")
    line("System Power", found.power_on, ("on", "off"))
    line("Power Overload", found.power_overload)
    line("Power Interlock", found.power_interlock, active)
    line("Main Power Fault", found.main_power_fault)
    line("Power Control Fault", found.power_control_fault)
    call.out(f"Power Restore Policy : {found.power_restore_policy}")
    # Each of the words but the last has a blank after it.
    events = "".join(name if name == "command" else f"{name} " for bit, name in _EVENTS if event & bit)
    call.out(f"Last Power Event     : {events}")
    line("Chassis Intrusion", found.chassis_intrusion, active)
    line("Front-Panel Lockout", found.front_panel_lockout, active)
    line("Drive Fault", found.drive_fault)
    line("Cooling/Fan Fault", found.cooling_fault)


def _buttons(panel: int | None, shift: int) -> tuple[str, ...]:
    return tuple(name.lower() for name, bit in _BUTTONS if (panel or 0) >> (bit + shift) & 1)


def _print_panel(call: Call, panel: int | None) -> None:
    if panel is None:
        return
    if not panel:
        call.out("Front Panel Control  : none")
        return
    for name, bit in _BUTTONS:
        call.out(f"{name + ' Button Disable':<21}: {'allowed' if panel >> (bit + 4) & 1 else 'not allowed'}")
    for name, bit in _BUTTONS:
        call.out(f"{name + ' Button Disabled':<21}: {'true' if panel >> bit & 1 else 'false'}")


async def _selftest(call: Call) -> int:
    from baseboard.cli.results.mc import SelfTest
    from baseboard.commands.app.device import GetSelfTestResults

    answer = await answered(call, GetSelfTestResults(), "Error sending Get Self Test command")
    if answer is None:
        return 1
    result, detail = answer.data.ljust(2, b"\0")[:2]
    faults = tuple(text for bit, text in enumerate(_FAULTS) if result == 0x57 and detail >> bit & 1)
    match result:
        case 0x55:
            text = "passed"
        case 0x56:
            text = "not implemented"
        case 0x57:
            text = "device error"
        case 0x58:
            text = f"Fatal hardware error: {detail:02x}h"
        case _:
            text = f"Device-specific failure {result:02x}h:{detail:02x}h"
    call.out(f"Self Test Results    : {text}")
    for fault in faults:
        call.out(f"{'':23}[{fault}]")
    call.result(SelfTest(result=result, detail=detail, faults=faults))
    return 0


async def _identify(call: Call, words: list[str]) -> int:
    from baseboard.cli.results.chassis import ChassisIdentify
    from baseboard.commands.chassis import control

    word = words[0] if words else None
    request, shown, seconds = control.ChassisIdentify(), "default (15 seconds)", 15
    if word == "help":
        call.err(_IDENTIFY_USAGE)
        return 1
    if word == "force":
        request, shown, seconds = control.ChassisIdentify(interval=0, force_on=True), "indefinite", -1
    elif word is not None:
        interval = number(word, 0, 0xFF)
        if interval is None:
            any_number = number(word, -(2**63), 2**64 - 1) is not None
            call.err("Given interval is too big." if any_number else "Invalid interval given.")
            return 1
        request, seconds = control.ChassisIdentify(interval=interval), interval
        shown = f"{interval} seconds" if interval else "off"
    failed = ("Unable to set Chassis Identify", "Set Chassis Identify failed")
    if await answered(call, request, *failed) is None:
        if word == "force":
            call.err("Chassis may not support Force Identify On\n")
        return 1
    call.out(f"Chassis identify interval: {shown}")
    call.result(ChassisIdentify(seconds=None if seconds < 0 else seconds))
    return 0


async def _power_on_hours(call: Call) -> int:
    from baseboard.cli.results.chassis import PowerOnHours
    from baseboard.commands.chassis.control import GetPohCounter

    failed = ("Unable to get Chassis Power-On-Hours", "Get Chassis Power-On-Hours failed")
    answer = await answered(call, GetPohCounter(), *failed)
    if answer is None:
        return 1
    data = answer.data.ljust(5, b"\0")
    step, total = data[0], data[0] * int.from_bytes(data[1:5], "little")
    days, rest = divmod(total, 24 * 60)
    hours, minutes = divmod(rest, 60)
    call.out(f"POH Counter  : {days} days, {hours} hours" + (f", {minutes} minutes" if step < 60 else ""))
    call.result(PowerOnHours(minutes=total, minutes_per_count=step))
    return 0


async def _restart_cause(call: Call) -> int:
    from baseboard.cli.results.chassis import RestartCause
    from baseboard.commands.chassis.control import GetSystemRestartCause

    failed = ("Unable to get Chassis Restart Cause", "Get Chassis Restart Cause failed")
    answer = await answered(call, GetSystemRestartCause(), *failed)
    if answer is None:
        return 1
    cause = answer.data[0] & 0x0F if answer.data else 0
    call.out(f"System restart cause: {val2str(cause, _CAUSES)}")
    call.result(RestartCause(cause=val2str(cause, _CAUSES)))
    return 0


async def _policy(call: Call, words: list[str]) -> int:
    from baseboard.cli.results.chassis import PowerPolicy
    from baseboard.commands.chassis.control import SetPowerRestorePolicy

    if not words or words[0] == "help":
        call.err(_POLICY_USAGE)
        return 1
    word = words[0]
    if word not in _POLICIES:
        call.err(f"Invalid chassis policy: {word}")
        return 1
    failed = ("Error in Power Restore Policy command", "Power Restore Policy command failed")
    answer = await answered(call, SetPowerRestorePolicy.decode(bytes((_POLICIES[word],))), *failed)
    if answer is None:
        return 1
    support = answer.data[0] if answer.data else 0
    names = [name for name, bit in (("always-off", 1), ("always-on", 4), ("previous", 2)) if support & bit]
    if word == "list":
        text = "".join(name if name == "previous" else f"{name} " for name in names)
        call.out(f"Supported chassis power policy:  {text}")
    else:
        call.out(f"Set chassis power restore policy to {word}")
    call.result(PowerPolicy(policy=None if word == "list" else word, supported=tuple(names)))
    return 0
