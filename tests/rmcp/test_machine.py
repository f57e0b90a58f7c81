"""The shapes of machines, and the network in memory that drives them."""

from __future__ import annotations

from typing import Any, get_type_hints

import pytest

from baseboard.rmcp import machine
from baseboard.rmcp.machine import Endpoint, Machine
from baseboard.rmcp.sol_console import SolConsole
from baseboard.rmcp.sol_controller import SolController
from baseboard.rmcp.table import SessionTable
from tests.rmcp.link import Link, One

HERE, THERE = ("192.0.2.1", 1), ("192.0.2.2", 2)
VERBS = ("receive", "outgoing", "events", "deadline", "expire")


class Echo:
    """Sends back what it gets, once, and something of its own at noon."""

    def __init__(self, noon: float | None = None) -> None:
        self.got: list[tuple[float, bytes]] = []
        self.out: list[bytes] = []
        self.noon = noon

    def receive(self, data: machine.Buffer, now: float) -> None:
        self.got.append((now, bytes(data)))

    def outgoing(self) -> list[bytes]:
        out, self.out = self.out, []
        return out

    def events(self) -> list[None]:
        return []

    def deadline(self) -> float | None:
        return self.noon

    def expire(self, now: float) -> None:
        assert self.noon is not None
        assert now >= self.noon
        self.noon = None
        self.out.append(b"noon")


@pytest.mark.parametrize("kind", [SolConsole, SolController, SessionTable])
def test_every_machine_has_the_five_verbs(kind: type) -> None:
    assert all(callable(getattr(kind, verb)) for verb in VERBS)


@pytest.mark.parametrize("protocol", [Machine, Endpoint])
def test_time_is_an_argument_of_what_depends_on_it(protocol: Any) -> None:
    assert get_type_hints(protocol.receive)["now"] is float
    assert get_type_hints(protocol.expire)["now"] is float


def test_the_link_carries_datagrams_and_wakes_stations() -> None:
    link, left, right = Link(1, delay=(0.25, 0.25)), Echo(), Echo(noon=12.0)
    link.join(One(left, HERE, THERE), One(right, THERE, HERE))
    left.out.append(b"hello")
    assert not link.run()
    assert right.got == [(0.25, b"hello")]
    assert left.got == [(12.25, b"noon")]


def test_the_link_stops_when_a_condition_holds_or_the_time_is_over() -> None:
    link, left, right = Link(1, delay=(1.0, 1.0)), Echo(), Echo(noon=12.0)
    link.join(One(left, HERE, THERE), One(right, THERE, HERE))
    left.out.append(b"hello")
    assert link.run(lambda: bool(right.got))
    assert link.now == 1.0
    assert not link.run(limit=5.0)
    assert link.now == 6.0
    assert not left.got


def test_the_link_loses_and_doubles_and_reorders() -> None:
    link, left, right = Link(2, loss=0.2, duplicate=0.2, delay=(0.0, 1.0)), Echo(), Echo()
    link.join(One(left, HERE, THERE), One(right, THERE, HERE))
    left.out += [bytes((number,)) for number in range(100)]
    link.run()
    numbers = [data[0] for _, data in right.got]
    assert link.lost
    assert len(set(numbers)) < 100
    assert len(set(numbers)) < len(numbers)
    assert numbers != sorted(numbers)


def test_machines_that_never_rest_are_found_out() -> None:
    class Restless(Echo):
        def receive(self, data: machine.Buffer, now: float) -> None:
            self.out.append(bytes(data))

    link, left, right = Link(1, delay=(0.0, 0.0)), Restless(), Restless()
    link.join(One(left, HERE, THERE), One(right, THERE, HERE))
    left.out.append(b"ball")
    with pytest.raises(AssertionError, match="never come to rest"):
        link.run()
