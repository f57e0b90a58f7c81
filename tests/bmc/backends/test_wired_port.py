"""A wire as a serial port of the host: opened again when it is lost, held by CTS, told of."""

from __future__ import annotations

import logging
from typing import Any, cast

import pytest

from baseboard.bmc.backends.wired_port import FIRST_PAUSE, LONGEST_PAUSE, WiredPort
from baseboard.bmc.ports import LineNotice, Outputs, SerialSignals
from baseboard.errors import TransportError
from baseboard.testing.clock import VirtualClock
from baseboard.transports.wire import Listener, ModemLines


class FakeWire:
    """A wire that does as a test says, and notes what was done to it."""

    place = "the far end"

    def __init__(self) -> None:
        self.carrier = True
        self.done: list[object] = []
        self.written = bytearray()

    def write(self, data: bytes) -> int:
        self.written += data
        return len(data)

    def drop_written(self) -> None:
        self.written.clear()

    def hold(self, held: bool) -> None:
        self.done.append(("hold", held))

    def set_rate(self, bits_per_second: int) -> None:
        self.done.append(("rate", bits_per_second))

    def send_break(self) -> None:
        self.done.append("break")

    def set_carrier(self, asserted: bool) -> None:
        self.done.append(("carrier", asserted))

    def outputs(self) -> ModemLines:
        return ModemLines(rts=True, dtr=False)

    def power_changed(self, on: bool) -> None:
        self.done.append(("power", on))

    def close(self) -> None:
        self.done.append("close")


class Bench:
    """A port, its clock, and the wires that it opened.

    Attributes:
        refused: opening fails.
        rang: how often the host was woken.
    """

    def __init__(self) -> None:
        self.clock = VirtualClock(now=100.0)
        self.wires: list[FakeWire] = []
        self.tried = 0
        self.refused = False
        self.rang = 0
        self.port = WiredPort(self.clock, cast("Any", self._open), self._wake)
        self.notices: list[LineNotice] = []
        self.port.watch(self.notices.append)

    def _open(self, bits_per_second: int, listener: Listener) -> FakeWire:
        del bits_per_second
        self.tried += 1
        if self.refused:
            raise TransportError("nobody there")
        self.wires.append(FakeWire())
        listener.opened()
        return self.wires[-1]

    def _wake(self) -> None:
        self.rang += 1

    @property
    def wire(self) -> FakeWire:
        return self.wires[-1]


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_before_it_is_open_nothing_is_there(bench: Bench) -> None:
    port = bench.port
    assert isinstance(port, SerialSignals)
    assert (port.write(b"x"), port.carrier(), port.outputs(), port.place) == (
        0,
        False,
        Outputs(False, False),
        "",
    )
    port.send_break()
    port.set_lines(cts=True, carrier=True)
    port.drop_written()
    port.power_changed(True)
    port.stop()
    assert bench.tried == 0


def test_characters_breaks_lines_and_power_go_through(bench: Bench) -> None:
    port = bench.port
    port.set_rate(9600)
    port.start()
    assert (port.place, port.carrier()) == ("the far end", True)
    assert bench.wire.done == [("rate", 9600)]
    got: list[bytes] = []
    port.received(b"nobody listens")
    port.attach(got.append)
    port.received(b"text")
    assert (port.write(b"typed"), bytes(bench.wire.written), got) == (5, b"typed", [b"text"])
    port.drop_written()
    assert not bench.wire.written
    bench.wire.done.clear()
    port.set_rate(19200)
    port.send_break()
    port.set_lines(cts=False, carrier=False)
    port.set_lines(cts=True, carrier=True)
    port.power_changed(False)
    assert bench.wire.done == [
        ("rate", 19200), "break", ("hold", True), ("carrier", False), ("hold", False), ("carrier", True),
        ("power", False),
    ]  # fmt: skip
    assert port.outputs() == Outputs(rts=True, dtr=False)
    port.broken()
    port.changed()
    assert bench.notices[-3:] == [LineNotice.CARRIER, LineNotice.BREAK, LineNotice.CARRIER]
    port.ring()
    assert bench.rang == 1
    WiredPort(bench.clock, bench.port._open_wire).ring()  # a host that cannot be woken
    assert bench.rang == 1


def test_a_connection_that_comes_about_later_is_told(bench: Bench) -> None:
    bench.port.start()
    bench.notices.clear()
    bench.port.opened()
    assert bench.notices == [LineNotice.CARRIER]


def test_who_leaves_lets_the_far_end_go_on(bench: Bench) -> None:
    bench.port.start()
    bench.port.attach(lambda data: None)
    bench.port.set_lines(cts=False, carrier=True)
    bench.port.attach(None)
    assert bench.wire.done[-1] == ("hold", False)


def test_a_lost_wire_is_opened_again_after_ever_longer_pauses(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.port.start()
    bench.port.attach(lambda data: None)
    bench.port.set_lines(cts=False, carrier=True)
    bench.refused = True
    with caplog.at_level(logging.WARNING):
        bench.port.lost(TransportError("gone"))
    assert (bench.port.carrier(), bench.notices[-1]) == (False, LineNotice.CARRIER)
    pauses, before = [], bench.clock.now()
    for _ in range(9):
        due = bench.clock.next_due()
        assert due is not None
        bench.clock.advance_to(due)
        pauses.append(due - before)
        before = due
    assert pauses == [FIRST_PAUSE * 2**n for n in range(6)] + [LONGEST_PAUSE] * 3
    assert len(caplog.records) == 1  # said once, not each time
    bench.refused = False
    bench.clock.advance(LONGEST_PAUSE)
    assert bench.port.carrier()
    assert bench.wire.done == [("rate", 115200), ("hold", True)]


def test_a_wire_that_was_good_for_a_while_is_opened_again_soon(bench: Bench) -> None:
    bench.refused = True
    bench.port.start()
    bench.clock.advance(10)
    bench.refused = False
    bench.clock.advance(LONGEST_PAUSE)
    bench.clock.advance(60)
    bench.port.lost(TransportError("gone"))
    due = bench.clock.next_due()
    assert due is not None
    assert due - bench.clock.now() == FIRST_PAUSE


def test_a_port_that_is_stopped_opens_nothing_any_more(bench: Bench) -> None:
    bench.port.start()
    bench.port.stop()
    assert bench.wire.done[-1] == "close"
    bench.port.lost(TransportError("late"))
    assert bench.clock.next_due() is None
    bench.refused = True
    bench.port.start()
    bench.port.stop()
    assert bench.clock.next_due() is None
