"""Verbs of ``chassis`` that ipmitool has not: capabilities, reset, buttons, interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from baseboard.cli.failures import DONE
from baseboard.cli.long_options import UsageError
from baseboard.cli.results.controller import Buttons, ChassisCapabilities, ChassisResetDone, CycleInterval
from baseboard.cli.typed_numbers import number

if TYPE_CHECKING:
    from baseboard.cli.call import Call
    from baseboard.commands.chassis.control import GetChassisCapabilitiesResponse

_BUTTONS: Final = ("power", "reset", "diag", "standby")
"""By the bits of Get Chassis Status byte 5: that one is disabled, and four higher that it may be."""

_FLAGS: Final = {
    "interlock": "provides_power_interlock",
    "diag": "provides_diagnostic_interrupt",
    "lockout": "provides_front_panel_lockout",
    "intrusion": "provides_intrusion_sensor",
}
_DEVICES: Final = {
    "fru": "fru_device_address",
    "sdr": "sdr_device_address",
    "sel": "sel_device_address",
    "sm": "system_management_device_address",
    "bridge": "bridge_device_address",
}


async def capabilities(call: Call, words: list[str]) -> int:
    """``chassis capabilities``: what the chassis has (§28.1)."""
    if words:
        raise UsageError("chassis capabilities takes nothing, or set NAME=VALUE ...")
    return await _told(call)


async def set_capabilities(call: Call, words: list[str]) -> int:
    """``chassis capabilities set NAME=VALUE ...``: tell other software of it (§28.7)."""
    from baseboard.commands.chassis.control import GetChassisCapabilities, SetChassisCapabilities

    changes = dict(_change(word) for word in words)
    if not changes:
        raise UsageError(f"chassis capabilities set takes NAME=VALUE of {', '.join((*_FLAGS, *_DEVICES))}")
    bmc = await call.bmc()
    now = await bmc.execute(GetChassisCapabilities())
    names = (*_FLAGS.values(), *_DEVICES.values())
    wanted: dict[str, Any] = {name: changes.get(name, getattr(now, name)) for name in names}
    await bmc.execute(SetChassisCapabilities(**wanted))
    return await _told(call)


def _change(word: str) -> tuple[str, int]:
    name, _, value = word.partition("=")
    if name in _FLAGS and value in ("yes", "no"):
        return _FLAGS[name], value == "yes"
    if name in _DEVICES and value:
        return _DEVICES[name], number(value, "a slave address", 0xFE)
    raise UsageError(f"{word!r}: {', '.join(_FLAGS)} take =yes or =no; {', '.join(_DEVICES)} a slave address")


async def _told(call: Call) -> int:
    from baseboard.commands.chassis.control import GetChassisCapabilities

    found = await (await call.bmc()).execute(GetChassisCapabilities())
    call.result(_shape(found))
    for word, name in _FLAGS.items():
        call.out(f"{word:<10}: {'yes' if getattr(found, name) else 'no'}")
    for word, name in _DEVICES.items():
        address = getattr(found, name)
        call.out(f"{word:<10}: {'not told' if address is None else f'{address:#04x}'}")
    return DONE


def _shape(found: GetChassisCapabilitiesResponse) -> ChassisCapabilities:
    return ChassisCapabilities(
        power_interlock=found.provides_power_interlock,
        diagnostic_interrupt=found.provides_diagnostic_interrupt,
        front_panel_lockout=found.provides_front_panel_lockout,
        intrusion_sensor=found.provides_intrusion_sensor,
        fru=found.fru_device_address,
        sdr=found.sdr_device_address,
        sel=found.sel_device_address,
        system_management=found.system_management_device_address,
        bridge=found.bridge_device_address,
    )


async def reset(call: Call, words: list[str]) -> int:
    """``chassis reset``: the obsolete command, which early controllers have alone (§28.4)."""
    from baseboard.commands.chassis.control import ChassisReset

    if words:
        raise UsageError("chassis reset takes nothing behind it")
    await (await call.bmc()).execute(ChassisReset(), retry=False)
    call.result(ChassisResetDone(reset=True))
    call.out("Chassis Reset: done")
    return DONE


async def buttons(call: Call, words: list[str]) -> int:
    """``chassis buttons [enable|disable BUTTON ...]``: the front panel (§28.6)."""
    from baseboard.commands.chassis.control import SetFrontPanelButtonEnables

    wrong = not words[1:] or set(words[1:]) - set(_BUTTONS) or words[0] not in ("enable", "disable")
    if words and wrong:
        raise UsageError(f"chassis buttons takes enable or disable, and of {', '.join(_BUTTONS)}")
    bmc = await call.bmc()
    panel = (await bmc.chassis.status()).front_panel
    bits = 0 if panel is None else int(panel)
    if words:
        disabled = {name: bool(bits >> bit & 1) for bit, name in enumerate(_BUTTONS)}
        disabled.update(dict.fromkeys(words[1:], words[0] == "disable"))
        await bmc.execute(
            SetFrontPanelButtonEnables(
                disable_power_off=disabled["power"],
                disable_reset=disabled["reset"],
                disable_diagnostic_interrupt=disabled["diag"],
                disable_standby=disabled["standby"],
            )
        )
        panel = (await bmc.chassis.status()).front_panel
        bits = 0 if panel is None else int(panel)
    for bit, name in enumerate(_BUTTONS):
        may, off = bool(bits >> bit + 4 & 1), bool(bits >> bit & 1)
        call.result(Buttons(button=name, may_be_disabled=may, disabled=off))
        call.out(f"{name:<8}: {'disabled' if off else 'enabled'}{'' if may else ', always'}")
    return DONE


async def interval(call: Call, words: list[str]) -> int:
    """``chassis interval SECONDS``: how long a power cycle is off (§28.9)."""
    from baseboard.commands.chassis.control import SetPowerCycleInterval

    if len(words) != 1:
        raise UsageError("chassis interval takes seconds")
    seconds = number(words[0], "a number of seconds", 0xFF)
    await (await call.bmc()).execute(SetPowerCycleInterval(interval=seconds))
    call.result(CycleInterval(seconds=seconds))
    call.out(f"A power cycle is off for {seconds} seconds")
    return DONE
