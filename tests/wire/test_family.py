"""Families: a selector before the data, beside them, or inside."""

from __future__ import annotations

import pytest

from baseboard.errors import DecodeError, EncodeError, LayoutError, TruncatedError
from baseboard.wire import DERIVED, Family, Message, Unknown, UnknownRecord, at
from baseboard.wire.family import number_inside, selector_field, selectors_inside


class Parameter(Family):
    """Its selector is a byte before the data."""


@Parameter.of(20)
class Vlan(Parameter):
    enabled: bool = at("1:2[15]", default=False)
    number: int = at("1:2[11:0]")


@Parameter.of(21)
class Empty(Parameter):
    pass


class Loose(Parameter):
    """Nobody gave it a selector."""

    value: int = at("1")


class Stored(Family, selector="kind"):
    """Its selector is a field inside."""

    number: int = at("1:2", default=0)
    kind: int = at("3[7:4]", default=DERIVED)


@Stored.of(1)
class Small(Stored):
    value: int = at("4")


@Stored.of(range(0xC, 0xE), 0xF)
class Vendor(Stored):
    data: bytes = at("4:", default=b"")


class Request(Message):
    _strict = True

    channel: int = at("1[3:0]", default=0xE)
    parameter: Parameter | Unknown = at("2:")


class Beside(Message):
    mark: bool = at("1[7]", default=False)
    selector: int = at("1[6:0]", default=DERIVED)
    parameter: Parameter | Unknown | None = at("2:", selector="selector", default=None)


class Holder(Message):
    record: Stored | Unknown = at("1:")


def test_a_selector_before_the_data() -> None:
    vlan = Vlan(enabled=True, number=5)
    assert vlan.encode() == b"\x05\x80"
    assert vlan.pack() == b"\x14\x05\x80"
    assert Parameter.unpack(b"\x14\x05\x80") == vlan
    assert Parameter.unpack(memoryview(b"\x14\x05\x80")) == vlan
    assert Parameter.parse(20, b"\x05\x80") == vlan
    assert Parameter.unpack(b"\x15") == Empty()
    assert dict(Parameter.members()) == {20: Vlan, 21: Empty}
    assert Vlan.selector == 20
    assert selectors_inside(Vlan) == ("", [])


def test_a_selector_that_nobody_declared() -> None:
    unknown = Parameter.unpack(b"\xc0ab")
    assert unknown == Unknown(selector=0xC0, raw=b"ab")
    assert unknown.pack() == b"\xc0ab"


def test_no_selector() -> None:
    with pytest.raises(TruncatedError, match="Parameter: 0 bytes, at least the selector wanted"):
        Parameter.unpack(b"")


def test_in_a_request_surplus_bytes_are_refused() -> None:
    assert Request.decode(b"\x01\x14\x05\x80") == Request(channel=1, parameter=Vlan(enabled=True, number=5))
    assert Request(parameter=Unknown(selector=0xC0, raw=b"a")).encode() == b"\x0e\xc0a"
    with pytest.raises(DecodeError, match="Vlan: 3 bytes, 2 wanted"):
        Request.decode(b"\x01\x14\x05\x80\x00")
    assert Request.decode(b"\x01\x14\x05\x80\x00", False).parameter == Vlan(enabled=True, number=5)


def test_a_member_without_selector_cannot_be_sent() -> None:
    with pytest.raises(EncodeError, match=r"Request\.parameter: Loose does not fit byte 2:"):
        Request(parameter=Loose(value=1))


def test_a_selector_beside_the_data() -> None:
    message = Beside(parameter=Vlan(number=5))
    assert message.selector == 20
    assert message.encode() == b"\x14\x05\x00"
    assert Beside.decode(b"\x94\x05\x00") == message.replace(mark=True)
    assert Beside.decode(b"\x14") == Beside(selector=20)
    assert Beside.decode(b"\x7fab").parameter == Unknown(selector=0x7F, raw=b"ab")
    with pytest.raises(EncodeError, match=r"Beside\.parameter"):
        Beside(selector=21, parameter=Vlan(number=5))
    assert Beside(selector=20).replace(mark=True) == Beside(selector=20, mark=True)
    assert message.replace(parameter=Unknown(selector=9, raw=b"x")).selector == 9
    with pytest.raises(EncodeError, match=r"Beside\.parameter"):
        message.replace(parameter=Empty())  # it has no bytes: nobody could tell it from none
    with pytest.raises(EncodeError, match="Beside: selector follows from nothing here"):
        Beside()


def test_a_selector_inside_the_data() -> None:
    small = Small(value=9)
    assert small.kind == 1
    assert small.encode() == small.pack() == b"\0\0\x10\x09"
    assert Stored.unpack(b"\0\0\x10\x09") == small
    assert Vendor(kind=0xD, data=b"x").encode() == b"\0\0\xd0x"
    assert Stored.unpack(b"\0\0\xf0x") == Vendor(kind=0xF, data=b"x")
    assert Stored.unpack(b"\0\0\x20??") == UnknownRecord(selector=2, raw=b"\0\0\x20??")
    assert Holder.decode(b"\0\0\x10\x09") == Holder(record=small)
    assert Holder(record=small).encode() == b"\0\0\x10\x09"
    assert selectors_inside(Vendor) == ("kind", [0xC, 0xD, 0xF])
    assert selector_field(Stored).name == "kind"
    assert small.replace(value=8) == Small(value=8)
    with pytest.raises(TruncatedError, match="Stored: 2 bytes, at least 3 wanted"):
        number_inside(Stored, b"\0\0")


def test_a_selector_inside_has_to_be_the_members() -> None:
    with pytest.raises(EncodeError, match=r"Small\.kind: 2 does not fit"):
        Small(kind=2, value=1)
    with pytest.raises(EncodeError, match=r"Vendor\.kind: -1 does not fit"):
        Vendor()


def test_a_selector_has_one_member() -> None:
    with pytest.raises(LayoutError, match="Parameter 20 is Vlan"):

        @Parameter.of(20)
        class Second(Parameter):
            pass


@pytest.mark.parametrize("selectors", [(), (1, 2), (range(3),)])
def test_a_selector_before_the_data_is_one(selectors: tuple[int | range, ...]) -> None:
    with pytest.raises(LayoutError, match="one selector a member"):
        Parameter.of(*selectors)


def test_a_member_is_of_the_family() -> None:
    with pytest.raises(LayoutError, match="Small is no Parameter"):
        Parameter.of(22)(Small)


def test_only_the_family_says_where_the_selector_is() -> None:
    with pytest.raises(LayoutError, match="the family itself says"):

        class Wrong(Stored, selector="number"):
            pass


def test_the_selector_inside_is_a_row_in_one_piece() -> None:
    class Absent(Family, selector="kind"):
        number: int = at("1")

    class Pieces(Family, selector="kind"):
        kind: int = at("2[7]|1")

    for family in (Absent, Pieces):
        with pytest.raises(LayoutError, match="'kind' is no field in one piece"):
            selector_field(family)
