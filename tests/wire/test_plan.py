"""The parts of a message, and which declarations have none."""

from __future__ import annotations

import pytest

from baseboard.errors import LayoutError
from baseboard.wire import Message, Record, at
from baseboard.wire.plan import Extent, Plan, Segment, Variable, plan
from tests.wire.made import make_message


class Nothing(Message):
    pass


class Fixed(Message):
    _base = 2

    number: int = at("2:3")
    high: int = at("5[7:4]")
    pieces: int = at("7[1:0]|6")


class OnlyReserved(Message):
    _last = 2


class ReservedEnd(Message):
    _last = 4

    number: int = at("1")
    maybe: int | None = at("5", default=None)


class Overlapped(Message):
    word: int = at("3:4[11:0]")
    nibble: int = at("4[7:4]")


class Groups(Message):
    first: int = at("1")
    alone: int | None = at("2", default=None)
    split: int | None = at("5[0]|4", default=None)
    beside: int | None = at("5[7:1]", default=None)
    one: int | None = at("6", default=None, group="g")
    between: int | None = at("7", default=None)
    two: int | None = at("9", default=None, group="g")
    rest: bytes = at("11:", default=b"")


class Chain(Record):
    size: int = at("1")
    text: bytes = at("2:", count="size-1")
    after: int = at("+2")
    inner: Counted = at("+3:")
    last: tuple[Counted, ...] = at("+1:")


class Counted(Record):
    size: int = at("1")
    text: bytes = at("2:", count="size")


class TailFirst(Message):
    everything: bytes = at("1:")


def shape(made: Plan) -> list[tuple[int, int, bool] | tuple[str, Extent]]:
    return [
        (part.start, part.size, part.optional)
        if isinstance(part, Segment)
        else (part.field.name, part.extent)
        for part in made.parts
    ]


def test_no_parts() -> None:
    assert plan(Nothing).parts == []
    assert plan(Nothing).size == 0


def test_one_segment() -> None:
    made = plan(Fixed)
    assert shape(made) == [(2, 6, False)]
    assert (made.size, made.least) == (6, 6)
    (part,) = made.parts
    assert isinstance(part, Segment)
    assert [(unit.name, unit.size) for unit in part.units] == [("u2", 2), ("u5", 1), ("u6", 1), ("u7", 1)]
    assert [field.name for field in part.fields] == ["number", "high", "pieces"]
    whole = [unit.whole.name if unit.whole else None for unit in part.units]
    assert whole == ["number", None, None, None]


def test_reserved_bytes_at_the_end() -> None:
    assert shape(plan(OnlyReserved)) == [(1, 2, False)]
    assert shape(plan(ReservedEnd)) == [(1, 4, False), (5, 1, True)]


def test_spans_that_share_a_byte_are_one_unit() -> None:
    (part,) = plan(Overlapped).parts
    assert isinstance(part, Segment)
    (unit,) = part.units
    assert (unit.first, unit.last) == (3, 4)
    assert [(bits.low, bits.width, bits.shift) for bits in unit.bits] == [(0, 12, 0), (12, 4, 0)]


def test_groups_of_optional_bytes() -> None:
    made = plan(Groups)
    assert shape(made) == [(1, 1, False), (2, 1, True), (3, 3, True), (6, 5, True), ("rest", Extent.DATA)]
    assert made.size is None
    assert not made.self_delimiting


def test_fields_of_variable_size() -> None:
    made = plan(Chain)
    assert shape(made) == [
        (1, 1, False),
        ("text", Extent.COUNT),
        (1, 2, False),
        ("inner", Extent.ITSELF),
        ("last", Extent.DATA),
    ]
    assert made.least == 3
    assert [(part.counter, part.surplus) for part in made.variables] == [("size", -1), ("", 0), ("", 0)]
    assert plan(Counted).self_delimiting
    assert shape(plan(TailFirst)) == [("everything", Extent.DATA)]
    assert isinstance(plan(TailFirst).parts[0], Variable)


def refused(reason: str, **rows: tuple[str, object]) -> None:
    """A message with such rows has no plan."""
    hints = {name: hint for name, (hint, _) in rows.items()}
    made = make_message("Wrong", hints, {name: row for name, (_, row) in rows.items()}, __name__)
    with pytest.raises(LayoutError, match=reason):
        plan(made)


def test_what_has_no_plan() -> None:
    refused("optional byte 1 lies before mandatory 2", a=("int | None", at("1")), b=("int", at("2")))
    refused("byte 1 is both optional and not", a=("int | None", at("1[7]")), b=("int", at("1[0]")))
    refused("a is in a group, but not optional", a=("int", at("1", group="g")))
    refused("a has a count, and a size", n=("int", at("1")), a=("bytes", at("2:3", count="n")))
    refused("'n \\+ 1' names no field", n=("int", at("1")), a=("bytes", at("2:", count="n + 1")))
    refused("a: 'n' is no earlier field", a=("bytes", at("1:", count="n")))
    refused("a: 'n' is no earlier field", a=("bytes", at("2:", selector="n")), n=("int", at("1")))
    refused("n is no number", n=("int | None", at("1")), a=("bytes", at("2:", selector="n")))
    refused("n is no number", n=("bytes", at("1")), a=("bytes", at("2:", count="n")))
    refused("n is no number", n=("tuple[int, ...]", at("1")), a=("bytes", at("2:", count="n")))
    refused("a is optional, but", n=("int", at("1")), a=("bytes | None", at("2:", count="n")))
    refused("a is optional, but", a=("Counted | None", at("1:")), b=("int", at("+1")))
    refused(
        "optional bytes lie before a, which others follow",
        n=("int", at("1")),
        m=("int | None", at("2")),
        a=("bytes", at("3:", count="n")),
        b=("int", at("+1")),
    )
