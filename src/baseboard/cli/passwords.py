"""Passwords that nobody has to think of."""

from __future__ import annotations

import secrets

# Without 0 O 1 l I, which people mix up.
_LETTERS = "23456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"
_SIZE = 16


def random_password() -> str:
    """One that can be typed, and that IPMI v1.5 can hold."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_SIZE))
