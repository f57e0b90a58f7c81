"""Passwords that nobody has to think of."""

from __future__ import annotations

from baseboard.cli.passwords import random_password


def test_a_password_can_be_typed_and_fits_v15() -> None:
    for _ in range(100):
        password = random_password()
        assert len(password) == 16
        assert password.isascii()
        assert password.isalnum()
        assert not set(password) & set("0O1lI")


def test_each_is_another() -> None:
    assert len({random_password() for _ in range(100)}) == 100
