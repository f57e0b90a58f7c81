"""The controller's side of the Block Transfer interface (§11): requests in, responses out, several under way.

Messages are those of the buffers, length byte first::

    request   Len  NetFn/LUN  Seq  Cmd  data
    response  Len  NetFn/LUN  Seq  Cmd  completion code  data

The two buffers have nothing to do with each other, so there are two machines over one set of registers: one
takes what the host writes, one gives what it reads. A request is known by its Seq, NetFn and Cmd; its
response is never given later than the interface promises (§11.4), and may overtake others.
"""

from __future__ import annotations

import enum
from collections import deque
from collections.abc import Callable
from typing import ClassVar, Final, NamedTuple

from baseboard.links.bt_registers import (
    B2H_ATN,
    B_BUSY,
    BMC_HWRST,
    BUFFER,
    CLR_RD_PTR,
    CLR_WR_PTR,
    CONTROL,
    H2B_ATN,
    H_BUSY,
    INTMASK,
    SIZE,
    SMS_ATN,
    BtRegisters,
)
from baseboard.links.registers import Request

SHORTEST_REQUEST, SHORTEST_RESPONSE = 3, 4
"""What Len says at least."""

RESPONSE_S: Final = 5.0
"""Seconds until a request counts as lost, unless the controller says otherwise."""

_RESPONSE: Final = 0x04
"""What a response's NetFn/LUN has and its request's has not."""

_LENGTH_INVALID, _LENGTH_LIMIT, _CANNOT_RETURN = 0xC7, 0xC8, 0xCA


class Taking(enum.Enum):
    """What becomes of the HOST2BMC buffer."""

    STARTING = "B_BUSY: the controller does not run yet"
    READY = "a request may be written"
    FULL = "H2B_ATN: a request lies there until another is done with"


class Giving(enum.Enum):
    """What becomes of the BMC2HOST buffer."""

    FREE = "empty"
    OFFERED = "B2H_ATN: a response lies there"
    CLAIMED = "B2H_ATN and H_BUSY: the host has begun to fetch it"
    READING = "H_BUSY: the host reads it, or reads nothing"


class Seen(enum.Enum):
    """What happens to either."""

    STARTED = "the controller runs"
    REQUEST = "the host set H2B_ATN, and there is room for a request"
    ONE_MORE = "the host set H2B_ATN, and there is no room"
    ROOM = "a request was done with"
    RESPONSE = "a response is there to be given"
    TOGGLED = "the host toggled H_BUSY"
    CLEARED = "the host cleared B2H_ATN"
    RESET = "the system or the controller was reset"


class TakingStep(NamedTuple):
    """What is done, and where that leads."""

    action: Callable[[Bt], None]
    state: Taking


class GivingStep(NamedTuple):
    """What is done, and where that leads."""

    action: Callable[[Bt], None]
    state: Giving


class _Waiting(NamedTuple):
    """How the response begins that is owed, and until when."""

    netfn: int
    seq: int
    cmd: int
    until: float


class Bt:
    """A BT interface with a controller behind it; a :class:`~baseboard.links.registers.RegisterModel`.

    Args:
        request: takes each request, from Len on.
        input_size: the longest request, without Len.
        output_size: the longest response, without Len.
        outstanding: requests that may be under way, or whose responses the host has not fetched; the next
            one is held back.
        response_s: seconds after which a response is not given any more.
        start_s: seconds that the controller is busy after a reset.
        now: monotonic seconds.
        hardware_reset: called when the host pulls BMC_HWRST.

    Attributes:
        registers: the bits themselves.
        taking: what becomes of the HOST2BMC buffer.
        giving: what becomes of the BMC2HOST buffer.
        dropped: requests that were none, and responses that nobody waited for any more.
    """

    size = SIZE

    def __init__(
        self,
        request: Request,
        *,
        input_size: int = 255,
        output_size: int = 255,
        outstanding: int = 1,
        response_s: float = RESPONSE_S,
        start_s: float = 0.0,
        now: Callable[[], float] = lambda: 0.0,
        hardware_reset: Callable[[], None] = lambda: None,
    ) -> None:
        self._request, self._now, self._hardware_reset = request, now, hardware_reset
        self._input_size, self._output_size = input_size, output_size
        self._outstanding, self._response_s, self._start_s = outstanding, response_s, start_s
        self.registers = BtRegisters(input_size + 1, output_size + 1)
        self.taking, self.giving = Taking.STARTING, Giving.FREE
        self.dropped = 0
        self._flags = 0
        self._waiting: list[_Waiting] = []
        self._responses: deque[tuple[float, bytes]] = deque()
        self._ready_at = now() + start_s

    # ---- the host's bus

    @property
    def interrupt(self) -> bool:
        """Whether the interrupt line is asserted."""
        return self.registers.interrupt

    def read(self, register: int) -> int:
        """The host reads a register."""
        if register == CONTROL:
            self._pass_time()
        return self.registers.host_reads(register)

    def write(self, register: int, value: int) -> None:
        """The host writes a register."""
        self._pass_time()
        if register == CONTROL:
            self.registers.host_writes_control(value)
            if value & H_BUSY:
                self._give(Seen.TOGGLED)
            if value & B2H_ATN:
                self._give(Seen.CLEARED)
            if value & H2B_ATN:
                self._take(Seen.REQUEST if self._has_room() else Seen.ONE_MORE)
        elif register == BUFFER:
            self.registers.host_fills(value)
        elif register == INTMASK:
            self.registers.host_writes_intmask(value)
            if value & BMC_HWRST:
                self.reset()
                self._hardware_reset()

    # ---- the controller

    def answer(self, message: bytes) -> None:
        """The response to a request, from Len on; dropped when none like it waits for one any more."""
        self._pass_time()
        waiting = None
        if len(message) > SHORTEST_RESPONSE and len(message) == message[0] + 1:
            key = message[1], message[2], message[3]
            waiting = next((one for one in self._waiting if one[:3] == key), None)
        if waiting is None:
            self.dropped += 1
            return
        self._waiting.remove(waiting)
        if message[0] > self._output_size:
            message = bytes((SHORTEST_RESPONSE, *message[1:4], _CANNOT_RETURN))
        self._responses.append((waiting.until, message))
        self._give(Seen.RESPONSE)
        self._make_room()

    def attention(self, flags: int, *, interrupts: bool = False) -> None:
        """Set SMS_ATN while flags stand; only the host clears it (§11.6.1).

        Args:
            flags: message flags.
            interrupts: does not count here, for BT_INTMASK enables them.
        """
        self._flags = flags
        if flags and self.taking is not Taking.STARTING:
            self.registers.bmc_writes_control(SMS_ATN)

    def reset(self) -> None:
        """Drop everything; B_BUSY is set until the controller runs."""
        self.registers.reset()
        self._waiting.clear()
        self._responses.clear()
        self._ready_at = self._now() + self._start_s
        self._take(Seen.RESET)
        self._give(Seen.RESET)

    # ---- the machines

    def _take(self, seen: Seen) -> None:
        step = self.TAKING[self.taking, seen]
        self.taking = step.state
        step.action(self)

    def _give(self, seen: Seen) -> None:
        step = self.GIVING[self.giving, seen]
        self.giving = step.state
        step.action(self)

    def _pass_time(self) -> None:
        """Notice what time alone has done: the controller has started, a request counts as lost."""
        if not self._waiting and self.taking is Taking.READY:
            return
        now = self._now()
        if self.taking is Taking.STARTING and now >= self._ready_at:
            self._take(Seen.STARTED)
        if any(now > one.until for one in self._waiting):
            self._waiting = [one for one in self._waiting if now <= one.until]
            self._make_room()

    def _has_room(self) -> bool:
        """Whether a request may be taken: a host that fetches no responses gets no more of them."""
        return len(self._waiting) + len(self._responses) < self._outstanding

    def _make_room(self) -> None:
        if self._has_room():
            self._take(Seen.ROOM)

    def _nothing(self) -> None:
        """There is nothing to do."""

    def _start(self) -> None:
        """Run: what the host wrote too early is taken, what it should know of is told."""
        self.registers.bmc_writes_control(B_BUSY)
        self.attention(self._flags)
        if self.registers.control & H2B_ATN:
            self._take(Seen.REQUEST)

    def _fetch(self) -> None:
        """Take the request out of the buffer, as Figure 11-2 has it; then the host may write the next."""
        self.registers.bmc_writes_control(B_BUSY)
        self.registers.bmc_writes_control(H2B_ATN | CLR_RD_PTR)
        message, overrun = self.registers.bmc_takes(), self.registers.overrun
        self.registers.bmc_writes_control(B_BUSY)
        self._judge(message, overrun=overrun)

    def _judge(self, message: bytes, *, overrun: bool) -> None:
        """Pass a request on; one that is cut is refused if it can be, else dropped."""
        if len(message) <= SHORTEST_REQUEST or message[0] < SHORTEST_REQUEST:
            self.dropped += 1
            return
        length, netfn, seq, cmd = message[:4]
        self._waiting.append(_Waiting(netfn | _RESPONSE, seq, cmd, self._now() + self._response_s))
        if overrun or length > self._input_size:
            self._refuse(netfn, seq, cmd, _LENGTH_LIMIT)
        elif len(message) <= length:
            self._refuse(netfn, seq, cmd, _LENGTH_INVALID)
        else:
            self._request(message[: length + 1])

    def _refuse(self, netfn: int, seq: int, cmd: int, code: int) -> None:
        self.answer(bytes((SHORTEST_RESPONSE, netfn | _RESPONSE, seq, cmd, code)))

    def _offer(self) -> None:
        """Put the oldest response into the buffer."""
        _, message = self._responses.popleft()
        self.registers.bmc_writes_control(CLR_WR_PTR)
        self.registers.bmc_fills(message)
        self.registers.bmc_writes_control(B2H_ATN)
        self._make_room()

    def _next(self) -> None:
        """Go on with the next response that is not too late by now."""
        now = self._now()
        while self._responses and now > self._responses[0][0]:
            self._responses.popleft()
            self.dropped += 1
        if self._responses:
            self._give(Seen.RESPONSE)

    TAKING: ClassVar[dict[tuple[Taking, Seen], TakingStep]] = {
        (Taking.STARTING, Seen.STARTED): TakingStep(_start, Taking.READY),
        # The host should have waited for B_BUSY; H2B_ATN stays set until the controller runs.
        (Taking.STARTING, Seen.REQUEST): TakingStep(_nothing, Taking.STARTING),
        (Taking.READY, Seen.REQUEST): TakingStep(_fetch, Taking.READY),
        (Taking.READY, Seen.ONE_MORE): TakingStep(_nothing, Taking.FULL),
        (Taking.READY, Seen.ROOM): TakingStep(_nothing, Taking.READY),
        (Taking.FULL, Seen.ONE_MORE): TakingStep(_nothing, Taking.FULL),
        (Taking.FULL, Seen.ROOM): TakingStep(_fetch, Taking.READY),
        (Taking.STARTING, Seen.RESET): TakingStep(_nothing, Taking.STARTING),
        (Taking.READY, Seen.RESET): TakingStep(_nothing, Taking.STARTING),
        (Taking.FULL, Seen.RESET): TakingStep(_nothing, Taking.STARTING),
    }
    """What the controller does about the HOST2BMC buffer; other pairs cannot be."""

    GIVING: ClassVar[dict[tuple[Giving, Seen], GivingStep]] = {
        (Giving.FREE, Seen.RESPONSE): GivingStep(_offer, Giving.OFFERED),
        (Giving.FREE, Seen.TOGGLED): GivingStep(_nothing, Giving.READING),
        (Giving.FREE, Seen.CLEARED): GivingStep(_nothing, Giving.FREE),
        (Giving.OFFERED, Seen.RESPONSE): GivingStep(_nothing, Giving.OFFERED),
        (Giving.OFFERED, Seen.TOGGLED): GivingStep(_nothing, Giving.CLAIMED),
        # A host that clears B2H_ATN without H_BUSY does not want the response.
        (Giving.OFFERED, Seen.CLEARED): GivingStep(_next, Giving.FREE),
        (Giving.CLAIMED, Seen.RESPONSE): GivingStep(_nothing, Giving.CLAIMED),
        (Giving.CLAIMED, Seen.TOGGLED): GivingStep(_nothing, Giving.OFFERED),
        (Giving.CLAIMED, Seen.CLEARED): GivingStep(_nothing, Giving.READING),
        (Giving.READING, Seen.RESPONSE): GivingStep(_nothing, Giving.READING),
        (Giving.READING, Seen.TOGGLED): GivingStep(_next, Giving.FREE),
        (Giving.READING, Seen.CLEARED): GivingStep(_nothing, Giving.READING),
        (Giving.FREE, Seen.RESET): GivingStep(_nothing, Giving.FREE),
        (Giving.OFFERED, Seen.RESET): GivingStep(_nothing, Giving.FREE),
        (Giving.CLAIMED, Seen.RESET): GivingStep(_nothing, Giving.FREE),
        (Giving.READING, Seen.RESET): GivingStep(_nothing, Giving.FREE),
    }
    """What the controller does about the BMC2HOST buffer; other pairs cannot be."""
