"""The line between chassis: who may send, and who hears it (ICMB v1.0)."""

from __future__ import annotations

import pytest

from baseboard.bmc.services.icmb_line import IcmbLine
from baseboard.testing.clock import VirtualClock


class Ear:
    def __init__(self) -> None:
        self.heard: list[bytes] = []

    def receive(self, data: bytes) -> None:
        self.heard.append(data)


def test_all_others_hear_what_one_sends_when_it_has_been_sent() -> None:
    clock = VirtualClock()
    line, ears = IcmbLine(clock), [Ear(), Ear(), Ear()]
    for ear in ears:
        line.attach(ear)
    assert line.send(b"x" * 192, ears[0])
    clock.advance(0.09)
    assert not ears[1].heard
    clock.advance(0.02)
    assert [len(ear.heard) for ear in ears] == [0, 1, 1]
    assert line.send(b"y")
    line.detach(ears[1])
    clock.advance(1)
    assert [len(ear.heard) for ear in ears] == [1, 1, 2], "who left hears nothing more"


def test_only_one_sends_at_a_time() -> None:
    clock = VirtualClock()
    line = IcmbLine(clock)
    assert line.send(b"x" * 192)
    assert not line.send(b"y")
    assert line.free_at == pytest.approx(0.1)
    clock.advance(0.11)
    assert line.send(b"y")
