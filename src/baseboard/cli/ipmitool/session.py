"""``session info``: who is logged in (§22.20)."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.questions import ask
from baseboard.cli.ipmitool.text import PRIVILEGES, number, val2str

if TYPE_CHECKING:
    from baseboard.cli.call import Call
    from baseboard.cli.ipmitool.questions import Answer
    from baseboard.commands.app.sessions import GetSessionInfoResponse

USAGE: Final = "Session Commands: info <active | all | id 0xnnnnnnnn | handle 0xnn>"

_ACTIVITIES: Final = {
    0: "IPMI Messaging session active",
    1: "Callback Messaging session active",
    2: "Dial-out Alert active",
    3: "TAP Page Active",
}
_BY_HANDLE, _BY_ID = 0xFE, 0xFF
_NO_SESSION: Final = 3
_LAN: Final = 18
_SERIAL: Final = (12, 14)
_PPP: Final = 14
_ABSENT: Final = (0xCB, 0xCC)
"""Refusals that say: no such session."""


async def run(call: Call, words: list[str]) -> int:
    """Do a verb of ``session``."""
    if not words or words[0] == "help":
        call.err(USAGE)
        return 0
    if words[0] != "info":
        call.err(f"Invalid SESSION command: {words[0]}")
        call.err(USAGE)
        return 1
    if not words[1:] or words[1] == "help":
        call.err(USAGE)
        return 0
    match words[1]:
        case "active":
            return await _one(call, b"\0", current=True)
        case "all":
            return await _all(call)
        case "id" | "handle":
            return await _named(call, words[1], words[2:])
        case _:
            call.err(f"Invalid SESSION info parameter: {words[1]}")
            call.err(USAGE)
            return 1


async def _named(call: Call, kind: str, words: list[str]) -> int:
    if not words:
        call.err(f"Missing {kind} argument")
        call.err(USAGE)
        return 1
    value = number(words[0], 0, 0xFFFFFFFF)
    if value is None:
        call.err(f"HEX number expected, but '{words[0]}' given.")
        call.err(USAGE)
        return 1
    if kind == "id":
        return await _one(call, bytes((_BY_ID,)) + value.to_bytes(4, "little"))
    return await _one(call, bytes((_BY_HANDLE, value & 0xFF)))


async def _one(call: Call, request: bytes, *, current: bool = False) -> int:
    answer = await _ask(call, request)
    if answer is None or answer.code:
        call.err("Get Session Info command failed" + ("" if answer is None else f": {answer.text()}"))
        if current and call.options.settings.interface != "lan":
            call.err("It is likely that the channel in use does not support sessions")
        return 1
    _show(call, answer.data)
    return 0


async def _all(call: Call) -> int:
    index = slots = 1
    while index <= slots:
        answer = await _ask(call, bytes((index,)))
        if answer is None or (answer.code and answer.code not in _ABSENT):
            call.err("Get Session Info command failed" + ("" if answer is None else f": {answer.text()}"))
            return 1
        if len(answer.data) < _NO_SESSION:
            return 1
        _show(call, answer.data)
        slots = answer.data[1] & 0x3F
        index += 1
    return 0


async def _ask(call: Call, request: bytes) -> Answer[GetSessionInfoResponse] | None:
    from baseboard.commands.app.sessions import GetSessionInfo

    return await ask(call, GetSessionInfo.decode(request))


def _show(call: Call, data: bytes) -> None:
    """Print one session: blocks of lines, or a line with commas."""
    from baseboard.cli.results.session import SessionInfo

    data = data[:_LAN]
    rows = _rows(data)
    if call.csv:
        call.out(",".join(value for _, value in rows))
    else:
        for name, value in rows:
            call.out(f"{name:<30}: {value}")
        call.out()
    found = dict(rows)
    call.result(
        SessionInfo(
            handle=int(found["session handle"]),
            slots=int(found["slot count"]),
            active=int(found["active sessions"]),
            user_id=int(found["user id"]) if "user id" in found else None,
            privilege=found.get("privilege level"),
            kind=found.get("session type"),
            channel=int(found["channel number"], 16) if "channel number" in found else None,
            address=found.get("console ip"),
            mac=found.get("console mac"),
            port=int(found["console port"]) if "console port" in found else None,
            activity=found.get("Session/Channel Activity Type"),
        )
    )


def _rows(data: bytes) -> list[tuple[str, str]]:
    """What the bytes say (Table 22-25), as far as there are any: names as the long form has them."""
    size, data = len(data), data.ljust(_LAN, b"\0")
    rows = [
        ("session handle", str(data[0])),
        ("slot count", str(data[1] & 0x3F)),
        ("active sessions", str(data[2] & 0x3F)),
    ]
    if size == _NO_SESSION:
        return rows
    rows += [
        ("user id", str(data[3] & 0x3F)),
        ("privilege level", val2str(data[4] & 0x0F, PRIVILEGES)),
        ("session type", "IPMIv2/RMCP+" if data[5] >> 4 else "IPMIv1.5"),
        ("channel number", f"0x{data[5] & 0x0F:02x}"),
    ]
    if size == _LAN:
        rows += [
            ("console ip", str(IPv4Address(data[6:10]))),
            ("console mac", ":".join(f"{value:02x}" for value in data[10:16])),
            ("console port", str(int.from_bytes(data[16:18], "little"))),
        ]
    elif size in _SERIAL:
        rows += [
            ("Session/Channel Activity Type", val2str(data[6], _ACTIVITIES)),
            ("Destination selector", str(data[7] & 0x0F)),
            ("console ip", str(IPv4Address(data[8:12]))),
        ]
        if size == _PPP:
            # ipmitool prints the port from where a LAN session has it, which is past the end.
            rows.append(("console port", str(int.from_bytes(data[16:18], "little"))))
    return rows
