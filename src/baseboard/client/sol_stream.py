"""`SolStream`: the system's console as a stream, which outlives losses and marks its gaps (§15)."""

from __future__ import annotations

import asyncio
import contextlib
import enum
from collections import deque
from collections.abc import Awaitable, Callable
from contextvars import Context
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from baseboard.client.reconnect import LOST
from baseboard.codes import PayloadType
from baseboard.errors import BaseboardError, CompletionError, LocalProtocolError
from baseboard.rmcp.sol import Characters
from baseboard.rmcp.sol_console import ConsoleNotice, SolConsole
from baseboard.rmcp.sol_packet import HEADER, following

if TYPE_CHECKING:
    from baseboard.client.lan import LanInterface
    from baseboard.rmcp.lan_message import LanMessage

CAPACITY: Final = 1 << 16
"""Characters kept for a reader that is slow; then the BMC is asked to wait."""

BACKLOG: Final = 1 << 12
"""Characters written that may wait to be sent before `SolStream.write` waits too."""

KEEP_ALIVE: Final = 10.0
"""Seconds of silence after which an empty packet asks whether the console is still ours.

QUIRK Q-SOLSTEAL Dell R610, Supermicro X8, Quanta and others: a console that was taken is not told; Q-SOLKEEP
OpenBMC, iDRAC: a session without traffic is dropped.
"""

TRIAL: Final = 1.2
"""Seconds that a port of SOL's own has to answer in; then the session's is taken."""

_SETTLE: Final = 0.5


class GapReason(enum.Enum):
    """Why characters may be missing."""

    OVERRUN = "the BMC dropped characters of the system"
    SEQUENCE = "the BMC's packet numbers leapt"
    SILENCE = "the console was dead and was activated again"
    DEACTIVATED = "the BMC had ended the payload"
    SESSION = "the session was lost and opened again"


class Ending(enum.Enum):
    """Why a stream is over."""

    CLOSED = "closed by this console"
    TAKEN = "another session has taken the console"
    DEACTIVATED = "the BMC ended the payload"
    LOST = "the BMC does not answer any more"


@dataclass(frozen=True, slots=True)
class SolGap:
    """A place in the stream where characters of the system may be missing.

    Attributes:
        seconds: since something was last heard.
        reason: why.
    """

    seconds: float
    reason: GapReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An activated payload: what a stream needs to speak.

    Attributes:
        interface: the session.
        payload_size: largest payload that the BMC takes.
        handshake: the BMC waits for the console's first word.
        encrypted: the payload's packets are encrypted.
        authenticated: and signed.
        port: the BMC's port for it, where that is not the session's; else 0.
    """

    interface: LanInterface
    payload_size: int
    handshake: bool
    encrypted: bool
    authenticated: bool
    port: int = 0


class Owner(enum.Enum):
    """Whose a console is, as the BMC says."""

    OURS = enum.auto()
    OTHERS = enum.auto()
    NOBODYS = enum.auto()
    UNKNOWN = enum.auto()


class Source:
    """Where a stream gets its line from, and asks about it.

    Attributes:
        activate: activate the payload in the present session.
        owner: ask whose it is.
        reconnect: open a new session; None = that is not wanted.
        deactivate: end the payload.
    """

    def __init__(
        self,
        activate: Callable[[Callable[[bytes], None]], Awaitable[Line]],
        owner: Callable[[], Awaitable[Owner]],
        deactivate: Callable[[], Awaitable[None]],
        reconnect: Callable[[], Awaitable[None]] | None,
    ) -> None:
        self.activate, self.owner = activate, owner
        self.deactivate, self.reconnect = deactivate, reconnect


def _nothing() -> None:
    """Unsubscribe from nothing."""


class SolStream:
    """The system's console.

    ``async for item in stream`` gives bytes, and a `SolGap` where some may be missing; the iteration ends
    when the console does, and `ending` says why.

    Attributes:
        ending: why it is over; None while it is not.
        available: whether the system takes characters; it is off or resets where not.
        notices: what else the BMC reported, newest last: breaks, characters of ours that it never took.
    """

    def __init__(self, source: Source, *, keep_alive: float | None = KEEP_ALIVE) -> None:
        self.ending: Ending | None = None
        self.available = True
        self.notices: deque[ConsoleNotice] = deque(maxlen=64)
        self._source, self._keep_alive = source, keep_alive
        self._loop = asyncio.get_running_loop()
        self._line: Line | None = None
        self._machine: SolConsole | None = None
        self._early: list[bytes] = []
        self._timer: asyncio.TimerHandle | None = None
        self._port = 0
        self._trial: asyncio.TimerHandle | None = None
        self._items: deque[bytes | SolGap] = deque()
        self._ready, self._room, self._trouble = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._cts = self._carrier = True
        self._heard = self._loop.time()
        self._last = 0
        self._why = GapReason.SILENCE
        self._silent = False
        self._watching: asyncio.Task[None] | None = None
        self._unsubscribe: Callable[[], None] = _nothing

    # ---- what a user does

    async def read(self) -> bytes | SolGap:
        """Wait for characters, or for a gap.

        Returns: all characters there are, or a gap; ``b""`` when the console is over.
        """
        while not self._items:
            if self.ending is not None:
                return b""
            self._ready.clear()
            await self._ready.wait()
        item = self._items.popleft()
        if isinstance(item, SolGap):
            return item
        while self._items and isinstance(more := self._items[0], bytes):
            item += more
            self._items.popleft()
        if self._machine is not None:
            self._machine.consumed(len(item), self._loop.time())
            self._turn()
        return item

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes | SolGap:
        item = await self.read()
        if not item:
            raise StopAsyncIteration
        return item

    async def write(self, data: bytes) -> None:
        """Type characters; waits while very many are on their way.

        Raises:
            LocalProtocolError: the console is over.
        """
        machine = self._working()
        machine.write(bytes(data), self._loop.time())
        self._turn()
        while machine is self._machine and machine.waiting > BACKLOG and self.ending is None:
            self._room.clear()
            await self._room.wait()

    async def drain(self) -> None:
        """Wait until every character that was written is on its way."""
        while self._machine is not None and self._machine.waiting and self.ending is None:
            self._room.clear()
            await self._room.wait()

    def send_break(self) -> None:
        """Send a break, between what was written before and what comes after."""
        self._working().send_break(self._loop.time())
        self._turn()

    def ring(self) -> None:
        """Assert RI to the system, which may wake it."""
        self._working().ring(self._loop.time())
        self._turn()

    def flush(self, *, inbound: bool = False, outbound: bool = False) -> None:
        """Drop characters to the system (inbound), or from it (outbound), that are not delivered yet."""
        if outbound:
            self._items.clear()
        self._working().flush(self._loop.time(), inbound=inbound, outbound=outbound)
        self._turn()

    def set_lines(self, *, cts: bool | None = None, carrier: bool | None = None) -> None:
        """Assert or deassert CTS (the system's output flows or is held), and DCD with DSR."""
        self._cts = self._cts if cts is None else cts
        self._carrier = self._carrier if carrier is None else carrier
        self._working().set_lines(self._loop.time(), cts=self._cts, carrier=self._carrier)
        self._turn()

    async def close(self) -> None:
        """Deactivate the payload; the session stays open. Harmless when the console is over already."""
        if self._watching is not None:
            self._watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watching
            self._watching = None
        if self.ending is not None:
            return
        self._stop(Ending.CLOSED)
        with contextlib.suppress(CompletionError, *LOST):
            await self._source.deactivate()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    # ---- the loop between machine and session

    async def open(self) -> None:
        """Activate the payload.

        Raises:
            CompletionError: the BMC refused.
        """
        await self._start()
        # The watch outlives the operation that opened the console, and so its deadline.
        self._watching = self._loop.create_task(self._watch(), context=Context())

    async def _start(self, after: tuple[float, GapReason] | None = None) -> None:
        """Activate the payload, after a gap: since when, and why."""
        self._halt()
        self._trouble.clear()
        # Packets of the BMC may overtake the answer to the activation.
        self._early, self._last = [], 0
        line = await self._source.activate(self._received)
        self._line = line
        self._unsubscribe()
        self._unsubscribe = line.interface.on_request(self._asked)
        now = self._loop.time()
        if after is not None:
            self._give(SolGap(now - after[0], after[1]))
        self._heard, self._silent = now, False
        machine = SolConsole(
            line.payload_size,
            now,
            handshake=line.handshake,
            keep_alive=self._keep_alive,
            capacity=CAPACITY,
        )
        self._machine = machine
        self._try_port(line)
        if not (self._cts and self._carrier):
            machine.set_lines(now, cts=self._cts, carrier=self._carrier)
        early, self._early = self._early, []
        for data in early:
            self._received(data)
        self._turn()

    def _try_port(self, line: Line) -> None:
        """Speak to SOL's own port, if there is one and it answers; else to the session's."""
        self._port = line.port if line.port and line.interface.open_door(line.port) else 0
        if self._port and self._machine is not None:
            # A packet that wants an acknowledgement; the handshake's is one.
            self._machine.flush(self._loop.time())
            self._trial = self._loop.call_later(TRIAL, self._deaf_port, context=Context())

    def _deaf_port(self) -> None:
        """QUIRK Q-SOLPORT: nobody answers at the port that was told; what was sent there is sent again."""
        self._trial, self._port = None, 0

    def _working(self) -> SolConsole:
        if self.ending is not None or self._machine is None:
            reason = "is being activated again" if self.ending is None else f"is over: {self.ending.value}"
            raise LocalProtocolError(f"the console {reason}")
        return self._machine

    def _received(self, data: bytes) -> None:
        machine = self._machine
        if machine is None:
            self._early.append(data)
            del self._early[:-64]
            return
        if self._trial is not None:
            self._trial.cancel()
            self._trial = None
        now = self._loop.time()
        sequence = data[0] & 0xF if len(data) >= HEADER else 0
        leapt = bool(sequence and self._last and sequence not in {self._last, following(self._last)})
        before = len(self._items)
        machine.receive(data, now)
        self._turn()
        if sequence and len(self._items) > before:
            if leapt:
                # QUIRK Q-SOLSEQJUMP Tyan S4811: the numbers leap when the system restarts.
                self._items.insert(before, SolGap(now - self._heard, GapReason.SEQUENCE))
            self._last = sequence
        self._heard, self._silent = now, False

    def _expired(self) -> None:
        self._timer = None
        if self._machine is not None:
            self._machine.expire(self._loop.time())
            self._turn()

    def _turn(self) -> None:
        """Carry out what the machine wants after anything was given to it."""
        machine, line = self._machine, self._line
        if machine is None or line is None:
            return
        for event in machine.events():
            self._happened(event)
        try:
            for payload in machine.outgoing():
                line.interface.send_payload(
                    PayloadType.SOL,
                    payload,
                    authenticated=line.authenticated,
                    encrypted=line.encrypted,
                    port=self._port,
                )
        except (BaseboardError, OSError):
            self._fail(GapReason.SESSION)
            return
        if machine.waiting <= BACKLOG:
            self._room.set()
        due = machine.deadline()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if due is not None:
            self._timer = self._loop.call_at(due, self._expired, context=Context())

    def _happened(self, event: Characters | ConsoleNotice) -> None:
        if isinstance(event, Characters):
            self._give(event.data)
            return
        self.notices.append(event)
        match event:
            case ConsoleNotice.OVERRUN:
                self._give(SolGap(0.0, GapReason.OVERRUN))
            case ConsoleNotice.UNAVAILABLE | ConsoleNotice.AVAILABLE:
                self.available = event is ConsoleNotice.AVAILABLE
            case ConsoleNotice.DEACTIVATED:
                self._fail(GapReason.DEACTIVATED)
            case ConsoleNotice.UNACKNOWLEDGED:
                self._fail(GapReason.SILENCE)
            case ConsoleNotice.BREAK:
                return

    def _give(self, item: bytes | SolGap) -> None:
        self._items.append(item)
        self._ready.set()

    def _fail(self, why: GapReason) -> None:
        self._why = why
        self._trouble.set()

    def _halt(self) -> None:
        """Let the machine of a console that is gone do no more."""
        self._machine = None
        for timer in (self._timer, self._trial):
            if timer is not None:
                timer.cancel()
        self._timer = self._trial = None

    def _stop(self, ending: Ending) -> None:
        self.ending = ending
        self._halt()
        self._unsubscribe()
        self._unsubscribe = _nothing
        if self._line is not None:
            with contextlib.suppress(BaseboardError):
                self._line.interface.close_payload(PayloadType.SOL)
        self._ready.set()
        self._room.set()

    # ---- trouble

    async def _watch(self) -> None:
        """Wait for trouble, and get over it or end."""
        while self.ending is None:
            await self._wait()
            self._trouble.clear()
            try:
                ending = await self._recover(self._why, self._heard)
            except CompletionError as error:
                ending = Ending.TAKEN if error.code == _ALREADY_ACTIVE else Ending.DEACTIVATED
            except (BaseboardError, OSError):
                ending = Ending.LOST
            if ending is not None:
                self._stop(ending)

    async def _wait(self) -> None:
        """Wait for trouble: of the payload, or the end of the session."""
        assert self._line is not None
        trouble = asyncio.ensure_future(self._trouble.wait())
        ended = asyncio.ensure_future(self._line.interface.ended())
        try:
            await asyncio.wait([trouble, ended], return_when=asyncio.FIRST_COMPLETED)
            if ended.done():
                self._why = GapReason.SESSION
        finally:
            trouble.cancel()
            ended.cancel()

    async def _recover(self, why: GapReason, heard: float) -> Ending | None:
        """Find out what became of the console, and activate it again if that is right.

        Returns: None if it goes on, else why it is over.
        """
        if why is GapReason.DEACTIVATED:
            await asyncio.sleep(_SETTLE)  # whoever takes it first deactivates, then activates
        owner = Owner.UNKNOWN if why is GapReason.SESSION else await self._owner()
        if owner is Owner.OTHERS:
            return Ending.TAKEN
        if owner is Owner.NOBODYS and why is GapReason.DEACTIVATED and self._source.reconnect is None:
            return Ending.DEACTIVATED
        if owner is Owner.OURS:
            if why is GapReason.SILENCE and not self._silent and self._machine is not None:
                # It may have been one lost acknowledgement, which OpenBMC never repeats. Ask again.
                self._silent = True
                self._machine.flush(self._loop.time())
                self._turn()
                return None
            # QUIRK Q-SOLREBOOT Intel SR1520ML and others: dead after a reset of the system, until it is
            # activated anew, though session and payload live.
            with contextlib.suppress(CompletionError):
                await self._source.deactivate()
        elif owner is Owner.UNKNOWN:
            if self._source.reconnect is None:
                return Ending.LOST
            self._halt()
            await self._source.reconnect()
            why = GapReason.SESSION
        await self._start((heard, why))
        return None

    async def _owner(self) -> Owner:
        if self._line is None or self._line.interface.closed:
            return Owner.UNKNOWN
        try:
            return await self._source.owner()
        except LOST:
            return Owner.UNKNOWN

    def _asked(self, message: LanMessage) -> None:
        """SOL Activating says that the port goes elsewhere (§26.1); what becomes of it will be asked."""
        if (message.netfn, message.cmd) == _SOL_ACTIVATING:
            self._fail(GapReason.SILENCE)


_ALREADY_ACTIVE: Final = 0x80
_SOL_ACTIVATING: Final = (0x0C, 0x20)
