"""``baseboard commands``: every command of the specification, and who has it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from baseboard.cli.failures import DONE, FAILED
from baseboard.cli.results.native import SpecifiedCommand

if TYPE_CHECKING:
    from baseboard.cli.long_options import Split

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


def run(line: Split) -> int:
    """Print the commands; words after the verb choose those whose row has all of them."""
    wanted = [word.lower() for word in line.words[1:]]
    found = [one for one in every() if all(word in _text(one) for word in wanted)]
    if "json" in line.given:
        from baseboard.cli.json_output import document
        from baseboard.cli.json_output import line as document_line

        sys.stdout.write(document_line(document("", "commands", DONE, found, [], many=True)))
        return DONE
    if not found:
        print(f"baseboard: no command of the specification has: {' '.join(wanted)}", file=sys.stderr)
        return FAILED
    from baseboard.cli import tables

    heads = ("netfn/cmd", "name", "section", "privilege", "mandatory", "console", "bmc")
    tables.show(heads, [_row(one) for one in found])
    print(
        f"\n{len(found)} commands; the console has {sum(one.console for one in found)}, "
        f"the simulated BMC {sum(one.bmc for one in found)}; `raw` sends any"
    )
    return DONE


def every() -> Iterator[SpecifiedCommand]:
    """Every command of the specification, in its order."""
    # What the simulated BMC answers is known by the functions registered for it, and by nothing else.
    import baseboard.bmc.handlers as _handlers
    from baseboard.bmc.dispatch import handlers
    from baseboard.cli.command_rows import COLUMNS, ROWS
    from baseboard.commands import load_all, lookup

    load_all()
    assert _handlers.__all__
    for text in ROWS.splitlines():
        row = dict(zip(COLUMNS, text.split("|"), strict=True))
        netfn, cmd = int(row["netfn"], 16), int(row["cmd"], 16)
        group = int(row["group"], 16) if row["group"] else None
        known = lookup(netfn, cmd, group)
        yield SpecifiedCommand(
            section=row["section"],
            subject=row["subject"],
            name=row["name"],
            netfn=netfn,
            cmd=cmd,
            group=group,
            privilege=_privilege(row["privilege"]),
            mandatory=row["mandatory"] == "M",
            console=known is not None,
            bmc=known is not None and known.request in {entry.request for entry in handlers.table.values()},
        )


def _privilege(text: str) -> str:
    level, _, aside = text.partition(" (")
    return _PRIVILEGES.get(level, level) + (f" ({aside}" if aside else "")


def _numbers(one: SpecifiedCommand) -> str:
    group = "" if one.group is None else f" {one.group:02X}h"
    return f"{one.netfn:02X}h/{one.cmd:02X}h{group}"


def _text(one: SpecifiedCommand) -> str:
    return f"{_numbers(one)} {one.name} {one.section} {one.subject}".lower()


def _row(one: SpecifiedCommand) -> tuple[str, ...]:
    sign = {True: "yes", False: "-"}
    return (
        _numbers(one), one.name, one.section, one.privilege,
        sign[one.mandatory], sign[one.console], sign[one.bmc],
    )  # fmt: skip
