"""Verbs of ``dcmi`` that ipmitool has not: all capabilities, and the power limit in one go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from baseboard.cli.failures import DONE
from baseboard.cli.long_options import UsageError
from baseboard.cli.results.controller import DcmiCapabilities, PowerLimitNow
from baseboard.cli.typed_numbers import number
from baseboard.commands.groups.dcmi_limits import ExceptionAction
from baseboard.commands.parameters.dcmi import (
    ManageabilityAccess,
    MandatoryAttributes,
    OptionalAttributes,
    PowerStatistics,
    RollingPeriod,
    SupportedCapabilities,
)

if TYPE_CHECKING:
    from baseboard.cli.call import Call
    from baseboard.client.dcmi import PowerLimit

_NONE: Final = 0xFF
_UNITS: Final = ("s", "min", "h", "days")
_ACTIONS: Final = {
    "none": ExceptionAction.NONE,
    "log": ExceptionAction.LOG_ONLY,
    "off": ExceptionAction.POWER_OFF,
}
_MOST_WATTS, _MOST_MS, _MOST_S = 0xFFFF, 0xFFFFFFFF, 0xFFFF


async def capabilities(call: Call, words: list[str]) -> int:
    """``dcmi capabilities``: every parameter (DCMI 1.5, 6.1.1)."""
    if words:
        raise UsageError("dcmi capabilities takes nothing behind it")
    found = {type(one): one for one in await (await call.bmc()).dcmi.capabilities()}
    told = _shape(found)
    call.result(told)
    power = "managed" if told.power_management else "not managed"
    call.out(f"Power                : {power}")
    call.out(f"In-band access       : {'yes' if told.in_band else 'no'}")
    if told.sel_entries is not None:
        call.out(f"SEL                  : {told.sel_entries} entries, rolls over: {_yes(told.sel_rollover)}")
    if told.sampling_seconds is not None:
        call.out(f"Temperature sampling : every {told.sampling_seconds} s")
    if told.power_controller is not None:
        call.out(f"Power controller     : {told.power_controller:#04x}")
    for name, channel in (
        ("Primary LAN", told.primary_lan),
        ("Secondary LAN", told.secondary_lan),
        ("Serial", told.serial),
    ):
        call.out(f"{name:<21}: {'none' if channel is None else f'channel {channel}'}")
    call.out(f"Rolling averages     : {', '.join(told.periods) or 'none'}")
    return DONE


def _yes(claim: bool | None) -> str:
    return "yes" if claim else "no"


def _shape(found: dict[type, Any]) -> DcmiCapabilities:
    supported: SupportedCapabilities | None = found.get(SupportedCapabilities)
    mandatory: MandatoryAttributes | None = found.get(MandatoryAttributes)
    optional: OptionalAttributes | None = found.get(OptionalAttributes)
    access: ManageabilityAccess | None = found.get(ManageabilityAccess)
    statistics: PowerStatistics | None = found.get(PowerStatistics)
    return DcmiCapabilities(
        power_management=supported is not None and supported.power_management,
        in_band=supported is not None and supported.system_interface,
        sel_entries=None if mandatory is None else mandatory.sel_entries,
        sel_rollover=None if mandatory is None else mandatory.auto_rollover,
        sampling_seconds=None if mandatory is None else mandatory.sampling_period,
        power_controller=None if optional is None else optional.slave_address << 1,
        primary_lan=None if access is None else _channel(access.primary_lan),
        secondary_lan=None if access is None else _channel(access.secondary_lan),
        serial=None if access is None else _channel(access.serial),
        periods=[] if statistics is None else [_period(one) for one in statistics.periods],
    )


def _channel(number: int) -> int | None:
    return None if number == _NONE else number


def _period(one: RollingPeriod) -> str:
    return f"{one.duration} {_UNITS[one.unit]}"


async def power_limit(call: Call, words: list[str]) -> int:
    """``dcmi power limit [WATTS] [action=...] [correction=MS] [sample=S] [on|off]`` (DCMI 1.5, 6.6)."""
    changes: dict[str, Any] = {}
    for word in words:
        name, _, value = word.partition("=")
        match name:
            case "on" | "off" if not value:
                changes["activate"] = name == "on"
            case "action" if value in _ACTIONS:
                changes["action"] = _ACTIONS[value]
            case "correction":
                changes["correction_ms"] = number(value, "a number of milliseconds", _MOST_MS)
            case "sample":
                changes["period_s"] = number(value, "a number of seconds", _MOST_S)
            case _:
                changes["watts"] = number(
                    word,
                    f"watts, action={'|'.join(_ACTIONS)}, correction=MS, sample=S, on or off",
                    _MOST_WATTS,
                )
    dcmi = (await call.bmc()).dcmi
    now = await dcmi.set_power_limit(**changes) if changes else await dcmi.power_limit()
    _told(call, now)
    return DONE


def _told(call: Call, now: PowerLimit) -> None:
    words = {int(action): word for word, action in _ACTIONS.items()}
    action = words.get(int(now.action), f"{int(now.action):#x}")
    call.result(
        PowerLimitNow(
            active=now.active,
            watts=now.watts,
            action=action,
            correction_ms=now.correction_ms,
            statistics_seconds=now.period_s,
        )
    )
    call.out(f"Power limit : {now.watts} W, {'active' if now.active else 'not active'}")
    call.out(f"Action      : {action} after {now.correction_ms} ms above it")
    call.out(f"Statistics  : over {now.period_s} s")
