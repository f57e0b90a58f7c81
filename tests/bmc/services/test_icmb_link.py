"""A bridge's way over the line: retries, duplicates, and what is counted (ICMB v1.0)."""

from __future__ import annotations

import pytest

from baseboard.bmc.services.icmb_line import IcmbLine
from baseboard.bmc.services.icmb_link import ARBITRATIONS, REPLY_S, TRIES, IcmbLink, Reply
from baseboard.errors import CompletionError
from baseboard.links.icmb import BROADCAST, REQUEST, RESPONSE, START, UNANSWERED, Packet
from baseboard.testing.clock import VirtualClock
from tests.bmc.services.homes import make_home

HERE, THERE = 0x0101, 0x0202


class End:
    """A bridge that answers with what it was given."""

    def __init__(self, clock: VirtualClock, line: IcmbLine, address: int) -> None:
        self.link = IcmbLink(make_home(clock=clock), self.handle)
        self.link.line, self.link.address, self.link.open = line, address, True
        line.attach(self.link)
        self.handled: list[Packet] = []
        self.late: list[Reply] | None = None

    def handle(self, packet: Packet, reply: Reply) -> None:
        self.handled.append(packet)
        if self.late is not None:
            self.late.append(reply)
        else:
            reply(b"\0" + packet.data)


def two() -> tuple[End, End, VirtualClock, IcmbLine]:
    clock = VirtualClock()
    line = IcmbLine(clock)
    return End(clock, line, HERE), End(clock, line, THERE), clock, line


def test_a_request_is_answered() -> None:
    here, there, clock, _ = two()
    answers: list[bytes] = []
    here.link.ask(THERE, 0x20, b"\xaa", answers.append)
    clock.advance(10)
    assert answers == [b"\0\xaa"]
    assert len(there.handled) == 1
    assert (here.link.counters, there.link.counters) == (
        {"sent": 1, "arbitration_wins": 1, "received": 1},
        {"sent": 1, "arbitration_wins": 1, "received": 1},
    )


def test_who_is_silent_is_asked_six_times_and_hears_it_once() -> None:
    here, there, clock, _ = two()
    there.late = []
    answers: list[bytes] = []
    here.link.ask(THERE, 0x20, b"", answers.append)
    clock.advance(REPLY_S * TRIES - 0.01)
    assert answers == []
    clock.advance(0.02)
    assert answers == [b""]
    assert here.link.counters["sent"] == TRIES
    assert len(there.handled) == 1
    there.late[0](b"\0")
    clock.advance(1)
    assert here.link.counters["spurious_responses"] == 1


def test_a_response_that_was_lost_is_sent_again() -> None:
    here, there, clock, line = two()
    line.detach(here.link)
    answers: list[bytes] = []
    here.link.ask(THERE, 0x20, b"", answers.append)
    clock.advance(REPLY_S / 2)
    line.attach(here.link)
    clock.advance(REPLY_S)
    assert answers == [b"\0"]
    assert (len(there.handled), there.link.counters["sent"]) == (1, 2)


def test_while_somebody_sends_the_arbitration_is_lost_and_tried_again() -> None:
    here, _, clock, line = two()
    answers: list[bytes] = []
    line.send(b"x" * 100)
    here.link.ask(THERE, 0x20, b"", answers.append)
    assert here.link.counters == {"arbitration_losses": 1}
    clock.advance(0.5)
    assert answers == [b"\0"]
    assert here.link.counters["arbitration_wins"] == 1


def test_a_packet_that_never_wins_is_gone() -> None:
    here, there, clock, line = two()
    line.free_at = clock.now() + 100
    here.link.tell(THERE, 0x20, b"")
    for _ in range(ARBITRATIONS):
        clock.advance_to(line.free_at)
        line.free_at = clock.now() + 100
    clock.advance(1000)
    assert there.handled == []
    assert here.link.counters == {"arbitration_losses": ARBITRATIONS}


def test_who_is_told_does_not_answer() -> None:
    here, there, clock, _ = two()
    here.link.tell(BROADCAST, 0x10, b"")
    clock.advance(1)
    assert [packet.sequence for packet in there.handled] == [UNANSWERED]
    assert "sent" not in there.link.counters
    here.link.tell(BROADCAST, 0x10, b"")
    clock.advance(1)
    assert len(there.handled) == 2, "without a number it is no repetition"


def test_all_answers_are_collected_for_a_while() -> None:
    here, _, clock, line = two()
    End(clock, line, 0x0303)
    answers: list[bytes] = []
    ended: list[float] = []
    here.link.collect(0x11, 0.5, answers.append, lambda: ended.append(clock.now()))
    clock.advance(1)
    assert answers == [b"\0", b"\0"]
    assert ended == [0.5]


def test_what_is_under_way_and_what_is_sent_is_bounded() -> None:
    here, there, _, _ = two()
    there.late = []
    with pytest.raises(CompletionError) as caught:
        here.link.tell(THERE, 0x20, bytes(33))
    assert caught.value.code == 0xC8
    with pytest.raises(CompletionError) as caught:
        here.link.ask(THERE, 0x20, bytes(33), lambda data: None)
    assert caught.value.code == 0xC8
    for _ in range(16):
        here.link.ask(THERE, 0x20, b"", lambda data: None)
    with pytest.raises(CompletionError) as caught:
        here.link.ask(THERE, 0x20, b"", lambda data: None)
    assert caught.value.code == 0xC0
    with pytest.raises(CompletionError) as caught:
        here.link.collect(0x11, 0.5, lambda data: None, lambda: None)
    assert caught.value.code == 0xC0


def test_an_answer_that_no_packet_holds_is_a_code() -> None:
    here, there, clock, _ = two()
    there.late = []
    answers: list[bytes] = []
    here.link.ask(THERE, 0x20, b"", answers.append)
    clock.advance(0.05)
    there.late[0](bytes(34))
    clock.advance(0.1)
    assert answers == [b"\xca"]


def test_what_is_wrong_is_counted() -> None:
    here, _, clock, line = two()
    good = Packet(HERE, THERE, REQUEST, 1, 0x20, b"")
    elsewhere = Packet(0x0505, THERE, REQUEST, 1, 0x20, b"")
    for data in (
        good.encode()[1:], good.encode()[:5], good.encode()[:-2] + b"\x01\xa6",
        good._replace(kind=1).encode(), elsewhere.encode(), bytes((START,)) + good.encode(),
        good._replace(destination=0).encode(),
    ):  # fmt: skip
        here.link.receive(data)
    for stray in (
        Packet(HERE, THERE, RESPONSE, 9, 0x20, b"\0"),
        Packet(HERE, THERE, RESPONSE, 9, 0x20, b""),
    ):
        here.link.receive(stray.encode())
    here.link.ask(THERE, 0x20, b"", lambda data: None)
    here.link.receive(Packet(HERE, 0x0606, RESPONSE, 1, 0x20, b"\0").encode())
    clock.advance(1)
    counted = here.link.counters
    wrong = ("not_start", "runt_packets", "bad_checksums", "unknown_types", "restarts")
    assert [counted[name] for name in wrong] == [1] * 5
    assert (counted["other_addresses"], counted["spurious_responses"]) == (2, 3)
    here.link.counters["received"] = 0xFFFF
    here.link.count("received")
    assert here.link.counters["received"] == 0xFFFF
    assert line.has(here.link)


def test_a_closed_link_hears_and_says_nothing() -> None:
    here, there, clock, _ = two()
    answers: list[bytes] = []
    here.link.ask(THERE, 0x20, b"", answers.append)
    here.link.close()
    assert answers == [b"\xd5"]
    here.link.receive(Packet(HERE, THERE, REQUEST, 1, 0x20, b"").encode())
    here.link.tell(THERE, 0x20, b"")
    clock.advance(5)
    assert len(there.handled) == 1
    assert here.handled == []


def test_what_is_kept_for_repetitions_is_bounded_and_expires() -> None:
    here, there, clock, _ = two()
    for sequence in range(1, 20):
        there.link.receive(Packet(THERE, HERE, REQUEST, sequence, 0x20, b"").encode())
        clock.advance(0.01)
    there.link.receive(Packet(THERE, HERE, REQUEST, 1, 0x20, b"").encode())
    assert len(there.handled) == 20, "the first was forgotten"
    there.link.receive(Packet(THERE, HERE, REQUEST, 1, 0x21, b"").encode())
    assert len(there.handled) == 21, "another command is no repetition"
    clock.advance(REPLY_S * TRIES)
    there.link.receive(Packet(THERE, HERE, REQUEST, 1, 0x21, b"").encode())
    assert len(there.handled) == 22
    assert here.link.address == HERE
