"""The interfaces ``serial-basic`` and ``serial-terminal``: a controller at the other end of a serial line."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from typing import TYPE_CHECKING, Final, Protocol

from baseboard.client.bridge import hops
from baseboard.client.interface import BMC, Target
from baseboard.client.serial_login import LOG_OUT, log_in, password_line, raise_privilege, read_verdict
from baseboard.codes import Privilege
from baseboard.commands.app.in_session import CloseSession
from baseboard.errors import (
    BaseboardError,
    DecodeError,
    EncodeError,
    LoginError,
    NoResponse,
    RemoteProtocolError,
    SessionClosed,
    TransportError,
    Unreachable,
)
from baseboard.links.serial_basic import BasicConsole
from baseboard.links.serial_terminal import TerminalConsole
from baseboard.links.terminal_message import TerminalMessage, is_text, read_message, write_message
from baseboard.rmcp import bridging, lan_message
from baseboard.rmcp.flight import Pace
from baseboard.rmcp.lan_message import LanMessage
from baseboard.transports.tty import TtyLine

if TYPE_CHECKING:
    from baseboard.client.interface import Interface
    from baseboard.client.settings import Settings

_NUMBERS: Final = 64
_TERMINAL_CONSOLE: Final = 0x8F
_DUPLICATED_REQUEST: Final = 0xCF
_LONGEST_CLOSE: Final = 1.0
_ROOM: Final = 0xFF - lan_message.SMALLEST
"""Bytes of data, with all that bridging puts around them, that are sent at all."""


class Mode(Protocol):
    """One way of writing messages on a line.

    Attributes:
        largest_request: bytes of data that a request may have.
        largest_response: bytes of data that a response may have.
    """

    largest_request: int
    largest_response: int

    @property
    def console(self) -> BasicConsole | TerminalConsole:
        """The machine of the line."""
        ...

    def send(self, netfn: int, cmd: int, data: bytes, lun: int, rq_seq: int, now: float) -> None:
        """Send a request to the BMC."""
        ...

    def read(self, content: bytes) -> LanMessage | None:
        """Read what came; None for what is no message."""
        ...


class Basic:
    """Messages laid out as on a LAN."""

    # A message of 40 bytes is what every line carries (Table 6-9).
    largest_request = 33
    largest_response = 32

    def __init__(self) -> None:
        self.console = BasicConsole()

    def send(self, netfn: int, cmd: int, data: bytes, lun: int, rq_seq: int, now: float) -> None:
        """See `Mode`."""
        self.console.send(lan_message.wrap_request(netfn, cmd, data, rq_seq, rs_lun=lun), now)

    def read(self, content: bytes) -> LanMessage | None:
        """See `Mode`."""
        return lan_message.unwrap(content)


class Terminal:
    """Messages as hex digits; texts are answers to text commands."""

    # What fits on one line of 80 characters, without spaces.
    largest_request = 36
    largest_response = 36

    def __init__(self) -> None:
        self.console = TerminalConsole()
        self.texts: deque[asyncio.Future[bytes]] = deque()

    def send(self, netfn: int, cmd: int, data: bytes, lun: int, rq_seq: int, now: float) -> None:
        """See `Mode`."""
        message = TerminalMessage(netfn, lun, rq_seq, 0, cmd, data)
        self.console.send(write_message(message, spaces=False), now)

    def read(self, content: bytes) -> LanMessage | None:
        """See `Mode`; an answer to a text command goes to who waits for it, an echo of one to nobody."""
        if is_text(content):
            if self.texts and content[:3].upper() != b"SYS":
                waiting = self.texts.popleft()
                if not waiting.done():
                    waiting.set_result(content)
            return None
        netfn, lun, rq_seq, _, cmd, data = read_message(content)
        return LanMessage(lan_message.BMC, netfn, lun, _TERMINAL_CONSOLE, rq_seq, 0, cmd, data)


class _Pending:
    """A request that waits for its answer."""

    def __init__(self, netfn: int, cmd: int, bridged: bool) -> None:
        self.netfn, self.cmd, self.bridged = netfn, cmd, bridged
        self.acknowledged = False
        self.answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    def take(self, message: LanMessage) -> None:
        """Take a response with the request's number.

        Raises:
            DecodeError: a message inside it is broken.
            RemoteProtocolError: it answers something else.
        """
        if self.bridged:
            data = bridging.answer(
                message, self.netfn, self.cmd, acknowledged=self.acknowledged, tolerate=False
            )
        elif (message.netfn, message.cmd) != (self.netfn | 1, self.cmd):
            raise RemoteProtocolError(f"nobody waits for {message!r}")
        else:
            data = message.data
        if data is None:
            self.acknowledged = True
        elif data[0] != _DUPLICATED_REQUEST and not self.answer.done():
            self.answer.set_result(data)


class SerialInterface:
    """An open line; `log_in` opens the session, where the controller wants one.

    Raises:
        TransportError: the line cannot be opened.
    """

    def __init__(self, settings: Settings, mode: Mode) -> None:
        self.name = settings.interface
        self.depth = 1
        self.largest_request, self.largest_response = mode.largest_request, mode.largest_response
        self.privilege = int(Privilege.ADMINISTRATOR)
        self._settings, self._mode, self._console = settings, mode, mode.console
        self._pace = Pace(settings.timeout, 1.0, settings.retries + 1)
        self._loop = asyncio.get_running_loop()
        self._turn = asyncio.Lock()
        self._rq_seq = 0
        self._pending: tuple[int, _Pending] | None = None
        self._gone: BaseboardError | None = None
        self._log_out: bytes | CloseSession | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._line = TtyLine(settings.device, settings.baud, self._received, self._lost)

    async def log_in(self) -> None:
        """Open the session; without name and password there is none to open.

        Raises:
            LoginError: why not.
        """
        settings = self._settings
        if not (settings.username or settings.password):
            return
        if isinstance(self._mode, Terminal):
            read_verdict(await self._say(password_line(settings)))
            self._log_out = LOG_OUT
            # The login may have brought the user's highest level already (§14.7): a refusal changes nothing.
            with contextlib.suppress(LoginError):
                self.privilege = await raise_privilege(self._ask, settings)
        else:
            session_id, self.privilege = await log_in(self._ask, settings)
            self._log_out = CloseSession(session_id=session_id)

    async def exchange(
        self, netfn: int, cmd: int, data: bytes, *, target: Target = BMC, timeout: float, retry: bool = True
    ) -> bytes:
        """See `Interface.exchange`; a line carries one request at a time, the others wait."""
        way = hops(target)
        if len(data) + bridging.OVERHEAD * len(way) > _ROOM:
            raise EncodeError(
                f"request {netfn:02X}h/{cmd:02X}h with {len(data)} bytes of data over {self.name}"
            )
        async with self._turn:
            if self._gone is not None:
                raise self._gone
            self._rq_seq = rq_seq = (self._rq_seq + 1) % _NUMBERS
            pending = _Pending(netfn, cmd, bool(way))
            sent = (netfn, cmd, data, target.lun)
            if way:
                wrapped = bridging.wrap(way, netfn, cmd, data, rq_seq, target.lun)
                sent = (bridging.NETFN, bridging.SEND_MESSAGE, wrapped, 0)
            self._pending = rq_seq, pending
            try:
                async with asyncio.timeout(timeout):
                    return await self._attempts(pending, sent, rq_seq, self._pace.attempts if retry else 1)
            except TimeoutError:
                raise NoResponse(f"no answer to {netfn:02X}h/{cmd:02X}h over {self._line.path}") from None
            finally:
                self._pending = None

    async def close(self) -> None:
        """End the session, give the line back."""
        if self._gone is None and self._log_out is not None:
            with contextlib.suppress(BaseboardError, TimeoutError):
                async with asyncio.timeout(min(_LONGEST_CLOSE, self._settings.timeout)):
                    await self._end_session(self._log_out)
        self._fail(SessionClosed("the line was closed"))
        self._line.close()

    async def _end_session(self, log_out: bytes | CloseSession) -> None:
        self._log_out = None
        if isinstance(log_out, CloseSession):
            command = log_out.command
            await self._ask(command.netfn, command.cmd, log_out.encode())
        else:
            await self._say(log_out)

    async def _attempts(
        self, pending: _Pending, sent: tuple[int, int, bytes, int], rq_seq: int, attempts: int
    ) -> bytes:
        """Send until it is answered; the last attempt has all the time that is left."""
        netfn, cmd, data, lun = sent
        for attempt in range(1, attempts + 1):
            self._mode.send(netfn, cmd, data, lun, rq_seq, self._loop.time())
            self._flush()
            patience = self._pace.wait(attempt) if attempt < attempts else None
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    return await asyncio.shield(pending.answer)
        raise AssertionError("the last attempt waits as long as it takes")

    async def _ask(self, netfn: int, cmd: int, data: bytes) -> bytes:
        return await self.exchange(netfn, cmd, data, timeout=self._settings.patience)

    async def _say(self, text: bytes) -> bytes:
        """Send a text command and wait for its answer.

        Raises:
            Unreachable: none came.
        """
        mode = self._mode
        assert isinstance(mode, Terminal)
        answer: asyncio.Future[bytes] = self._loop.create_future()
        mode.texts.append(answer)
        try:
            for attempt in range(1, self._pace.attempts + 1):
                mode.console.send(text, self._loop.time())
                self._flush()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._pace.wait(attempt)):
                        return await asyncio.shield(answer)
        finally:
            if answer in mode.texts:
                mode.texts.remove(answer)
        raise Unreachable(text[:7].decode(), None, f"no answer over {self._line.path}")

    def _received(self, data: bytes) -> None:
        self._console.receive(data, self._loop.time())
        for content in self._console.events():
            with contextlib.suppress(DecodeError, RemoteProtocolError):
                message = self._mode.read(content)
                if message is not None and message.is_response and self._pending is not None:
                    rq_seq, pending = self._pending
                    if message.rq_seq == rq_seq:
                        pending.take(message)
        self._flush()

    def _flush(self) -> None:
        """Send what the machine has, and see to the end of its patience."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        for out in self._console.outgoing():
            self._line.send(out)
        due = self._console.deadline()
        if due is not None:
            self._timer = self._loop.call_at(due, self._expired)

    def _expired(self) -> None:
        self._console.expire(self._loop.time())
        self._flush()

    def _lost(self, error: TransportError) -> None:
        self._fail(error)

    def _fail(self, error: BaseboardError) -> None:
        if self._gone is None:
            self._gone = error
        if self._timer is not None:
            self._timer.cancel()
        waiting = [] if self._pending is None else [self._pending[1].answer]
        if isinstance(self._mode, Terminal):
            waiting += self._mode.texts
        for future in waiting:
            if not future.done():
                future.set_exception(error)


async def open_serial(settings: Settings) -> Interface:
    """Open a line and log in.

    Raises:
        TransportError: the line cannot be opened.
        LoginError: the controller lets nobody in.
    """
    mode: Mode = Terminal() if settings.interface == "serial-terminal" else Basic()
    interface = SerialInterface(settings, mode)
    try:
        await interface.log_in()
    except BaseException:
        await interface.close()
        raise
    return interface
