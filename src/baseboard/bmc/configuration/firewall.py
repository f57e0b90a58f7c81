"""The firmware firewall of a described BMC: rules with the numbers that their words stand for."""

from __future__ import annotations

import difflib
import json
import re
from typing import TYPE_CHECKING, Final

from baseboard.bmc.blueprint.firewall import NOTHING_OFF, FirewallRule, FirewallSpec
from baseboard.bmc.configuration.spots import Spot
from baseboard.bmc.services.command_keys import key_of_command
from baseboard.bmc.services.firewall import DOOR, PARTS, protected
from baseboard.codes import ChannelMedium
from baseboard.commands.declaration import Command, commands, lookup

if TYPE_CHECKING:
    from baseboard.bmc.configuration.firewall_layout import Firewall

_MEDIA: Final = {
    "system_interface": ChannelMedium.SYSTEM_INTERFACE,
    "lan": ChannelMedium.LAN,
    "serial": ChannelMedium.SERIAL,
    "ipmb": ChannelMedium.IPMB,
}
_SESSIONS: Final = ("lan", "serial")
_WAYS_IN: Final = {"system_interface", "lan"}
"""What every BMC has; that somebody is on the IPMB, or at a serial line, is not certain."""

_NUMBERS: Final = re.compile(r"^([0-9A-Fa-f]{2})h?/([0-9A-Fa-f]{2})h?(?:/([0-9A-Fa-f]{2})h?)?$")


def firewall_spec(described: Firewall, spot: Spot, *, serial: bool) -> FirewallSpec:
    """The firewall as the BMC is shipped with it.

    Args:
        described: what the file says.
        spot: of ``firewall``.
        serial: the BMC has a serial channel.
    """
    rules: list[FirewallRule] = []
    shut: set[str] = set()
    for number, rule in enumerate(described.rule):
        here, medium = spot / "rule" / number, int(_MEDIA[rule.channel])
        if rule.channel == "serial" and not serial:
            raise (here / "channel").wrong("found serial; there is no [bmc.serial]")
        switched: list[int] = []
        parts: list[tuple[int, int]] = []
        for at, words in enumerate(rule.disable):
            key, part = _named(words, here / "disable" / at)
            if part is not None:
                parts.append((key, part))
            elif key == DOOR and rule.channel in _SESSIONS and not described.lockable:
                raise (here / "disable" / at).wrong(
                    "whoever logs in keeps Set Command Enables; lockable = true lets it be off there too"
                )
            else:
                switched.append(key)
        removed = [_whole(words, here / "remove" / at) for at, words in enumerate(rule.remove)]
        if DOOR in (*switched, *removed):
            shut.add(rule.channel)
        if shut >= _WAYS_IN:
            raise here.wrong("neither the system interface nor the LAN would have Set Command Enables")
        if switched or parts:
            rules.append(FirewallRule(medium, tuple(switched), tuple(parts)))
        if removed:
            rules.append(FirewallRule(medium, tuple(removed), removed=True))
    if not rules and not described.lockable:
        return NOTHING_OFF
    return FirewallSpec(tuple(rules), described.lockable)


def _whole(words: str, spot: Spot) -> int:
    key, part = _named(words, spot)
    if part is not None:
        raise spot.wrong(f"found {json.dumps(words)}; a sub-function can be disabled, not removed")
    return key


def _named(words: str, spot: Spot) -> tuple[int, int | None]:
    """The command, and the part of it, that ``Chassis Control: power down`` stands for."""
    name, colon, part = (one.strip() for one in words.partition(":"))
    command = _command(name, spot)
    if protected(command):
        raise spot.wrong(f"{command.name} cannot be kept out: nobody could log in, or see what is off")
    key = key_of_command(command)
    return key, _part(command, key, part, spot) if colon else None


def _command(name: str, spot: Spot) -> Command:
    numbers = _NUMBERS.match(name)
    if numbers is not None:
        netfn, cmd, group = (None if one is None else int(one, 16) for one in numbers.groups())
        assert netfn is not None
        assert cmd is not None
        found = lookup(netfn, cmd, group) if commands() else None
        if found is None:
            raise spot.wrong(f"found {json.dumps(name)}; there is no command of that number")
        return found
    # Some rows of Table G-1 end with a word that is no part of the name.
    known = {one.name.lower().removesuffix(" command"): one for one in commands()}
    asked = name.lower().removesuffix(" command")
    if asked not in known:
        near = difflib.get_close_matches(asked, known, 1)
        hint = f" (did you mean {known[near[0]].name}?)" if near else ""
        raise spot.wrong(
            f'found {json.dumps(name)}{hint}; wanted is the name of a command, or its numbers: "00/02"'
        )
    return known[asked]


def _part(command: Command, key: int, name: str, spot: Spot) -> int:
    parts = PARTS.get(key)
    if parts is None:
        raise spot.wrong(f"{command.name} has no sub-functions that could be off")
    number = {text.lower(): number for number, text in parts.names.items()}.get(name.lower())
    if number is None:
        raise spot.wrong(f"found {json.dumps(name)}; {command.name} has {', '.join(parts.names.values())}")
    return number
