"""Compiling at first use: the source, the names it may use, what has parts but no meaning."""

from __future__ import annotations

import pytest

from baseboard.errors import LayoutError
from baseboard.wire import DERIVED, Family, Message, Record, Unknown, at
from baseboard.wire.compiler import install, reader, source


class Inner(Record):
    size: int = at("1", default=DERIVED)
    text: bytes = at("2:", count="size")


class Small(Record):
    value: int = at("1")


class Outer(Message):
    number: int = at("1")
    one: Small = at("2")
    inner: Inner = at("3:")
    many: tuple[Inner, ...] = at("+1:", count="number")
    rest: tuple[Small, ...] = at("+1:")


class BuiltIns(Message):
    """Rows named like what the generated code needs."""

    len: int = at("1", default=DERIVED)
    bytes: bytes = at("2:", count="len")
    max: tuple[int, ...] = at("+1:", count="len")
    isinstance: Small = at("+1")
    element: int = at("+2")
    error: int = at("+3")


def test_the_source_is_straight_line_python() -> None:
    assert "self.value, = _unpack0(data)" in source(Small, "decode")
    assert "return _pack0(self.value)" in source(Small, "encode")
    assert "self.value = value" in source(Small, "__init__")
    assert "self.value == other.value" in source(Small, "__eq__")
    assert "hash((self.__class__, self.value))" in source(Small, "__hash__")


def test_installing_twice_changes_nothing() -> None:
    install(Small)
    before = Small.__dict__["decode"]
    install(Small)
    assert Small.__dict__["decode"] is before


def test_a_method_taken_before_the_first_use_works_afterwards() -> None:
    class Late(Message):
        value: int = at("1")

    decode = Late.decode
    assert decode(b"\1") == Late(value=1)
    assert decode(b"\2") == Late(value=2)


def test_a_method_is_compiled_when_it_is_needed() -> None:
    class Lazy(Message):
        value: int = at("1")

    Lazy.decode(b"\1")
    assert Lazy.__dict__["decode"] is not Message.__dict__["decode"]
    assert Lazy.__dict__["encode"] is Message.__dict__["encode"]
    install(Lazy)
    assert Lazy.__dict__["encode"] is not Message.__dict__["encode"]


def test_what_was_written_by_hand_stays() -> None:
    class ByHand(Message):
        value: int = at("1")

        def encode(self) -> bytes:
            return super().encode() + b"by hand"

    class Heir(ByHand):
        more: int = at("2")

    assert ByHand.decode(b"\1").encode() == b"\1by hand"
    assert Heir(value=1, more=2).encode() == b"\1\2by hand"
    install(ByHand)
    assert ByHand(value=1).encode() == b"\1by hand"


def test_nested_records() -> None:
    message = Outer(
        number=2,
        one=Small(value=7),
        inner=Inner(text=b"i"),
        many=(Inner(text=b""), Inner(text=b"m")),
        rest=(Small(value=1), Small(value=2)),
    )
    assert message.encode() == b"\2\7\1i\0\1m\1\2"
    assert Outer.decode(message.encode(), True) == message
    assert reader(Inner)(b"..\1i.", 2) == (Inner(text=b"i"), 4)


def test_rows_named_like_functions() -> None:
    message = BuiltIns(bytes=b"ab", max=(1, 2), isinstance=Small(value=3), element=4, error=5)
    assert message.encode() == b"\2ab\1\2\3\4\5"
    assert BuiltIns.decode(message.encode()) == message


def test_a_family_needs_its_selector() -> None:
    class Lacking(Family, selector="kind"):
        number: int = at("1")

    @Lacking.of(1)
    class Member(Lacking):
        pass

    with pytest.raises(LayoutError, match="'kind' is no field"):
        Member(number=1)


class Kin(Family):
    pass


class AfterOptional(Message):
    maybe: int | None = at("1", default=None)
    kin: Kin | Unknown = at("2:")


def test_a_record_after_optional_bytes_is_optional() -> None:
    with pytest.raises(LayoutError, match=r"AfterOptional\.kin: follows optional bytes"):
        install(AfterOptional)
