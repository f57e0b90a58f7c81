"""Options beside ipmitool's: the help, the probes that callers make, and all that can be wrong with them."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from baseboard.bmc.backends.memory import SimulatedServer
from baseboard.bmc.blueprint import FruSpec
from baseboard.codes import AuthType
from baseboard.testing.scripted import ScriptedBmc
from tests import peers
from tests.bmc.fakes import ADMIN, BLUEPRINT
from tests.golden.side_by_side import OURS, side_by_side
from tests.interop.lab import Bmc

WRITE_FRU = 0x12
# A password that v1.5 can be told too.
USER = replace(ADMIN, size=16)
NOTHING = Bmc("", 0, "", "", None, "nobody", Path("/nowhere"))

PROBES = [
    "-h",
    "-V",
    "help",
    "-N 0 -R 0 -h",
    "-m 0 -b 0 -t 0 -h",
    "-m 0 -b 0 -t 0 -B 0 -T 0 -h",
    "-o list",
    "-o help",
    "-L foo -V",
    "-K -V",
    "-f /nowhere/at/all -V",
]
WRONG = [
    "-x",
    "-H",
    "-p 70000",
    "-p foo",
    "-d -1",
    "-d x",
    "-C 256",
    "-C x",
    "-t 256",
    "-b x",
    "-B x",
    "-T x",
    "-m x",
    "-l 999 mc info",
    "-z 70000",
    "-N x",
    "-R -1",
    "-y abc",
    "-y zz",
    f"-y {'00' * 21}",
    "-4 -4",
    "-4 -6",
    "-6 -4",
    "-U 12345678901234567",
    "-I lan -H h -P 12345678901234567 mc",
    "-I lanplus -H h -P 123456789012345678901 mc",
    "-I foo mc info",
    "-I lan mc info",
    "-I lanplus mc info",
    "-I serial-basic mc info",
    "-I serial-basic -D /nowhere/at/all:fast mc info",
]


@pytest.mark.parametrize("words", [*PROBES, *WRONG])
def test_without_a_bmc(words: str) -> None:
    side_by_side(NOTHING, *words.split(), login=False)


@pytest.mark.parametrize(
    "words", ["power status -v", "power -v status", "-vv power status", "power status -c"]
)
def test_options_may_follow_the_words(words: str, rack: Bmc) -> None:
    side_by_side(rack, *words.split())


@pytest.mark.parametrize(
    "password", ["", "x", "1234567890123456", "with blanks", "quo'te\"s", "päß", "x" * 20]
)
def test_passwords_of_every_kind_are_refused_alike(password: str, rack: Bmc) -> None:
    words = ["-I", "lanplus", "-C", "3", "-H", rack.address, "-p", str(rack.port), "-U", rack.username]
    side_by_side(rack, *words, "-P", password, "power", "status", login=False)


@pytest.mark.parametrize("ending", ["", "\n", "\r\n", "\nmore\n"])
def test_the_password_is_the_first_line_of_a_file(ending: str, rack: Bmc, tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.write_bytes((rack.password + ending).encode())
    words = ["-I", "lanplus", "-C", "3", "-H", rack.address, "-p", str(rack.port), "-U", rack.username]
    done = side_by_side(rack, *words, "-f", str(path), "power", "status", login=False)
    assert done.out.startswith("Chassis Power is ")


@pytest.mark.parametrize("level", ["USER", "operator", "Administrator", "operator+", "callback"])
def test_privilege_levels(level: str, rack: Bmc) -> None:
    side_by_side(rack, "-L", level, "power", "status")
    side_by_side(rack, "-L", level, "session", "info", "active", mask=(r"handle +: \d+", r"port +: \d+"))


def test_no_cipher_suite_is_needed(rack: Bmc) -> None:
    words = ["-I", "lanplus", "-H", rack.address, "-p", str(rack.port), "-U", rack.username, "-E"]
    side_by_side(rack, *words, "power", "status", login=False)


def test_lan_is_meant_where_only_a_host_is_given(golden_lab: list[Bmc]) -> None:
    bmc = golden_lab[2]
    words = ["-H", bmc.address, "-p", str(bmc.port), "-U", bmc.username, "-E", "mc", "info"]
    side_by_side(bmc, *words, login=False)


def test_no_colour_and_no_complaint_in_any_locale(rack: Bmc) -> None:
    for environment in ({"TERM": "dumb"}, {"LC_ALL": "C.UTF-8"}, {"LC_ALL": "xx_YY"}):
        side_by_side(rack, "mc", "info", environment=environment)


NAMES = """"0xc0","XX","XX","XX","XX","XX","XX","XX","XX","XX","XX","XX","XX","XX","a maker's event"\n"""


@pytest.mark.parametrize(
    "words", ["power status", "mc info", "raw 6 1", "sel info", "foo", "", "shell", "user list 1"]
)
def test_files_are_read_whatever_the_command(words: str, rack: Bmc, tmp_path: Path) -> None:
    records, names = tmp_path / "records", tmp_path / "names"
    rack.ipmitool("sdr", "dump", str(records)).ok()
    names.write_text(NAMES * 3)
    for files in (
        (records, names),
        (tmp_path / "none", tmp_path / "none"),
        (names, records),
    ):
        options = ("-S", str(files[0]), "-O", str(files[1]))
        side_by_side(rack, *words.split(), options=options, stdin="power status\nsdr list fru\nquit\n")


@pytest.mark.parametrize("size", [0, 1, 24, 100, 65535])
def test_the_size_of_requests_is_told_whatever_the_command(size: int, rack: Bmc, tmp_path: Path) -> None:
    side_by_side(rack, "-z", str(size), "power", "status")
    side_by_side(rack, "-z", str(size), "-S", str(tmp_path / "none"), "foo")


@pytest.mark.parametrize("size", [25, 40, 100, 300])
@pytest.mark.parametrize("interface", ["lanplus", "lan"])
def test_a_write_is_as_long_as_the_size_lets_it(interface: str, size: int, tmp_path: Path) -> None:
    lan = replace(BLUEPRINT.lan, auth_types=1 << AuthType.MD5)
    frus = (FruSpec(0, "Builtin", bytes((1, 0, 0, 1, 0, 0, 0, 0xFE)) + bytes(504)),)
    image = tmp_path / "image"
    image.write_bytes(bytes((1, 0, 0, 1, 0, 0, 0, 0xFE)) + bytes(504))
    longest: list[int] = []
    with ScriptedBmc(replace(BLUEPRINT, lan=lan, frus=frus, users=(USER,)), SimulatedServer) as running:
        login = [
            "-H",
            running.host,
            "-p",
            str(running.port),
            "-U",
            ADMIN.name.decode(),
            "-P",
            ADMIN.password.decode(),
        ]
        login += ["-I", interface, *(["-C", "3"] if interface == "lanplus" else [])]
        for program in ([peers.require("ipmitool")], OURS):
            running.script.asked.clear()
            command = [*program, *login, "-z", str(size), "fru", "write", "0", str(image)]
            done = subprocess.run(command, capture_output=True, check=False, timeout=60)
            assert done.stdout.decode().startswith(f"Setting large buffer to {size}\n")
            asked = running.script.asked
            longest.append(max((len(data) for _, cmd, data in asked if cmd == WRITE_FRU), default=0))
    assert longest[0] == longest[1]
