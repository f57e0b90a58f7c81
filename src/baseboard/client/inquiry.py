"""Questions to a BMC before any session, driven: the ping, and the commands that need no login (§6.12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.codes import Privilege
from baseboard.commands.app.channels import (
    GetChannelAuthenticationCapabilities,
    GetChannelAuthenticationCapabilitiesResponse,
    GetChannelCipherSuites,
    GetChannelCipherSuitesResponse,
)
from baseboard.crypto.suites import SuiteRecord, read_records
from baseboard.errors import DecodeError, NoResponse
from baseboard.rmcp.console_events import Answered, Ponged, Unanswered
from baseboard.rmcp.discovery import Discovery, Form
from baseboard.rmcp.flight import Pace
from baseboard.transports import waiting

if TYPE_CHECKING:
    import asyncio

    from baseboard.client.sockets import Peer
    from baseboard.rmcp.asf import Pong

MOST_BLOCKS: Final = 16
"""Blocks of 16 bytes after which a list of cipher suites that never ends is cut."""

_BLOCK: Final = 16
_TAG: Final = 0x42


class Inquiry:
    """Asks in both wrappers, v1.5's and RMCP+'s, and takes whichever answer comes first.

    Attributes:
        answered: whether anything at all came back, a pong included.
        pong: the answer to a ping, once it came.
    """

    def __init__(self, peer: Peer, pace: Pace, *, form: Form = Form.V15 | Form.V20, depth: int = 4) -> None:
        self.answered = False
        self.pong: Pong | None = None
        self._peer = peer
        # Nothing is done with a message whose checksum is wrong but to read it: no session depends on it.
        self._machine = Discovery(form=form, pace=pace, depth=depth, ignore_checksums=True)
        self._loop = waiting.running()
        self._timer: asyncio.TimerHandle | None = None
        self._waiting: dict[int, asyncio.Future[bytes]] = {}
        self._ponged: asyncio.Future[None] = self._loop.create_future()
        peer.attach(self._received)

    def close(self) -> None:
        """Ask no more, and leave the place on the socket; what was asked ends without an answer."""
        self._peer.close()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        for future in self._waiting.values():
            future.cancel()

    async def ping(self, timeout: float) -> Pong | None:
        """Send a presence ping and wait for the pong, which many BMCs and firewalls keep back."""
        self._machine.ping(_TAG)
        self._turn()
        await waiting.settled([self._ponged], timeout)
        return self.pong

    async def ask(self, netfn: int, cmd: int, data: bytes) -> bytes:
        """Ask a command that needs no session.

        Returns: completion code and data.

        Raises:
            NoResponse: nobody answered.
        """
        token = self._machine.request(netfn, cmd, data, self._loop.time())
        future: asyncio.Future[bytes] = self._loop.create_future()
        self._waiting[token] = future
        self._turn()
        try:
            return await future
        finally:
            del self._waiting[token]
            self._machine.cancel(token, self._loop.time())

    async def capabilities(self, privilege: int) -> GetChannelAuthenticationCapabilitiesResponse | None:
        """Ask how one may log in at a level; None when there is no answer that makes sense.

        A BMC of v1.5 may refuse the v2.0 form of the request, so the old form follows (§22.13).
        """
        for extended in (True, False):
            request = GetChannelAuthenticationCapabilities(extended=extended, privilege=Privilege(privilege))
            try:
                answer = await self.ask(request.command.netfn, request.command.cmd, request.encode())
                if not answer[0]:
                    return GetChannelAuthenticationCapabilitiesResponse.decode(answer[1:])
            except (NoResponse, DecodeError):
                return None
        return None

    async def suites(self) -> list[SuiteRecord] | None:
        """Ask which cipher suites the channel has; None when there is no answer that makes sense.

        The list is a hint: some BMCs refuse what they list and accept what they do not.
        """
        blocks: list[bytes] = []
        for index in range(MOST_BLOCKS):
            request = GetChannelCipherSuites(list_index=index)
            try:
                answer = await self.ask(request.command.netfn, request.command.cmd, request.encode())
                if answer[0]:
                    break
                blocks.append(GetChannelCipherSuitesResponse.decode(answer[1:]).data)
            except (NoResponse, DecodeError):
                break
            if len(blocks[-1]) < _BLOCK:
                break
        return read_records(b"".join(blocks)) if blocks else None

    # ---- the loop between machine and socket

    def _received(self, data: bytes) -> None:
        self._machine.receive(data, self._loop.time())
        self._turn()

    def _expired(self) -> None:
        self._timer = None
        self._machine.expire(self._loop.time())
        self._turn()

    def _turn(self) -> None:
        for datagram in self._machine.outgoing():
            self._peer.send(datagram)
        for event in self._machine.events():
            match event:
                case Answered():
                    self.answered = True
                    future = self._waiting.get(event.token)
                    if future is not None and not future.done():
                        future.set_result(event.data)
                case Unanswered():
                    future = self._waiting.get(event.token)
                    if future is not None and not future.done():
                        future.set_exception(NoResponse(f"no answer after {event.sent} attempts"))
                case Ponged():
                    self.answered, self.pong = True, event.pong
                    if not self._ponged.done():
                        self._ponged.set_result(None)
                case _:
                    continue
        due = self._machine.deadline()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if due is not None:
            self._timer = self._loop.call_at(due, self._expired)
