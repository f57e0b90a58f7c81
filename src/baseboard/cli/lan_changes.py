"""Verbs of a LAN channel that ipmitool has not: `lan arp suspend`, `lan arp resume`, `lan alert vlan`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.cli.failures import DONE
from baseboard.cli.long_options import UsageError
from baseboard.cli.results.lan import AlertVlan, ArpsOccurring

if TYPE_CHECKING:
    from collections.abc import Sequence

    from baseboard.cli.call import Call

_KINDS: Final = {"respond": (True, False), "generate": (False, True)}
_LAST_CHANNEL: Final = 0xF
_LAST_DESTINATION: Final = 0xF
_LAST_VLAN: Final = 4094
_LAST_PRIORITY: Final = 7
HERE: Final = 0xE


async def suspend(call: Call, words: Sequence[str]) -> int:
    """``lan arp suspend [respond|generate] [CHANNEL]``: no ARPs while the watchdog timer runs (§23.3)."""
    rest = list(words)
    responses, gratuitous = _KINDS[rest.pop(0)] if rest and rest[0] in _KINDS else (True, True)
    return await _arps(call, rest, "suspend", responses=responses, gratuitous=gratuitous)


async def resume(call: Call, words: Sequence[str]) -> int:
    """``lan arp resume [CHANNEL]``: ARPs as parameter 10 has them, whether the watchdog runs or not."""
    return await _arps(call, list(words), "resume", responses=False, gratuitous=False)


async def _arps(call: Call, rest: list[str], verb: str, *, responses: bool, gratuitous: bool) -> int:
    if len(rest) > 1:
        kinds = " [respond|generate]" if verb == "suspend" else ""
        raise UsageError(f"lan arp {verb} takes:{kinds} [CHANNEL]")
    channel = _number(rest[0], "a channel", 0, _LAST_CHANNEL) if rest else HERE
    bmc = await call.bmc()
    said = await bmc.lan.channel(channel).suspend_arps(responses=responses, gratuitous=gratuitous)
    call.result(ArpsOccurring(arp_responses=said.arp_responses, gratuitous_arps=said.gratuitous_arps))
    call.out(f"ARP responses    : {_occur(said.arp_responses)}")
    call.out(f"Gratuitous ARPs  : {_occur(said.gratuitous_arps)}")
    return DONE


async def alert_vlan(call: Call, words: Sequence[str]) -> int:
    """``lan alert vlan CHANNEL DESTINATION off|ID [PRIORITY]``: LAN parameter 25 (§23.2)."""
    match list(words):
        case [channel, destination, "off"]:
            vlan_id, priority = None, 0
        case [channel, destination, number, *more] if len(more) < 2:
            vlan_id = _number(number, "a VLAN ID", 1, _LAST_VLAN)
            priority = _number(more[0], "a priority", 0, _LAST_PRIORITY) if more else 0
        case _:
            raise UsageError("lan alert vlan takes: CHANNEL DESTINATION off|ID [PRIORITY]")
    on = _number(channel, "a channel", 0, _LAST_CHANNEL)
    where = _number(destination, "a destination", 0, _LAST_DESTINATION)
    bmc = await call.bmc()
    await bmc.lan.channel(on).set_alert_vlan(where, vlan_id, priority)
    call.result(AlertVlan(channel=on, destination=where, vlan_id=vlan_id, vlan_priority=priority))
    tag = "none of its own" if vlan_id is None else f"VLAN {vlan_id}, priority {priority}"
    call.out(f"802.1q tag of destination {where}: {tag}")
    return DONE


def _occur(on: bool) -> str:
    return "occurring" if on else "suspended or off"


def _number(word: str, what: str, least: int, most: int) -> int:
    try:
        value = int(word, 0)
    except ValueError:
        value = least - 1
    if not least <= value <= most:
        raise UsageError(f"{word!r} is not {what} from {least} to {most}")
    return value
