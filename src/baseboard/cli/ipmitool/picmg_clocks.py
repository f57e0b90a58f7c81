"""``ipmitool picmg clk``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.picmg import AMC, ATCA, answered, noted
from baseboard.cli.ipmitool.picmg_words import given
from baseboard.cli.ipmitool.text import number, val2str
from baseboard.cli.ipmitool.word_values import unsigned
from baseboard.cli.results.picmg import ClockState
from baseboard.commands.groups.picmg_links import GetClockState, SetClockState

if TYPE_CHECKING:
    from baseboard.cli.call import Call

_HIGHEST_RESOURCE: Final = 127
_NONE: Final = -1
_TELECOM: Final = 0x40
_RESOURCES: Final[Mapping[tuple[int, int], str]] = {
    (0, 0): "On-Carrier Device 0",
    (0, 1): "On-Carrier Device 1",
    **{(1, n): f"AMC Site 1 - {'AB'[(n - 1) // 4]}{(n - 1) % 4 + 1}" for n in range(1, 9)},
    (2, 0): "ATCA Backplane",
}
_CLOCKS: Final[Mapping[tuple[int, int], str]] = {
    **{(0, n): f"Clock {n}" for n in range(16)},
    (1, 1): "TCLKA",
    (1, 2): "TCLKB",
    (1, 3): "TCLKC",
    (1, 4): "TCLKD",
    (1, 5): "FLCKA",
    **{(2, n): "CLK1A" for n in range(1, 10)},
}
_FAMILIES: Final = {
    0x00: "Unspecified",
    0x01: "SONET/SDH/PDH",
    0x02: "Reserved for PCI Express",
    0x03: "Reserved",
    0xC9: "Vendor defined clock family",
}
_ACCURACIES: Final[Mapping[tuple[int, int], str]] = {
    (1, 10): "PRS",
    (1, 20): "STU",
    (1, 30): "ST2",
    (1, 40): "TNC",
    (1, 50): "ST3E",
    (1, 60): "ST3",
    (1, 70): "SMC",
    (1, 80): "ST4",
    (1, 90): "DUS",
    (2, 0xE0): "PCI Express Generation 2",
    (2, 0xF0): "PCI Express Generation 1",
}


def _name(table: Mapping[tuple[int, int], str], kind: int, value: int) -> str:
    return table.get((kind, value), f"Unknown (0x{value:02X})")


def _resource(call: Call, word: str) -> int | None:
    found = number(word, 0, _HIGHEST_RESOURCE)
    if found is None:
        # ipmitool prints what it has made of the word, which is a byte, in place of the word.
        call.err("Given Resource ID '' is invalid.")
    return found


async def clock(call: Call, words: list[str], major: int) -> bool:
    """``clk get <CLK-ID> [<DEV-ID>]``."""
    which = given(call, "Clock ID", words[0])
    if which is None:
        return False
    resource: int | None = _NONE
    if len(words) > 1:
        resource = _resource(call, words[1])
    if resource is None:
        return False
    asked = resource if major == ATCA and resource != _NONE else None
    answer = await answered(call, GetClockState(clock=which, resource=asked), "Clk get")
    if answer is None:
        return False
    data = answer.data.ljust(8, b"\0")
    _show(call, data, which, resource, major)
    on = bool(data[0] & 8)
    call.result(
        ClockState(
            clock=which,
            enabled=on,
            source=bool(data[0] & 4),
            pll=data[0] & 3,
            family=data[2] if on else None,
            accuracy=data[3] if on else None,
            hertz=int.from_bytes(data[4:8], "little") if on else None,
        )
    )
    return True


def _show(call: Call, data: bytes, which: int, resource: int, major: int) -> None:
    setting, index, family, accuracy = data[:4]
    if major != AMC:
        name = _name(_RESOURCES, resource >> 6 & 3, resource & 0xF)
        call.out(f"CLK resource id   : {resource:3d} [ {name} ]")
    else:
        call.out("CLK resource id   : N/A [ AMC Module ]")
        resource = _TELECOM
    call.out(f"CLK id            : {which:3d} [ {_name(_CLOCKS, resource >> 6 & 3, which)} ]")
    call.out(f"CLK setting       : 0x{setting:02x}")
    call.out(f" - state:     {'enabled' if setting & 8 else 'disabled'}")
    call.out(f" - direction: {'Source' if setting & 4 else 'Receiver'}")
    call.out(f" - PLL ctrl:  0x{setting & 3:x}")
    if setting & 8:
        call.out(f"  - Index:  {index:3d}")
        call.out(f"  - Family: {family:3d} [ {val2str(family, _FAMILIES)} ] ")
        call.out(f"  - AccLVL: {accuracy:3d} [ {_name(_ACCURACIES, family, accuracy)} ] ")
        call.out(f"  - Freq:   {int.from_bytes(data[4:8], 'little')}")


async def set_clock(call: Call, words: list[str], major: int) -> bool:
    """``clk set <CLK-ID> <index> <setting> <family> <acc-lvl> <freq> [<DEV-ID>]``."""
    found: list[int] = []
    names = ("Clock ID", "Clock Index", "Clock Setting", "Clock Family", "Clock Accuracy")
    for what, word in zip(names, words, strict=False):
        value = given(call, what, word)
        if value is None:
            return False
        found.append(value)
    hertz = unsigned(words[5], 32)
    if hertz is None:
        call.err(f"Given Clock Frequency '{words[5]}' is invalid.")
        return False
    resource: int | None = None
    if major == ATCA:
        if len(words) < 7:
            call.err("Missing resource id for atca board.")
            return False
        resource = _resource(call, words[6])
        if resource is None:
            return False
    which, index, setting, family, accuracy = found
    request = SetClockState(
        clock=which, index=index, enabled=bool(setting & 8), source=bool(setting & 4), pll=setting & 3,
        family=family, accuracy=accuracy, frequency=hertz, resource=resource,
    )  # fmt: skip
    if await answered(call, request, "Clk set") is None:
        return False
    return noted(call, "clk set", which)
