"""``baseboard firewall map``: who may send which command over which channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.cli import tables
from baseboard.cli.failures import DONE, FAILED
from baseboard.cli.long_options import UsageError
from baseboard.cli.results.firewall import Mapped, OnChannel, PartOff
from baseboard.codes import ChannelMedium

if TYPE_CHECKING:
    from collections.abc import Sequence

    from baseboard.cli.call import Call
    from baseboard.client.firewall_map import FirewallMap, MappedChannel, MappedCommand, Standing

_HIGHEST: Final = {"channel": 0xF, "lun": 3, "netfn": 0x3F}
_LEVELS: Final = {"administrator": "admin"}
_MEDIA: Final = {
    ChannelMedium.IPMB: "IPMB",
    ChannelMedium.LAN: "LAN",
    ChannelMedium.SERIAL: "serial",
    ChannelMedium.OTHER_LAN: "LAN",
    ChannelMedium.SYSTEM_INTERFACE: "system",
}
_FIXED: Final = "!"


async def run(call: Call, words: Sequence[str]) -> int:
    """``firewall map [channel H] [lun L] [netfn N]``; channel and netfn may be there several times."""
    given = numbers(words, ("channel", "lun", "netfn"), "firewall map")
    luns = given["lun"] or [0]
    if len(luns) > 1:
        raise UsageError("`firewall map` is of one LUN")
    bmc = await call.bmc()
    netfns = [number & ~1 for number in given["netfn"]]
    found = await bmc.firewall.map(given["channel"] or None, lun=luns[0], netfns=netfns or None)
    for row in found.commands:
        call.result(_result(found, row))
    if not found.commands:
        call.err("The controller tells of no command there")
        return FAILED
    call.out(_table(found))
    call.out(_legend(found))
    return DONE


def numbers(words: Sequence[str], known: Sequence[str], verb: str) -> dict[str, list[int]]:
    """The numbers behind each of the words that a verb takes.

    Raises:
        UsageError: a word is not known, its number is missing or too large.
    """
    found: dict[str, list[int]] = {word: [] for word in known}
    rest = iter(words)
    for word in rest:
        if word not in found:
            raise UsageError(f"{verb} takes: {' '.join(f'[{one} N]' for one in known)}")
        text = next(rest, "")
        try:
            number = int(text, 0)
        except ValueError:
            number = -1
        if not 0 <= number <= _HIGHEST[word]:
            raise UsageError(f"{word} wants a number from 0 to {_HIGHEST[word]:#x}")
        found[word].append(number)
    return found


def _result(found: FirewallMap, row: MappedCommand) -> Mapped:
    return Mapped(
        lun=found.lun,
        netfn=row.netfn,
        command=row.number,
        body=int.from_bytes(row.body, "little") if row.body else None,
        name=row.name,
        channels=[_on_channel(row, channel) for channel in found.channels],
    )


def _on_channel(row: MappedCommand, channel: MappedChannel) -> OnChannel:
    standing = row.standings.get(channel.number)
    parts = () if standing is None else standing.parts_off
    return OnChannel(
        channel=channel.number,
        medium=_medium(channel).lower(),
        who=row.who(channel),
        configurable=None if standing is None else standing.configurable,
        parts_off=[PartOff(number=number, name=name) for number, name in parts],
    )


def _medium(channel: MappedChannel) -> str:
    return _MEDIA.get(channel.medium, f"medium {channel.medium:02X}h")


# ---- the table


def _table(found: FirewallMap) -> str:
    """A row for a command and, below it, for each part of it that is off somewhere."""
    rows: list[list[str]] = []
    for row in found.commands:
        body = f"/{int.from_bytes(row.body, 'little'):0{2 * len(row.body)}X}" if row.body else ""
        cells = [_cell(row, channel) for channel in found.channels]
        rows.append([f"{row.netfn:02X}/{row.number:02X}{body}", row.name, *cells])
        parts = {part for standing in row.standings.values() for part in standing.parts_off}
        rows += [
            ["", f"  {part[1]}", *(_part(row, channel, part) for channel in found.channels)]
            for part in sorted(parts)
        ]
    heads = [f"{channel.number} {_medium(channel)}" for channel in found.channels]
    return tables.plain(["command", "name", *heads], rows)


def _cell(row: MappedCommand, channel: MappedChannel) -> str:
    who = row.who(channel)
    standing = row.standings.get(channel.number)
    fixed = standing is not None and standing.configurable is False
    return _LEVELS.get(who, who) + (_FIXED if fixed else "")


def _part(row: MappedCommand, channel: MappedChannel, part: tuple[int, str]) -> str:
    standing: Standing | None = row.standings.get(channel.number)
    return "off" if standing is not None and part in standing.parts_off else ""


def _legend(found: FirewallMap) -> str:
    off = sum(
        any(one.enabled is False or one.parts_off for one in row.standings.values()) for row in found.commands
    )
    return (
        f"\n{len(found.commands)} commands at LUN {found.lun}; {off or 'none'} of them off, or in part.\n"
        f"A level: from it on; -: not there; {_FIXED}: cannot be switched"
    )
