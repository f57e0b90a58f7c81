"""The firmware firewall: which commands a channel takes (§18, §21).

What is *off* is kept, as a mask of 256 bits for each channel, LUN and network function that has something
off: a BMC with nothing off keeps nothing, and :attr:`Firewall.active` alone tells so.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from baseboard.bmc.blueprint.firewall import FirewallSpec
from baseboard.bmc.services.channels import PRIMARY_IPMB, Channel, Channels
from baseboard.bmc.services.command_keys import CMD_BITS, key_of_command, luns, split
from baseboard.bmc.services.home import Home
from baseboard.codes import Cc
from baseboard.commands.app.device import GetDeviceId
from baseboard.commands.app.firewall import (
    GetCommandEnables,
    GetCommandSubFunctionEnables,
    GetCommandSubFunctionSupport,
    GetCommandSupport,
    GetConfigurableCommands,
    GetConfigurableCommandSubFunctions,
    GetNetfnSupport,
    GetOemNetfnIanaSupport,
    SetCommandEnables,
    SetCommandSubFunctionEnables,
)
from baseboard.commands.app.sessions import ActivateSession, CloseSession, SetSessionPrivilegeLevel
from baseboard.commands.declaration import Command, lookup
from baseboard.commands.sub_functions import PARTS as _PARTS
from baseboard.commands.sub_functions import Parts
from baseboard.errors import CompletionError, DecodeError

_CMD_MASK: Final = (1 << CMD_BITS) - 1
_NETFN_MASK: Final = 0x3F
_FAMILY_BITS: Final = 34  # an IANA number plus 1, above the network function's byte
_LUN_BITS: Final = 2
_NOTHING: Final[dict[int, int]] = {}

PARTS: Final[dict[int, Parts]] = {key_of_command(parts.request.command): parts for parts in _PARTS}
"""Commands that have parts, by their numbers."""

ALWAYS: Final = frozenset(
    key_of_command(request.command)
    for request in (
        GetDeviceId, GetNetfnSupport, GetCommandSupport, GetCommandSubFunctionSupport,
        GetConfigurableCommands, GetConfigurableCommandSubFunctions, GetCommandEnables,
        GetCommandSubFunctionEnables, GetOemNetfnIanaSupport, ActivateSession, SetSessionPrivilegeLevel,
        CloseSession,
    )
)  # fmt: skip
"""What no firewall keeps out beside the commands that are accepted before a session.

The specification's own list was in no source that could be read. Without these nobody could log in, log out,
or see what is off.
"""

DOOR: Final = key_of_command(SetCommandEnables.command)
"""The command that opens again what was shut."""

_DOORS: Final = (DOOR, key_of_command(SetCommandSubFunctionEnables.command))


def protected(command: Command) -> bool:
    """Whether a command can never be switched off."""
    return command.session_less or key_of_command(command) in ALWAYS


def _protected_key(key: int) -> bool:
    family = key >> CMD_BITS
    group = family >> CMD_BITS
    known = lookup(family & _CMD_MASK, key & _CMD_MASK, group - 1 if group else None)
    return known is not None and protected(known)


class Firewall:
    """Which commands, and which parts of commands, are off on which channel.

    Attributes:
        active: something is off.
    """

    __slots__ = ("_channels", "_commands", "_home", "_parts", "_removed", "active")

    def __init__(self, home: Home, channels: Channels) -> None:
        self._home, self._channels = home, channels
        self._commands, self._parts, self._removed = self._as_shipped()
        kept, kept_parts = home.journal.saved("firewall"), home.journal.saved("firewall parts")
        if kept:
            self._commands = _merged(self._commands, kept)
            for place, mask in self._removed.items():
                self._commands[place] = self._commands.get(place, 0) | mask
        if kept_parts:
            self._parts = _merged(self._parts, kept_parts)
        self.active = bool(self._commands or self._parts)

    # ---- the question that dispatch asks

    def blocks(self, channel: int, lun: int, key: int) -> bool:
        """Whether a command is off on a channel.

        Args:
            key: its number, see `command_keys`.
        """
        mask = self._commands.get(_place(channel, lun, key >> CMD_BITS), 0)
        return bool(mask >> (key & _CMD_MASK) & 1)

    def blocks_part(self, channel: int, lun: int, key: int, request: Any) -> bool:
        """Whether the part of a command that a request asks for is off on a channel."""
        mask = self._parts.get(_place(channel, lun, key), 0)
        if not mask:
            return False
        part = PARTS[key].used(request)
        return part is not None and bool(mask >> part & 1)

    def refusal(self, channel: int, lun: int, netfn: int, cmd: int, data: bytes) -> int:
        """What a request that came in on a channel, as it is or inside of another, is to be refused with.

        Args:
            channel: the real number of the channel it arrived on.
            netfn: of the request.
            data: as it stands in the message, the defining body included.

        Returns: D4h, the command is off; D6h, its part is; 00h, it may pass.
        """
        if not self.active:
            return Cc.OK
        key, rest = split(netfn, cmd, data)
        if self.blocks(channel, lun, key):
            return Cc.INSUFFICIENT_PRIVILEGE
        if self._parts.get(_place(channel, lun, key)):
            try:
                request = PARTS[key].request.decode(rest)
            except DecodeError:
                return Cc.OK  # whoever is to answer says what is wrong with it
            if self.blocks_part(channel, lun, key, request):
                return Cc.SUBFUNCTION_DISABLED
        return Cc.OK

    def permits(self, channel: int, lun: int, netfn: int, cmd: int, data: bytes) -> bool:
        """Whether a request that came in on a channel may pass; see :meth:`refusal`."""
        return self.refusal(channel, lun, netfn, cmd, data) == Cc.OK

    # ---- what can be switched

    def removed(self, channel: int, lun: int, family: int) -> int:
        """The commands of a network function that a channel does not have; a bit each."""
        return self._removed.get(_place(channel, lun, family), 0)

    def configurable(self, channel: Channel, lun: int, command: Command) -> bool:
        """Whether a command can be switched on a channel."""
        key = key_of_command(command)
        if protected(command) or self.removed(channel.number, lun, key >> CMD_BITS) >> command.cmd & 1:
            return False
        # Who logs in keeps the door open, for many a console shuts it unasked (0021).
        return key not in _DOORS or channel.session_support == 0 or self._home.blueprint.firewall.lockable

    # ---- commands

    def off(self, channel: int, lun: int, family: int) -> int:
        """The commands of a network function that are off on a channel; a bit each.

        Args:
            family: number of the network function and of whose it is, see `command_keys`.
        """
        return self._commands.get(_place(channel, lun, family), 0)

    def switch_off(self, channel: int, lun: int, family: int, off: int) -> None:
        """Set which commands of a network function are off on a channel; the change is kept.

        Raises:
            CompletionError: D5h, no other channel could open again what is shut.
        """
        place = _place(channel, lun, family)
        if off >> (DOOR & _CMD_MASK) & 1 and family == DOOR >> CMD_BITS and not self._another_door(channel):
            raise CompletionError(Cc.NOT_SUPPORTED_IN_STATE, "no other channel has Set Command Enables")
        off |= self._removed.get(place, 0)
        self._commands = self._changed(self._commands, self._as_shipped()[0], "firewall", place, off)
        self.active = bool(self._commands or self._parts)

    def _another_door(self, channel: int) -> bool:
        """Whether another channel has Set Command Enables on; that somebody is on the IPMB is not certain."""
        others = set(self._channels.numbers()) - {channel, PRIMARY_IPMB}
        return any(not self.blocks(other, 0, DOOR) for other in others)

    # ---- parts of commands

    def parts_off(self, channel: int, lun: int, key: int) -> int:
        """The parts of a command that are off on a channel; a bit each."""
        return self._parts.get(_place(channel, lun, key), 0)

    def switch_parts_off(self, channel: int, lun: int, key: int, off: int) -> None:
        """Set which parts of a command are off on a channel; the change is kept."""
        shipped = self._as_shipped()[1]
        self._parts = self._changed(self._parts, shipped, "firewall parts", _place(channel, lun, key), off)
        self.active = bool(self._commands or self._parts)

    # ---- what is kept

    def _changed(
        self, masks: dict[int, int], shipped: dict[int, int], section: str, place: int, mask: int
    ) -> dict[int, int]:
        """The masks with one of them changed; those as shipped belong to all BMCs of the make-up."""
        if masks.get(place, 0) == mask:
            return masks
        if mask == shipped.get(place, 0):
            self._home.journal.delete(section, place)
        else:
            self._home.journal.put(section, place, mask.to_bytes((mask.bit_length() + 7) // 8, "little"))
        return {at: one for at, one in {**masks, place: mask}.items() if one}

    def _as_shipped(self) -> tuple[dict[int, int], dict[int, int], dict[int, int]]:
        spec = self._home.blueprint.firewall
        if not spec.rules:
            return _NOTHING, _NOTHING, _NOTHING
        there = tuple((self._channels.get(number).medium, number) for number in self._channels.numbers())
        return _shipped(spec, there)


def _place(channel: int, lun: int, number: int) -> int:
    """Where masks are kept: of a family its commands, of a command its parts."""
    return (channel << _LUN_BITS | lun) << _FAMILY_BITS + CMD_BITS | number


def _merged(shipped: dict[int, int], kept: dict[int, bytes]) -> dict[int, int]:
    """What is off after a restart; a mask that was emptied by hand stays empty."""
    masks = {**shipped, **{place: int.from_bytes(mask, "little") for place, mask in kept.items()}}
    return {place: mask for place, mask in masks.items() if mask}


@lru_cache(maxsize=64)
def _shipped(
    spec: FirewallSpec, channels: tuple[tuple[int, int], ...]
) -> tuple[dict[int, int], dict[int, int], dict[int, int]]:
    """The masks as shipped: commands off, parts off, commands removed; made once for equal BMCs.

    Args:
        channels: medium and number of each.
    """
    commands: dict[int, int] = {}
    parts: dict[int, int] = {}
    removed: dict[int, int] = {}
    for rule in spec.rules:
        for number in (number for medium, number in channels if medium == rule.medium):
            for key in rule.commands:
                if _protected_key(key):
                    continue
                for lun in luns(key >> CMD_BITS & _NETFN_MASK):
                    place, bit = _place(number, lun, key >> CMD_BITS), 1 << (key & _CMD_MASK)
                    commands[place] = commands.get(place, 0) | bit
                    if rule.removed:
                        removed[place] = removed.get(place, 0) | bit
            for key, part in rule.parts:
                for lun in luns(key >> CMD_BITS & _NETFN_MASK):
                    place = _place(number, lun, key)
                    parts[place] = parts.get(place, 0) | 1 << part
    return commands, parts, removed
