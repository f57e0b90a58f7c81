"""Every shape of the verbs about sensors that ipmitool has not."""

from __future__ import annotations

import dataclasses

import pytest

from baseboard.cli.results import sensor_changes, shapes
from baseboard.wire.value import Value

SHAPES = {verb: kind for verb, kind in shapes().items() if kind.__module__ == sensor_changes.__name__}


def test_each_verb_that_finds_something_has_one() -> None:
    assert set(SHAPES) == {
        "event receiver", "sdr add", "sdr delete", "sdr device", "sdr init-agent", "sdr space", "sdr time",
        "sensor events", "sensor factors", "sensor hysteresis", "sensor rearm", "sensor set-reading",
        "sensor type",
    }  # fmt: skip


@pytest.mark.parametrize("verb", SHAPES)
def test_a_shape_is_plain_and_frozen(verb: str) -> None:
    kind = SHAPES[verb]
    assert dataclasses.is_dataclass(kind)
    assert issubclass(kind, Value)
    assert kind.__doc__
