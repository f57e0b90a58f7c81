"""``ipmitool picmg led``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.picmg import answered, changed
from baseboard.cli.ipmitool.picmg_usage import LED_SET
from baseboard.cli.ipmitool.picmg_words import color, color_list, function, given
from baseboard.cli.ipmitool.text import byte
from baseboard.cli.ipmitool.word_values import fru_id
from baseboard.cli.results.picmg import LedColors, LedCount, LedNow
from baseboard.commands.groups.picmg import (
    GetFruLedProperties,
    GetFruLedState,
    GetLedColorCapabilities,
    LedColor,
    LedFunction,
    SetFruLedState,
)

if TYPE_CHECKING:
    from baseboard.cli.call import Call

_RESERVED: Final = (0xFD, 0xFE)
_LONGEST_TEST: Final = 127
_COLORS: Final = (*range(1, 7), 0xE, 0xF)
_RANGES: Final = "LED Color must be from ranges: <1..6>, <0xE..0xF>"


async def run(call: Call, words: list[str]) -> bool | None:
    """Run ``led`` and its words; None: nothing was asked."""
    match words:
        case ["prop", fru, *_]:
            return await _properties(call, fru)
        case ["prop"]:
            call.err("led prop <FRU-ID>")
        case ["cap", fru, led, *_]:
            return await _colors(call, fru, led)
        case ["cap", *_]:
            call.err("led cap <FRU-ID> <LED-ID>")
        case ["get", fru, led, *_]:
            return await _state(call, fru, led)
        case ["get", *_]:
            call.err("led get <FRU-ID> <LED-ID>")
        case ["set", _, _, _, _, _, *_]:
            return await _set(call, words[1:])
        case ["set", *_]:
            call.err(LED_SET)
        case [_, *_]:
            call.err("prop | cap | get | set")
        case _:
            pass
    return None


def _led(call: Call, fru_word: str, led_word: str) -> tuple[int, int] | None:
    fru = fru_id(call, fru_word)
    led = None if fru is None else given(call, "LED ID", led_word)
    return None if fru is None or led is None else (fru, led)


async def _properties(call: Call, word: str) -> bool:
    fru = fru_id(call, word)
    if fru is None:
        return False
    answer = await answered(call, GetFruLedProperties(fru_id=fru), "LED get properties")
    if answer is None:
        return False
    general, count = answer.data.ljust(2, b"\0")[:2]
    call.out(f"General Status LED Properties:  0x{general:2x}")
    call.out(f"App. Specific  LED Count:       0x{count:2x}")
    call.result(LedCount(fru_id=fru, general=general, count=count))
    return True


async def _colors(call: Call, fru_word: str, led_word: str) -> bool:
    place = _led(call, fru_word, led_word)
    if place is None:
        return False
    request = GetLedColorCapabilities(fru_id=place[0], led=place[1])
    answer = await answered(call, request, "LED get capabilities")
    if answer is None:
        return False
    mask, local, override = answer.data.ljust(3, b"\0")[:3]
    call.out(f"LED Color Capabilities: {color_list(mask)}")
    call.out("Default LED Color in")
    call.out(f"      LOCAL control:  {color(local)}")
    call.out(f"      OVERRIDE state: {color(override)}")
    call.result(
        LedColors(
            fru_id=place[0],
            led=place[1],
            colors=[color(n) for n in range(8) if mask >> n & 1],
            local_default=color(local),
            override_default=color(override),
        )
    )
    return True


async def _state(call: Call, fru_word: str, led_word: str) -> bool:
    place = _led(call, fru_word, led_word)
    if place is None:
        return False
    answer = await answered(call, GetFruLedState(fru_id=place[0], led=place[1]), "LED get state")
    if answer is None:
        return False
    data = answer.data.ljust(8, b"\0")
    states, told = data[0], bool(data[0] & 2)
    call.result(
        LedNow(
            fru_id=place[0],
            led=place[1],
            local_function=data[1],
            local_color=color(data[3]),
            override_function=data[4] if told else None,
            override_color=color(data[6]) if told else None,
            lamp_test=bool(states & 4),
        )
    )
    call.out(f"LED states:\t\t\t\t\t\t  {states:x}\t", end="")
    if not states & 1:
        call.out("[NO LOCAL CONTROL]")
        return True
    call.out(f"[LOCAL CONTROL{'|OVERRIDE' if told else ''}{'|LAMPTEST' if states & 4 else ''}]")
    call.out(f"  Local Control function:     {data[1]:x}  {function(data[1])}")
    call.out(f"  Local Control On-Duration:  {data[2]:x}")
    call.out(f"  Local Control Color:        {data[3]:x}  [{color(data[3])}]")
    if told:
        # ipmitool puts the name of the local function behind the number of the other.
        call.out(f"  Override function:     {data[4]:x}  {function(data[1])}")
        call.out(f"  Override On-Duration:  {data[5]:x}")
        call.out(f"  Override Color:        {data[6]:x}  [{color(data[6])}]")
    if states & 4:
        call.out(f"  Lamp test duration:    {data[7]:x}")
    return True


async def _set(call: Call, words: list[str]) -> bool:
    place = _led(call, words[0], words[1])
    if place is None:
        return False
    action = byte(words[2])
    if action is None or action in _RESERVED:
        call.err(f"Given LED Function '{words[2]}' is invalid.")
        return False
    shade = _color(call, words[4])
    if shade is None:
        return False
    duration = byte(words[3])
    if duration is None or (action == LedFunction.LAMP_TEST and duration > _LONGEST_TEST):
        call.err(f"Given LED Duration '{words[3]}' is invalid")
        return False
    if duration and (action == LedFunction.OFF or action > LedFunction.LAMP_TEST):
        call.err(f"Setting LED Duration '{words[3]}' to '0'")
        duration = 0
    request = SetFruLedState(
        fru_id=place[0],
        led=place[1],
        function=LedFunction(action),
        on_duration=duration,
        color=LedColor(shade),
    )
    return await changed(call, request, "LED set state", "led set", place[0])


def _color(call: Call, word: str) -> int | None:
    shade = byte(word)
    if shade is not None and shade in _COLORS:
        return shade
    problem = "is invalid" if shade is None else "is out of range"
    call.err(f"Given LED Color '{word}' {problem}.")
    call.err(_RANGES)
    return None
