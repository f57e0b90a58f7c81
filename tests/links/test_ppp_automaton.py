"""The option negotiation automaton (RFC 1661 §4): every pair of state and event, walks, two of them."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from baseboard.links.ppp_automaton import (
    MAX_CONFIGURE,
    MAX_FAILURE,
    MAX_TERMINATE,
    RESTART,
    Automaton,
    Code,
    Options,
    Seen,
    State,
    Verdict,
    packet,
    read_options,
    read_packet,
    write_options,
)

OURS: Options = ((5, b"\1\2\3\4"),)
GOOD, BAD = b"\x08\x02", b"\x63\x02"


class Plain:
    """Terms that bear everything but option 63h, which they would have as 64h."""

    def __init__(self) -> None:
        self.wanted = OURS
        self.told: list[tuple[Options, bool]] = []
        self.finals: list[bool] = []

    def request(self) -> Options:
        return self.wanted

    def judge(self, options: Options, *, final: bool) -> Verdict:
        self.finals.append(final)
        if any(kind == 0x63 for kind, _ in options):
            return Verdict(Code.CONFIGURE_REJECT if final else Code.CONFIGURE_NAK, ((0x64, b""),))
        return Verdict(Code.CONFIGURE_ACK, options)

    def refused(self, options: Options, *, rejected: bool) -> None:
        self.told.append((options, rejected))


class Tried:
    """An automaton, and what it did."""

    def __init__(self) -> None:
        self.terms = Plain()
        self.sent: list[bytes] = []
        self.told: list[str] = []
        self.now = 0.0
        self.it = Automaton(self.terms, self.sent.append, longest=8)
        self.it.on_up = lambda: self.told.append("up")
        self.it.on_down = lambda: self.told.append("down")
        self.it.on_finished = lambda: self.told.append("finished")

    @property
    def last(self) -> int:
        """Identifier of the last Configure-Request."""
        return next(one[1] for one in reversed(self.sent) if one[0] == Code.CONFIGURE_REQUEST)

    def take(self) -> str:
        """Codes of what was sent, and what was told."""
        words = [str(one[0]) for one in self.sent] + self.told
        self.sent.clear()
        self.told.clear()
        return " ".join(words)

    def receive(self, code: int, body: bytes = b"", identifier: int = 7) -> None:
        self.it.receive(packet(code, identifier, body), self.now)

    def answer(self, code: int) -> None:
        """Answer the last Configure-Request."""
        self.receive(code, write_options(OURS), self._identifier())

    def _identifier(self) -> int:
        asked = [one[1] for one in self.sent if one[0] == Code.CONFIGURE_REQUEST]
        return asked[-1] if asked else self.asked

    asked = 0

    def expire(self) -> None:
        due = self.it.deadline()
        if due is not None:
            self.now = due
            self.it.expire(due)

    def last_expiry(self) -> None:
        """Let time pass until nothing is repeated any more."""
        while self.it.deadline() is not None:
            self.sent.clear()
            self.expire()


def reach(state: State) -> Tried:
    made = Tried()
    it = made.it
    if state is not State.CLOSED:
        it.open(0.0)
    if state is State.STOPPED:
        made.last_expiry()
    if state in (State.ACK_SENT, State.OPENED):
        made.receive(1, GOOD)
    if state in (State.ACK_RECEIVED, State.OPENED):
        made.answer(2)
    if state is State.CLOSING:
        it.close(0.0)
    assert it.state is state
    made.asked = max([one[1] for one in made.sent if one[0] == 1], default=0)
    made.take()
    return made


EVENTS: dict[Seen, Callable[[Tried], None]] = {
    Seen.OPEN: lambda made: made.it.open(made.now),
    Seen.CLOSE: lambda made: made.it.close(made.now),
    Seen.TIME_OUT_LEFT: Tried.expire,
    Seen.TIME_OUT_OVER: Tried.last_expiry,
    Seen.GOOD_REQUEST: lambda made: made.receive(1, GOOD),
    Seen.BAD_REQUEST: lambda made: made.receive(1, BAD),
    Seen.ACK: lambda made: made.answer(2),
    Seen.NAK: lambda made: made.answer(3),
    Seen.TERMINATE_REQUEST: lambda made: made.receive(5),
    Seen.TERMINATE_ACK: lambda made: made.receive(6),
    Seen.UNKNOWN_CODE: lambda made: made.receive(99, b"what is this"),
    Seen.REJECTED: lambda made: made.receive(7, b"\x01\x01\0\4"),
}

C, S, L, R, A, K, UP = (
    State.CLOSED, State.STOPPED, State.CLOSING, State.REQUEST_SENT, State.ACK_RECEIVED, State.ACK_SENT,
    State.OPENED,
)  # fmt: skip

# RFC 1661 §4.1, but for the states of a line that is not there, and Stopping, which is Stopped with a timer
# here; an answer that comes twice is no answer, as in pppd: else a line that repeats packets undoes it.
TABLE: dict[Seen, dict[State, tuple[str, State]]] = {
    Seen.OPEN: {C: ("1", R), S: ("1", R)},
    Seen.CLOSE: {S: ("", C), R: ("5", L), A: ("5", L), K: ("5", L), UP: ("5 down", L)},
    Seen.TIME_OUT_LEFT: {L: ("5", L), R: ("1", R), A: ("1", R), K: ("1", K)},
    Seen.TIME_OUT_OVER: {L: ("finished", C), R: ("finished", S), A: ("finished", S), K: ("finished", S)},
    Seen.GOOD_REQUEST: {
        C: ("6", C), S: ("1 2", K), R: ("2", K), A: ("2 up", UP), K: ("2", K), UP: ("1 2 down", K),
    },
    Seen.BAD_REQUEST: {
        C: ("6", C), S: ("1 3", R), R: ("3", R), A: ("3", A), K: ("3", R), UP: ("1 3 down", R),
    },
    Seen.ACK: {R: ("", A), K: ("up", UP)},
    Seen.NAK: {R: ("1", R), K: ("1", K)},
    Seen.TERMINATE_REQUEST: {
        C: ("6", C), S: ("6", S), L: ("6", L), R: ("6", R), A: ("6", R), K: ("6", R), UP: ("6 down", S),
    },
    Seen.TERMINATE_ACK: {L: ("finished", C), A: ("", R), UP: ("1 down", R)},
    Seen.UNKNOWN_CODE: {state: ("7", state) for state in State},
    Seen.REJECTED: {
        L: ("finished", C), R: ("finished", S), A: ("finished", S), K: ("finished", S), UP: ("5 down", L),
    },
}  # fmt: skip


@pytest.mark.parametrize("seen", list(Seen), ids=lambda one: one.name)
@pytest.mark.parametrize("state", list(State), ids=lambda one: one.name)
def test_4_1_every_event_in_every_state(state: State, seen: Seen) -> None:
    made = reach(state)
    EVENTS[seen](made)
    did, then = TABLE[seen].get(state, ("", state))
    if seen is Seen.TIME_OUT_OVER:
        made.sent.clear()
    assert (made.take(), made.it.state) == (did, then)


def test_4_6_requests_are_repeated_ten_times_and_farewells_twice() -> None:
    made = Tried()
    made.it.open(0.0)
    assert made.it.deadline() == RESTART
    made.it.expire(RESTART - 0.1)
    assert len(made.sent) == 1
    while made.it.deadline() is not None:
        made.expire()
    assert [one[0] for one in made.sent] == [1] * MAX_CONFIGURE
    assert len({one[1] for one in made.sent}) == MAX_CONFIGURE
    leaving = reach(State.OPENED)
    leaving.it.close(0.0)
    while leaving.it.deadline() is not None:
        leaving.expire()
    assert leaving.take() == " ".join(["5"] * MAX_TERMINATE + ["down", "finished"])


def test_4_6_who_was_told_farewell_waits_a_moment() -> None:
    made = reach(State.OPENED)
    made.receive(5)
    assert made.it.deadline() == RESTART
    assert made.take() == "6 down"
    made.expire()
    assert (made.take(), made.it.state) == ("finished", State.STOPPED)


def test_4_6_proposals_that_come_to_nothing_end() -> None:
    made = reach(State.REQUEST_SENT)
    for _ in range(MAX_FAILURE + 1):
        made.receive(1, BAD)
    assert made.take() == " ".join(["3"] * MAX_FAILURE + ["4"])
    assert made.terms.finals == [False] * MAX_FAILURE + [True]
    made.receive(1, GOOD)
    made.receive(1, BAD)
    assert made.take() == "2 3"


def test_5_1_an_answer_is_to_the_last_request_and_to_all_of_it() -> None:
    made = reach(State.REQUEST_SENT)
    made.receive(2, write_options(OURS), made.asked + 1)
    made.receive(2, b"", made.asked)
    made.receive(3, b"\x05\x09", made.asked)
    assert (made.take(), made.it.state) == ("", State.REQUEST_SENT)
    made.receive(3, b"\x02\x06\0\0\0\0", made.asked)
    made.asked += 1
    made.receive(4, write_options(OURS), made.asked)
    assert made.terms.told == [(((2, bytes(4)),), False), (OURS, True)]
    assert made.take() == "1 1"


def test_5_2_options_are_sent_back_as_they_came_with_its_number() -> None:
    made = reach(State.REQUEST_SENT)
    made.receive(1, b"\x07\x02\x08\x02", 0xAB)
    assert made.sent == [b"\x02\xab\x00\x08\x07\x02\x08\x02"]
    made.receive(1, BAD, 0xAC)
    assert made.sent[1] == b"\x03\xac\x00\x06\x64\x02"


def test_5_6_a_code_that_is_not_known_is_sent_back_cut() -> None:
    made = reach(State.OPENED)
    made.receive(99, b"what is this")
    assert made.sent[0][4:] == packet(99, 7, b"what is this")[:8]
    assert made.it.state is State.OPENED


@pytest.mark.parametrize("body", [b"", b"\x08\x01\0\4", b"\x0c\1\0\4"])
def test_5_6_a_code_that_may_be_missing_is_rejected_in_peace(body: bytes) -> None:
    made = reach(State.OPENED)
    made.receive(7, body)
    assert (made.take(), made.it.state) == ("", State.OPENED)


@pytest.mark.parametrize(
    "data", [b"", b"\1", b"\1\7\0", b"\1\7\0\3", b"\1\7\0\5", b"\1\7\0\6\x08\1", b"\1\7\0\5\x08"]
)
def test_what_is_no_packet_is_dropped(data: bytes) -> None:
    made = reach(State.OPENED)
    made.it.receive(data, 0.0)
    assert (made.take(), made.it.state) == ("", State.OPENED)


def test_what_a_packet_was_filled_up_with_is_left_out() -> None:
    assert read_packet(b"\1\2\0\5x" + bytes(9)) == (1, 2, b"x")
    assert read_options(b"\1\4ab\7\2") == ((1, b"ab"), (7, b""))
    assert write_options(((1, b"ab"), (7, b""))) == b"\1\4ab\7\2"


def test_a_line_that_is_gone_ends_it_without_a_word() -> None:
    made = reach(State.OPENED)
    made.it.down()
    assert (made.take(), made.it.state, made.it.deadline()) == ("down", State.CLOSED, None)
    made.it.down()
    assert made.take() == ""


def test_what_others_have_negotiated_is_taken_as_it_is() -> None:
    made = Tried()
    made.it.assume()
    assert (made.take(), made.it.state, made.it.deadline()) == ("", State.OPENED, None)
    made.receive(1, GOOD)
    assert (made.take(), made.it.state) == ("1 2 down", State.ACK_SENT)


@pytest.mark.parametrize("seed", range(40))
def test_random_walks_end_where_both_ends_can_agree(seed: int) -> None:
    drawn = random.Random(seed)
    made = Tried()
    ups = 0
    for _ in range(120):
        made.asked = max([one[1] for one in made.sent if one[0] == 1], default=made.asked)
        EVENTS[drawn.choice(list(Seen))](made)
        assert (made.it.deadline() is None) or made.it.state not in (State.CLOSED, State.OPENED)
        ups = made.told.count("up") - made.told.count("down")
        assert ups == (made.it.state is State.OPENED)
        assert len(made.sent) < 4000
    made.it.close(made.now)
    made.last_expiry()
    assert made.it.state in (State.CLOSED, State.STOPPED)


@pytest.mark.parametrize("seed", range(40))
def test_two_of_them_agree_over_a_line_that_loses_repeats_and_reorders(seed: int) -> None:
    drawn = random.Random(seed)
    queues: tuple[list[bytes], list[bytes]] = ([], [])
    ends = [Automaton(Plain(), queues[turn].append) for turn in (0, 1)]
    now = 0.0
    ends[0].open(now)
    ends[1].open(now)
    for _ in range(3000):
        if ends[0].state is ends[1].state is State.OPENED and not queues[0] and not queues[1]:
            break
        for turn in (0, 1):
            if queues[turn]:
                data = queues[turn].pop(0)
                fate = drawn.random()
                for _ in range(0 if fate < 0.25 else 2 if fate > 0.85 else 1):
                    ends[1 - turn].receive(data, now)
        if not queues[0] and not queues[1]:
            dues = [due for one in ends if (due := one.deadline()) is not None]
            now = min(dues, default=now)
            for one in ends:
                one.expire(now)
                if one.state is State.STOPPED:
                    one.open(now)
    assert [one.state for one in ends] == [State.OPENED] * 2
