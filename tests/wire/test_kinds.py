"""What each type of field takes and refuses, and the places it cannot have."""

from __future__ import annotations

import enum
from ipaddress import IPv4Address, IPv6Address
from typing import Any, ClassVar

import pytest

from baseboard.errors import DecodeError, EncodeError, LayoutError
from baseboard.wire import BCD, BE, TEXT, Family, Message, OpenEnum, Record, Steps, Unknown, UnknownRecord, at
from baseboard.wire.kinds import Array, Chosen, Coded, Nested, Number, Octets, kinds
from baseboard.wire.plan import plan
from tests.wire.made import make_message


class Colour(OpenEnum):
    RED = 1


class Closed(enum.IntEnum):
    ONLY = 1


class Flags(enum.IntFlag):
    LOW = 1
    HIGH = 2


class NotANumber(enum.Enum):
    X = "x"


class Pair(Record):
    low: int = at("1")
    high: int = at("2")


class Sized(Record):
    size: int = at("1")
    text: bytes = at("2:", count="size")


class Tail(Record):
    text: bytes = at("1:")


class Kin(Family):
    pass


@Kin.of(1)
class Member(Kin):
    value: int = at("1")


class Inside(Family, selector="kind"):
    kind: int = at("1")


class Odd:
    """A codec that knows only odd numbers."""

    def decode(self, raw: int, /) -> str:
        if raw % 2 == 0:
            raise KeyError(raw)
        return str(raw)

    def encode(self, value: str, /) -> int:
        return int(value)


class Brief:
    """A codec whose table is too short for a byte."""

    table: ClassVar[tuple[str, ...]] = ("a", "b")

    def decode(self, raw: int, /) -> str:
        return self.table[raw]

    def encode(self, value: str, /) -> int:
        return self.table.index(value)


class Everything(Message):
    number: int = at("1:2")
    signed: int = at("3[3:0]", signed=True, default=0)
    bit: bool = at("3[7]", default=False)
    colour: Colour = at("4", default=Colour.RED)
    closed: Closed = at("5", default=Closed.ONLY)
    flags: Flags = at("6", default=Flags.LOW)
    digits: str = at("7", codec=BCD, default="00")
    odd: str = at("8", codec=Odd(), default="1")
    steps: int = at("9", codec=Steps(5), signed=True, default=0)
    letter: str = at("10[0]", codec=Brief(), default="a")
    port: int = at("11:12", codec=BE, default=623)
    address: IPv4Address = at("13:16", default=IPv4Address("192.0.2.1"))
    address6: IPv6Address = at("17:32", default=IPv6Address("2001:db8::1"))
    octets: bytes = at("33:34", default=b"ab")
    pair: Pair = at("35:36", default=Pair(low=1, high=2))
    text: Tail = at("37:38", default=Tail(text=b"xy"))
    member: Kin | Unknown = at("39:40", default=Member(value=3))
    numbers: tuple[int, ...] = at("41:42", default=(1, 2))
    colours: tuple[Colour, ...] = at("43", default=(Colour.RED,))
    pairs: tuple[Pair, ...] = at("44:47", default=(Pair(low=1, high=2),) * 2)
    long: str = at("48:57", codec=TEXT, default="long")


def test_kinds_of_fields() -> None:
    found = {name: type(kind) for name, kind in kinds(Everything).items()}
    assert found == {
        **dict.fromkeys(("number", "signed", "bit", "colour", "closed", "flags"), Number),
        **dict.fromkeys(("digits", "odd", "steps", "letter", "port", "address", "address6", "long"), Coded),
        "octets": Octets,
        "pair": Nested,
        "text": Nested,
        "member": Chosen,
        **dict.fromkeys(("numbers", "colours", "pairs"), Array),
    }


def test_everything_comes_back() -> None:
    message = Everything(number=1)
    data = message.encode()
    assert data == bytes.fromhex(
        "0100 00 01 01 01 00 01 00 00 026f c0000201 20010db8000000000000000000000001"
        "6162 0102 7879 0103 0102 01 01020102 6c6f6e67000000000000"
    )
    assert Everything.decode(data, True) == message


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", -1),
        ("number", 65536),
        ("number", "1"),
        ("number", 1.0),
        ("number", None),
        ("signed", 8),
        ("signed", -9),
        ("bit", 2),
        ("colour", 256),
        ("colour", -1),
        ("closed", 2),
        ("flags", 256),
        ("digits", "x"),
        ("digits", 45),
        ("odd", "256"),
        ("odd", "x"),
        ("steps", 640),
        ("letter", "c"),
        ("port", 65536),
        ("port", "623"),
        ("address", IPv6Address("::1")),
        ("octets", b"abc"),
        ("octets", "ab"),
        ("pair", Tail(text=b"ab")),
        ("pair", None),
        ("text", Tail(text=b"abc")),
        ("member", Pair(low=1, high=1)),
        ("member", Unknown(selector=2, raw=b"ab")),
        ("member", Unknown(selector=256, raw=b"a")),
        ("numbers", (1, 256)),
        ("numbers", (1, -1)),
        ("numbers", (1,)),
        ("numbers", 5),
        ("colours", (Colour.RED, Colour.RED)),
        ("pairs", (Pair(low=1, high=2), Tail(text=b"ab"))),
        ("pairs", (Pair(low=1, high=2),)),
        ("long", "eleven char"),
        ("long", "\u20ac"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(field: str, value: Any) -> None:
    values: dict[str, Any] = {"number": 1, field: value}
    with pytest.raises(EncodeError, match=rf"Everything\.{field}: .+ does not fit byte \d"):
        Everything(**values)


def test_near_misses_are_turned_into_what_fits() -> None:
    plain: dict[str, Any] = {"colour": 0x99, "flags": 3, "octets": bytearray(b"xy"), "numbers": [3, 4]}
    message = Everything(number=1, **plain)
    assert message.colour is Colour(0x99)
    assert message.flags is Flags.LOW | Flags.HIGH
    assert type(message.octets) is bytes
    assert message.numbers == (3, 4)
    assert Everything.decode(message.encode()) == message


def test_what_a_codec_refuses_is_a_decode_error() -> None:
    data = bytearray(Everything(number=1).encode())
    data[7] = 2
    with pytest.raises(DecodeError, match=r"Everything\.odd: its codec refuses byte 8"):
        Everything.decode(data)
    data[7], data[4] = 1, 2
    with pytest.raises(DecodeError, match="Closed: 02h is none of its codes"):
        Everything.decode(data)


def refused(reason: str, *hints: str, **rows: Any) -> None:
    """A message with such rows has no kinds."""
    made = make_message("Wrong", dict(zip(rows, hints, strict=True)), rows, __name__)
    with pytest.raises(LayoutError, match=reason):
        kinds(made)


def test_types_without_a_place() -> None:
    refused("a: str needs a codec", "str", a=at("1"))
    refused("a: NotANumber needs a codec", "NotANumber", a=at("1"))
    refused("a: a bool is one bit", "bool", a=at("1"))
    refused("a: bool has no sign", "bool", a=at("1[0]", signed=True))
    refused("a: int needs a last byte", "int", a=at("1:"))
    refused("a: bytes takes whole bytes", "bytes", a=at("1[3:0]"))
    refused("a: bytes takes whole bytes", "bytes", a=at("1|2"))
    refused("a: IPv4Address takes 4 bytes", "IPv4Address", a=at("1:6"))
    refused("a: IPv4Address takes 4 bytes", "IPv4Address", a=at("1:"))
    refused("has no value for every number", "str", a=at("1", codec=Brief()))
    refused("a: Pair has 2 bytes, its place 3", "Pair", a=at("1:3"))
    refused("a: Tail does not say where it ends", "Tail", "int", a=at("1:"), b=at("+1"))
    refused("a has no count, but other fields follow", "bytes", "int", a=at("1:"), b=at("+1"))
    refused("Inside has its selector inside", "int", "Inside | Unknown", n=at("1"), a=at("2:", selector="n"))
    refused("an array is tuple", "tuple[int]", a=at("1:"))
    refused("an array is tuple", "tuple[int, int]", a=at("1:"))
    refused("Tail does not say where it ends", "tuple[Tail, ...]", a=at("1:"))
    refused("elements are int", "tuple[str, ...]", a=at("1:"))
    refused("elements are int", "tuple[NotANumber, ...]", a=at("1:"))
    refused("do not fill bytes 1:3", "tuple[Pair, ...]", a=at("1:3"))
    refused("do not fill bytes 1:3", "tuple[Sized, ...]", a=at("1:3"))


class Holder(Message):
    record: Inside | Unknown = at("1:2")


def test_a_family_with_its_selector_inside() -> None:
    assert Holder.decode(b"\x07?").record == UnknownRecord(selector=7, raw=b"\x07?")
    assert Holder(record=UnknownRecord(selector=7, raw=b"\x07?")).encode() == b"\x07?"
    with pytest.raises(EncodeError, match=r"Holder\.record: UnknownRecord does not fit byte 1:2"):
        Holder(record=UnknownRecord(selector=7, raw=b"\x07??"))


class Counts(Message):
    n: int = at("1")
    coded: str = at("2:", count="n", codec=TEXT)
    m: int = at("+1")
    record: Tail = at("+2:", count="m")
    k: int = at("+1")
    member: Kin | Unknown = at("+2:", count="k")
    j: int = at("+1")
    beside: Kin | Unknown = at("+2:", count="k", selector="j")
    sized: tuple[Sized, ...] = at("+1:", count="n")
    colours: tuple[Colour, ...] = at("+1:", count="n")


def test_what_a_count_counts() -> None:
    message = Counts(
        n=1,
        coded="x",
        m=2,
        record=Tail(text=b"ab"),
        k=3,
        member=Unknown(selector=9, raw=b"cd"),
        j=1,
        beside=Unknown(selector=1, raw=b"efg"),
        sized=(Sized(size=0, text=b""),),
        colours=(Colour.RED,),
    )
    data = b"\x01x\x02ab\x03\x09cd\x01efg\x00\x01"
    assert message.encode() == data
    assert plan(Counts).least == 4
    shorter = message.replace(coded="x", k=3)
    assert shorter == message
    with pytest.raises(EncodeError, match=r"Counts\.coded: 2 of str"):
        message.replace(coded="xx")
