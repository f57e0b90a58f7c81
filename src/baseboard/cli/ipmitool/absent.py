"""Nouns of ipmitool that Baseboard has no commands for: makers' own, PICMG's, and what came before IPMI v2.0.

What ipmitool says without asking the controller is said the same way; the rest is one honest line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from baseboard.cli.call import Call

NOT_HERE: Final = "{}: Baseboard does not have these commands; `raw` sends any bytes"

_SPD_USAGE: Final = "usage: spd <i2cbus> <i2caddr> [channel] [maxread]"
_INDENT: Final = " " * 21
_GENDEV_USAGE: Final = f"""\
SDR Commands:  list read write
{_INDENT}list                     List All Generic Device Locators
{_INDENT}read <sdr name> <file>   Read to file eeprom specify by Generic Device Locators
{_INDENT}write <sdr name> <file>  Write from file eeprom specify by Generic Device Locators"""
_ISOL_USAGE: Final = """\
ISOL Commands: info
               set <parameter> <setting>
               activate"""
_ISOL_SET_USAGE: Final = """
ISOL set parameters and values:\x20

  enabled                     true | false
  privilege-level             user | operator | admin | oem
  bit-rate                    9.6 | 19.2 | 38.4 | 57.6 | 115.2
"""
_ARGUMENTS: Final = 2


async def run(call: Call, noun: str, words: list[str]) -> int:
    """Say what can be said about such a noun.

    Returns: 0 for a usage that ipmitool ends with 0; 1 where something is not done.
    """
    match noun:
        case "spd" if len(words) < _ARGUMENTS:
            call.err(_SPD_USAGE)
            return 0
        case "gendev":
            return await _gendev(call, words)
        case "tsol" if call.options.settings.interface != "lan":
            call.err("Error: Tyan SOL is only available over lan interface")
            return 1
        case "isol":
            return _isol(call, words)
        case _:
            return _not_here(call, noun)


def _not_here(call: Call, noun: str) -> int:
    call.err(NOT_HERE.format(noun))
    return 1


async def _gendev(call: Call, words: list[str]) -> int:
    """Generic device locators: their list is that of ``sdr``; their EEPROMs are not read."""
    verb = words[0] if words else "(null)"
    call.err(f"Rx gendev command: {verb}")
    if not words or verb == "help":
        call.err(_GENDEV_USAGE)
        return 0
    if verb == "list":
        from baseboard.cli.ipmitool import sdr

        return await sdr.run(call, ["list", "generic"])
    if verb not in ("read", "write"):
        call.err(f"Invalid gendev command: {verb}")
        return 1
    if len(words) <= _ARGUMENTS:
        call.err(f"usage: gendev {verb} <gendev> <filename>")
        return 0
    return _not_here(call, "gendev")


def _isol(call: Call, words: list[str]) -> int:
    if not words or words[0] == "help":
        call.err(_ISOL_USAGE)
        return 0
    if words[0] not in ("info", "set", "activate"):
        call.err(_ISOL_USAGE)
        return 1
    if words[0] == "set" and len(words) <= _ARGUMENTS:
        call.err(_ISOL_SET_USAGE)
        return 1
    # What ipmitool finds on every board but a few of Intel's; ours finds it on those too.
    call.err("IPMI v1.5 Serial Over Lan (ISOL) not supported!")
    return 1
