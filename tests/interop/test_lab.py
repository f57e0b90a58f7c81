"""The lab as other people's consoles see it: what it prints works, what it keeps is there, all answer."""

from __future__ import annotations

import os
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import peers
from tests.interop.lab import STOP, Bmc, lab, run
from tests.interop.terminal import terminal

PING = bytes.fromhex("0600ff06000011be80000000")
"""RMCP presence ping with message tag 0 (§13.2.3)."""

THOUSAND = 1000
CHANGED = "set by ipmitool"


@contextmanager
def printed(*options: str) -> Iterator[list[str]]:
    """What a lab prints for people, while it runs."""
    command = [sys.executable, "-P", "-m", "baseboard", "lab", "--port", "0", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        lines: list[str] = []
        for line in process.stdout:
            lines.append(line.rstrip("\n"))
            if "Ctrl-C" in line:
                break
        yield lines
    finally:
        process.terminate()
        process.communicate(timeout=STOP)


def pasted(line: str, folder: Path) -> str:
    """Run a line as a shell would; its SDR cache is kept in the folder."""
    if line.startswith("ipmi-sensors"):
        line += f" --quiet-cache --sdr-cache-directory={shlex.quote(str(folder))}"
    path = os.pathsep.join([str(Path(sys.executable).parent), peers.PATH])
    return run(["bash", "-c", line], "", 120, {"PATH": path}).ok().out


def answer(line: str, folder: Path) -> str:
    """What a pasted line prints; the host's console is looked at through a terminal and left again."""
    if not line.endswith(" sol activate"):
        return pasted(line, folder)
    with terminal(["bash", "-c", line]) as screen:
        screen.wait_for("[SOL Session operational.")
        screen.type("\r")
        screen.wait_for("login: ")
        screen.type("\r~.")
        screen.wait_for("[terminated ipmitool]")
        return screen.shown


EXPECTED = {
    "sdr elist": "degrees C",
    "sol activate": "login: ",
    "sel elist": "",
    "ipmi-sensors": "Temp",
    "python3": "{'powerstate': 'on'}",
    "mc info": "Device ID                 : 32",
    "bmc-info": "Device ID             : 32",
}


@pytest.mark.parametrize("key", ["", "a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3"])
def test_every_line_to_paste_works(key: str, tmp_path: Path) -> None:
    for peer, program in (("ipmitool", ""), ("FreeIPMI", "ipmi-sensors"), ("pyghmi", "")):
        peers.require(peer, program)
    with printed(*(["--kg", key] if key else [])) as lines:
        commands = [
            line
            for line in lines
            if line.split(" ")[0] in {"ipmitool", "ipmi-sensors", "bmc-info", "python3"}
        ]
        assert len(commands) == 17
        for line in commands:
            kind = next(kind for kind in EXPECTED if line.endswith(kind) or line.startswith(kind))
            assert EXPECTED[kind] in answer(line, tmp_path), line


def test_what_a_console_changed_is_what_the_next_lab_tells(tmp_path: Path) -> None:
    store = ("--store", str(tmp_path / "kept"))
    with lab(*store) as first:
        first[0].ipmitool("user", "set", "password", "2", CHANGED).ok()
        first[0].ipmitool("user", "set", "name", "2", "renamed", password=CHANGED).ok()
        assert first[1].ipmitool("sel", "add", str(event_file(tmp_path))).ok().code == 0
        passwords = [bmc.password for bmc in first]
    with lab(*store) as second:
        assert (second[0].username, second[0].password) == ("renamed", CHANGED)
        assert [bmc.password for bmc in second][1:] == passwords[1:]
        for bmc in second:
            assert bmc.ipmitool("mc", "info").ok().values["Device ID"] == "32"
        assert second[1].ipmitool("sel", "info").ok().values["Entries"] == "1"


def event_file(folder: Path) -> Path:
    """An event as `ipmitool sel add` reads them: a temperature goes high."""
    path = folder / "event"
    path.write_text("0x04 0x01 0x30 0x01 0x59 0x00 0x00 # a temperature\n")
    return path


@pytest.fixture(scope="module")
def thousand() -> Iterator[list[Bmc]]:
    """A thousand BMCs at one port of a thousand addresses."""
    with lab("--count", str(THOUSAND), "--spread", "addresses") as running:
        yield running.bmcs


def test_a_thousand_answer_the_ping(thousand: list[Bmc]) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as console:
        console.settimeout(STOP)
        for number, bmc in enumerate(thousand):
            tag = number % 0xFF
            console.sendto(PING[:9] + bytes((tag,)) + PING[10:], (bmc.address, bmc.port))
            pong, sender = console.recvfrom(100)
            assert sender == (bmc.address, bmc.port)
            assert pong[8:10] == bytes((0x40, tag))


def test_ipmipower_asks_a_thousand(thousand: list[Bmc]) -> None:
    hosts = ",".join(f"{bmc.address}:{bmc.port}" for bmc in thousand)
    command = [peers.require("FreeIPMI", "ipmipower"), "-h", hosts, "-u", thousand[0].username]
    command += ["-p", thousand[0].password, "-D", "LAN_2_0", "-I", "17", "--stat"]
    lines = run(command, "", 120, {}).ok().lines
    assert sorted(lines) == sorted(f"{bmc.address}: on" for bmc in thousand)
