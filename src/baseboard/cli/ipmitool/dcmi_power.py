"""``ipmitool dcmi power``: reading, get_limit, set_limit, activate, deactivate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.dcmi_words import (
    ACTION_NAMES,
    ACTIONS,
    POWER,
    SAMPLES,
    SET_LIMIT,
    name_of,
    number_of,
    question,
    usage,
)
from baseboard.cli.ipmitool.questions import ask
from baseboard.cli.ipmitool.text import timestamp_numeric
from baseboard.cli.ipmitool.word_values import unsigned
from baseboard.cli.results.dcmi import PowerLimit, PowerLimitSwitch, PowerReading
from baseboard.cli.results.times import iso, missing
from baseboard.commands.groups.dcmi_limits import (
    ActivateDeactivatePowerLimit,
    ExceptionAction,
    GetPowerLimit,
    GetPowerLimitResponse,
    GetPowerReading,
    SetPowerLimit,
    StatisticsMode,
)

if TYPE_CHECKING:
    from baseboard.cli.call import Call

READING_SIZE, LIMIT_SIZE = 17, 13
WHOLE: Final = 10
"""Words of a ``power set_limit`` that names everything."""

_USUAL: Final = frozenset({0x00, 0x01, 0x11})


async def power(call: Call, words: list[str]) -> int | None:
    """Run ``dcmi power``; None when no empty line closes its output."""
    if len(words) < 2:
        usage(call, POWER, "power <command>")
        return None
    match number_of(words[1], POWER, 0xFF):
        case 0:
            return await _reading(call, words[2] if len(words) > 2 else None)
        case 1:
            return await _limit(call)
        case 2:
            if len(words) < 4:
                usage(call, SET_LIMIT, "set_limit <parameter> <value>")
                return 1
            setting = _set_whole if len(words) == WHOLE else _set_each
            return await _limit(call) if await setting(call, words[2:]) else 1
        case 3:
            return await _activate(call, on=True)
        case 4:
            return await _activate(call, on=False)
        case _:
            usage(call, POWER, "power <command>")
            return 0


async def _reading(call: Call, sample: str | None) -> int:
    period = 0
    if sample is not None:
        period = number_of(sample, SAMPLES, 0)
        if not period:
            call.err("\nInvalid sample time. Valid times are: ")
            for _, name, text in SAMPLES:
                call.err(f"    {name}    {text}")
            # The bars between them go to standard output.
            call.out(" | " * (len(SAMPLES) - 1))
            return 1
    mode = StatisticsMode.ENHANCED if period else StatisticsMode.SYSTEM
    answer = await question(call, GetPowerReading(mode=mode, period=period))
    if answer is None:
        return 1
    said = answer.decode(size=READING_SIZE)
    call.out()
    for key, watts in (
        ("Instantaneous power reading:", said.current),
        ("Minimum during sampling period:", said.minimum),
        ("Maximum during sampling period:", said.maximum),
        ("Average power reading over sample period:", said.average),
    ):
        call.out(f"    {key:<42}{watts:8d} Watts")
    # The time stamp has no line end of its own in 1.8.19.
    call.out(f"    {'IPMI timestamp:':<42}{timestamp_numeric(said.timestamp, call.options)}", end="")
    told = f"{name_of(said.period & 0xFFFF, SAMPLES)} " if period else f"{said.period // 1000:08d} Seconds."
    call.out(f"    {'Sampling period:':<42}{told}")
    call.out(f"    {'Power reading state is:':<42}{'activated' if said.active else 'deactivated'}\n")
    call.result(
        PowerReading(
            current=said.current,
            minimum=said.minimum,
            maximum=said.maximum,
            average=said.average,
            time=iso(said.timestamp),
            time_missing=missing(said.timestamp),
            period_ms=said.period,
            active=said.active,
        )
    )
    return 0


# ---- the limit


async def _get(call: Call) -> tuple[bool, GetPowerLimitResponse] | None:
    """The limit and whether it is active; None after a complaint."""
    answer = await question(call, GetPowerLimit(), fine=(GetPowerLimit.NOT_ACTIVE,))
    return None if answer is None else (not answer.code, answer.decode(size=LIMIT_SIZE))


async def _limit(call: Call) -> int:
    found = await _get(call)
    if found is None:
        return 1
    active, said = found
    action = ACTION_NAMES.get(said.action, f"Unknown (0x{said.action:x})")
    signed = said.correction_time - (said.correction_time >> 31 << 32)
    call.out(f"\n    Current Limit State: {'Power Limit Active' if active else 'No Active Power Limit'}")
    call.out(f"    Exception actions:   {action}")
    call.out(f"    Power Limit:         {said.limit} Watts")
    call.out(f"    Correction time:     {signed} milliseconds")
    call.out(f"    Sampling period:     {said.period} seconds\n")
    call.result(
        PowerLimit(
            active=active,
            action=action,
            limit=said.limit,
            correction_ms=said.correction_time,
            period=said.period,
        )
    )
    return 0


async def _set_whole(call: Call, words: list[str]) -> bool:
    """Set action, limit, correction and sample at once; the words between them are not looked at."""
    action = ACTIONS.get(words[1].lower())
    limit, correction = unsigned(words[3], 16), unsigned(words[5], 32)
    sample = unsigned(words[7], 16)
    for name, value, word in (
        ("Action", action, words[1]),
        ("Limit", limit, words[3]),
        ("Correction", correction, words[5]),
        ("Sample", sample, words[7]),
    ):
        if value is None:
            call.err(f"Given {name} '{word}' is invalid.")
            return False
    # An OEM's action is taken for none here.
    kept = ExceptionAction(action if action in _USUAL else 0)
    request = SetPowerLimit(
        action=kept, limit=limit or 0, correction_time=correction or 0, period=sample or 0
    )
    return await question(call, request) is not None


async def _set_each(call: Call, words: list[str]) -> bool:
    """Set what is named, one by one; only the last counts for the outcome."""
    done = True
    for name, value in zip(words[::2], words[1::2], strict=False):
        done = await _set_one(call, name, value)
    return done


async def _set_one(call: Call, name: str, value: str) -> bool:
    found = await _get(call)
    if found is None:
        return False
    _, said = found
    settings = {
        "action": int(said.action),
        "limit": said.limit,
        "correction": said.correction_time,
        "sample": said.period,
    }
    if name.lower() not in settings:
        return False
    number = ACTIONS.get(value.lower()) if name.lower() == "action" else unsigned(value, 32)
    if number is None:
        call.err(f"Given {name} '{value}' is invalid.")
        return False
    settings[name.lower()] = number
    request = SetPowerLimit(
        action=ExceptionAction(settings["action"]),
        limit=settings["limit"] & 0xFFFF,
        correction_time=settings["correction"],
        period=settings["sample"] & 0xFFFF,
    )
    return await question(call, request) is not None


async def _activate(call: Call, *, on: bool) -> int:
    answer = await ask(call, ActivateDeactivatePowerLimit(activate=on))
    from baseboard.cli.ipmitool.dcmi_words import useful

    if not useful(call, answer):
        return 1
    call.out(f"\n    Power limit successfully {'activated' if on else 'deactivated'}")
    call.result(PowerLimitSwitch(active=on))
    return 0
