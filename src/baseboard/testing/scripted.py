"""A BMC that answers as a test says, and as the simulated one does where the test says nothing.

A `Script` is put in front of a simulated BMC: commands that it names are answered from it, to whoever asks
over whatever: byte for byte, by a function, or not at all.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeAlias

from baseboard.bmc.configuration.endpoints import endpoints
from baseboard.bmc.server import Server

if TYPE_CHECKING:
    from baseboard.bmc.blueprint import Blueprint
    from baseboard.bmc.clock import Clock
    from baseboard.bmc.context import Origin
    from baseboard.bmc.controller import Controller
    from baseboard.bmc.dispatch import Incoming, Reply
    from baseboard.bmc.ports import Backend

Line: TypeAlias = "bytes | Callable[[bytes], bytes | None] | None"
"""Completion code and response data; None for silence; or a function of the request's data."""

START = 30.0
"""Seconds within which a BMC of a thread must listen."""


class Script:
    """Answers by command, and a note of every request.

    Attributes:
        lines: the answers by network function and command; may be changed at any time.
        asked: what was asked so far: network function, command, data.
    """

    def __init__(self, lines: Mapping[tuple[int, int], Line] | None = None) -> None:
        self.lines: dict[tuple[int, int], Line] = dict(lines or {})
        self.asked: list[tuple[int, int, bytes]] = []

    def attach(self, controller: Controller) -> None:
        """Stand in front of a controller."""
        behind = controller.handle

        def handle(request: Incoming, origin: Origin, reply: Reply) -> None:
            self.asked.append((request.netfn, request.cmd, bytes(request.data)))
            if (request.netfn, request.cmd) not in self.lines:
                behind(request, origin, reply)
                return
            line = self.lines[request.netfn, request.cmd]
            answer = line(bytes(request.data)) if callable(line) else line
            if answer is not None:
                reply(answer)

        controller.handle = handle


class ScriptedBmc:
    """A scripted BMC on a free port of 127.0.0.1, in a thread of its own, while the ``with`` block lasts.

    Args:
        blueprint: the simulated BMC behind the script.
        backend: makes the host behind that BMC.
        script: what is answered otherwise.

    Attributes:
        port: UDP port.
        script: the script, to be changed as the test goes on.
    """

    def __init__(
        self,
        blueprint: Blueprint,
        backend: Callable[[Blueprint, Clock], Backend],
        script: Script | None = None,
    ) -> None:
        self.host, self.port = "127.0.0.1", 0
        self.script = script or Script()
        self._blueprint, self._backend = blueprint, backend
        self._listening = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._listening.wait(START):
            raise TimeoutError("the scripted BMC did not start")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._loop is not None and self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(START)

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = Server()
        (place,) = endpoints(self.host, 0, 1, "ports")
        running = server.add(self._blueprint, self._backend, place)
        self.script.attach(running.controller)
        self.port = running.port
        self._listening.set()
        await self._stop.wait()
        await server.close()
