"""Byte streams over a file descriptor: bounded, held when told to, told when lost."""

from __future__ import annotations

import os
import socket

from baseboard.transports.wire import ROOM, ModemLines, Wire
from tests.transports.wires import Ear, until


class Pair(Wire):
    """A wire over one end of a socket pair; the test has the other."""

    def __init__(self, ear: Ear) -> None:
        super().__init__("a pair", ear)
        mine, self.other = socket.socketpair()
        mine.setblocking(False)
        self.other.setblocking(False)
        mine.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        self._begin(mine.detach())


async def test_bytes_go_both_ways_and_its_user_hears_of_the_end() -> None:
    ear = Ear()
    wire = Pair(ear)
    assert (wire.carrier, wire.outputs()) == (True, ModemLines(True, True))
    assert wire.write(b"there") == 5
    assert wire.other.recv(100) == b"there"
    wire.other.send(b"back")
    await until(lambda: ear.data == b"back")
    wire.other.close()
    await until(lambda: ear.error is not None)
    assert str(ear.error) == "a pair: closed by the far end"
    assert ear.happened == ["opened", "lost"]
    assert (wire.write(b"late"), wire.carrier, wire.outputs()) == (0, False, ModemLines(False, False))
    wire.close()


async def test_what_the_far_end_does_not_take_waits_up_to_a_bound() -> None:
    ear = Ear()
    wire = Pair(ear)
    text, given = bytes(range(256)) * 4096, 0
    while taken := wire.write(text[given : given + 1000]):
        given += taken
    assert given < len(text)
    got = b""
    while len(got) < given:
        await until(lambda: _readable(wire.other))
        got += wire.other.recv(65536)
    assert got == text[:given]
    assert wire.write(b"room again") == 10
    wire.close()
    assert ear.happened == ["opened"]
    wire.other.close()


async def test_what_waits_can_be_forgotten() -> None:
    wire = Pair(Ear())
    while wire.write(bytes(ROOM)):
        pass
    wire.drop_written()
    assert wire.write(b"") == 0
    while _readable(wire.other):
        wire.other.recv(65536)
    assert wire.write(b"new") == 3
    await until(lambda: _readable(wire.other))
    assert wire.other.recv(100) == b"new"
    # What waits after that is sent all the same.
    given = got = 0
    while taken := wire.write(bytes(ROOM)):
        given += taken
    while got < given:
        await until(lambda: _readable(wire.other))
        got += len(wire.other.recv(65536))
    wire.close()
    wire.drop_written()
    wire.other.close()


async def test_a_wire_that_is_held_reads_nothing_until_it_is_let_go() -> None:
    ear = Ear()
    wire = Pair(ear)
    wire.hold(True)
    wire.other.send(b"kept")
    await wire._loop.run_in_executor(None, os.getpid)
    assert ear.data == b""
    wire.hold(False)
    await until(lambda: ear.data == b"kept")
    wire.close()
    wire.hold(True)
    wire.other.close()


async def test_a_far_end_that_reset_is_lost_while_writing() -> None:
    ear = Ear()
    wire = Pair(ear)
    wire.hold(True)
    wire.other.close()
    wire.write(b"x")
    assert ear.error is not None
    assert "Broken pipe" in str(ear.error)


async def test_what_a_plain_wire_has_not_it_does_not_mind() -> None:
    wire = Pair(Ear())
    wire.set_rate(9600)
    wire.send_break()
    wire.set_carrier(False)
    wire.power_changed(False)
    assert wire.write(b"fine") == 4
    wire.close()
    wire.other.close()


def _readable(one: socket.socket) -> bool:
    try:
        return bool(one.recv(1, socket.MSG_PEEK))
    except BlockingIOError:
        return False
