"""``baseboard firewall owners``: whose the network functions of groups and makers are (§21.11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.cli import tables
from baseboard.cli.failures import DONE, FAILED
from baseboard.cli.firewall_map import numbers
from baseboard.cli.results.firewall import Owner
from baseboard.codes import GroupExtension, NetFn
from baseboard.commands.app.firewall import LunSupport

if TYPE_CHECKING:
    from collections.abc import Sequence

    from baseboard.cli.call import Call
    from baseboard.commands.app.firewall import GetOemNetfnIanaSupportResponse

_NETFNS: Final = (NetFn.GROUP_EXTENSION, NetFn.OEM_GROUP, *range(0x30, 0x40, 2))
_HERE: Final = 0xE


async def run(call: Call, words: Sequence[str]) -> int:
    """``firewall owners [channel H] [netfn N ...]``: defining bodies, and enterprise numbers of makers."""
    given = numbers(words, ("channel", "netfn"), "firewall owners")
    bmc = await call.bmc()
    channels = given["channel"] or [_HERE]
    rows: list[list[str]] = []
    for channel in channels:
        for netfn in [number & ~1 for number in given["netfn"]] or _NETFNS:
            async for entry in bmc.firewall.owners(netfn, channel):
                owner = _owner(channel, netfn, entry)
                call.result(owner)
                luns = ", ".join(map(str, owner.luns))
                rows.append([f"{netfn:02X}", luns, f"{owner.number:0{2 * len(entry.body)}X}", owner.name])
    if not rows:
        call.err("The controller has no network function of a group or a maker there")
        return FAILED
    call.out(tables.plain(["netfn", "luns", "number", "whose"], rows))
    return DONE


def _owner(channel: int, netfn: int, entry: GetOemNetfnIanaSupportResponse) -> Owner:
    number = int.from_bytes(entry.body, "little")
    kinds = (entry.lun_0, entry.lun_1, entry.lun_2, entry.lun_3)
    return Owner(
        channel=channel,
        netfn=int(netfn),
        luns=[lun for lun, kind in enumerate(kinds) if kind != LunSupport.NONE],
        number=number,
        name=_name(netfn, number),
    )


def _name(netfn: int, number: int) -> str:
    if netfn == NetFn.GROUP_EXTENSION:
        return GroupExtension(number).text
    from baseboard.codes.organizations import ORGANIZATIONS

    return ORGANIZATIONS.get(number, "")
