"""Values: what a dataclass is to those who use one."""

from __future__ import annotations

import dataclasses
import pickle
from typing import Any, ClassVar

import pytest

from baseboard.wire.value import Changing, Value, told


class Point(Value):
    """By place, with a default."""

    ORIGIN: ClassVar[str] = "0, 0"

    x: int
    y: int = 0


class Named(Value, kw_only=True):
    """By name, with a secret, something made anew and something worked out."""

    name: str
    password: str = told(default="", repr=False)
    tags: list[str] = told(default_factory=list)
    length: int = told(init=False)

    def _made(self) -> None:
        object.__setattr__(self, "length", len(self.name))


class Deep(Point):
    """More than a point."""

    z: int = 5
    password: str = told(repr=False, default="x")


class Loose(Changing):
    """One that changes."""

    count: int = 0


def test_parts_are_given_by_place_and_by_name() -> None:
    assert (Point(1, 2).x, Point(1, 2).y) == (1, 2)
    assert (Point(1).x, Point(1).y) == (1, 0)
    assert Point(y=3, x=4) == Point(4, 3)
    assert Point.ORIGIN == "0, 0"


def test_a_copy_has_only_the_parts_that_there_are() -> None:
    assert Point(1, 2).replace(y=5) == Point(1, 5)
    with pytest.raises(TypeError, match="Point has no z"):
        Point(1, 2).replace(x=3, z=5)


def test_what_is_worked_out_is_no_part() -> None:
    one = Named(name="rack", tags=["a"])
    assert (one.length, one.tags) == (4, ["a"])
    assert one.replace(name="row").length == 3
    assert [field.name for field in dataclasses.fields(one)] == ["name", "password", "tags"]


def test_a_default_that_is_made_is_made_for_each() -> None:
    first, second = Named(name="a"), Named(name="b")
    first.tags.append("mine")
    assert second.tags == []


def test_a_class_has_the_parts_of_its_base_first() -> None:
    deep = Deep(1, 2, 3)
    assert repr(deep) == "Deep(x=1, y=2, z=3)"
    assert (deep.password, Point(1, 2) == deep) == ("x", False)
    assert Deep.__match_args__ == ("x", "y", "z", "password")


def test_it_compares_and_hashes_by_its_parts() -> None:
    assert Point(1, 2) == Point(1, 2)
    assert Point(1, 2) != Point(1, 3)
    assert Point(1, 2) != (1, 2)
    assert {Point(1, 2), Point(1, 2)} == {Point(1, 2)}


def test_a_secret_is_not_shown() -> None:
    assert repr(Named(name="rack", password="hidden")) == "Named(name='rack', tags=[])"


def test_a_pattern_finds_its_parts() -> None:
    match Point(1, 2):
        case Point(x, y):
            assert (x, y) == (1, 2)


@pytest.mark.parametrize(
    ("cls", "given", "named", "complaint"),
    [
        (Point, (), {}, "Point wants x"),
        (Point, (1, 2, 3), {}, "Point takes 2 by position, not 3"),
        (Point, (1,), {"z": 3}, "Point has no z"),
        (Named, (), {}, "Named wants name"),
        (Named, ("rack",), {}, "Named takes 0 by position, not 1"),
        (Point, (), {"y": 1, "z": 2}, "Point has no z"),
    ],
)
def test_a_wrong_call_is_told(
    cls: Any, given: tuple[object, ...], named: dict[str, object], complaint: str
) -> None:
    with pytest.raises(TypeError, match=complaint):
        cls(*given, **named)


def test_it_has_slots() -> None:
    one = Loose()
    one.count = 2
    assert one == Loose(2)
    with pytest.raises(AttributeError):
        one.other = 1  # type: ignore[attr-defined]  # that is the point


def test_dataclasses_takes_it_for_one_of_its_own() -> None:
    named = Named(name="rack", password="hidden")
    assert dataclasses.is_dataclass(named)
    assert dataclasses.asdict(Point(1, 2)) == {"x": 1, "y": 2}
    assert dataclasses.replace(Point(1, 2), y=5) == Point(1, 5)
    assert dataclasses.asdict(Deep(1)) == {"x": 1, "y": 0, "z": 5, "password": "x"}
    fields = {field.name: field for field in dataclasses.fields(Named)}
    assert not fields["password"].repr
    assert fields["tags"].default_factory is list


def test_it_can_be_pickled() -> None:
    assert pickle.loads(pickle.dumps(Point(1, 2))) == Point(1, 2)  # noqa: S301 - our own
