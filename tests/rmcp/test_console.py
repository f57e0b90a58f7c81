"""What the console's sessions of both versions have in common."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from baseboard.commands.app.sessions import SetSessionPrivilegeLevel
from baseboard.crypto.suites import SUITES
from baseboard.errors import EncodeError, LocalProtocolError, NotIpmi, RoleRefused, Unreachable
from baseboard.rmcp.console import Console, Phase, Seen, refusal_text
from baseboard.rmcp.console_events import (
    Answered,
    LoginFailed,
    Reason,
    SessionEnded,
    SessionOpened,
    Unanswered,
)
from baseboard.rmcp.console_v15 import ConsoleV15
from baseboard.rmcp.console_v20 import ConsoleV20
from baseboard.rmcp.flight import Pace
from baseboard.rmcp.login import Login
from tests.rmcp.scripted_bmc import BmcV15, BmcV20, ScriptedBmc, source

OPS = Login(username=b"ops", password=b"password")
PACE = Pace(1.0, 0.0, 3)
VERSIONS = pytest.mark.parametrize("version", [15, 20])


def pair(version: int, login: Login = OPS, **options: Any) -> tuple[Console, ScriptedBmc]:
    if version == 15:
        return ConsoleV15(login, 2, source(), pace=PACE, **options), BmcV15(2)
    return ConsoleV20(login, SUITES[17], source(), pace=PACE, **options), BmcV20(17)


def opened(version: int, **options: Any) -> tuple[Console, ScriptedBmc]:
    machine, bmc = pair(version, **options)
    machine.open(0.0)
    bmc.serve(machine)
    assert isinstance(machine.events()[0], SessionOpened)
    return machine, bmc


@VERSIONS
def test_every_pair_of_phase_and_event(version: int) -> None:
    """A pair with a row goes where the row says; one without leaves everything as it is."""
    for phase, seen in itertools.product(Phase, Seen):
        machine, _ = opened(version)
        machine.phase = phase
        row = machine.TABLE.get((phase, seen))
        if row is None:
            with pytest.raises(LocalProtocolError):
                machine._step(seen, 1.0)
            assert machine.phase is phase
        else:
            machine._step(seen, 1.0)
            assert machine.phase is row.next
        assert len(machine.events()) <= 2


@VERSIONS
def test_every_phase_can_be_left(version: int) -> None:
    machine, _ = pair(version)
    reached, edge = {Phase.IDLE}, {Phase.IDLE}
    while edge:
        edge = {row.next for (phase, _), row in machine.TABLE.items() if phase in edge} - reached
        reached |= edge
    assert {phase for phase, _ in machine.TABLE} == reached
    for phase in reached:
        assert (phase, Seen.CLOSE) in machine.TABLE
        assert phase is Phase.CLOSED or any(
            row.next is not phase for (where, _), row in machine.TABLE.items() if where is phase
        )


@VERSIONS
def test_requests_go_one_at_a_time(version: int) -> None:
    machine, bmc = opened(version)
    tokens = [machine.request(6, 1, b"", 1.0) for _ in range(3)]
    assert len(machine.outgoing()) == 1
    machine.expire(2.0)
    bmc.serve(machine, 2.0)
    assert [event.token for event in machine.events() if isinstance(event, Answered)] == tokens


@VERSIONS
def test_a_repetition_has_a_new_number_and_the_same_rq_seq(version: int) -> None:
    machine, bmc = opened(version)
    token = machine.request(6, 1, b"", 1.0)
    (first,) = machine.outgoing()
    machine.expire(2.0)
    (second,) = machine.outgoing()
    assert first != second
    answers = [bmc.take(first), bmc.take(second)]
    assert len({request.rq_seq for request in bmc.requests[-2:]}) == 1
    for answer in answers:
        assert answer is not None
        machine.receive(answer, 2.5)
    (event,) = machine.events()
    assert isinstance(event, Answered)
    assert event.token == token
    assert machine.dropped == 1, "the second answer is nobody's"


@VERSIONS
def test_an_unanswered_request_leaves_the_session_open(version: int) -> None:
    machine, bmc = opened(version)
    token = machine.request(0, 2, b"\1", 1.0)
    for now in (2.0, 3.0, 4.0):
        assert machine.deadline() == now
        machine.expire(now)
    assert machine.events() == [Unanswered(token, 3)]
    assert len(machine.outgoing()) == 3
    machine.request(6, 1, b"", 5.0)
    bmc.serve(machine, 5.0)
    assert isinstance(machine.events()[0], Answered)


@VERSIONS
def test_privilege_follows_the_answers(version: int) -> None:
    machine, bmc = opened(version)
    assert machine.privilege == 4
    machine.set_privilege(2, 1.0)
    bmc.serve(machine, 1.0)
    assert machine.privilege == 2
    bmc.replies[0x06, 0x3B] = b"\x81"
    machine.set_privilege(4, 1.0)
    bmc.serve(machine, 1.0)
    assert machine.privilege == 2
    bmc.replies[0x06, 0x3B] = b"\x00"
    machine.set_privilege(4, 1.0)
    bmc.serve(machine, 1.0)
    assert machine.privilege == 2
    bmc.replies[0x06, 0x3B] = b"\x00\x04"
    machine.request(0x06, 0x3B, b"\x00", 1.0)
    bmc.serve(machine, 1.0)
    assert machine.privilege == 4
    assert [type(event) for event in machine.events()] == [Answered] * 4
    with pytest.raises(EncodeError):
        machine.set_privilege(16, 1.0)


@VERSIONS
def test_close_ends_the_requests_under_way(version: int) -> None:
    machine, bmc = opened(version)
    first, second = machine.request(6, 1, b"", 1.0), machine.request(6, 1, b"", 1.0)
    machine.outgoing()
    machine.close(1.5)
    machine.close(1.6)
    assert machine.events() == [Unanswered(first, 1), Unanswered(second, 0)]
    with pytest.raises(LocalProtocolError, match="closing"):
        machine.request(6, 1, b"", 1.7)
    bmc.serve(machine, 2.0)
    assert machine.events() == [SessionEnded(Reason.CLOSED)]
    machine.close(3.0)
    assert machine.events() == machine.outgoing() == []
    assert bmc.commands().count(0x3C) == 1


@VERSIONS
def test_22_19_no_answer_to_close_session_is_as_good(version: int) -> None:
    machine, _ = opened(version)
    machine.close(1.0)
    machine.expire(2.0)
    machine.expire(3.0)
    assert len(machine.outgoing()) == 2
    assert machine.events() == [SessionEnded(Reason.CLOSED)]
    assert machine.deadline() is None


@VERSIONS
def test_close_before_open(version: int) -> None:
    machine, _ = pair(version)
    machine.close(0.0)
    assert machine.events() == [SessionEnded(Reason.CLOSED)]
    with pytest.raises(LocalProtocolError):
        machine.open(1.0)


@VERSIONS
def test_close_while_the_privilege_is_raised(version: int) -> None:
    machine, bmc = pair(version)
    bmc.replies[0x06, 0x3B] = b"\xcf"
    machine.open(0.0)
    bmc.serve(machine)
    assert machine.phase is Phase.SET_PRIVILEGE
    machine.close(1.0)
    bmc.serve(machine, 1.0)
    assert machine.events() == [SessionEnded(Reason.CLOSED)]
    assert bmc.commands()[-1] == 0x3C


@VERSIONS
def test_silence_while_the_privilege_is_raised(version: int) -> None:
    machine, bmc = pair(version)
    bmc.replies[0x06, 0x3B] = b"\xcf"
    machine.open(0.0)
    bmc.serve(machine)
    assert machine.deadline() == 0.1, "the first packet after a login may be too early"
    for now in (0.1, 0.3, 0.7, 1.5, 2.5, 3.0):
        assert machine.events() == []
        machine.expire(now)
        bmc.serve(machine)
    (event,) = machine.events()
    assert isinstance(event, LoginFailed)
    assert type(event.error) is Unreachable
    assert event.error.stage == "Set Session Privilege Level"


@VERSIONS
@pytest.mark.parametrize("borne", [False, True])
def test_raising_refused(version: int, borne: bool) -> None:
    login = Login(username=b"ops", password=b"password", keep_lower=borne)
    machine, bmc = pair(version, login)
    bmc.replies[0x06, 0x3B] = b"\x81"
    machine.open(0.0)
    bmc.serve(machine)
    (event,) = machine.events()
    if borne:
        assert isinstance(event, SessionOpened)
        assert event.privilege == machine.privilege == 2
    else:
        assert isinstance(event, LoginFailed)
        assert type(event.error) is RoleRefused
        assert bmc.commands()[-1] == 0x3C


@VERSIONS
def test_a_user_needs_no_raising(version: int) -> None:
    machine, bmc = pair(version, Login(username=b"ops", password=b"password", privilege=2))
    machine.open(0.0)
    bmc.serve(machine)
    assert isinstance(machine.events()[0], SessionOpened)
    assert 0x3B not in bmc.commands()
    assert "ops" in repr(machine)
    assert "password" not in repr(machine)


def test_answers_that_make_no_sense() -> None:
    machine, bmc = pair(20)
    assert isinstance(bmc, BmcV20)
    bmc.mangle[0x11] = lambda answer: answer[:20]
    machine.open(0.0)
    bmc.serve(machine)
    while (due := machine.deadline()) is not None:
        machine.expire(due)
        bmc.serve(machine, due)
    (event,) = machine.events()
    assert isinstance(event, LoginFailed)
    assert type(event.error) is NotIpmi


@VERSIONS
def test_an_idle_session_is_kept_alive(version: int) -> None:
    machine, bmc = opened(version, keep_alive=20.0)
    assert machine.deadline() == 20.0
    machine.expire(19.9)
    assert machine.outgoing() == []
    machine.expire(20.0)
    bmc.serve(machine, 20.0)
    assert bmc.commands()[-1] == 0x01
    assert machine.events() == []
    assert machine.deadline() == 40.0
    machine.request(6, 1, b"", 35.0)
    assert machine.deadline() == 35.1
    bmc.serve(machine, 35.0)
    assert machine.deadline() == 55.0
    machine.expire(54.0)
    assert machine.outgoing() == []


@VERSIONS
def test_a_session_that_is_not_answered_any_more_is_lost(version: int) -> None:
    machine, _ = opened(version, keep_alive=20.0)
    for now in (20.0, 20.1, 20.3, 20.7, 21.5, 22.5):
        assert machine.deadline() == pytest.approx(now)
        machine.expire(now)
    token = machine.request(6, 1, b"", 22.5)
    machine.expire(23.0)
    assert machine.events() == [Unanswered(token, 0), SessionEnded(Reason.LOST)]
    assert machine.phase is Phase.CLOSED
    assert machine.deadline() is None


@VERSIONS
def test_a_closed_session_takes_nothing(version: int) -> None:
    machine, bmc = opened(version)
    machine.request(6, 1, b"", 1.0)
    answer = bmc.take(machine.outgoing()[0])
    assert answer is not None
    machine.close(1.0)
    machine.expire(2.0)
    machine.expire(3.0)
    machine.events()
    machine.receive(answer, 4.0)
    assert machine.events() == []
    assert machine.dropped == 1


def test_a_kind_of_console_has_to_say_what_its_keys_are() -> None:
    assert Console.__abstractmethods__ == {"_forget_keys", "_take", "_transmit"}


def test_texts_of_refusals() -> None:
    assert "exceeds" in refusal_text(SetSessionPrivilegeLevel, 0x81)
    assert refusal_text(SetSessionPrivilegeLevel, 0xC1)
