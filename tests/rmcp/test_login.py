"""What a console is told before it logs in."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.errors import EncodeError
from baseboard.rmcp.login import NO_QUIRKS, Login


def test_the_level_of_the_login() -> None:
    assert Login(privilege=3).level == 3
    assert Login(privilege=3, asked=0).level == 0


def test_defaults_are_strict() -> None:
    assert Login().privilege == 4
    assert Login().name_only
    assert not any((NO_QUIRKS.no_icv, NO_QUIRKS.ignore_authcodes, NO_QUIRKS.ignore_checksums))


def test_secrets_are_not_shown() -> None:
    shown = repr(Login(username=b"ops", password=b"my-secret", kg=b"bmc-key"))
    assert "ops" in shown
    assert "secret" not in shown
    assert "bmc-key" not in shown


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"username": bytes(17)}, "user name has at most 16 bytes, not 17"),
        ({"password": bytes(21)}, "password has at most 20 bytes, not 21"),
        ({"kg": bytes(21)}, "K_G has at most 20 bytes, not 21"),
        ({"privilege": 0}, "privilege 0 is not 1-5"),
        ({"privilege": 6}, "privilege 6 is not 1-5"),
    ],
)
def test_what_cannot_log_in(fields: dict[str, Any], text: str) -> None:
    with pytest.raises(EncodeError, match=text):
        Login(**fields)


def test_largest_values() -> None:
    login = Login(username=bytes(16), password=bytes(20), kg=bytes(20), privilege=5)
    assert len(login.password) == 20
