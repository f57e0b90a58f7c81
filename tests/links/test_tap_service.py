"""A paging service: every phase and what can be seen in it, and a caller of ours against it."""

from __future__ import annotations

import random

import pytest

from baseboard.links.tap import TapPage, TapSettings
from baseboard.links.tap_service import LONGEST, MOST_BLOCKS, PATIENCE, Page, Phase, Seen, TapService

# A block as TAP's own example has it: pager 123, text ABC, its sum 17;  (2+49+50+51+13+65+66+67+13+3 = 17Bh).
BLOCK = b"\x02123\rABC\r\x0317;\r"
LOGIN = b"\x1bPG1\r"
LOGGED_IN = [b"\x06\r", b"\x1b[p\r"]


def called(**options: object) -> TapService:
    service = TapService(0.0, **options)  # type: ignore[arg-type]  # as the test says
    service.receive(b"\r", 0.1)
    assert service.outgoing() == [b"ID="]
    return service


def logged_in(**options: object) -> TapService:
    service = called(**options)
    service.receive(LOGIN, 0.2)
    assert service.outgoing() == LOGGED_IN
    return service


def test_a_page_is_taken() -> None:
    service = logged_in()
    service.receive(BLOCK, 0.3)
    assert service.outgoing() == [b"211 Page accepted\r", b"\x06\r"]
    assert service.events() == [Page(b"123", b"ABC")]
    service.receive(b"\x04\r", 0.4)
    assert service.outgoing() == [b"\x1b\x04\r"]
    assert (service.phase, service.deadline()) == (Phase.OVER, None)
    service.receive(b"\r", 0.5)
    assert service.outgoing() == []


def test_control_characters_come_back() -> None:
    """SUB and M stand for CR."""
    service = logged_in(code=b"")
    service.receive(b"\x021\r\x1aM\r\x03" + sum_of(b"\x021\r\x1aM\r\x03") + b"\r", 0.3)
    assert service.events() == [Page(b"1", b"\r")]
    assert service.outgoing() == [b"\x06\r"]


def sum_of(body: bytes) -> bytes:
    return bytes(0x30 + (sum(body) >> shift & 0xF) for shift in (8, 4, 0))


def test_a_message_of_several_blocks() -> None:
    service = logged_in()
    first, last = b"\x021\rab\r\x17", b"\x021\rcd\r\x03"
    for body in (first, last):
        service.receive(body + sum_of(body) + b"\r", 0.3)
    assert service.events() == [Page(b"1", b"abcd")]


def test_a_message_without_end_takes_no_memory() -> None:
    service = logged_in()
    body = b"\x021\rab\r\x17"
    for _ in range(MOST_BLOCKS + 3):
        service.receive(body + sum_of(body) + b"\r", 0.3)
    last = b"\x021\r.\r\x03"
    service.receive(last + sum_of(last) + b"\r", 0.3)
    assert service.events() == [Page(b"1", b"ab" * MOST_BLOCKS + b".")]


def test_a_text_without_its_own_end_is_taken() -> None:
    body = b"\x021\rab\x03"
    service = logged_in()
    service.receive(body + sum_of(body) + b"\r", 0.3)
    assert service.events() == [Page(b"1", b"ab")]


@pytest.mark.parametrize(
    "block", [b"\x02123\rABC\r\x03000\r", b"\x02123\x03" + sum_of(b"\x02123\x03") + b"\r"]
)
def test_a_garbled_block_is_wanted_again(block: bytes) -> None:
    service = logged_in()
    service.receive(block, 0.3)
    assert (service.outgoing(), service.events()) == ([b"\x15\r"], [])


def test_what_breaks_a_rule_is_refused() -> None:
    service = logged_in(refuses=True)
    service.receive(BLOCK, 0.3)
    assert (service.outgoing(), service.events()) == ([b"\x1e\r"], [])


@pytest.mark.parametrize(
    ("line", "answer"),
    [(b"\x1bPG1secret\r", LOGGED_IN), (LOGIN, [b"\x15\r"]), (b"\x1bXX1secret\r", [b"\x15\r"])],
)
def test_who_may_leave_messages(line: bytes, answer: list[bytes]) -> None:
    service = called(password=b"secret")
    service.receive(line, 0.2)
    assert service.outgoing() == answer


@pytest.mark.parametrize("phase", [Phase.CALLED, Phase.LOGIN, Phase.MESSAGES])
def test_who_is_silent_is_sent_away(phase: Phase) -> None:
    service = {Phase.CALLED: lambda: TapService(0.2), Phase.LOGIN: called, Phase.MESSAGES: logged_in}[phase]()
    assert service.phase is phase
    due = service.deadline()
    assert due is not None
    service.expire(due - 0.1)
    assert service.outgoing() == []
    service.expire(due)
    assert (service.outgoing(), service.phase) == ([b"\x1b\x04\r"], Phase.OVER)
    service.expire(due + PATIENCE)
    assert service.outgoing() == []


@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("seen", list(Seen))
def test_every_pair_has_a_row_or_changes_nothing(phase: Phase, seen: Seen) -> None:
    service = logged_in()
    service.phase = phase
    service._step(seen)  # the table is what is tried here
    step = TapService.TABLE.get((phase, seen))
    assert service.phase is (phase if step is None else step.phase)
    assert bool(service.outgoing()) == (step is not None)


def test_noise_is_passed_over() -> None:
    service = logged_in()
    service.receive(b"RING\r" + b"\r", 0.3)
    service.receive(b"\x02" + b"x" * 2 * LONGEST + b"\r", 0.4)
    assert service.events() == []
    service.receive(BLOCK, 0.5)
    assert service.events() == [Page(b"123", b"ABC")]


def test_bytes_of_anybody_do_no_harm() -> None:
    drawn = random.Random(18)
    service = TapService(0.0)
    for turn in range(400):
        service.receive(
            bytes(drawn.choice(b"\r\x02\x03\x04\x17\x1a\x1bPG1abc") for _ in range(40)), turn / 10
        )
        service.outgoing()
        if service.phase is Phase.OVER:
            service = TapService(turn / 10)


def test_our_own_caller_leaves_its_message() -> None:
    now = 0.0
    page = TapPage(TapSettings(b"555 0100", password=b"abc", codes=(b"211",)), b"Fan 1\rstopped", now)
    service = TapService(now, password=b"abc")
    pages: list[Page] = []
    while page.phase.value != "it is over" and now < 100:
        for data in page.outgoing(now):
            service.receive(data, now)
        for data in service.outgoing():
            page.receive(data, now)
        pages += service.events()
        due = [when for when in (page.deadline(), service.deadline()) if when is not None]
        now = max(now, min(due))
        page.expire(now)
        service.expire(now)
    assert pages == [Page(b"555 0100", b"Fan 1\rstopped")]
    assert [event.accepted for event in page.events() if not event.code] == [True]
