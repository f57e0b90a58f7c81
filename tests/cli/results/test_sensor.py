"""Every verb of ``sensor`` that finds something says what shape that has."""

from __future__ import annotations

import dataclasses

import pytest

from baseboard.cli.results import shapes
from baseboard.wire.value import Value

VERBS = [verb for verb in shapes() if verb.split()[0] == "sensor"]


@pytest.mark.parametrize("verb", VERBS)
def test_a_shape_is_plain_and_frozen(verb: str) -> None:
    cls = shapes()[verb]
    assert dataclasses.is_dataclass(cls)
    assert issubclass(cls, Value)
    assert cls.__doc__


def test_its_verbs() -> None:
    assert set(VERBS) == {
        "sensor events",
        "sensor factors",
        "sensor get",
        "sensor hysteresis",
        "sensor list",
        "sensor plot",
        "sensor reading",
        "sensor rearm",
        "sensor set-reading",
        "sensor thresh",
        "sensor type",
        "sensor watch",
    }
