"""The BMC's side of a modem: told how to behave, answering, dialling, hanging up (§14.6)."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.links.serial_modem import (
    CALL,
    DTR_DROP,
    GUARD,
    NEVER,
    REPLY,
    Modem,
    ModemEvent,
    ModemSettings,
    Phase,
    Seen,
)


class Driven:
    """A modem that the test speaks for."""

    def __init__(self, **settings: Any) -> None:
        self.settings = ModemSettings(**settings)
        self.modem = Modem(lambda: self.settings)
        self.now = 100.0

    def ready(self) -> Driven:
        self.modem.start(self.now)
        self.say("OK")
        assert self.modem.phase is Phase.READY
        self.sent()
        return self

    def online(self) -> Driven:
        self.ready()
        self.modem.dial(b"555", self.now)
        self.say("CONNECT 9600")
        self.sent()
        return self

    def say(self, word: str) -> bytes:
        return self.modem.receive(f"\r\n{word}\r\n".encode(), self.now)

    def wait(self, seconds: float) -> None:
        self.now += seconds
        while (due := self.modem.deadline()) is not None and due <= self.now:
            self.modem.expire(due)

    def sent(self) -> tuple[list[bytes], list[ModemEvent]]:
        return self.modem.outgoing(), self.modem.events()


def test_14_6_the_init_string_is_sent_until_the_modem_answers() -> None:
    line = Driven(init=b"ATE1X4")
    line.modem.start(line.now)
    assert line.sent() == ([b"ATE1X4\r"], [])
    line.wait(REPLY)
    assert line.sent() == ([b"ATE1X4\r"], [])
    line.say("ATE1X4")  # its echo
    assert line.modem.phase is Phase.PREPARING
    line.say("OK")
    assert line.sent() == ([], [ModemEvent.READY])
    assert line.modem.deadline() is None


def test_a_modem_that_does_not_like_the_init_string_works_all_the_same() -> None:
    line = Driven()
    line.modem.start(line.now)
    line.say("ERROR")
    assert line.modem.phase is Phase.READY
    line.modem.start(line.now)
    assert line.modem.phase is Phase.PREPARING
    line.modem.start(line.now)
    assert line.modem.phase is Phase.PREPARING


def test_25_2_a_call_is_answered_once_it_has_rung_for_long_enough() -> None:
    line = Driven(ring=4.0, dead=6.0).ready()
    line.say("RING")
    assert line.sent() == ([], [])
    line.wait(3.0)
    line.say("RING")
    assert line.modem.phase is Phase.RINGING
    line.wait(1.0)
    assert line.sent() == ([b"ATA\r"], [ModemEvent.RINGING])
    line.say("CONNECT")
    assert line.sent() == ([], [ModemEvent.CONNECTED])


def test_25_2_with_a_ring_time_of_0_it_is_answered_at_once_and_with_3fh_never() -> None:
    line = Driven(ring=0.0).ready()
    line.modem.ring(line.now)
    assert line.sent() == ([b"ATA\r"], [ModemEvent.RINGING])
    never = Driven(ring=NEVER, dead=5.0).ready()
    for _ in range(30):
        never.say("RING")
        never.wait(2.0)
    assert never.sent() == ([], [])


def test_25_2_ringing_is_over_after_the_dead_time() -> None:
    line = Driven(ring=4.0, dead=3.0).ready()
    line.say("RING")
    line.wait(3.5)
    assert line.modem.phase is Phase.READY
    line.say("RING")
    line.wait(1.0)
    assert line.sent() == ([], [])
    line.modem.carrier(True, line.now)  # a modem that has answered by itself
    assert line.sent() == ([], [ModemEvent.CONNECTED])


@pytest.mark.parametrize("how", ["word", "time"])
def test_a_call_that_comes_to_nothing_leaves_the_modem_ready_for_the_next(how: str) -> None:
    line = Driven(ring=0.0).ready()
    line.say("RING")
    if how == "word":
        line.say("NO CARRIER")
    else:
        line.wait(CALL)
    sent, told = line.sent()
    assert sent == [b"ATA\r", ModemSettings().init + b"\r"]
    assert told == [ModemEvent.RINGING, ModemEvent.FAILED]


def test_what_comes_over_a_call_is_handed_on_and_what_is_sent_goes_out() -> None:
    line = Driven().ready()
    line.modem.send(b"lost")
    line.modem.dial(b"555", line.now)
    assert line.modem.receive(b"\r\nCONNECT\r\n[SYS TMODE]", line.now).endswith(b"[SYS TMODE]")
    assert line.modem.receive(b"OK\r", line.now) == b"OK\r"
    line.modem.send(b"yes")
    assert line.modem.outgoing() == [b"ATD555\r", b"yes"]


def test_dcd_tells_of_the_end_of_a_call() -> None:
    line = Driven().online()
    line.modem.carrier(False, line.now)
    assert line.sent() == ([ModemSettings().init + b"\r"], [ModemEvent.LOST])


def test_without_dcd_the_modem_itself_tells() -> None:
    line = Driven(reads_carrier=False).online()
    line.modem.carrier(False, line.now)
    assert line.modem.receive(b"no carrier", line.now) == b"no carrier"
    assert line.say("NO CARRIER") == b""
    assert line.sent()[1] == [ModemEvent.LOST]


def test_14_6_the_escape_sequence_stands_between_two_silences() -> None:
    line = Driven(escape=b"+++", hang_up=b"ATH0").online()
    line.modem.hang_up(line.now)
    assert line.sent() == ([], [ModemEvent.LOST])
    line.wait(GUARD)
    assert line.sent() == ([b"+++"], [])
    line.wait(GUARD)
    assert line.sent() == ([b"ATH0\r"], [])
    line.say("OK")
    assert line.sent() == ([ModemSettings().init + b"\r"], [])
    line.modem.hang_up(line.now)
    assert line.sent() == ([], [])


@pytest.mark.parametrize("waits", [0, 1, 2])
def test_a_call_that_ends_while_it_is_being_ended_needs_no_more(waits: int) -> None:
    line = Driven().online()
    line.modem.hang_up(line.now)
    for _ in range(waits):
        line.wait(GUARD)
    line.modem.carrier(False, line.now)
    assert line.modem.phase is Phase.PREPARING


def test_25_2_dtr_may_hang_up_instead() -> None:
    line = Driven(dtr_hang_up=True).online()
    line.modem.hang_up(line.now)
    assert not line.modem.dtr
    line.wait(DTR_DROP)
    assert line.modem.dtr
    assert line.modem.phase is Phase.PREPARING


def test_25_2_pauses_in_a_number_and_its_end() -> None:
    line = Driven(dial=b"ATDT").ready()
    line.modem.dial(b"9\r\xff123\x0c45\x00ignored", line.now)
    assert line.sent()[0] == [b"ATDT9\r"]
    line.wait(1.0)
    assert line.sent()[0] == [b"123"]
    line.wait(9.0)
    assert line.sent()[0] == []
    line.wait(1.0)
    assert line.sent()[0] == [b"45\r"]
    line.say("CONNECT")
    assert line.sent()[1] == [ModemEvent.CONNECTED]


def test_a_number_that_ends_in_a_pause_has_its_carriage_return() -> None:
    line = Driven().ready()
    line.modem.dial(b"555\r", line.now)
    assert line.sent()[0] == [b"ATD555\r"]
    empty = Driven(dial=b"").ready()
    empty.modem.dial(b"", empty.now)
    assert empty.sent()[0] == [b"\r"]


@pytest.mark.parametrize("answer", ["BUSY", "NO ANSWER", "NO DIALTONE", "NO CARRIER", "ERROR"])
def test_a_number_that_nobody_answers(answer: str) -> None:
    line = Driven().ready()
    line.modem.dial(b"555", line.now)
    line.say(answer)
    assert line.sent()[1] == [ModemEvent.FAILED]
    assert line.modem.phase is Phase.PREPARING


def test_a_number_that_says_nothing_is_given_up_after_a_minute() -> None:
    line = Driven().ready()
    line.modem.dial(b"555", line.now)
    line.say("OK")
    line.wait(CALL - 1)
    assert line.sent()[1] == []
    line.wait(1.0)
    assert line.sent()[1] == [ModemEvent.FAILED]


@pytest.mark.parametrize("how", ["word", "time"])
def test_a_page_is_done_when_its_number_was_dialled(how: str) -> None:
    line = Driven().ready()
    line.modem.dial(b"555\r911;", line.now, paging=True)
    line.say("OK")  # of the first stretch
    assert line.sent()[1] == []
    line.wait(1.0)
    if how == "word":
        line.say("OK")
    else:
        line.wait(CALL)
    sent, told = line.sent()
    assert told == [ModemEvent.PAGED]
    assert sent[-1] == b"ATH\r"
    line.wait(REPLY)
    assert line.modem.phase is Phase.PREPARING


@pytest.mark.parametrize("phase", [Phase.DIALLING, Phase.ANSWERING])
def test_a_call_that_is_not_wanted_any_more_is_ended_before_it_stands(phase: Phase) -> None:
    line = Driven(ring=0.0).ready()
    if phase is Phase.DIALLING:
        line.modem.dial(b"555\r1", line.now)
    else:
        line.say("RING")
    assert line.modem.phase is phase
    line.modem.hang_up(line.now)
    assert line.sent()[0][-1] == b"ATH\r"
    line.say("NO CARRIER")
    assert line.modem.phase is Phase.PREPARING


def test_lines_without_end_are_bounded() -> None:
    line = Driven().ready()
    line.modem.receive(b"x" * 10_000, line.now)
    line.modem.receive(b"\r\nRING\r\n", line.now)
    assert line.modem.phase is Phase.RINGING


def test_time_that_is_not_up_changes_nothing() -> None:
    line = Driven()
    line.modem.expire(0.0)
    line.modem.start(100.0)
    line.modem.expire(101.0)
    assert line.modem.phase is Phase.PREPARING
    assert line.sent() == ([ModemSettings().init + b"\r"], [])


def test_every_row_is_one_of_a_phase_and_what_happens() -> None:
    assert set(Modem.TABLE) <= set(itertools.product(Phase, Seen))
    # What a phase waits for, it does not wait for in vain.
    for phase in set(Phase) - {Phase.IDLE, Phase.READY, Phase.ONLINE}:
        assert (phase, Seen.TIME) in Modem.TABLE


@given(
    st.lists(
        st.one_of(
            st.sampled_from(["OK", "CONNECT", "RING", "NO CARRIER", "BUSY", "+++", "[SYS TMODE]"]),
            st.sampled_from(["start", "dial", "page", "hang up", "up", "down", "ring", "wait"]),
            st.binary(max_size=20),
        ),
        max_size=30,
    ),
    st.booleans(),
)
def test_whatever_happens_it_comes_back_to_where_it_can_be_called(steps: list[Any], reads: bool) -> None:
    line = Driven(reads_carrier=reads)
    orders: dict[str, Any] = {
        "start": lambda: line.modem.start(line.now),
        "dial": lambda: line.modem.dial(b"1\r2", line.now),
        "page": lambda: line.modem.dial(b"1", line.now, paging=True),
        "hang up": lambda: line.modem.hang_up(line.now),
        "up": lambda: line.modem.carrier(True, line.now),
        "down": lambda: line.modem.carrier(False, line.now),
        "ring": lambda: line.modem.ring(line.now),
        "wait": lambda: line.wait(3.0),
    }
    for step in steps:
        if isinstance(step, bytes):
            line.modem.receive(step, line.now)
        elif step in orders:
            orders[step]()
        else:
            line.say(step)
    line.modem.start(line.now)
    line.modem.hang_up(line.now)
    for _ in range(8):
        line.wait(CALL)
        if line.modem.phase is not Phase.ONLINE:
            line.say("OK")
    assert line.modem.phase in (Phase.READY, Phase.PREPARING, Phase.RINGING)


def test_a_call_that_somebody_else_has_made_is_taken_as_it_is() -> None:
    modem = Modem(ModemSettings)
    modem.resume()
    assert modem.phase is Phase.ONLINE
    assert modem.deadline() is None
    assert not modem.outgoing()
