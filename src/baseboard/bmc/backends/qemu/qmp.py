"""QEMU's monitor protocol, QMP: orders to a running QEMU, and what it reports.

This module needs qemu.qmp, and is imported when there is a machine of this kind.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Protocol, TypeAlias, cast

from qemu.qmp import EventListener, QMPClient, QMPError
from qemu.qmp.qmp_client import ExecuteError

log = logging.getLogger(__name__)

PAUSE_S: Final = 0.05
"""Between two tries to connect: QEMU listens some hundredths of a second after its start."""

GREETING_S: Final = 10.0
"""How long QEMU may take to say who it is, before the connection is tried anew."""

ORDERS: Final = 64
"""Orders that may wait; a QEMU that takes no more of them hangs."""

_Order: TypeAlias = tuple[str, Mapping[str, object]]
_BROKEN: Final = (QMPError, OSError, EOFError, TimeoutError)

# What goes wrong is told by the caller, who knows whether it matters: each end of QEMU ends a connection.
logging.getLogger("qemu.qmp").setLevel(logging.CRITICAL + 1)


class Listener(Protocol):
    """Who hears what QEMU says."""

    def monitored(self, state: str) -> None:
        """QEMU answers, for the first time or again; its run state, by QMP's name."""
        ...

    def happened(self, event: str, data: Mapping[str, object], when: float) -> None:
        """QEMU reports an event, with its own time of it in seconds since 1970."""
        ...

    def refused(self, command: str, reason: str) -> None:
        """QEMU did not do what it was ordered."""
        ...


class Monitor:
    """The connection to one QEMU, again and again until it is closed.

    Args:
        path: of the socket where QEMU listens.
        listener: hears everything.
    """

    __slots__ = ("_listener", "_orders", "_path", "_task")

    def __init__(self, path: Path, listener: Listener) -> None:
        self._path, self._listener = path, listener
        self._task: asyncio.Task[None] | None = None
        self._orders: asyncio.Queue[_Order] | None = None

    def open(self) -> None:
        """Connect as soon as QEMU listens."""
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run())

    def close(self) -> None:
        """Let go of it; nothing is reported any more."""
        self._orders = None
        if self._task is not None:
            self._task.cancel()
            self._task = None

    @property
    def there(self) -> bool:
        """Whether QEMU can be given orders now."""
        return self._orders is not None

    def order(self, command: str, **arguments: object) -> bool:
        """Have QEMU do something, after what it was ordered before.

        Returns: whether it can be told; what came of it is reported later.
        """
        if self._orders is None:
            return False
        try:
            self._orders.put_nowait((command, arguments))
        except asyncio.QueueFull:
            return False
        return True

    async def _run(self) -> None:
        while True:
            client, connection = QMPClient(), self._connected()
            if connection is not None:
                try:
                    async with asyncio.timeout(GREETING_S):
                        await client.connect(connection)
                    await self._serve(client)
                except _BROKEN as error:
                    log.debug("%s: %s", self._path, error)
                finally:
                    self._orders = None
                    with contextlib.suppress(*_BROKEN):
                        await client.disconnect()
                    connection.close()
            await asyncio.sleep(PAUSE_S)

    def _connected(self) -> socket.socket | None:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.setblocking(False)
        try:
            connection.connect(str(self._path))
        except OSError:
            connection.close()
            return None
        return connection

    async def _serve(self, client: QMPClient) -> None:
        """Until the connection ends."""
        events = EventListener()
        client.register_listener(events)
        state = cast("Mapping[str, object]", await client.execute("query-status"))
        self._orders = asyncio.Queue(ORDERS)
        self._listener.monitored(str(state.get("status", "")))
        loop = asyncio.get_running_loop()
        works = [
            loop.create_task(self._hear(events)),
            loop.create_task(self._tell(client, self._orders)),
            loop.create_task(self._last(client)),
        ]
        try:
            done, _ = await asyncio.wait(works, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for work in works:
                work.cancel()
            await asyncio.gather(*works, return_exceptions=True)
        for work in done:
            work.result()

    async def _hear(self, events: EventListener) -> None:
        async for event in events:
            stamp = cast("Mapping[str, int]", event.get("timestamp", {}))
            when = stamp.get("seconds", 0) + stamp.get("microseconds", 0) / 1e6
            self._listener.happened(
                str(event["event"]), cast("Mapping[str, object]", event.get("data", {})), when
            )

    async def _tell(self, client: QMPClient, orders: asyncio.Queue[_Order]) -> None:
        while True:
            command, arguments = await orders.get()
            try:
                await client.execute(command, arguments)
            except ExecuteError as error:
                self._listener.refused(command, str(error))

    async def _last(self, client: QMPClient) -> None:
        """Until the connection is not what it was."""
        await client.runstate_changed()
