"""Strategies draw what a class can hold, all of it, and nothing else."""

from __future__ import annotations

import enum
from typing import Any

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from baseboard.testing.strategies import encoded, members, messages, unknown
from baseboard.wire import (
    BCD,
    DERIVED,
    TEXT,
    Family,
    Message,
    OpenEnum,
    Record,
    Steps,
    Unknown,
    UnknownRecord,
    at,
    reserved,
)


class Colour(OpenEnum):
    RED = 1
    DEEP_RED = 0x101


class Far(OpenEnum):
    AWAY = 0x1000


class Closed(enum.IntEnum):
    ONE = 1
    TWO = 2


class Flags(enum.IntFlag):
    LOW = 1


class OddOnly:
    """A codec that refuses even numbers."""

    def decode(self, raw: int, /) -> str:
        if raw % 2 == 0:
            raise ValueError(raw)
        return str(raw)

    def encode(self, value: str, /) -> int:
        return int(value)


class Pair(Record):
    low: int = at("1", signed=True)
    high: bool = at("2[7]")


class Sized(Record):
    size: int = at("1[3:0]", default=DERIVED)
    text: bytes = at("2:", count="size")


class Kin(Family):
    pass


@Kin.of(1)
class One(Kin):
    value: int = at("1:3")


@Kin.of(0x90)
class Other(Kin):
    value: bytes = at("1:")


class Stored(Family, selector="kind"):
    number: int = at("1")
    kind: int = at("2", default=DERIVED)


@Stored.of(range(3, 9))
class Several(Stored):
    value: int = at("3")


class Fixed(Message):
    colour: Colour = at("1")
    far: Far = at("2")
    closed: Closed = at("3[3:0]")
    flags: Flags = at("4:5")
    odd: str = at("6", codec=OddOnly())
    digits: str = at("7", codec=BCD)
    steps: int = at("8:9", codec=Steps(5))
    text: str = at("10:15", codec=TEXT)
    octets: bytes = at("16:17")
    pairs: tuple[Pair, ...] = at("18:21")
    colours: tuple[Colour, ...] = at("22:23")
    sized: Sized = at("24:26")
    kin: Kin | Unknown = at("27:30")


class Varied(Message):
    n: int = at("1[1:0]", default=DERIVED)
    pairs: tuple[Pair, ...] = at("2:", count="n+1")
    numbers: tuple[int, ...] = at("+1:", count="n")
    inner: Sized = at("+1:")
    m: int = at("+1", default=DERIVED)
    coded: str = at("+2:", count="m-2", codec=TEXT)
    k: int = at("+1", default=DERIVED)
    record: Sized = at("+2:", count="k")
    j: int = at("+1", default=DERIVED)
    chosen: Kin | Unknown = at("+2:", count="j")
    selector: int = at("+1[6:0]", default=DERIVED)
    i: int = at("+2", default=DERIVED)
    beside: Kin | Unknown = at("+3:", count="i", selector="selector")
    end: int | None = at("+1", default=None)
    both: int | None = at("+2[7:4]", default=None)
    rest: bytes = at("+3:", default=b"")


class Optional(Message):
    first: int | None = at("1", default=None)
    rest: Stored | Unknown | None = at("2:", default=None)


class Beside(Message):
    selector: int = at("1[6:0]", default=DERIVED)
    marked: bool = at("1[7]")
    kin: Kin | Unknown | None = at("2:", selector="selector", default=None)


@pytest.mark.parametrize("cls", [Fixed, Varied, Optional, One, Several, Pair])
@settings(max_examples=50)
@given(data=st.data())
def test_what_is_drawn_comes_back(cls: type[Message], data: st.DataObject) -> None:
    message = data.draw(messages(cls))
    assert type(message) is cls
    assert cls.decode(message.encode(), True) == message
    assert reserved(cls, message.encode()) == []


@settings(max_examples=50)
@given(encoded(Fixed))
def test_bytes_are_drawn_too(data: bytes) -> None:
    assert len(data) == 30
    assert Fixed.decode(data).encode() == data


@pytest.mark.parametrize(
    ("cls", "wanted"),
    [
        (Pair, lambda pair: pair.low == -128 and pair.high),
        (Fixed, lambda fixed: not fixed.colour.known),
        (Fixed, lambda fixed: fixed.closed is Closed.TWO),
        (Varied, lambda varied: varied.n == 3 and varied.coded and varied.rest),
        (Varied, lambda varied: varied.end is None),
        (Varied, lambda varied: varied.end is not None and varied.both is None),
        (Varied, lambda varied: isinstance(varied.chosen, Other) and isinstance(varied.beside, Unknown)),
        (Optional, lambda optional: isinstance(optional.rest, Several)),
        (Optional, lambda optional: isinstance(optional.rest, UnknownRecord)),
        (Optional, lambda optional: optional.first is not None and optional.rest is None),
        (Beside, lambda beside: isinstance(beside.kin, One) and beside.marked),
    ],
)
def test_everything_is_drawn_some_time(cls: type[Message], wanted: Any) -> None:
    # The first that fits will do: to make it small would take most of the time.
    settled = settings(max_examples=20_000, database=None, phases=[Phase.generate])
    assert wanted(find(messages(cls), wanted, settings=settled))


@given(members(Kin))
def test_members_of_a_family(kin: Kin | Unknown) -> None:
    assert Kin.unpack(kin.pack(), True) == kin


@given(members(Stored))
def test_members_of_a_family_with_its_selector_inside(record: Stored | Unknown) -> None:
    assert Stored.unpack(record.pack(), True) == record


@given(unknown(Kin))
def test_what_a_family_does_not_know(kin: Unknown) -> None:
    assert kin.selector not in Kin.members()
