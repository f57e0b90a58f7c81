"""``ipmitool hpm``: check, upgrade, compare, activate, roll back (HPM.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.hpm_link import Link
from baseboard.cli.ipmitool.word_values import integer
from baseboard.cli.results.hpm import FirmwareDone

if TYPE_CHECKING:
    from baseboard.cli.call import Call
    from baseboard.cli.ipmitool.hpm_upgrade import Wish

AGENT: Final = "\nPICMG HPM.1 Upgrade Agent 1.0.9: \n"
_HIGHEST: Final = 8
"""ipmitool takes this for a component too, which there cannot be."""


async def run(call: Call, words: list[str]) -> int:
    """Run ``hpm`` and its words."""
    from baseboard.cli.ipmitool.hpm_usage import USAGE

    await call.bmc()
    link = Link(call)
    if call.exact:
        link.say(AGENT)
    if not words:
        link.say("Not enough parameters given.")
        link.say(USAGE)
        return 1
    if words[0] == "help":
        link.say(USAGE)
        return 0
    done = await _verb(link, words)
    if done is None:
        link.say(f"Invalid HPM command: {words[0]}")
        link.say(USAGE)
    return 0 if done else 1


async def _verb(link: Link, words: list[str]) -> bool | None:
    """Do it; None: there is no such verb."""
    from baseboard.cli.ipmitool import hpm_status, hpm_target

    match words:
        case ["check"]:
            return await hpm_target.check(link, shown=True) is not None
        case ["check" | "upgrade" | "compare", *_]:
            return await _image(link, words)
        case ["activate", *rest]:
            override = 1 if rest == ["norollback"] else None
            return _noted(link, "activate", done=await link.activate(override, None))
        case ["targetcap"]:
            return await hpm_target.target_capabilities(link)
        case ["compprop", _, _]:
            return await hpm_target.component_property(link, words[1:])
        case ["abort"]:
            return _noted(link, "abort", done=await link.abort())
        case ["upgstatus"]:
            return await hpm_status.upgrade_status(link)
        case ["rollback"]:
            return await hpm_status.roll_back(link)
        case ["rollbackstatus"]:
            return await hpm_status.rollback_status(link, None)
        case ["selftestresult"]:
            return await hpm_status.self_test(link, None) is not None
        case _:
            return None


def _noted(link: Link, verb: str, *, done: bool) -> bool:
    if done:
        link.call.result(FirmwareDone(verb=verb))
    return done


async def _image(link: Link, words: list[str]) -> bool:
    """``check FILE``, ``upgrade FILE ...``, ``compare FILE ...``."""
    from baseboard.cli.ipmitool import hpm_upgrade

    wish = hpm_upgrade.Wish(view=words[0] == "check", compare=words[0] == "compare")
    if not wish.view and not _options(link, words, wish):
        return False
    return await hpm_upgrade.run(link, words[1] if len(words) > 1 else None, wish)


def _options(link: Link, words: list[str], wish: Wish) -> bool:
    """What the words say, and the file itself if it is such a word; False after a complaint."""
    upgrade = words[0] == "upgrade"
    for place, word in enumerate(words[1:], 1):
        if word == "component":
            if place + 1 == len(words):
                link.say("No component Id provided\n")
                return False
            number = integer(words[place + 1])
            if number is None or not 0 <= number <= _HIGHEST:
                link.say(f"Given Component ID '{words[place + 1]}' is invalid.")
                link.say("Valid Compoment ID is: <0..7>")
                return False
            if link.call.verbose:
                link.say(f"Component Id {number} provided")
            wish.components |= 1 << number
        elif word == "activate" and upgrade:
            wish.activate = True
        elif word == "force" and upgrade:
            wish.force = True
    return True
