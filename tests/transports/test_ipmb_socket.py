"""An IPMB between processes: seats, frames, who is there, and what goes wrong."""

from __future__ import annotations

import asyncio
import socket
import stat
from pathlib import Path

import pytest

from baseboard.bmc.clock import LoopClock
from baseboard.bmc.services.bus import Ipmb
from baseboard.errors import TransportError
from baseboard.links.ipmb import Written
from baseboard.links.ipmb_wire import HandOver, Hello, Refuse, Roster, Sit, Stream, Write, encoded
from baseboard.transports import ipmb_socket
from baseboard.transports.ipmb_socket import BusDoor, BusSocket
from baseboard.transports.line_socket import GUESTS
from baseboard.transports.socket_wire import Where, listening_socket
from tests.transports.wires import until

KINDS = pytest.mark.parametrize("kind", ["unix", "tcp"])


class Ear:
    """Somebody at an address."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []

    def receive(self, frame: bytes) -> None:
        self.heard.append(frame)


def bus() -> Ipmb:
    return Ipmb(LoopClock(asyncio.get_running_loop()))


def opened(kind: str, folder: Path, made: Ipmb) -> tuple[BusDoor, Where]:
    door = BusDoor(made, str(folder / "ipmb") if kind == "unix" else ("127.0.0.1", 0))
    return door, str(folder / "ipmb") if kind == "unix" else ("127.0.0.1", door.port)


@KINDS
async def test_controllers_of_two_processes_write_to_each_other(kind: str, tmp_path: Path) -> None:
    made, bmc, blade = bus(), Ear(), Ear()
    made.attach(0x20, bmc)
    door, where = opened(kind, tmp_path, made)
    if kind == "unix":
        assert stat.S_IMODE((tmp_path / "ipmb").stat().st_mode) == 0o600
    guest = BusSocket(where)
    assert guest.write(b"\x20 too early") == Written.BUS_ERROR
    guest.attach(0x82, blade)
    await until(lambda: made.addresses() == b"\x20\x82")
    assert made.write(b"\x82 down") == Written.DONE
    await until(lambda: blade.heard == [b"\x82 down"])
    assert guest.write(b"\x20 up") == Written.DONE
    await until(lambda: bmc.heard == [b"\x20 up"])
    assert guest.write(b"\x82 to itself") == Written.DONE
    await until(lambda: blade.heard[1:] == [b"\x82 to itself"])
    assert guest.write(b"\0 to all") == Written.DONE
    await until(lambda: len(blade.heard) == 3 and len(bmc.heard) == 2)
    guest.detach(0x82)
    guest.detach(0x82)
    await until(lambda: made.addresses() == b"\x20")
    guest.close()
    door.close()
    door.close()
    assert not (tmp_path / "ipmb").exists()


async def test_the_guest_knows_who_is_there_and_how_the_bus_is(tmp_path: Path) -> None:
    made = bus()
    door, where = opened("unix", tmp_path, made)
    guest = BusSocket(where)
    await until(lambda: guest.connected)
    assert guest.write(b"\0 to nobody") == Written.NAK
    assert guest.write(b"\x24") == Written.NAK
    made.attach(0x24, Ear())
    await until(lambda: guest.write(b"\x24") == Written.DONE)
    made.contended = True
    await until(lambda: guest.write(b"\x24") == Written.LOST_ARBITRATION)
    made.stuck = True
    await until(lambda: guest.write(b"\x24") == Written.BUS_ERROR)
    made.contended = made.stuck = False
    await until(lambda: guest.write(b"\x24") == Written.DONE)
    assert guest.write(b"\x24" + bytes(600)) == Written.BUS_ERROR
    guest.close()
    door.close()


async def test_an_address_is_one_controllers(tmp_path: Path) -> None:
    made, ear = bus(), Ear()
    made.attach(0x82, Ear())
    door, where = opened("unix", tmp_path, made)
    guest = BusSocket(where)
    guest.attach(0x82, ear)
    for wrong in (0x82, 0x83):
        with pytest.raises(ValueError, match="slave address"):
            guest.attach(wrong, Ear())
    await until(lambda: guest.refused == {0x82})
    made.detach(0x82)
    await until(lambda: made.addresses() == b"\x82" and not guest.refused)
    made.write(b"\x82 frame")
    await until(lambda: ear.heard)
    guest.close()
    await until(lambda: made.addresses() == b"")
    door.close()


async def test_a_bus_that_went_is_looked_for_until_it_is_back(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(ipmb_socket, "AGAIN_S", (0.01,))
    ear = Ear()
    guest = BusSocket(str(tmp_path / "ipmb"))
    guest.attach(0x82, ear)
    for _ in range(2):
        made = bus()
        door, _ = opened("unix", tmp_path, made)
        await until(lambda made=made: made.addresses() == b"\x82")  # type: ignore[misc]  # bound now
        await until(lambda: guest.write(b"\x82") == Written.DONE)
        door.close()
        await until(lambda: not guest.connected)
        assert guest.write(b"\x82") == Written.BUS_ERROR
    guest.close()


async def test_nobody_listens_at_a_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ipmb_socket, "AGAIN_S", (0.01,))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        where: Where = free.getsockname()
    guest = BusSocket(where)
    await asyncio.sleep(0)  # polls: the first attempt has begun
    door = BusDoor(bus(), where)
    await until(lambda: guest.connected)
    guest.close()
    door.close()
    with pytest.raises(TransportError):
        BusDoor(bus(), ("192.0.2.1", 1))


class Rude:
    """A guest, or a bus, that says what a test wants."""

    def __init__(self, made: socket.socket) -> None:
        self.socket = made
        made.setblocking(False)

    @classmethod
    def guest(cls, where: Where) -> Rude:
        made = socket.socket(socket.AF_UNIX if isinstance(where, str) else socket.AF_INET)
        made.connect(where)
        return cls(made)

    def gone(self) -> bool:
        """Whether the other side has hung up."""
        try:
            while self.socket.recv(4096):
                pass
        except BlockingIOError:
            return False
        except ConnectionError:
            pass
        return True


@pytest.mark.parametrize(
    "said",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        encoded(Sit(0x82)),
        encoded(Hello()) + encoded(HandOver(0x20, b"x")),
        encoded(Hello()) + encoded(Refuse(0x20)),
    ],
)
async def test_a_guest_that_makes_no_sense_is_shown_out(tmp_path: Path, said: bytes) -> None:
    made = bus()
    door, where = opened("unix", tmp_path, made)
    rude = Rude.guest(where)
    rude.socket.send(said)
    await until(rude.gone)
    await until(lambda: not door.seated)
    assert made.addresses() == b""
    rude.socket.close()
    door.close()


async def test_a_guest_that_does_not_listen_or_not_speak_is_shown_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = bus()
    door, where = opened("unix", tmp_path, made)
    deaf = Rude.guest(where)
    deaf.socket.send(encoded(Hello()) + encoded(Sit(0x82)))
    await until(lambda: made.addresses() == b"\x82")
    for _ in range(20_000):
        for guest in tuple(door.seated):
            guest.send(HandOver(0x82, bytes(200)))
        if not door.seated:
            break
    assert not door.seated
    assert made.addresses() == b""
    deaf.socket.close()
    monkeypatch.setattr(ipmb_socket, "GREETING_S", 0.01)
    dumb = Rude.guest(where)
    await until(dumb.gone)
    dumb.socket.close()
    door.close()


async def test_guests_and_what_they_may_do_are_bounded(tmp_path: Path) -> None:
    made = bus()
    made.attach(0x20, Ear())
    door, where = opened("unix", tmp_path, made)
    guests = []
    for number in range(GUESTS):
        guests.append(Rude.guest(where))
        await until(lambda number=number: len(door.seated) == number + 1)  # type: ignore[misc]  # bound now
    late = Rude.guest(where)
    await until(late.gone)
    first = guests[0].socket
    first.send(encoded(Hello()) + encoded(Sit(0x20)) + encoded(Sit(0x21)))
    stream, heard = Stream(), []

    def refused() -> bool:
        try:
            heard.extend(stream.receive(first.recv(4096)))
        except BlockingIOError:
            return False
        return heard[-1:] == [Refuse(0x21)]

    await until(refused)
    assert heard[-2] == Refuse(0x20)
    for one in (*guests, late):
        one.socket.close()
    await until(lambda: not door.seated)
    door.close()


@pytest.mark.parametrize(
    "said", [b"\0\0", encoded(Hello()) + encoded(Sit(0x20)), encoded(Hello()) + encoded(Refuse(0x20))]
)
async def test_a_bus_that_makes_no_sense_is_left(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: bytes
) -> None:
    monkeypatch.setattr(ipmb_socket, "AGAIN_S", (60.0,))
    where = str(tmp_path / "ipmb")
    door = listening_socket(where, where)
    door.setblocking(True)
    guest = BusSocket(where)
    theirs = Rude(door.accept()[0])
    theirs.socket.send(said)
    await until(theirs.gone)
    assert not guest.connected
    guest.close()
    theirs.socket.close()
    door.close()


async def test_a_bus_that_takes_nothing_is_left_and_what_comes_for_nobody_dropped(tmp_path: Path) -> None:
    where = str(tmp_path / "ipmb")
    door = listening_socket(where, where)
    door.setblocking(True)
    guest = BusSocket(where)
    theirs = Rude(door.accept()[0])
    theirs.socket.send(
        encoded(Hello()) + encoded(HandOver(0x82, b"\x82 frame")) + encoded(Roster(Written.DONE, b"\x20"))
    )
    await until(lambda: guest.connected)
    written = [guest.write(b"\x20" + bytes(200)) for _ in range(20_000)]
    assert written[0] == Written.DONE
    assert written[-1] == Written.BUS_ERROR
    assert not guest.connected
    guest.close()
    theirs.socket.close()
    door.close()


async def test_a_frame_of_a_guest_goes_to_its_address(tmp_path: Path) -> None:
    made, ear = bus(), Ear()
    made.attach(0x20, ear)
    door, where = opened("unix", tmp_path, made)
    guest = Rude.guest(where)
    guest.socket.send(encoded(Hello()) + encoded(Write(b"\x24 nobody")) + encoded(Write(b"\x20 frame")))
    await until(lambda: ear.heard == [b"\x20 frame"])
    guest.socket.close()
    await until(lambda: not door.seated)
    door.close()
