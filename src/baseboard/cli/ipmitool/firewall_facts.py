"""What ``ipmitool firewall`` gathers about a channel's commands before it prints or switches any."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from baseboard.cli.ipmitool.questions import ask
from baseboard.codes import NetFn
from baseboard.commands.app.firewall import (
    CommandRange,
    GetCommandEnables,
    GetCommandSubFunctionEnables,
    GetCommandSubFunctionSupport,
    GetCommandSupport,
    GetConfigurableCommands,
    GetConfigurableCommandSubFunctions,
    GetNetfnSupport,
    SetCommandEnables,
    SetCommandSubFunctionEnables,
)

if TYPE_CHECKING:
    from baseboard.cli.call import Call
    from baseboard.commands.declaration import Request

LUNS, PAIRS, HALF, MASK, SUB_MASK = 4, 32, 16, 32, 4

SET_ENABLES: Final = 0x60
"""Set Command Enables, whose disabling is beyond repair."""


@dataclass
class Place:
    """What the words point at; -1 = not given."""

    channel: int = 0xE
    lun: int = -1
    netfn: int = -1
    command: int = -1
    subfn: int = -1
    force: bool = False

    @property
    def pair(self) -> tuple[int, int]:
        """LUN and pair of network functions."""
        return self.lun, self.netfn >> 1


@dataclass
class Masks:
    """The commands of a network function on a LUN, a bit each.

    Attributes:
        unavailable: 1 = there is no such command; 0 also where nobody told.
        known: how many bytes of it were told.
        configurable: 1 = can be switched.
        enabled: 1 = is on.
        sub_unavailable, sub_configurable, sub_enabled: the same of one command's sub-functions.
    """

    unavailable: bytes = bytes(MASK)
    known: int = 0
    configurable: bytes = bytes(MASK)
    enabled: bytes = bytes(MASK)
    sub_unavailable: bytes = bytes(SUB_MASK)
    sub_configurable: bytes = bytes(SUB_MASK)
    sub_enabled: bytes = bytes(SUB_MASK)

    def flags(self, command: int) -> tuple[bool, bool, bool]:
        """Whether a command is there, can be switched, and is on."""
        there = command // 8 < self.known and not bit(self.unavailable, command)
        return there, bit(self.configurable, command), bit(self.enabled, command)


def bit(mask: bytes, number: int) -> bool:
    """Whether a bit of a mask is set."""
    return bool(mask[number // 8] >> number % 8 & 1)


def with_bit(mask: bytes | bytearray, number: int, value: bool) -> bytes:
    """A mask with one bit changed."""
    changed = bytearray(mask)
    changed[number // 8] = changed[number // 8] & ~(1 << number % 8) | value << number % 8
    return bytes(changed)


@dataclass
class Facts:
    """What a channel's firewall looks like, as far as it was asked.

    Attributes:
        luns: the LUNs that have commands.
        pairs: LUNs and pairs of network functions that do.
        masks: of those, the commands.
        whole: every question that was asked was answered.
    """

    luns: set[int] = field(default_factory=set[int])
    pairs: set[tuple[int, int]] = field(default_factory=set[tuple[int, int]])
    masks: dict[tuple[int, int], Masks] = field(default_factory=dict[tuple[int, int], Masks])
    whole: bool = True

    def supports(self, place: Place) -> bool:
        """Whether there are commands at a LUN and network function."""
        return place.lun in self.luns and place.pair in self.pairs

    def of(self, place: Place) -> Masks:
        """The commands of a LUN and network function."""
        return self.masks.setdefault(place.pair, Masks())


async def gather(call: Call, place: Place) -> Facts:
    """Ask for everything that the words are about; complaints go to standard error."""
    facts = Facts()
    await _pairs(call, place, facts)
    if place.netfn >= 0:
        if not facts.supports(place):
            call.err(f"LUN or LUN/NetFn pair {place.lun},{place.netfn} not supported")
            facts.whole = False
            return facts
        masks = facts.of(place)
        facts.whole = await _commands(call, place, masks)
        if facts.whole and place.command >= 0:
            facts.whole = await sub_functions(call, place, masks)
        return facts
    for lun in range(LUNS) if place.lun < 0 else (place.lun,):
        for pair in range(PAIRS):
            if (lun, pair) not in facts.pairs:
                continue
            at = Place(place.channel, lun, 2 * pair)
            if not await _commands(call, at, facts.of(at)):
                facts.pairs.discard((lun, pair))
    return facts


async def _pairs(call: Call, place: Place, facts: Facts) -> None:
    answer = await ask(call, GetNetfnSupport(channel=place.channel))
    if answer is None or answer.code:
        why = "" if answer is None else f": {answer.text()}"
        call.err(f"Get NetFn Support command failed{why}")
        facts.whole = False
        return
    data = answer.data.ljust(17, b"\0")
    for lun in range(LUNS):
        if place.lun in {-1, lun} and data[0] >> 2 * lun & 3:
            facts.luns.add(lun)
            facts.pairs |= {(lun, pair) for pair in range(PAIRS) if bit(data[1:], lun * PAIRS + pair)}


async def _commands(call: Call, place: Place, masks: Masks) -> bool:
    """Ask for the commands of a network function; False after a complaint."""
    told: list[bytes] = []
    for kind, name in (
        (GetCommandSupport, "Get Command Support"),
        (GetConfigurableCommands, "Get Configurable Command"),
        (GetCommandEnables, "Get Command Enables"),
    ):
        mask = b""
        for half in CommandRange.FROM_00H, CommandRange.FROM_80H:
            request: Any = kind(channel=place.channel, commands=half, netfn=NetFn(place.netfn), lun=place.lun)
            where = f"(LUN={place.lun}, NetFn={place.netfn}, op={int(half)})"
            data = await _data(call, request, f"{name} {where}", HALF)
            if data is None:
                break
            mask += data
        told.append(mask)
    masks.known = len(told[0])
    masks.unavailable, masks.configurable, masks.enabled = (one.ljust(MASK, b"\0") for one in told)
    return all(len(one) == MASK for one in told)


async def sub_functions(call: Call, place: Place, masks: Masks) -> bool:
    """Ask for the sub-functions of a command; False after a complaint."""
    where = f"(LUN={place.lun}, NetFn={place.netfn}, command={place.command})"
    told: list[bytes | None] = []
    for kind, name in (
        (GetCommandSubFunctionSupport, "Get Command Sub-function Support"),
        (GetConfigurableCommandSubFunctions, "Get Configurable Command Sub-function"),
        (GetCommandSubFunctionEnables, "Get Command Sub-function Enables"),
    ):
        request: Any = kind(
            channel=place.channel, netfn=NetFn(place.netfn), lun=place.lun, command_number=place.command
        )
        # Of the support ipmitool takes the first four bytes, which are not the mask's (Table 21-4).
        told.append(await _data(call, request, f"{name} {where}", SUB_MASK))
    masks.sub_unavailable, masks.sub_configurable, masks.sub_enabled = (
        bytes(SUB_MASK) if one is None else one for one in told
    )
    return None not in told


async def _data(call: Call, request: Request[Any], what: str, size: int) -> bytes | None:
    answer = await ask(call, request)
    if answer is None or answer.code:
        why = "" if answer is None else f": {answer.text()}"
        call.err(f"{what} command failed{why}")
        return None
    return answer.data[:size].ljust(size, b"\0")


# ---- switching


async def set_commands(call: Call, place: Place, masks: Masks, wanted: bytes, *, force: bool) -> bool:
    """Switch the commands of a network function, as far as they can be; False after a complaint.

    Args:
        force: Set Command Enables itself may be switched off.
    """
    now = bytearray(
        can & want | ~can & 0xFF & on
        for can, want, on in zip(masks.configurable, wanted, masks.enabled, strict=True)
    )
    if not force and bit(masks.enabled, SET_ENABLES):
        # ipmitool means to, but without force switches off all commands from 60h to 67h that it can.
        now = bytearray(with_bit(now, SET_ENABLES, True))
    for half in CommandRange.FROM_00H, CommandRange.FROM_80H:
        request = SetCommandEnables(
            channel=place.channel,
            commands=half,
            netfn=NetFn(place.netfn),
            lun=place.lun,
            enabled=bytes(now[HALF * half : HALF * half + HALF]),
        )
        where = f"(LUN={place.lun}, NetFn={place.netfn}, op={int(half)})"
        if await _data(call, request, f"Set Command Enables {where}", 0) is None:
            return False
    return True


async def set_sub_functions(call: Call, place: Place, masks: Masks, wanted: bytes) -> bool:
    """Switch the sub-functions of a command, as far as they can be; False after a complaint."""
    now = bytes(
        can & want | ~can & 0xFF & on
        for can, want, on in zip(masks.sub_configurable, wanted, masks.sub_enabled, strict=True)
    )
    request = SetCommandSubFunctionEnables.of_parts(
        channel=place.channel,
        netfn=NetFn(place.netfn),
        lun=place.lun,
        command_number=place.command,
        enabled=now,
    )
    where = f"(LUN={place.lun}, NetFn={place.netfn}, command={place.command})"
    return await _data(call, request, f"Set Command Sub-function Enables {where}", 0) is not None
