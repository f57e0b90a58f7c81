"""What the machines of the host's side share, and the driver that does what they say."""

from __future__ import annotations

import pytest

from baseboard.errors import EncodeError
from baseboard.links.host_machine import (
    PAUSE,
    SPIN,
    Accesses,
    Done,
    Patience,
    Read,
    Step,
    Wait,
    Write,
    answers,
    checked,
    complete,
)
from tests.links.register_bench import Fixed, Time


def test_the_length_of_a_request() -> None:
    assert checked(b"\x18\x01", 2) == b"\x18\x01"
    for message in (b"", b"\x18", b"\x18\x01\x00"):
        with pytest.raises(EncodeError, match=f"of {len(message)} bytes; the interface takes 2 to 2"):
            checked(message, 2)


def test_which_response_belongs_to_a_request() -> None:
    assert answers(b"\x18\x01", b"\x1c\x01\x00")
    assert answers(b"\x1a\x01", b"\x1e\x01\xc1")
    for response in (b"", b"\x1c\x01", b"\x18\x01\x00", b"\x1c\x02\x00", b"\x1e\x01\x00"):
        assert not answers(b"\x18\x01", response)


def test_a_register_is_looked_at_often_at_first_and_then_with_pauses() -> None:
    patience = Patience(5.0, 10.0)
    assert [patience.pauses() for _ in range(SPIN + 2)] == [False] * SPIN + [True] * 2
    assert not patience.over(14.9)
    assert patience.over(15.0)


def test_accesses_come_in_their_order_and_tell_what_was_read() -> None:
    accesses, told = Accesses(), list[int]()
    accesses.read(1, told.append)
    accesses.write(0, 0x61)
    accesses.read(0)
    accesses.wait(PAUSE)
    assert accesses.next() == Read(1)
    accesses.told(0x40)
    accesses.told(0x41)
    assert told == [0x40]
    assert [accesses.next() for _ in range(4)] == [Write(0, 0x61), Read(0), Wait(PAUSE), None]


def test_accesses_that_were_decided_on_can_be_forgotten() -> None:
    accesses, told = Accesses(), list[int]()
    accesses.read(1, told.append)
    accesses.write(0, 1)
    assert accesses.next() == Read(1)
    accesses.clear()
    accesses.told(7)
    assert accesses.next() is None
    assert not told


class Scripted:
    """A machine that says what it was made with."""

    def __init__(self, *steps: Step) -> None:
        self.attention, self.size = False, 2
        self.steps = list(steps)
        self.told: list[tuple[int, float]] = []

    def request(self, message: bytes, now: float) -> None:
        raise AssertionError(message)

    def look(self, now: float) -> None:
        raise AssertionError(now)

    def abort(self, now: float) -> None:
        raise AssertionError(now)

    def step(self, value: int, now: float) -> Step:
        self.told.append((value, now))
        return self.steps.pop(0)


def test_the_driver_does_what_the_machine_says() -> None:
    machine = Scripted(Read(1), Write(0, 0x18), Wait(2.0), Read(0), Done(b"\x1c\x01\x00"))
    time, registers = Time(), Fixed({0: 5, 1: 0x40})
    assert complete(machine, registers, time, time.sleep) == Done(b"\x1c\x01\x00")
    assert [value for value, _ in machine.told] == [0, 0x40, 0x40, 0x40, 5]
    assert machine.told[3][1] - machine.told[2][1] > 2.0
    assert registers.written == [(0, 0x18)]
