"""The controller's end of the VM protocol at work, with machines in memory."""

from __future__ import annotations

import logging
import socket
from pathlib import Path

import pytest

from baseboard.bmc.backends.vm_link import ECHO, PATIENCE, VmLink, open_socket
from baseboard.errors import TransportError
from baseboard.links.vm import (
    ALL,
    Ability,
    Code,
    framed_control,
    framed_message,
)
from baseboard.links.vm_machine import (
    Attention,
    Interrupts,
    Ordered,
    VmEnd,
)
from baseboard.testing.clock import VirtualClock
from tests.bmc.backends.fake_machine import FakeSocket
from tests.bmc.fake_board import FakeBoard
from tests.transports.wires import Ear


class Bench:
    """A link, its BMC, its socket; and what its backend hears."""

    def __init__(self, listen: str = "tcp:127.0.0.1:0") -> None:
        self.clock = VirtualClock()
        self.socket = FakeSocket(self.clock)
        self.board = FakeBoard()
        self.board.answers[6, 1] = b"\x00\x20"
        self.heard: list[str] = []
        self.link = VmLink(listen, self.clock, self, self.socket.open)
        self.link.connect(self.board)

    def came(self) -> None:
        self.heard.append("came")

    def went(self) -> None:
        self.heard.append("went")

    def was_reset(self) -> None:
        self.heard.append("reset")


@pytest.fixture
def bench() -> Bench:
    made = Bench()
    made.link.start()
    return made


def test_the_place_is_known_once_it_listens() -> None:
    bench = Bench()
    assert bench.link.place == "tcp:127.0.0.1:0"
    bench.link.start()
    assert bench.link.place == "tcp:127.0.0.1:4711"


def test_a_place_that_cannot_be_had() -> None:
    bench = Bench()
    bench.socket.refuses = True
    with pytest.raises(TransportError):
        bench.link.start()
    bench.link.stop()


def test_a_machine_is_there_once_it_speaks(bench: Bench) -> None:
    bench.socket.come(None)
    assert bytes(bench.socket.raw) == framed_control(Code.VERSION, 1)
    assert not bench.link.here
    bench.socket.listener.received(framed_control(Code.VERSION, 1)[:1])
    assert bench.heard == []
    bench.socket.listener.received(framed_control(Code.VERSION, 1)[1:])
    assert (bench.heard, bench.link.here) == (["came"], True)
    bench.clock.advance(PATIENCE + 1)
    assert bench.socket.dismissed == 0
    bench.socket.leave()
    assert (bench.heard, bench.link.here) == (["came", "went"], False)


def test_an_old_machine_that_only_asks_is_one_too(bench: Bench) -> None:
    bench.socket.come(None)
    bench.socket.listener.received(framed_message(b"\x01\x18\x01"))
    assert bench.heard == ["came"]
    assert bytes(bench.socket.raw).endswith(framed_message(b"\x01\x1c\x01\x00\x20"))
    assert not bench.link.order(Code.RESET)


def test_whoever_says_nothing_is_sent_away(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    bench.socket.come(None)
    bench.clock.advance(PATIENCE - 0.1)
    bench.socket.listener.received(b"GET / HTTP/1.1\r\n")
    assert bench.socket.dismissed == 0
    bench.clock.advance(0.2)
    assert (bench.socket.dismissed, bench.heard) == (1, [])
    assert "nothing of the protocol" in caplog.text
    bench.socket.appear()
    assert bench.heard == ["came"]


def test_another_version_is_told_of(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    bench.socket.come(None)
    bench.socket.listener.received(framed_control(Code.VERSION, 2))
    assert "version 2" in caplog.text


def test_requests_are_answered(bench: Bench) -> None:
    bench.socket.appear()
    assert bench.socket.ask(b"\x18\x01") == b"\x1c\x01\x00\x20"
    assert bench.socket.ask(b"\x19\x02\x05\x06") == b"\x1d\x02\xc1"
    assert bench.board.requests == [(6, 0, 1, b""), (6, 1, 2, b"\x05\x06")]


def test_the_probe_of_ssif_is_answered(bench: Bench) -> None:
    """63 bytes of zeros behind Get Device ID: any answer will do, but one must come."""
    bench.board.answers[6, 1] = b"\xc7"
    bench.socket.appear()
    assert bench.socket.ask(b"\x18\x01" + bytes(63)) == b"\x1c\x01\xc7"


def test_two_requests_of_one_number_are_answered_in_order(bench: Bench) -> None:
    bench.socket.appear()
    bench.board.late = True
    bench.board.answers[6, 0x2F] = b"\x00\x08"
    bench.socket.raw.clear()
    bench.socket.listener.received(framed_message(b"\x05\x18\x01") + framed_message(b"\x05\x18\x2f"))
    first, second = bench.board.waiting
    second()
    assert bytes(bench.socket.raw) == b""
    first()
    assert bytes(bench.socket.raw) == framed_message(b"\x05\x1c\x01\x00\x20") + framed_message(
        b"\x05\x1c\x2f\x00\x08"
    )


def test_an_answer_that_comes_after_a_reconnect_is_dropped(bench: Bench) -> None:
    bench.socket.appear()
    bench.board.late = True
    assert bench.socket.ask(b"\x18\x01") is None
    (late,) = bench.board.waiting
    bench.socket.leave()
    late()
    bench.socket.appear()
    bench.socket.raw.clear()
    late()
    assert bytes(bench.socket.raw) == b""


def test_attention_and_interrupts(bench: Bench) -> None:
    bench.socket.appear()
    bench.board.raise_flags(2)
    assert bench.socket.events() == [Attention(True)]
    bench.board.raise_flags(0)
    assert bench.socket.events() == [Attention(False)]
    bench.board.raise_flags(0, interrupts=True)
    assert bench.socket.events() == [Interrupts(True)]
    bench.board.raise_flags(8)
    bench.board.raise_flags(9)
    assert bench.socket.events() == [Attention(True, True)]


def test_interrupts_are_enabled_before_the_answer_goes_out(bench: Bench) -> None:
    bench.socket.appear()
    bench.board.late = True
    bench.socket.ask(b"\x18\x2e\x01")
    bench.board.raise_flags(0, interrupts=True)
    bench.board.waiting[0]()
    assert bytes(bench.socket.raw).endswith(
        framed_control(Code.INTERRUPTS_ON) + framed_message(b"\x00\x1c\x2e\xc1")
    )


def test_how_things_are_is_told_to_each_machine_that_comes(bench: Bench) -> None:
    bench.board.raise_flags(1, interrupts=True)
    for _ in range(2):
        machine = VmEnd()
        bench.socket.come(machine)
        assert machine.spoken == 1
        assert bench.socket.events() == [Interrupts(True), Attention(True, True)]
        bench.socket.leave()
    assert bench.heard == ["came", "went"] * 2


def test_nobody_is_told_anything_while_nobody_is_there(bench: Bench) -> None:
    bench.board.raise_flags(1, interrupts=True)
    assert not bench.link.order(Code.POWER_OFF)
    assert not bench.link.can(Code.POWER_OFF)


def test_orders(bench: Bench) -> None:
    bench.socket.appear(ALL & ~Ability.NMI)
    for code in (Code.POWER_OFF, Code.RESET, Code.SHUT_DOWN):
        assert bench.link.order(code)
        assert bench.socket.events() == [Ordered(code)]
    assert not bench.link.order(Code.NMI)
    assert bench.socket.events() == []


def test_a_reset_of_the_machines_own_is_told_one_that_was_ordered_is_not(bench: Bench) -> None:
    machine = bench.socket.appear()
    machine.tell_reset()
    bench.socket.pump()
    assert bench.heard == ["came", "reset"]
    bench.link.order(Code.RESET)
    machine.tell_reset()
    bench.socket.pump()
    assert bench.heard == ["came", "reset"]
    machine.tell_reset()
    bench.socket.pump()
    assert bench.heard == ["came", "reset", "reset"]
    bench.link.order(Code.RESET)
    bench.clock.advance(ECHO)
    machine.tell_reset()
    bench.socket.pump()
    assert bench.heard == ["came", "reset", "reset", "reset"]


def test_a_machine_that_does_not_read_is_sent_away(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    bench.socket.appear()
    bench.socket.reads = False
    bench.board.raise_flags(1)
    assert (bench.socket.dismissed, bench.heard) == (1, ["came", "went"])
    assert "does not read" in caplog.text


def test_the_end(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    bench.socket.come(None)
    bench.link.stop()
    assert bench.socket.closed
    bench.clock.advance(PATIENCE + 1)
    bench.socket.listener.changed()
    bench.board.raise_flags(1)
    assert (bench.heard, bench.socket.dismissed) == ([], 0)
    bench.link.stop()


def test_what_a_socket_never_tells_is_harmless(bench: Bench) -> None:
    bench.link.broken()
    bench.link.lost(TransportError("?"))
    assert bench.heard == []


async def test_it_listens_for_real(tmp_path: Path) -> None:
    opened = open_socket(f"unix:{tmp_path}/vm", Ear())
    with socket.socket(socket.AF_UNIX) as machine:
        machine.connect(str(tmp_path / "vm"))
    opened.close()
