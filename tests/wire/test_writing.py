"""Encoding, and what __init__ makes of its arguments."""

from __future__ import annotations

import enum

import pytest

from baseboard.errors import EncodeError, LayoutError
from baseboard.wire import BCD, DERIVED, Family, Message, Record, Unknown, at


class Flags(enum.IntFlag):
    LOW = 1
    HIGH = 0x8000


class Empty(Message):
    pass


class Bits(Message):
    flags: Flags = at("2[6:4]|1", default=Flags.LOW)
    wide: Flags = at("3:5", default=Flags.HIGH)
    sign: int = at("6[3:0]", signed=True)
    low: int = at("6[7:4]", default=0)
    big: int = at("7:16", default=0)
    digits: str = at("17[3:0]|18[7:4]", codec=BCD, default="00")


class Optional(Message):
    first: int | None = at("1", default=None)
    one: int | None = at("2", default=None, group="g")
    two: int | None = at("3", default=None, group="g")
    rest: bytes = at("4:", default=b"")


class OptionalTail(Message):
    first: int = at("1")
    second: int | None = at("2", default=None)
    rest: bytes | None = at("3:", default=None)


class Counted(Message):
    size: int = at("1", default=DERIVED)
    text: bytes = at("2:", count="size-2")
    both: int = at("+1", default=DERIVED)
    one: bytes = at("+2:", count="both")
    two: bytes = at("+1:", count="both")


class Kin(Family):
    pass


@Kin.of(3)
class Member(Kin):
    pass


class Chooser(Message):
    selector: int = at("1", default=DERIVED)
    kin: Kin | Unknown = at("2:", selector="selector")


class Stored(Family, selector="kind"):
    kind: int = at("1", default=DERIVED)


@Stored.of(7)
class Seven(Stored):
    pass


class Only(Record):
    text: bytes = at("1:")


def test_nothing() -> None:
    assert Empty().encode() == b""
    assert Empty.decode(b"") == Empty()


def test_bits() -> None:
    message = Bits(sign=-3)
    assert message.encode() == bytes.fromhex("0100 008000 0d 00000000000000000000 0000")
    message = Bits(sign=7, low=15, flags=Flags(0x701), big=1 << 72, digits="42")
    assert message.encode() == bytes.fromhex("0170 008000 f7 00000000000000000001 0420")
    assert Bits.decode(message.encode()) == message


def test_what_may_be_missing() -> None:
    assert Optional().encode() == b""
    assert Optional(first=1).encode() == b"\1"
    assert Optional(first=1, one=2, two=3).encode() == b"\1\2\3"
    assert Optional(first=1, one=2, two=3, rest=b"x").encode() == b"\1\2\3x"
    assert OptionalTail(first=1).encode() == b"\1"
    assert OptionalTail(first=1, second=2, rest=b"x").encode() == b"\1\2x"
    assert Only(text=b"x").encode() == b"x"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"one": 2, "two": 3}, "one"),
        ({"first": 1, "one": 2}, "two"),
        ({"first": 1, "two": 3}, "two"),
        ({"rest": b"x"}, "rest"),
        ({"first": 1, "rest": b"x"}, "rest"),
    ],
)
def test_nothing_follows_what_is_missing(values: dict[str, int], field: str) -> None:
    with pytest.raises(EncodeError, match=rf"Optional\.{field}"):
        Optional(**values)  # type: ignore[arg-type]  # bytes among the numbers


def test_an_optional_tail_is_not_empty() -> None:
    with pytest.raises(EncodeError, match=r"OptionalTail\.rest: 0 of bytes"):
        OptionalTail(first=1, second=2, rest=b"")
    with pytest.raises(EncodeError, match=r"OptionalTail\.rest: 1 of bytes"):
        OptionalTail(first=1, rest=b"x")


def test_counts_follow_what_they_count() -> None:
    message = Counted(text=b"abc", one=b"d", two=b"e")
    assert (message.size, message.both) == (5, 1)
    assert message.encode() == b"\5abc\1de"
    assert Counted(size=5, text=b"abc", both=1, one=b"d", two=b"e") == message
    with pytest.raises(EncodeError, match=r"Counted\.text"):
        Counted(size=4, text=b"abc", one=b"d", two=b"e")
    with pytest.raises(EncodeError, match=r"Counted\.two"):
        Counted(text=b"abc", one=b"d", two=b"ef")
    with pytest.raises(EncodeError, match=r"Counted\.text: 300 of bytes|Counted\.size: 302"):
        Counted(text=bytes(300), one=b"d", two=b"e")
    with pytest.raises(EncodeError, match=r"Counted\.text: None"):
        Counted(text=None, one=b"d", two=b"e")  # type: ignore[arg-type]  # that is the point


def test_selectors_follow_what_they_select() -> None:
    assert Chooser(kin=Member()).encode() == b"\3"
    assert Chooser(kin=Unknown(selector=9, raw=b"x")).encode() == b"\x09x"
    assert Seven().encode() == b"\7"
    with pytest.raises(EncodeError, match=r"Chooser\.kin: NoneType|Chooser\.kin: None"):
        Chooser(kin=None)  # type: ignore[arg-type]  # that is the point


def test_what_follows_from_nothing() -> None:
    class Alone(Message):
        number: int = at("1", default=DERIVED)

    with pytest.raises(LayoutError, match=r"Alone\.number counts and chooses nothing"):
        Alone()


def test_arguments_have_names() -> None:
    with pytest.raises(TypeError):
        Bits(1)  # type: ignore[call-arg, arg-type]  # that is the point
    with pytest.raises(TypeError):
        Bits()  # type: ignore[call-arg]  # likewise
    with pytest.raises(TypeError):
        Bits(sign=1, other=2)  # type: ignore[call-arg]  # likewise
    with pytest.raises(TypeError):
        Empty(1)  # type: ignore[call-arg]  # likewise


def test_equality_and_hash() -> None:
    assert Bits(sign=1) == Bits(sign=1)
    assert Bits(sign=1) != Bits(sign=2)
    assert Empty() == Empty()
    assert Empty() != Bits(sign=1)
    assert len({Bits(sign=1), Bits(sign=1), Bits(sign=2), Empty(), Empty()}) == 3
