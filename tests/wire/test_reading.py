"""Decoding: bits, pieces, what may be missing, what has a count; and every way to be too short."""

from __future__ import annotations

import enum
from ipaddress import IPv4Address

import pytest

from baseboard.errors import DecodeError, TruncatedError
from baseboard.wire import BCD, TEXT, Family, Message, OpenEnum, Record, Unknown, at


class Colour(OpenEnum):
    RED = 1


class Flags(enum.IntFlag):
    LOW = 1


class Bits(Message):
    top: bool = at("1[7]")
    middle: int = at("1[6:4]")
    inner: bool = at("1[3]")
    bottom: int = at("1[2:0]")
    word: int = at("2:3[11:0]")
    flag: bool = at("2:3[15]")
    m: int = at("5[7:6]|4", signed=True)
    tolerance: int = at("5[5:0]")
    accuracy: int = at("7[7:4]|6[5:0]")
    exponent: int = at("8[7:4]", signed=True)
    colour: Colour = at("9[7:4]")
    digits: str = at("10", codec=BCD)


def test_bits() -> None:
    message = Bits.decode(bytes.fromhex("a5 cd8a 01c5 3f50 f0 10 42"))
    assert message == Bits(
        top=True,
        middle=2,
        inner=False,
        bottom=5,
        word=0xACD,
        flag=True,
        m=-255,
        tolerance=5,
        accuracy=0x17F,
        exponent=-1,
        colour=Colour.RED,
        digits="42",
    )


def test_reserved_bits_are_ignored() -> None:
    assert Bits.decode(bytes.fromhex("00 0070 0000 c00f 0f 0f 00")) == Bits.decode(bytes(9) + b"\0")


class OnlyReserved(Message):
    _last = 2


def test_reserved_bytes_have_to_be_there() -> None:
    assert OnlyReserved.decode(b"ab") == OnlyReserved()
    assert OnlyReserved().encode() == bytes(2)
    with pytest.raises(TruncatedError, match="1 bytes, at least 2 wanted"):
        OnlyReserved.decode(b"a")


class Optional(Message):
    first: int = at("1")
    second: int | None = at("2", default=None)
    third: int | None = at("4:5", default=None)
    fourth: Colour | None = at("6", default=None)


def test_what_may_be_missing() -> None:
    assert Optional.decode(b"\1") == Optional(first=1)
    assert Optional.decode(b"\1\2") == Optional(first=1, second=2)
    assert Optional.decode(b"\1\2\0\3\0") == Optional(first=1, second=2, third=3)
    whole = Optional(first=1, second=2, third=3, fourth=Colour.RED)
    assert Optional.decode(b"\1\2\0\3\0\1") == whole
    assert Optional.decode(b"\1\2\0\3\0\1surplus") == whole
    with pytest.raises(TruncatedError, match="Optional: 0 bytes, at least 1 wanted"):
        Optional.decode(b"")


@pytest.mark.parametrize("size", [3, 4, 7])
def test_part_of_an_optional_group_is_refused_when_the_length_is_to_be_exact(size: int) -> None:
    assert Optional.decode(bytes(size)).second == 0
    with pytest.raises(DecodeError, match=f"Optional: {size} bytes, 1 or 2 or 5 or 6 wanted"):
        Optional.decode(bytes(size), True)


class AllOptional(Message):
    first: int | None = at("1", default=None)


def test_a_message_may_be_empty() -> None:
    assert AllOptional.decode(b"") == AllOptional()
    assert AllOptional.decode(b"\1", True).first == 1


class OptionalTail(Message):
    first: int | None = at("1", default=None)
    rest: bytes = at("2:", default=b"")


class NoTail(Message):
    first: int = at("1")
    rest: bytes | None = at("2:", default=None)


def test_a_tail_after_optional_bytes() -> None:
    assert OptionalTail.decode(b"", True) == OptionalTail()
    assert OptionalTail.decode(b"\1", True) == OptionalTail(first=1)
    assert OptionalTail.decode(b"\1ab", True) == OptionalTail(first=1, rest=b"ab")
    assert NoTail.decode(b"\1", True) == NoTail(first=1)
    assert NoTail.decode(b"\1a", True) == NoTail(first=1, rest=b"a")


class Wider(Message):
    first: int | None = at("1:2", default=None)
    rest: bytes = at("3:", default=b"")


def test_half_an_optional_group_before_a_tail() -> None:
    assert Wider.decode(b"\1") == Wider()
    with pytest.raises(DecodeError, match="Wider: 1 bytes, 0 or 2 wanted"):
        Wider.decode(b"\1", True)


class Pair(Record):
    low: int = at("1")
    address: IPv4Address = at("2:5")


class Sized(Record):
    _base = 0

    size: int = at("0")
    text: str = at("1:", count="size", codec=TEXT)
    after: int = at("+1")


class Counted(Message):
    pairs: int = at("1[3:0]")
    sized: int = at("1[7:4]")
    pair: tuple[Pair, ...] = at("2:", count="pairs")
    some: tuple[Sized, ...] = at("+1:", count="sized-1")
    inner: Sized = at("+1:")
    end: int = at("+2")


class Tails(Message):
    number: int = at("1")
    rest: tuple[Pair, ...] = at("2:")


class MoreTails(Message):
    rest: tuple[Sized, ...] = at("1:")


def test_arrays_with_a_count() -> None:
    data = bytes.fromhex("21 05c0000201 02616209 00ff ee 77")
    message = Counted.decode(data, True)
    assert message.pair == (Pair(low=5, address=IPv4Address("192.0.2.1")),)
    assert message.some == (Sized(size=2, text="ab", after=9),)
    assert message.inner == Sized(size=0, text="", after=0xFF)
    assert message.end == 0x77
    assert message.encode() == data.replace(b"\xee", b"\0")
    assert Counted.decode(data + b"?") == message
    with pytest.raises(DecodeError, match="Counted: 15 bytes, 14 wanted"):
        Counted.decode(data + b"?", True)


@pytest.mark.parametrize("size", range(14))
def test_arrays_with_too_few_bytes(size: int) -> None:
    data = bytes.fromhex("21 05c0000201 02616209 00ff ee 77")
    with pytest.raises(TruncatedError):
        Counted.decode(data[:size])


def test_a_count_below_nothing() -> None:
    with pytest.raises(DecodeError, match=r"Counted\.some: -1 bytes are said to follow"):
        Counted.decode(bytes(8))


def test_arrays_to_the_end() -> None:
    assert Tails.decode(b"\1") == Tails(number=1, rest=())
    assert len(Tails.decode(bytes(11), True).rest) == 2
    with pytest.raises(TruncatedError, match=r"Tails\.rest: 10 bytes, at least 11 wanted"):
        Tails.decode(bytes(10))
    assert MoreTails.decode(b"\1a\2\0\3").rest == (
        Sized(size=1, text="a", after=2),
        Sized(size=0, text="", after=3),
    )
    with pytest.raises(TruncatedError):
        MoreTails.decode(b"\1a\2\5")


class Kin(Family):
    pass


@Kin.of(1)
class Member(Kin):
    value: int = at("1")


class Holder(Message):
    size: int = at("1")
    text: bytes = at("2:", count="size+1")
    kin: Kin | Unknown | None = at("+1:", default=None)


class Nester(Message):
    fixed: Pair = at("1:5")
    rest: Tails | None = at("6:", default=None)


def test_what_is_nested() -> None:
    assert Holder.decode(b"\1ab") == Holder(size=1, text=b"ab")
    assert Holder.decode(b"\0a\1\5").kin == Member(value=5)
    assert Nester.decode(bytes(5)).rest is None
    assert Nester.decode(bytes(5) + b"\7").rest == Tails(number=7, rest=())


class Ten(Message):
    wide: int = at("1:9")
    flags: Flags = at("10:12")
    word: int = at("13:14", signed=True)
    three: int = at("15:17", signed=True)
    text: str = at("18:19", codec=TEXT)


@pytest.mark.parametrize("wrap", [bytes, bytearray, memoryview])
def test_any_buffer(wrap: type[bytes] | type[bytearray] | type[memoryview]) -> None:
    data = bytes.fromhex("010000000000000002 010080 feff ffffff 6100")
    message = Ten.decode(wrap(data))
    assert message == Ten(wide=(2 << 64) + 1, flags=Flags(0x800001), word=-2, three=-1, text="a")
    assert message.encode() == data
