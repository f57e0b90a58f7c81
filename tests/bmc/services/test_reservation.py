"""Reservations are never 0, and any change ends them (§31.4)."""

from __future__ import annotations

import pytest

from baseboard.bmc.services.reservation import Reservation
from baseboard.errors import CompletionError


def test_only_the_latest_holder_passes() -> None:
    reservation = Reservation()
    with pytest.raises(CompletionError, match="^C5h"):
        reservation.check(0)
    first, second = reservation.take(), reservation.take()
    assert 0 not in (first, second)
    reservation.check(second)
    with pytest.raises(CompletionError, match="^C5h"):
        reservation.check(first)
    reservation.cancel()
    with pytest.raises(CompletionError, match="^C5h"):
        reservation.check(second)


def test_ids_wrap_without_zero() -> None:
    reservation = Reservation()
    drawn = {reservation.take() for _ in range(0x10000)}
    assert 0 not in drawn
    assert len(drawn) == 0xFFFF
