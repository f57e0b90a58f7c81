"""``ipmitool sel``: info, list, elist, get, delete, add, clear, time, save, writeraw, readraw, interpret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from baseboard.cli.call import Call

_COMMANDS: Final = "info clear delete list elist get add time save readraw writeraw interpret"
_FILE_USAGES: Final = frozenset({"save", "add", "writeraw", "readraw", "ereadraw"})


async def run(call: Call, words: list[str]) -> int:
    """Run ``sel`` and its words."""
    await call.bmc()
    match words:
        case [] | ["info", *_]:
            from baseboard.cli.ipmitool.sel_control import info

            return await info(call)
        case ["help", *_]:
            call.err(f"SEL Commands:  {_COMMANDS}")
            return 0
        case ["list" | "elist" as verb, *rest]:
            from baseboard.cli.ipmitool import sel_reading

            return await sel_reading.listing(call, rest, extended=verb == "elist")
        case ["get", *rest]:
            from baseboard.cli.ipmitool import sel_reading

            return await sel_reading.get(call, rest)
        case ["clear" | "delete" | "time" as verb, *rest]:
            from baseboard.cli.ipmitool import sel_control

            does = {"clear": sel_control.clear, "delete": sel_control.delete, "time": sel_control.time}
            return await does[verb](call, rest)
        case ["interpret", *rest]:
            from baseboard.cli.ipmitool.sel_files import interpret

            return await interpret(call, rest)
        case [verb, *rest] if verb in _FILE_USAGES:
            return await _files(call, verb, rest)
        case _:
            call.err(f"Invalid SEL command: {words[0]}")
            return 1


async def _files(call: Call, verb: str, words: list[str]) -> int:
    from baseboard.cli.ipmitool import sel_files

    if not words:
        call.err(f"usage: sel {verb} <filename>")
        return 0
    match verb:
        case "save" | "writeraw":
            return await sel_files.save(call, words[0], binary=verb == "writeraw")
        case "add":
            return await sel_files.add(call, words[0])
        case _:
            return await sel_files.readraw(call, words[0], extended=verb == "ereadraw")
