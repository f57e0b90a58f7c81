"""A PPP link between its two ends: as it should be, over a bad line, and with ends that cannot agree."""

from __future__ import annotations

import random
from dataclasses import replace
from ipaddress import IPv4Address
from typing import Any

import pytest

from baseboard.links.ppp import (
    IP,
    IPCP,
    LCP,
    Arrived,
    LinkDown,
    LinkUp,
    Phase,
    PppLink,
    PppSettings,
    Proof,
)
from baseboard.links.ppp_automaton import packet
from baseboard.links.ppp_frame import ALL_CONTROLS, Deframer, frame

A, B, NOBODY = IPv4Address("192.0.2.1"), IPv4Address("192.0.2.2"), IPv4Address(0)
BMC = PppSettings(address=A, given=B, asks_as=b"bmc", secret={b"caller": b"secret"}.get)
CALLER = PppSettings(name=b"caller", password=b"secret")


class Pair:
    """Both ends of a line.

    Attributes:
        told: events of either end.
        lines: what each has sent, as it went over the line.
    """

    def __init__(self, one: PppSettings = BMC, other: PppSettings = CALLER, seed: int = 1) -> None:
        self.drawn = random.Random(seed)
        self.ends = PppLink(one, self.drawn.randbytes), PppLink(other, self.drawn.randbytes)
        self.told: tuple[list[Any], list[Any]] = ([], [])
        self.lines = (bytearray(), bytearray())
        self.now = 0.0
        self.spoil = 0.0

    @property
    def up(self) -> bool:
        return all(one.is_up for one in self.ends)

    def open(self, *which: int) -> Pair:
        for turn in which or (0, 1):
            self.ends[turn].open(self.now)
        return self.settle()

    def settle(self) -> Pair:
        """Carry all that there is, and note what happened."""
        for _ in range(300):
            sent = [one.outgoing() for one in self.ends]
            for turn in (0, 1):
                for data in sent[turn]:
                    self.lines[turn].extend(data)
                    self._carry(1 - turn, data)
            if not sent[0] and not sent[1]:
                break
        for turn in (0, 1):
            self.told[turn].extend(self.ends[turn].events())
        return self

    def _carry(self, to: int, data: bytes) -> None:
        fate = self.drawn.random()
        if fate < self.spoil / 3:
            return
        if fate < self.spoil * 2 / 3:
            place = self.drawn.randrange(len(data))
            data = data[:place] + bytes((data[place] ^ 0x10,)) + data[place + 1 :]
        self.ends[to].receive(data, self.now)
        if self.spoil * 2 / 3 < fate < self.spoil:
            self.ends[to].receive(data, self.now)

    def wait(self, seconds: float = 60.0) -> Pair:
        end = self.now + seconds
        while True:
            dues = [due for one in self.ends if (due := one.deadline()) is not None]
            if not dues or min(dues) > end:
                break
            self.now = min(dues)
            for one in self.ends:
                one.expire(self.now)
            self.settle()
        self.now = end
        return self

    def frames(self, turn: int) -> list[tuple[int, bytes]]:
        return [(one.protocol, one.data) for one in Deframer(0).receive(self.lines[turn])]


def test_a_link_comes_up_carries_packets_and_goes_down() -> None:
    pair = Pair().open()
    assert pair.told == ([LinkUp(A, B, b"")], [LinkUp(B, A, b"")])
    assert pair.ends[0].phase is Phase.NETWORK
    assert not pair.ends[0].over
    assert pair.ends[0].send(bytes(range(256)))
    pair.settle()
    assert pair.told[1][-1] == Arrived(bytes(range(256)))
    pair.ends[1].close(pair.now)
    pair.settle()
    assert [type(told[-1]) for told in pair.told] == [LinkDown, LinkDown]
    assert pair.ends[1].phase is Phase.DEAD
    assert pair.ends[0].over
    pair.wait(5.0)
    assert pair.ends[0].phase is Phase.DEAD
    assert not pair.ends[0].send(b"x")
    assert pair.ends[0].outgoing() == []


def test_an_end_that_waits_comes_up_when_the_other_begins() -> None:
    pair = Pair().open(1)
    assert pair.up


def test_only_who_asks_begins_a_link() -> None:
    link = PppLink(BMC, random.Random(1).randbytes)
    link.receive(frame(LCP, packet(5, 1, b"")) + frame(IPCP, packet(1, 1, b"")) + frame(0xC023, b""), 0.0)
    assert link.phase is Phase.DEAD
    assert Deframer().receive(b"".join(link.outgoing())) == [(LCP, packet(6, 1, b""))]


@pytest.mark.parametrize("how", [Proof.CHAP_MD5, Proof.PAP])
def test_who_calls_proves_who_it_is(how: Proof) -> None:
    pair = Pair(replace(BMC, wanted=how)).open()
    assert pair.told[0] == [LinkUp(A, B, b"caller")]
    both = Pair(
        replace(BMC, wanted=how, name=b"bmc", password=b"x"),
        replace(CALLER, wanted=how, secret={b"bmc": b"x"}.get),
    )
    assert both.open().told == ([LinkUp(A, B, b"caller")], [LinkUp(B, A, b"bmc")])


def test_6_2_the_proof_that_is_wanted_is_taken_of_those_offered() -> None:
    pair = Pair(replace(BMC, wanted=Proof.PAP), replace(CALLER, offered=(Proof.CHAP_MD5,))).open().wait()
    assert pair.told[0][0] == LinkDown("the other end does not prove who it is", unproven=True)
    assert not pair.up


@pytest.mark.parametrize("how", [Proof.CHAP_MD5, Proof.PAP])
def test_a_wrong_secret_ends_the_link(how: Proof) -> None:
    pair = Pair(replace(BMC, wanted=how), replace(CALLER, password=b"wrong")).open().wait()
    assert pair.told[0] == [LinkDown("the proof of who is there failed", unproven=True)]
    assert pair.told[1] == [LinkDown("the proof of who is there failed", unproven=False)] or not pair.told[1]
    assert [one.phase for one in pair.ends] == [Phase.DEAD, Phase.DEAD]


def test_who_has_no_secret_is_unwilling() -> None:
    pair = Pair(replace(BMC, wanted=Proof.CHAP_MD5), PppSettings()).open().wait()
    assert isinstance(pair.told[0][0], LinkDown)
    assert pair.told[0][0].unproven
    assert pair.told[1] == []


def test_a_name_that_has_no_secret_fails() -> None:
    pair = Pair(replace(BMC, wanted=Proof.PAP, secret=PppSettings().secret)).open().wait()
    assert pair.told[0] == [LinkDown("the proof of who is there failed", unproven=True)]


def test_1332_an_address_is_insisted_on_or_not() -> None:
    pushy = replace(CALLER, address=B, given=A)
    pair = Pair(replace(BMC, address=IPv4Address("192.0.2.77")), pushy).open()
    assert pair.told[0] == [LinkUp(IPv4Address("192.0.2.77"), B, b"")]
    unborne = Pair(replace(BMC, fixed_address=True), pushy)
    unborne.open(1)
    ipcp = unborne.ends[0].addresses
    assert not ipcp.hopeless


def test_14_5_an_address_that_is_refused_three_times_ends_the_link() -> None:
    link = PppLink(replace(BMC, address=NOBODY, fixed_address=True), random.Random(1).randbytes)
    pair = Pair(replace(BMC, address=NOBODY, fixed_address=True), replace(CALLER, address=B, given=A))
    assert link.phase is Phase.DEAD
    pair.open().wait()
    assert pair.told[0][0] == LinkDown("the other end does not bear our address")
    assert not pair.up


def test_no_word_about_addresses() -> None:
    pair = Pair(replace(BMC, addressed=False), replace(CALLER, address=B, given=A)).open()
    assert pair.told[0] == [LinkUp(A, B, b"")]
    ours = [data for protocol, data in pair.frames(0) if protocol == IPCP and data[0] == 1]
    assert ours == [packet(1, 1, b"")]


def test_1662_what_was_agreed_on_shortens_frames() -> None:
    pair = Pair().open()
    for line in pair.lines:
        line.clear()
    pair.ends[0].send(b"\x01\x11")
    pair.settle()
    assert pair.lines[0].startswith(b"\x7e\x21\x01\x11")
    long = Pair(replace(BMC, send_acfc=False, send_pfc=False, least_accm=ALL_CONTROLS)).open()
    long.lines[0].clear()
    long.ends[0].send(b"\x01\x11")
    long.settle()
    assert long.lines[0].startswith(b"\x7e\xff\x7d\x23\x7d\x20\x21\x7d\x21\x7d\x31")


def test_1662_7_what_is_not_asked_for_is_as_on_a_link_that_begins() -> None:
    pair = Pair(replace(BMC, accm=None, pfc=False, acfc=False)).open()
    pair.lines[1].clear()
    pair.ends[1].send(b"\x01\x11")
    pair.settle()
    assert pair.lines[1].startswith(b"\x7e\xff\x7d\x23\x7d\x20\x21\x7d\x21\x7d\x31")


@pytest.mark.parametrize(("filtered", "come"), [(ALL_CONTROLS, 1), (0, 0)])
def test_characters_of_the_line_itself_are_ignored(filtered: int, come: int) -> None:
    pair = Pair(replace(BMC, accm=0xA0000, filtered=filtered)).open()
    pair.ends[1].send(b"\x45\x11\x13")
    (data,) = pair.ends[1].outgoing()
    pair.ends[0].receive(data[:3] + b"\x11\x13" + data[3:], 0.0)
    assert pair.ends[0].events() == [Arrived(b"\x45\x11\x13")] * come


def test_1661_5_8_an_echo_is_answered_on_an_open_link_only() -> None:
    pair = Pair().open()
    pair.ends[0].receive(frame(LCP, packet(9, 5, b"\0\0\0\0data")), 0.0)
    ((_, answer),) = Deframer().receive(b"".join(pair.ends[0].outgoing()))
    assert answer[:4] == b"\x0a\x05\x00\x0c"
    assert answer[4:] == pair.ends[0].terms.magic.to_bytes(4, "big") + b"data"
    for code in (10, 11):
        pair.ends[0].receive(frame(LCP, packet(code, 5, bytes(4))), 0.0)
    early = PppLink(BMC, random.Random(1).randbytes)
    early.open(0.0)
    early.outgoing()
    early.receive(frame(LCP, packet(9, 5, bytes(4))), 0.0)
    assert early.outgoing() == pair.ends[0].outgoing() == []


def test_1661_5_7_protocols_that_are_not_known_are_rejected() -> None:
    pair = Pair().open()
    pair.ends[0].receive(frame(0x80FD, packet(1, 1, b"\x15\x03\x2f") + bytes(1500)), 0.0)
    ((protocol, answer),) = Deframer().receive(b"".join(pair.ends[0].outgoing()))
    assert (protocol, answer[:2], answer[4:10]) == (LCP, b"\x08\x01", b"\x80\xfd\x01\x01\x00\x07")
    assert len(answer) <= 1500
    early = PppLink(BMC, random.Random(1).randbytes)
    early.receive(frame(0x80FD, b"x"), 0.0)
    assert early.outgoing() == []


def test_1661_5_7_an_end_without_ip_ends_the_link() -> None:
    pair = Pair().open()
    pair.ends[0].receive(frame(LCP, packet(8, 1, b"\x80\x57" + bytes(4))), 0.0)
    assert pair.up
    pair.ends[0].receive(frame(LCP, packet(8, 2, b"\x80\x21" + bytes(4))), 0.0)
    assert LinkDown("the other end has no IP") in pair.ends[0].events()


def test_packets_count_only_while_the_link_is_up() -> None:
    pair = Pair()
    pair.ends[0].open(0.0)
    for protocol in (IP, IPCP, 0xC223):
        pair.ends[0].receive(frame(protocol, packet(1, 1, b"")), 0.0)
    assert pair.ends[0].events() == []
    pair.settle()
    assert pair.up
    pair.ends[1].receive(frame(IPCP, packet(5, 9, b"")), 0.0)
    pair.ends[1].receive(frame(IP, b"late"), 0.0)
    pair.ends[1].receive(frame(0xC223, packet(1, 1, b"")), 0.0)
    assert [type(one) for one in pair.ends[1].events()] == [LinkDown]


def test_a_line_that_is_lost_is_told_and_comes_back() -> None:
    pair = Pair().open()
    for one in pair.ends:
        one.lost()
        one.lost()
    pair.settle()
    assert [told[1:] for told in pair.told] == [[LinkDown("the line is gone")]] * 2
    assert pair.open().up


def test_an_end_that_begins_again_gets_a_new_link_by_the_settings_of_now() -> None:
    pair = Pair().open()
    pair.ends[0].settings = replace(BMC, wanted=Proof.CHAP_MD5)
    pair.ends[1].lost()
    pair.ends[1].events()
    pair.open(1).wait()
    assert pair.up
    assert pair.told[0][-1] == LinkUp(A, B, b"caller")
    pair.ends[0].settings = replace(BMC, wanted=Proof.PAP)
    pair.ends[1].close(pair.now)
    pair.settle()
    assert pair.ends[0].phase is not Phase.DEAD
    pair.open(1)
    assert pair.ends[0].terms.wanted is Proof.PAP
    assert pair.up


def test_nobody_at_the_other_end_is_found_out() -> None:
    link = PppLink(BMC, random.Random(1).randbytes)
    link.open(0.0)
    link.open(0.0)
    asked = 0
    while (due := link.deadline()) is not None:
        asked += len(link.outgoing())
        link.expire(due)
    assert (asked, link.phase, link.events()) == (10, Phase.DEAD, [])


def test_a_link_that_others_negotiated_is_taken_as_it_is() -> None:
    link = PppLink(replace(BMC, least_accm=1), random.Random(1).randbytes)
    link.assume()
    assert link.events() == [LinkUp(A, B, b"")]
    assert link.send(b"\x00\x01")
    assert link.outgoing()[0].startswith(b"\x7e\x21\x7d\x20\x01")
    link.receive(frame(IP, b"there", pfc=True, acfc=True), 0.0)
    assert link.events() == [Arrived(b"there")]
    link.assume(((2, bytes.fromhex("00000002")), (7, b"")))
    link.send(b"\x00\x01\x02")
    assert link.outgoing()[0].startswith(b"\x7e\xff\x03\x21\x7d\x20\x7d\x21\x02")


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("how", list(Proof))
def test_a_bad_line_keeps_nobody_from_coming_up(seed: int, how: Proof) -> None:
    pair = Pair(replace(BMC, wanted=how), CALLER, seed)
    pair.spoil = 0.35
    pair.open()
    for _ in range(20):
        if pair.up:
            break
        pair.wait(10.0)
        for one in pair.ends:
            one.open(pair.now)
        pair.settle()
    assert pair.up
    assert all(isinstance(told[-1], LinkUp) for told in pair.told)


@pytest.mark.parametrize("seed", range(25))
def test_noise_changes_nothing_that_is_not_whole(seed: int) -> None:
    drawn = random.Random(seed)
    link = PppLink(BMC, drawn.randbytes)
    for _ in range(50):
        link.receive(drawn.randbytes(drawn.randrange(80)), 0.0)
        link.receive(
            frame(drawn.choice((LCP, IPCP, IP, 0xC023, 0xC223)), drawn.randbytes(drawn.randrange(20))), 0.0
        )
    assert not link.is_up
    assert len(link.outgoing()) < 500
