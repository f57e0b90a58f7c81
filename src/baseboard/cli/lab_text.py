"""What the lab prints for people: a table, lines to paste, and where to look first."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from baseboard.cli import machine_text, pasting, tables
from baseboard.cli.lab_logins import Entry

_MANY = 12
"""Servers beyond which only the first of each make-up are listed."""

_HEADS = ("name", "model", "address", "port", "username", "password", "suites", "v1.5")


def show(entries: Sequence[Entry], store: Path | None) -> None:
    """Print it, and let it be seen at once."""
    # a name or a password that the terminal's encoding lacks shows as escapes
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # a text stream has it
    samples = [
        next(one for one in entries if one.lineup == kind) for kind in sorted({e.lineup for e in entries})
    ]
    listed = list(entries) if len(entries) <= _MANY else samples
    tables.show(_HEADS, [_row(entry) for entry in listed])
    if len(listed) < len(entries):
        last = entries[-1]
        print(
            f"... {len(entries)} in all, up to {last.name} at {last.address} port {last.port};"
            " --json lists them\n"
        )
    for entry in samples:
        print(f"\n# {entry.name}, {_offers(entry)}")
        for line in _lines(entry):
            print(line)
    machines = [(entry.name, entry.vm) for entry in entries if entry.vm is not None]
    for line in machine_text.lines(machines):
        print(line)
    console = (
        "" if machines else " the host's console (sol activate; log in as root, password demo;\n~. ends it),"
    )
    print(
        f"\nFirst: the sensors (sdr elist),{console} the event log (sel elist).\n{_ending(store)}",
        flush=True,
    )


def _row(entry: Entry) -> tuple[str, ...]:
    return (
        entry.name,
        entry.model,
        entry.address,
        str(entry.port),
        entry.username or "-",
        entry.password or "-",
        " ".join(map(str, entry.suites)) or "-",
        "yes" if entry.v15 else "-",
    )


def _offers(entry: Entry) -> str:
    suites = ", ".join(map(str, entry.suites))
    word = "suite" if len(entry.suites) == 1 else "suites"
    return f"{entry.model}: cipher {word} {suites or 'none'}{', IPMI v1.5' if entry.v15 else ''}"


def _lines(entry: Entry) -> list[str]:
    if entry.username is None or entry.password is None:
        return ["# nobody may log in: the store has no user with a name who may"]
    target = pasting.Target(
        entry.address,
        entry.port,
        entry.username,
        entry.password,
        entry.kg,
        entry.suites,
        entry.v15,
        console=entry.vm is None,
    )
    return pasting.lines(target)


def _ending(store: Path | None) -> str:
    kept = "its state goes with it (--store DIR keeps it)" if store is None else f"its state stays in {store}"
    return f"Ctrl-C ends the lab; {kept}."
