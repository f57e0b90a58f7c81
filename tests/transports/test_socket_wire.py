"""TCP and Unix sockets as wires, both ways round."""

from __future__ import annotations

import socket
import stat
from pathlib import Path

import pytest

from baseboard.errors import TransportError
from baseboard.transports.socket_wire import ListeningWire, SocketWire, Where, place_of
from tests.transports.wires import Ear, until

KINDS = pytest.mark.parametrize("kind", ["unix", "tcp"])


def where(kind: str, folder: Path) -> Where:
    return str(folder / "socket") if kind == "unix" else ("127.0.0.1", 0)


@KINDS
async def test_one_listens_and_one_connects_and_again_when_it_went(kind: str, tmp_path: Path) -> None:
    ear, far = Ear(), Ear()
    waiting = ListeningWire(where(kind, tmp_path), ear)
    assert (waiting.carrier, waiting.write(b"nobody")) == (False, 0)
    address: Where = str(tmp_path / "socket") if kind == "unix" else ("127.0.0.1", waiting.port)
    assert waiting.place == place_of(address)
    for _ in range(2):
        for one in (ear, far):
            one.data.clear()
        wire = SocketWire(address, far)
        await until(lambda: waiting.carrier and far.happened[-1:] == ["opened"])
        assert waiting.write(b"down") == 4
        assert wire.write(b"up") == 2
        await until(lambda: (far.data, ear.data) == (b"down", b"up"))
        far.happened.clear()
        wire.close()
        await until(lambda: not waiting.carrier)
    assert ear.happened == ["opened", "changed", "changed"] * 2
    assert ear.error is None
    waiting.close()
    waiting.close()
    assert not (tmp_path / "socket").exists()


@KINDS
async def test_a_second_far_end_is_turned_away(kind: str, tmp_path: Path) -> None:
    waiting, first, second = ListeningWire(where(kind, tmp_path), Ear()), Ear(), Ear()
    address: Where = str(tmp_path / "socket") if kind == "unix" else ("127.0.0.1", waiting.port)
    one = SocketWire(address, first)
    await until(lambda: waiting.carrier)
    two = SocketWire(address, second)
    await until(lambda: second.error is not None)
    assert waiting.write(b"still") == 5
    await until(lambda: first.data == b"still")
    for wire in (one, two, waiting):
        wire.close()


async def test_one_that_hung_up_makes_room_and_its_last_words_are_heard(tmp_path: Path) -> None:
    """It has gone already when the next one comes, and nobody has looked yet."""
    ear, path = Ear(), str(tmp_path / "socket")
    waiting = ListeningWire(path, ear)
    first, second = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
    first.connect(path)
    await until(lambda: waiting.carrier)
    first.sendall(b"last words")
    first.close()
    second.connect(path)
    waiting._knocked()
    assert bytes(ear.data) == b"last words"
    assert ear.happened == ["opened", "changed", "changed", "opened", "changed"]
    waiting.write(b"welcome")
    assert second.recv(9) == b"welcome"
    second.close()
    waiting.close()


@KINDS
async def test_nobody_listens(kind: str, tmp_path: Path) -> None:
    ear = Ear()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = free.getsockname()
    if kind == "unix":
        with pytest.raises(TransportError, match="No such file"):
            SocketWire(str(tmp_path / "none"), ear)
        return
    wire = SocketWire(address, ear)
    assert wire.write(b"x") == 0
    await until(lambda: ear.error is not None)
    assert "refused" in str(ear.error)


async def test_a_connection_under_way_can_be_given_up() -> None:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(0)
        ear = Ear()
        wire = SocketWire(door.getsockname(), ear)
        wire.close()
        wire.close()
        assert ear.happened == []


async def test_a_unix_socket_is_its_owners_alone_and_makes_its_own_way_only(tmp_path: Path) -> None:
    path = tmp_path / "socket"
    waiting = ListeningWire(str(path), Ear())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(TransportError, match="in use"):
        ListeningWire(str(path), Ear())
    waiting.close()
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(path))
    left.close()  # of one that was killed: nobody listens, the file is there
    ListeningWire(str(path), Ear()).close()
    path.write_text("somebody's")
    with pytest.raises(TransportError):
        ListeningWire(str(path), Ear())
    assert path.read_text() == "somebody's"


async def test_a_port_that_somebody_has() -> None:
    waiting = ListeningWire(("127.0.0.1", 0), Ear())
    with pytest.raises(TransportError, match="in use"):
        ListeningWire(("127.0.0.1", waiting.port), Ear())
    waiting.close()
