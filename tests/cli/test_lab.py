"""``baseboard lab``: its options, its line for programs, its end."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from baseboard.bmc.makeups import MAKEUPS
from baseboard.bmc.server import Server
from baseboard.cli import lab
from baseboard.cli.program import main
from tests.cli.running import end_when_ready
from tests.interop.lab import lab as running_lab

KG = "a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3"


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BASEBOARD_PASSWORD", raising=False)
    monkeypatch.delenv("BASEBOARD_KG", raising=False)


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[Server]:
    """The labs of this test, each of which ends as soon as it is ready."""
    return end_when_ready(monkeypatch, lab)


def entries(capsys: pytest.CaptureFixture[str], *options: str) -> list[dict[str, Any]]:
    assert main(["lab", "--json", "--port", "0", *options]) == 0
    out = capsys.readouterr().out
    assert out.count("\n") == 1, "one line and nothing else"
    made: list[dict[str, Any]] = json.loads(out)
    return made


def test_three_servers_of_different_makeup(ran: list[Server], capsys: pytest.CaptureFixture[str]) -> None:
    made = entries(capsys)
    assert [one["name"] for one in made] == ["rack-1", "blade-2", "veteran-3"]
    for one in made:
        assert set(one) == {"address", "port", "username", "password", "kg", "name", "vm"}
        assert (one["address"], one["username"], one["kg"], one["vm"]) == ("127.0.0.1", "admin", None, None)
    assert len({one["port"] for one in made}) == 3
    assert len({one["password"] for one in made}) == 1
    hosts = [running.controller.services.home.blueprint.host for running in ran[0].bmcs]
    assert hosts == [kind.host for kind in MAKEUPS]


def test_passwords_are_random(ran: list[Server], capsys: pytest.CaptureFixture[str]) -> None:
    first, second = entries(capsys, "--count", "1"), entries(capsys, "--count", "1")
    assert first[0]["password"] != second[0]["password"]
    assert len(first[0]["password"]) == 16


def test_the_fourth_is_like_the_first(ran: list[Server], capsys: pytest.CaptureFixture[str]) -> None:
    made = entries(capsys, "--count", "5")
    assert [one["name"] for one in made] == ["rack-1", "blade-2", "veteran-3", "rack-4", "blade-5"]
    blueprints = [running.controller.services.home.blueprint for running in ran[0].bmcs]
    assert blueprints[3].sensors is blueprints[0].sensors
    assert len({one.identity.guid for one in blueprints}) == 5
    assert len({one.lan.mac for one in blueprints}) == 5


def test_the_same_server_is_the_same_in_every_lab(
    ran: list[Server], capsys: pytest.CaptureFixture[str]
) -> None:
    entries(capsys, "--count", "2")
    entries(capsys, "--count", "4")
    first, second = (
        [running.controller.services.home.blueprint for running in server.bmcs] for server in ran
    )
    assert [one.identity for one in first] == [one.identity for one in second[:2]]
    assert first[0].frus == second[0].frus


def test_the_login_may_be_named(ran: list[Server], capsys: pytest.CaptureFixture[str]) -> None:
    (one,) = entries(capsys, "--count", "1", "--username", "ops", "--password", "x" * 20, "--kg", KG)
    assert (one["username"], one["password"], one["kg"]) == ("ops", "x" * 20, KG)


def test_the_login_may_be_in_the_environment(
    ran: list[Server], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BASEBOARD_PASSWORD", "from outside")
    monkeypatch.setenv("BASEBOARD_KG", KG)
    (one,) = entries(capsys, "--count", "1")
    assert (one["password"], one["kg"]) == ("from outside", KG)
    (one,) = entries(capsys, "--count", "1", "--password", "nearer", "--kg", "")
    assert (one["password"], one["kg"]) == ("nearer", None)
    (tmp_path / "password").write_text("from a file\nand a note\n")
    (tmp_path / "kg").write_text("01\n")
    files = ("--password-file", str(tmp_path / "password"), "--kg-file", str(tmp_path / "kg"))
    (one,) = entries(capsys, "--count", "1", *files)
    assert (one["password"], one["kg"]) == ("from a file", "01" + "00" * 19)


def test_ports_follow_each_other(ran: list[Server], capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = min(free.getsockname()[1], 65_000)
    made = entries(capsys, "--count", "2", "--port", str(port), "--bind", "127.81.0.1")
    assert [(one["address"], one["port"]) for one in made] == [("127.81.0.1", port), ("127.81.0.1", port + 1)]


def test_an_address_each(ran: list[Server], capsys: pytest.CaptureFixture[str]) -> None:
    made = entries(capsys, "--count", "4", "--spread", "addresses", "--bind", "127.82.0.253")
    assert [one["address"] for one in made] == ["127.82.0.253", "127.82.0.254", "127.82.1.1", "127.82.1.2"]
    assert len({one["port"] for one in made}) == 1
    shown = [running.controller.services.home.blueprint.lan.ip for running in ran[0].bmcs]
    assert shown == [one["address"] for one in made]


def test_ipv6(ran: list[Server], capsys: pytest.CaptureFixture[str]) -> None:
    assert [one["address"] for one in entries(capsys, "--bind", "::1")] == ["::1"] * 3


def test_a_store_is_found_again(
    ran: list[Server], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    store = ("--store", str(tmp_path / "kept"))
    first = entries(capsys, *store, "--kg", KG)
    second = entries(capsys, *store, "--count", "4")
    assert [one["password"] for one in first] == [one["password"] for one in second[:3]]
    assert [one["kg"] for one in second] == [KG, KG, KG, None]
    assert second[3]["password"] != first[0]["password"]
    third = entries(capsys, *store, "--count", "4", "--password", "named")
    assert {one["password"] for one in third} == {"named"}
    assert {one["password"] for one in entries(capsys, *store, "--count", "4")} == {"named"}


def test_for_people_there_is_a_table(ran: list[Server], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lab", "--port", "0", "--count", "2", "--password", "named"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("NAME")
    assert sum("named" in line for line in lines if line.startswith("ipmitool")) == 6


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--count", "0"], "'0' is no number from 1 to 65536"),
        (["--count", "many"], "'many' is no number from 1 to 65536"),
        (["--port", "65536"], "'65536' is no number from 0 to 65535"),
        (["--port", "65535"], "3 ports from 65535 on go beyond 65535"),
        (["--bind", "localhost"], "'localhost' is no IP address"),
        (["--bind", "192.0.2.1"], "is served on loopback only, which 192.0.2.1 is not"),
        (["--bind", "192.0.2.1", "--count", "3"], "take --count 2 at most"),
        (["--bind", "::1", "--spread", "addresses"], "only addresses of the loopback network"),
        (["--bind", "127.255.255.250", "--spread", "addresses", "--count", "9"], "go beyond the loopback"),
        (["--spread", "nowhere"], "invalid choice: 'nowhere'"),
        (["--password", "x" * 17], "1 to 16 bytes here, since every third server has IPMI v1.5; this one"),
        (["--password", "x" * 21, "--count", "2"], "a password has 1 to 20 bytes here; this one has 21"),
        (["--password", "é" * 9], "this one has 18"),
        (["--password", ""], "this one has 0"),
        (["--password-file", "/nowhere/at/all"], "/nowhere/at/all: No such file"),
        (["--password", "x", "--password-file", "y"], "not allowed with argument --password"),
        (["--username", "x" * 17], "a user name has 1 to 16 bytes, this one 17"),
        (["--username", ""], "a user name has 1 to 16 bytes, this one 0"),
        (["--kg", "abc"], "K_G has to be hexadecimal digits, two a byte"),
        (["--kg", "secret"], "K_G has to be hexadecimal digits, two a byte"),
        (["--kg", "00" * 21], "K_G has at most 20 bytes, this one 21"),
    ],
)  # fmt: skip
def test_a_wrong_option_is_one_clear_line(
    options: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lab", *options]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert words in captured.err.splitlines()[-1]
    assert captured.err.splitlines()[-1].startswith("baseboard lab: ")


def test_a_file_of_another_encoding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "password").write_bytes(b"\xe9\n")
    assert main(["lab", "--password-file", str(tmp_path / "password")]) == 2
    assert "not UTF-8" in capsys.readouterr().err


def test_no_error_shows_a_secret(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("BASEBOARD_PASSWORD", "hunter2hunter2hunter2")
    monkeypatch.setenv("BASEBOARD_KG", "hunter2")
    assert main(["lab"]) == 2
    assert main(["lab", "--password", "x"]) == 2
    assert "hunter2" not in capsys.readouterr().err


def test_a_port_that_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        assert main(["lab", "--count", "1", "--port", str(port)]) == 1
    assert capsys.readouterr().err == f"baseboard: UDP 127.0.0.1 port {port}: Address already in use\n"


def test_an_address_that_is_not_here(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lab", "--count", "1", "--bind", "192.0.2.1", "--port", "0"]) == 1
    assert "UDP 192.0.2.1 port 0: Cannot assign requested address" in capsys.readouterr().err


def test_a_store_that_another_lab_has(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with running_lab("--count", "1", "--store", str(tmp_path)):
        assert main(["lab", "--count", "1", "--port", "0", "--store", str(tmp_path)]) == 1
    error = capsys.readouterr().err
    assert error.startswith(f"baseboard: {tmp_path}")
    assert error.count("\n") == 1


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_a_good_end(end: signal.Signals, tmp_path: Path) -> None:
    """The process leaves with 0, prints no more, and takes its temporary store with it."""
    command = [sys.executable, "-P", "-m", "baseboard", "lab", "--json", "--port", "0"]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert process.stdout is not None
    assert len(json.loads(process.stdout.readline())) == 3
    assert len(list(tmp_path.iterdir())) == 1
    process.send_signal(end)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (0, "", "")
    assert not list(tmp_path.iterdir())


def test_virtual_machines_connect_instead(
    ran: list[Server], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    made = entries(capsys, "--count", "2", "--vm", str(tmp_path / "vm"))
    assert [one["vm"] for one in made] == [f"unix:{tmp_path}/vm-1", f"unix:{tmp_path}/vm-2"]
    made = entries(capsys, "--count", "1", "--vm", "tcp:127.0.0.1:0")
    kind, _, port = made[0]["vm"].rpartition(":")
    assert kind == "tcp:127.0.0.1"
    assert int(port) > 0
    for server in ran:
        assert not any(one.controller.services.chassis.is_on() for one in server.bmcs)


def test_people_are_told_how_to_start_them(
    ran: list[Server], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["lab", "--port", "0", "--count", "1", "--vm", str(tmp_path / "vm")]) == 0
    out = capsys.readouterr().out
    assert f"# rack-1 waits for a virtual machine at unix:{tmp_path}/vm" in out
    assert "ipmi-bmc-extern" in out
    assert "sol activate" not in out


@pytest.mark.parametrize("place", ["tcp:0.0.0.0:9002", "tcp:127.0.0.1", "tcp:127.0.0.1:65535"])
def test_places_where_no_machine_can_connect(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lab", "--port", "0", "--count", "2", "--vm", place]) == 2
    assert capsys.readouterr().err.startswith("baseboard lab: ")
