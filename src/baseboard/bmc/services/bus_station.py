"""A controller on an IPMB: it answers each request once, and knows what a response is for (IPMB v1.0)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import partial
from typing import Final, Protocol

from baseboard.bmc.clock import Clock, Timer
from baseboard.bmc.services.bus import BROADCAST, Ipmb, Written
from baseboard.codes import Cc, NetFn
from baseboard.commands.app.device import GetDeviceId
from baseboard.commands.app.messaging import SendMessage
from baseboard.errors import DecodeError
from baseboard.rmcp import lan_message
from baseboard.rmcp.lan_message import LanMessage

EXPIRES_S: Final = 5.0
"""After that long a sequence number means another message, seconds (§6.13)."""

RETRY_S: Final = 0.25
RETRIES: Final = 3

SEQUENCES: Final = 64
ANSWERS: Final = 32
"""Responses that are kept for requesters that missed them."""

Answered = Callable[[LanMessage], None]
Reply = Callable[[bytes], None]
Step = tuple[int, int]
"""Network function of a response, and its command."""

_TRACKED: Final = 1
_SEND_MESSAGE: Final = (NetFn.APP, SendMessage.command.cmd)
_GET_DEVICE_ID: Final = (NetFn.APP, GetDeviceId.command.cmd)


class Asker(Protocol):
    """Whoever has a request sent on, and gets its responses."""

    @property
    def owner(self) -> object:
        """The session that ends with it; None = it has none."""
        ...

    @property
    def number(self) -> object:
        """Under what the asker sent it, so that a repetition is known."""
        ...

    def answer(self, message: LanMessage) -> None:
        """Take a response, as it came."""
        ...


class Expected:
    """A request that was sent, and its responses to come.

    Attributes:
        sequence: number of the request.
        address: who was asked.
        lun: its logical unit.
        steps: responses to come, in their order: a Send Message is answered before what it carries.
        answered: called with each response.
        until: when it is given up.
        owner: on whose behalf it was sent; None = the controller's own.
        number: under what the owner sent it.
    """

    __slots__ = ("address", "answered", "lun", "number", "owner", "sequence", "steps", "until")

    def __init__(
        self,
        sequence: int,
        address: int,
        lun: int,
        steps: list[Step],
        answered: Answered,
        until: float,
        owner: object,
        number: object,
    ) -> None:
        self.sequence, self.address, self.lun, self.steps = sequence, address, lun, steps
        self.answered, self.until, self.owner, self.number = answered, until, owner, number


class Station(ABC):
    """What every controller on a bus does; a kind of controller says how it handles a request.

    Args:
        address: its slave address, 8 bits.
        most: requests of its own that may be under way.
    """

    __slots__ = ("_answers", "_expected", "_most", "_sequence", "address", "bus", "clock")

    def __init__(self, address: int, bus: Ipmb, clock: Clock, most: int = SEQUENCES) -> None:
        self.address, self.bus, self.clock = address, bus, clock
        self._most = most
        self._sequence = 0
        self._expected: dict[int, Expected] = {}
        # request -> until when, and its response once there is one
        self._answers: dict[tuple[int | bytes, ...], tuple[float, bytes | None]] = {}
        bus.attach(address, self)

    # ---- as responder

    def receive(self, frame: bytes) -> None:
        """Take a frame; what is not for this controller or has a wrong checksum is ignored."""
        broadcast = frame[:1] == bytes((BROADCAST,))
        try:
            message = lan_message.unwrap(frame[1:] if broadcast else frame)
        except DecodeError:
            return
        if message.is_response:
            if message.rq_addr == self.address and not broadcast:
                self.response(message, frame)
        elif message.rs_addr != self.address:
            return
        elif not broadcast:
            self.request(message, frame)
        elif (message.netfn, message.cmd) == _GET_DEVICE_ID and not message.rs_lun:
            # §20.9: nothing else is ever broadcast.
            self._once(message)

    def request(self, message: LanMessage, frame: bytes) -> None:
        """Take a request."""
        self._once(message)

    def response(self, message: LanMessage, frame: bytes) -> None:
        """Take a response."""
        self._answer(message)

    @abstractmethod
    def handle(self, message: LanMessage, reply: Reply) -> None:
        """Carry out a request; ``reply`` takes completion code and data, now or later."""

    def _once(self, message: LanMessage) -> None:
        """A request that comes again has missed its response, and gets that one (IPMB v1.0)."""
        now = self.clock.now()
        same = (message.rq_addr, message.rq_seq, message.rq_lun, message.netfn, message.rs_lun, message.cmd,
                message.data)  # fmt: skip
        until, answer = self._answers.get(same, (0.0, None))
        if now < until:
            if answer is not None:
                self.bus.write(answer)
            return
        self._answers = {key: kept for key, kept in self._answers.items() if now < kept[0]}
        if len(self._answers) >= ANSWERS:
            del self._answers[next(iter(self._answers))]
        self._answers[same] = (now + EXPIRES_S, None)

        def reply(data: bytes) -> None:
            response = lan_message.wrap_response(message, data)
            if same in self._answers:
                self._answers[same] = (self._answers[same][0], response)
            self.bus.write(response)

        self.handle(message, reply)

    # ---- as requester

    def ask(
        self,
        address: int,
        netfn: int,
        cmd: int,
        data: bytes,
        answered: Reply,
        failed: Callable[[int], None],
        *,
        lun: int = 0,
        retries: int = RETRIES,
    ) -> None:
        """Ask another controller, again if it is silent.

        Args:
            answered: gets the other's completion code and data.
            failed: gets a completion code instead: C0h, too much is under way; C3h, the other stayed silent;
                81h-83h, the request could not be written.
        """
        expected = self.expect(address, lun, [(netfn | 1, cmd)], lambda message: done(message.data))
        if expected is None:
            failed(Cc.NODE_BUSY)
            return
        frame = lan_message.wrap_request(
            netfn, cmd, data, expected.sequence, rs_addr=address, rs_lun=lun, rq_addr=self.address
        )
        timer: list[Timer] = []

        def done(answer: bytes) -> None:
            for one in timer:
                one.cancel()
            answered(answer)

        def give_up(code: int) -> None:
            self.forget(expected)
            failed(code)

        def attempt(left: int) -> None:
            written = self.bus.write(frame)
            if left:
                timer[:] = [self.clock.call_at(self.clock.now() + RETRY_S, partial(attempt, left - 1))]
            elif written == Written.DONE:
                timer[:] = [self.clock.call_at(self.clock.now() + RETRY_S, partial(give_up, Cc.TIMEOUT))]
            else:
                give_up(written)

        attempt(retries)

    def expect(
        self,
        address: int,
        lun: int,
        steps: list[Step],
        answered: Answered,
        owner: object = None,
        number: object = None,
    ) -> Expected | None:
        """Note that responses will come; None = too many are under way."""
        now = self.clock.now()
        for sequence, one in tuple(self._expected.items()):
            if now >= one.until:
                del self._expected[sequence]
        if len(self._expected) >= self._most:
            return None
        while self._sequence in self._expected:
            self._sequence = (self._sequence + 1) % SEQUENCES
        sequence, self._sequence = self._sequence, (self._sequence + 1) % SEQUENCES
        expected = Expected(sequence, address, lun, steps, answered, now + EXPIRES_S, owner, number)
        self._expected[sequence] = expected
        return expected

    def forget(self, expected: Expected) -> None:
        """Wait no longer."""
        if self._expected.get(expected.sequence) is expected:
            del self._expected[expected.sequence]

    def forget_owner(self, owner: object) -> None:
        """Wait no longer for what was asked on somebody's behalf."""
        for one in tuple(self._expected.values()):
            if one.owner is owner:
                self.forget(one)

    def _answer(self, message: LanMessage) -> None:
        """Match by responder, number and command (§6.13); what nobody waits for is dropped."""
        expected = self._expected.get(message.rq_seq)
        if expected is None or self.clock.now() >= expected.until or message.rs_addr != expected.address:
            return
        if (message.netfn, message.cmd) != expected.steps[0] or message.rs_lun != expected.lun:
            return
        del expected.steps[0]
        expected.lun = 0  # a bridge answers for what lies behind it as itself
        if not expected.steps or message.data != _DONE:
            # A refusal ends it; so does data, which is the whole rest inside the answer to Send Message.
            self.forget(expected)
        expected.answered(message)


_DONE: Final = bytes((Cc.OK,))


def steps_of(netfn: int, cmd: int, data: bytes) -> list[Step]:
    """The responses that a request will have: a tracked Send Message its own and those of what it carries."""
    steps = [(netfn | 1, cmd)]
    while (netfn, cmd) == _SEND_MESSAGE and data and data[0] >> 6 == _TRACKED:
        try:
            inner = lan_message.unwrap(data[1:], tolerate_checksums=True)
        except DecodeError:
            break
        netfn, cmd, data = inner.netfn, inner.cmd, inner.data
        steps.append((netfn | 1, cmd))
    return steps
