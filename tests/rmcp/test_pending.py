"""Logins under way."""

from __future__ import annotations

from baseboard.crypto.suites import SUITES
from baseboard.rmcp.pending import Activation, Challenge, HalfOpen, Stage
from tests.rmcp.bmc import HERE, OPS


def test_a_challenge_starts_without_a_session() -> None:
    pending = Challenge(7, HERE, 1.5, 2, b"ops", OPS, OPS.password, bytes(16))
    assert (pending.id, pending.born, pending.reply_number) == (7, 1.5, 0)
    assert pending.session is None
    assert pending.activation is None


def test_a_half_open_session_starts_with_its_answer_due() -> None:
    pending = HalfOpen(7, HERE, 1.5, 9, SUITES[3], 4, b"request")
    assert (pending.stage, pending.request, pending.rc) == (Stage.OPENED, b"request", b"")
    assert pending.account is None


def test_nothing_secret_is_shown() -> None:
    challenge = Challenge(0x1234, HERE, 1.5, 2, b"ops", OPS, OPS.password, b"0123456789abcdef")
    half_open = HalfOpen(0x1234, HERE, 1.5, 9, SUITES[3], 4, b"request")
    for shown in (challenge, half_open):
        assert repr(shown) == f"<{type(shown).__name__} since 1.5>"


def test_an_activation_has_the_order_of_the_response() -> None:
    assert Activation(2, 0x11, 0x22, 4) == (2, 0x11, 0x22, 4)
