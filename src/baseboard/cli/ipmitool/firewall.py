"""``ipmitool firewall``: info, enable, disable, reset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.firewall_facts import (
    LUNS,
    MASK,
    PAIRS,
    SUB_MASK,
    Facts,
    Masks,
    Place,
    bit,
    gather,
    set_commands,
    set_sub_functions,
    sub_functions,
    with_bit,
)
from baseboard.cli.ipmitool.word_values import channel_number, integer
from baseboard.cli.results.firewall import Commands, Switched

if TYPE_CHECKING:
    from baseboard.cli.call import Call

USAGE: Final = """\
Firmware Firewall Commands:
	info [channel H] [lun L]
	info [channel H] [lun L [netfn N [command C [subfn S]]]]
	enable [channel H] [lun L [netfn N [command C [subfn S]]]]
	disable [channel H] [lun L [netfn N [command C [subfn S]]]] [force])
	reset [channel H]
		where H is a Channel, L is a LUN, N is a NetFn,
		C is a Command and S is a Sub-Function"""

INFO_USAGE: Final = """\
info [channel H]
	List all of the firewall information for all LUNs, NetFns
	and Commands, This is a long list and is not very human readable.
info [channel H] lun L
	This also prints a long list that is not very human readable.
info [channel H] lun L netfn N
	This prints out information for a single LUN/NetFn pair.
	That is not really very usable, but at least it is short.
info [channel H] lun L netfn N command C
	This is the one you want -- it prints out detailed human
	readable information.  It shows the support, configurable, and
	enabled bits for the Command C on LUN/NetFn pair L,N and the
	same information about each of its Sub-functions."""

LIMITS: Final = {"subfn": 32, "command": 256, "netfn": 64, "lun": 4}
NEEDS: Final = (("netfn", "lun"), ("command", "netfn"), ("subfn", "command"))
SUB_FUNCTIONS, COMMANDS = 32, 256


async def run(call: Call, words: list[str]) -> int:
    """Run ``firewall`` and its words."""
    await call.bmc()
    match words[:1]:
        case ["info"]:
            return await _info(call, words[1:])
        case ["enable" | "disable"]:
            return await _switch(call, words[1:], enable=words[0] == "enable")
        case ["reset"]:
            return await _reset(call, words[1:])
        case _:
            call.err(USAGE)
            return 0


def _place(call: Call, words: list[str]) -> Place | None:
    """Where the words point; None after a complaint. What it does not know ipmitool passes over."""
    place = Place()
    rest = iter(words)
    for word in rest:
        if word == "force":
            place.force = True
        elif word in {"channel", "lun", "netfn", "command", "subfn"}:
            value = next(rest, None)
            if value is None:
                break
            number = channel_number(call, value) if word == "channel" else integer(value)
            if number is None:
                if word != "channel":
                    call.err(f"Given {word} '{value}' is invalid.")
                return None
            setattr(place, word, number)
    for name, limit in LIMITS.items():
        if getattr(place, name) >= limit:
            call.err(f"{name} is out of range (0-{limit - 1})")
            return None
    for name, needed in NEEDS:
        if getattr(place, name) >= 0 > getattr(place, needed):
            call.err(f"if {name} is set, so must be {needed}")
            return None
    return place


# ---- info


async def _info(call: Call, words: list[str]) -> int:
    place = None if words[:1] == ["help"] else _place(call, words)
    if place is None:
        call.err(INFO_USAGE)
        return 0
    facts = await gather(call, place)
    if place.command >= 0:
        _one_command(call, place, facts)
    elif place.netfn >= 0:
        if not facts.supports(place):
            call.err(f"LUN or LUN/NetFn pair {place.lun:02x},{place.netfn:02x} not supported")
            return 0
        call.out(f"Commands on LUN 0x{place.lun:02x}, NetFn 0x{place.netfn:02x}")
        _masks(call, facts.of(place), "")
        call.result(_found(place, facts.of(place)))
    else:
        for lun, pair in sorted(facts.pairs):
            at = Place(place.channel, lun, 2 * pair)
            _masks(call, facts.of(at), f"{lun:02x},{at.netfn:02x} ")
            call.result(_found(at, facts.of(at)))
    return 0


def _masks(call: Call, masks: Masks, where: str) -> None:
    inverted = bytes(~one & 0xFF for one in masks.unavailable)
    for name, mask in (
        ("support:", inverted),
        ("configurable:", masks.configurable),
        ("enabled:", masks.enabled),
    ):
        words = "".join(mask[at : at + 4].hex() + " " for at in range(0, MASK, 4))
        call.out(f"{where}{name:<13} {words}")


def _found(place: Place, masks: Masks) -> Commands:
    flags = [masks.flags(number) for number in range(COMMANDS)]
    asked = place.command >= 0
    return Commands(
        channel=place.channel,
        lun=place.lun,
        netfn=place.netfn,
        available=[number for number, flag in enumerate(flags) if flag[0]],
        configurable=[number for number, flag in enumerate(flags) if flag[1]],
        enabled=[number for number, flag in enumerate(flags) if flag[2]],
        command=place.command if asked else None,
        sub_functions=_numbers(masks.sub_configurable) if asked else None,
        sub_functions_enabled=_numbers(masks.sub_enabled) if asked else None,
    )


def _numbers(mask: bytes) -> list[int]:
    return [number for number in range(8 * len(mask)) if bit(mask, number)]


def _one_command(call: Call, place: Place, facts: Facts) -> None:
    masks = facts.of(place)
    flags = masks.flags(place.command)
    if not (facts.supports(place) and any(flags)):
        call.err(
            f"Command 0x{place.command:02x} not supported on LUN/NetFn pair {place.lun:02x},{place.netfn:02x}"
        )
        return
    call.out("(A)vailable, (C)onfigurable, (E)nabled: | A | C | E |")
    call.out("-----------------------------------------------------")
    where = f"LUN {place.lun}, NetFn 0x{place.netfn:02x}, Command 0x{place.command:02x}:"
    call.out(f"{where}        {_crosses(flags)}")
    for number in range(SUB_FUNCTIONS):
        flags = (
            not bit(masks.sub_unavailable, number),
            bit(masks.sub_configurable, number),
            bit(masks.sub_enabled, number),
        )
        call.out(f"sub-function 0x{number:02x}:                      {_crosses(flags)}")
    call.result(_found(place, masks))


def _crosses(flags: tuple[bool, bool, bool]) -> str:
    return "".join(f"| {'X' if flag else ' '} " for flag in flags) + "|"


# ---- enable, disable and reset


def _switch_usage(call: Call, verb: str, force: str) -> None:
    call.out(f"{verb} [channel H] lun L netfn N{force}")
    call.out(f"\t{verb} all commands on this LUN/NetFn pair")
    call.out(f"{verb} [channel H] lun L netfn N command C{force}")
    call.out(f"\t{verb} Command C and all its Sub-functions for this LUN/NetFn pair")
    call.out(f"{verb} [channel H] lun L netfn N command C subfn S")
    call.out(f"\t{verb} Sub-function S for Command C for this LUN/NetFn pair")
    if force:
        call.out('* force will allow you to disable the "Command Set Enable" command')
        call.out("\tthereby letting you shoot yourself in the foot")
        call.out("\tthis is only recommended for advanced users")


async def _switch(call: Call, words: list[str], *, enable: bool) -> int:
    if not words or words[0] == "help":
        _switch_usage(call, "enable" if enable else "disable", "" if enable else " [force]")
        return 0
    place = _place(call, words)
    if place is None:
        return 1
    facts = await gather(call, place)
    if place.netfn < 0:
        return 0  # all of a LUN is not switched
    if not facts.whole:
        # ipmitool goes on, and sends masks of commands that it knows nothing about.
        return 1
    masks = facts.of(place)
    wanted = bytes((0xFF if enable else 0,))
    if place.subfn >= 0:
        changed = with_bit(masks.sub_enabled, place.subfn, enable)
        done = await set_sub_functions(call, place, masks, changed)
    elif place.command >= 0:
        done = await set_sub_functions(call, place, masks, wanted * SUB_MASK)
        commands = with_bit(masks.enabled, place.command, enable)
        done = await set_commands(call, place, masks, commands, force=place.force) and done
    else:
        done = await set_commands(call, place, masks, wanted * MASK, force=place.force)
    if done:
        call.result(
            Switched(
                channel=place.channel,
                lun=place.lun,
                netfn=place.netfn,
                command=place.command if place.command >= 0 else None,
                sub_function=place.subfn if place.subfn >= 0 else None,
                enabled=enable,
            )
        )
    return 0 if done else 1


async def _reset(call: Call, words: list[str]) -> int:
    if not words or words[0] == "help":
        if not words:
            call.err("Not enough parameters given.")
        call.err(USAGE)
        return 0 if words else 1
    place = _place(call, words)
    if place is None:
        return 1
    facts = await gather(call, place)
    # ipmitool sends a mask for each of the 32768 commands that there could be, without having asked what can
    # be switched, so that it is 0: what parts there are it switches off. Ours prints the same, the number of
    # the pair in place of the network function's too, and switches on what there is.
    done = facts.whole
    for lun in range(LUNS):
        for pair in range(PAIRS):
            at = Place(place.channel, lun, 2 * pair)
            there = (lun, pair) in facts.pairs
            for number in range(COMMANDS):
                call.out(f"reset lun {lun}, netfn {pair}, command {number}, subfn")
                at.command = number
                if there and facts.of(at).flags(number)[0]:
                    done = await _reset_sub_functions(call, at, facts.of(at)) and done
            call.out(f"reset lun {lun}, netfn {pair}, command")
            if there:
                done = await set_commands(call, at, facts.of(at), b"\xff" * MASK, force=True) and done
    return 0 if done else 1


async def _reset_sub_functions(call: Call, place: Place, masks: Masks) -> bool:
    """Switch on the sub-functions of a command, if any can be switched; False after a complaint."""
    if not await sub_functions(call, place, masks):
        return False
    if not any(masks.sub_configurable) or masks.sub_configurable == bytes(
        can & on for can, on in zip(masks.sub_configurable, masks.sub_enabled, strict=True)
    ):
        return True
    return await set_sub_functions(call, place, masks, b"\xff" * SUB_MASK)
