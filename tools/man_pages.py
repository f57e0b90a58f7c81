#!/usr/bin/env python3
"""Write docs/man/*.1, the manual pages, out of the table of verbs.

Run it after a change of the table; a test compares what it would write with what is committed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from baseboard import __doc__ as about
from baseboard.cli import failures, help_text, verbs
from baseboard.cli.ipmitool import usage
from baseboard.cli.long_options import OPTIONS, SHORT, LongOption

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "man"


def escaped(text: str) -> str:
    """Text that troff prints as it is."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text.startswith((".", "'")) else text


def head(name: str, summary: str) -> list[str]:
    """The beginning of a page."""
    return [
        '.\\" Made by tools/man_pages.py from the table of verbs; edit that, not this.',
        f'.TH {name.upper()} 1 "" "Baseboard" "User Commands"',
        ".SH NAME",
        f"{escaped(name)} \\- {escaped(summary)}",
    ]


def tagged(tag: str, text: str) -> list[str]:
    """A paragraph with a tag; the text as the table has it, for it may begin with what is typed."""
    return [".TP", f".B {escaped(tag)}", escaped(text)]


def options(rows: Iterable[LongOption]) -> list[str]:
    """Paragraphs about long options."""
    return [line for one in rows for line in tagged(f"--{one.name} {one.value}".rstrip(), one.summary)]


def verb_rows(found: Iterable[verbs.Verb]) -> list[str]:
    """Paragraphs about verbs."""
    lines: list[str] = []
    for verb in found:
        loses = f"; loses: {verb.loses}" if verb.loses else ""
        lines += tagged(f"{verb.words} {verb.arguments}".rstrip(), verb.summary + loses)
        for one in verb.options:
            lines += [".RS", *tagged(f"--{one.name} {one.value}".rstrip(), one.summary), ".RE"]
    return lines


def exit_codes() -> list[str]:
    """Paragraphs about exit codes, as their module tells them."""
    lines: list[str] = []
    for row in str(failures.__doc__).splitlines():
        code, _, text = row.partition(" ")
        if code.isdigit():
            lines += tagged(code, text.strip())
    return lines


def baseboard() -> str:
    """The page of the program."""
    lines = head("baseboard", str(about).splitlines()[0].rstrip("."))
    lines += [".SH SYNOPSIS", ".B baseboard", ".RI [ options ]", ".I noun verb", ".RI [ arguments ]", ".br",
              ".B baseboard lab", ".br", ".B baseboard bmc init", ".I file", ".br", ".B baseboard ipmitool",
              ".I arguments"]  # fmt: skip
    lines += [".SH DESCRIPTION", "Talks to management controllers (BMCs) by IPMI, and simulates them.",
              "Words and options are those of", ".BR ipmitool (1),", "and print the same;",
              "sessions are those of IPMI v2.0 unless", ".B \\-I lan", "asks for less.",
              "Hosts may be many: lists, ranges as in node[001\\-100], groups as in @rack1, which are lines",
              ".I name: hosts", "in the file", ".I baseboard/groups", "under $XDG_CONFIG_HOME or",
              "~/.config."]  # fmt: skip
    lines += [".SH OPTIONS", "As ipmitool's:"]
    for letter, value, text in SHORT:
        lines += tagged(f"-{letter} {value}".rstrip(), text)
    lines += [
        ".PP",
        "On top of them:",
        *options(OPTIONS),
        ".SH VERBS OF OUR OWN",
        *verb_rows(help_text.ours()),
    ]
    for noun, summary in verbs.NOUNS.items():
        if noun != "power":
            lines += [
                f".SS {noun}",
                escaped(summary),
                *verb_rows(verbs.of(noun)),
            ]
    lines += [".SH EXIT STATUS", *exit_codes(), ".SH ENVIRONMENT"]
    lines += tagged("IPMITOOL_PASSWORD, IPMI_PASSWORD", "the password, with -E")
    lines += tagged("IPMI_KGKEY", "K_G, with -K")
    lines += tagged("NO_COLOR", "no colours, unless --color says otherwise")
    lines += [".SH SEE ALSO", ".BR baseboard\\-ipmitool (1),", ".BR ipmitool (1)"]
    return "\n".join(lines) + "\n"


def ipmitool() -> str:
    """The page of the exact personality."""
    lines = head("baseboard-ipmitool", "ipmitool's own face of Baseboard")
    lines += [".SH SYNOPSIS", ".B baseboard ipmitool", ".RI [ options ]", ".I noun verb", ".RI [ arguments ]"]
    lines += [".SH DESCRIPTION",
              f"Prints on standard output what ipmitool {usage.VERSION} prints, byte for byte,",
              "and exits by 0 or 1 as it does; so does a link of the name", ".I ipmitool", "to",
              ".BR baseboard .",
              "The verbs are those of", ".BR baseboard (1).",
              "What is not there: commands of vendors, and spd, gendev, tsol, isol, hpm and ekanalyzer.",
              ".SH OPTIONS"]  # fmt: skip
    for letter, value, text in SHORT:
        lines += tagged(f"-{letter} {value}".rstrip(), text)
    lines += [".SH EXIT STATUS", *tagged("0", "done"), *tagged("1", "failed"), ".SH SEE ALSO",
              ".BR baseboard (1)"]  # fmt: skip
    return "\n".join(lines) + "\n"


def pages() -> dict[str, str]:
    """File name and text of every page."""
    return {"baseboard.1": baseboard(), "baseboard-ipmitool.1": ipmitool()}


def main() -> int:
    """Write the pages that differ."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        path = TARGET / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
