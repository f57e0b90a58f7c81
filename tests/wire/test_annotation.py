"""Bytes explained, and reserved bits found."""

from __future__ import annotations

import enum
import subprocess
import sys

import pytest

from baseboard import wire
from baseboard.errors import TruncatedError
from baseboard.wire import (
    DERIVED,
    TEXT,
    Family,
    Message,
    OpenEnum,
    Record,
    ReservedBits,
    Unknown,
    annotate,
    at,
    dump,
    reserved,
)
from baseboard.wire.annotation import shown_value


class Colour(OpenEnum):
    RED = 1


class Flags(enum.IntFlag):
    LOW = 1
    HIGH = 2


class Pair(Record):
    low: int = at("1[3:0]", "the low one")
    high: int = at("2")


class Sized(Record):
    size: int = at("1", default=DERIVED)
    text: bytes = at("2:", count="size")


class Kin(Family):
    pass


@Kin.of(1)
class Member(Kin):
    enabled: bool = at("1:2[15]", "whether it counts")
    number: int = at("1:2[11:0]")


class Stored(Family, selector="kind"):
    kind: int = at("1", default=DERIVED)


@Stored.of(5)
class Five(Stored):
    value: int = at("2[7]")


class Plain(Message):
    _base = 2

    bottom: int = at("2[1:0]", "declared first, shown last")
    top: bool = at("2[7]", "shown first")
    word: int = at("4:5")
    pieces: int = at("6[7]|7")
    maybe: int | None = at("8[3:0]", default=None)


class Everything(Message):
    n: int = at("1", default=DERIVED)
    pair: Pair = at("2:3")
    pairs: tuple[Pair, ...] = at("4:", count="n")
    inner: Sized = at("+1:")
    numbers: tuple[int, ...] = at("+1:", count="n")
    text: str = at("+1:", count="n", codec=TEXT)
    size: int = at("+1", default=DERIVED)
    kin: Kin | Unknown = at("+2:", count="size")
    selector: int = at("+1", default=DERIVED)
    long: int = at("+2", default=DERIVED)
    beside: Kin | Unknown = at("+3:", count="long", selector="selector")
    short: int = at("+1", default=DERIVED)
    record: Pair = at("+2:", count="short")
    rest: Stored | Unknown | None = at("+1:", default=None)


def everything(rest: Stored | Unknown | None = None) -> Everything:
    return Everything(
        pair=Pair(low=1, high=2),
        pairs=(Pair(low=3, high=4),),
        inner=Sized(text=b"ab"),
        numbers=(9,),
        text="x",
        kin=Member(enabled=True, number=0x123),
        beside=Unknown(selector=0xC0, raw=b"cd"),
        record=Pair(low=5, high=6),
        rest=rest,
    )


def test_a_line_for_each_field_in_the_order_of_the_bytes() -> None:
    lines = annotate(Plain, b"\x83\0\x34\x12\x80\x01")
    assert [(line.first, line.last, line.raw, line.field, line.value) for line in lines] == [
        (2, 2, b"\x83", "top", "yes"),
        (2, 2, b"\x83", "bottom", "3"),
        (4, 5, b"\x34\x12", "word", "4660 (1234h)"),
        (6, 7, b"\x80\x01", "pieces", "257 (101h)"),
    ]
    assert lines[0].note == "shown first"
    assert lines[0].column == "2[7]"


def test_a_message_explains_itself() -> None:
    message = Plain(bottom=1, top=False, word=2, pieces=3, maybe=4)
    assert annotate(message) == annotate(Plain, message.encode())
    assert annotate(message, b"\x83\0\x34\x12\x80\x01") == annotate(Plain, b"\x83\0\x34\x12\x80\x01")
    assert annotate(message)[-1].field == "maybe"


def test_reserved_bits() -> None:
    assert reserved(Plain, b"\x83\0\0\0\x80\0\x0f") == []
    found = reserved(Plain, b"\x93\x01\0\0\x81\0\xff")
    assert found == [ReservedBits(2, 0x10), ReservedBits(3, 1), ReservedBits(6, 1), ReservedBits(8, 0xF0)]
    assert str(found[-1]) == "byte 8 bit 7, 6, 5, 4"
    assert reserved(Plain, memoryview(bytes(7) + b"beyond the table")) == []
    with pytest.raises(TruncatedError):
        reserved(Plain, b"")


def test_reserved_bits_that_are_set_have_a_line() -> None:
    lines = annotate(Plain, b"\x93\x01\0\0\x81\0")
    assert [line.note for line in lines if not line.field] == [
        "reserved, but set: byte 2 bit 4",
        "reserved, but set: byte 3 bit 0",
        "reserved, but set: byte 6 bit 0",
    ]


@pytest.mark.parametrize("rest", [None, Five(value=1), Unknown(selector=6, raw=b"\6..")])
def test_every_byte_of_nested_messages_has_its_line(rest: Stored | Unknown | None) -> None:
    message = everything(rest)
    lines = annotate(message)
    fields = [line.field for line in lines]
    assert fields[:20] == [
        "n",
        "pair.low",
        "pair.high",
        "pairs[0].low",
        "pairs[0].high",
        "inner.size",
        "inner.text",
        "numbers",
        "text",
        "size",
        "kin.selector",
        "kin.enabled",
        "kin.number",
        "selector",
        "long",
        "beside.raw",
        "short",
        "record.low",
        "record.high",
        *(["rest.kind"] if isinstance(rest, Five) else ["rest.raw"] if rest else []),
    ]
    covered = {number for line in lines for number in range(line.first, line.last + 1)}
    assert covered == set(range(1, len(message.encode()) + 1))
    assert reserved(Everything, message.encode()) == []


def test_reserved_bits_of_nested_messages() -> None:
    data = bytearray(everything(Five(value=1)).encode())
    data[1] |= 0x80
    data[3] |= 0x10
    data[-1] |= 0x01
    assert reserved(Everything, data) == [
        ReservedBits(2, 0x80),
        ReservedBits(4, 0x10),
        ReservedBits(len(data), 0x01),
    ]


def test_too_few_bytes_are_explained_as_far_as_they_go() -> None:
    lines = annotate(Plain, b"\x83\0\x34\x12")
    assert [line.field for line in lines] == ["top", "bottom", "word", ""]
    assert lines[-1].note == "Plain: 4 bytes, at least 6 wanted"
    assert lines[-1].raw == b""


def test_bytes_that_cannot_be_explained() -> None:
    (line,) = annotate(Sized, b"\x05a")
    assert (line.first, line.last, line.raw) == (1, 2, b"\x05a")
    assert line.note == "Sized.text: 2 bytes, at least 6 wanted"


class Only(enum.IntEnum):
    ONE = 1


class Closed(Message):
    only: Only = at("1")


def test_bytes_that_do_not_fit() -> None:
    (line,) = annotate(Closed, b"\x02")
    assert line.note == "Only: 02h is none of its codes"


def test_bytes_beyond_the_table() -> None:
    last = annotate(Pair, b"\x01\x02\x03\x04")[-1]
    assert (last.first, last.last, last.raw, last.note) == (3, 4, b"\x03\x04", "beyond the table")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Flags.LOW | Flags.HIGH, "LOW|HIGH"),
        (Flags(0), "none"),
        (Colour.RED, "RED (01h)"),
        (Colour(0xC3), "C3h"),
        (True, "yes"),
        (False, "no"),
        (9, "9"),
        (10, "10 (0Ah)"),
        (b"\x01\xff", "01 ff"),
        ((1, 2), "(1, 2)"),
        ("text", "text"),
    ],
)
def test_values_for_people(value: object, text: str) -> None:
    assert shown_value(value) == text


def test_dump() -> None:
    assert dump(Plain, b"\x83\0\x34\x12\x80\x01").splitlines() == [
        "2[7]    83     top = yes            shown first",
        "2[1:0]  83     bottom = 3           declared first, shown last",
        "4:5     34 12  word = 4660 (1234h)",
        "6:7     80 01  pieces = 257 (101h)",
    ]
    assert dump(Sized(text=bytes(range(10)))).splitlines() == [
        "1     0a                       size = 10 (0Ah)",
        "2:11  00 01 02 03 04 05 06 07  text = 00 01 02 03 04 05 06 07 08 09",
        "      08 09",
    ]
    assert dump(Kin) == ""


def test_a_secret_is_marked_so() -> None:
    class Login(Message):
        name: int = at("1")
        password: bytes = at("2:", secret=True)

    assert [(line.field, line.secret) for line in annotate(Login, b"\x01abc")] == [
        ("name", False),
        ("password", True),
    ]


def test_the_package_loads_it_when_first_asked_for() -> None:
    code = (
        "import sys, baseboard.wire as wire; name = 'baseboard.wire.annotation'; "
        "before = name in sys.modules; wire.dump; print(before, name in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.split() == ["False", "True"]


def test_the_package_has_nothing_else() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        _ = getattr(wire, "nonsense")  # noqa: B009 - a name that no type checker would let pass
