"""Serial/Modem Connection Active: when it is sent, and what a switch waits for (§14.12, §25.9)."""

from __future__ import annotations

from baseboard.bmc.serial_channel.pings import EVERY_S, FIRST_S, PATIENCE_S, RETRIES, RETRY_S, Pings
from baseboard.commands.transport.serial import ConnectionState
from baseboard.rmcp.lan_message import unwrap
from baseboard.testing.clock import VirtualClock


class Told:
    """What a console is told."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.wanted = True
        self.state = ConnectionState.NO_SESSION
        self.messages: list[tuple[float, int, bytes]] = []
        self.pings = Pings(self.clock, self._send, lambda: self.wanted, lambda: self.state)

    def _send(self, message: bytes) -> None:
        read = unwrap(message)
        assert (read.rs_addr, read.rq_addr, read.netfn) == (0x81, 0x20, 0x0C)
        self.messages.append((round(self.clock.now(), 3), read.cmd, read.data))

    @property
    def states(self) -> list[tuple[float, int]]:
        return [(when, data[0]) for when, cmd, data in self.messages if cmd == 0x18]


def test_25_9_the_first_one_comes_at_once_and_then_one_every_two_seconds() -> None:
    told = Told()
    told.pings.begin()
    told.pings.begin()
    told.clock.advance(1.0)
    told.state = ConnectionState.SESSION_ACTIVE
    told.clock.advance(4.0)
    assert told.states == [(FIRST_S, 0), (FIRST_S + EVERY_S, 1), (FIRST_S + 2 * EVERY_S, 1)]
    assert told.messages[0][2] == b"\0\x02"  # IPMI v2.0
    told.pings.end()
    told.clock.advance(10.0)
    assert len(told.states) == 3


def test_who_does_not_want_them_gets_none() -> None:
    told = Told()
    told.wanted = False
    told.pings.begin()
    told.clock.advance(5.0)
    assert told.states == []
    told.wanted = True
    told.pings.begin()
    told.wanted = False
    told.clock.advance(5.0)
    assert told.states == []


def test_25_9_a_switch_is_told_again_and_happens_when_it_is_acknowledged() -> None:
    told, done = Told(), list[bool]()
    told.pings.begin()
    told.pings.hand_over(lambda: done.append(True))
    told.pings.hand_over(lambda: done.append(False))
    told.clock.advance(0.01)
    assert told.states == [(0.0, 2)]
    told.pings.acknowledged()
    told.pings.acknowledged()
    assert done == [True]
    told.clock.advance(0.05)
    assert told.states == [(0.0, 2)]


def test_25_9_without_an_acknowledgement_it_happens_all_the_same() -> None:
    told, done = Told(), list[float]()
    told.pings.begin()
    told.pings.hand_over(lambda: done.append(told.clock.now()))
    told.clock.advance(PATIENCE_S + 0.001)
    assert told.states == [(round(RETRY_S * turn, 3), 2) for turn in range(RETRIES + 1)]
    assert done == [PATIENCE_S]


def test_a_console_that_goes_is_not_waited_for() -> None:
    told, done = Told(), list[bool]()
    told.pings.hand_over(lambda: done.append(True))
    told.pings.end()
    told.clock.advance(PATIENCE_S + 1.0)
    assert done == []
