"""A domain's console as a serial port of the host, for Serial over LAN."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from baseboard.bmc.backends.libvirt.worker import Worker
from baseboard.bmc.backends.orders import pause
from baseboard.errors import TransportError

if TYPE_CHECKING:
    from baseboard.bmc.backends.libvirt.binding import ConsoleStream
    from baseboard.bmc.clock import Clock

ROOM: Final = 4096
"""Characters that wait until the domain takes them."""

AGAIN: Final = 0.05
"""Seconds until what was not taken is offered again."""

PATIENCE: Final = 10.0
"""Seconds that libvirt may take for characters."""


class ConsolePort:
    """The console: a :class:`~baseboard.bmc.ports.SerialPort`.

    Args:
        clock: time.
        name: of its thread.
    """

    __slots__ = ("_clock", "_out", "_receive", "_stream", "_task", "_worker")

    def __init__(self, clock: Clock, name: str) -> None:
        self._clock = clock
        self._worker = Worker(name)
        self._out = bytearray()
        self._receive: Callable[[bytes], None] | None = None
        self._stream: ConsoleStream | None = None
        self._task: asyncio.Task[None] | None = None

    # ---- the serial port

    def attach(self, receive: Callable[[bytes], None] | None) -> None:
        """Say who gets what the domain prints; None = nobody listens."""
        self._receive = receive

    def write(self, data: bytes) -> int:
        """Give typed characters to the domain.

        Returns: how many were taken; none while it is off.
        """
        if self._stream is None:
            return 0
        taken = data[: ROOM - len(self._out)]
        self._out += taken
        if self._out and self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._send(self._stream))
        return len(taken)

    def send_break(self) -> None:
        """The console of a domain knows characters only: there is no break that could be sent."""

    def carrier(self) -> bool:
        """Whether the console is open."""
        return self._stream is not None

    # ---- what its domain does

    def opened(self, stream: ConsoleStream) -> None:
        """The domain has a console from now on."""
        self.closed()
        self._stream = stream

    def closed(self) -> None:
        """It has none any more."""
        stream, self._stream = self._stream, None
        self._out.clear()
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if stream is not None:
            stream.close()

    def received(self, data: bytes) -> None:
        """The domain has printed something."""
        if self._receive is not None:
            self._receive(data)

    def stop(self) -> None:
        """End."""
        self.closed()
        self._worker.stop()

    async def _send(self, stream: ConsoleStream) -> None:
        while self._out:
            try:
                sent = await self._worker.call(partial(stream.send, bytes(self._out)), PATIENCE)
            except TransportError:
                self._out.clear()
                break
            del self._out[:sent]
            if self._out and not sent:
                await pause(self._clock, AGAIN)
        self._task = None
