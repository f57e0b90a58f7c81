"""Console and session table against each other, on virtual time and a network as bad as drawn."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baseboard.crypto.suites import SUITES
from baseboard.errors import LoginRefused, RoleRefused, SuiteRefused, Unreachable, UserRefused
from baseboard.rmcp.console import Console, Phase
from baseboard.rmcp.console_events import (
    Answered,
    Event,
    LoginFailed,
    SessionEnded,
    SessionOpened,
    Unanswered,
)
from baseboard.rmcp.console_v15 import ConsoleV15
from baseboard.rmcp.console_v20 import ConsoleV20
from baseboard.rmcp.flight import Pace
from baseboard.rmcp.login import Login
from tests.rmcp.bmc import HERE, THERE, Bmc
from tests.rmcp.link import Link, Many, One
from tests.rmcp.scripted_bmc import source

OPS = Login(username=b"ops", password=b"secret")
KG = b"twenty bytes of key!"


class Ends:
    """A console and a BMC joined by a link, and all that the console reported."""

    def __init__(self, console: Console, link: Link, bmc: Bmc | None = None) -> None:
        self.console, self.link, self.bmc = console, link, bmc or Bmc()
        self.seen: list[Event] = []
        link.join(
            One(console, HERE, THERE, self.note), Many(self.bmc.table, THERE, lambda now: self.work(now))
        )

    def note(self, now: float) -> None:
        self.seen += self.console.events()

    def work(self, now: float) -> None:
        self.bmc.now = now
        self.bmc.work()

    def until(self, *kinds: type) -> Any:
        """Run until an event of these kinds is reported, and return the last of them."""

        def found() -> list[Event]:
            return [event for event in self.seen if isinstance(event, kinds)]

        assert self.link.run(lambda: bool(found()), limit=500)
        return found()[-1]


def console_of(version: int, login: Login = OPS, **options: Any) -> Console:
    pace = Pace(0.5, 0.25, 5)
    if version < 20:
        return ConsoleV15(login, version, source(), pace=pace, **options)
    return ConsoleV20(login, SUITES[version - 20], source(), pace=pace, **options)


def all_suites() -> Bmc:
    bmc = Bmc()
    bmc.rules.limits = dict.fromkeys(range(20), 4)
    bmc.rules.types = dict.fromkeys(range(1, 6), 0b10111)
    return bmc


EVERY_LOGIN = [0, 1, 2, 4, *range(20, 40)]


@pytest.mark.parametrize("version", EVERY_LOGIN)
def test_every_kind_of_login_over_a_perfect_network(version: int) -> None:
    ends = Ends(console_of(version), Link(1), all_suites())
    ends.console.open(0.0)
    opened = ends.until(SessionOpened, LoginFailed)
    assert isinstance(opened, SessionOpened), opened
    assert opened.privilege == 4
    tokens = [ends.console.request(6, 1, b"", ends.link.now) for _ in range(5)]
    assert ends.link.run(lambda: len(answers(ends)) == 5, limit=10)
    assert [event.token for event in answers(ends)] == tokens
    ends.console.close(ends.link.now)
    ends.until(SessionEnded)
    assert ends.console.phase is Phase.CLOSED
    assert ends.console.dropped == 0


def answers(ends: Ends) -> list[Answered]:
    return [event for event in ends.seen if isinstance(event, Answered)]


@pytest.mark.parametrize("suite", [3, 17])
def test_two_key_logins(suite: int) -> None:
    for kg, good in ((KG, True), (b"another key", False)):
        bmc = all_suites()
        bmc.rules.key = KG
        ends = Ends(console_of(20 + suite, Login(username=b"ops", password=b"secret", kg=kg)), Link(1), bmc)
        ends.console.open(0.0)
        event = ends.until(SessionOpened, LoginFailed)
        assert isinstance(event, SessionOpened) == good


@pytest.mark.parametrize(
    ("version", "login", "error"),
    [
        (23, Login(username=b"ops", password=b"wrong"), LoginRefused),
        (23, Login(username=b"nobody", password=b"secret"), LoginRefused),
        (37, Login(username=b"viewer", password=b"look only"), RoleRefused),
        (28, OPS, SuiteRefused),
        (2, Login(username=b"ops", password=b"wrong"), LoginRefused),
        (2, Login(username=b"viewer", password=b"look only"), RoleRefused),
    ],
    ids=["password", "name", "privilege", "suite", "v1.5 password", "v1.5 privilege"],
)
@pytest.mark.parametrize("revealed", [False, True])
def test_refused_logins(version: int, login: Login, error: type, revealed: bool) -> None:
    bmc = Bmc()
    bmc.rules.reveal_login_errors = revealed
    ends = Ends(console_of(version, login), Link(1), bmc)
    ends.console.open(0.0)
    failure = ends.until(SessionOpened, LoginFailed).error
    named = revealed and version > 20 and login.username == b"nobody"
    assert type(failure) is (UserRefused if named else error)


@settings(deadline=None)
@given(
    seed=st.integers(0, 2**32),
    version=st.sampled_from([2, 4, 23, 24, 37]),
    loss=st.floats(0, 0.35),
    duplicate=st.floats(0, 0.5),
    slowest=st.floats(0.001, 0.4),
    depth=st.integers(1, 4),
)
def test_over_a_bad_network_both_ends_agree_or_stop(
    seed: int, version: int, loss: float, duplicate: float, slowest: float, depth: int
) -> None:
    link = Link(seed, loss=loss, duplicate=duplicate, delay=(0.001, slowest))
    ends = Ends(console_of(version, depth=depth), link, all_suites())
    console = ends.console
    console.open(0.0)
    event = ends.until(SessionOpened, LoginFailed)
    if isinstance(event, LoginFailed):
        assert type(event.error) in (Unreachable, LoginRefused)
        assert loss > 0 or version < 20
        return
    tokens = [console.request(6, 1, b"", link.now) for _ in range(12)]
    link.run(lambda: len(ended(ends)) == 12, limit=500)
    assert sorted(ended(ends)) == tokens, "each request ends once"
    assert all(event.data[0] == 0 for event in answers(ends))
    if not loss and slowest < 0.2:
        assert len(answers(ends)) == 12
    console.close(link.now)
    ends.until(SessionEnded)
    assert console.phase is Phase.CLOSED
    assert console.deadline() is None


def ended(ends: Ends) -> list[int]:
    return [event.token for event in ends.seen if isinstance(event, Answered | Unanswered)]
