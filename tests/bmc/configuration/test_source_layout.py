"""What a file may say about sources."""

from __future__ import annotations

import msgspec
import pytest

from baseboard.bmc.configuration.source_layout import Probe, Source


def test_a_source_has_the_keys_of_a_probe_and_more() -> None:
    keys = {field.name for field in msgspec.structs.fields(Probe)}
    assert keys < {field.name for field in msgspec.structs.fields(Source)}


@pytest.mark.parametrize(
    "value",
    [
        {"command": []}, {"command": ["a\0"]}, {"hwmon": "../etc"}, {"channel": "a b"}, {"interval_s": 0},
        {"line": -1}, {"line": ""}, {"pulses": 0}, {"bias": "up"}, {"words": {"on": [15]}}, {"w1": "/dev/x"},
    ],
)  # fmt: skip
def test_values_that_cannot_be(value: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(value, Source)
