"""What ``picmg`` and ``vita`` print of the same things: LEDs, FRU control, and words that are numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.text import byte, val2str

if TYPE_CHECKING:
    from baseboard.cli.call import Call

CONTROLS: Final = {
    0: "Cold Reset", 1: "Warm Reset", 2: "Graceful Reboot", 3: "Issue Diagnostic Interrupt", 4: "Quiesce",
}  # fmt: skip
COLORS: Final = ("reserved", "BLUE", "RED", "GREEN", "AMBER", "ORANGE", "WHITE", "reserved")
OFF, ON = 0x00, 0xFF


def color(number: int) -> str:
    """The name of a LED's color."""
    return COLORS[number] if number < len(COLORS) else "invalid"


def control(option: int) -> str:
    """The name of a FRU control option."""
    return val2str(option, CONTROLS)


def function(number: int) -> str:
    """What a LED does, in brackets."""
    return "[OFF]" if number == OFF else "[ON]" if number == ON else "[BLINKING]"


def color_list(mask: int) -> str:
    """The names of a mask's colors, each with a comma behind it."""
    return "".join(f"{color(number)}, " for number in range(8) if mask >> number & 1)


def given(call: Call, what: str, word: str) -> int | None:
    """A word as a byte; None after a complaint."""
    found = byte(word)
    if found is None:
        call.err(f"Given {what} '{word}' is invalid.")
    return found
