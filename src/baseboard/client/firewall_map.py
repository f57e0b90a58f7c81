"""`bmc.firewall.map()`: who may send which command over which channel (§18, §21, Table G-1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from baseboard.client.together import together, unless
from baseboard.codes import Cc, ChannelMedium, NetFn, Privilege
from baseboard.commands.declaration import Command, Interfaces, load_all, lookup
from baseboard.commands.sub_functions import PARTS

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc
    from baseboard.client.firewall import SubFunctionSet

BODY_SIZES: Final = {int(NetFn.GROUP_EXTENSION): 1, int(NetFn.OEM_GROUP): 3}
_ABSENT: Final = (Cc.INVALID_DATA, Cc.NOT_PRESENT, Cc.PARAMETER_OUT_OF_RANGE, Cc.INVALID_LENGTH)


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedChannel:
    """A channel of the map.

    Attributes:
        number: 0-Bh, or Fh.
        medium: what it is made of.
        sessions: one logs in there, and a privilege level counts.
        limit: the highest level that it gives; None without sessions, or if the controller does not tell.
    """

    number: int
    medium: ChannelMedium
    sessions: bool
    limit: Privilege | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a channel says of a command.

    Attributes:
        available: it has the command.
        configurable: the command can be switched; None if the controller does not tell.
        enabled: it is on; None if the controller does not tell.
        parts_off: the parts of it that are off, by number and name.
    """

    available: bool = False
    configurable: bool | None = None
    enabled: bool | None = None
    parts_off: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedCommand:
    """A command, and who may send it.

    Attributes:
        netfn: network function of the request.
        number: of the command.
        body: defining body or IANA number; empty where there is none.
        command: what is known of it; None of one that is not declared.
        standings: by the number of the channel.
    """

    netfn: int
    number: int
    body: bytes
    command: Command | None
    standings: dict[int, Standing]

    @property
    def name(self) -> str:
        """The specification's; empty if it is not known."""
        return "" if self.command is None else self.command.name

    def who(self, channel: MappedChannel) -> str:
        """Say in a word who may send it over a channel.

        Returns: ``-``, the channel does not have it; ``off``; ``nobody``, it wants a level above the limit of
            the channel; ``anybody``; a level, from which on one may; ``?``, no level is known.
        """
        standing = self.standings.get(channel.number, _NOT_THERE)
        if not standing.available:
            return "-"
        if standing.enabled is False:
            return "off"
        if not channel.sessions or (self.command is not None and self.command.session_less):
            return "anybody"
        if self.command is None or self.command.interfaces is Interfaces.BMC_GENERATED:
            return "?"
        level = max(self.command.privilege, Privilege.CALLBACK)
        if channel.limit is not None and level > channel.limit:
            return "nobody"
        return level.name.lower()


_NOT_THERE: Final = Standing()


@dataclass(frozen=True, slots=True, kw_only=True)
class FirewallMap:
    """Who may send what over which channel.

    Attributes:
        lun: of the commands.
        channels: those that the controller has, and tells of.
        commands: by number; those that no channel has are left out.
    """

    lun: int
    channels: tuple[MappedChannel, ...]
    commands: tuple[MappedCommand, ...]


async def survey(
    bmc: Bmc, channels: Sequence[int] | None = None, *, lun: int = 0, netfns: Sequence[int] | None = None
) -> FirewallMap:
    """Ask for all of it; see `Firewall.map`."""
    load_all()
    found = [one for one in await _channels(bmc) if channels is None or one.number in channels]
    places: list[tuple[int, int, bytes]] = []
    told: list[MappedChannel] = []
    for one in found:
        # A controller without a firewall says so here; one that tells only of some channels is believed.
        support = await unless(bmc.firewall.netfns(one.number), *_ABSENT)
        if support is None:
            continue
        told.append(one)
        for netfn in support.netfns[lun]:
            if netfns is None or netfn in netfns:
                places += [(one.number, netfn, body) for body in await bodies(bmc, netfn, one.number)]

    async def ask(place: tuple[int, int, bytes]) -> dict[int, Standing]:
        channel, netfn, body = place
        return await _standings(bmc, netfn, lun, channel, body)

    rows: dict[tuple[int, bytes, int], dict[int, Standing]] = {}
    for (channel, netfn, body), standings in zip(places, await together(bmc, ask, places), strict=True):
        for number, standing in standings.items():
            rows.setdefault((netfn, body, number), {})[channel] = standing
    return FirewallMap(
        lun=lun,
        channels=tuple(told),
        commands=tuple(
            MappedCommand(
                netfn=netfn,
                number=number,
                body=body,
                command=lookup(netfn, number, int.from_bytes(body, "little") if body else None),
                standings=standings,
            )
            for (netfn, body, number), standings in sorted(rows.items())
        ),
    )


async def _channels(bmc: Bmc) -> list[MappedChannel]:
    found: list[MappedChannel] = []
    for info in await bmc.channels.list():
        sessions = bool(info.session_support)
        access = await unless(bmc.channels.access(info.channel), *_ABSENT) if sessions else None
        found.append(
            MappedChannel(
                number=info.channel,
                medium=info.medium,
                sessions=sessions,
                limit=None if access is None else access.privilege_limit,
            )
        )
    return found


async def bodies(bmc: Bmc, netfn: int, channel: int) -> list[bytes]:
    """Whose commands of a network function there are: nobody's in particular, or of each of a list."""
    size = BODY_SIZES.get(netfn)
    if size is None:
        return [b""]
    listed = [entry.body async for entry in bmc.firewall.owners(netfn, channel)]
    return [body for body in dict.fromkeys(listed) if len(body) == size]


async def _standings(bmc: Bmc, netfn: int, lun: int, channel: int, body: bytes) -> dict[int, Standing]:
    commands = await bmc.firewall.commands(netfn, lun, channel, body=body)
    parts: dict[int, tuple[tuple[int, str], ...]] = {}
    for one in PARTS:
        known = one.request.command
        if known.netfn == netfn and not body and known.cmd in commands.supported:
            answer = await unless(
                bmc.firewall.sub_functions(netfn, known.cmd, lun, channel), Cc.INVALID_COMMAND, *_ABSENT
            )
            parts[known.cmd] = _off(answer, one.names)
    return {
        number: Standing(
            available=True,
            configurable=_told(number, commands.configurable),
            enabled=_told(number, commands.enabled),
            parts_off=parts.get(number, ()),
        )
        for number in commands.supported
    }


def _told(number: int, numbers: frozenset[int] | None) -> bool | None:
    return None if numbers is None else number in numbers


def _off(parts: SubFunctionSet | None, names: dict[int, str]) -> tuple[tuple[int, str], ...]:
    if parts is None or parts.enabled is None:
        return ()
    off = parts.supported - parts.enabled
    return tuple((number, name) for number, name in sorted(names.items()) if number in off)
