"""An IPMB over a Unix or TCP socket: one process is the bus and listens, others connect to it.

The bus knows who is at which address and tells all guests, so that a write to nobody is a NAK at once on
either side. It also puts the writes of all into one order, which is what arbitration does. There is no
password: who can connect can be a controller at any address that is free.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Final, Protocol

from baseboard.errors import RemoteProtocolError, TransportError
from baseboard.links.ipmb import Written, is_address, is_broadcast
from baseboard.links.ipmb_wire import (
    MOST,
    HandOver,
    Hello,
    Leave,
    Message,
    Refuse,
    Roster,
    Sit,
    Stream,
    Write,
    encoded,
)
from baseboard.transports.line_socket import Guest, LineDoor
from baseboard.transports.socket_wire import SocketWire, Where, place_of

GREETING_S: Final = 5.0
"""Seconds that a guest has to say what it speaks."""

AGAIN_S: Final = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds until a guest tries to connect again, from one attempt to the next."""

_LOG: Final = logging.getLogger("baseboard.ipmb")
_OVERHEAD: Final = 2


class Slave(Protocol):
    """Whoever sits at an address."""

    def receive(self, frame: bytes) -> None:
        """Take what a master wrote."""
        ...


class LocalBus(Protocol):
    """The bus of the process that listens."""

    @property
    def state(self) -> Written:
        """What a write comes to now, if somebody is at its address."""
        ...

    def addresses(self) -> bytes:
        """The addresses that somebody is at."""
        ...

    def watch(self, changed: Callable[[], None]) -> None:
        """Say who hears that these have changed."""
        ...

    def attach(self, address: int, slave: Slave) -> None:
        """Put somebody at an address; ValueError = it cannot be."""
        ...

    def detach(self, address: int) -> None:
        """Take away whoever is at an address."""
        ...

    def write(self, frame: bytes) -> Written:
        """Write a frame as master."""
        ...


class _Seat:
    """A controller of a guest's, as the bus sees it."""

    def __init__(self, guest: _Guest, address: int) -> None:
        self._guest, self._address = guest, address

    def receive(self, frame: bytes) -> None:
        """Hand it over."""
        self._guest.send(HandOver(self._address, frame))


class _Guest:
    """A process at the other end, and its controllers."""

    def __init__(self, door: BusDoor, line: Guest) -> None:
        self._door, self._line, self._stream = door, line, Stream()
        self._seats: set[int] = set()
        self._patience = asyncio.get_running_loop().call_later(GREETING_S, line.close)
        line.heard, line.left = self._received, self._left
        door.seated.add(self)
        self.send(Hello())
        self.tell()

    def tell(self) -> None:
        """Say who is there."""
        self.send(Roster(self._door.bus.state, self._door.bus.addresses()))

    def send(self, message: Message) -> None:
        """Send all of it; a guest that does not take what it gets is shown out."""
        data = encoded(message)
        if self._line.write(data) < len(data):
            self._line.close()

    def _left(self) -> None:
        """It has gone, and its controllers with it."""
        self._patience.cancel()
        self._door.seated.discard(self)
        seats, self._seats = self._seats, set()
        for address in seats:
            self._door.bus.detach(address)

    def _received(self, data: bytes) -> None:
        """Do what it says."""
        try:
            messages = self._stream.receive(data)
        except RemoteProtocolError as error:
            _LOG.warning("%s: %s", self._door.place, error)
            self._line.close()
            return
        for message in messages:
            self._do(message)

    def _do(self, message: Message) -> None:
        match message:
            case Hello():
                self._patience.cancel()
            case Sit(address):
                try:
                    self._door.bus.attach(address, _Seat(self, address))
                except ValueError:
                    self.send(Refuse(address))
                else:
                    self._seats.add(address)
            case Leave(address) if address in self._seats:
                self._seats.discard(address)
                self._door.bus.detach(address)
            case Write(frame):
                self._door.bus.write(frame)
            case _:  # what only the bus says
                self._line.close()


class BusDoor(LineDoor):
    """Where other processes come onto a bus of this one.

    Attributes:
        bus: the bus.
        seated: who is connected.
    """

    def __init__(self, bus: LocalBus, where: Where) -> None:
        """Listen.

        Raises:
            TransportError: somebody else listens there, or it cannot be had.
        """
        super().__init__(where, self._guest)
        self.bus = bus
        self.seated: set[_Guest] = set()
        bus.watch(self._changed)

    def _guest(self, line: Guest) -> None:
        _Guest(self, line)

    def _changed(self) -> None:
        for guest in tuple(self.seated):
            guest.tell()


class BusSocket:
    """A bus that another process is; controllers of this one sit on it.

    Attributes:
        place: where it is, for people.
        refused: addresses of ours that somebody else is at.
    """

    def __init__(self, where: Where) -> None:
        self._where = where
        self.place = place_of(where)
        self.refused: set[int] = set()
        self._slaves: dict[int, Slave] = {}
        self._roster: Roster | None = None
        self._wire: SocketWire | None = None
        self._stream = Stream()
        self._loop = asyncio.get_running_loop()
        self._attempts = 0
        self._timer: asyncio.TimerHandle | None = None
        self._open = True
        self._connect()

    @property
    def connected(self) -> bool:
        """Whether the bus is there."""
        return self._roster is not None

    # ---- what a bus does

    def attach(self, address: int, slave: Slave) -> None:
        """Put a controller of ours at an address; whether that is free on the bus shows later.

        Raises:
            ValueError: another of ours is there, or nobody can be.
        """
        if not is_address(address) or address in self._slaves:
            raise ValueError(f"{address:02X}h cannot be somebody's slave address here")
        self._slaves[address] = slave
        self._send(Sit(address))

    def detach(self, address: int) -> None:
        """Take away a controller of ours."""
        if self._slaves.pop(address, None) is not None:
            self.refused.discard(address)
            self._send(Leave(address))

    def write(self, frame: bytes) -> Written:
        """Write a frame as master."""
        roster = self._roster
        if roster is None or len(frame) > MOST - _OVERHEAD:
            return Written.BUS_ERROR
        if roster.state != Written.DONE:
            return roster.state
        there = bool(roster.addresses) if is_broadcast(frame) else frame[0] & 0xFE in roster.addresses
        if not there:
            return Written.NAK
        return Written.DONE if self._send(Write(frame)) else Written.BUS_ERROR

    def close(self) -> None:
        """Leave the bus."""
        self._open = False
        if self._timer is not None:
            self._timer.cancel()
        self._hang_up()

    # ---- the listener of the wire

    def opened(self) -> None:
        """Greet, and take our seats."""
        self._stream = Stream()
        self._send(Hello())
        for address in self._slaves:
            self._send(Sit(address))

    def received(self, data: bytes) -> None:
        """Do what the bus says."""
        try:
            for message in self._stream.receive(data):
                self._do(message)
        except RemoteProtocolError as error:
            self.lost(TransportError(f"{self.place}: {error}"))

    def broken(self) -> None:
        """A socket has no break."""

    def changed(self) -> None:
        """A socket has no modem lines."""

    def lost(self, error: TransportError) -> None:
        """The bus has gone, or is not there yet: come back later."""
        if self._roster is not None:
            _LOG.warning("the IPMB is lost: %s", error)
        self._hang_up()
        if self._open:
            pause = AGAIN_S[min(self._attempts, len(AGAIN_S) - 1)]
            self._attempts += 1
            self._timer = self._loop.call_later(pause, self._connect)

    # ---- inside

    def _connect(self) -> None:
        self._timer = None
        try:
            self._wire = SocketWire(self._where, self)
        except TransportError as error:
            self.lost(error)

    def _hang_up(self) -> None:
        wire, self._wire, self._roster = self._wire, None, None
        if wire is not None:
            wire.close()

    def _send(self, message: Message) -> bool:
        """Send all of it; a bus that does not take it is no bus."""
        wire, data = self._wire, encoded(message)
        if wire is None or not wire.carrier:
            return False
        if wire.write(data) < len(data):
            self.lost(TransportError(f"{self.place}: it does not take what it gets"))
            return False
        return True

    def _do(self, message: Message) -> None:
        match message:
            case Hello():
                pass
            case Roster():
                self._roster, self._attempts = message, 0
                for address in tuple(self.refused):
                    if address not in message.addresses:
                        self.refused.discard(address)
                        self._send(Sit(address))
            case HandOver(address, frame):
                with contextlib.suppress(KeyError):  # it has left meanwhile
                    self._slaves[address].receive(frame)
            case Refuse(address) if address in self._slaves:
                self.refused.add(address)
                _LOG.warning("%s: somebody else is at %02Xh, which is to be ours", self.place, address)
            case _:
                raise RemoteProtocolError(f"IPMB over a stream: {type(message).__name__} from the bus")
