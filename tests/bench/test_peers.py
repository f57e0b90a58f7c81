"""The processes of a benchmark: started, waited for, measured, ended; and the figures of the client."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bench import peers
from bench.peers import PeerError, Server
from tests.interop import simulator

LOADED = "sessions 10 window 4 opens/s 2034.1 requests 30000 req/s 15000.5 bad 0 stalls 1 cpu 0.450000\n"


def here(address: str = "127.0.0.1", port: int = 1, addresses: int = 1) -> Server:
    return Server("somebody", address, port, os.getpid(), addresses)


def printing(monkeypatch: pytest.MonkeyPatch, text: str, code: int = 0) -> list[list[str]]:
    """Have the client print that; the commands that it was called with."""
    commands: list[list[str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        return subprocess.CompletedProcess(command, code, text, "what went wrong")

    monkeypatch.setattr(peers, "bmcbench", lambda: "bmcbench")
    monkeypatch.setattr(subprocess, "run", run)
    return commands


def test_a_program_runs_while_the_block_lasts(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "print('there', flush=True); input()"]
    with peers.running(command, log=tmp_path / "log") as process:
        assert process.poll() is None
    assert process.returncode is not None


def test_one_that_does_not_end_when_asked_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulator, "_STOP", 0.2)
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); input()"
    with peers.running([sys.executable, "-c", deaf], log=tmp_path / "log") as process:
        while not (tmp_path / "log").read_text():
            assert process.poll() is None
    assert process.returncode == -9


def test_a_program_that_is_missing_is_told(tmp_path: Path) -> None:
    with (
        pytest.raises(PeerError, match="no-such-program: No such file"),
        peers.running(["no-such-program"], log=tmp_path / "log"),
    ):
        raise AssertionError


def test_a_server_is_there_once_it_answers(tmp_path: Path) -> None:
    echo = (
        "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('127.0.0.1', 0))\n"
        "print(s.getsockname()[1], flush=True)\n"
        "while True: s.sendto(*s.recvfrom(2048))"
    )
    log = tmp_path / "log"
    with peers.running([sys.executable, "-c", echo], log=log) as process:
        while not log.read_text().endswith("\n"):
            assert process.poll() is None
        server = here(port=int(log.read_text()))
        assert peers.answering(server, process, log) is server


def test_a_server_that_ends_at_once_is_told_with_what_it_printed(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with peers.running(
        [sys.executable, "-c", "print('no such file'); raise SystemExit(3)"], log=log
    ) as process:
        process.wait()
        with pytest.raises(PeerError, match="somebody does not answer, exit code 3\nno such file"):
            peers.answering(here(port=simulator.free_port()), process, log)


def test_a_process_has_its_time_and_its_memory() -> None:
    before = peers.cpu_seconds(os.getpid())
    sum(range(200_000))
    assert 0 < before < here().cpu()
    assert peers.memory_bytes(os.getpid()) > 2**20


def test_a_free_port_is_free() -> None:
    port = simulator.free_port()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.1", port))


def test_bytecode_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("BASEBOARD_TEST", "2")
    environment = peers.surroundings()
    assert "PYTHONDONTWRITEBYTECODE" not in environment
    assert (environment["BASEBOARD_TEST"], environment["LC_ALL"]) == ("2", "C")


def test_a_c_program_is_built_once_for_a_state_of_its_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[list[str]] = []

    def compiled(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        Path(command[command.index("-o") + 1]).write_text("a program")
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(peers, "NATIVE", tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(subprocess, "run", compiled)
    (tmp_path / "one.c").write_text("int main() {}")
    first = peers.native("one", "crypto")
    assert peers.native("one", "crypto") == first
    assert (commands[0][0], commands[0][-1]) == ("gcc", "-lcrypto")
    (tmp_path / "one.c").write_text("int main() { return 1; }")
    assert peers.native("one", "crypto") != first
    assert len(commands) == 2
    assert Path(first).read_text() == "a program"


def test_what_the_compiler_has_to_say_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 1, "", "crypto.h: no such file")

    monkeypatch.setattr(peers, "NATIVE", tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(subprocess, "run", refused)
    (tmp_path / "one.c").write_text("")
    with pytest.raises(PeerError, match="crypto.h: no such file"):
        peers.native("one")


def test_the_clients_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    commands = printing(monkeypatch, LOADED)
    load = peers.load(here(addresses=5), seconds=2, sessions=10, request="4,45,01", total=40)
    assert load == peers.Load(30000, 15000.5, 2034.1, 0, 1, 0.45)
    assert load.cpu_us == pytest.approx(15.0)
    words = " ".join(commands[0])
    assert words == (
        f"bmcbench load -a 127.0.0.1 -p 1 -N 5 -t 2 -c 3 -s {os.getpid()} -n 10 -q 4,45,01 -g 40 -k 0"
    )
    peers.load(here(), seconds=2)
    assert commands[1][-4:] == ["-w", "4", "-k", "0"]


@pytest.mark.parametrize(("old", "new"), [("bad 0", "bad 3"), ("requests 30000", "requests 0")])
def test_answers_that_are_no_success_are_no_figures(
    monkeypatch: pytest.MonkeyPatch, old: str, new: str
) -> None:
    printing(monkeypatch, LOADED.replace(old, new))
    with pytest.raises(PeerError, match="somebody, 6,1,: Load"):
        peers.load(here(), seconds=2)


def test_sessions_opened_and_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    printing(monkeypatch, "opens/s 2500.0 opened 5000 cpu 1.000000\n")
    opened = peers.opens(here(), seconds=2)
    assert opened == peers.Opens(5000, 2500.0, 1.0)
    assert opened.cpu_us == pytest.approx(200.0)


def test_a_client_that_got_nowhere_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    printing(monkeypatch, "", code=1)
    with pytest.raises(PeerError, match="exit code 1\nwhat went wrong"):
        peers.opens(here(), seconds=2)
