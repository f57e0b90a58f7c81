"""The serial channel of a BMC that is a process: other people's consoles on its line, and what they set."""

from __future__ import annotations

import json
import os
import re
import select
import subprocess
import sys
import tempfile
import termios
import time
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import peers
from tests.interop.lab import STOP, Bmc, Done, first_line, run

PASSWORD = "a-good-passwrd"
RACK = "0f 07 00 01"
NEVER = re.compile(r"Lan_Conf_Security_Keys:K_R$|Rmcpplus_Conf_Privilege:|Lan_Conf_Auth:")
USERS = """
[[bmc.user]]
name = "admin"
password = "a-good-passwrd"
[[bmc.user]]
name = "oper"
password = "oper"
privilege = "operator"
"""


@dataclass(frozen=True)
class Place:
    """A running BMC.

    Attributes:
        bmc: over its LAN.
        line: the device of its serial line.
    """

    bmc: Bmc
    line: Path


@contextmanager
def described(text: str) -> Iterator[Place]:
    """Run a BMC with such a serial channel."""
    with tempfile.TemporaryDirectory() as name, tempfile.TemporaryFile("w+") as errors:
        folder = Path(name)
        line = folder / "line"
        head = '[[bmc]]\nname = "wired"\n[bmc.lan]\nport = 0\n'
        serial = f'[bmc.serial]\npath = "{line}"\nbaud = 115200\n{text}\n'
        (folder / "bmc.toml").write_text(head + serial + USERS)
        command = [sys.executable, "-P", "-m", "baseboard", "bmc", "run", "--json", str(folder / "bmc.toml")]
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True
        )
        try:
            started = first_line(process)
            if not started:
                errors.seek(0)
                raise AssertionError(f"the BMC did not start: {errors.read()}")
            (one,) = json.loads(started)
            assert one["serial"] == os.path.realpath(line)
            yield Place(Bmc(one["address"], one["port"], "admin", PASSWORD, None, one["name"], folder), line)
        finally:
            process.terminate()
            process.wait(STOP)
            process.communicate()


@contextmanager
def held(line: Path) -> Iterator[int]:
    """Somebody is at the line all the time, so that a console that leaves does not hang up."""
    descriptor = os.open(line, os.O_RDWR | os.O_NOCTTY)
    tty.setraw(descriptor, termios.TCSANOW)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def told(descriptor: int, text: str, wanted: str, patience: float = 20.0) -> str:
    """Type a line of Terminal Mode; what comes until what is wanted has come."""
    os.write(descriptor, text.encode() + b"\r")
    shown, until = "", time.monotonic() + patience
    while wanted not in shown:
        assert time.monotonic() < until, shown
        if select.select([descriptor], [], [], 0.2)[0]:
            shown += os.read(descriptor, 4096).decode()
    return shown


def ipmitool(line: Path, mode: str, *words: str) -> Done:
    command = [peers.require("ipmitool"), "-I", f"serial-{mode}", "-D", f"{line}:115200", *words]
    return run(command, "", 120, {})


def ours(line: Path, mode: str, *words: str) -> Done:
    command = [sys.executable, "-P", "-m", "baseboard", "-I", f"serial-{mode}", "-D", f"{line}:115200"]
    return run([*command, *words], "", 120, {"IPMI_PASSWORD": PASSWORD, "IPMITOOL_PASSWORD": PASSWORD})


def config(bmc: Bmc, *options: str) -> Done:
    return bmc.freeipmi("ipmi-config", "--category=core", *options, privilege="ADMIN")


# What it checks out of these only with -v; of the others it checks out names then that it does not commit.
VERBOSE = ("-v", *(f"--section={name}" for name in ("User2", "User3", "Serial_Channel", "Serial_Conf")))


def checked_out(bmc: Bmc) -> dict[str, str]:
    """The serial channel and two users, as section:key."""
    found: dict[str, str] = {}
    section = ""
    for line in config(bmc, "--checkout", *VERBOSE).lines:
        if line.startswith("Section "):
            section = line.removeprefix("Section ")
        elif not line.startswith("#") and line != "EndSection":
            key, _, value = line.partition(" ")
            found[f"{section}:{key}"] = value.strip()
    return found


def test_ipmitool_has_the_rights_of_whoever_has_logged_in() -> None:
    """It cannot log in over serial lines; a session belongs to the line, so that somebody else may for it."""
    with described("") as place, held(place.line) as near:
        done = ipmitool(place.line, "terminal", "raw", "0x0a", "0x40")
        assert (done.code, "rsp=0xd4" in done.err) == (1, True), str(done)
        assert "[OK]" in told(near, "[SYS PWD -U oper oper]", "[OK]")
        done = ipmitool(place.line, "terminal", "sel", "info")
        assert "Entries" in done.ok().out
        done = ipmitool(place.line, "terminal", "chassis", "identify", "0")
        assert done.code == 0, str(done)
        done = ipmitool(place.line, "terminal", "raw", "0x0a", "0x40")
        assert done.code == 0, str(done)
        # Set User Name wants an administrator.
        done = ipmitool(place.line, "terminal", "user", "set", "name", "4", "other")
        assert "Insufficient privilege" in done.err, str(done)
        assert "[OK]" in told(near, "[SYS PWD -X]", "[OK]")
        done = ipmitool(place.line, "terminal", "raw", "0x0a", "0x40")
        assert "rsp=0xd4" in done.err, str(done)


@pytest.mark.parametrize("mode", ["basic", "terminal"])
def test_a_session_for_calling_back_may_ask_for_nothing_else(mode: str) -> None:
    """On a cable there is nobody to be called (D5h): the command was allowed."""
    callback = '[[bmc.serial.callback]]\ndial = "5550142"\nuser = "admin"'
    with described(callback) as place:
        login = ("-U", "admin", "-E", "-L", "CALLBACK")
        done = ours(place.line, mode, *login, "serial", "callback", "1")
        assert (done.code, "D5h" in done.err) == (1, True), str(done)


@pytest.mark.parametrize("mode", ["basic", "terminal"])
def test_the_mode_is_found_out(mode: str) -> None:
    with described("") as place:
        done = ipmitool(place.line, mode, "channel", "authcap", "0x0e", "4")
        assert "Channel number             : 2" in done.ok().out, str(done)
        done = ours(place.line, mode, "-U", "admin", "-E", "raw", "6", "0x3d", "0")
        assert done.ok().out.split()[5] == "02", str(done)  # the channel that the session is on


def test_ipmitool_is_trusted_on_a_line_without_login() -> None:
    with described("login = false") as place:
        for mode in ("basic", "terminal"):
            done = ipmitool(place.line, mode, "user", "list", "2")
            assert "oper" in done.ok().out, str(done)


SERIAL = {
    "Serial_Channel:Volatile_Access_Mode": "Always_Available",
    "Serial_Conf:Enable_Basic_Mode": "Yes",
    "Serial_Conf:Enable_Terminal_Mode": "Yes",
    "Serial_Conf:Connect_Mode": "Direct_Connect",
    "Serial_Conf:Bit_Rate": "115200",
    "Serial_Conf:Flow_Control": "No_Flow_Control",
    "User2:Serial_Enable_IPMI_Msgs": "Yes",
    "User2:Serial_Privilege_Limit": "Administrator",
    "User3:Serial_Privilege_Limit": "Operator",
}
CHANGES = {
    "Serial_Channel:Non_Volatile_Channel_Privilege_Limit": "Operator",
    "Serial_Conf:Enable_Terminal_Mode": "No",
    "Serial_Conf:Connect_Mode": "Modem_Connect",
    "Serial_Conf:Page_Blackout_Interval": "5",
    "Serial_Conf:Call_Retry_Interval": "30",
    "Serial_Conf:Enable_DTR_Hangup": "Yes",
    "Serial_Conf:Flow_Control": "RTS_CTS",
    "Serial_Conf:Bit_Rate": "38400",
    "User3:Serial_Privilege_Limit": "User",
}


def test_freeipmi_checks_out_and_commits_the_serial_channel(tmp_path: Path) -> None:
    file = f"--filename={tmp_path / 'configuration'}"
    with described("") as place:
        done = config(place.bmc, "--checkout", "-vv")
        missing = re.findall(r"## Unable to checkout (\S+)", done.out)
        assert not [name for name in missing if not NEVER.match(name)]
        before = checked_out(place.bmc)
        assert {key: before[key] for key in SERIAL} == SERIAL
        for options in ((), VERBOSE):
            config(place.bmc, "--checkout", file, *options)
            for action in ("--commit", "--diff"):
                done = config(place.bmc, action, file)
                assert (done.code, done.out) == (0, ""), str(done)
            assert checked_out(place.bmc) == before
        pairs = [f"--key-pair={key}={value}" for key, value in CHANGES.items()]
        assert config(place.bmc, "--diff", *pairs).out.count("actual=") == len(CHANGES)
        done = config(place.bmc, "--commit", *pairs)
        assert (done.code, done.out) == (0, ""), str(done)
        after = checked_out(place.bmc)
        assert {key: after[key] for key in CHANGES} == CHANGES
        assert {key for key in before if before[key] != after[key]} == set(CHANGES)


def test_openipmi_opens_no_serial_line() -> None:
    """Its library has connections ``smi`` and ``lan`` alone, and says so."""
    program = peers.require("OpenIPMI")
    listed = run([program, "--help"], "", 60, {})
    known = re.findall(r"^\s*(smi|lan|serial\w*)\b", listed.out + listed.err, re.MULTILINE)
    assert set(known) == {"smi", "lan"}, str(listed)
    with described("") as place:
        done = run([program, "-k", "0f 0 6 1", "serial", str(place.line)], "", 60, {})
        assert done.code == 1
        assert "Invalid argument" in done.out + done.err, str(done)
