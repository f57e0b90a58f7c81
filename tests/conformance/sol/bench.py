"""A BMC whose host has serial ports with modem lines, and the requests of §24 and §26 in bytes."""

from __future__ import annotations

from typing import Any

from baseboard.bmc.services.sol_door import Socket
from baseboard.rmcp.machine import Address
from tests.bmc.consoles import ADMIN, LanBench, Terminal, make_lan_bmc
from tests.bmc.serial_lines import FakeLine

APP, TRANSPORT = 0x06, 0x0C
ACTIVATE, DEACTIVATE, ENCRYPTION, STATUS, INSTANCE = 0x48, 0x49, 0x55, 0x4A, 0x4B
SOL_ACTIVATING, SET, GET = 0x20, 0x21, 0x22
FREE = "01 02 02"
"""Set SOL Authentication: the console controls encryption and authentication, from User on."""


def told(console: Terminal, netfn: int, cmd: int, data: str = "") -> bytes:
    """The answer to a request."""
    answer = console.ask(netfn, cmd, bytes.fromhex(data))
    assert answer is not None
    return answer


def lined(ports: int = 1, **changes: Any) -> tuple[LanBench, tuple[FakeLine, ...]]:
    """A BMC in front of a system that is on and has that many serial ports with modem lines."""
    bmc = make_lan_bmc(**changes)
    lines = tuple(FakeLine() for _ in range(ports))
    bmc.backend.serial, bmc.backend.serials = lines[0], lines[1:]
    bmc.power.turn_on()
    return bmc, lines


def administrator(bmc: LanBench, suite: int = 3) -> Terminal:
    """An administrator's console."""
    return bmc.login(ADMIN, suite)


class Doors:
    """Ports of the BMC besides its LAN port, as a network would have them.

    Attributes:
        open: what takes a datagram at each.
        sent: what left by each, and where it went.
        taken: ports that somebody else has.
    """

    def __init__(self, bmc: LanBench, taken: tuple[int, ...] = ()) -> None:
        self.open: dict[int, Any] = {}
        self.sent: list[tuple[int, bytes, Address]] = []
        self.taken = taken
        bmc.services.sol.open_socket = self

    def __call__(self, port: int, receive: Any) -> Socket | None:
        if port in self.taken:
            return None
        self.open[port] = receive
        return _Door(self, port)


class _Door:
    def __init__(self, doors: Doors, port: int) -> None:
        self._doors, self._port = doors, port

    def send(self, data: bytes, address: Address) -> None:
        self._doors.sent.append((self._port, data, address))

    def close(self) -> None:
        del self._doors.open[self._port]
