"""`Payload`: an OEM payload that is active in this session, as a stream of datagrams (§13.27.3)."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable
from contextvars import Context
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from baseboard.client.reconnect import LOST
from baseboard.errors import BaseboardError, CompletionError, LocalProtocolError, SessionClosed

if TYPE_CHECKING:
    from baseboard.client.lan import LanInterface

KEPT: Final = 1024
"""Datagrams kept for a reader that is slow; then the oldest are lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An activated payload: what a stream needs to speak.

    Attributes:
        interface: the session.
        key: handle, or IANA number and payload ID.
        payload_type: 2 or the handle.
        instance: its number.
        encrypted: the payload's packets are encrypted.
        authenticated: and signed.
        largest: bytes of the largest datagram that the controller takes.
        auxiliary: four bytes that it answered.
        deactivate: ends the payload.
    """

    interface: LanInterface
    key: int | tuple[int, int]
    payload_type: int
    instance: int
    encrypted: bool
    authenticated: bool
    largest: int
    auxiliary: bytes
    deactivate: Callable[[], Awaitable[bool]]


class Payload:
    """An active OEM payload.

    ``async for data in payload`` gives datagrams, each once or not at all; the iteration ends when the
    payload is closed here or the session ends.

    Attributes:
        lost: datagrams that came and were not read in time.
    """

    def __init__(self, activate: Callable[[Callable[[bytes], None]], Awaitable[Place]]) -> None:
        self._activate = activate
        self._place: Place | None = None
        self._kept: deque[bytes] = deque()
        self._ready = asyncio.Event()
        self._watching: asyncio.Task[None] | None = None
        self._over = False
        self.lost = 0

    # ---- what a user does

    @property
    def payload_type(self) -> int:
        """2 = OEM explicit, 20h-27h = OEM0 to OEM7."""
        return self._active().payload_type

    @property
    def instance(self) -> int:
        """The instance that is ours."""
        return self._active().instance

    @property
    def auxiliary(self) -> bytes:
        """Four bytes that the controller answered to the activation."""
        return self._active().auxiliary

    @property
    def largest(self) -> int:
        """Bytes of the largest datagram that the controller takes."""
        return self._active().largest

    @property
    def closed(self) -> bool:
        """Whether it is over."""
        return self._over

    def send(self, data: bytes) -> None:
        """Send a datagram, once; what gets lost is lost.

        Raises:
            LocalProtocolError: it is larger than `largest`, or the payload is closed.
            SessionClosed: the session is over.
        """
        place = self._active()
        if self._over:
            raise LocalProtocolError("the payload is closed")
        if place.interface.closed:
            raise SessionClosed("the session is over, and the payload with it")
        if len(data) > place.largest:
            raise LocalProtocolError(f"{len(data)} bytes; the controller takes {place.largest} at a time")
        place.interface.send_payload(
            place.key, data, authenticated=place.authenticated, encrypted=place.encrypted
        )

    async def receive(self, timeout: float | None = None) -> bytes | None:
        """Wait for a datagram.

        Args:
            timeout: seconds; None = as long as it takes.

        Returns: None when that time is over, or the payload is.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                while not self._kept and not self._over:
                    self._ready.clear()
                    await self._ready.wait()
        return self._kept.popleft() if self._kept else None

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        data = await self.receive()
        if data is None:
            raise StopAsyncIteration
        return data

    async def close(self) -> None:
        """Deactivate the payload; the session stays open. Harmless when it is over already."""
        if self._watching is not None:
            self._watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watching
            self._watching = None
        if self._over or self._place is None:
            return
        self._end()
        with contextlib.suppress(CompletionError, *LOST):
            await self._place.deactivate()
        with contextlib.suppress(BaseboardError):
            self._place.interface.close_payload(self._place.key)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    # ---- inside

    async def open(self) -> None:
        """Activate the payload.

        Raises:
            CompletionError: the BMC refused.
        """
        self._place = await self._activate(self._received)
        # The watch outlives the operation that opened the payload, and so its deadline.
        loop = asyncio.get_running_loop()
        self._watching = loop.create_task(self._watch(self._place.interface), context=Context())

    async def _watch(self, interface: LanInterface) -> None:
        await interface.ended()
        self._end()

    def _end(self) -> None:
        self._over = True
        self._ready.set()

    def _active(self) -> Place:
        if self._place is None:
            raise LocalProtocolError("the payload is not open yet")
        return self._place

    def _received(self, data: bytes) -> None:
        if len(self._kept) >= KEPT:
            self._kept.popleft()
            self.lost += 1
        self._kept.append(data)
        self._ready.set()
