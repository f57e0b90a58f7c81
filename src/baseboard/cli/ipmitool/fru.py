"""``ipmitool fru``: print, read, write, edit, internaluse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.word_values import fru_id, raw

if TYPE_CHECKING:
    from baseboard.cli.call import Call

USAGE: Final = "FRU Commands:  print read write upgEkey edit internaluse get"
PRINT_USAGE: Final = "fru print [fru id] - print information about FRU(s)"
FILE_USAGE: Final = """\
fru {verb} <fru id> <fru file>
Note: FRU ID and file(incl. full path) must be specified.
Example: ipmitool fru {verb} 0 /root/fru.bin"""
EDIT_USAGE: Final = """\
fru edit <fruid> field <section> <index> <string> - edit FRU string
fru edit <fruid> oem iana <record> <format> <args> - limited OEM support"""
GET_USAGE: Final = "fru get <fruid> oem iana <record> <format> <args> - limited OEM support"
INTERNAL_USAGE: Final = """\
fru internaluse <fru id> info             - get internal use area size
fru internaluse <fru id> print            - print internal use area in hex
fru internaluse <fru id> read  <fru file> - read internal use area to file
fru internaluse <fru id> write <fru file> - write internal use area from file"""

LONGEST_NAME: Final = 512


async def run(call: Call, words: list[str]) -> int:
    """Run ``fru`` and its words."""
    await call.bmc()
    match words[:1]:
        case []:
            return await _print(call, [])
        case ["help"]:
            call.err(USAGE)
            return 0
        case ["print" | "list"]:
            return await _print(call, words[1:])
        case ["read" | "write" | "upgEkey"]:
            return await _file(call, words)
        case ["internaluse"]:
            return await _internal(call, words)
        case ["edit"]:
            return await _edit(call, words)
        case ["get"]:
            return await _get(call, words)
        case _:
            call.err(f"Invalid FRU command: {words[0]}")
            call.err(USAGE)
            return 1


async def _print(call: Call, words: list[str]) -> int:
    from baseboard.cli.ipmitool import fru_print

    if not words:
        return _exit(await fru_print.every(call))
    if words[0] == "help":
        call.err(PRINT_USAGE)
        return 0
    number = fru_id(call, words[0])
    return 1 if number is None else _exit(await fru_print.one(call, number))


def _exit(code: int) -> int:
    """The exit code: of ipmitool's own codes those below 0 are failures."""
    return 1 if code < 0 else 0


def _valid(call: Call, name: str) -> bool:
    """Whether a word can be the name of a file; False after a complaint."""
    if not name:
        call.err("File/path is invalid.")
    elif len(raw(name)) >= LONGEST_NAME:
        call.err("File/path must be shorter than 512 bytes.")
    else:
        return True
    return False


async def _file(call: Call, words: list[str]) -> int:
    verb = words[0]
    if words[1:2] == ["help"] or len(words) < 3:
        enough = words[1:2] == ["help"]
        if not enough:
            call.err("Not enough parameters given.")
        call.err(FILE_USAGE.format(verb=verb))
        return 0 if enough else 1
    number = fru_id(call, words[1])
    if number is None or not _valid(call, words[2]):
        return 1
    if verb == "upgEkey":
        call.err("fru upgEkey: Baseboard does not write the E-keying records of AdvancedTCA boards")
        return 1
    if call.verbose:
        call.out(f"FRU ID           : {number}")
        call.out(f"FRU File         : {words[2]}")
    from baseboard.cli.ipmitool import fru_files

    await (fru_files.read if verb == "read" else fru_files.write)(call, number, words[2])
    return 0  # whatever came of it: so ipmitool ends


async def _internal(call: Call, words: list[str]) -> int:
    if words[1:2] == ["help"]:
        call.err(INTERNAL_USAGE)
        return 0
    from baseboard.cli.ipmitool import fru_files

    verb = words[2] if len(words) > 2 else ""
    known = verb in {"info", "print"} or (verb in {"read", "write"} and len(words) > 3)
    if not known:
        call.err("Either unknown command or not enough parameters given.")
        call.err(INTERNAL_USAGE)
        return 1
    number = fru_id(call, words[1])
    if number is None or (verb in {"read", "write"} and not _valid(call, words[3])):
        return 1
    if verb == "info":
        return await fru_files.internal_info(call, number)
    if verb == "write":
        return await fru_files.internal_write(call, number, words[3])
    return await fru_files.internal_read(call, number, words[3] if verb == "read" else None)


async def _edit(call: Call, words: list[str]) -> int:
    if words[1:2] == ["help"] or len(words) < 2:
        if len(words) < 2:
            call.err("Not enough parameters given.")
        call.err(EDIT_USAGE)
        return 0 if len(words) > 1 else 1
    number = fru_id(call, words[1])
    if number is None:
        return 1
    if call.verbose:
        call.out(f"FRU ID           : {number}")
    if words[2:3] == ["field"]:
        if len(words) != 6:
            call.err("Not enough parameters given.")
            call.err(EDIT_USAGE)
            return 1
        from baseboard.cli.ipmitool.fru_edit import set_field

        return await set_field(call, number, words[3], words[4], words[5])
    if words[2:3] in ([], ["oem"]):
        return _no_oem(call, "edit")
    call.err(f"Invalid command: {words[2]}")
    call.err(EDIT_USAGE)
    return 1


async def _get(call: Call, words: list[str]) -> int:
    if words[1:2] == ["help"] or len(words) < 2:
        if len(words) < 2:
            call.err("Not enough parameters given.")
        call.err(GET_USAGE)
        return 0 if len(words) > 1 else 1
    number = fru_id(call, words[1])
    if number is None:
        return 1
    if call.verbose:
        call.out(f"FRU ID           : {number}")
    if words[2:3] in ([], ["oem"]):
        return _no_oem(call, "get")
    call.err(f"Invalid command: {words[2]}")
    call.err(GET_USAGE)
    return 1


def _no_oem(call: Call, verb: str) -> int:
    call.err(f"fru {verb}: Baseboard does not take manufacturers' own multirecords apart")
    return 1
