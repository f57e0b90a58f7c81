"""Shapes are found by the verb whose output they are."""

from __future__ import annotations

import dataclasses

import pytest

from baseboard.cli.results import shape, shapes
from baseboard.wire.value import Value


def test_every_shape_is_a_value_with_a_docstring_and_dataclasses_can_read_it() -> None:
    known = shapes()
    assert {"chassis status", "sdr list", "sel list", "fru print", "user list", "lan print"} <= set(known)
    for verb, cls in known.items():
        assert dataclasses.is_dataclass(cls), verb
        assert issubclass(cls, Value), verb
        assert cls.__doc__, verb


def test_a_verb_has_one_shape() -> None:
    shapes()
    again = shape("chassis status")
    with pytest.raises(ValueError, match="chassis status has a shape already"):
        again(int)
