"""Every verb of ``sel`` that finds something says what shape that has."""

from __future__ import annotations

import dataclasses

import pytest

from baseboard.cli.results import shapes
from baseboard.wire.value import Value

VERBS = [verb for verb in shapes() if verb.split()[0] == "sel"]


@pytest.mark.parametrize("verb", VERBS)
def test_a_shape_is_plain_and_frozen(verb: str) -> None:
    cls = shapes()[verb]
    assert dataclasses.is_dataclass(cls)
    assert issubclass(cls, Value)
    assert cls.__doc__


def test_its_verbs() -> None:
    assert set(VERBS) == {
        "sel add",
        "sel add-parts",
        "sel auxiliary",
        "sel clear",
        "sel delete",
        "sel elist",
        "sel follow",
        "sel get",
        "sel info",
        "sel interpret",
        "sel list",
        "sel readraw",
        "sel save",
        "sel time get",
        "sel time set",
        "sel utc-offset",
        "sel writeraw",
    }
