"""A lab for other people's consoles: ``baseboard lab --json`` as a process of its own, on loopback."""

from __future__ import annotations

import json
import os
import secrets
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import peers

# How long a lab may take until it answers, and to end, seconds.
START, STOP = 120, 20
# The tools of FreeIPMI that keep a copy of the SDRs: in the lab's own folder, never in anybody's home.
CACHING = {
    "bmc-device",
    "ipmi-sensors",
    "ipmimonitoring",
    "ipmi-sel",
    "ipmi-fru",
    "ipmi-oem",
    "ipmi-config",
    "ipmi-sensors-config",
}
# The LAN of each make-up: in a file it is not the make-up's, unless it says so.
LANS = {
    "rack-1": "suites = [3, 17]",
    "blade-2": "suites = [17]",
    "veteran-3": 'suites = [0, 1, 2, 3, 6, 7, 8, 11, 12, 15, 16, 17]\nv15 = ["md5", "md2", "password"]',
}


@dataclass(frozen=True)
class Done:
    """What a console printed, and its exit code."""

    command: list[str]
    code: int
    out: str
    err: str

    def __str__(self) -> str:
        return f"{' '.join(self.command)}\nexit code {self.code}\n{self.out}{self.err}"

    def ok(self) -> Done:
        """This, once it is certain that the console was content."""
        assert self.code == 0, str(self)
        return self

    @property
    def lines(self) -> list[str]:
        """Standard output, without empty lines and outer blanks."""
        return [line.strip() for line in self.out.splitlines() if line.strip()]

    @property
    def values(self) -> dict[str, str]:
        """The ``name : value`` lines of standard output; of equal names the first."""
        found: dict[str, str] = {}
        for line in self.lines:
            name, colon, value = line.partition(":")
            if colon:
                found.setdefault(name.strip(), value.strip())
        return found

    def table(self, separator: str = "|") -> list[list[str]]:
        """The rows of a table with separators."""
        return [[cell.strip() for cell in line.split(separator)] for line in self.lines if separator in line]


@dataclass(frozen=True)
class Bmc:
    """One BMC of a lab, and the consoles that log into it, with its own login unless told otherwise."""

    address: str
    port: int
    username: str
    password: str
    kg: str | None
    name: str
    folder: Path

    def ipmitool(
        self,
        *words: str,
        interface: str = "lanplus",
        suite: int | None = 17,
        privilege: str | None = None,
        username: str | None = None,
        password: str | None = None,
        options: tuple[str, ...] = (),
        stdin: str = "",
        timeout: float = 120,
    ) -> Done:
        """Run ipmitool; over ``lan`` the suite is left out, or give options such as ``("-A", "MD5")``."""
        command = [peers.require("ipmitool"), "-I", interface, "-H", self.address, "-p", str(self.port)]
        command += ["-U", self.username if username is None else username, "-E", *options]
        if interface == "lanplus":
            command += [] if suite is None else ["-C", str(suite)]
            command += [] if self.kg is None else ["-y", self.kg]
        if privilege is not None:
            command += ["-L", privilege]
        secret = self.password if password is None else password
        return run([*command, *words], stdin, timeout, {"IPMITOOL_PASSWORD": secret, "IPMI_PASSWORD": secret})

    def freeipmi(
        self,
        program: str,
        *words: str,
        driver: str = "LAN_2_0",
        suite: int | None = 17,
        privilege: str | None = None,
        username: str | None = None,
        password: str | None = None,
        stdin: str = "",
        timeout: float = 120,
    ) -> Done:
        """Run one of FreeIPMI's tools; privilege is one of USER, OPERATOR, ADMIN."""
        command = [peers.require("FreeIPMI", program), "-h", f"{self.address}:{self.port}", "-D", driver]
        command += ["-u", self.username if username is None else username]
        command += ["-p", self.password if password is None else password]
        if driver == "LAN_2_0":
            command += [] if suite is None else ["-I", str(suite)]
            command += [] if self.kg is None else ["-k", f"0x{self.kg}"]
        if privilege is not None:
            command += ["-l", privilege]
        if program in CACHING:
            command.append(f"--sdr-cache-directory={self.folder}")
        return run([*command, *words], stdin, timeout, {"HOME": str(self.folder)})

    def openipmicmd(self, message: str, *options: str, timeout: float = 60) -> Done:
        """Run OpenIPMI's openipmicmd for one message: ``"f LUN NETFN CMD DATA..."``, hexadecimal."""
        command = [peers.require("OpenIPMI"), "-k", message, "lan", "-U", self.username, "-P", self.password]
        command += [] if self.kg is None else ["-Rk", self.kg]
        return run([*command, "-p", str(self.port), *options, self.address], "", timeout, {})


def run(command: list[str], stdin: str, timeout: float, environment: dict[str, str]) -> Done:
    """Run a console to its end; one that hangs is stopped and fails its test with what it had printed."""
    done = subprocess.run(
        command,
        input=stdin,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=timeout,
        check=False,
        env={**os.environ, "LC_ALL": "C", "TZ": "UTC", **environment},
    )
    return Done(command, done.returncode, done.stdout, done.stderr)


class Lab:
    """A running lab: its BMCs by number, its process, and where virtual machines connect."""

    def __init__(self, process: subprocess.Popen[str], bmcs: list[Bmc], vms: list[str] | None = None) -> None:
        self.process, self.bmcs, self.vms = process, bmcs, vms or []

    def __getitem__(self, number: int) -> Bmc:
        return self.bmcs[number]

    def __len__(self) -> int:
        return len(self.bmcs)

    def __iter__(self) -> Iterator[Bmc]:
        return iter(self.bmcs)

    @property
    def weak(self) -> Bmc:
        """The one that has IPMI v1.5 and weak suites switched on, as old boards have: make-up 2."""
        return self.bmcs[2]


def first_line(process: subprocess.Popen[str]) -> str:
    """The line that says that all BMCs answer; empty when it did not come."""
    assert process.stdout is not None
    until = time.monotonic() + START
    while process.poll() is None and time.monotonic() < until:
        if select.select([process.stdout], [], [], 0.2)[0]:
            return process.stdout.readline()
    return ""


@contextmanager
def lab(*options: str) -> Iterator[Lab]:
    """Run a lab with these options while the block lasts, on free ports; its line tells which."""
    with _running("lab", "--json", "--port", "0", *options) as (process, line, folder):
        wanted = ("address", "port", "username", "password", "kg", "name")
        bmcs = [Bmc(**{key: one[key] for key in wanted}, folder=folder) for one in line]
        yield Lab(process, bmcs, [one["vm"] for one in line if one["vm"]])


@contextmanager
def described_lab(lans: dict[str, str], *, strict: bool) -> Iterator[Lab]:
    """Run make-ups that a file describes.

    Args:
        lans: what its ``[bmc.lan]`` says of each BMC, by its name, which begins with the make-up's.
        strict: requests with reserved bits set are refused (CCh).
    """
    password = secrets.token_hex(8)  # 16 characters, as IPMI v1.5 takes them
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "described.toml")
        file.write_text("".join(_described(name, password, lan, strict) for name, lan in lans.items()))
        with _running("bmc", "run", "--json", str(file)) as (process, line, caches):
            login: dict[str, Any] = {"username": "admin", "password": password, "kg": None, "folder": caches}
            wanted = ("address", "port", "name")
            yield Lab(process, [Bmc(**{key: one[key] for key in wanted}, **login) for one in line])


@contextmanager
def process_of(file: Path, text: str, password: str) -> Iterator[Lab]:
    """Run what a text describes, in a process of its own.

    Args:
        file: where the text is written to.
        text: a file for ``bmc run``, with a user ``admin``.
        password: of that user.
    """
    file.write_text(text)
    with _running("bmc", "run", "--json", str(file)) as (process, line, folder):
        login: dict[str, Any] = {"username": "admin", "password": password, "kg": None, "folder": folder}
        wanted = ("address", "port", "name")
        yield Lab(process, [Bmc(**{key: one[key] for key in wanted}, **login) for one in line])


def _described(name: str, password: str, lan: str, strict: bool) -> str:
    makeup = name.partition("-")[0]
    return (
        f'[[bmc]]\nname = "{name}"\nmakeup = "{makeup}"\nstrict = {str(strict).lower()}\n'
        f'[bmc.lan]\nport = 0\n{lan}\n[[bmc.user]]\nname = "admin"\npassword = "{password}"\n'
    )


@contextmanager
def _running(*words: str) -> Iterator[tuple[subprocess.Popen[str], list[dict[str, Any]], Path]]:
    """Run one of our verbs that serves BMCs; its process, its line for programs, and an empty folder."""
    command = [sys.executable, "-P", "-m", "baseboard", *words]
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True
        )
        try:
            line = first_line(process)
            if not line:
                errors.seek(0)
                raise AssertionError(f"the lab did not start: exit code {process.poll()}\n{errors.read()}")
            yield process, json.loads(line), Path(folder)
            assert process.poll() is None, "the lab ended by itself"
        finally:
            process.terminate()
            try:
                process.wait(STOP)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(STOP)
            process.communicate()
