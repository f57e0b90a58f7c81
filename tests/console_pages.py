"""Pages of the documentation as somebody at a shell would follow them: line after line, against a lab.

``node001``, ``node002`` ... are the servers of the lab, and so are ports 6230, 6231 ... of 127.0.0.1; a small
program under the name ``baseboard`` finds them where they are. A page that begins with ``bmc run`` and one of
``docs/examples`` has the BMCs of that file instead, at the ports that stand there; the file is there too. The
lines of a page run in one shell, so a variable or a file of one block is there in the next.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.interop.lab import Lab, process_of

PASSWORD = "secret"
_BLOCK = re.compile(r"^( *)```console\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_MARK = "--- end of line, exit code "
_PATIENCE = 120
_LAB_PORT = 6230
_EXAMPLES = Path(__file__).resolve().parent.parent / "docs" / "examples"
_RUN = re.compile(r"^\$ baseboard bmc run ([\w-]+\.toml)$", re.MULTILINE)
_PORT = re.compile(r"^lan\.port = (\d+)$", re.MULTILINE)
_EXAMPLES_PASSWORD = re.compile(r'^password = "(\w+)"$', re.MULTILINE)
_PROGRAM = """\
#!{python} -P
import _socket, os, sys
from baseboard.cli.program import main

nodes = dict(pair.split("=") for pair in os.environ["NODES"].split())
find = _socket.getaddrinfo  # by which `socket` finds addresses, too

def found(host, port, *args, **named):
    name = host.decode() if isinstance(host, bytes) else host
    place = nodes.get(name) or nodes.get("%s:%s" % (name, port))
    return find(*(place.split(":") if place else (host, port)), *args, **named)

_socket.getaddrinfo = found
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


def example(page: Path) -> Path | None:
    """The file of ``docs/examples`` whose BMCs a page is about."""
    found = _RUN.search(page.read_text(encoding="utf-8"))
    return None if found is None else _EXAMPLES / found[1]


@contextmanager
def run_example(file: Path, folder: Path) -> Iterator[tuple[Lab, list[int]]]:
    """Run the BMCs of a file on free ports; with the ports that stand in it, in the same order.

    Args:
        file: the example.
        folder: where the page's lines find it.
    """
    text = file.read_text(encoding="utf-8")
    (folder / file.name).write_text(text, encoding="utf-8")
    found = _EXAMPLES_PASSWORD.search(text)
    assert found is not None
    with (
        tempfile.TemporaryDirectory() as name,
        process_of(Path(name, file.name), _PORT.sub("lan.port = 0", text), found[1]) as servers,
    ):
        yield servers, [int(port) for port in _PORT.findall(text)]


def followed(
    commands: Sequence[str], servers: Lab, folder: Path, ports: Sequence[int] | None = None
) -> list[str]:
    """Type lines into a shell.

    Args:
        commands: the lines.
        servers: what they reach.
        folder: where they are typed.
        ports: of 127.0.0.1, by which they name the servers.

    Returns: what each of them printed, both streams as a terminal shows them.
    """
    program = folder / "bin" / "baseboard"
    program.parent.mkdir(exist_ok=True)
    program.write_text(_PROGRAM.format(python=sys.executable), encoding="utf-8")
    program.chmod(0o755)
    (folder / "baseboard").symlink_to(program)
    named = ports or range(_LAB_PORT, _LAB_PORT + len(servers))
    nodes = "".join(
        f"node{n:03}={one.address}:{one.port} 127.0.0.1:{port}={one.address}:{one.port} "
        for n, (one, port) in enumerate(zip(servers.bmcs, named, strict=True), 1)
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
