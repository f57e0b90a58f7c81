"""How long the console of a v2.0 login waits, and what it then sends again."""

from __future__ import annotations

import pytest

from baseboard.crypto.suites import SUITES
from baseboard.errors import Unreachable
from baseboard.rmcp.console import Phase
from baseboard.rmcp.console_events import Reason, SessionEnded, SessionOpened
from baseboard.rmcp.console_v20 import ConsoleV20
from baseboard.rmcp.flight import Pace
from tests.rmcp.logins import OPS, console, failed
from tests.rmcp.scripted_bmc import BmcV20, source


def test_a_late_answer_to_open_session_counts() -> None:
    """A BMC that needs more than a moment for it is asked twice, and its first answer taken."""
    bmc = BmcV20()
    machine = console()
    machine.open(0.0)
    (asked,) = machine.outgoing()
    machine.expire(0.2)
    assert machine.outgoing() == [asked]
    assert machine.deadline() == pytest.approx(0.6), "then twice as long"
    answer = bmc.take(asked)
    assert answer is not None
    machine.receive(answer, 0.6)
    assert machine.repeated
    assert machine.phase is Phase.RAKP_2
    assert machine.deadline() == pytest.approx(0.6 + 1.0), "the pace that was asked for"
    machine.receive(answer, 0.7)
    assert machine.dropped == 1
    bmc.serve(machine, 0.7)
    assert isinstance(machine.events()[0], SessionOpened)


def test_every_step_that_is_taken_gives_time_for_the_next() -> None:
    bmc = BmcV20()
    machine = ConsoleV20(OPS, SUITES[3], source(), pace=Pace(1.0, 1.0, 2))
    machine.open(0.0)
    answer = bmc.take(machine.outgoing()[0])
    assert answer is not None
    machine.receive(answer, 2.9)
    for _ in range(2):
        machine.expire(3.5)
    assert machine.events() == []
    assert machine.phase is Phase.RAKP_2


def test_silence_after_the_login() -> None:
    bmc = BmcV20()

    def answer_no_more(answer: bytes) -> bytes:
        bmc.silent = 99
        return answer

    bmc.mangle[0x15] = answer_no_more
    error = failed(bmc)
    assert (type(error), error.stage) == (Unreachable, "Set Session Privilege Level")


def test_closing_a_login_half_way() -> None:
    bmc = BmcV20()
    for kind in (0x11, 0x13, 0x15):
        machine = console()
        bmc.mangle = {kind: lambda answer: None}
        machine.open(0.0)
        bmc.serve(machine)
        machine.close(0.5)
        assert machine.events() == [SessionEnded(Reason.CLOSED)]
        assert machine.deadline() is None
        assert machine.outgoing() == []
