"""Draws the terminal pictures of README anew: the lab as it starts, and a real ipmitool at work on it.

::

    .venv/bin/python -P tools/make_pictures.py

It needs tmux and ipmitool, takes about a minute, and shows what really came: nothing in a picture is written
by hand. The lab is ended afterwards.
"""

from __future__ import annotations

import os
import re
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import CalledProcessError

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.terminal_picture import PROMPT, Terminal, picture  # noqa: E402 - found only by the line above

PICTURES = ROOT / "docs" / "pictures"
# Columns and rows.
LAB, CONSOLE = (110, 38), (92, 42)
# Where the lab goes: its own default if that is free, otherwise the next ten.
FIRST, STEP, LAST, SERVERS = 6230, 10, 7230, 3


def free(port: int) -> bool:
    """Whether a UDP port of loopback is nobody's."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def place() -> int:
    """The first port for a lab."""
    for port in range(FIRST, LAST, STEP):
        if all(free(port + number) for number in range(SERVERS)):
            return port
    raise SystemExit(f"no {SERVERS} ports in a row are free from {FIRST} on")


@contextmanager
def terminal(size: tuple[int, int]) -> Iterator[Terminal]:
    """A terminal whose shell is in this tree."""
    os.chdir(ROOT)
    with tempfile.TemporaryDirectory() as folder:
        one = Terminal(folder, *size)
        try:
            one.wait(PROMPT)
            yield one
        finally:
            with suppress(CalledProcessError):
                one.tmux("kill-server")


def keys(one: Terminal, text: str, until: str) -> None:
    """Type a line where no prompt of ours stands, and wait."""
    one.tmux("send-keys", "-l", text)
    one.tmux("send-keys", "Enter")
    one.wait(until)


def screen(one: Terminal) -> str:
    """What is there, without the empty rows below."""
    return re.sub(r"(?:\s*\n)+\Z", "\n", one.screen())


def console(port: int) -> Iterator[str]:
    """The screens of somebody who asks for sensors, goes to the host's console, and sees the host start."""
    bmc = f"ipmitool -I lanplus -C 17 -H 127.0.0.1 -p {port} -U admin -E"
    with terminal(CONSOLE) as one:
        for words in ("sdr elist | head -12", "fru print 0 | tail -7"):
            one.type(f"{bmc} {words}")
            one.wait(PROMPT)
        one.type(f"{bmc} sol activate")
        one.wait(r"^\[SOL Session operational")
        keys(one, "", r"login:\Z")
        keys(one, "root", r"^Password:\Z")
        keys(one, "demo", r"#\Z")
        keys(one, "uptime", r"load average.*\n.*#\Z")
        keys(one, "ipmi", r"Manufacturer.*\n.*#\Z")
        yield screen(one)
        keys(one, "reboot", "Boot menu")
        one.wait(r"login:\Z")
        yield screen(one)
        keys(one, "~.", PROMPT)


def main() -> int:
    """Run the lab and the console, and write what they show."""
    port = place()
    command = "./baseboard lab" + ("" if port == FIRST else f" --port {port}")
    with terminal(LAB) as lab:
        lab.type(command)
        lab.wait("^Ctrl-C ends the lab")
        shown = screen(lab)
        password = re.search(r" -P (\S+) sdr elist", lab.tmux("capture-pane", "-p"))
        assert password is not None
        os.environ["IPMITOOL_PASSWORD"] = password[1]
        session, start = console(port)
        lab.tmux("send-keys", "C-c")
        lab.wait(r"\$\Z")
    PICTURES.mkdir(exist_ok=True)
    for name, title, text, (columns, _) in (
        ("lab", "the lab", shown, LAB),
        ("ipmitool", "ipmitool on a server of the lab", session, CONSOLE),
        ("start", "the server starts, seen over Serial over LAN", start, CONSOLE),
    ):
        (PICTURES / f"{name}.svg").write_text(picture(text, title, columns), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
