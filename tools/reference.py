"""Writes what docs/reference can take from the code: commands, TOML keys, differences from ipmitool.

Run it after a change of a command, a handler, the layout of a BMC's file or the list of differences; a test
compares what it would write with what is committed. In the tables of keys only the last column is written by
hand: it stays.
"""

from __future__ import annotations

import csv
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from msgspec import NODEFAULT, inspect

from baseboard.bmc import handlers as handlers
from baseboard.bmc.configuration.allowed import allowed, kind_at
from baseboard.bmc.configuration.layout import File
from baseboard.bmc.configuration.lines import Step
from baseboard.bmc.dispatch import handlers as registered
from baseboard.commands import Command, Interfaces, commands

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "spec" / "tables" / "commands.csv"
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
WHERE = {
    Interfaces.SYSTEM_INTERFACE_ONLY: "system interface only",
    Interfaces.LOCAL_INTERFACE_ONLY: "local interfaces only",
    Interfaces.BMC_GENERATED: "sent by the BMC",
}
FREE = "none, also outside sessions"
TABLES_WORDS = {
    "admin": "administrator",
    "system_interface_only": WHERE[Interfaces.SYSTEM_INTERFACE_ONLY],
    "bmc_generated": WHERE[Interfaces.BMC_GENERATED],
    "unprotected": FREE,
}
ANSWERED, DECLARED, MISSING = "answers", "messages only", "-"

TOP = "The top of the file"
INTRODUCTION = """\
# Commands

Written by `tools/reference.py` from the registry of commands and from the BMC's handlers; a test holds it
to both.

Of the {all} commands listed here - those of IPMI v2.0, of ICMB and of DCMI - the BMC answers {answered}. Of
{declared} more the messages are declared, so that they can be written and read. What the BMC does not answer
it refuses with C1h (invalid command).

Section is that of IPMI v2.0, or of the document named. The privilege is the lowest that a session needs; over
the system interface none is asked."""

# Network function, command and group; and with the rest of its row in the page.
Key = tuple[int, int, str]
Row = tuple[Key, str]
# Keys, and 0 for any element of a list.
Way = tuple[Step, ...]


def privilege(command: Command) -> str:
    """Who may use it, in the words of the page."""
    if command.interfaces is not Interfaces.ANY:
        return WHERE[command.interfaces]
    return FREE if command.session_less else command.privilege.name.lower()


def declared() -> Iterator[Row]:
    """The commands whose messages are in the registry."""
    answered = {entry.command for entry in registered.table.values()}
    for command in commands():
        key = (int(command.netfn), command.cmd, "" if command.group is None else f"{command.group:02X}")
        state = ANSWERED if command in answered else DECLARED
        yield key, f"{command.name} | {command.section} | {privilege(command)} | {state}"


def others(known: set[Key]) -> Iterator[Row]:
    """The specification's other commands, as its own table has them."""
    with TABLE.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            key = (int(row["netfn"], 16), int(row["cmd"], 16), row["group_ext_id"])
            if key in known:
                continue
            known.add(key)
            level = TABLES_WORDS.get(row["privilege"], row["privilege"])
            yield key, f"{row['name']} | {row['spec_section']} | {level} | {MISSING}"


def commands_page() -> str:
    """The page of commands, whole."""
    rows = list(declared())
    rows += others({key for key, _ in rows})
    counts = {state: sum(row.endswith(f"| {state}") for _, row in rows) for state in (ANSWERED, DECLARED)}
    parts = [INTRODUCTION.format(all=len(rows), answered=counts[ANSWERED], declared=counts[DECLARED])]
    for number, name in NETFNS.items():
        mine = sorted(row for row in rows if row[0][0] == number)
        if not mine:
            continue
        parts += ["", f"## {name}, {number:02X}h", ""]
        parts += ["| number | command | section | privilege | the BMC |", "|---|---|---|---|---|"]
        parts += [f"| {_number(key)} | {text} |" for key, text in mine]
    return "\n".join(parts) + "\n"


def _number(key: Key) -> str:
    return f"{key[1]:02X}h" + (f" ({key[2]}h)" if key[2] else "")


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
