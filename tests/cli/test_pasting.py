"""Lines to paste into a shell."""

from __future__ import annotations

import shlex
from dataclasses import replace

import pytest

from baseboard.cli import pasting
from baseboard.cli.pasting import Target

RACK = Target("127.0.0.1", 6230, "admin", "pw", None, (3, 17), False)
VETERAN = replace(RACK, suites=(0, 1, 2, 3, 17), v15=True)
KG = "00112233445566778899aabbccddeeff00112233"


def test_a_modern_bmc() -> None:
    login = "ipmitool -I lanplus -C 17 -H 127.0.0.1 -p 6230 -U admin -P pw"
    assert pasting.lines(RACK) == [
        f"{login} sdr elist",
        f"{login} sol activate",
        f"{login} sel elist",
        "ipmi-sensors -D LAN_2_0 -I 17 -h 127.0.0.1:6230 -u admin -p pw -l ADMIN",
        'python3 -c "from pyghmi.ipmi.command import Command; '
        "print(Command('127.0.0.1', 'admin', 'pw', port=6230).get_power())\"",
    ]


def test_a_host_without_console_has_none() -> None:
    assert pasting.lines(replace(RACK, console=False)) == [
        line for line in pasting.lines(RACK) if "sol activate" not in line
    ]


def test_an_old_board_is_shown_both_its_ways() -> None:
    made = pasting.lines(VETERAN)
    assert "ipmitool -I lanplus -C 3 -H 127.0.0.1 -p 6230 -U admin -P pw sdr elist" in made
    assert "ipmitool -I lan -A MD5 -H 127.0.0.1 -p 6230 -U admin -P pw mc info" in made
    assert "bmc-info -D LAN -h 127.0.0.1:6230 -u admin -p pw -l ADMIN" in made


def test_a_key_is_given_as_each_wants_it() -> None:
    made = pasting.lines(replace(VETERAN, kg=KG))
    assert all(f"-y {KG}" in line for line in made if line.startswith("ipmitool -I lanplus"))
    assert all(f"-k 0x{KG}" in line for line in made if line.startswith("ipmi-sensors"))
    assert [f"kg=bytes.fromhex('{KG}')" in line for line in made if line.startswith("python3")] == [True]
    assert not [line for line in made if "lan -A" in line and KG in line], "IPMI v1.5 has no K_G"
    assert not [line for line in made if "-D LAN " in line and KG in line]


@pytest.mark.parametrize(
    ("suites", "best"), [((3, 17), 17), ((17,), 17), ((3,), 3), ((8, 12), 12), ((), None)]
)
def test_the_best_suite(suites: tuple[int, ...], best: int | None) -> None:
    assert replace(RACK, suites=suites).suite == best


def test_without_a_suite_there_is_only_v15() -> None:
    made = pasting.lines(replace(VETERAN, suites=()))
    assert [line.split()[0] for line in made] == ["ipmitool", "bmc-info"]
    assert not pasting.lines(replace(RACK, suites=()))


@pytest.mark.parametrize("password", ["a b", "$HOME", "it's", 'say "x"', "`id`", "'\"$\\", "a;b", "!x'"])
def test_a_shell_makes_of_it_what_was_meant(password: str) -> None:
    target = replace(VETERAN, password=password, username=f"u {password}")
    for line in pasting.lines(target):
        words = shlex.split(line)
        if words[0] == "python3":
            assert words[:2] == ["python3", "-c"]
            assert len(words) == 3
            compile(words[2], "line", "exec")
            assert repr(password) in words[2]
        else:
            assert words[words.index("-P" if words[0] == "ipmitool" else "-p") + 1] == password


def test_ipv6_has_brackets_where_a_port_follows() -> None:
    target = replace(RACK, address="::1")
    assert "-h [::1]:6230" in pasting.freeipmi(target, "bmc-info")
    assert "-H ::1 -p 6230" in pasting.ipmitool(target, "mc info")
