"""An IPMB carried over a stream between processes: its messages, both ways round, without I/O.

One side is the bus: it knows who is at which address, and who may write when. The others are guests, each
with controllers of its own::

    length (2 bytes, most significant first)  kind (1 byte)  body

Both begin with a greeting. A guest takes seats, leaves them and writes frames; the bus tells it who is there
and whether the bus can be written to, refuses seats that are taken, and hands frames over, each with the
address of the controller that gets it.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final, NamedTuple, TypeAlias

from baseboard.errors import RemoteProtocolError
from baseboard.links.ipmb import Written

MOST: Final = 512
"""Bytes of a message at most, behind its length."""

GREETING: Final = b"IPMB\x01"
"""Name and version."""

_HEAD: Final = 2


class Kind(IntEnum):
    """Messages by number."""

    HELLO = 0
    SIT = 1
    LEAVE = 2
    WRITE = 3
    ROSTER = 4
    HAND_OVER = 5
    REFUSE = 6


class Hello(NamedTuple):
    """Both: this is what is spoken."""


class Sit(NamedTuple):
    """A guest has a controller at this address."""

    address: int


class Leave(NamedTuple):
    """It has none there any more."""

    address: int


class Write(NamedTuple):
    """One of its controllers writes a frame."""

    frame: bytes


class Roster(NamedTuple):
    """The bus: what a write comes to now, and the addresses that somebody is at."""

    state: Written
    addresses: bytes


class HandOver(NamedTuple):
    """The bus: a frame for the controller at this address."""

    address: int
    frame: bytes


class Refuse(NamedTuple):
    """The bus: the address is somebody else's, or nobody can have it."""

    address: int


Message: TypeAlias = Hello | Sit | Leave | Write | Roster | HandOver | Refuse


def encoded(message: Message) -> bytes:
    """A message as it goes over the stream."""
    match message:
        case Hello():
            kind, body = Kind.HELLO, GREETING
        case Sit(address):
            kind, body = Kind.SIT, bytes((address,))
        case Leave(address):
            kind, body = Kind.LEAVE, bytes((address,))
        case Write(frame):
            kind, body = Kind.WRITE, frame
        case Roster(state, addresses):
            kind, body = Kind.ROSTER, bytes((state,)) + addresses
        case HandOver(address, frame):
            kind, body = Kind.HAND_OVER, bytes((address,)) + frame
        case _:
            kind, body = Kind.REFUSE, bytes((message.address,))
    return (1 + len(body)).to_bytes(_HEAD, "big") + bytes((kind,)) + body


class Stream:
    """What comes over one connection.

    Attributes:
        greeted: the other side has said what it speaks.
    """

    __slots__ = ("_buffer", "greeted")

    def __init__(self) -> None:
        self._buffer = b""
        self.greeted = False

    def receive(self, data: bytes) -> list[Message]:
        """Take bytes, and give the messages that are whole now.

        Raises:
            RemoteProtocolError: the other side speaks something else; nothing more of it can be understood.
        """
        self._buffer += data
        messages: list[Message] = []
        while len(self._buffer) >= _HEAD:
            size = int.from_bytes(self._buffer[:_HEAD], "big")
            if not 1 <= size <= MOST:
                raise RemoteProtocolError(f"IPMB over a stream: a message of {size} bytes")
            if len(self._buffer) < _HEAD + size:
                break
            message = _decoded(self._buffer[_HEAD], self._buffer[_HEAD + 1 : _HEAD + size])
            self._buffer = self._buffer[_HEAD + size :]
            if not self.greeted and not isinstance(message, Hello):
                raise RemoteProtocolError("IPMB over a stream: no greeting")
            self.greeted = True
            messages.append(message)
        return messages


def _decoded(kind: int, body: bytes) -> Message:
    if kind == Kind.HELLO and body == GREETING:
        return Hello()
    if kind == Kind.WRITE and body:
        return Write(body)
    if kind == Kind.ROSTER and body[:1] and body[0] in _STATES:
        return Roster(Written(body[0]), body[1:])
    if kind == Kind.HAND_OVER and len(body) > 1:
        return HandOver(body[0], body[1:])
    if kind in _ABOUT_SEATS and len(body) == 1:
        return _ABOUT_SEATS[kind](body[0])
    raise RemoteProtocolError(f"IPMB over a stream: kind {kind} with {len(body)} bytes")


_STATES: Final = frozenset(map(int, Written))
_ABOUT_SEATS: Final[dict[int, type[Sit] | type[Leave] | type[Refuse]]] = {
    Kind.SIT: Sit,
    Kind.LEAVE: Leave,
    Kind.REFUSE: Refuse,
}
