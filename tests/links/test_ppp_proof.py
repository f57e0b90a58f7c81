"""PAP and CHAP (RFC 1334 §2, RFC 1994 §4), each end against the other and byte by byte."""

from __future__ import annotations

import pytest

from baseboard.crypto.chap import proof
from baseboard.links.ppp_automaton import packet
from baseboard.links.ppp_proof import ATTEMPTS, PATIENCE, Outcome, Prover, Verifier
from baseboard.links.ppp_terms import CHAP, PAP, Proof

SECRETS = {b"caller": b"secret"}
CHALLENGE = bytes(range(16))


class Wire:
    def __init__(self) -> None:
        self.sent: list[tuple[int, bytes]] = []

    def __call__(self, protocol: int, data: bytes) -> None:
        self.sent.append((protocol, data))

    def take(self) -> list[tuple[int, bytes]]:
        sent, self.sent = self.sent, []
        return sent


def draw(size: int) -> bytes:
    return bytes(range(size)) if size > 1 else b"\x2a"


def verifier(how: Proof) -> tuple[Verifier, Wire]:
    wire = Wire()
    made = Verifier(how, b"bmc", SECRETS.get, draw, wire)
    made.begin(0.0)
    return made, wire


def prover(how: Proof, secret: bytes = b"secret", name: bytes = b"caller") -> tuple[Prover, Wire]:
    wire = Wire()
    made = Prover(how, name, secret, wire)
    made.begin(0.0)
    return made, wire


def test_1994_4_1_a_challenge_and_its_response() -> None:
    asks, out = verifier(Proof.CHAP_MD5)
    assert out.take() == [(CHAP, b"\x01\x2a\x00\x18\x10" + CHALLENGE + b"bmc")]
    right = proof(0x2A, b"secret", CHALLENGE)
    asks.receive(CHAP, b"\x02\x2a\x00\x1b\x10" + right + b"caller")
    assert out.take() == [(CHAP, b"\x03\x2a\x00\x04")]
    assert (asks.outcome, asks.peer, asks.deadline()) == (Outcome.PROVEN, b"caller", None)
    # §4.2: a response that comes again is answered as before.
    asks.receive(CHAP, b"\x02\x2a\x00\x1b\x10" + bytes(16) + b"caller")
    assert out.take() == [(CHAP, b"\x03\x2a\x00\x04")]


@pytest.mark.parametrize(
    ("name", "secret"), [(b"caller", b"wrong"), (b"nobody", b"secret"), (b"nobody", CHALLENGE)]
)
@pytest.mark.parametrize("how", [Proof.CHAP_MD5, Proof.PAP])
def test_who_is_not_who_it_says_fails(how: Proof, name: bytes, secret: bytes) -> None:
    asks, out = verifier(how)
    proves, back = prover(how, secret, name)
    for protocol, data in out.take():
        proves.receive(protocol, data)
    for protocol, data in back.take():
        asks.receive(protocol, data)
    for protocol, data in out.take():
        proves.receive(protocol, data)
    assert asks.outcome is Outcome.FAILED
    assert proves.outcome is Outcome.FAILED
    assert asks.peer == b""


def test_1334_2_2_name_and_password_are_told_and_taken() -> None:
    asks, out = verifier(Proof.PAP)
    proves, back = prover(Proof.PAP)
    assert out.take() == []
    ((protocol, told),) = back.take()
    assert (protocol, told) == (PAP, b"\x01\x01\x00\x12\x06caller\x06secret")
    for _ in range(2):
        asks.receive(PAP, told)
        assert out.take() == [(PAP, b"\x02\x01\x00\x05\x00")]
    assert asks.outcome is Outcome.PROVEN
    proves.receive(PAP, b"\x02\x01\x00\x05\x00")
    assert proves.outcome is Outcome.PROVEN


def test_1994_4_1_a_challenge_is_answered_each_time() -> None:
    proves, back = prover(Proof.CHAP_MD5)
    for identifier in (1, 2):
        proves.receive(CHAP, bytes((1, identifier)) + b"\x00\x18\x10" + CHALLENGE + b"bmc")
        right = proof(identifier, b"secret", CHALLENGE)
        assert back.take() == [(CHAP, bytes((2, identifier)) + b"\x00\x1b\x10" + right + b"caller")]
    proves.receive(CHAP, packet(3, 2, b"welcome"))
    assert (proves.outcome, proves.deadline()) == (Outcome.PROVEN, None)


@pytest.mark.parametrize("how", [Proof.CHAP_MD5, Proof.PAP])
def test_what_gets_no_answer_is_repeated_until_it_failed(how: Proof) -> None:
    asks, out = verifier(how)
    proves, back = prover(how)
    first = out.take(), back.take()
    assert asks.deadline() == proves.deadline() == PATIENCE
    for one in (asks, proves):
        one.expire(PATIENCE - 0.1)
    assert (out.take(), back.take()) == ([], [])
    for turn in range(1, ATTEMPTS):
        for one in (asks, proves):
            one.expire(turn * PATIENCE)
            assert one.outcome is Outcome.OPEN
        assert (out.take(), back.take()) == first
    for one in (asks, proves):
        one.expire(ATTEMPTS * PATIENCE)
        assert (one.outcome, one.deadline()) == (Outcome.FAILED, None)
        one.expire(99 * PATIENCE)
    assert (out.take(), back.take()) == ([], [])


@pytest.mark.parametrize("how", [Proof.CHAP_MD5, Proof.PAP])
@pytest.mark.parametrize("protocol", [CHAP, PAP])
@pytest.mark.parametrize(
    "data", [b"", b"\x02", b"\x09\x2a\0\4", b"\x02\x2b\0\x05\x10", b"\x04\x2a\0\2", b"\x05\1\0\4"]
)
def test_what_is_no_answer_changes_nothing(how: Proof, protocol: int, data: bytes) -> None:
    asks, out = verifier(how)
    proves, back = prover(how)
    sent = out.take(), back.take()
    asks.receive(protocol, data)
    assert (asks.outcome, out.take()) == (Outcome.OPEN, [])
    if data[:1] not in (b"\x02", b"\x04"):
        proves.receive(protocol, data)
        assert (proves.outcome, back.take()) == (Outcome.OPEN, [])
    assert sum(map(len, sent)) == 1


def test_a_response_before_any_challenge_is_none() -> None:
    wire = Wire()
    asks = Verifier(Proof.CHAP_MD5, b"bmc", SECRETS.get, draw, wire)
    asks.receive(CHAP, packet(2, 0, b"\x10" + proof(0, b"secret", b"") + b"caller"))
    assert (asks.outcome, wire.take()) == (Outcome.OPEN, [])


def test_1334_2_2_1_what_is_cut_off_is_no_password() -> None:
    asks, out = verifier(Proof.PAP)
    asks.receive(PAP, packet(1, 9, b"\x06caller"))
    assert asks.outcome is Outcome.FAILED
    assert out.take() == [(PAP, b"\x03\x09\x00\x05\x00")]
