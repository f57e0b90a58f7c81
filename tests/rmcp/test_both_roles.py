"""Consoles and a BMC's session table against each other on bad networks: they agree, or they stop."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from baseboard.crypto.suites import SUITES
from baseboard.errors import KeyRefused, LoginRefused, NoSessionSlot, RoleRefused, SuiteRefused, Unreachable
from baseboard.rmcp.console import Console, Phase
from baseboard.rmcp.console_events import (
    Answered,
    Event,
    LoginFailed,
    PayloadArrived,
    SessionEnded,
    SessionOpened,
    Unanswered,
)
from baseboard.rmcp.console_v15 import ConsoleV15
from baseboard.rmcp.console_v20 import ConsoleV20
from baseboard.rmcp.flight import Pace
from baseboard.rmcp.login import Login
from baseboard.rmcp.machine import Address
from baseboard.rmcp.session import PayloadReceived, SessionV20
from baseboard.rmcp.sol import Characters
from baseboard.rmcp.sol_console import SolConsole
from baseboard.rmcp.sol_controller import SolController
from tests.rmcp.bmc import DEVICE_ID, OPS, VIEWER, Bmc
from tests.rmcp.link import Link, Many, One

PORT: Address = ("192.0.2.100", 623)
PATIENT = Pace(timeout=1.0, growth=0.0, attempts=40)
SOL = 1


class Net:
    """A BMC, and consoles that join it."""

    def __init__(self, seed: int = 1, *, slots: int = 8, slowest: float = 0.001, **conditions: float) -> None:
        self.link = Link(seed, delay=(0.001, slowest), **conditions)
        self.random = random.Random(seed + 1)
        self.bmc = Bmc(seed, slots=slots, pending_slots=32)
        self.bmc.rules.limits = dict.fromkeys(SUITES, 4)
        self.bmc.rules.types = dict.fromkeys(range(1, 6), 0b10111)
        self.link.join(Many(self.bmc.table, PORT, self.tend))
        self.consoles = 0

    def tend(self, now: float) -> None:
        self.bmc.now = now
        self.bmc.work()

    def add(self, machine: Console) -> list[Event]:
        """Let a console join and log in; returns the list in which its events will appear."""
        self.consoles += 1
        events: list[Event] = []
        station = One(
            machine, ("192.0.2.1", self.consoles), PORT, lambda now: events.extend(machine.events())
        )
        self.link.join(station)
        machine.open(self.link.now)
        return events

    def v20(self, login: Login, suite: int = 3, pace: Pace = PATIENT, depth: int = 1) -> ConsoleV20:
        return ConsoleV20(login, SUITES[suite], self.random.randbytes, pace=pace, depth=depth)

    def v15(self, login: Login, auth_type: int = 2, pace: Pace = PATIENT) -> ConsoleV15:
        return ConsoleV15(login, auth_type, self.random.randbytes, pace=pace)


def ops(**fields: object) -> Login:
    return Login(**{"username": b"ops", "password": OPS.password, **fields})  # type: ignore[arg-type]  # by name


def failure(events: list[Event]) -> type[Exception]:
    (failed,) = [event for event in events if isinstance(event, LoginFailed)]
    return type(failed.error)


@pytest.mark.parametrize("suite", SUITES)
def test_a_console_of_ours_works_with_a_bmc_of_ours_under_every_suite(suite: int) -> None:
    net = Net()
    console = net.v20(ops(), suite)
    events = net.add(console)
    assert net.link.run(lambda: console.phase is Phase.ACTIVE, limit=5.0)
    assert console.privilege == 4
    token = console.request(*DEVICE_ID, b"", net.link.now)
    assert net.link.run(lambda: any(isinstance(event, Answered) for event in events), limit=5.0)
    answered = events[-1]
    assert isinstance(answered, Answered)
    assert (answered.token, answered.data) == (token, bytes(15))
    console.close(net.link.now)
    assert net.link.run(lambda: console.phase is Phase.CLOSED, limit=5.0)
    assert not net.bmc.table.sessions
    assert [type(event) for event in events] == [SessionOpened, Answered, SessionEnded]


@pytest.mark.parametrize("auth_type", [0, 1, 2, 4])
def test_and_by_v15_under_every_type(auth_type: int) -> None:
    net = Net()
    console = net.v15(ops(), auth_type)
    events = net.add(console)
    assert net.link.run(lambda: console.phase is Phase.ACTIVE, limit=5.0)
    console.request(*DEVICE_ID, b"", net.link.now)
    assert net.link.run(lambda: isinstance(events[-1], Answered), limit=5.0)
    console.close(net.link.now)
    assert net.link.run(lambda: console.phase is Phase.CLOSED, limit=5.0)
    assert not net.bmc.table.sessions


@pytest.mark.parametrize("per_message", [True, False])
def test_v15_consoles_follow_what_the_bmc_says_of_authentication(per_message: bool) -> None:
    net = Net()
    net.bmc.rules.per_message = per_message
    console = net.v15(ops())
    net.add(console)
    assert net.link.run(lambda: console.phase is Phase.ACTIVE, limit=5.0)


@pytest.mark.parametrize(
    ("login", "suite", "error"),
    [
        ({"password": b"wrong"}, 3, LoginRefused),
        ({"username": b"nil"}, 17, LoginRefused),
        ({"kg": b"not the BMC's"}, 3, KeyRefused),
        ({"username": b"viewer", "password": VIEWER.password, "privilege": 3}, 3, RoleRefused),
        ({"privilege": 5}, 3, RoleRefused),
        ({}, 0, SuiteRefused),
    ],
)
def test_a_refusal_has_its_reason(login: dict[str, object], suite: int, error: type[Exception]) -> None:
    net = Net()
    net.bmc.rules.limits[0] = 0
    net.bmc.rules.limits[3] = 5 if login.get("privilege") == 5 else 4
    console = net.v20(ops(**login), suite)
    events = net.add(console)
    net.link.run(lambda: console.phase is Phase.CLOSED, limit=100.0)
    assert failure(events) is error


def test_without_a_slot_both_versions_are_told_so() -> None:
    net = Net(slots=1)
    net.add(net.v20(ops()))
    net.link.run(limit=1.0)
    for console in (net.v20(ops()), net.v15(ops())):
        events = net.add(console)
        net.link.run(until(console, Phase.CLOSED), limit=50.0)
        assert failure(events) is NoSessionSlot


def test_a_bmc_without_v20_gets_given_up() -> None:
    net = Net()
    net.bmc.rules.v20 = False
    events = net.add(net.v20(ops(), pace=Pace(attempts=2)))
    net.link.run(limit=100.0)
    assert failure(events) is Unreachable


@drawn(
    seed=st.integers(0, 2**32),
    suite=st.sampled_from([0, 1, 3, 4, 8, 12, 17]),
    loss=st.floats(0.0, 0.3),
    duplicate=st.floats(0.0, 0.3),
    slowest=st.floats(0.001, 0.4),
    depth=st.integers(1, 4),
)
def test_loss_and_echoes_and_disorder_spoil_no_session(
    seed: int, suite: int, loss: float, duplicate: float, slowest: float, depth: int
) -> None:
    net = Net(seed, loss=loss, duplicate=duplicate, slowest=slowest, slots=60)
    for console in (net.v20(ops(), suite, depth=depth), net.v15(ops())):
        events = net.add(console)
        net.link.run(until(console, Phase.ACTIVE, Phase.CLOSED), limit=300.0)
        # It agrees with the BMC, or it has stopped and knows why.
        if console.phase is Phase.CLOSED:
            assert failure(events)
            continue
        assert console.bmc_session_id in net.bmc.table.sessions
        tokens = [console.request(*DEVICE_ID, b"", net.link.now) for _ in range(5)]
        net.link.run(finished(events, 5), limit=400.0)
        assert sorted(done(events)) == tokens
        console.close(net.link.now)
        net.link.run(until(console, Phase.CLOSED), limit=100.0)
        assert console.phase is Phase.CLOSED
    assert len(net.bmc.table.pending) <= 32


def until(console: Console, *phases: Phase) -> Callable[[], bool]:
    return lambda: console.phase in phases


def finished(events: list[Event], count: int) -> Callable[[], bool]:
    return lambda: len(done(events)) == count


def done(events: list[Event]) -> list[int]:
    return [event.token for event in events if isinstance(event, Answered | Unanswered)]


@drawn(
    seed=st.integers(0, 2**32),
    suite=st.sampled_from([0, 3, 4, 17]),
    loss=st.floats(0.0, 0.2),
    duplicate=st.floats(0.0, 0.2),
    typed=st.binary(min_size=1, max_size=400),
    printed=st.binary(min_size=1, max_size=2000),
)
def test_serial_over_lan_through_a_whole_session(
    seed: int, suite: int, loss: float, duplicate: float, typed: bytes, printed: bytes
) -> None:
    net = Net(seed, slowest=0.02, slots=60)
    console = net.v20(ops(), suite)
    heard = net.add(console)
    net.link.run(lambda: console.phase is Phase.ACTIVE, limit=10.0)
    net.link.loss, net.link.duplicate = loss, duplicate
    (session,) = net.bmc.table.sessions.values()
    assert isinstance(session, SessionV20)
    net.bmc.table.admit_payload(session, SOL, authenticated=True, encrypted=True)
    console.accept_payload(SOL)
    near = SolConsole(100, net.link.now, retries=100, interval=0.2, keep_alive=None)
    far = SolController(
        259, accumulate=0.02, threshold=50, retries=100, interval=0.1, handshake=True, capacity=None
    )
    at_host, at_person = bytearray(), bytearray()

    def carry() -> bool:
        """Do the work of both drivers: payloads between the sessions and the SOL machines."""
        now = net.link.now
        near.expire(now)
        far.expire(now)
        for event in heard:
            if isinstance(event, PayloadArrived):
                near.receive(event.data, now)
        heard.clear()
        for received in net.bmc.seen:
            if isinstance(received, PayloadReceived):
                far.receive(received.data, now)
        net.bmc.seen.clear()
        at_person.extend(b"".join(said.data for said in near.events() if isinstance(said, Characters)))
        at_host.extend(b"".join(said.data for said in far.events() if isinstance(said, Characters)))
        for data in near.outgoing():
            console.send_payload(SOL, data, now)
        for data in far.outgoing():
            net.bmc.table.send_payload(session, SOL, data, authenticated=True, encrypted=True)
        return len(at_host) == len(typed) and len(at_person) == len(printed)

    near.write(typed, net.link.now)
    far.write(printed, net.link.now)
    for _ in range(4000):
        if carry():
            break
        net.link.run(limit=0.05)
    assert (at_host, at_person) == (typed, printed)


def test_a_silent_console_loses_its_session_and_learns_of_it() -> None:
    net = Net()
    console = net.v20(ops(), pace=Pace(attempts=2))
    events = net.add(console)
    net.link.run(lambda: console.phase is Phase.ACTIVE, limit=5.0)
    net.link.run(limit=100.0)
    assert not net.bmc.table.sessions
    console.request(*DEVICE_ID, b"", net.link.now)
    net.link.run(limit=100.0)
    assert isinstance(events[-1], Unanswered)


def test_a_keep_alive_keeps_it() -> None:
    net = Net()
    console = ConsoleV20(ops(), SUITES[3], net.random.randbytes, keep_alive=20.0)
    net.add(console)
    net.link.run(limit=300.0)
    assert console.phase is Phase.ACTIVE
    assert len(net.bmc.table.sessions) == 1


def test_many_consoles_at_once() -> None:
    net = Net(slots=40, loss=0.05, slowest=0.05)
    consoles = [net.v20(ops(), 17) for _ in range(15)] + [net.v20(ops(), 3) for _ in range(10)]
    heard = [net.add(console) for console in consoles]
    assert net.link.run(lambda: all(console.phase is Phase.ACTIVE for console in consoles), limit=60.0)
    for console in consoles:
        console.request(*DEVICE_ID, b"", net.link.now)
    assert net.link.run(lambda: all(len(done(events)) == 1 for events in heard), limit=60.0)
    handles = [session.handle for session in net.bmc.table.sessions.values()]
    assert len(set(handles)) == len(handles) >= 25
