"""What `connect` is told."""

from __future__ import annotations

import pytest

from baseboard.client.settings import Settings


def test_no_secret_is_shown() -> None:
    shown = repr(Settings(password=b"s3cret", kg=b"k3y"))
    assert "s3cret" not in shown
    assert "k3y" not in shown


@pytest.mark.parametrize(
    ("settings", "seconds"),
    [
        (Settings(timeout=1.0, retries=0), 1.0),
        (Settings(timeout=1.0, retries=4), 1 + 2 + 3 + 4 + 5),
        (Settings(timeout=2.0, retries=1), 2 + 3),
        (Settings(timeout=1.0, retries=4, deadline=60.0), 60.0),
    ],
)
def test_the_patience_is_that_of_all_attempts(settings: Settings, seconds: float) -> None:
    assert settings.patience == seconds
