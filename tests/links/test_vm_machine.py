"""The machine's end of the VM serial protocol, and both ends over a line that spoils things."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from baseboard.links.vm import (
    ALL,
    CONTROL,
    MESSAGE,
    MOST_WAITING,
    Ability,
    Asked,
    BmcEnd,
    Code,
    Stage,
    WasReset,
    framed,
    framed_control,
    framed_message,
)
from baseboard.links.vm_machine import (
    RESPONSE_TIME,
    Answered,
    Attention,
    Interrupts,
    Ordered,
    VmEnd,
)

GET_DEVICE_ID = b"\x18\x01"
GREETING = framed_control(Code.VERSION, 1) + framed_control(Code.CAPABILITIES, ALL)


def joined(abilities: int = ALL) -> BmcEnd:
    """A controller's end with a machine, of which all is known and shown."""
    end = BmcEnd()
    end.connected()
    end.receive(framed_control(Code.VERSION, 1) + framed_control(Code.CAPABILITIES, abilities))
    end.outgoing()
    end.events()
    return end


def request(seq: int, message: bytes = GET_DEVICE_ID) -> bytes:
    return framed_message(bytes((seq, *message)))


def asked(end: BmcEnd) -> list[Asked]:
    return [one for one in end.events() if isinstance(one, Asked)]


# ---- the machine's end


def machine() -> VmEnd:
    """A machine's end that has greeted."""
    end = VmEnd()
    end.connected()
    end.outgoing()
    return end


def test_the_machine_says_its_version_and_what_it_can() -> None:
    end = VmEnd(Ability.POWER)
    end.connected()
    assert b"".join(end.outgoing()) == b"\xff\x01\xa1\x08\x01\xa1"


def test_the_machine_asks_and_is_answered() -> None:
    end = machine()
    token = end.ask(GET_DEVICE_ID, 10.0)
    assert end.outgoing() == [request(0)]
    assert end.deadline() == 10.0 + RESPONSE_TIME
    end.receive(framed_message(b"\x00\x1c\x01\x00\x20"))
    assert end.events() == [Answered(token, b"\x1c\x01\x00\x20")]
    assert end.deadline() is None


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(framed_message(b"\x01\x1c\x01\x00"), id="another number"),
        pytest.param(framed_message(b"\x00\x18\x01\x00"), id="a request"),
        pytest.param(framed_message(b"\x00\x1c\x02\x00"), id="another command"),
        pytest.param(framed_message(b"\x00\x1c\x01"), id="no completion code"),
        pytest.param(framed(b"\x00\x1c\x01\x00\x00", MESSAGE), id="wrong sum"),
        pytest.param(framed_control(Code.CAPABILITIES, 0x3F), id="abilities"),
        pytest.param(framed(b"\x03\x00", CONTROL), id="power off with data"),
        pytest.param(framed(b"\xff", CONTROL), id="a version without number"),
    ],
)
def test_the_machine_drops_what_makes_no_sense(raw: bytes) -> None:
    end = machine()
    end.ask(GET_DEVICE_ID, 0.0)
    end.receive(raw)
    assert end.events() == []
    end.receive(framed_message(b"\x00\x1c\x01\x00"))
    assert len(end.events()) == 1


def test_an_answer_that_nobody_waits_for_is_dropped() -> None:
    end = machine()
    end.receive(framed_message(b"\x00\x1c\x01\x00"))
    assert end.events() == []


def test_the_machine_answers_its_guest_when_time_is_over() -> None:
    end = machine()
    token = end.ask(GET_DEVICE_ID, 0.0)
    end.expire(RESPONSE_TIME - 0.1)
    assert end.events() == []
    end.expire(RESPONSE_TIME)
    assert end.events() == [Answered(token, b"\x1c\x01\xc3")]
    end.expire(RESPONSE_TIME + 1)
    assert end.events() == []


def test_the_machine_answers_its_guest_while_no_controller_is_there() -> None:
    end = VmEnd()
    token = end.ask(GET_DEVICE_ID, 0.0)
    assert end.events() == [Answered(token, b"\x1c\x01\xd2")]
    end.tell_reset()
    assert end.outgoing() == []
    end.connected()
    token = end.ask(GET_DEVICE_ID, 0.0)
    end.disconnected()
    assert end.events() == [Answered(token, b"\x1c\x01\xd2")]
    assert (end.outgoing(), end.connected_to) == ([], False)


def test_a_second_request_gives_the_first_up() -> None:
    end = machine()
    first = end.ask(GET_DEVICE_ID, 0.0)
    end.ask(b"\x18\x2f", 1.0)
    assert end.events() == [Answered(first, b"\x1c\x01\xc3")]


def test_numbers_begin_anew_after_the_last() -> None:
    end = VmEnd(next_seq=0xFF)
    end.connected()
    end.outgoing()
    end.ask(GET_DEVICE_ID, 0.0)
    end.ask(GET_DEVICE_ID, 0.0)
    assert end.outgoing() == [request(0xFF), request(0)]


@pytest.mark.parametrize(
    ("code", "event"),
    [
        (Code.NO_ATTENTION, Attention(False)),
        (Code.ATTENTION, Attention(True)),
        (Code.ATTENTION_INTERRUPT, Attention(True, True)),
        (Code.INTERRUPTS_ON, Interrupts(True)),
        (Code.INTERRUPTS_OFF, Interrupts(False)),
        *((code, Ordered(code)) for code in (Code.POWER_OFF, Code.RESET, Code.NMI, Code.SHUT_DOWN)),
    ],
)
def test_the_machine_hears_what_it_is_told(code: Code, event: object) -> None:
    end = machine()
    end.receive(framed_control(code))
    assert end.events() == [event]


def test_the_machine_learns_the_version_and_tells_of_its_reset() -> None:
    ours, theirs = joined(), machine()
    theirs.receive(framed_control(Code.VERSION, 3))
    assert (theirs.spoken, theirs.events()) == (3, [])
    theirs.tell_reset()
    ours.receive(b"".join(theirs.outgoing()))
    assert ours.events() == [WasReset()]


# ---- both


def spoiled(data: bytes, luck: random.Random) -> bytes:
    """What a bad line makes of it."""
    match luck.randrange(4):
        case 0:
            at = luck.randrange(len(data))
            return data[:at] + data[at + 1 :]
        case 1:
            at = luck.randrange(len(data))
            return data[:at] + bytes((data[at] ^ 1 << luck.randrange(8),)) + data[at + 1 :]
        case 2:
            return bytes(luck.randrange(256) for _ in range(luck.randrange(9))) + data
        case _:
            return data + data


@given(st.integers(0, 2**32), st.lists(st.booleans(), min_size=20, max_size=60))
def test_both_ends_over_a_line_that_spoils_things(seed: int, bad: list[bool]) -> None:
    """Every request is answered, in the end by the machine itself; a good line brings every answer."""
    luck = random.Random(seed)
    ours, theirs, now = BmcEnd(), VmEnd(), 0.0
    ours.connected()
    theirs.connected()
    for spoil in [*bad, False, False]:
        body = bytes((*GET_DEVICE_ID, *(luck.randrange(256) for _ in range(luck.randrange(20)))))
        token = theirs.ask(body, now)
        theirs.events()
        there = b"".join(theirs.outgoing())
        ours.receive(spoiled(there, luck) if spoil else b"\xa1" + there)
        for one in asked(ours):
            ours.answer(one, b"\x00" + one.data)
        back = b"".join(ours.outgoing())
        theirs.receive(spoiled(back, luck) if spoil and back else b"\xa1" + back)
        now += RESPONSE_TIME
        theirs.expire(now)
        answers = [one for one in theirs.events() if isinstance(one, Answered) and one.token == token]
        assert len(answers) == 1
        if not spoil:
            assert answers[0].message == b"\x1c\x01\x00" + body[2:]


class Walk(RuleBasedStateMachine):
    """A controller's end, walked at random: bounded, and never out of step with its machine."""

    def __init__(self) -> None:
        super().__init__()
        self.ours, self.theirs = BmcEnd(), VmEnd()
        self.open: list[Asked] = []
        self.attention, self.interrupts = Attention(False), Interrupts(False)
        self.said = (False, False)

    def pump(self) -> None:
        for _ in range(2):
            self.ours.receive(b"".join(self.theirs.outgoing()))
            self.theirs.receive(b"".join(self.ours.outgoing()))
        self.open += asked(self.ours)
        for event in self.theirs.events():
            if isinstance(event, Attention):
                self.attention = event
            elif isinstance(event, Interrupts):
                self.interrupts = event

    @rule()
    def connect(self) -> None:
        self.theirs.disconnected()
        self.theirs.connected()
        self.ours.connected()
        self.open.clear()
        self.pump()

    @rule()
    def disconnect(self) -> None:
        self.theirs.disconnected()
        self.ours.disconnected()
        self.open.clear()

    @rule(data=st.binary(max_size=30))
    def garbage(self, data: bytes) -> None:
        before = self.ours.stage
        self.ours.receive(bytes(one & 0x5F for one in data) + b"\xa0")
        self.ours.events()
        assert self.ours.stage is before

    @rule()
    def ask(self) -> None:
        self.theirs.ask(GET_DEVICE_ID, 0.0)
        self.pump()

    @rule(which=st.integers(0, 40))
    def answer(self, which: int) -> None:
        if self.open:
            self.ours.answer(self.open.pop(which % len(self.open)), b"\x00")
            self.pump()

    @rule(flags=st.booleans(), interrupts=st.booleans())
    def show(self, flags: bool, interrupts: bool) -> None:
        self.said = flags, interrupts
        self.ours.show(flags=flags, interrupts=interrupts)
        self.pump()

    @invariant()
    def shown(self) -> None:
        assert len(self.ours._waiting) <= MOST_WAITING
        if self.ours.stage is Stage.JOINED:
            flags, interrupts = self.said
            assert self.attention == Attention(flags, flags and interrupts)
            assert self.interrupts == Interrupts(interrupts)


TestWalk = Walk.TestCase
