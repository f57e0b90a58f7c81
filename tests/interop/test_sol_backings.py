"""Serial ports that are carried elsewhere: other people's consoles at one end, programs at the other."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import peers
from tests.interop.lab import STOP, Bmc, first_line
from tests.interop.terminal import Terminal, terminal
from tests.interop.test_freeipmi_console import low_port
from tests.interop.test_freeipmi_logins import pinged_at

OPERATIONAL = "[SOL Session operational.  Use ~? for help]"
PASSWORD = "secretpw"
# Prints a line at the first serial port, then echoes what it reads there: a boot sector, 16-bit code.
BOOT_SECTOR = (
    bytes.fromhex(
        "31c0 8ed8 be407c"  # xor ax,ax; mov ds,ax; mov si,7C40h
        "ac 08c0 7405 e81900 ebf6"  # lodsb; or al,al; jz echo; call out; jmp back
        "bafd03 ec a801 74fb b2f8 ec e80900 ebf0"  # echo: wait for a character, take it, call out, jmp echo
    ).ljust(0x28, b"\x90")
    + bytes.fromhex("50 bafd03 ec a820 74fb 58 b2f8 ee c3").ljust(0x18, b"\x90")  # out: wait, then write
    + b"boot sector ready\r\n\0"
).ljust(510, b"\0") + b"\x55\xaa"


@dataclass(frozen=True)
class Place:
    """A running BMC, and the folder of its file."""

    bmc: Bmc
    folder: Path


@contextmanager
def described(text: str, prepared: Callable[[Path], None] = lambda folder: None) -> Iterator[Place]:
    """Run a BMC whose serial ports, or whose host, are described so.

    Args:
        text: what its file says besides.
        prepared: called with the folder of the file before it runs.
    """
    port = low_port(1)
    with tempfile.TemporaryDirectory() as name, tempfile.TemporaryFile("w+") as errors:
        folder = Path(name)
        head = f'[[bmc]]\nname = "wired"\n[bmc.lan]\nport = {port}\n'
        user = f'[[bmc.user]]\nname = "admin"\npassword = "{PASSWORD}"\n'
        (folder / "bmc.toml").write_text(head + user + text)
        prepared(folder)
        command = [sys.executable, "-P", "-m", "baseboard", "bmc", "run", "--json", str(folder / "bmc.toml")]
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True
        )
        try:
            line = first_line(process)
            if not line:
                errors.seek(0)
                raise AssertionError(f"the BMC did not start: {errors.read()}")
            (one,) = json.loads(line)
            yield Place(
                Bmc(one["address"], one["port"], "admin", PASSWORD, None, one["name"], folder), folder
            )
        finally:
            process.terminate()
            process.wait(STOP)
            process.communicate()


@contextmanager
def ipmitool(bmc: Bmc, *words: str) -> Iterator[Terminal]:
    """A person with ipmitool who has activated SOL."""
    command = [peers.require("ipmitool"), "-I", "lanplus", "-C", "17", "-H", bmc.address, "-p", str(bmc.port)]
    with terminal([*command, "-U", bmc.username, "-E", "sol", "activate", *words], login(bmc)) as screen:
        screen.wait_for(OPERATIONAL)
        yield screen


def login(bmc: Bmc) -> dict[str, str]:
    return {"IPMITOOL_PASSWORD": bmc.password}


def leave(screen: Terminal) -> None:
    screen.type("\r~.")
    screen.wait_for("[terminated ipmitool]")
    assert screen.ended() == 0


@contextmanager
def machine(socket: Path) -> Iterator[None]:
    """A virtual machine that waits at a Unix socket with its serial port, and runs the boot sector."""
    disk = socket.with_name("disk")
    disk.write_bytes(BOOT_SECTOR.ljust(1 << 20, b"\0"))
    process = subprocess.Popen(
        [
            peers.require("QEMU"), "-display", "none", "-nodefaults", "-m", "32",
            "-drive", f"file={disk},format=raw,if=ide", "-serial", f"unix:{socket},server=on,wait=on",
        ],
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield
    finally:
        process.terminate()
        process.wait(STOP)


def test_qemu_with_its_serial_port_at_a_unix_socket_comes_goes_and_comes_back() -> None:
    with described('[bmc.sol]\nbacking = "unix"\npath = "guest"\n') as place, ipmitool(place.bmc) as screen:
        for _ in range(2):
            with machine(place.folder / "guest"):
                screen.wait_for("boot sector ready")
                screen.type("echo me")
                screen.wait_for("echo me")
        leave(screen)


def test_a_second_port_is_a_process_for_ipmitool_and_the_first_a_terminal_for_ipmiconsole() -> None:
    first_port = '[bmc.sol]\nbacking = "pty"\npath = "com1"\n'
    text = first_port + '[[bmc.sol.port]]\nbacking = "process"\ncommand = ["cat"]\n'
    with described(text) as place:
        link = place.folder / "com1"
        ours = os.open(link, os.O_RDWR | os.O_NOCTTY)
        try:
            options = [
                "-h",
                f"{place.bmc.address}:{place.bmc.port}",
                "-u",
                "admin",
                "-p",
                PASSWORD,
                "-I",
                "17",
            ]
            command = [peers.require("FreeIPMI", "ipmiconsole"), *options]
            with terminal(command, {}) as first, ipmitool(place.bmc, "instance=2") as second:
                first.wait_for("[SOL established]")
                os.write(ours, b"from the far end\r\n")
                first.wait_for("from the far end")
                first.type("from ipmiconsole")
                assert read(ours, len("from ipmiconsole")).endswith(b"from ipmiconsole")
                second.type("from ipmitool\r")
                second.wait_for("from ipmitool")
                assert place.bmc.ipmitool("raw", "6", "0x4a", "1").ok().out.split() == ["02", "03", "00"]
                leave(second)
                first.type("&.")
                first.ended()
        finally:
            os.close(ours)


def read(fd: int, size: int) -> bytes:
    """What came, once it is that much."""
    got = b""
    while len(got) < size:
        got += os.read(fd, 4096)
    return got


def test_who_is_not_at_the_far_end_takes_no_characters_and_the_console_is_told() -> None:
    with described('[bmc.sol]\nbacking = "pty"\npath = "com1"\n') as place:
        command = [sys.executable, "-P", "-m", "baseboard", "-H", f"{place.bmc.address}:{place.bmc.port}"]
        with terminal([*command, "-U", "admin", "-E", "sol", "activate"], login(place.bmc)) as screen:
            screen.wait_for(OPERATIONAL)
            ours = os.open(place.folder / "com1", os.O_RDWR | os.O_NOCTTY)
            os.write(ours, b"here I am\r\n")
            screen.wait_for("here I am")
            screen.type("hello")
            assert read(ours, 5) == b"hello"
            os.close(ours)
            screen.type("\r~.")
            assert screen.ended() == 0


def test_a_flood_that_a_process_ends_with_arrives_whole() -> None:
    """Characters come far faster than SOL carries them: the far end has to wait, and nothing is lost."""
    script = "read line; seq -w 20000; echo over"
    with (
        described(f'[bmc.sol]\nbacking = "process"\ncommand = ["sh", "-c", "{script}"]\n') as place,
        ipmitool(place.bmc) as screen,
    ):
        screen.type("go\n")
        shown = screen.wait_for("over")
        assert [word for word in shown.split() if word.isdigit()] == [
            f"{number:05}" for number in range(1, 20001)
        ]
        leave(screen)


SETTINGS = [
    ("enabled", "true", "Enabled", "true"),
    ("force-encryption", "false", "Force Encryption", "false"),
    ("force-authentication", "false", "Force Authentication", "false"),
    ("privilege-level", "operator", "Privilege Level", "OPERATOR"),
    ("character-accumulate-level", "20", "Character Accumulate Level (ms)", "100"),
    ("character-send-threshold", "8", "Character Send Threshold", "8"),
    ("retry-count", "2", "Retry Count", "2"),
    ("retry-interval", "30", "Retry Interval (ms)", "300"),
    ("non-volatile-bit-rate", "19.2", "Non-Volatile Bit Rate (kbps)", "19.2"),
    ("volatile-bit-rate", "9.6", "Volatile Bit Rate (kbps)", "9.6"),
    ("set-in-progress", "set-complete", "Set in progress", "set-complete"),
]


@pytest.mark.parametrize("writer", ["ipmitool", "baseboard"])
def test_what_one_console_sets_the_other_reads(writer: str) -> None:
    with described("") as place:
        bmc = place.bmc
        command = [
            sys.executable,
            "-P",
            "-m",
            "baseboard",
            "-H",
            f"{bmc.address}:{bmc.port}",
            "-U",
            "admin",
            "-E",
        ]

        def ours(*words: str) -> str:
            return subprocess.run(
                [*command, *words],
                capture_output=True,
                text=True,
                check=True,
                env={**os.environ, **login(bmc)},
            ).stdout

        for name, value, key, shown in SETTINGS:
            if writer == "ipmitool":
                bmc.ipmitool("sol", "set", name, value, "1").ok()
            else:
                ours("sol", "set", name, value, "1")
            told = bmc.ipmitool("sol", "info", "1").ok()
            assert told.values[key] == shown
            assert ours("sol", "info", "1") == told.out


# Runs a BMC at port 623, gives SOL a port of its own, and sits down at it: ipmiconsole logs in anew there.
OTHER_PORT = """
"$1" -P -m baseboard bmc run --json "$2" >"$3/line" & bmc=$!
trap 'kill $bmc; wait $bmc || :' EXIT
until [ -s "$3/line" ]; do kill -0 $bmc; sleep 0.1; done # polls
"$4" -I lanplus -C 17 -H "$6" -U admin -E raw 0x0c 0x21 1 8 0xbb 0x0a
"$5" -h "$6" -u admin -p "$IPMITOOL_PASSWORD" -I 17
"""


def test_ipmiconsole_follows_sol_to_a_port_of_its_own(tmp_path: Path) -> None:
    address, allowed = pinged_at()
    file = tmp_path / "bmc.toml"
    file.write_text(
        f'[[bmc]]\nname = "far"\n[bmc.lan]\naddress = "{address}"\nport = 623\n'
        f'[[bmc.user]]\nname = "admin"\npassword = "{PASSWORD}"\n'
        '[bmc.sol]\nbacking = "process"\ncommand = ["sh", "-c", "echo \'at your service\'; cat"]\n'
    )
    programs = [peers.require("ipmitool"), peers.require("FreeIPMI", "ipmiconsole")]
    command = [*allowed, "sh", "-euc", OTHER_PORT, "sh", sys.executable, str(file), str(tmp_path), *programs]
    with terminal([*command, address], {"IPMITOOL_PASSWORD": PASSWORD}) as screen:
        screen.wait_for("[SOL established]")
        screen.type("by port 2747\r")
        screen.wait_for("by port 2747", "by port 2747")
        screen.type("&.")
        screen.ended()
