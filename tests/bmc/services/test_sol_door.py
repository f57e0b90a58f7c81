"""A second UDP port: what comes in by it is answered by it."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.bmc.services.sol_door import Door, Through, no_socket
from baseboard.rmcp.machine import Address

CONSOLE: Address = ("192.0.2.1", 40000)
SIX: Any = ("2001:db8::1", 40000, 0, 3)


class Socket:
    def __init__(self) -> None:
        self.receive: Any = None
        self.sent: list[tuple[bytes, Any]] = []
        self.closed = False

    def open(self, port: int, receive: Any) -> Socket:
        assert port == 2747
        self.receive = receive
        return self

    def send(self, data: bytes, address: Any) -> None:
        self.sent.append((data, address))

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize("console", [CONSOLE, SIX])
def test_datagrams_keep_in_mind_by_which_door_they_came(console: Any) -> None:
    socket, came = Socket(), []
    door = Door(2747, socket.open, lambda data, address: came.append((data, address)))
    socket.receive(b"question", console)
    ((data, address),) = came
    assert (data, address) == (b"question", console)
    assert isinstance(address, Through)
    address.send(b"answer")
    assert socket.sent == [(b"answer", console)]
    assert type(socket.sent[0][1]) is tuple
    assert door.address(address) is address
    other = door.address(("192.0.2.2", 1))
    assert (other, type(other)) == (("192.0.2.2", 1), Through)
    door.close()
    assert socket.closed


def test_a_port_that_cannot_be_had() -> None:
    with pytest.raises(OSError, match="UDP port 2747"):
        Door(2747, no_socket, lambda data, address: None)
