"""Declaring messages: rows, types, inheritance; what every message can do."""

from __future__ import annotations

import copy
from typing import Optional

import pytest

from baseboard.errors import DecodeError, EncodeError, LayoutError, TruncatedError
from baseboard.wire import DERIVED, MISSING, Family, Message, Record, Unknown, UnknownRecord, at, fields
from tests.wire.made import make_message


class Header(Record):
    kind: int = at("1", "what it is")
    flag: bool = at("2[7]", default=False)


class Longer(Header):
    kind: int = at("1", "what it really is", default=9)
    rest: bytes = at("3:")


class Same(Header):
    """Adds nothing."""


class Counted(Message):
    size: int = at("1", default=DERIVED)
    text: bytes = at("2:", count="size")


class Shape(Family):
    pass


@Shape.of(1)
class Circle(Shape):
    radius: int = at("1")


class Types(Message):
    plain: int = at("1")
    maybe: Optional[bytes] = at("2:3", default=None)  # noqa: UP045 - the older spelling has to work too
    chosen: Shape | Unknown | None = at("4:", default=None)


class ByHand(Message):
    value: int = at("1")

    def encode(self) -> bytes:
        return b"by hand"


class StillByHand(ByHand):
    """Inherits what was written by hand."""


def test_rows_in_the_order_of_the_table() -> None:
    kind, flag = fields(Header)
    assert (kind.name, kind.column, kind.note, kind.default) == ("kind", "1", "what it is", MISSING)
    assert (flag.type, flag.optional, flag.default, flag.owner) == (bool, False, False, Header)
    assert repr(MISSING) == "MISSING"


def test_a_subclass_adds_rows_and_replaces_them() -> None:
    assert [field.name for field in fields(Longer)] == ["kind", "flag", "rest"]
    assert fields(Longer)[0].note == "what it really is"
    assert Longer.__match_args__ == ("kind", "flag", "rest")
    assert Longer(rest=b"x").encode() == b"\x09\x00x"
    assert Header(kind=1).encode() == b"\x01\x00"


def test_a_subclass_is_compiled_by_itself() -> None:
    assert Header.decode(b"\1\x80") == Header(kind=1, flag=True)
    assert Longer.decode(b"\1\x80ab") == Longer(kind=1, flag=True, rest=b"ab")
    assert type(Same.decode(b"\1\0")) is Same
    assert fields(Same) == fields(Header)
    assert Same(kind=1) != Header(kind=1)


def test_a_secret_is_not_shown() -> None:
    class Login(Message):
        user: int = at("1")
        password: bytes = at("2:", default=b"", secret=True)

    assert repr(Login(user=1, password=b"hidden")) == "Login(user=1, password=<6 bytes>)"
    assert repr(Login(user=1)) == "Login(user=1, password=b'')"
    with pytest.raises(EncodeError) as refused:
        Login(user="hidden", password=b"hidden")  # type: ignore[arg-type]  # that is the point
    assert "hidden" not in str(refused.value)


def test_types_without_none_and_unknown() -> None:
    plain, maybe, chosen = fields(Types)
    assert (plain.type, plain.optional) == (int, False)
    assert (maybe.type, maybe.optional) == (bytes, True)
    assert (chosen.type, chosen.optional) == (Shape, True)


def test_types_that_are_objects_already() -> None:
    made = make_message("Made", {"value": int}, {"value": at("1")})
    assert fields(made)[0].type is int


def test_a_type_that_is_two() -> None:
    class Twofold(Message):
        value: int | str = at("1")

    with pytest.raises(LayoutError, match="neither a type nor"):
        fields(Twofold)[0].type  # noqa: B018 - the property resolves the type


def test_a_type_that_nobody_knows() -> None:
    class Lost(Message):
        value: Nowhere = at("1")  # type: ignore[name-defined]  # noqa: F821 - that is the point

    with pytest.raises(LayoutError, match=r"Lost\.value: name 'Nowhere'"):
        fields(Lost)[0].type  # noqa: B018 - the property resolves the type


def test_equality_hash_and_representation() -> None:
    one, other = Header(kind=1), Header(kind=1, flag=False)
    assert one == other
    assert hash(one) == hash(other)
    assert one != Header(kind=2)
    assert one != 1
    assert repr(one) == "Header(kind=1, flag=False)"
    assert {one: "found"}[other] == "found"
    match one:
        case Header(kind=1, flag=flag):
            assert flag is False
        case _:
            raise AssertionError


def test_the_first_use_of_a_class_may_be_any() -> None:
    # Instances that no constructor of the class made: == and hash compile it as decode does.
    class First(Message):
        value: int = at("1")

    one, other = object.__new__(First), object.__new__(First)
    for message in (one, other):
        object.__setattr__(message, "value", 7)
    assert one == other

    class Second(Message):
        value: int = at("1")

    lonely = object.__new__(Second)
    object.__setattr__(lonely, "value", 7)
    assert hash(lonely) == hash(lonely)

    class Third(Message):
        value: int = at("1")

    bare = object.__new__(Third)
    object.__setattr__(bare, "value", 7)
    assert bare.encode() == b"\x07"


def test_the_first_decode_heeds_exact() -> None:
    class Short(Message):
        value: int = at("1")

    with pytest.raises(DecodeError, match="2 bytes, 1 wanted"):
        Short.decode(b"12", True)
    assert Short.decode(b"12").value == 0x31


def test_copies() -> None:
    message = Longer(rest=b"x")
    assert copy.copy(message) == message
    assert copy.deepcopy(message) == message


def test_no_attribute_beyond_the_rows() -> None:
    with pytest.raises(AttributeError):
        Header(kind=1).other = 2  # type: ignore[attr-defined]  # that is the point


def test_replace_checks_and_derives_again() -> None:
    message = Counted(text=b"abc")
    assert message.size == 3
    assert message.replace(text=b"longer").size == 6
    assert Header(kind=1).replace(flag=True) == Header(kind=1, flag=True)
    with pytest.raises(EncodeError):
        Header(kind=1).replace(kind=256)


class Told(Message):
    selector: int = at("1", default=DERIVED)
    shape: Shape | Unknown | None = at("2:", selector="selector", default=None)


def test_replace_keeps_what_nothing_decides() -> None:
    assert Told(selector=7).replace() == Told(selector=7)
    assert Told(selector=7).replace(shape=Circle(radius=2)) == Told(shape=Circle(radius=2))
    assert Told(shape=Circle(radius=2)).selector == 1


def test_a_class_may_match_by_other_names() -> None:
    class Named(Header):
        __match_args__ = ("flag",)

    match Named(kind=1, flag=True):
        case Named(flag):
            assert flag is True


def test_what_is_written_by_hand_stays() -> None:
    assert ByHand(value=1).encode() == b"by hand"
    assert StillByHand.decode(b"\1").encode() == b"by hand"


def test_fields_share_no_bit() -> None:
    with pytest.raises(LayoutError, match=r"Overlapping\.second: byte 1\[3\] overlaps first"):

        class Overlapping(Message):
            first: int = at("1[3:0]")
            second: bool = at("1[3]")


def test_fields_overlap_no_tail() -> None:
    with pytest.raises(LayoutError, match=r"late: byte 4 overlaps rest"):

        class Covered(Message):
            rest: bytes = at("3:")
            late: int = at("4")


def test_nothing_lies_before_the_first_byte() -> None:
    with pytest.raises(LayoutError, match="code: byte 1 lies before the first"):

        class Reply(Message):
            _base = 2
            code: int = at("1")


def test_relative_places_need_something_to_follow() -> None:
    with pytest.raises(LayoutError, match="follows no field of variable size"):

        class Adrift(Message):
            value: int = at("+1")


def test_a_second_tail_counts_from_the_first() -> None:
    with pytest.raises(LayoutError, match="second: byte 2: lies after first"):

        class TwoTails(Message):
            first: bytes = at("1:")
            second: bytes = at("2:")


@pytest.mark.parametrize(
    ("name", "reason"), [("encode", "no name"), ("_hidden", "no name"), ("bare", "no type")]
)
def test_names_of_rows(name: str, reason: str) -> None:
    hints = {} if name == "bare" else {name: "int"}
    with pytest.raises(LayoutError, match=reason):
        make_message("Odd", hints, {name: at("1")})


def test_a_row_belongs_to_one_field() -> None:
    row = at("1")

    class Owner(Message):
        value: int = row

    assert Owner(value=1).encode() == b"\1"
    with pytest.raises(LayoutError, match=r"Thief\.mine is also Owner\.value"):

        class Thief(Message):
            mine: int = row


def test_unknown_keeps_what_came() -> None:
    kept = Unknown.decode(memoryview(b"\xc0ab"))
    assert kept == Unknown(selector=0xC0, raw=b"ab")
    assert (kept.encode(), kept.pack()) == (b"ab", b"\xc0ab")
    assert hash(kept) == hash(Unknown(selector=0xC0, raw=b"ab"))
    assert kept != Unknown(selector=0xC1, raw=b"ab")
    assert kept != UnknownRecord(selector=0xC0, raw=b"ab")
    assert repr(kept) == "Unknown(selector=192, raw=b'ab')"
    assert UnknownRecord(selector=7, raw=b"whole").pack() == b"whole"
    match kept:
        case Unknown(selector=number, raw=raw):
            assert (number, raw) == (0xC0, b"ab")
    with pytest.raises(TruncatedError, match="0 bytes, at least 1 wanted"):
        Unknown.decode(b"")
