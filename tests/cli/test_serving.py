"""BMCs run until a signal."""

from __future__ import annotations

import asyncio
import gc
import os
import resource
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from baseboard.bmc.blueprint import Blueprint, Identity
from baseboard.bmc.configuration import Described
from baseboard.bmc.server import Place, RunningBmc, Server
from baseboard.bmc.store import SqliteStore, StoreError
from baseboard.cli import serving
from baseboard.errors import TransportError

PING = bytes.fromhex("0600ff06000011be80420000")
"""RMCP presence ping (§13.2.3)."""


def described(count: int = 1, host: str = "127.0.0.1", *, shared: bool = False) -> list[Described]:
    return [
        Described(Blueprint(Identity(f"one-{n}", bytes(15) + bytes((n,)))), Place(host, 0, shared=shared))
        for n in range(count)
    ]


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary stores go."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def end(by: signal.Signals = signal.SIGTERM) -> None:
    os.kill(os.getpid(), by)


@pytest.fixture
def hangups() -> Iterator[None]:
    """A process that nobody told to ignore SIGHUP, whatever these tests themselves were started by."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.usefixtures("hangups")
@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_and_nothing_is_left(by: signal.Signals, temporary: Path) -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    ports: list[int] = []

    def ready(server: Server) -> None:
        ports.extend(running.port for running in server.bmcs)
        assert len(list(temporary.iterdir())) == 1
        end(by)

    serving.serve(described(3), None, ready)
    assert len(set(ports)) == 3
    assert not list(temporary.iterdir())
    for port in ports:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
            free.bind(("127.0.0.1", port))
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
    assert gc.isenabled()


def test_all_answer_when_it_is_ready() -> None:
    answers: list[bytes] = []

    def ready(server: Server) -> None:
        console = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        asyncio.get_running_loop().add_reader(console, take, console)
        for running in server.bmcs:
            console.sendto(PING, (running.host, running.port))

    def take(console: socket.socket) -> None:
        answers.append(console.recv(100))
        if len(answers) == 3:
            asyncio.get_running_loop().remove_reader(console)
            console.close()
            end()

    serving.serve(described(3), None, ready)
    assert [answer[8:10].hex() for answer in answers] == ["4042"] * 3


def test_each_is_reported_as_it_starts(tmp_path: Path) -> None:
    seen: list[str] = []

    def started(running: RunningBmc) -> None:
        seen.append(running.controller.services.home.blueprint.identity.name)

    serving.serve(described(3), tmp_path / "new" / "store", lambda server: end(), started)
    assert seen == ["one-0", "one-1", "one-2"]
    assert (tmp_path / "new" / "store" / "baseboard.sqlite").exists()


def test_what_was_changed_at_the_start_is_kept_when_it_is_ready(tmp_path: Path) -> None:
    left: list[bool] = []

    def started(running: RunningBmc) -> None:
        running.controller.services.users.set_name(2, b"kept")

    def ready(server: Server) -> None:
        server.store.durable(left.append)
        end()

    serving.serve(described(), tmp_path, ready, started)
    assert left == [True], "at once: nothing is waiting"


def test_a_signal_during_the_start_ends_that() -> None:
    seen: list[RunningBmc] = []

    def started(running: RunningBmc) -> None:
        seen.append(running)
        if len(seen) == 1:
            end()

    def ready(server: Server) -> None:
        raise AssertionError("it was to end")

    serving.serve(described(100), None, ready, started)
    assert 1 <= len(seen) < 100


def test_an_endpoint_that_is_taken_is_one_error_and_nothing_is_left(temporary: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        bmcs = [*described(2), Described(described(3)[2].blueprint, Place("127.0.0.1", port))]
        with pytest.raises(TransportError, match=f"127.0.0.1 port {port}: Address already in use"):
            serving.serve(bmcs, None, lambda server: end())
    assert not list(temporary.iterdir())
    assert gc.isenabled()


def test_a_store_that_another_one_has(tmp_path: Path) -> None:
    def ready(server: Server) -> None:
        with pytest.raises(StoreError, match="another process has it open"):
            SqliteStore(tmp_path / "baseboard.sqlite", server._loop)
        end()

    serving.serve(described(), tmp_path, ready)


def test_a_store_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="file: File exists"):
        serving.serve(described(), tmp_path / "file", lambda server: end())
    with pytest.raises(StoreError, match="Not a directory"):
        serving.serve(described(), tmp_path / "file" / "store", lambda server: end())


def test_a_store_that_cannot_be_written(monkeypatch: pytest.MonkeyPatch, temporary: Path) -> None:
    monkeypatch.setattr(SqliteStore, "durable", lambda store, then: then(False))
    with pytest.raises(StoreError, match="the store cannot be written"):
        serving.serve(described(), None, lambda server: end())
    assert not list(temporary.iterdir())


def test_a_temporary_store_that_cannot_be(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(StoreError, match="a temporary store: No such file or directory"):
        serving.serve(described(), None, lambda server: end())


def test_it_outlives_its_terminal_when_asked_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """As nohup asks: the signal is ignored before, during and after."""
    seen: list[object] = []

    def ready(server: Server) -> None:
        seen.append(signal.getsignal(signal.SIGHUP))
        end()

    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        serving.serve(described(), None, ready)
        seen.append(signal.getsignal(signal.SIGHUP))
    finally:
        signal.signal(signal.SIGHUP, before)
    assert seen == [signal.SIG_IGN] * 2


def test_too_many_sockets_are_told_before_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda what: (300, 300))
    monkeypatch.setattr(resource, "setrlimit", lambda what, limits: None)
    with pytest.raises(TransportError, match="100 sockets are too many here: .* leaves room for 44; spread"):
        serving.serve(described(100), None, lambda server: end())


def test_one_socket_for_all_is_not_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda what: (300, 300))
    monkeypatch.setattr(resource, "setrlimit", lambda what, limits: None)
    ports: set[int] = set()

    def ready(server: Server) -> None:
        ports.update(running.port for running in server.bmcs)
        end()

    many = [
        Described(one.blueprint, Place(f"127.77.0.{n + 1}", 0, shared=True))
        for n, one in enumerate(described(100))
    ]
    serving.serve(many, None, ready)
    assert len(ports) == 1


def test_the_faster_loop_is_taken_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    loops: list[str] = []

    def ready(server: Server) -> None:
        loops.append(type(server._loop).__module__)
        end()

    serving.serve(described(), None, ready)
    monkeypatch.setitem(sys.modules, "uvloop", None)
    serving.serve(described(), None, ready)
    assert [name.partition(".")[0] for name in loops] == ["uvloop", "asyncio"]


@pytest.mark.parametrize(
    ("bound", "to"),
    [
        (str(IPv4Address(0)), "127.0.0.1"),
        ("::", "::1"),
        ("127.0.0.9", "127.0.0.9"),
        ("192.0.2.1", "192.0.2.1"),
    ],
)
def test_what_listens_everywhere_is_reached_here(bound: str, to: str) -> None:
    assert serving.reachable(bound) == to
