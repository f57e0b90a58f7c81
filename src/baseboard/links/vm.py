"""The VM serial protocol: how a virtual machine's IPMI hardware reaches a controller outside (OpenIPMI's).

A stream of units. Each ends with A0h, then it is an IPMI message, or with A1h, then it is a control command.
The controller's end is here; the machine's, for an emulator, is in `baseboard.links.vm_machine`. QEMU's
``ipmi-bmc-extern`` is the emulator that both are measured against.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from enum import Enum, IntEnum, IntFlag
from typing import ClassVar, Final, NamedTuple, TypeAlias

Buffer: TypeAlias = bytes | bytearray | memoryview

VERSION: Final = 1
"""Of the protocol; there is no other."""

MESSAGE, CONTROL, ESCAPE = 0xA0, 0xA1, 0xAA
"""How units end, and what stands before a byte that would be taken for one of the three."""

ESCAPED: Final = 0x10
"""Bit that an escaped byte is sent with."""

_ESCAPES: Final = [(bytes((byte,)), bytes((ESCAPE, byte | ESCAPED))) for byte in (ESCAPE, MESSAGE, CONTROL)]
"""What stands for such a byte; the escape's own comes first, as the others bring new ones."""

_UNIT: Final = re.compile(rb"([^\xa0\xa1]*)[\xa0\xa1]")
_ESCAPE: Final = re.compile(rb"\xaa+([^\xaa])")

LONGEST: Final = 255
"""Bytes of a message with its sequence number and checksum; QEMU has room for no more."""

_LONGEST_ESCAPED: Final = 2 * LONGEST
"""The same as it travels, if every byte has to be escaped."""

SHORTEST_REQUEST: Final = 4
"""Sequence number, NetFn/LUN, command, checksum."""

MOST_WAITING: Final = 32
"""Requests without an answer; a machine that asks on beyond them waits for none of them."""

TOO_MANY_BYTES = 0xCA


class Code(IntEnum):
    """The control commands."""

    NO_ATTENTION = 0x00
    ATTENTION = 0x01
    ATTENTION_INTERRUPT = 0x02
    POWER_OFF = 0x03
    RESET = 0x04
    INTERRUPTS_ON = 0x05
    INTERRUPTS_OFF = 0x06
    NMI = 0x07
    CAPABILITIES = 0x08
    SHUT_DOWN = 0x09
    VERSION = 0xFF


class Ability(IntFlag):
    """What a VM says that it can do."""

    POWER = 0x01
    RESET = 0x02
    INTERRUPTS = 0x04
    NMI = 0x08
    ATTENTION = 0x10
    SHUT_DOWN = 0x20
    DISABLE = 0x40


ALL: Final = Ability(0x3F)
"""What QEMU can."""

NEEDED: Final[dict[Code, Ability]] = {
    Code.NO_ATTENTION: Ability.ATTENTION,
    Code.ATTENTION: Ability.ATTENTION,
    Code.ATTENTION_INTERRUPT: Ability.ATTENTION,
    Code.POWER_OFF: Ability.POWER,
    Code.RESET: Ability.RESET,
    Code.INTERRUPTS_ON: Ability.INTERRUPTS,
    Code.INTERRUPTS_OFF: Ability.INTERRUPTS,
    Code.NMI: Ability.NMI,
    Code.SHUT_DOWN: Ability.SHUT_DOWN,
}
"""What a VM has to be able to do before it is told to."""


def checksum(data: Buffer) -> int:
    """What makes the sum of all bytes 0."""
    return -sum(data) & 0xFF


def framed(unit: Buffer, end: int) -> bytes:
    """A unit as it travels.

    Args:
        end: A0h for a message, A1h for a control command.
    """
    escaped = bytes(unit)
    for byte, instead in _ESCAPES:
        escaped = escaped.replace(byte, instead)
    return escaped + bytes((end,))


def framed_message(unit: Buffer) -> bytes:
    """A message as it travels: its checksum goes with it."""
    return framed(bytes(unit) + bytes((checksum(unit),)), MESSAGE)


def framed_control(code: Code, *data: int) -> bytes:
    """A control command as it travels."""
    return framed(bytes((code, *data)), CONTROL)


class Unit(NamedTuple):
    """What came between two ends.

    Attributes:
        end: A0h or A1h.
        data: without escapes.
    """

    end: int
    data: bytes


class Deframer:
    """Takes a stream apart; what is too long, or broken off behind an escape, is dropped."""

    __slots__ = ("_begun",)

    def __init__(self) -> None:
        self._begun = b""

    def feed(self, data: Buffer) -> list[Unit]:
        """Take bytes, and give the units that they complete."""
        stream = self._begun + data
        units: list[Unit] = []
        end = 0
        while found := _UNIT.match(stream, end):
            end = found.end()
            unit = _bare(found[1])
            if 0 < len(unit) <= LONGEST:
                units.append(Unit(stream[end - 1], unit))
        # One byte more than there may be is enough to know that it is too long.
        self._begun = stream[end : end + _LONGEST_ESCAPED + 1]
        return units


def _bare(raw: bytes) -> bytes:
    """A unit without its escapes; empty if it is none."""
    if ESCAPE not in raw:
        return raw
    if len(raw) > _LONGEST_ESCAPED or raw[-1] == ESCAPE:
        return b""
    return _ESCAPE.sub(lambda found: bytes((found[1][0] & ~ESCAPED,)), raw)


# ---- the controller's end


class Stage(Enum):
    """How far a connection is."""

    APART = "nobody is connected"
    GREETED = "our version is sent; what the VM can do is not known yet"
    JOINED = "the VM has said what it can do"


class Seen(Enum):
    """What a unit of the VM's is."""

    VERSION = "the version that it speaks"
    ABILITIES = "what it can do"
    RESET = "it was reset"
    REQUEST = "a request of its guest"
    NONSENSE = "anything else"


class Asked:
    """A request of the VM, until it is answered.

    Attributes:
        seq: sequence number.
        netfn: network function.
        lun: responder's LUN.
        cmd: command number.
        data: request data.
    """

    __slots__ = ("answer", "cmd", "data", "lun", "netfn", "seq")

    def __init__(self, unit: bytes) -> None:
        self.seq, self.netfn, self.lun, self.cmd = unit[0], unit[1] >> 2, unit[1] & 3, unit[2]
        self.data = unit[3:-1]
        self.answer: bytes | None = None


class Step(NamedTuple):
    """What is done, and where that leads."""

    action: Callable[[BmcEnd, bytes], None]
    stage: Stage


_CONTROLS: Final[dict[tuple[int, int], Seen]] = {
    (Code.VERSION, 2): Seen.VERSION,
    (Code.CAPABILITIES, 2): Seen.ABILITIES,
    (Code.RESET, 1): Seen.RESET,
}
"""A control command's code and length, and what it is."""


def _seen(unit: Unit) -> Seen:
    """What a unit is; a message that is broken, or no request, is nonsense."""
    data = unit.data
    if unit.end == CONTROL:
        return _CONTROLS.get((data[0], len(data)), Seen.NONSENSE)
    request = len(data) >= SHORTEST_REQUEST and sum(data) & 0xFF == 0 and not data[1] & 0x04
    return Seen.REQUEST if request else Seen.NONSENSE


class Announced(NamedTuple):
    """The VM has said what it can do."""

    abilities: Ability


class WasReset(NamedTuple):
    """The VM says that it was reset."""


BmcEvent: TypeAlias = Asked | Announced | WasReset


class BmcEnd:
    """The controller's end of one connection after another.

    Attributes:
        stage: how far the connection is.
        abilities: what the VM at the other end can do; nothing while that is not known.
        spoken: the version of the protocol that the VM speaks; None while that is not known.
    """

    __slots__ = ("_deframer", "_events", "_flags", "_interrupts", "_out", "_shown", "_waiting", "abilities",
                 "spoken", "stage")  # fmt: skip

    def __init__(self) -> None:
        self._flags, self._interrupts = False, False
        self._begin(Stage.APART)

    def _begin(self, stage: Stage) -> None:
        self.stage = stage
        self.abilities = Ability(0)
        self.spoken: int | None = None
        self._deframer = Deframer()
        self._events: list[BmcEvent] = []
        self._out: list[bytes] = []
        self._waiting: deque[Asked] = deque()
        self._shown: tuple[Code, Code] | None = None

    def connected(self) -> None:
        """A VM has connected: our version goes first."""
        self._begin(Stage.GREETED)
        self._out.append(framed_control(Code.VERSION, VERSION))

    def disconnected(self) -> None:
        """It has gone: what it asked is not answered any more, and what it could is forgotten."""
        self._begin(Stage.APART)

    # ---- the five verbs

    def receive(self, data: Buffer, now: float = 0.0) -> None:
        """Take what the VM sent; what makes no sense is dropped."""
        if self.stage is Stage.APART:
            return
        for unit in self._deframer.feed(data):
            step = self.TABLE.get((self.stage, _seen(unit)))
            if step is not None:
                self.stage = step.stage
                step.action(self, unit.data)

    def outgoing(self) -> list[bytes]:
        """Hand over what is to be sent."""
        out, self._out = self._out, []
        return out

    def events(self) -> list[BmcEvent]:
        """Hand over what happened."""
        events, self._events = self._events, []
        return events

    def deadline(self) -> float | None:
        """Nothing here waits for time: the VM sees to that."""
        return None

    def expire(self, now: float) -> None:
        """Nothing here waits for time."""

    # ---- what the controller does

    def answer(self, asked: Asked, answer: bytes) -> None:
        """Answer a request, once; one of a connection that is over is dropped.

        Requests of one sequence number are answered in the order they came in, since only that tells the
        VM which is which. A later request of another number does not wait: the VM has given up the first.

        Args:
            answer: completion code and data.
        """
        if asked not in self._waiting or asked.answer is not None:
            return
        asked.answer = answer
        for one in tuple(self._waiting):
            if one.seq == asked.seq:
                if one.answer is None:
                    break
                self._waiting.remove(one)
                self._respond(one, one.answer)

    def show(self, *, flags: bool, interrupts: bool) -> None:
        """Say whether message flags stand, and whether the host's software wants interrupts."""
        self._flags, self._interrupts = flags, interrupts
        self._tell()

    def can(self, code: Code) -> bool:
        """Whether the VM can be told that."""
        return self.stage is Stage.JOINED and NEEDED[code] in self.abilities

    def order(self, code: Code) -> bool:
        """Tell the VM to do something.

        Returns: whether it can; else nothing is sent.
        """
        if not self.can(code):
            return False
        self._out.append(framed_control(code))
        return True

    # ---- inside

    def _take(self, unit: bytes) -> None:
        if len(self._waiting) < MOST_WAITING:
            asked = Asked(unit)
            self._waiting.append(asked)
            self._events.append(asked)

    def _speaks(self, unit: bytes) -> None:
        self.spoken = unit[1]

    def _join(self, unit: bytes) -> None:
        self.abilities = Ability(unit[1])
        self._shown = None
        self._tell()
        self._events.append(Announced(self.abilities))

    def _reset(self, unit: bytes) -> None:
        self._events.append(WasReset())

    def _respond(self, asked: Asked, answer: bytes) -> None:
        head = bytes((asked.seq, (asked.netfn | 1) << 2 | asked.lun, asked.cmd))
        if len(head) + len(answer) + 1 > LONGEST:
            answer = bytes((TOO_MANY_BYTES,))
        self._out.append(framed_message(head + answer))

    def _tell(self) -> None:
        """Have the VM's hardware show how things are: interrupts first, then the attention bit."""
        enable = Code.INTERRUPTS_ON if self._interrupts else Code.INTERRUPTS_OFF
        attention = Code.ATTENTION_INTERRUPT if self._interrupts else Code.ATTENTION
        if not self._flags:
            attention = Code.NO_ATTENTION
        before, self._shown = self._shown, (enable, attention)
        if before == self._shown:
            return
        if before is None or before[0] is not enable:
            self.order(enable)
        if before is None or before[1] is not attention:
            if before is not None and Code.NO_ATTENTION not in (before[1], attention):
                # QUIRK QEMU 7.2 (hw/ipmi/ipmi_kcs.c): a bit that is set already neither raises the
                # interrupt nor lowers it, so it goes off in between.
                self.order(Code.NO_ATTENTION)
            self.order(attention)

    # How far we are, what the VM sent -> what we do, how far we are then. Whatever has no row is ignored.
    TABLE: ClassVar[dict[tuple[Stage, Seen], Step]] = {
        (Stage.GREETED, Seen.VERSION): Step(_speaks, Stage.GREETED),
        (Stage.GREETED, Seen.ABILITIES): Step(_join, Stage.JOINED),
        (Stage.GREETED, Seen.RESET): Step(_reset, Stage.GREETED),
        (Stage.GREETED, Seen.REQUEST): Step(_take, Stage.GREETED),
        (Stage.JOINED, Seen.VERSION): Step(_speaks, Stage.JOINED),
        (Stage.JOINED, Seen.ABILITIES): Step(_join, Stage.JOINED),
        (Stage.JOINED, Seen.RESET): Step(_reset, Stage.JOINED),
        (Stage.JOINED, Seen.REQUEST): Step(_take, Stage.JOINED),
    }
