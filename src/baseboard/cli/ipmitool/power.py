"""``power`` and ``chassis power``: the host's power (§28.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.answers import answered

if TYPE_CHECKING:
    from baseboard.cli.call import Call

USAGE: Final = "chassis power Commands: status, on, off, cycle, reset, diag, soft"

_CONTROLS: Final = {
    "up": 1,
    "on": 1,
    "down": 0,
    "off": 0,
    "cycle": 2,
    "reset": 3,
    "diag": 4,
    "acpi": 5,
    "soft": 5,
}
_NAMES: Final = ("Down/Off", "Up/On", "Cycle", "Reset", "Diag", "Soft")


async def run(call: Call, words: list[str]) -> int:
    """Do a verb of ``power``."""
    if not words or words[0] == "help":
        call.err(USAGE)
        return 0
    if words[0] == "status":
        return await _status(call)
    if words[0] not in _CONTROLS:
        call.err(f"Invalid chassis power command: {words[0]}")
        return 1
    return await _control(call, _CONTROLS[words[0]])


async def _status(call: Call) -> int:
    from baseboard.cli.results.power import PowerStatus
    from baseboard.commands.chassis.status import GetChassisStatus

    answer = await answered(
        call, GetChassisStatus(), "Unable to get Chassis Power Status", "Get Chassis Power Status failed"
    )
    if answer is None:
        return 1
    on = bool(answer.data[:1] and answer.data[0] & 1)
    call.out(f"Chassis Power is {'on' if on else 'off'}")
    call.result(PowerStatus(power_on=on))
    return 0


async def _control(call: Call, control: int) -> int:
    from baseboard.cli.ipmitool.text import completion
    from baseboard.cli.results.power import PowerControl
    from baseboard.commands.chassis.control import ChassisControl
    from baseboard.errors import NoResponse

    name, bmc = _NAMES[control], await call.bmc()
    try:
        command = ChassisControl.command
        answer = await bmc.exchange(command.netfn, command.cmd, bytes((control,)))
    except NoResponse:
        call.err(f"Unable to set Chassis Power Control to {name}")
        return 1
    if answer[0]:
        call.err(f"Set Chassis Power Control to {name} failed: {completion(answer[0])}")
        return 1
    call.out(f"Chassis Power Control: {name}")
    call.result(PowerControl(control=name))
    return 0
