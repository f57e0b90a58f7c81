"""``mc getsysinfo`` and ``mc setsysinfo``: names and versions of the system's software (§22.14a)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.text import completion

if TYPE_CHECKING:
    from baseboard.cli.call import Call

_SELECTORS: Final = {
    "system_fw_version": 0x01,
    "system_name": 0x02,
    "primary_os_name": 0x03,
    "os_name": 0x04,
    "delloem_os_version": 0xE4,
    "delloem_url": 0xDE,
}
_BLOCKS: Final = 4
_URL_BLOCKS: Final = 2
_FIRST, _NEXT = 14, 16
_NETFN, _GET, _SET = 0x06, 0x59, 0x58
_UNSUPPORTED: Final = 0x80


def usage(*, full: bool) -> str:
    """The help of both verbs; ``full`` with what they do, as they print it themselves."""
    lines = ["usage:"] if full else []
    lines += ["  getsysinfo <argument>"]
    lines += ["    Retrieves system info from BMC for given argument"] if full else []
    lines += ["  setsysinfo <argument> <string>"]
    if full:
        lines += ["    Stores system info string for given argument to BMC", "", "  Valid arguments are:"]
    lines += [
        "    system_fw_version   System firmware (e.g. BIOS) version",
        "    primary_os_name     Primary operating system name",
        "    os_name             Operating system name",
        "    system_name         System Name of server(vendor dependent)",
        "    delloem_os_version  Running version of operating system",
        "    delloem_url         URL of BMC webserver",
        "",
    ]
    return "\n".join(lines)


async def system_info(call: Call, verb: str, words: list[str]) -> int:
    """Do ``getsysinfo NAME`` or ``setsysinfo NAME TEXT``."""
    from baseboard.cli.results.mc import SystemInfo

    if words == ["help"]:
        call.err(usage(full=True))
        return 0
    if len(words) < (2 if verb == "setsysinfo" else 1):
        call.err("Not enough parameters given.")
        call.err(usage(full=True))
        return 1
    name = words[0]
    if name not in _SELECTORS:
        call.err(f"Invalid mc/bmc {verb} command: {name}")
        call.err(usage(full=True))
        return 1
    if verb == "setsysinfo":
        block, code = await _write(call, name, words[1])
        value = words[1]
    else:
        block, code, value = await _read(call, name)
        call.out(value)
    if code is None:
        call.err(f"{verb} {name} set {block} command failed")
        return 1
    if code == _UNSUPPORTED:
        call.err(f"{verb} {name} parameter not supported")
    elif code:
        call.err(f"{verb} command failed: {completion(code)}")
    else:
        call.result(SystemInfo(name=name, value=value))
    # A refusal is a positive number inside ipmitool, and so its exit code is 0.
    return 0


async def _read(call: Call, name: str) -> tuple[int, int | None, str]:
    """The last block asked for, the completion code (None: no answer), and the string so far."""
    from baseboard.cli.ipmitool.names import string
    from baseboard.errors import NoResponse

    bmc, text, block = await call.bmc(), b"", 0
    blocks = _limit(name)
    while block < blocks:
        try:
            answer = await bmc.exchange(_NETFN, _GET, bytes((0, _SELECTORS[name], block, 0)))
        except NoResponse:
            return block, None, string(text)
        if answer[0]:
            return block, answer[0], string(text)
        data = answer[1:].ljust(2 + _NEXT, b"\0")
        if block == 0:
            if not data[2] & 0x0F:
                blocks = (data[3] + 2 + 15) // 16
            text += data[4 : 4 + _FIRST]
        else:
            text += data[2 : 2 + _NEXT]
        block += 1
    return block, 0, string(text)


async def _write(call: Call, name: str, value: str) -> tuple[int, int | None]:
    from baseboard.cli.ipmitool.arguments import encoded
    from baseboard.errors import NoResponse

    text = encoded(value)
    limit = _limit(name)
    length = 16 * limit - 2 if (len(text) + 17) // 16 >= limit else len(text)
    bmc, block, place = await call.bmc(), 0, 0
    while True:
        size = _NEXT if block else _FIRST
        head = bytes((_SELECTORS[name], block)) + (b"" if block else bytes((0, length)))
        try:
            answer = await bmc.exchange(_NETFN, _SET, head + text[place : place + size].ljust(size, b"\0"))
        except NoResponse:
            return block, None
        if answer[0]:
            return block, answer[0]
        block, place = block + 1, place + size
        if place >= length:
            return block, 0


def _limit(name: str) -> int:
    return _URL_BLOCKS if name == "delloem_url" else _BLOCKS
