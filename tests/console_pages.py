"""Pages of the documentation as somebody at a shell would follow them: line after line, against a lab.

``node001``, ``node002`` ... are the servers of the lab, and so are ports 6230, 6231 ... of 127.0.0.1; a small
program under the name ``baseboard`` finds them where they are. The lines of a page run in one shell, so a
variable or a file of one block is there in the next.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.interop.lab import Lab

PASSWORD = "secret"
_BLOCK = re.compile(r"^( *)```console\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_MARK = "--- end of line, exit code "
_PATIENCE = 120
_PROGRAM = """\
#!{python} -P
import os, socket, sys
from baseboard.cli.program import main

nodes = dict(pair.split("=") for pair in os.environ["NODES"].split())
find = socket.getaddrinfo

def found(host, port, *args, **named):
    place = nodes.get(host) or nodes.get("%s:%s" % (host, port))
    return find(*(place.split(":") if place else (host, port)), *args, **named)

socket.getaddrinfo = found
sys.exit(main(sys.argv[1:], os.path.basename(sys.argv[0])))
"""


@dataclass(frozen=True)
class Line:
    """A line that is typed, and what the page shows below it."""

    command: str
    shown: str


def lines(page: Path) -> list[Line]:
    """The lines of a page's console blocks."""
    found: list[Line] = []
    for indent, text in _BLOCK.findall(page.read_text(encoding="utf-8")):
        command, shown = "", list[str]()
        for raw in text.splitlines():
            row = raw.removeprefix(indent)
            if row.startswith("$ ") or command.endswith("\\"):
                if row.startswith("$ ") and command:
                    found.append(Line(command, "\n".join(shown)))
                    command, shown = "", []
                command += ("\n" if command else "") + row.removeprefix("$ ")
            else:
                shown.append(row)
        found.append(Line(command, "\n".join(shown)))
    return found


def followed(commands: Sequence[str], servers: Lab, folder: Path) -> list[str]:
    """Type lines into a shell.

    Returns: what each of them printed, both streams as a terminal shows them.
    """
    program = folder / "bin" / "baseboard"
    program.parent.mkdir(exist_ok=True)
    program.write_text(_PROGRAM.format(python=sys.executable), encoding="utf-8")
    program.chmod(0o755)
    (folder / "baseboard").symlink_to(program)
    nodes = "".join(
        f"node{n:03}={one.address}:{one.port} 127.0.0.1:{6229 + n}={one.address}:{one.port} "
        for n, one in enumerate(servers.bmcs, 1)
    )
    script = "".join(
        f"{command}\ncode=$?; echo {shlex.quote(_MARK)}$code; (exit $code)\n" for command in commands
    )
    done = subprocess.run(
        ["bash", "-c", f"exec 2>&1\nshopt -s expand_aliases\n{script}"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        cwd=folder,
        timeout=_PATIENCE,
        check=False,
        env={
            **os.environ,
            "PATH": f"{program.parent}:{os.environ['PATH']}",
            "HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder / ".config"),
            "XDG_CACHE_HOME": str(folder / ".cache"),
            "IPMITOOL_PASSWORD": servers[0].password,
            "NODES": nodes,
            "TZ": "UTC",
            "LC_ALL": "C.UTF-8",
        },
    )
    return re.split(f"{re.escape(_MARK)}\\d+\n", done.stdout)[:-1]


def agree(shown: str, printed: str) -> bool:
    """Whether a page shows what was printed: numbers may be others, and ``...`` stands for any lines.

    At the end of a line ``...`` stands for its rest.
    """
    pattern = ""
    for row in _plain(shown):
        if row.strip() == "...":
            pattern += r"(?:.*\n)*"
        elif row.endswith("..."):
            pattern += re.escape(row[:-3]) + r".*\n"
        else:
            pattern += re.escape(row) + r"\n"
    return re.fullmatch(pattern, "".join(f"{row}\n" for row in _plain(printed))) is not None


def _plain(text: str) -> list[str]:
    """Lines without what moves: the numbers, and the blanks that give way to them."""
    rows = [re.sub(r"-?\d+(\.\d+)?", "0", row) for row in text.strip("\n").splitlines()]
    return [re.sub(r" +", " ", row).rstrip() for row in rows]
