"""What compiled codecs call: the texts name the place, and never tell a secret."""

from __future__ import annotations

import enum

import pytest

from baseboard.errors import DecodeError, EncodeError, TruncatedError
from baseboard.wire import BCD, DERIVED, Message, OpenEnum, Record, at, faults
from baseboard.wire.enums import memo


class Plain(Message):
    number: int = at("1")
    text: bytes = at("2:3")
    more: tuple[int, ...] | None = at("4:", default=None)


class Demanding(Message):
    _strict = True

    number: int = at("1")


class Colour(OpenEnum):
    RED = 1


def test_too_few_bytes() -> None:
    with pytest.raises(TruncatedError, match=r"^Plain: 2 bytes, at least 3 wanted$") as caught:
        faults.length(Plain, 2, (3, 5))
    assert caught.value.wrong_length


def test_too_many_bytes() -> None:
    with pytest.raises(DecodeError, match=r"^Plain: 4 bytes, 3 or 5 wanted$") as caught:
        faults.length(Plain, 4, (3, 5), True)
    assert caught.value.wrong_length
    assert not isinstance(caught.value, TruncatedError)


def test_whether_surplus_bytes_matter_is_the_callers_or_the_classs_affair() -> None:
    faults.length(Plain, 4, (3,), False)
    faults.length(Plain, 4, (3,), None)
    with pytest.raises(DecodeError, match="4 bytes, 3 wanted"):
        faults.length(Demanding, 4, (3,), None)
    faults.length(Demanding, 4, (3,), False)


def test_a_field_of_variable_size_that_does_not_fit() -> None:
    with pytest.raises(TruncatedError, match=r"Plain\.text: 5 bytes, at least 7 wanted"):
        faults.short(Plain, "text", 5, 3, 7)
    with pytest.raises(DecodeError, match=r"Plain\.text: -2 bytes are said to follow") as caught:
        faults.short(Plain, "text", 5, 3, 1)
    assert not caught.value.wrong_length


def test_raw_bytes_that_a_codec_refuses() -> None:
    assert str(faults.unreadable(Plain, "text")) == "Plain.text: its codec refuses byte 2:3"


def test_records_one_after_the_other() -> None:
    class Pair(Record):
        low: int = at("1")
        high: int = at("2")

    assert faults.split(Pair.decode, b"\1\2\3\4", 2) == (Pair(low=1, high=2), Pair(low=3, high=4))


def test_records_that_know_their_length() -> None:
    def read(data: bytes, start: int) -> tuple[int, int]:
        return data[start], start + data[start]

    assert faults.many(read, b"\1\3..\2.\1", 1, 2) == ((3, 2), 6)
    assert faults.many(read, b"\1\3..\2.\1", 0, -1) == ((1, 3, 2, 1), 7)


def test_what_fits_bits() -> None:
    assert faults.fits_bits(BCD.encode, "45", 8, False)
    assert not faults.fits_bits(BCD.encode, "45", 4, False)
    assert not faults.fits_bits(BCD.encode, "four", 8, False)
    assert faults.fits_bits(int, -8, 4, True)
    assert not faults.fits_bits(int, 8, 4, True)
    assert not faults.fits_bits(int, None, 4, True)


def test_what_fits_bytes() -> None:
    assert faults.fits_bytes(str.encode, "ab", 2)
    assert faults.fits_bytes(str.encode, "ab", None)
    assert not faults.fits_bytes(str.encode, "ab", 3)
    assert not faults.fits_bytes(str.encode, 7, 3)
    assert not faults.fits_bytes(int, 7, 1)


def test_other_buffers_become_bytes() -> None:
    assert faults.octets(bytearray(b"ab")) == b"ab"
    with pytest.raises(TypeError):
        faults.octets(5)


def test_plain_numbers_become_enumerators() -> None:
    assert faults.coerce(memo(Colour), faults.refuser(Plain), "number", 1) is Colour.RED


def test_a_closed_enumeration_has_no_others() -> None:
    class Closed(enum.IntEnum):
        ONLY = 1

    with pytest.raises(EncodeError, match=r"Plain\.number: 2 does not fit byte 1"):
        faults.coerce(memo(Closed), faults.refuser(Plain), "number", 2)


@pytest.mark.parametrize(
    ("value", "shown"), [(300, "300"), (None, "None"), (b"secret", "6 of bytes"), (1.5, "float")]
)
def test_refusal_names_the_place_but_no_secret(value: object, shown: str) -> None:
    with pytest.raises(EncodeError) as caught:
        faults.refuser(Plain)("text", value)
    assert str(caught.value) == f"Plain.text: {shown} does not fit byte 2:3"


def test_a_value_of_the_wrong_type_is_found() -> None:
    good = {"number": 1, "text": b"ab", "more": None}
    wrong = TypeError("unsupported")

    def text(**changes: object) -> str:
        return str(faults.mistyped(Plain, {**good, **changes}, wrong))

    assert text(number="1") == "Plain.number: 1 of str does not fit byte 1"
    assert text(number=DERIVED, text="") == "Plain.text: 0 of str does not fit byte 2:3"
    assert text(more=5) == "Plain.more: 5 does not fit byte 4:"
    assert text(text=None) == "Plain.text: None does not fit byte 2:3"
    assert text(number=DERIVED) == "Plain: number follows from nothing here"
    assert text() == "Plain: unsupported"
