"""SOL's start-up handshake (§24.1): when the host's output begins to flow."""

from __future__ import annotations

from typing import Any

from baseboard.bmc.services.sol import HANDSHAKE_S
from tests.bmc.consoles import LanBench, make_lan_bmc


def switched_on(**changes: Any) -> LanBench:
    """A BMC in front of a system that is on."""
    bmc = make_lan_bmc(**changes)
    bmc.power.turn_on()
    return bmc


def test_24_1_a_console_that_keeps_silent_after_the_handshake_is_let_see() -> None:
    bmc = switched_on()
    console = bmc.login()
    console.activate_sol(handshake=True, ready=False)
    bmc.serial.say(b"not yet")
    bmc.advance(HANDSHAKE_S / 2)
    assert console.sealed == []
    bmc.advance(HANDSHAKE_S)
    assert console.screen == b"not yet"


def test_24_1_a_console_that_spoke_after_the_handshake_is_obeyed() -> None:
    bmc = switched_on()
    console = bmc.login()
    console.activate_sol(handshake=True)
    assert console.sol is not None
    console.sol.set_lines(bmc.clock.now(), cts=False, carrier=True)
    bmc.settle()
    bmc.serial.say(b"held")
    bmc.advance(2 * HANDSHAKE_S)
    assert console.screen == b""


def test_24_1_a_console_may_go_before_it_was_let_see() -> None:
    bmc = switched_on()
    console = bmc.login()
    console.activate_sol(handshake=True, ready=False)
    bmc.services.sol.deactivate()
    bmc.serial.say(b"for nobody")
    bmc.advance(2 * HANDSHAKE_S)
    assert console.screen == b""


def test_24_1_with_handshake_nothing_comes_before_the_console_is_ready() -> None:
    bmc = switched_on(strict=True)
    console = bmc.login()
    console.activate_sol(handshake=True, ready=False)
    bmc.serial.say(b"ready?")
    bmc.advance(5)
    assert console.sealed == []
    console.type(b"\r")
    bmc.advance(1)
    assert console.screen == b"ready?"
