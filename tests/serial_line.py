"""A serial line in the form of a pseudo-terminal, with a simulated BMC at its far end."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import Any

from baseboard.bmc.blueprint import LanSpec, UserSpec
from baseboard.bmc.serial_channel import BasicChannel, SerialChannel, TerminalChannel
from baseboard.codes import Privilege
from tests.bmc.harness import Bench, make_bmc

ADMIN = UserSpec(2, b"admin", b"adminpw", size=16, privilege=int(Privilege.ADMINISTRATOR))
OPERATOR = UserSpec(3, b"oper", b"operpw", size=16, privilege=int(Privilege.OPERATOR))
NULL = UserSpec(1, b"", b"nullpw", size=16, privilege=int(Privilege.USER))
ALL_TYPES = 0x17
CHANNELS: dict[str, type[BasicChannel | TerminalChannel]] = {
    "serial-basic": BasicChannel,
    "serial-terminal": TerminalChannel,
}


def bench(auth_types: int = ALL_TYPES, **makeup: Any) -> Bench:
    """A BMC whose users may log in over a serial line."""
    return make_bmc(users=(NULL, ADMIN, OPERATOR), lan=LanSpec(auth_types=auth_types), **makeup)


def drawn(size: int) -> bytes:
    """Random bytes that are always the same: A0h and more, so that some need an escape."""
    return bytes(0xA0 + place for place in range(size))


class Line:
    """A line and the BMC at its far end, while the ``with`` block lasts.

    Attributes:
        path: the near end's device.
        bench: the BMC.
        channel: its end of the line.
        spoil: what is made of the BMC's bytes before they come to the near end.
        written: bytes that the near end sent.
    """

    def __init__(self, mode: str, made: Bench | None = None, **settings: Any) -> None:
        self.bench = made or bench()
        self._far, self._near = os.openpty()
        os.set_blocking(self._far, False)
        self.path = os.ttyname(self._near)
        self.channel: SerialChannel = CHANNELS[mode](self.bench.controller, self.write, drawn, **settings)
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
        assert isinstance(self.channel, BasicChannel | TerminalChannel)
        self.channel.receive(data, self._loop.time())
