"""§15.6, §15.9: modem lines, breaks, RI and flushes between the console and the host's serial port."""

from __future__ import annotations

from baseboard.bmc.ports import LineNotice
from baseboard.rmcp.sol_console import ConsoleNotice, SolConsole
from tests.bmc.consoles import LanBench, Terminal
from tests.bmc.serial_lines import FakeLine
from tests.conformance.sol.bench import administrator, lined


def opened() -> tuple[LanBench, FakeLine, Terminal, SolConsole]:
    bmc, (line,) = lined()
    console = administrator(bmc)
    console.activate_sol()
    assert console.sol is not None
    return bmc, line, console, console.sol


def test_15_9_cts_and_carrier_follow_the_console_in_every_packet() -> None:
    bmc, line, _, sol = opened()
    assert line.lines == [(True, True)]
    sol.set_lines(bmc.clock.now(), cts=False, carrier=True)
    bmc.settle()
    sol.set_lines(bmc.clock.now(), cts=False, carrier=False)
    bmc.settle()
    sol.set_lines(bmc.clock.now(), cts=True, carrier=True)
    bmc.settle()
    assert line.lines == [(True, True), (False, True), (False, False), (True, True)]


def test_24_1_with_the_handshake_the_lines_stay_deasserted_until_the_first_packet() -> None:
    bmc, (line,) = lined(strict=True)
    console = administrator(bmc)
    console.activate_sol(handshake=True, ready=False)
    bmc.advance(5)
    assert line.lines == []
    assert console.sol is not None
    console.sol.flush(bmc.clock.now())
    bmc.settle()
    assert line.lines == [(True, True)]


def test_15_6_the_host_is_held_by_cts_while_the_buffer_is_full_and_nothing_is_lost() -> None:
    bmc, line, console, _ = opened()
    console.unplugged = True
    text = bytes(range(32, 127)) * 40
    line.say(text)
    assert line.lines[-1] == (False, True)
    console.unplugged = False
    bmc.advance(20)
    assert line.lines[-1] == (True, True)
    assert console.screen == text
    assert console.notices == []


def test_15_9_a_break_goes_both_ways_between_its_characters() -> None:
    bmc, line, console, sol = opened()
    line.say(b"before")
    line.notice(LineNotice.BREAK)
    line.say(b"after")
    bmc.advance(1)
    assert console.notices == [ConsoleNotice.BREAK]
    assert console.screen == b"beforeafter"
    console.type(b"one")
    sol.send_break(bmc.clock.now())
    console.type(b"two")
    bmc.settle()
    assert (line.breaks, bytes(line.typed)) == (1, b"onetwo")


def test_15_9_ri_rings_once() -> None:
    bmc, line, _, sol = opened()
    sol.ring(bmc.clock.now())
    bmc.settle()
    assert line.rings == 1
    bmc.advance(60)
    assert line.rings == 1


def test_15_9_flush_inbound_drops_what_the_host_has_not_got() -> None:
    bmc, line, console, sol = opened()
    line.room = 3
    console.type(b"abcdef")
    assert line.typed == b"abc"
    sol.flush(bmc.clock.now(), inbound=True)
    bmc.settle()
    assert line.dropped == 1
    line.room = 100
    bmc.advance(1)
    assert line.typed == b"abc"


def test_15_9_flush_outbound_drops_what_the_console_has_not_got() -> None:
    bmc, line, console, sol = opened()
    console.unplugged = True
    line.say(b"old")
    bmc.advance(0.2)
    console.unplugged = False
    sol.flush(bmc.clock.now(), outbound=True)
    bmc.settle()
    line.say(b"new")
    bmc.advance(5)
    assert console.screen == b"new"


def test_15_9_a_far_end_that_goes_takes_no_characters_until_it_is_back() -> None:
    bmc, line, console, _ = opened()
    line.there = False
    line.notice(LineNotice.CARRIER)
    bmc.settle()
    assert console.notices == [ConsoleNotice.UNAVAILABLE]
    console.type(b"kept")
    assert line.typed == b""
    line.there = True
    line.notice(LineNotice.CARRIER)
    bmc.advance(10)
    assert console.notices == [ConsoleNotice.UNAVAILABLE, ConsoleNotice.AVAILABLE]
    assert line.typed == b"kept"


def test_15_9_the_ports_hear_of_the_power() -> None:
    bmc, lines = lined(2)
    bmc.power.turn_off()
    assert [line.powered[-1] for line in lines] == [False, False]
