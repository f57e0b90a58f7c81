"""The machine's end of the VM serial protocol: an emulator's IPMI hardware, and what a test plays.

It does as QEMU's ``ipmi-bmc-extern`` does: one request at a time, which it answers by itself where no
controller does.
"""

from __future__ import annotations

from typing import Final, NamedTuple, TypeAlias

from baseboard.links.vm import (
    ALL,
    MESSAGE,
    VERSION,
    Ability,
    Buffer,
    Code,
    Deframer,
    framed_control,
    framed_message,
)

RESPONSE_TIME: Final = 4.0
"""Seconds that a VM waits for a response before it answers its guest itself."""

SHORTEST_RESPONSE: Final = 5
"""Sequence number, NetFn/LUN, command, completion code, checksum."""

TIMED_OUT, NO_CONTROLLER = 0xC3, 0xD2


class Answered(NamedTuple):
    """The answer to a request of ours.

    Attributes:
        token: what `VmEnd.ask` gave.
        message: NetFn/LUN, command, completion code and data.
    """

    token: int
    message: bytes


class Attention(NamedTuple):
    """The controller sets or clears the attention bit; with an interrupt, or without."""

    on: bool
    interrupt: bool = False


class Interrupts(NamedTuple):
    """The controller enables or disables the interrupt of the interface."""

    on: bool


class Ordered(NamedTuple):
    """The controller wants the machine switched off, reset, interrupted or shut down."""

    code: Code


VmEvent: TypeAlias = Answered | Attention | Interrupts | Ordered

_MEANING: Final[dict[int, VmEvent]] = {
    Code.NO_ATTENTION: Attention(False),
    Code.ATTENTION: Attention(True),
    Code.ATTENTION_INTERRUPT: Attention(True, True),
    Code.POWER_OFF: Ordered(Code.POWER_OFF),
    Code.RESET: Ordered(Code.RESET),
    Code.INTERRUPTS_ON: Interrupts(True),
    Code.INTERRUPTS_OFF: Interrupts(False),
    Code.NMI: Ordered(Code.NMI),
    Code.SHUT_DOWN: Ordered(Code.SHUT_DOWN),
}


class VmEnd:
    """The machine's end: one request at a time, each answered, if need be by itself.

    Args:
        abilities: what it says that it can do.
        next_seq: where its sequence numbers begin.

    Attributes:
        connected_to: whether a controller is there.
        spoken: the version of the protocol that it speaks; None while that is not known.
    """

    __slots__ = (
        "_abilities", "_asked", "_deadline", "_deframer", "_events", "_out", "_seq", "_token", "connected_to",
        "spoken",
    )  # fmt: skip

    def __init__(self, abilities: Ability = ALL, next_seq: int = 0) -> None:
        self._abilities, self._seq, self._token = abilities, next_seq & 0xFF, 0
        self.connected_to = False
        self.spoken: int | None = None
        self._deframer = Deframer()
        self._events: list[VmEvent] = []
        self._out: list[bytes] = []
        self._asked: tuple[int, int, bytes] | None = None  # token, sequence number, NetFn/LUN and command
        self._deadline: float | None = None

    def connected(self) -> None:
        """A controller is there: version and abilities go first."""
        self.connected_to, self.spoken = True, None
        self._deframer = Deframer()
        self._out = [
            framed_control(Code.VERSION, VERSION),
            framed_control(Code.CAPABILITIES, self._abilities),
        ]

    def disconnected(self) -> None:
        """It has gone: a request that waits is answered with D2h."""
        self.connected_to = False
        self._out.clear()
        self._give_up(NO_CONTROLLER)

    def ask(self, message: bytes, now: float) -> int:
        """Send a request; one that still waits is given up with C3h.

        Args:
            message: NetFn/LUN, command and data; at most 253 bytes.

        Returns: what its answer will name.
        """
        self._give_up(TIMED_OUT)
        self._token += 1
        self._asked = self._token, self._seq, bytes(message[:2])
        self._deadline = now + RESPONSE_TIME
        if self.connected_to:
            self._out.append(framed_message(bytes((self._seq, *message))))
        else:
            self._give_up(NO_CONTROLLER)
        self._seq = self._seq + 1 & 0xFF
        return self._token

    def tell_reset(self) -> None:
        """Tell the controller that the machine was reset; QEMU 7.2 never does."""
        if self.connected_to:
            self._out.append(framed_control(Code.RESET))

    # ---- the five verbs

    def receive(self, data: Buffer, now: float = 0.0) -> None:
        """Take what the controller sent; what makes no sense is dropped."""
        for unit in self._deframer.feed(data):
            if unit.end == MESSAGE:
                self._message(unit.data)
            elif unit.data[0] == Code.VERSION and len(unit.data) == 2:
                self.spoken = unit.data[1]
            elif unit.data[0] in _MEANING and len(unit.data) == 1:
                self._events.append(_MEANING[unit.data[0]])

    def outgoing(self) -> list[bytes]:
        """Hand over what is to be sent."""
        out, self._out = self._out, []
        return out

    def events(self) -> list[VmEvent]:
        """Hand over what happened."""
        events, self._events = self._events, []
        return events

    def deadline(self) -> float | None:
        """Tell when `expire` is due."""
        return self._deadline

    def expire(self, now: float) -> None:
        """A request that waited for too long is answered with C3h."""
        if self._deadline is not None and now >= self._deadline:
            self._give_up(TIMED_OUT)

    # ---- inside

    def _message(self, unit: bytes) -> None:
        if self._asked is None or len(unit) < SHORTEST_RESPONSE or sum(unit) & 0xFF:
            return
        token, seq, head = self._asked
        if unit[:3] != bytes((seq, head[0] | 1 << 2, head[1])):
            return
        self._asked = self._deadline = None
        self._events.append(Answered(token, unit[1:-1]))

    def _give_up(self, code: int) -> None:
        if self._asked is not None:
            token, _, head = self._asked
            self._asked = self._deadline = None
            self._events.append(Answered(token, bytes((head[0] | 1 << 2, head[1], code))))
