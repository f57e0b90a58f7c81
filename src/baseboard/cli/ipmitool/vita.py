"""``ipmitool vita``: FRUs of a VPX chassis (VITA 46.11)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final, TypeVar

from baseboard.cli.ipmitool.picmg_words import color, color_list, control, function
from baseboard.cli.ipmitool.questions import ask
from baseboard.cli.ipmitool.text import byte, val2str
from baseboard.cli.ipmitool.vita_usage import UNKNOWN, USAGES
from baseboard.cli.ipmitool.word_values import fru_id
from baseboard.cli.results.picmg import (
    FruAddress,
    FruPolicy,
    LedColors,
    LedCount,
    LedNow,
    ShelfChange,
    VitaProperties,
)
from baseboard.commands.groups.picmg import FruControlOption, LedColor, LedFunction
from baseboard.commands.groups.vita import (
    VITA,
    GetFruAddressInfo,
    GetFruStatePolicyBits,
    GetVsoCapabilities,
    SetFruStatePolicyBits,
    VitaFruControl,
    VitaGetFruLedProperties,
    VitaGetFruLedState,
    VitaGetLedColorCapabilities,
    VitaSetFruActivation,
    VitaSetFruLedState,
)

if TYPE_CHECKING:
    from baseboard.cli.call import Call
    from baseboard.commands.declaration import Request, Response

R = TypeVar("R", bound="Response")

SITES: Final = {
    0x00: "Front Loading VPX Plug-In Module",
    0x01: "Power Entry Module",
    0x02: "Chassic FRU Information Module",
    0x03: "Dedicated Chassis Manager",
    0x04: "Fan Tray",
    0x05: "Fan Tray Filter",
    0x06: "Alarm Panel",
    0x07: "XMC",
    0x09: "VPX Rear Transition Module",
    0x0A: "Front Loading VME Plug-In Module",
    0x0B: "Front Loading VXS Plug-In Module",
    0x0C: "Power Supply",
    0x0D: "Front Loading VITA 62 Module\n",
    0x0E: "VITA 71 Module\n",
    0x0F: "FMC\n",
}


async def run(call: Call, words: list[str]) -> int:
    """Run ``vita`` and its words."""
    verb = _verb(words)
    if verb == "help":
        call.err(USAGES.get(_verb(words[1:]), UNKNOWN))
        return 0
    known = _VERBS.get(verb)
    if known is None:
        call.err(UNKNOWN)
        call.err(USAGES["help"])
        return 1
    action, needed = known
    rest = words[len(verb.split()) :]
    if len(rest) < needed:
        call.err(USAGES[verb])
        return 1
    return 0 if await action(call, rest) else 1


def _verb(words: list[str]) -> str:
    """The verb of some words, which may be two of them; ``?`` if there is no such verb."""
    if not words or words[0] == "help":
        return "help"
    name = " ".join(words[:2]) if words[0] in ("policy", "led") else words[0]
    return name if name in _VERBS else "?"


async def _ask(call: Call, request: Request[R], size: int) -> bytes | None:
    """The bytes of an answer with the defining body in front; None after a complaint.

    Args:
        size: fewer than these are too few.
    """
    answer = await ask(call, request)
    if answer is None:
        call.err("No valid response received.")
    elif answer.code:
        call.err(f"Invalid completion code received: {answer.text()}")
    else:
        data = (b"" if answer.group is None else bytes((answer.group,))) + answer.data
        if len(data) < size:
            call.err(f"Invalid response length {len(data)}")
        elif data[0] != VITA:
            call.err(f"Invalid group extension {data[0]:#x}")
        else:
            return data
    return None


async def _properties(call: Call, words: list[str]) -> bool:
    data = await _ask(call, GetVsoCapabilities(), 5)
    if data is None:
        return False
    data = data.ljust(7, b"\0")
    tier, layer = (data[1] & 3) + 1, (data[1] >> 4 & 3) + 1
    call.out(f"VSO Identifier    : 0x{data[0]:02x}")
    call.out(f"IPMC Identifier   : 0x{data[1]:02x}")
    call.out(f"    Tier  {tier}")
    call.out(f"    Layer {layer}")
    call.out(f"IPMB Capabilities : 0x{data[2]:02x}")
    call.out(f"    Frequency  {('100', '400', 'RESERVED', 'RESERVED')[data[2] >> 4 & 3]}kHz")
    if data[2] & 3 == 1:
        call.out("    2 IPMB interfaces supported")
    elif data[2] & 3 == 0:
        call.out("    1 IPMB interface supported")
    call.out(f"VSO Standard      : {'RESERVED' if data[3] & 3 else 'VITA 46.11'}")
    version = f"{data[4] & 0xF}.{data[4] >> 4}"
    call.out(f"VSO Spec Revision : {version}")
    call.out(f"Max FRU Device ID : 0x{data[5]:02x}")
    call.out(f"FRU Device ID     : 0x{data[6]:02x}")
    call.result(VitaProperties(version=version, tier=tier, layer=layer, max_fru_id=data[5], fru_id=data[6]))
    return True


async def _address(call: Call, words: list[str]) -> bool:
    fru = fru_id(call, words[0]) if words else 0
    if fru is None:
        return False
    data = await _ask(call, GetFruAddressInfo(fru_id=fru), 7)
    if data is None:
        return False
    call.out(f"Hardware Address : 0x{data[1]:02x}")
    call.out(f"IPMB-0 Address   : 0x{data[2]:02x}")
    call.out(f"FRU ID           : 0x{data[4]:02x}")
    call.out(f"Site ID          : 0x{data[5]:02x}")
    call.out(f"Site Type        : {val2str(data[6], SITES)}")
    if len(data) > 8:
        call.out(f"Channel 7 Address: 0x{data[8]:02x}")
    call.result(
        FruAddress(
            hardware_address=data[1], ipmb_address=data[2], fru_id=data[4], site_id=data[5], site_type=data[6]
        )
    )
    return True


def _noted(call: Call, verb: str, fru: int, text: str) -> bool:
    call.out(text)
    call.result(ShelfChange(verb=f"vita {verb}", number=fru))
    return True


async def _fru_control(call: Call, words: list[str]) -> bool:
    fru = fru_id(call, words[0])
    option = byte(words[1])
    if fru is None or option is None:
        return False
    call.out(f"FRU Device Id: {fru} FRU Control Option: {control(option)}")
    if await _ask(call, VitaFruControl(fru_id=fru, option=FruControlOption(option)), 1) is None:
        return False
    return _noted(call, "frucontrol", fru, "FRU Control: ok")


def _activation(activate: int) -> Callable[[Call, list[str]], Awaitable[bool]]:
    async def change(call: Call, words: list[str]) -> bool:
        fru = fru_id(call, words[0])
        if fru is None or await _ask(call, VitaSetFruActivation(fru_id=fru, activate=activate), 1) is None:
            return False
        done = "activated" if activate else "deactivated"
        return _noted(
            call, "activate" if activate else "deactivate", fru, f"FRU has been successfully {done}"
        )

    return change


async def _policy_get(call: Call, words: list[str]) -> bool:
    fru = fru_id(call, words[0])
    data = None if fru is None else await _ask(call, GetFruStatePolicyBits(fru_id=fru), 2)
    if fru is None or data is None:
        return False
    bits = data[1]
    call.out(f"FRU State Policy Bits:\t{bits:x}h")
    call.out(f"    Default-Activation-Locked Policy Bit is {bits >> 3 & 1}")
    call.out(f"    Commanded-Deactivation-Ignored Policy Bit is {bits >> 2 & 1}")
    call.out(f"    Deactivation-Locked Policy Bit is {bits >> 1 & 1}")
    call.out(f"    Activation-Locked Policy Bit is {bits & 1}")
    locks = [bool(bits >> place & 1) for place in range(4)]
    call.result(
        FruPolicy(
            fru_id=fru,
            activation_locked=locks[0],
            deactivation_locked=locks[1],
            deactivation_ignored=locks[2],
            locked_by_default=locks[3],
        )
    )
    return True


async def _policy_set(call: Call, words: list[str]) -> bool:
    fru = fru_id(call, words[0])
    mask, bits = byte(words[1]), byte(words[2])
    if fru is None or mask is None or bits is None:
        return False
    # What is beyond the four bits ipmitool sends too, and controllers ignore.
    request = SetFruStatePolicyBits(fru_id=fru, mask=mask & 0xF, bits=bits & 0xF)
    if await _ask(call, request, 1) is None:
        return False
    return _noted(call, "policy set", fru, "FRU state policy bits have been updated")


async def _led_properties(call: Call, words: list[str]) -> bool:
    fru = fru_id(call, words[0])
    data = None if fru is None else await _ask(call, VitaGetFruLedProperties(fru_id=fru), 3)
    if fru is None or data is None:
        return False
    call.out(f"LED Count:\t   {f'{data[2]:#x}' if data[2] else '0'}")
    call.result(LedCount(fru_id=fru, general=None, count=data[2]))
    return True


async def _led_colors(call: Call, words: list[str]) -> bool:
    fru = fru_id(call, words[0])
    led = byte(words[1])
    if fru is None or led is None:
        return False
    data = await _ask(call, VitaGetLedColorCapabilities(fru_id=fru, led=led), 4)
    if data is None:
        return False
    call.out(f"LED Color Capabilities: {color_list(data[1])}")
    call.out("Default LED Color in")
    call.out(f"      LOCAL control:  {color(data[2])}")
    call.out(f"      OVERRIDE state: {color(data[3])}")
    if len(data) == 5:
        call.out("LED flags:")
        if data[4] & 2:
            call.out("      [HW RESTRICT]")
        if data[4] & 1:
            call.out("      [PAYLOAD PWR]")
    names = [color(number) for number in range(8) if data[1] >> number & 1]
    call.result(
        LedColors(
            fru_id=fru, led=led, colors=names, local_default=color(data[2]), override_default=color(data[3])
        )
    )
    return True


async def _led_get(call: Call, words: list[str]) -> bool:
    fru = fru_id(call, words[0])
    led = byte(words[1])
    if fru is None or led is None:
        return False
    data = await _ask(call, VitaGetFruLedState(fru_id=fru, led=led), 5)
    if data is None:
        return False
    states = data[1]
    if (states & 2 and len(data) < 8) or (states & 4 and len(data) < 9):
        call.err(f"Invalid response length {len(data)}")
        return False
    marks = ("[LOCAL CONTROL] ", "[OVERRIDE] ", "[LAMPTEST] ", "[HW RESTRICT] ")
    shown = "".join(mark for place, mark in enumerate(marks) if states >> place & 1)
    call.out(f"LED states:                   {states:x}\t{shown}")
    if states & 1:
        call.out(f"  Local Control function:     {data[2]:x}\t{function(data[2])}")
        call.out(f"  Local Control On-Duration:  {data[3]:x}")
        call.out(f"  Local Control Color:        {data[4]:x}\t[{color(data[4] & 7)}]")
    if states & 6:
        call.out(f"  Override function:     {data[5]:x}\t{function(data[5])}")
        call.out(f"  Override On-Duration:  {data[6]:x}")
        call.out(f"  Override Color:        {data[7]:x}\t[{color(data[7] & 7)}]")
        if states == 4:
            call.out(f"  Lamp test duration:    {data[8]:x}")
    told = bool(states & 2)
    call.result(
        LedNow(
            fru_id=fru,
            led=led,
            local_function=data[2],
            local_color=color(data[4] & 7),
            override_function=data[5] if told else None,
            override_color=color(data[7] & 7) if told else None,
            lamp_test=bool(states & 4),
        )
    )
    return True


async def _led_set(call: Call, words: list[str]) -> bool:
    fru = fru_id(call, words[0])
    led, action, duration, shade = (byte(word) for word in words[1:5])
    if fru is None or led is None or action is None or duration is None or shade is None:
        return False
    request = VitaSetFruLedState(
        fru_id=fru, led=led, function=LedFunction(action), on_duration=duration, color=LedColor(shade & 0xF)
    )
    if await _ask(call, request, 1) is None:
        return False
    return _noted(call, "led set", fru, "LED state has been updated")


_VERBS: Final[dict[str, tuple[Callable[[Call, list[str]], Awaitable[bool]], int]]] = {
    "properties": (_properties, 0),
    "frucontrol": (_fru_control, 2),
    "addrinfo": (_address, 0),
    "activate": (_activation(1), 1),
    "deactivate": (_activation(0), 1),
    "policy get": (_policy_get, 1),
    "policy set": (_policy_set, 3),
    "led prop": (_led_properties, 1),
    "led cap": (_led_colors, 2),
    "led get": (_led_get, 2),
    "led set": (_led_set, 5),
}
"""Each verb, and how many words it needs."""
