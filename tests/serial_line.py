"""A serial line in the form of a pseudo-terminal, with a simulated BMC at its far end."""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from baseboard.bmc.blueprint import LanSpec, UserSpec
from baseboard.bmc.blueprint.serial import BASIC, TERMINAL, SerialSpec
from baseboard.bmc.ports import ConnectorNotice, LineFormat
from baseboard.bmc.serial_channel import SerialEndpoint
from baseboard.bmc.services.serial_sessions import SerialTable
from baseboard.codes import Privilege
from baseboard.commands.parameters.serial import ConnectionMode
from tests.bmc.harness import Bench, make_bmc

ADMIN = UserSpec(2, b"admin", b"adminpw", size=16, privilege=int(Privilege.ADMINISTRATOR))
OPERATOR = UserSpec(3, b"oper", b"operpw", size=16, privilege=int(Privilege.OPERATOR))
NULL = UserSpec(1, b"", b"nullpw", size=16, privilege=int(Privilege.USER))
ALL_TYPES = 0x17
MODES = {"serial-basic": BASIC, "serial-terminal": TERMINAL}
CHANNEL = 2


def bench(auth_types: int = ALL_TYPES, **makeup: Any) -> Bench:
    """A BMC whose users may log in over a serial line."""
    serial = makeup.pop("serial", SerialSpec(channel=CHANNEL, auth_types=auth_types))
    return make_bmc(users=(NULL, ADMIN, OPERATOR), lan=LanSpec(auth_types=0), serial=serial, **makeup)


class Drawn:
    """Random bytes that are the same in each run: A0h and more, so that some need an escape."""

    def __init__(self) -> None:
        self._count = itertools.count()

    def __call__(self, size: int) -> bytes:
        turn = next(self._count)
        return bytes(0xA0 + (place + turn) % 0x60 for place in range(size))


class Cable:
    """A connector that a test holds in its hand.

    Attributes:
        sent: what the BMC sent and nobody took yet.
        plugged: somebody is at the far end.
        dtr: the BMC asserts it.
        formats: how the line was configured, the last one last.
        listening: the BMC is there.
    """

    modem_lines = False

    def __init__(self, *, plugged: bool = True) -> None:
        self.sent = bytearray()
        self.plugged = plugged
        self.dtr = True
        self.formats: list[LineFormat] = []
        self.listening = False
        self._receive: Callable[[bytes], None] = lambda data: None
        self._noticed: Callable[[ConnectorNotice], None] = lambda notice: None

    def open(self, receive: Callable[[bytes], None], noticed: Callable[[ConnectorNotice], None]) -> None:
        self._receive, self._noticed, self.listening = receive, noticed, True

    def write(self, data: bytes) -> None:
        self.sent += data

    def carrier(self) -> bool:
        return self.plugged

    def set_dtr(self, asserted: bool) -> None:
        self.dtr = asserted

    def configure(self, line: LineFormat) -> None:
        self.formats.append(line)

    def close(self) -> None:
        self.listening = False

    # the far end

    def take(self) -> bytes:
        """What the BMC has sent."""
        sent = bytes(self.sent)
        self.sent.clear()
        return sent

    def type(self, data: bytes) -> bytes:
        """Send to the BMC; what it sends at once."""
        self._receive(data)
        return self.take()

    def plug(self, *, plugged: bool) -> None:
        """Come to the far end, or leave it."""
        self.plugged = plugged
        self._noticed(ConnectorNotice.CARRIER)


def cabled(made: Bench | None = None, *, cable: Cable | None = None) -> tuple[Bench, SerialEndpoint, Cable]:
    """A BMC with its serial channel plugged in."""
    made, cable = made or bench(), cable or Cable()
    endpoint = SerialEndpoint(made.controller, Drawn(), made.clock)
    endpoint.attach(cable)
    return made, endpoint, cable


class Line:
    """A line and the BMC at its far end, while the ``with`` block lasts.

    Attributes:
        path: the near end's device.
        bench: the BMC.
        channel: who is logged in at its end of the line.
        spoil: what is made of the BMC's bytes before they come to the near end.
        written: bytes that the near end sent.
    """

    def __init__(self, mode: str, made: Bench | None = None, *, login: bool = True) -> None:
        self.bench = made or bench()
        serial = self.bench.services.serial
        serial.spec = replace(serial.spec, login=login)
        bit = MODES[mode]
        wanted = ConnectionMode(direct=True, basic=bit == BASIC, terminal=bit == TERMINAL)
        serial.parameters.set(wanted)
        self._far, self._near = os.openpty()
        os.set_blocking(self._far, False)
        self.path = os.ttyname(self._near)
        self.endpoint = SerialEndpoint(self.bench.controller, Drawn(), self.bench.clock)
        self._cable = Cable()
        self._cable.write = self.write  # type: ignore[method-assign]  # what the BMC sends goes out here
        self.endpoint.attach(self._cable)
        self.channel: SerialTable = self.endpoint.table
        self.spoil: Callable[[bytes], bytes] = lambda data: data
        self.written = bytearray()
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._far, self._readable)

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *_: object) -> None:
        if self._far >= 0:
            self.hang_up()
        os.close(self._near)

    def write(self, data: bytes) -> None:
        """Send to the near end."""
        spoiled = self.spoil(data)
        if spoiled:
            os.write(self._far, spoiled)

    def hang_up(self) -> None:
        """Close the far end."""
        self._loop.remove_reader(self._far)
        os.close(self._far)
        self._far = -1

    def _readable(self) -> None:
        data = os.read(self._far, 4096)
        self.written += data
        self.endpoint.receive(data)
