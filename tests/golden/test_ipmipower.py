"""ipmipower, FreeIPMI's and ours, on the same BMCs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests import peers
from tests.golden.freeipmi import both, in_order
from tests.interop.lab import Bmc, Done, Lab
from tests.interop.patience import eventually

ipmipower: Callable[..., Done] = partial(both, "ipmipower")


@pytest.fixture
def rack(golden_lab: Lab) -> list[Bmc]:
    return [golden_lab[0]]


def test_every_action_is_ok(rack: list[Bmc]) -> None:
    assert ipmipower(rack, "--stat").out == "127.0.0.1: on\n"
    assert ipmipower(rack, "--off", "--wait-until-off").out == "127.0.0.1: ok\n"
    assert ipmipower(rack, "-s").out == "127.0.0.1: off\n"
    for action in ("--on", "--reset", "--pulse", "-n", "-r"):
        assert ipmipower(rack, action).out == "127.0.0.1: ok\n", action
    assert ipmipower(rack, "--off", "--wait-until-off").code == 0
    assert ipmipower(rack, "--cycle", "--on-if-off").code == 0
    assert ipmipower(rack, "-c", "--on-if-off", "--wait-until-on").code == 0
    eventually(lambda: ipmipower(rack, "--stat").out, lambda out: out == "127.0.0.1: on\n")
    assert ipmipower(rack, "--soft").code == 0
    eventually(lambda: ipmipower(rack, "--stat").out, lambda out: out == "127.0.0.1: off\n")
    assert ipmipower(rack, "--on", "--wait-until-on").code == 0


def test_an_order_that_is_refused_is_told(golden_lab: Lab) -> None:
    # FreeIPMI 1.6.10 prints nothing at all for D5h and ends with 0; a caller then takes it for done.
    bmc = golden_lab[1]
    bmc.ipmitool("power", "off").ok()
    eventually(lambda: bmc.ipmitool("power", "status").out, lambda out: "off" in out)
    command = [sys.executable, "-P", "-m", "baseboard", "ipmipower", "-h", f"{bmc.address}:{bmc.port}"]
    command += ["-D", "LAN_2_0", "-u", bmc.username, "-p", bmc.password, "-I", "17", "--cycle"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.stdout, done.returncode) == ("127.0.0.1: operation invalid\n", 1)


def test_several_hosts_and_what_one_refuses(golden_lab: Lab) -> None:
    hosts = [golden_lab[0], golden_lab[1], golden_lab[2]]
    done = ipmipower(hosts, "--stat", suite=3, same=in_order)
    assert done.code == 1
    assert "127.0.0.1: cipher suite id unavailable\n" in done.out
    assert ipmipower(hosts[:2], "--stat", "-B", same=in_order).code == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"password": "wrong-password"}, "password invalid"),
        ({"suite": 8}, "cipher suite id unavailable"),
        ({"driver": "LAN", "suite": None}, "authentication type unavailable for attempted privilege level"),
    ],
)
def test_a_login_that_fails_says_why(rack: list[Bmc], words: dict[str, object], told: str) -> None:
    done = ipmipower(rack, "--stat", "--session-timeout", "4000", **words)
    assert (done.out, done.code) == (f"127.0.0.1: {told}\n", 1)


def test_nobody_there() -> None:
    nobody = Bmc("127.0.0.1", 9, "admin", "x", None, "nobody", Path())
    done = ipmipower([nobody], "--stat", "--session-timeout", "1500")
    assert (done.out, done.code) == ("127.0.0.1: connection timeout\n", 1)
    done = both("ipmipower", [], "-h", "host.invalid", "--stat", login=False)
    assert done.out == "host.invalid: invalid hostname\n"


@pytest.mark.parametrize(
    "words",
    [
        ["--foo"],
        ["-Z"],
        ["-h"],
        ["--on"],
        ["-h", "127.0.0.1", "--stat", "-l", "foo"],
        ["-h", "127.0.0.1", "--stat", "-I", "44"],
        ["-h", "127.0.0.1", "--stat", "-I", "4"],
        ["-h", "127.0.0.1", "--stat", "-D", "foo"],
        ["-h", "127.0.0.1", "--stat", "-W", "foo"],
        ["-h", "127.0.0.1", "--stat", "-u", "a" * 17],
        ["-h", "127.0.0.1", "--stat", "-D", "LAN_2_0", "-p", "a" * 21],
        ["-h", "127.0.0.1", "--stat", "-k", "0xzz"],
        ["-h", "127.0.0.1", "--on", "-l", "USER"],
    ],
)
def test_wrong_options(words: list[str]) -> None:
    ours = both("ipmipower", [], *words, login=False)
    program = peers.require("FreeIPMI", "ipmipower")
    theirs = subprocess.run(
        [program, *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ours.code != 0
    assert ours.err.rstrip("\n") == theirs.stderr.replace(program, "ipmipower").rstrip("\n")


def test_a_workaround_and_a_configuration_file_are_taken(rack: list[Bmc], tmp_path: Path) -> None:
    bmc = rack[0]
    file = tmp_path / "freeipmi.conf"
    file.write_text(
        f"username {bmc.username}\npassword {bmc.password}\ndriver-type LAN_2_0\ncipher-suite-id 17\n"
        "workaround-flags opensesspriv\nipmipower-on-if-off enable\n# a comment\n"
    )
    at = f"{bmc.address}:{bmc.port}"
    words = ["--config-file", str(file), "-h", at, "-W", "opensesspriv", "-l", "OPERATOR", "--stat"]
    done = both("ipmipower", rack, *words, login=False)
    assert done.out == "127.0.0.1: on\n"


def test_the_prompt(golden_lab: Lab) -> None:
    bmc = golden_lab[0]
    command = [sys.executable, "-P", "-m", "baseboard", "ipmipower", "-h", f"{bmc.address}:{bmc.port}"]
    command += ["-D", "LAN_2_0", "-u", bmc.username, "-p", bmc.password, "-I", "17"]
    lines = "stat\nfoo\noff nobody\nhostname\nstat\nquit\n"
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0
    assert done.stdout.split("ipmipower> ")[1:] == [
        "127.0.0.1: on\n",
        'unknown command - type "help"\n',
        "nobody: unconfigured hostname\n",
        "hostname(s) unconfigured\n",
        "no hostname(s) configured\n",
        "",
    ]
