"""What a file may say about event filtering: ranges and words."""

from __future__ import annotations

import pytest
from msgspec import ValidationError, convert

from baseboard.bmc.configuration.pef_layout import Pef


def test_nothing_need_be_said() -> None:
    pef = convert({}, Pef)
    assert (pef.enabled, pef.community, pef.trap_port, pef.filter) == (False, "public", 162, [])


@pytest.mark.parametrize(
    "said",
    [
        {"startup_delay_s": 256}, {"filters": 0}, {"policies": 128}, {"trap_port": 0},
        {"community": "x" * 19},
        {"actions": ["explode"]}, {"filter": [{"number": 0}]}, {"filter": [{"data1": [1, 2]}]},
        {"filter": [{"offsets": [16]}]}, {"filter": [{"severity": "grave"}]}, {"policy": [{"policy": 1}]},
        {"policy": [{"policy": 16, "destination": 1}]},
        {"policy": [{"policy": 1, "destination": 1, "rule": "x"}]},
        {"string": [{"text": "x" * 64}]}, {"string": [{"text": "\t"}]}, {"destination": [{}] * 5},
        {"destination": [{"address": "192.0.2.1", "retries": 8}]}, {"colour": 1},
    ],
)  # fmt: skip
def test_what_is_not_allowed(said: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        convert(said, Pef)
