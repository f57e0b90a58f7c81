"""A controller at work on an IPMB: the machine of :mod:`baseboard.links.ipmb_node`, on a bus and a clock."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol

from baseboard.bmc.clock import Clock, Timer
from baseboard.bmc.services.bus import Bus
from baseboard.codes import Cc
from baseboard.links.ipmb import EXPIRES_S as EXPIRES_S
from baseboard.links.ipmb import SEQUENCES as SEQUENCES
from baseboard.links.ipmb import Step
from baseboard.links.ipmb import steps_of as steps_of
from baseboard.links.ipmb_node import Arrived, Asked, Event, Node
from baseboard.links.ipmb_requester import RETRIES as RETRIES
from baseboard.links.ipmb_requester import RETRY_S as RETRY_S
from baseboard.links.ipmb_requester import Answered as Response
from baseboard.links.ipmb_requester import Exchange
from baseboard.links.ipmb_responder import ANSWERS as ANSWERS
from baseboard.rmcp.lan_message import LanMessage

Answered = Callable[[LanMessage], None]
Failed = Callable[[int], None]
Reply = Callable[[bytes], None]
Take = Callable[[LanMessage, bytes], None]
"""Takes a message, and the frame that it came in."""


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


class Awaited:
    """Whose request it is.

    Attributes:
        answered: called with each response.
        failed: called with a completion code if none comes.
        owner: on whose behalf it was sent; None = the controller's own.
        number: under what the owner sent it.
    """

    __slots__ = ("answered", "failed", "number", "owner")

    def __init__(
        self, answered: Answered, failed: Failed, owner: object = None, number: object = None
    ) -> None:
        self.answered, self.failed, self.owner, self.number = answered, failed, owner, number


Expected = Exchange[Awaited]


class Station(ABC):
    """What every controller on a bus does; a kind of controller says how it handles a request.

    Args:
        address: its slave address, 8 bits.
        most: requests of its own that may be under way.
        others: LUNs of its own whose messages somebody else takes as they are, and who.
    """

    __slots__ = ("_node", "_others", "_timer", "address", "bus", "clock")

    def __init__(
        self,
        address: int,
        bus: Bus,
        clock: Clock,
        most: int = SEQUENCES,
        others: Mapping[int, Take] | None = None,
    ) -> None:
        self.address, self.bus, self.clock = address, bus, clock
        self._node: Node[Awaited] = Node(address, most, frozenset(others or ()))
        self._others = others or {}
        self._timer: tuple[float, Timer] | None = None
        bus.attach(address, self)

    def leave(self) -> None:
        """Be at the address no longer, and wait for nothing."""
        self.bus.detach(self.address)
        for one in self.under_way():
            self.forget(one)

    # ---- as responder

    def receive(self, frame: bytes) -> None:
        """Take a frame; what is not for this controller or has a wrong checksum is ignored."""
        self._node.receive(frame, self.clock.now())
        self._go_on()

    @abstractmethod
    def handle(self, message: LanMessage, reply: Reply) -> None:
        """Carry out a request; ``reply`` takes completion code and data, now or later."""

    # ---- as requester

    def ask(
        self,
        address: int,
        netfn: int,
        cmd: int,
        data: bytes,
        answered: Reply,
        failed: Failed,
        *,
        lun: int = 0,
        rq_lun: int = 0,
        retries: int = RETRIES,
    ) -> None:
        """Ask another controller, again if it is silent.

        Args:
            answered: gets the other's completion code and data.
            failed: gets a completion code instead: C0h, too much is under way; C3h, the other stayed silent;
                81h-83h, the request could not be written.
        """
        message = LanMessage(address, netfn, lun, self.address, 0, rq_lun, cmd, data)
        awaited = Awaited(lambda response: answered(response.data), failed)
        if self._node.requester.ask(message, awaited, self.clock.now(), retries) is None:
            failed(Cc.NODE_BUSY)
        self._go_on()

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
        awaited = Awaited(answered, _unheard, owner, number)
        made = self._node.requester.expect(address, lun, steps, awaited, self.clock.now())
        self._go_on()
        return made

    def under_way(self) -> list[Expected]:
        """The requests whose responses are waited for."""
        return self._node.requester.under_way()

    def forget(self, expected: Expected) -> None:
        """Wait no longer."""
        self._node.requester.forget(expected)
        self._arm()

    def forget_owner(self, owner: object) -> None:
        """Wait no longer for what was asked on somebody's behalf."""
        for one in self.under_way():
            if one.token.owner is owner:
                self.forget(one)

    # ---- the machine

    def _go_on(self) -> None:
        """Write what is to be written and tell what happened, until there is nothing more."""
        node = self._node
        while True:
            outgoing, events = node.outgoing(), node.events()
            for one in outgoing:
                node.written(one, self.bus.write(one.frame), self.clock.now())
            for event in events:
                self._tell(event)
            if not outgoing and not events:
                break
        self._arm()

    def _tell(self, event: Event[Awaited]) -> None:
        if isinstance(event, Asked):
            self.handle(event.ticket.message, partial(self._reply, event))
        elif isinstance(event, Arrived):
            message = event.message
            lun = message.rq_lun if message.is_response else message.rs_lun
            self._others[lun](message, event.frame)
        elif isinstance(event, Response):
            event.exchange.token.answered(event.message)
        else:
            event.exchange.token.failed(event.code)

    def _reply(self, asked: Asked, data: bytes) -> None:
        self._node.reply(asked.ticket, data)
        self._go_on()

    def _arm(self) -> None:
        """Wake up when the machine has something to do; a timer that comes too early does no harm."""
        due = self._node.deadline()
        if self._timer is not None:
            if due is not None and self._timer[0] <= due:
                return
            self._timer[1].cancel()
            self._timer = None
        if due is not None:
            self._timer = (due, self.clock.call_at(due, self._expire))

    def _expire(self) -> None:
        self._timer = None
        self._node.expire(self.clock.now())
        self._go_on()


def _unheard(code: int) -> None:
    """Nobody hears that a request which was sent on had no response (§6.13)."""
