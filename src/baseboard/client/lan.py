"""A session over the network, driven: the machine of `baseboard.rmcp` on a shared UDP socket."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from baseboard.client.asked import Asked
from baseboard.client.bridge import hops
from baseboard.client.deadline import time_left
from baseboard.client.interface import BMC, Target
from baseboard.client.line import Line
from baseboard.client.pacing import Pacing
from baseboard.client.quirks import NEED_CONSENT, needed
from baseboard.client.volley import Place, Volley
from baseboard.codes import PayloadType
from baseboard.errors import LocalProtocolError, NoResponse, SessionClosed
from baseboard.rmcp.console import Phase
from baseboard.rmcp.console_events import (
    Answered,
    LoginFailed,
    PayloadArrived,
    Reason,
    RequestArrived,
    SessionEnded,
    SessionOpened,
    Unanswered,
)
from baseboard.rmcp.console_v20 import ConsoleV20
from baseboard.rmcp.flight import Pace
from baseboard.rmcp.round_trip import LEAST
from baseboard.transports import waiting
from baseboard.transports.arrival import Arrivals

if TYPE_CHECKING:
    import asyncio

    from baseboard.client.asked import Words
    from baseboard.client.sockets import Peer
    from baseboard.rmcp.bridging import Hop
    from baseboard.rmcp.console import Console
    from baseboard.rmcp.console_events import Event
    from baseboard.rmcp.lan_message import LanMessage

_ANY_LENGTH: Final = 0xFF
_LONGEST_CLOSE: Final = 1.0
_HALF_OPEN: Final = frozenset({Phase.RAKP_4, Phase.ACTIVATE_SESSION})

_ENDINGS: Final = {
    Reason.CLOSED: "the session was closed",
    Reason.LOST: "the BMC does not answer in this session any more; it may have reset, or ended the session",
    Reason.USED_UP: "the session has used up its sequence numbers",
}

Notice: TypeAlias = Callable[["LanMessage"], None]


class LanInterface:
    """A v1.5 or v2.0 session; `open` logs in.

    Requests beyond `depth` wait their turn, and what they wait counts only against the deadline of the whole
    operation.

    Attributes:
        bmc_session_id: the session's ID at the BMC.
        symptoms: ids of known departures that the BMC has shown so far.
    """

    def __init__(self, name: str, console: Console, peer: Peer, pace: Pace) -> None:
        self.name = name
        self.largest_request = console.LARGEST_DATA
        self.largest_response = _ANY_LENGTH
        self.console = console
        self._peer, self._pace = peer, pace
        self._patience = pace.patience
        self._pacing, self._lost = Pacing(), 0
        self._slow = pace.wait(1) + pace.wait(2)
        self._loop = waiting.running()
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = 0.0
        self._turning = False
        self._soonest = min(LEAST, pace.timeout)
        self._arrivals = Arrivals()
        self._waiting: dict[int, Asked[Any] | Place] = {}
        self._line = Line(self, self._arrivals)
        self._opened: asyncio.Future[None] = self._loop.create_future()
        self._ended: asyncio.Future[Reason] = self._loop.create_future()
        self._payloads: dict[int | tuple[int, int], Callable[[bytes], None]] = {}
        self._notices: list[Notice] = []
        peer.attach(self._received)

    def __repr__(self) -> str:
        return f"<LanInterface {self.name} {self._peer.address[0]}: {self.console.phase.value}>"

    @property
    def privilege(self) -> int:
        """Present operating level."""
        return self.console.privilege

    @property
    def bmc_session_id(self) -> int:
        """The session's ID at the BMC."""
        return self.console.bmc_session_id

    @property
    def suite(self) -> int | None:
        """Number of the cipher suite; None in v1.5."""
        return self.console.suite.id if isinstance(self.console, ConsoleV20) else None

    @property
    def symptoms(self) -> frozenset[str]:
        """Ids of known departures that the BMC has shown so far."""
        shown = frozenset(self.console.symptoms)
        return shown | {"Q-BUSYFLOOD"} if self._pacing.troubled else shown

    @property
    def depth(self) -> int:
        """How many requests may be under way at a time."""
        return self.console.depth

    @depth.setter
    def depth(self, depth: int) -> None:
        self.console.depth = depth
        self._line.let_in()

    @property
    def repeats(self) -> bool:
        """Whether anything had to be sent again so far: the network loses packets, or the BMC is slow."""
        return self.console.repeated

    @property
    def closed(self) -> bool:
        """Whether the session is over, or never began."""
        return self._ended.done()

    # ---- the session

    async def open(self) -> None:
        """Log in.

        Raises:
            LoginError: why not; then the place on the socket is free again.
        """
        try:
            self.console.open(self._loop.time())
            self._turn()
            await waiting.settled([self._opened])  # whoever gives it up does not end it
            self._opened.result()
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """See `Interface.close`; the BMC's answer is awaited for one short time-out at most."""
        if not self._ended.done():
            longest = min(self._pace.timeout, _LONGEST_CLOSE)
            try:
                if self.console.phase in _HALF_OPEN:
                    # The BMC may have opened the session already, and only then can it be closed.
                    await waiting.settled([self._opened], longest)
                with contextlib.suppress(LocalProtocolError):
                    self.console.close(self._loop.time())
                self._turn()
                # QUIRK Intel SR870BN4: silent to Close Session after a reset, where §22.19 has an answer.
                if self.console.phase is Phase.CLOSING:
                    await waiting.settled([self._ended], longest)
            finally:
                self._leave(Reason.CLOSED)

    def _leave(self, reason: Reason) -> None:
        """Free everything, once."""
        if self._ended.done():
            return
        self._ended.set_result(reason)
        if self._opened.done() and not self._opened.cancelled():
            self._opened.exception()  # whoever opened it may be gone
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        error = SessionClosed(_ENDINGS[reason])
        futures: tuple[asyncio.Future[Any] | Asked[Any] | Place, ...] = (
            self._opened,
            *self._waiting.values(),
            *self._line.places,
        )
        for future in futures:
            if not future.done():
                future.set_exception(error)
                future.exception()  # whoever waited may be gone
        self._payloads.clear()
        self._peer.close()

    async def ended(self) -> Reason:
        """Wait for the end of the session and tell why it ended."""
        await waiting.settled([self._ended])
        return self._ended.result()

    # ---- requests

    async def exchange(
        self, netfn: int, cmd: int, data: bytes, *, target: Target = BMC, timeout: float, retry: bool = True
    ) -> bytes:
        """See `Interface.exchange`; ``timeout`` counts from when the request's turn has come."""
        if self._ended.done():
            raise SessionClosed(_ENDINGS[self._ended.result()])
        way = () if target is BMC else hops(target)
        patient = retry and timeout >= self._patience
        if len(self._waiting) >= self.console.depth:
            answer = await self._line.wait((netfn, cmd, data, target.lun) if patient and not way else None)
            if answer is not None:
                return answer
        if self._pacing.distance:
            await self._keep_distance()
        pace = None
        if not retry:
            pace = Pace(timeout, 0.0, 1)
            self._soonest = min(self._soonest, timeout)
        asked: Asked[bytes] = Asked(self._arrivals)
        self.send(asked, (netfn, cmd, data, target.lun), pace, way)
        self.flush()
        try:
            if patient:
                data = await asked  # the machine itself gives up in time
            else:
                async with waiting.timeout(timeout):
                    data = await asked
        except TimeoutError:
            raise NoResponse(f"no answer to {netfn:02X}h/{cmd:02X}h in {timeout:.1f} s") from None
        else:
            self.note_pace(asked)
            return data
        finally:
            self.end(asked)

    def send(
        self, asked: Asked[Any], words: Words, pace: Pace | None = None, way: tuple[Hop, ...] = ()
    ) -> None:
        """Have a request sent by the next `flush`; the session's own pace where there is none."""
        asked.started = now = self._loop.time()
        netfn, cmd, data, lun = words
        asked.token = token = self.console.request(
            netfn, cmd, data, now, pace=pace or self._pace, rs_lun=lun, hops=way
        )
        self._waiting[token] = asked

    def end(self, asked: Asked[Any]) -> None:
        """A request that was sent has its answer, or is given up; the next may go."""
        del self._waiting[asked.token]
        if not asked.done() or asked.cancelled():
            self.console.cancel(asked.token, self._loop.time())
            self._turn()
        if self._line.places:
            self._line.let_in()

    async def exchange_all(
        self, requests: Sequence[tuple[int, int, bytes]], lun: int = 0
    ) -> list[bytes | NoResponse | None]:
        """Send many requests to the BMC itself, as many at a time as the depth, again where that is needed.

        Returns: for each request, in order, its answer, or that there was none; None where it was not
            awaited: the session ended, the deadline has passed, or the BMC needs to be spared.
        """
        volley = Volley(self, requests, lun)
        try:
            with contextlib.suppress(TimeoutError):
                async with waiting.timeout(time_left()):
                    await volley.run(self._loop.create_future())
        finally:
            volley.end()
            self._turn()
            self._line.let_in()
        return volley.answers

    @property
    def room(self) -> int:
        """How many requests may be sent now, before all that stand in line; there may be fewer than none."""
        if self._line.places or self.spared or self._ended.done():
            return 0
        return self.vacant

    @property
    def vacant(self) -> int:
        """How many more requests the BMC bears just now."""
        return self.console.depth - len(self._waiting)

    @property
    def spared(self) -> bool:
        """Whether a distance is kept from one request to the next."""
        return self._pacing.distance > 0

    def ask(self, netfn: int, cmd: int, data: bytes, lun: int, place: Place) -> None:
        """Send a request whose answer goes to a place."""
        place.started = now = self._loop.time()
        place.token = token = self.console.request(netfn, cmd, data, now, pace=self._pace, rs_lun=lun)
        self._waiting[token] = place

    def release(self, token: int, started: float) -> None:
        """Note that a place has got what it was waiting for."""
        if self._waiting.pop(token, None) is not None:
            self._took(self._loop.time() - started)

    def forget(self, token: int) -> None:
        """Have a place wait no more."""
        if self._waiting.pop(token, None) is not None:
            self.console.cancel(token, self._loop.time())

    def flush(self) -> None:
        """Send what was asked; a turn that is under way does it anyway."""
        if not self._turning:
            self._turn()

    async def _keep_distance(self) -> None:
        """Spare a BMC that was slow to answer (Q-BUSYFLOOD), as far as the deadline has room for that."""
        wait, left = self._pacing.wait(self._loop.time()), time_left()
        await waiting.sleep(wait if left is None else max(min(wait, left), 0.0))
        if self._ended.done():
            raise SessionClosed(_ENDINGS[self._ended.result()])

    def note_pace(self, asked: Asked[Any]) -> None:
        """Note how long an answer took."""
        self._took(self._loop.time() - asked.started)

    def _took(self, seconds: float) -> None:
        self._lost = 0
        if seconds > self._slow:
            self._pacing.trouble()
        elif self._pacing.distance:
            self._pacing.good()

    # ---- payloads, and what the BMC asks

    def open_payload(
        self,
        payload: int | tuple[int, int],
        receive: Callable[[bytes], None],
        *,
        authenticated: bool = True,
        encrypted: bool = True,
    ) -> None:
        """Let packets of another payload type in, such as SOL after its activation.

        Args:
            payload: payload type, or IANA number and payload ID of an OEM-explicit one.
            receive: called with what each carries.
            authenticated: drop unsigned ones if the session can sign.
            encrypted: drop those in clear if the session can encrypt.

        Raises:
            LocalProtocolError: the session is not open, or of v1.5, which has no payloads.
        """
        self._v20().accept_payload(payload, authenticated=authenticated, encrypted=encrypted)
        self._payloads[payload] = receive

    def send_payload(
        self,
        payload: int | tuple[int, int],
        data: bytes,
        *,
        authenticated: bool = True,
        encrypted: bool = True,
        port: int = 0,
    ) -> None:
        """Send a payload once; acknowledging and repeating are its own protocol's affair.

        Args:
            payload: payload type, or IANA number and payload ID of an OEM-explicit one.
            port: of the BMC, where it is not the session's; see `open_door`.
        """
        kind, oem = (PayloadType.OEM_EXPLICIT, payload) if isinstance(payload, tuple) else (payload, None)
        self._turn()
        self._v20().send_payload(
            kind, data, self._loop.time(), authenticated=authenticated, encrypted=encrypted, oem=oem
        )
        self._turn(port)

    def open_door(self, port: int) -> bool:
        """Hear what the BMC sends from another port, such as SOL's own (SOL parameter 8).

        Returns: whether that can be done.
        """
        return self._peer.open_door(port)

    @property
    def port(self) -> int:
        """The BMC's port."""
        return self._peer.address[1]

    def carries(self, payload: int | tuple[int, int]) -> bool:
        """Tell whether packets of a payload are let in."""
        return payload in self._payloads

    def close_payload(self, payload: int | tuple[int, int]) -> None:
        """Let no more packets of this type in."""
        self._payloads.pop(payload, None)
        self._v20().refuse_payload(payload)

    def on_request(self, notice: Notice) -> Callable[[], None]:
        """Be told what the BMC asks of its own accord, such as SOL Activating (§26.1).

        Returns: what to call to be told no more.
        """
        self._notices.append(notice)
        return lambda: self._notices.remove(notice)

    def _v20(self) -> ConsoleV20:
        if not isinstance(self.console, ConsoleV20):
            raise LocalProtocolError("payloads need an IPMI v2.0 session (interface lanplus)")
        return self.console

    # ---- the loop between machine and socket

    def _received(self, data: bytes) -> None:
        self.console.receive(data, self._loop.time())
        self._turn()

    def _expired(self) -> None:
        self._timer = None
        # Where this process itself is late, its timers are, too, and the answers are in the socket.
        self._peer.catch_up()
        self.console.expire(self._loop.time())
        self._turn()

    def _turn(self, port: int = 0) -> None:
        """Carry out what the machine wants after anything was given to it."""
        console = self.console
        outer, self._turning = self._turning, True
        try:
            while True:
                for datagram in console.outgoing():
                    self._peer.send(datagram, port)
                happened = console.events()
                if not happened:
                    break
                for event in happened:  # they may bring about more to send
                    if type(event) is Answered:
                        waits = self._waiting.get(event.token)
                        if waits is not None and not waits.done():
                            waits.set_result(event.data)
                    else:
                        self._happened(event)
        finally:
            self._turning = outer
        if outer:
            return
        timer = self._timer
        # A timer that comes too early finds nothing to do and is set again: cheaper than one for each packet.
        # What was sent just now is not due before `soonest`, so one that comes earlier will do.
        if timer is not None and self._timer_at <= self._loop.time() + self._soonest:
            return
        due = self.console.deadline()
        if due is None or self._ended.done():
            return
        if timer is not None:
            if self._timer_at <= due:
                return
            timer.cancel()
        self._timer = self._loop.call_at(due, self._expired)
        self._timer_at = due

    def _happened(self, event: Event) -> None:
        match event:
            case Unanswered():
                self._unanswered(event)
            case PayloadArrived():
                oem = event.payload_type == PayloadType.OEM_EXPLICIT
                receive = self._payloads.get((event.iana, event.payload_id) if oem else event.payload_type)
                if receive is not None:
                    receive(event.data)
            case RequestArrived():
                for notice in tuple(self._notices):
                    notice(event.message)
            case SessionOpened():
                self._opened.set_result(None)
            case LoginFailed():
                self._opened.set_exception(event.error)
            case SessionEnded():
                self._leave(event.reason)
            case _:
                return

    def _unanswered(self, event: Unanswered) -> None:
        future = self._waiting.get(event.token)
        if future is None or future.done():
            return
        if self.console.phase is not Phase.ACTIVE:
            return  # the end of the session, which follows, says why
        # One alone may be a command that the BMC has no answer to.
        self._lost += event.sent > 1
        if self._lost > 1:
            self._pacing.trouble()
        error = NoResponse(f"no answer after {event.sent} attempts")
        quirk = needed(self.console.symptoms)
        if quirk:
            error.hint = f"{NEED_CONSENT[quirk]}; if you trust this network, allow it: quirks={{{quirk!r}}}"
        future.set_exception(error)
