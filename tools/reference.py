"""Writes what docs/reference can take from the code: commands, TOML keys, differences from ipmitool.

Run it after a change of a command, a handler, a verb, a conformance test's mark, the layout of a BMC's file
or the list of differences from ipmitool; a test compares what it would write with what is committed. In the
tables of keys only the last column is written by hand: it stays.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from msgspec import NODEFAULT, inspect

from baseboard.bmc.configuration.allowed import allowed, kind_at
from baseboard.bmc.configuration.layout import File
from baseboard.bmc.configuration.lines import Step
from baseboard.cli import commands as cli_commands
from baseboard.cli import verbs
from baseboard.cli.commands import TableRow
from baseboard.cli.verbs.options import OPTIONS
from baseboard.commands import lookup

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = ROOT / "docs" / "reference" / "commands.md"
KEYS = ROOT / "docs" / "reference" / "bmc-toml.md"
PERSONALITY = ROOT / "docs" / "reference" / "ipmitool-personality.md"
DIFFERENCES = ROOT / "tests" / "golden" / "differences.toml"
DIFFER = "## What differs, and why\n"

NETFNS = {
    0x00: "Chassis",
    0x02: "Bridge",
    0x04: "Sensor/Event",
    0x06: "App",
    0x08: "Firmware",
    0x0A: "Storage",
    0x0C: "Transport",
    0x2C: "Group extension",
}
TOP = "The top of the file"
MOST_VERBS = 4
FREE = "none, also outside sessions"
INTRODUCTION = """\
# Commands

Written by `tools/reference.py` from the registry of commands, the BMC's handlers, the console's verbs and the
conformance tests' marks; a test holds it to them.

IPMI v2.0, ICMB and DCMI have {all} commands: the BMC answers {answered} of them, a verb or option of the
console sends {sent}, and conformance tests show what {shown} of them do. {more} more stand in other
documents: PICMG 3.0, AMC.0, HPM.1 and VITA 46.11; the BMC answers {more_answered} of those. What it does not
answer it refuses with C1h (invalid command). `baseboard commands` prints the same, with `--json` the tests'
names too, and with `--all` those of other documents.

Section is that of IPMI v2.0, or of the document named. The privilege is the lowest that a session needs; over
the system interface none is asked. Of the verbs only the first four stand here; `raw` sends any command.
Tests are counted."""

# Keys, and 0 for any element of a list.
Way = tuple[Step, ...]


def verbs_by_command() -> dict[str, list[str]]:
    """The verbs and options that are there to send a command, by its class's name."""
    found: dict[str, list[str]] = {}
    for verb in (*verbs.VERBS, *verbs.OWN, *OPTIONS):
        for name in verb.sends:
            found.setdefault(name, []).append(f"`{verb.words}`")
    return found


def _row(one: TableRow, senders: dict[str, list[str]]) -> str:
    """A command's line in the page."""
    command = one.command
    group = int(command.group_ext_id, 16) if command.group_ext_id else None
    known = lookup(int(command.netfn, 16), int(command.cmd, 16), group)
    name = command.name if command.name in senders else known.request.__name__ if known else ""
    sent = senders.get(name, [])
    cells = (
        f"{command.cmd}h" + (f" ({command.group_ext_id}h)" if command.group_ext_id else ""),
        command.name,
        command.section,
        FREE if one.privilege == "none" else one.privilege,
        ", ".join(sent[:MOST_VERBS]) + (" ..." if len(sent) > MOST_VERBS else ""),
        str(len(command.tests)),
    )
    return f"| {' | '.join(cells)} |"


def commands_page() -> str:
    """The page of commands, whole."""
    specified = list(cli_commands.every())
    more = list(cli_commands.others())
    parts = [
        INTRODUCTION.format(
            all=len(specified),
            answered=sum(one.command.bmc for one in specified),
            sent=sum(one.command.console for one in specified),
            shown=sum(bool(one.command.tests) for one in specified),
            more=len(more),
            more_answered=sum(one.command.bmc for one in more),
        )
    ]
    senders = verbs_by_command()
    for number, name in NETFNS.items():
        mine = [one for one in (*specified, *more) if int(one.command.netfn, 16) == number]
        if not mine:
            continue
        mine.sort(key=lambda one: (int(one.command.cmd, 16), one.command.group_ext_id))
        parts += ["", f"## {name}, {number:02X}h", ""]
        parts += ["| number | command | section | privilege | verbs | tests |", "|---|---|---|---|---|---|"]
        parts += [_row(one, senders) for one in mine]
    return "\n".join(parts) + "\n"


def tables(kind: inspect.Type, path: Way = (), name: str = "") -> Iterator[tuple[str, Way]]:
    """Every table that a file may have: its heading in the page, and the way to one of its kind."""
    if isinstance(kind, inspect.Metadata):
        kind = kind.type
    if isinstance(kind, inspect.UnionType):
        for choice in kind.types:
            yield from tables(choice, path, name)
    elif isinstance(kind, inspect.ListType):
        yield from tables(kind.item_type, (*path, 0), name)
    elif isinstance(kind, inspect.StructType):
        many = path[-1:] == (0,)
        yield (f"`[[{name}]]`" if many else f"`[{name}]`") if name else TOP, path
        for one in kind.fields:
            yield from tables(one.type, (*path, one.name), f"{name}.{one.name}".lstrip("."))


def fields(path: Way) -> Iterator[inspect.Field]:
    """The keys of one table."""
    kind = kind_at(File, path)
    for choice in kind.types if isinstance(kind, inspect.UnionType) else (kind,):
        if isinstance(choice, inspect.StructType):
            yield from choice.fields


def key_rows(path: Way, meanings: dict[str, str]) -> Iterator[str]:
    """The rows of the keys of one table, with what each means."""
    yield "| key | holds | default | meaning |"
    yield "|---|---|---|---|"
    for one in fields(path):
        cells = (f"`{one.name}`", _holds(one), _default(one), meanings.get(one.name, ""))
        yield f"| {' | '.join(cells)} |"


def _holds(one: inspect.Field) -> str:
    """What may stand there, in the words of an error; an inner table has a heading of its own."""
    text = re.sub(r"a table with the keys [a-z0-9_, ]+", "a table", allowed(one.type))
    return "tables" if text.endswith("each a table") and " or " not in text else text


def _default(one: inspect.Field) -> str:
    value = one.default if one.default_factory is NODEFAULT else one.default_factory()
    if one.required:
        return "needed"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, str):
        return f'`"{value}"`'
    plain = isinstance(value, int | float) or (isinstance(value, list) and _holds(one) != "tables")
    return f"`{value}`" if plain else ""


def keys_page(text: str) -> str:
    """The page of keys with its tables written anew; the rest of the text stays."""
    paths = dict(tables(inspect.type_info(File)))
    parts = re.split(r"^(#+ .*\n)", text, flags=re.MULTILINE)
    for place in range(1, len(parts), 2):
        path = paths.get(parts[place].lstrip("#").strip())
        if path is not None:
            parts[place + 1] = _section(parts[place + 1], path)
    return "".join(parts).rstrip("\n") + "\n"


def _section(text: str, path: Way) -> str:
    """What stands under one heading, with its table written anew."""
    lines = text.rstrip("\n").splitlines()
    rows = [line for line in lines if line.startswith("|")]
    cells = [[cell.strip() for cell in row.split("|")] for row in rows[2:]]
    new = list(key_rows(path, {row[1].strip("`"): row[4] for row in cells}))
    if not rows:
        return "\n".join([*(lines or [""]), *([""] if lines else []), *new]) + "\n\n"
    start = lines.index(rows[0])
    return "\n".join([*lines[:start], *new, *lines[start + len(rows) :]]) + "\n\n"


def personality_page(text: str) -> str:
    """The page of ipmitool's personality with its list of differences written anew, at the page's end."""
    reasons: dict[str, None] = {}
    listed = tomllib.loads(DIFFERENCES.read_text(encoding="utf-8"))
    for one in [*listed["difference"], *listed["note"], *listed["scene"]]:
        reasons[str(one["reason"])] = None
    before, _, _ = text.partition(DIFFER)
    return before + DIFFER + "\n" + "".join(f"- {reason}\n" for reason in reasons)


def main() -> int:
    """Write the pages."""
    PERSONALITY.write_text(personality_page(PERSONALITY.read_text(encoding="utf-8")), encoding="utf-8")
    COMMANDS.write_text(commands_page(), encoding="utf-8")
    KEYS.write_text(keys_page(KEYS.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
