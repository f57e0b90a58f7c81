"""``set``: options for the commands that follow in ``shell`` and ``exec``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from baseboard.cli.ipmitool.arguments import encoded
from baseboard.cli.ipmitool.text import AUTH_TYPES, PRIVILEGES, byte, number, str2val

if TYPE_CHECKING:
    from baseboard.cli.call import Call

USAGE: Final = """\
Usage: set <option> <value>

Options are:
    hostname <host>        Session hostname
    username <user>        Session username
    password <pass>        Session password
    privlvl <level>        Session privilege level force
    authtype <type>        Authentication type force
    localaddr <addr>       Local IPMB address
    targetaddr <addr>      Remote target IPMB address
    port <port>            Remote RMCP port
    csv [level]            enable output in comma separated format
    verbose [level]        Verbose level
"""

_ALIASES: Final = {"host": "hostname", "user": "username", "pass": "password"}
_SESSION: Final = {
    "hostname": "hostname",
    "username": "username",
    "password": "password",
    "authtype": "authtype",
    "privlvl": "privilege level",
    "port": "port",
}
"""Options of a session, and what ipmitool calls them where there is none."""

_INT_MAX: Final = 2**31 - 1
_PORT_MAX: Final = 65535


async def run(call: Call, words: list[str]) -> int:
    """Do ``set OPTION [VALUE]``."""
    if not words or words[0] == "help":
        call.err(USAGE)
        return 1
    name = _ALIASES.get(words[0], words[0])
    if name in ("csv", "verbose"):
        return _set_number(call, name, words[1:])
    if name in _SESSION and words[1:]:
        return await _set_session(call, name, words[1])
    if name in ("localaddr", "targetaddr") and words[1:]:
        return await _set_address(call, name, words[1])
    call.err(USAGE)
    return 1


def _set_number(call: Call, name: str, words: list[str]) -> int:
    value = number(words[0], -_INT_MAX - 1, _INT_MAX) if words else 1
    if value is None:
        call.err(f"Given {name} '{words[0]}' argument is invalid.")
    if name == "csv":
        # What is no number counts as 0, after it was told.
        call.options = replace(call.options, csv=bool(value))
    else:
        verbose = (value or 0) if words else call.verbose + 1
        call.options = replace(call.options, verbose=verbose)
    return 1 if value is None else 0


async def _set_session(call: Call, name: str, value: str) -> int:
    change: dict[str, Any] = {}
    shown = value
    match name:
        case "hostname":
            change["host"] = value
        case "username":
            change["username"], shown = encoded(value)[:16], value
        case "password":
            change["password"] = encoded(value)[:20]
        case "authtype" | "privlvl":
            table = AUTH_TYPES if name == "authtype" else PRIVILEGES
            found = str2val(value, table)
            if found not in table:
                what = "authtype" if name == "authtype" else "privilege level"
                call.err(f"Invalid {what}: {value}")
                return 1
            change["auth_type" if name == "authtype" else "privilege"] = found
            shown = table[found]
        case _:
            port = number(value, -_INT_MAX - 1, _PORT_MAX)
            if port is None:
                call.err(f"Given port '{value}' is invalid.")
                return 1
            change["port"], shown = port, str(port)
    await _change(call, change)
    if call.options.settings.interface not in ("lan", "lanplus"):
        call.err(f"Failed to set session {_SESSION[name]}.")
        return 1
    call.out(f"Set session {_SESSION[name]}" + ("" if name == "password" else f" to {shown}"))
    return 0


async def _set_address(call: Call, name: str, value: str) -> int:
    address = byte(value)
    if address is None:
        call.err(f"Given {name} '{value}' is invalid.")
        return 1
    if name == "localaddr":
        await _change(call, {"my_address": address})
        call.out(f"Set local IPMB address to 0x{address:02x}")
    else:
        await _change(call, {"target": replace(call.options.settings.target, address=address)})
        call.out(f"Set remote IPMB address to 0x{address:02x}")
    return 0


async def _change(call: Call, change: dict[str, Any]) -> None:
    """Change the settings; of an open session, only whom it asks."""
    settings = replace(call.options.settings, **change)
    call.options = replace(call.options, settings=settings)
    if "target" in change and call.connected:
        bmc = await call.bmc()
        bmc.settings = replace(bmc.settings, **change)
