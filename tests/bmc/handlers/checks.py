"""What is asked of every command: who may send it, over what, in which lengths (Table G-1, §21)."""

from __future__ import annotations

from baseboard.bmc.context import Origin
from tests.bmc.harness import Bench

LAN, SYSTEM_INTERFACE = 1, 15
ANYBODY, CALLBACK, USER, OPERATOR, ADMINISTRATOR = range(5)
"""The levels of Table G-1; anybody may also ask outside a session."""

HOST = -1
"""System interface only."""

_LONGEST = 40
_SURPLUS = bytes(250)


def check_level(bmc: Bench, netfn: int, cmd: int, level: int) -> None:
    """D4h below the level, over LAN; where only the host may ask, to every console."""
    for privilege in range(1, 6):
        code = bmc.raw(netfn, cmd, _SURPLUS, origin=bmc.origin(LAN, privilege))[0]
        refused = level == HOST or privilege < level
        assert (code == 0xD4) == refused, f"level {privilege}: {code:02X}h"
    outside = bmc.raw(netfn, cmd, _SURPLUS, origin=Origin(LAN))[0]
    assert (outside == 0xD4) == (level != ANYBODY)
    assert bmc.raw(netfn, cmd, _SURPLUS)[0] != 0xD4
    elsewhere = bmc.raw(netfn, cmd, _SURPLUS, origin=Origin(0, local=True))[0]
    assert (elsewhere == 0xD4) == (level == HOST)


def check_lengths(bmc: Bench, netfn: int, cmd: int, right: range | tuple[int, ...], channel: int) -> None:
    """C7h for every other length of zeros, and for none of these."""
    for size in range(_LONGEST):
        code = bmc.raw(netfn, cmd, bytes(size), origin=bmc.origin(channel, 4))[0]
        assert (code == 0xC7) == (size not in right), f"{size} bytes: {code:02X}h"


def check(
    bmc: Bench, netfn: int, cmd: int, level: int, right: range | tuple[int, ...], channel: int = 0
) -> None:
    """Both of them; lengths by the host where only it may ask, else by a console, unless one is named."""
    check_level(bmc, netfn, cmd, level)
    check_lengths(bmc, netfn, cmd, right, channel or (SYSTEM_INTERFACE if level == HOST else LAN))


def at_least(size: int) -> range:
    """Lengths of commands that end with data of any length."""
    return range(size, 256)
