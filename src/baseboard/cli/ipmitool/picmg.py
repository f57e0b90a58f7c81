"""``ipmitool picmg``: FRUs of a shelf, their activation, LEDs and power (PICMG 3.0)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

from baseboard.cli.ipmitool.picmg_usage import FRU_CONTROL, POLICY_SET, POWER_GET, POWER_SET, USAGE
from baseboard.cli.ipmitool.picmg_words import control
from baseboard.cli.ipmitool.questions import Answer, ask
from baseboard.cli.ipmitool.text import byte
from baseboard.cli.ipmitool.word_values import fru_id
from baseboard.cli.results.picmg import FruAddress, FruPolicy, FruPower, PicmgProperties, ShelfChange
from baseboard.commands.groups.picmg import (
    FruControl,
    FruControlOption,
    GetAddressInfo,
    GetFruActivationPolicy,
    GetPicmgProperties,
    GetPowerLevel,
    PowerType,
    SetFruActivation,
    SetFruActivationPolicy,
    SetPowerLevel,
)

if TYPE_CHECKING:
    from baseboard.cli.call import Call
    from baseboard.commands.declaration import Request, Response

R = TypeVar("R", bound="Response")

CPCI, ATCA, AMC = 1, 2, 4
"""Major versions of the extension by which ipmitool tells kinds of boards apart."""

SITES: Final = {
    0: "ATCA board", 1: "Power Entry Module", 2: "Shelf FRU", 3: "Dedicated Shelf Manager", 4: "Fan Tray",
    5: "Fan Filter Tray", 6: "Alarm module", 8: "PMC", 9: "RTM",
}  # fmt: skip
AMC_SITE: Final = 7
IPMB_L: Final = (0xFF, 0x72, 0x74, 0x76, 0x78, 0x7A, 0x7C, 0x7E, 0x80, 0x82, 0x84, 0x86, 0x88)
_OEM_SITES: Final = range(0xC0, 0xD0)
_LOCKS: Final = 3
_HIGHEST_LEVEL: Final = 0x14
_UNCHANGED: Final = 0xFF
_TENTHS: Final = 10


async def run(call: Call, words: list[str]) -> int:
    """Run ``picmg`` and its words; whatever they are, ipmitool asks for the extension's version first."""
    await call.bmc()
    if not words or words[0] == "help":
        call.err(USAGE)
        return 0
    known, major = await _properties(call, shown=words[0] == "properties")
    from baseboard.cli.ipmitool import picmg_led, picmg_links

    done: bool | None
    match words[0]:
        case "properties":
            done = known
        case "addrinfo":
            done = await _address(call, words[1:])
        case "frucontrol":
            done = await _fru_control(call, words[1:])
        case "activate" | "deactivate":
            done = await _activation(call, words)
        case "policy":
            done = await _policy(call, words[1:])
        case "power":
            done = await _power(call, words[1:])
        case "led":
            done = await picmg_led.run(call, words[1:])
        case "portstate":
            done = await picmg_links.ports(call, words[1:])
        case "amcportstate":
            done = await picmg_links.amc_ports(call, words[1:], major)
        case "clk":
            done = await picmg_links.clocks(call, words[1:], major)
        case "busres":
            done = await picmg_links.bused(call, words[1:])
        case _:
            call.err(USAGE)
            return 1
    # None: nothing was asked but the version, and how that went counts.
    return 0 if (known if done is None else done) else 1


async def answered(call: Call, request: Request[R], what: str) -> Answer[R] | None:
    """Ask; None after a complaint, which names the completion code.

    Args:
        what: has failed; empty: that is not told.
    """
    answer = await ask(call, request)
    if answer is None:
        call.err("No valid response received.")
        return None
    if answer.code:
        if what:
            call.err(f"{what} failed with CC code 0x{answer.code:02x}")
        return None
    return answer


def noted(call: Call, verb: str, number: int) -> bool:
    """Note a change."""
    call.result(ShelfChange(verb=f"picmg {verb}", number=number))
    return True


async def changed(call: Call, request: Request[Any], what: str, verb: str, number: int) -> bool:
    """Ask for a change, and note it."""
    return await answered(call, request, what) is not None and noted(call, verb, number)


async def _properties(call: Call, *, shown: bool) -> tuple[bool, int]:
    """Ask for the extension's version; whether there is one, and its major number, 0 if not."""
    answer = await ask(call, GetPicmgProperties())
    if answer is None or answer.code:
        call.err("Error getting address information.")
        return False, 0
    data = answer.data.ljust(3, b"\0")
    major, minor = data[0] & 0xF, data[0] >> 4
    if shown:
        call.out(f"PICMG identifier\t: 0x{answer.group or 0:02x}")
        call.out(f"PICMG Ext. Version : {major}.{minor}")
        call.out(f"Max FRU Device ID\t: 0x{data[1]:02x}")
        call.out(f"FRU Device ID\t\t: 0x{data[2]:02x}")
        call.result(PicmgProperties(version=f"{major}.{minor}", max_fru_id=data[1], fru_id=data[2]))
    return True, major


async def _address(call: Call, words: list[str]) -> bool:
    fru = fru_id(call, words[0]) if words else 0
    if fru is None:
        return False
    answer = await ask(call, GetAddressInfo(fru_id=fru))
    if answer is None:
        call.err("Error. No valid response received.")
        return False
    if answer.code:
        call.err(f"Error getting address information CC: 0x{answer.code:02x}")
        return False
    hardware, ipmb, _, number, site, kind = answer.data.ljust(6, b"\0")[:6]
    call.out(f"Hardware Address : 0x{hardware:02x}")
    call.out(f"IPMB-0 Address   : 0x{ipmb:02x}")
    call.out(f"FRU ID           : 0x{number:02x}")
    call.out(f"Site ID          : 0x{site:02x}")
    call.out(f"Site Type        : {_site(kind, site)}")
    call.result(
        FruAddress(hardware_address=hardware, ipmb_address=ipmb, fru_id=number, site_id=site, site_type=kind)
    )
    return True


def _site(kind: int, site: int) -> str:
    if kind == AMC_SITE:
        address = IPMB_L[site] if site < len(IPMB_L) else 0
        return f"AMC  -> IPMB-L Address: 0x{address:02x}"
    return SITES.get(kind, "OEM" if kind in _OEM_SITES else "unknown")


async def _fru_control(call: Call, words: list[str]) -> bool:
    if len(words) < 2:
        call.err(FRU_CONTROL)
        return False
    fru = fru_id(call, words[0])
    if fru is None:
        return False
    option = byte(words[1])
    if option is None or option > FruControlOption.QUIESCE:
        call.err(f"Given FRU Control Option '{words[1]}' is invalid.")
        return False
    call.out(f"FRU Device Id: {fru} FRU Control Option: {control(option)}")
    request = FruControl(fru_id=fru, option=FruControlOption(option))
    if await answered(call, request, "frucontrol") is None:
        return False
    call.out("frucontrol: ok")
    return noted(call, "frucontrol", fru)


async def _activation(call: Call, words: list[str]) -> bool:
    activate = words[0] == "activate"
    if len(words) == 1:
        call.err(f"Specify the FRU to {words[0]}.")
        return False
    fru = fru_id(call, words[1])
    if fru is None:
        return False
    answer = await ask(call, SetFruActivation(fru_id=fru, activate=int(activate)))
    if answer is None or answer.code:
        call.err("Error activation/deactivation of FRU.")
        return False
    return noted(call, words[0], fru)


async def _policy(call: Call, words: list[str]) -> bool | None:
    match words:
        case []:
            call.err("Wrong parameters.")
            return False
        case ["get"]:
            call.err("usage: get <fruid>")
            return None
        case ["get", fru, *_]:
            return await _policy_get(call, fru)
        case ["set", fru, mask, bits, *_]:
            return await _policy_set(call, fru, mask, bits)
        case ["set", *_]:
            call.err(POLICY_SET)
            return None
        case _:
            call.err("Specify FRU.")
            return False


async def _policy_get(call: Call, word: str) -> bool:
    fru = fru_id(call, word)
    if fru is None:
        return False
    answer = await answered(call, GetFruActivationPolicy(fru_id=fru), "FRU activation policy get")
    if answer is None:
        return False
    bits = (answer.data or b"\0")[0]
    call.out(f" {'activation locked' if bits & 1 else 'activation not locked'}")
    call.out(f" {'deactivation locked' if bits & 2 else 'deactivation not locked'}")
    call.result(FruPolicy(fru_id=fru, activation_locked=bool(bits & 1), deactivation_locked=bool(bits & 2)))
    return True


async def _policy_set(call: Call, word: str, mask_word: str, bits_word: str) -> bool:
    fru = fru_id(call, word)
    if fru is None:
        return False
    mask, bits = byte(mask_word), byte(bits_word)
    if mask is None or mask > _LOCKS:
        call.err(f"Given FRU Lock Mask '{mask_word}' is invalid.")
        return False
    if bits is None or bits > _LOCKS:
        call.err(f"Given FRU Activation Policy '{bits_word}' is invalid.")
        return False
    request = SetFruActivationPolicy(
        fru_id=fru, change_activation_locked=bool(mask & 1), change_deactivation_locked=bool(mask & 2),
        activation_locked=bool(bits & 1), deactivation_locked=bool(bits & 2),
    )  # fmt: skip
    return await changed(call, request, "FRU activation policy set", "policy set", fru)


async def _power(call: Call, words: list[str]) -> bool:
    match words:
        case ["get", fru, kind, *_]:
            return await _power_get(call, fru, kind)
        case ["get", *_]:
            call.err(POWER_GET)
        case ["set", fru, level, copy, *_]:
            return await _power_set(call, fru, level, copy)
        case ["set", *_]:
            call.err(POWER_SET)
        case _:
            call.err("<set>|<get>")
    return False


async def _power_get(call: Call, word: str, kind_word: str) -> bool:
    fru = fru_id(call, word)
    if fru is None:
        return False
    kind = byte(kind_word)
    if kind is None or kind > PowerType.DESIRED_EARLY:
        call.err(f"Given Power Type '{kind_word}' is invalid")
        return False
    answer = await answered(call, GetPowerLevel(fru_id=fru, kind=PowerType(kind)), "Power level get")
    if answer is None:
        return False
    flags, delay, multiplier, *draws = answer.data.ljust(3, b"\0")
    call.out(f"Dynamic Power Configuration: {'enabled' if flags & 0x80 else 'disabled'}")
    call.out(f"Actual Power Level:          {flags & 0xF}")
    call.out(f"Delay to stable Power:       {delay}")
    call.out(f"Power Multiplier:            {multiplier}")
    for number, draw in enumerate(draws, 1):
        call.out(f"   Power Draw {number}:            {draw * multiplier // _TENTHS}")
    watts = [draw * multiplier / _TENTHS for draw in draws]
    call.result(FruPower(fru_id=fru, dynamic=bool(flags & 0x80), level=flags & 0x1F, watts=watts))
    return True


async def _power_set(call: Call, word: str, level_word: str, copy_word: str) -> bool:
    fru = fru_id(call, word)
    if fru is None:
        return False
    level, copy = byte(level_word), byte(copy_word)
    if level is None or _HIGHEST_LEVEL < level < _UNCHANGED:
        call.err(f"Given PICMG Power Level '{level_word}' is invalid.")
        return False
    if copy is None or copy > 1:
        call.err(f"Given PICMG Present-to-desired '{copy_word}' is invalid.")
        return False
    request = SetPowerLevel(fru_id=fru, level=level, copy_desired=copy)
    return await changed(call, request, "Power level set", "power set", fru)
