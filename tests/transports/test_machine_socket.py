"""The socket that a virtual machine connects to: one at a time, all or nothing, and no dead ones."""

from __future__ import annotations

import asyncio
import socket
import stat
import struct
import threading
from pathlib import Path

import pytest

from baseboard.errors import TransportError
from baseboard.transports import machine_socket
from baseboard.transports.machine_socket import (
    _MOST_PARTING,
    MachineSocket,
    _farewell,
    _gone,
    where_of,
)
from baseboard.transports.socket_wire import Where
from baseboard.transports.wire import ROOM
from tests.transports.wires import Ear, until

KINDS = pytest.mark.parametrize("kind", ["unix", "tcp"])


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("unix:/run/vm", "/run/vm"),
        ("unix:vm:1", "vm:1"),
        ("tcp:127.0.0.1:9002", ("127.0.0.1", 9002)),
        ("tcp:127.0.0.1:0", ("127.0.0.1", 0)),
        ("tcp:[::1]:9002", ("::1", 9002)),
        ("tcp:::1:9002", ("::1", 9002)),
    ],
)
def test_a_place(text: str, where: Where) -> None:
    assert where_of(text) == where


@pytest.mark.parametrize(
    "text",
    ["", "unix:", "/run/vm", "tcp:127.0.0.1", "tcp:127.0.0.1:", "tcp:127.0.0.1:65536", "tcp:127.0.0.1:-1",
     "tcp:127.0.0.1:1e3", "tcp:127.0.0.1:99999999999", "tcp:localhost:1", "udp:127.0.0.1:1",
     "unix:" + "x" * 108, "unix:a\0b"],
)  # fmt: skip
def test_what_is_no_place(text: str) -> None:
    with pytest.raises(TransportError):
        where_of(text)


def opened(kind: str, folder: Path, ear: Ear) -> tuple[MachineSocket, Where]:
    path = str(folder / "vm")
    waiting = MachineSocket(f"unix:{path}" if kind == "unix" else "tcp:127.0.0.1:0", ear)
    where: Where = path if kind == "unix" else ("127.0.0.1", waiting.port)
    assert waiting.place == (f"unix:{path}" if kind == "unix" else f"tcp:127.0.0.1:{waiting.port}")
    return waiting, where


def called(where: Where) -> socket.socket:
    made = socket.socket(socket.AF_UNIX if isinstance(where, str) else socket.AF_INET)
    made.connect(where)
    made.settimeout(10)
    return made


@KINDS
async def test_a_machine_comes_and_goes(kind: str, tmp_path: Path) -> None:
    ear = Ear()
    waiting, where = opened(kind, tmp_path, ear)
    if kind == "unix":
        assert stat.S_IMODE((tmp_path / "vm").stat().st_mode) == 0o600
    assert not waiting.send(b"nobody is there")
    with called(where) as machine:
        await until(lambda: waiting.carrier)
        machine.sendall(b"up")
        assert waiting.send(b"down")
        assert machine.recv(4) == b"down"
        await until(lambda: ear.data == b"up")
    await until(lambda: not waiting.carrier)
    waiting.close()
    assert not (tmp_path / "vm").exists()


@KINDS
async def test_a_second_machine_is_turned_away_while_the_first_lives(kind: str, tmp_path: Path) -> None:
    waiting, where = opened(kind, tmp_path, Ear())
    with called(where) as first:
        await until(lambda: waiting.carrier)
        first.sendall(b"something that is still to be read")
        with called(where) as second:
            second.setblocking(False)
            await until(lambda: ended(second))
        assert waiting.send(b"still")
        assert first.recv(5) == b"still"
    waiting.close()


def ended(one: socket.socket) -> bool:
    try:
        return one.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True


@KINDS
async def test_it_takes_over_when_the_first_is_dead(kind: str, tmp_path: Path) -> None:
    ear = Ear()
    waiting, where = opened(kind, tmp_path, ear)
    first = called(where)
    await until(lambda: waiting.carrier)
    first.close()
    with called(where) as second:
        # Both are known now, whichever the loop looks at first.
        waiting._knocked()
        assert ear.happened == ["opened", "changed", "changed", "opened", "changed"]
        assert waiting.send(b"you")
        assert second.recv(3) == b"you"
    waiting.close()


def test_one_whose_connection_broke_has_gone_too() -> None:
    broken = socket.socket()
    assert _gone(broken)
    broken.close()


@KINDS
async def test_nobody_is_cut_off(kind: str, tmp_path: Path) -> None:
    """A machine that is sent away can still write, until it closes itself."""
    waiting, where = opened(kind, tmp_path, Ear())
    first, second = called(where), called(where)
    await until(lambda: waiting.carrier and waiting._parting)
    waiting.dismiss()
    for machine in (first, second):
        assert machine.recv(10) == b""
        for _ in range(3):
            machine.sendall(bytes(100))
            await asyncio.sleep(0)
    assert len(waiting._parting) == 2
    first.close()
    await until(lambda: len(waiting._parting) == 1)
    second.sendall(bytes(100))
    waiting.close()
    assert not waiting._parting
    second.close()


async def test_only_so_many_are_waited_for(tmp_path: Path) -> None:
    waiting, where = opened("unix", tmp_path, Ear())
    callers: list[socket.socket] = []
    for number in range(_MOST_PARTING + 1):
        callers.append(called(where))
        await until(lambda number=number: waiting.carrier and len(waiting._parting) == number)  # type: ignore[misc]  # a default
    callers.append(called(where))
    callers[-1].setblocking(False)
    await until(lambda: ended(callers[-1]))
    assert len(waiting._parting) == _MOST_PARTING
    for one in callers:
        one.close()
    waiting.close()


async def test_one_that_never_closes_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine_socket, "PARTING", 0.0)
    waiting, where = opened("unix", tmp_path, Ear())
    with called(where) as machine:
        await until(lambda: waiting.carrier)
        waiting.dismiss()
        await until(lambda: not waiting._parting)
        with pytest.raises(BrokenPipeError):
            machine.sendall(b"?")
    waiting.close()


async def test_one_that_breaks_while_it_parts(tmp_path: Path) -> None:
    waiting, where = opened("tcp", tmp_path, Ear())
    machine = called(where)
    await until(lambda: waiting.carrier)
    waiting.dismiss()
    machine.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # ends it by a reset
    machine.close()
    await until(lambda: not waiting._parting)
    waiting.close()


@KINDS
async def test_at_the_end_the_machine_has_a_moment(kind: str, tmp_path: Path) -> None:
    waiting, where = opened(kind, tmp_path, Ear())
    machine = called(where)
    machine.sendall(bytes(10000))
    await until(lambda: waiting.carrier)
    seen: list[bytes] = []

    def leave() -> None:
        seen.append(machine.recv(10))
        machine.sendall(bytes(100))
        machine.close()

    thread = threading.Thread(target=leave)
    thread.start()
    waiting.close()
    thread.join()
    assert seen == [b""]


async def test_nobody_holds_up_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine_socket, "FAREWELL", 0.01)
    for farewell in (0.01, 0.0):
        monkeypatch.setattr(machine_socket, "FAREWELL", farewell)
        waiting, where = opened("unix", tmp_path, Ear())
        with called(where):
            await until(lambda: waiting.carrier)  # noqa: B023 - it is asked at once
            waiting.close()


def test_a_socket_that_is_no_connection_any_more_is_closed() -> None:
    broken = socket.socket()
    _farewell(broken)
    assert broken.fileno() == -1


async def test_what_does_not_fit_is_not_torn(tmp_path: Path) -> None:
    waiting, where = opened("unix", tmp_path, Ear())
    with called(where) as machine:
        await until(lambda: waiting.carrier)
        sent = 0
        while waiting.send(bytes(1000)):
            sent += 1000
        assert len(waiting._out) <= ROOM
        got = 0
        machine.setblocking(False)

        def all_came() -> bool:
            nonlocal got
            try:
                got += len(machine.recv(65536))
            except BlockingIOError:
                return got == sent
            return False

        await until(all_came)
        waiting.dismiss()
        assert not waiting.carrier
        waiting.dismiss()
    with called(where):
        await until(lambda: waiting.carrier)
    waiting.close()
