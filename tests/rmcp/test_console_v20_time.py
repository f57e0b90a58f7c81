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

OPEN, RAKP_2, RAKP_4 = 0x11, 0x13, 0x15
QUICK, NEVER = 0.002, 99.0


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


def begun(*delays: dict[int, float]) -> list[float]:
    """Log in.

    Args:
        delays: seconds until a setup answer comes, by its payload type, if that is not at once: after the
            first Open Session, the second, and so on.

    Returns: when each Open Session was sent.
    """
    bmc, machine, now = BmcV20(), console(), 0.0
    times: list[float] = []
    coming: list[tuple[float, bytes]] = []
    machine.open(now)
    while not machine.events():
        for datagram in machine.outgoing():
            if datagram[5] == 0x10:
                times.append(round(now, 3))
            answer = bmc.take(datagram)
            assert answer is not None
            late = delays[len(times) - 1] if len(times) <= len(delays) else {}
            coming.append((now + late.get(answer[5], QUICK), answer))
        coming.sort()
        due = machine.deadline()
        assert due is not None
        if coming[0][0] <= due:
            now, answer = coming.pop(0)
            machine.receive(answer, now)
        else:
            now = due
            machine.expire(now)
    assert machine.phase is Phase.ACTIVE
    return times


@pytest.mark.parametrize("slow", [{RAKP_2: 1.3}, {RAKP_2: 0.14, RAKP_4: 1.3}])
def test_a_slow_bmc_loses_one_session_and_no_more(slow: dict[int, float]) -> None:
    """Its late answer tells how long it computes, so that the second handshake has the time."""
    assert len(begun(slow, slow, slow)) == 2


def test_nothing_tells_how_slow_a_bmc_is_whose_late_answer_is_lost() -> None:
    slow = {RAKP_2: 1.3}
    assert len(begun({RAKP_2: NEVER}, slow, slow)) == 3


def test_what_was_answered_at_once_is_soon_asked_again() -> None:
    lost = {RAKP_4: NEVER}
    # RAKP 1 was answered at once: 0.3 s, not 0.5.
    assert begun(lost) == [0.0, 0.304]
    assert begun(lost, {RAKP_2: NEVER}) == [0.0, 0.304, 0.606]
    # Open Session was, too: 0.1 s, not 0.2.
    assert begun(lost, {OPEN: NEVER}) == [0.0, 0.304, 0.404]


def test_rakp_4_has_more_time_where_rakp_2_needed_more() -> None:
    """Five times as much computing is in it; 16 times as long is waited, and half a second at most."""
    assert begun({RAKP_2: 0.02, RAKP_4: NEVER}) == [0.0, 0.342]
    assert begun({RAKP_2: 0.1, RAKP_4: NEVER}) == [0.0, 0.602]


def test_each_silence_doubles_the_wait() -> None:
    lost = {RAKP_2: NEVER}
    assert begun(lost, lost, lost) == [0.0, 0.502, 1.504, 3.506]
