"""Every verb of ``sdr`` that finds something says what shape that has."""

from __future__ import annotations

import dataclasses

import pytest

from baseboard.cli.results import shapes
from baseboard.wire.value import Value

VERBS = [verb for verb in shapes() if verb.split()[0] == "sdr"]


@pytest.mark.parametrize("verb", VERBS)
def test_a_shape_is_plain_and_frozen(verb: str) -> None:
    cls = shapes()[verb]
    assert dataclasses.is_dataclass(cls)
    assert issubclass(cls, Value)
    assert cls.__doc__


def test_its_verbs() -> None:
    assert set(VERBS) == {
        "sdr add",
        "sdr delete",
        "sdr device",
        "sdr dump",
        "sdr elist",
        "sdr entity",
        "sdr fill",
        "sdr get",
        "sdr info",
        "sdr init-agent",
        "sdr list",
        "sdr space",
        "sdr time",
        "sdr type",
    }
