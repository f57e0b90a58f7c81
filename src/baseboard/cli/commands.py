"""``baseboard commands``: every command of the specification, and who has it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from baseboard.cli.failures import DONE, FAILED
from baseboard.cli.results.native import SpecifiedCommand

if TYPE_CHECKING:
    from baseboard.cli.long_options import Split
    from baseboard.commands import Command

_PRIVILEGES = {
    "user": "user",
    "operator": "operator",
    "admin": "administrator",
    "callback": "callback",
    "unprotected": "none",
    "bmc_generated": "sent by the BMC",
    "system_interface_only": "system interface only",
    "local_interface_only": "local interfaces only",
}
_OEM_NETFN = 0x2E
_KNOWN_BY_ANOTHER = {"Broadcast Get Device ID": "Get Device ID"}
"""Rows that share their number with another: the broadcast is a form of the request on the IPMB."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A command, and what the table for people says about it besides.

    Attributes:
        command: what ``--json`` prints.
        subject: group of commands it belongs to.
        privilege: the lowest level that may use it, in the words of the table.
        mandatory: whether a BMC must have it.
    """

    command: SpecifiedCommand
    subject: str
    privilege: str
    mandatory: bool


def run(line: Split) -> int:
    """Print the commands; words after the verb choose those whose row has all of them."""
    wanted = [word.lower() for word in line.words[1:]]
    rows = [*every(), *(others() if "all" in line.given else ())]
    found = [one for one in rows if all(word in _text(one) for word in wanted)]
    if "json" in line.given:
        import json

        from baseboard.cli.json_output import value

        sys.stdout.write(json.dumps([value(one.command) for one in found], indent=1) + "\n")
        return DONE if found else FAILED
    if not found:
        print(f"baseboard: no command of the specification has: {' '.join(wanted)}", file=sys.stderr)
        return FAILED
    from baseboard.cli import tables

    heads = ("netfn/cmd", "name", "section", "privilege", "mandatory", "console", "bmc", "tests")
    tables.show(heads, [_row(one) for one in found])
    print(
        f"\n{len(found)} commands; the console has {sum(one.command.console for one in found)}, "
        f"the simulated BMC {sum(one.command.bmc for one in found)}; `raw` sends any"
    )
    return DONE


def every() -> Iterator[TableRow]:
    """Every command of the specification, in its order."""
    from baseboard.cli.command_rows import COLUMNS, ROWS
    from baseboard.commands import load_all, lookup

    load_all()
    tests, sent, answered = _tests(), _sent(), _answered()
    for text in ROWS.splitlines():
        row = dict(zip(COLUMNS, text.split("|"), strict=True))
        group = int(row["group"], 16) if row["group"] else None
        known = lookup(int(row["netfn"], 16), int(row["cmd"], 16), group)
        shared = row["name"] in _KNOWN_BY_ANOTHER
        yield TableRow(
            SpecifiedCommand(
                name=row["name"],
                netfn=row["netfn"],
                cmd=row["cmd"],
                group_ext_id=row["group"],
                section=row["section"],
                bmc=known is not None and known in answered,
                console=known is not None and (row["name"] if shared else known.request.__name__) in sent,
                verified=known is not None and not known.unverified and row["verified"] != "no",
                tests=tests.get(row["name"] if shared else _key(row["netfn"], row["cmd"], row["group"]), ()),
            ),
            row["subject"],
            _privilege(row["privilege"]),
            row["mandatory"] == "M",
        )


def others() -> Iterator[TableRow]:
    """Every command that is declared here and stands in another document: PICMG, HPM.1, VITA, makers."""
    from baseboard.cli.command_rows import ROWS
    from baseboard.commands import commands

    specified = {tuple(text.split("|")[3:6]) for text in ROWS.splitlines()}
    tests, sent, answered = _tests(), _sent(), _answered()
    for known in commands():
        numbers = _numbers_of(known)
        if numbers not in specified:
            yield TableRow(
                SpecifiedCommand(
                    name=known.name, netfn=numbers[0], cmd=numbers[1], group_ext_id=numbers[2],
                    section=known.section, bmc=known in answered, console=known.request.__name__ in sent,
                    verified=not known.unverified, tests=tests.get(_key(*numbers), ()),
                ),
                "other documents",
                known.privilege.name.lower(),
                mandatory=False,
            )  # fmt: skip


def _answered() -> set[Command]:
    """What the simulated BMC answers is known by the functions registered for it, and by nothing else."""
    import baseboard.bmc.handlers as _handlers
    from baseboard.bmc.dispatch import handlers

    assert _handlers.__all__
    return {entry.command for entry in handlers.table.values()}


def _sent() -> set[str]:
    """What the console sends is known by its verbs and options, and by nothing else."""
    from baseboard.cli import verbs
    from baseboard.cli.verbs.options import OPTIONS

    return {name for verb in (*verbs.VERBS, *verbs.OWN, *OPTIONS) for name in verb.sends}


def _tests() -> dict[str, tuple[str, ...]]:
    """Names of tests by command, as tools/generate_command_tests.py found them."""
    import json
    from importlib.resources import files

    stored = json.loads((files("baseboard.cli") / "command_tests.json").read_text(encoding="utf-8"))
    return {key: tuple(names) for key, names in stored.items()}


def _key(netfn: str, cmd: str, group: str) -> str:
    return f"{netfn}/{cmd}/{group}"


def _numbers_of(known: Command) -> tuple[str, str, str]:
    digits = 6 if known.netfn == _OEM_NETFN else 2
    group = "" if known.group is None else f"{known.group:0{digits}X}"
    return f"{known.netfn:02X}", f"{known.cmd:02X}", group


def _privilege(text: str) -> str:
    level, _, aside = text.partition(" (")
    return _PRIVILEGES.get(level, level) + (f" ({aside}" if aside else "")


def _numbers(one: SpecifiedCommand) -> str:
    group = f" {one.group_ext_id}h" if one.group_ext_id else ""
    return f"{one.netfn}h/{one.cmd}h{group}"


def _text(one: TableRow) -> str:
    return f"{_numbers(one.command)} {one.command.name} {one.command.section} {one.subject}".lower()


def _row(one: TableRow) -> tuple[str, ...]:
    sign = {True: "yes", False: "-"}
    command = one.command
    return (
        _numbers(command), command.name, command.section, one.privilege, sign[one.mandatory],
        sign[command.console], sign[command.bmc], str(len(command.tests)),
    )  # fmt: skip
