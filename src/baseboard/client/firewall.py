"""`bmc.firewall`: the commands of a channel, which of them can be switched, and which are on (§18, §21)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from baseboard.client.together import unless
from baseboard.codes import Cc, NetFn
from baseboard.commands.app.firewall import (
    COMMANDS,
    SUB_FUNCTIONS,
    CommandRange,
    GetCommandEnables,
    GetCommandSubFunctionEnables,
    GetCommandSubFunctionSupport,
    GetCommandSupport,
    GetConfigurableCommands,
    GetConfigurableCommandSubFunctions,
    GetNetfnSupport,
    GetOemNetfnIanaSupport,
    GetOemNetfnIanaSupportResponse,
    LunSupport,
    SetCommandEnables,
    SetCommandSubFunctionEnables,
    mask,
    members,
)
from baseboard.commands.sub_functions import PARTS
from baseboard.errors import LocalProtocolError, NoEffect

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc
    from baseboard.client.firewall_map import FirewallMap

HERE: Final = 0xE
SET_COMMAND_ENABLES: Final = SetCommandEnables.command.cmd

LAST_ENTRY: Final = 0x3F
_ABSENT: Final = (Cc.INVALID_DATA, Cc.NOT_PRESENT, Cc.PARAMETER_OUT_OF_RANGE, Cc.INVALID_LUN)


@dataclass(frozen=True, slots=True, kw_only=True)
class NetfnSupport:
    """The network functions of a channel.

    Attributes:
        luns: of each LUN what is behind it.
        netfns: of each LUN the network functions of its requests.
    """

    luns: tuple[LunSupport, LunSupport, LunSupport, LunSupport]
    netfns: tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandSet:
    """The commands of a network function.

    Attributes:
        supported: those that there are.
        configurable: those that can be switched; None if the controller does not tell.
        enabled: those that are on; None if the controller does not tell.
    """

    supported: frozenset[int]
    configurable: frozenset[int] | None
    enabled: frozenset[int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubFunctionSet:
    """The parts of a command, by the numbers that the specification gives them (Table H-1).

    Attributes:
        specification: which one: 0 IPMI, 1 IPMB, 2 ICMB, with the errata in the low half.
        version: of it, such as ``2.0``.
        revision: of it, such as ``1.1``.
        supported: those that there are.
        configurable: those that can be switched; None if the controller does not tell.
        enabled: those that are on; None if the controller does not tell.
    """

    specification: int
    version: str
    revision: str
    supported: frozenset[int]
    configurable: frozenset[int] | None
    enabled: frozenset[int] | None


class Firewall:
    """The firmware firewall of a controller: which commands a channel takes.

    Over any channel the settings of each can be made. To keep the host from resetting the controller, and
    from switching that on again:

    >>> host = 0xF                                                                        # doctest: +SKIP
    >>> await bmc.firewall.switch(NetFn.APP, [0x02, 0x60], enabled=False, channel=host, force=True)
    ...                                                                                   # doctest: +SKIP
    >>> seen = await bmc.firewall.map()                                                   # doctest: +SKIP
    >>> [(row.name, row.who(channel)) for row in seen.commands for channel in seen.channels]
    ...                                                                                   # doctest: +SKIP
    """

    def __init__(self, bmc: Bmc) -> None:
        self._bmc = bmc

    # ---- what there is

    async def netfns(self, channel: int = HERE) -> NetfnSupport:
        """Ask which network functions there are.

        Raises:
            CompletionError: the controller has no firewall (C1h).
        """
        told = await self._bmc.execute(GetNetfnSupport(channel=channel))
        pairs = (told.lun_0_pairs, told.lun_1_pairs, told.lun_2_pairs, told.lun_3_pairs)
        one, two, three, four = (tuple(sorted(2 * pair for pair in members(some))) for some in pairs)
        return NetfnSupport(
            luns=(told.lun_0, told.lun_1, told.lun_2, told.lun_3), netfns=(one, two, three, four)
        )

    async def commands(
        self, netfn: int, lun: int = 0, channel: int = HERE, *, body: bytes = b""
    ) -> CommandSet:
        """Ask which commands a network function has, which can be switched, and which are on.

        Args:
            body: the defining body of NetFn 2Ch (1 byte), the IANA number of NetFn 2Eh (3).
        """
        halves = [await self._half(netfn, lun, channel, body, half) for half in CommandRange]
        return CommandSet(
            supported=halves[0].supported | halves[1].supported,
            configurable=_joined(halves[0].configurable, halves[1].configurable),
            enabled=_joined(halves[0].enabled, halves[1].enabled),
        )

    async def _half(self, netfn: int, lun: int, channel: int, body: bytes, half: CommandRange) -> CommandSet:
        number, first = NetFn(netfn), COMMANDS * half
        have = await self._bmc.execute(
            GetCommandSupport(channel=channel, commands=half, netfn=number, lun=lun, body=body)
        )
        may = await unless(
            self._bmc.execute(
                GetConfigurableCommands(channel=channel, commands=half, netfn=number, lun=lun, body=body)
            ),
            Cc.INVALID_COMMAND,
        )
        now = await unless(
            self._bmc.execute(
                GetCommandEnables(channel=channel, commands=half, netfn=number, lun=lun, body=body)
            ),
            Cc.INVALID_COMMAND,
        )
        return CommandSet(
            supported=members(have.unavailable, first=first, inverted=True),
            configurable=None if may is None else members(may.configurable, first=first),
            enabled=None if now is None else members(now.enabled, first=first),
        )

    async def sub_functions(
        self, netfn: int, command: int, lun: int = 0, channel: int = HERE, *, body: bytes = b""
    ) -> SubFunctionSet:
        """Ask which parts a command has, which can be switched, and which are on."""
        number = NetFn(netfn)
        have = await self._bmc.execute(
            GetCommandSubFunctionSupport(
                channel=channel, netfn=number, lun=lun, command_number=command, body=body
            )
        )
        may = await unless(
            self._bmc.execute(
                GetConfigurableCommandSubFunctions(
                    channel=channel, netfn=number, lun=lun, command_number=command, body=body
                )
            ),
            Cc.INVALID_COMMAND,
        )
        now = await unless(
            self._bmc.execute(
                GetCommandSubFunctionEnables(
                    channel=channel, netfn=number, lun=lun, command_number=command, body=body
                )
            ),
            Cc.INVALID_COMMAND,
            GetCommandSubFunctionEnables.NOT_CONFIGURABLE,
        )
        unavailable = have.unavailable + (have.unavailable_above or b"")
        return SubFunctionSet(
            specification=have.specification,
            version=f"{have.version & 0xF}.{have.version >> 4}",
            revision=f"{have.revision >> 4}.{have.revision & 0xF}",
            supported=members(unavailable, inverted=True),
            configurable=None if may is None else members(may.configurable + (may.configurable_above or b"")),
            enabled=None if now is None else members(now.enabled + (now.enabled_above or b"")),
        )

    async def owners(self, netfn: int, channel: int = HERE) -> AsyncIterator[GetOemNetfnIanaSupportResponse]:
        """List whose an OEM or group network function is (2Ch, 2Eh, 30h-3Fh)."""
        for index in range(LAST_ENTRY + 1):
            request = GetOemNetfnIanaSupport(channel=channel, netfn=NetFn(netfn), list_index=index)
            entry = await unless(self._bmc.execute(request), *_ABSENT)
            if entry is None:
                return
            yield entry
            if entry.last:
                return

    async def map(
        self, channels: Sequence[int] | None = None, *, lun: int = 0, netfns: Sequence[int] | None = None
    ) -> FirewallMap:
        """Find out who may send which command over which channel.

        Args:
            channels: their numbers; left out: all that there are.
            lun: of the commands.
            netfns: network functions of requests; left out: all.

        Raises:
            CompletionError: the controller has no firewall (C1h).
        """
        from baseboard.client.firewall_map import survey

        return await survey(self._bmc, channels, lun=lun, netfns=netfns)

    # ---- switching

    async def switch(
        self,
        netfn: int,
        commands: Iterable[int],
        *,
        enabled: bool,
        lun: int = 0,
        channel: int = HERE,
        body: bytes = b"",
        force: bool = False,
    ) -> frozenset[int]:
        """Switch commands of a network function on or off; the others stay as they are.

        Args:
            commands: which.
            force: also switch off Set Command Enables itself, after which nothing can be switched on again
                over this channel.

        Returns: the commands that are on now.

        Raises:
            CompletionError: refused; 80h: one of them cannot be switched on.
            LocalProtocolError: that would close the door for good, and ``force`` is not given.
            NoEffect: acknowledged, and not what one reads back.
        """
        wanted, number = frozenset(commands), NetFn(netfn)
        if not force and not enabled and netfn == NetFn.APP and SET_COMMAND_ENABLES in wanted:
            raise LocalProtocolError("without Set Command Enables nothing can be switched on again")
        on: frozenset[int] = frozenset()
        for half in CommandRange:
            first = COMMANDS * half
            ask = GetCommandEnables(channel=channel, commands=half, netfn=number, lun=lun, body=body)
            before = members((await self._bmc.execute(ask)).enabled, first=first)
            here = frozenset(number for number in wanted if first <= number < first + COMMANDS)
            after = before | here if enabled else before - here
            if after != before:
                request = SetCommandEnables(
                    channel=channel,
                    commands=half,
                    netfn=number,
                    lun=lun,
                    enabled=mask(after, COMMANDS, first=first),
                    body=body,
                )
                await self._bmc.execute(request)
                back = members((await self._bmc.execute(ask)).enabled, first=first)
                if back != after:
                    raise NoEffect(f"NetFn {netfn:02X}h: {_named(after ^ back)} did not change")
            on |= after
        return on

    async def switch_sub_functions(
        self,
        netfn: int,
        command: int,
        numbers: Iterable[int],
        *,
        enabled: bool,
        lun: int = 0,
        channel: int = HERE,
        body: bytes = b"",
    ) -> frozenset[int]:
        """Switch parts of a command on or off; the others stay as they are.

        Returns: the parts that are on now.

        Raises:
            CompletionError: refused; 80h: one of them cannot be switched on.
            NoEffect: acknowledged, and not what one reads back.
        """
        ask = GetCommandSubFunctionEnables(
            channel=channel, netfn=NetFn(netfn), lun=lun, command_number=command, body=body
        )
        told = await self._bmc.execute(ask)
        bits = SUB_FUNCTIONS if told.enabled_above is None else 2 * SUB_FUNCTIONS
        before = members(told.enabled + (told.enabled_above or b""))
        after = before | frozenset(numbers) if enabled else before - frozenset(numbers)
        if after == before:
            return before
        await self._bmc.execute(
            SetCommandSubFunctionEnables.of_parts(
                channel=channel,
                netfn=NetFn(netfn),
                lun=lun,
                command_number=command,
                enabled=mask(after, bits),
                body=body,
            )
        )
        told = await self._bmc.execute(ask)
        back = members(told.enabled + (told.enabled_above or b""))
        if back != after:
            raise NoEffect(f"command {netfn:02X}h/{command:02X}h: {_named(after ^ back)} did not change")
        return back

    async def reset(self, channel: int = HERE) -> int:
        """Switch on everything that can be switched, at every LUN; what is on stays as it is.

        Of parts of commands those are asked for whose numbers are known (`baseboard.commands.sub_functions`).

        Returns: how many commands were off, or had parts that were.

        Raises:
            CompletionError: refused, or the controller has no firewall (C1h).
            NoEffect: acknowledged, and not what one reads back.
        """
        from baseboard.client.firewall_map import bodies

        switched = 0
        support = await self.netfns(channel)
        for lun, netfns in enumerate(support.netfns):
            for netfn in netfns:
                for body in await bodies(self._bmc, netfn, channel):
                    switched += await self._reset(netfn, lun, channel, body)
        return switched

    async def _reset(self, netfn: int, lun: int, channel: int, body: bytes) -> int:
        known = await self.commands(netfn, lun, channel, body=body)
        off = (known.configurable or frozenset()) - (known.enabled or frozenset())
        if off:
            await self.switch(netfn, off, enabled=True, lun=lun, channel=channel, body=body)
        switched = set(off)
        for command in (one.request.command for one in PARTS):
            if command.netfn != netfn or body or command.cmd not in known.supported:
                continue
            asked = self.sub_functions(netfn, command.cmd, lun, channel)
            parts = await unless(asked, Cc.INVALID_COMMAND)
            if parts is None or parts.configurable is None or parts.enabled is None:
                continue
            missing = parts.configurable - parts.enabled
            if missing:
                await self.switch_sub_functions(
                    netfn, command.cmd, missing, enabled=True, lun=lun, channel=channel
                )
                switched.add(command.cmd)
        return len(switched)


def _joined(one: frozenset[int] | None, other: frozenset[int] | None) -> frozenset[int] | None:
    return None if one is None or other is None else one | other


def _named(numbers: Iterable[int]) -> str:
    return ", ".join(f"{number:02X}h" for number in sorted(numbers))
