"""Command forwarding: which requests the BMC hands to another controller instead of answering them (§35b).

How the specification lays this out was in no source that could be read; see `commands.transport.forwarding`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from baseboard.bmc.services.bridging import IPMB_CHANNEL, Bridging
from baseboard.bmc.services.bus_station import Reply
from baseboard.bmc.services.channels import SYSTEM_INTERFACE, Channels
from baseboard.bmc.services.command_keys import CMD_BITS, key_of_command, split
from baseboard.bmc.services.firewall import Firewall, protected
from baseboard.bmc.services.home import Home
from baseboard.codes import Cc, NetFn, Privilege
from baseboard.commands.app.device import GetDeviceId
from baseboard.commands.app.messaging import GetMessage, ReadEventMessageBuffer, SendMessage
from baseboard.commands.declaration import Interfaces, lookup
from baseboard.commands.transport.forwarding import (
    EnableForwardedCommands,
    ForwardedCommand,
    GetForwardedCommands,
    SetForwardedCommands,
)
from baseboard.errors import CompletionError

HALF: Final = 128
LONGEST: Final = 22
"""Bytes of a request that fit into Forwarded Command on an IPMB."""

_COMMANDS, _TARGETS = "forwarded commands", "forwarding"
_CMD_MASK: Final = (1 << CMD_BITS) - 1
_MASK_BYTES: Final = 32
_LUN_BITS: Final = 2

NEVER: Final = frozenset(
    key_of_command(request.command)
    for request in (
        SendMessage, GetMessage, ReadEventMessageBuffer, ForwardedCommand, SetForwardedCommands,
        GetForwardedCommands, EnableForwardedCommands,
    )
)  # fmt: skip
"""What is never forwarded, as little as what no firewall keeps out: carriers of messages, and forwarding."""

_IDENTITY: Final = key_of_command(GetDeviceId.command)


class Target(NamedTuple):
    """Who gets what a channel forwards.

    Attributes:
        enabled: it does so now.
        slave_address: 8 bits; 0 = none was named.
    """

    enabled: bool = False
    slave_address: int = 0
    channel: int = IPMB_CHANNEL
    lun: int = 0


class Forwarding:
    """What is forwarded, by channel.

    Attributes:
        active: some channel forwards.
        on_change: called when ``active`` may have changed.
    """

    __slots__ = (
        "_bridging",
        "_channels",
        "_commands",
        "_firewall",
        "_home",
        "_targets",
        "active",
        "on_change",
    )

    def __init__(self, home: Home, channels: Channels, firewall: Firewall, bridging: Bridging) -> None:
        self._home, self._channels, self._firewall, self._bridging = home, channels, firewall, bridging
        saved = home.journal.saved(_COMMANDS)
        self._commands = {place: int.from_bytes(row, "little") for place, row in saved.items()}
        self._targets = {
            channel: Target(bool(row[0]), *row[1:]) for channel, row in home.journal.saved(_TARGETS).items()
        }
        self.on_change: list[Callable[[], None]] = []
        self._look()

    def _look(self) -> None:
        self.active = any(target.enabled for target in self._targets.values())
        for listener in self.on_change:
            listener()

    # ---- what is set

    def channel(self, number: int) -> int:
        """A channel whose requests can be forwarded: one of people or of the host, not one of controllers.

        Raises:
            CompletionError: CCh, there is no such channel, or it is one of controllers.
        """
        channel = self._channels.get(number)
        if number != SYSTEM_INTERFACE and not channel.session_support:
            raise CompletionError(Cc.INVALID_DATA)
        return number

    def commands(self, channel: int, lun: int, family: int) -> int:
        """The chosen commands of a network function; a bit each."""
        return self._commands.get(_place(channel, lun, family), 0)

    def choose(self, channel: int, lun: int, family: int, half: int, mask: int) -> None:
        """Choose commands of half a network function.

        Args:
            half: 0 for 00h-7Fh, 1 for 80h-FFh.
            mask: a bit for each command of that half.

        Raises:
            CompletionError: CCh, one of them is never forwarded.
        """
        shift = half * HALF
        if any(mask >> cmd & 1 and _never(family << CMD_BITS | cmd + shift) for cmd in range(HALF)):
            raise CompletionError(Cc.INVALID_DATA)
        place = _place(channel, lun, family)
        kept = self._commands.get(place, 0) & ~(((1 << HALF) - 1) << shift) | mask << shift
        self._commands[place] = kept
        self._home.journal.put(_COMMANDS, place, kept.to_bytes(_MASK_BYTES, "little"))

    def target(self, channel: int) -> Target:
        """Who gets what a channel forwards."""
        return self._targets.get(channel, _NOBODY)

    def aim(self, channel: int, target: Target) -> None:
        """Say whether a channel forwards, and to whom.

        Raises:
            CompletionError: CCh, there is nobody named, it is the BMC itself, or not on the IPMB.
        """
        named = target.slave_address
        if target.enabled and not named:
            raise CompletionError(Cc.INVALID_DATA)
        if named and (named & 1 or not 0x10 <= named < 0xF0 or named == self._home.address):
            raise CompletionError(Cc.INVALID_DATA)
        if target.channel != IPMB_CHANNEL:
            raise CompletionError(Cc.INVALID_DATA)
        self._targets[channel] = target
        self._home.journal.put(_TARGETS, channel, bytes(target))
        self._look()

    # ---- what is done

    def take(
        self,
        channel: int,
        netfn: int,
        lun: int,
        cmd: int,
        data: bytes,
        privilege: int | None,
        reply: Reply,
    ) -> bool:
        """Forward a request, if it is one of those.

        Args:
            privilege: level of the requester; None on a channel where levels do not count.

        Returns: whether it is; ``reply`` takes the answer then, now or later.
        """
        target = self._targets.get(channel)
        if target is None or not target.enabled:
            return False
        key, _ = split(netfn, cmd, data)
        if not self.commands(channel, lun, key >> CMD_BITS) >> (key & _CMD_MASK) & 1:
            return False
        refusal = self._refusal(channel, netfn, lun, cmd, data, privilege)
        if refusal:
            reply(bytes((refusal,)))
            return True
        request = ForwardedCommand(
            privilege=Privilege(privilege or 0),
            channel=channel,
            netfn=NetFn(netfn),
            lun=lun,
            cmd=cmd,
            data=data,
        )
        known = request.command
        self._bridging.station.ask(
            target.slave_address,
            known.netfn,
            known.cmd,
            request.encode(),
            lambda answer: reply(_inner(answer)),
            lambda code: reply(bytes((Cc.DESTINATION_UNAVAILABLE,))),
            lun=target.lun,
        )
        return True

    def _refusal(
        self, channel: int, netfn: int, lun: int, cmd: int, data: bytes, privilege: int | None
    ) -> int:
        """What forbids it: the firewall, the level, a length that no frame holds."""
        refused = self._firewall.refusal(channel, lun, netfn, cmd, data)
        if refused:
            return refused
        known = lookup(netfn, cmd, data[0] if netfn == NetFn.GROUP_EXTENSION and data else None)
        # What the BMC does not know asks for the level of bridging.
        wanted = Privilege.OPERATOR if known is None else known.privilege
        local = known is not None and known.interfaces is not Interfaces.ANY
        if privilege is not None and (local or privilege < wanted):
            return Cc.INSUFFICIENT_PRIVILEGE
        return Cc.LENGTH_LIMIT_EXCEEDED if len(data) > LONGEST else Cc.OK


_NOBODY: Final = Target()


def _never(key: int) -> bool:
    """Whether a command is not forwarded whatever is set."""
    if key in NEVER:
        return True
    known = lookup(key >> CMD_BITS & 0x3F, key & _CMD_MASK)
    return known is not None and key != _IDENTITY and protected(known)


def _place(channel: int, lun: int, family: int) -> int:
    return (family << _LUN_BITS | lun) << 4 | channel


def _inner(answer: bytes) -> bytes:
    """The answer to the forwarded request out of that to Forwarded Command."""
    if answer[0] == ForwardedCommand.TARGET_UNAVAILABLE:
        return bytes((Cc.DESTINATION_UNAVAILABLE,))
    if answer[0] == Cc.OK:
        return answer[1:] or bytes((Cc.CANNOT_PROVIDE,))
    return answer[:1]
