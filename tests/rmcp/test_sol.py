"""Both ends of Serial Over LAN against each other, and what they have in common."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from baseboard.rmcp.sol import Characters
from baseboard.rmcp.sol_console import ConsoleNotice, SolConsole
from baseboard.rmcp.sol_controller import ControllerNotice, SolController
from baseboard.rmcp.sol_packet import SolPacket
from tests.rmcp.link import Link, One

CONSOLE, CONTROLLER = ("192.0.2.1", 1), ("192.0.2.2", 2)


class Pair:
    """A console and a controller on a link; each reads what comes, as fast as the test lets it.

    Attributes:
        typed: characters that reached the baseboard, printed: those that reached the person.
        appetite: how many characters the baseboard takes each time somebody looks; None = all.
    """

    def __init__(
        self,
        seed: int = 1,
        *,
        size: int = 259,
        retries: int = 30,
        capacity: int | None = 1024,
        threshold: int = 1,
        keep_alive: float | None = None,
        **conditions: float,
    ) -> None:
        self.link = Link(seed, delay=(0.001, conditions.pop("slowest", 0.001)), **conditions)
        self.controller = SolController(
            size, accumulate=0.05, threshold=threshold, retries=retries, interval=0.2,
            handshake=True, capacity=capacity, limit=100_000,
        )  # fmt: skip
        self.console = SolConsole(size, 0.0, retries=retries, interval=0.2, keep_alive=keep_alive)
        self.typed, self.printed = bytearray(), bytearray()
        self.asked: list[ControllerNotice] = []
        self.told: list[ConsoleNotice] = []
        self.appetite: int | None = None
        self.link.join(
            One(self.console, CONSOLE, CONTROLLER, self.read_console),
            One(self.controller, CONTROLLER, CONSOLE, self.read_controller),
        )
        self.held = 0

    def read_console(self, now: float) -> None:
        for event in self.console.events():
            if isinstance(event, Characters):
                self.printed += event.data
            else:
                self.told.append(event)

    def read_controller(self, now: float) -> None:
        for event in self.controller.events():
            if isinstance(event, Characters):
                self.typed += event.data
                self.held += len(event.data)
            else:
                self.asked.append(event)
        taken = self.held if self.appetite is None else min(self.held, self.appetite)
        if taken:
            self.held -= taken
            self.controller.consumed(taken, now)

    def done(self, typed: int, printed: int) -> Callable[[], bool]:
        return lambda: len(self.typed) >= typed and len(self.printed) >= printed


def test_15_what_is_typed_arrives_and_what_is_printed_too() -> None:
    pair = Pair()
    pair.console.write(b"reboot\r", 0.0)
    pair.controller.write(b"login: ", 0.0)
    assert pair.link.run(pair.done(7, 7))
    assert (pair.typed, pair.printed) == (b"reboot\r", b"login: ")
    assert pair.asked == [ControllerNotice.LINES]


def test_both_come_to_rest() -> None:
    pair = Pair()
    pair.console.write(b"x" * 1000, 0.0)
    assert not pair.link.run()
    assert len(pair.typed) == 1000
    assert pair.console.deadline() is None
    assert pair.controller.deadline() is None


@drawn(
    seed=st.integers(0, 2**32),
    loss=st.floats(0.0, 0.4),
    duplicate=st.floats(0.0, 0.4),
    slowest=st.floats(0.001, 0.3),
    capacity=st.sampled_from([1, 3, 40, 1024]),
    size=st.sampled_from([5, 7, 20, 259]),
    typed=st.lists(st.binary(max_size=30), max_size=12),
    printed=st.lists(st.binary(max_size=60), max_size=12),
)
def test_loss_and_echoes_and_disorder_lose_nothing(
    seed: int,
    loss: float,
    duplicate: float,
    slowest: float,
    capacity: int,
    size: int,
    typed: list[bytes],
    printed: list[bytes],
) -> None:
    pair = Pair(
        seed, size=size, capacity=capacity, loss=loss, duplicate=duplicate, slowest=slowest, retries=200
    )
    for piece in typed:
        pair.console.write(piece, pair.link.now)
        pair.link.run(limit=0.1)
    for piece in printed:
        pair.controller.write(piece, pair.link.now)
        pair.link.run(limit=0.1)
    pair.link.run(limit=600.0)
    assert pair.typed == b"".join(typed)
    assert pair.printed == b"".join(printed)
    assert not pair.told


def test_a_slow_baseboard_slows_the_console_down() -> None:
    pair = Pair(capacity=64, size=36, loss=0.2, slowest=0.05)
    pair.appetite = 5
    pair.console.write(bytes(range(200)), 0.0)
    assert pair.link.run(pair.done(200, 0), limit=600.0)
    assert pair.typed == bytes(range(200))


def test_a_baseboard_that_reads_nothing_for_a_while_suspends_the_console() -> None:
    pair = Pair(capacity=8, size=12)
    pair.appetite = 0
    pair.console.write(b"0123456789abcdef", 0.0)
    pair.link.run(limit=60.0)
    assert pair.typed == b"01234567"
    assert not pair.told
    pair.appetite = None
    assert pair.link.run(pair.done(16, 0), limit=1.0)
    assert pair.typed == b"0123456789abcdef"


def test_15_11_a_dead_peer_costs_the_characters_and_is_told() -> None:
    pair = Pair(retries=3)
    pair.link.run(limit=1.0)
    pair.link.loss = 1.0
    pair.console.write(b"a", pair.link.now)
    pair.controller.write(b"b", pair.link.now)
    assert not pair.link.run()
    assert pair.told == [ConsoleNotice.UNACKNOWLEDGED]
    pair.link.loss = 0.0
    pair.console.write(b"c", pair.link.now)
    pair.controller.write(b"d", pair.link.now)
    pair.link.run()
    assert pair.told[1:] == [ConsoleNotice.OVERRUN]
    assert (pair.typed, pair.printed) == (b"c", b"d")


def test_15_9_the_end_is_told_even_if_the_notice_is_lost() -> None:
    pair = Pair()
    pair.link.run(limit=1.0)
    pair.link.loss = 1.0
    pair.controller.deactivate(pair.link.now)
    pair.link.settle()
    pair.link.loss = 0.0
    assert not pair.console.closed
    pair.console.write(b"anybody?", pair.link.now)
    pair.link.run()
    assert pair.console.closed
    assert pair.told == [ConsoleNotice.DEACTIVATED]
    assert not pair.typed


def test_3_5_a_silent_console_keeps_the_session_alive() -> None:
    pair = Pair(keep_alive=20.0)
    pair.link.run(limit=99.0)
    said = [when for when, source, _, _ in pair.link.carried if source == CONSOLE]
    gaps = [later - earlier for earlier, later in itertools.pairwise(said)]
    assert len(said) == 5
    assert all(gap == pytest.approx(20.0, abs=0.1) for gap in gaps)


def test_15_11_an_acknowledgement_travels_with_characters_or_at_once_alone() -> None:
    controller = SolController(259, accumulate=1.0, threshold=100, retries=3, interval=0.5)
    controller.receive(SolPacket(sequence=1, data=b"a").encode(), 0.0)
    assert controller.outgoing() == [SolPacket(acknowledged=1, accepted=1).encode()]
    controller.write(b"x" * 99, 0.0)
    assert not controller.outgoing()
    controller.receive(SolPacket(sequence=2, data=b"b").encode(), 0.5)
    assert controller.outgoing() == [SolPacket(acknowledged=2, accepted=1).encode()]
    controller.expire(1.0)
    assert controller.outgoing() == [SolPacket(sequence=1, data=b"x" * 99).encode()]
    controller.write(b"y" * 100, 1.0)
    controller.receive(SolPacket(sequence=3, acknowledged=1, accepted=99).encode(), 1.1)
    both = SolPacket(sequence=2, acknowledged=3, accepted=0, data=b"y" * 100)
    assert controller.outgoing() == [both.encode()]


@pytest.mark.parametrize("data", [b"", b"\x01", b"\x01\x00\x00"])
def test_a_payload_too_short_for_a_packet_is_dropped(data: bytes) -> None:
    console = SolConsole(259, 0.0, handshake=False)
    console.receive(data, 0.0)
    assert not console.outgoing()
    assert not console.events()


def test_an_echo_of_the_past_gets_no_answer() -> None:
    console = SolConsole(259, 0.0, handshake=False)
    for sequence in (3, 4, 3):
        console.receive(SolPacket(sequence=sequence, data=b"x").encode(), 0.0)
    assert len(console.outgoing()) == 2


@drawn(st.lists(st.tuples(st.binary(max_size=300), st.floats(0.0, 3.0)), max_size=40))
def test_any_payloads_leave_the_machines_bounded(payloads: list[tuple[bytes, float]]) -> None:
    controller = SolController(259, accumulate=0.05, threshold=1, retries=3, interval=0.1, capacity=500)
    console = SolConsole(259, 0.0)
    now = 0.0
    received = 0
    for data, wait in payloads:
        now += wait
        for machine in (controller, console):
            machine.receive(data, now)
            machine.expire(now)
            assert len(machine.outgoing()) <= 8
        received += sum(len(event.data) for event in controller.events() if isinstance(event, Characters))
    assert received <= 500 or any(data[3:4] and data[3] & 2 for data, _ in payloads)


def test_characters_that_wait_are_counted() -> None:
    console = SolConsole(259, 0.0, handshake=False)
    assert console.waiting == 0
    console.write(b"x" * 300, 0.0)
    assert console.waiting == 45, "255 are under way"
    console.receive(SolPacket(acknowledged=1, accepted=255).encode(), 0.1)
    assert console.waiting == 0


def test_characters_are_not_shown() -> None:
    assert "secret" not in repr(Characters(b"secret"))
    assert "6 characters" in repr(Characters(b"secret"))
