"""An activated SOL by itself: what it does to its port, and when it leaves it alone."""

from __future__ import annotations

from baseboard.bmc.ports import LineNotice
from baseboard.rmcp.sol_controller import BUFFER
from tests.bmc.consoles import make_lan_bmc
from tests.conformance.sol.bench import administrator, lined


def test_a_port_without_modem_lines_carries_characters_only() -> None:
    bmc = make_lan_bmc()
    bmc.power.turn_on()
    console = administrator(bmc)
    console.activate_sol(test_mode=True)
    assert console.sol is not None
    console.sol.ring(bmc.clock.now())
    console.sol.set_lines(bmc.clock.now(), cts=False, carrier=False)
    console.sol.flush(bmc.clock.now(), inbound=True)
    bmc.settle()
    bmc.serial.say(b"held here")
    bmc.advance(1)
    assert console.screen == b""
    console.sol.set_lines(bmc.clock.now(), cts=True, carrier=True)
    bmc.advance(1)
    assert console.screen == b"held here"


def test_the_host_is_let_go_on_only_when_there_is_half_the_room_again() -> None:
    bmc, (line,) = lined()
    console = administrator(bmc)
    console.activate_sol()
    console.unplugged = True
    line.say(bytes(BUFFER * 3 // 4 - 300))
    assert line.lines == [(True, True)]
    line.say(bytes(BUFFER // 4))
    assert line.lines == [(True, True), (False, True)]
    console.unplugged = False
    bmc.advance(0.6)
    bmc.advance(20)
    assert line.lines == [(True, True), (False, True), (True, True)]


def test_what_happens_on_the_line_after_the_end_is_no_affair_of_sol() -> None:
    bmc, (line,) = lined()
    console = administrator(bmc)
    console.activate_sol()
    noticed, printed = line.noticed, line.attached
    assert noticed is not None
    assert printed is not None
    bmc.services.sol.deactivate()
    bmc.settle()
    assert (line.noticed, line.attached) == (None, None)
    sent = bmc.services.lan.statistics.sent
    noticed(LineNotice.BREAK)
    printed(b"late")
    bmc.advance(1)
    assert bmc.services.lan.statistics.sent == sent
