"""Families: data whose layout is chosen by a selector."""

# pyright: reportPrivateUsage=false
# (The modules of this package are one thing: what a message declares is theirs to read.)

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Self, TypeVar

from baseboard.errors import LayoutError, TruncatedError

from .message import Buffer, Field, Message, Unknown, UnknownRecord

T = TypeVar("T", bound="Family")


class Family(Message):
    """One of several layouts, told apart by a selector.

    The selector is one of three things:

    - a byte before the data: ``class LanParameter(Family)``; ``unpack`` and ``pack`` read and write both,
      ``decode`` and ``encode`` of a member only the data;
    - an earlier field of the message that holds the data:
      ``at("2:", selector="parameter_selector")``; ``parse`` takes selector and data apart;
    - a field inside the data: ``class Sdr(Family, selector="record_type")``, where the family itself
      declares the rows that all members begin with, ``record_type: int = at("4", default=DERIVED)``
      among them.
    """

    _root: ClassVar[Any] = None
    _members: ClassVar[dict[int, type[Family]]] = {}
    _inside: ClassVar[str] = ""
    selector: ClassVar[int] = -1

    def __init_subclass__(cls, *, selector: str = "", **options: Any) -> None:
        super().__init_subclass__(**options)
        if Family in cls.__bases__:
            cls._root, cls._members, cls._inside = cls, {}, selector
        elif selector:
            raise LayoutError(f"{cls.__name__}: the family itself says where its selector is")

    @classmethod
    def of(cls, *selectors: int | range) -> Callable[[type[T]], type[T]]:
        """Make a class the member for these selectors."""
        numbers = [number for some in selectors for number in (some if isinstance(some, range) else (some,))]
        if not numbers or (len(numbers) > 1 and not cls._inside):
            raise LayoutError(f"{cls.__name__}: one selector a member, unless it is a field of the data")

        def register(kind: type[T]) -> type[T]:
            if kind._root is not cls:
                raise LayoutError(f"{kind.__name__} is no {cls.__name__}")
            for number in numbers:
                if cls._members.setdefault(number, kind) is not kind:
                    raise LayoutError(f"{cls.__name__} {number} is {cls._members[number].__name__}")
            kind.selector = numbers[0] if len(numbers) == 1 else -1
            return kind

        return register

    @classmethod
    def members(cls) -> Mapping[int, type[Self]]:
        """The declared layouts by selector."""
        return MappingProxyType(cls._members)  # type: ignore[arg-type]  # of() lets only subclasses in

    @classmethod
    def unpack(cls, data: Buffer, exact: bool | None = None) -> Self | Unknown:
        """Read the selector, then what it selects; what nobody declared is kept as it came."""
        if cls._inside:
            number = number_inside(cls, data)
            kind = cls._members.get(number)
            if kind is None:
                return UnknownRecord(selector=number, raw=bytes(data))
            return kind.decode(data, exact)  # type: ignore[return-value]  # of() lets only subclasses in
        if not data:
            raise TruncatedError(f"{cls.__name__}: 0 bytes, at least the selector wanted")
        return cls.parse(data[0], data[1:], exact)

    @classmethod
    def parse(cls, selector: int, data: Buffer, exact: bool | None = None) -> Self | Unknown:
        """Read the data that ``selector`` selects."""
        kind = cls._members.get(selector)
        if kind is None:
            return Unknown(selector=selector, raw=bytes(data))
        return kind.decode(data, exact)  # type: ignore[return-value]  # of() lets only subclasses in

    def pack(self) -> bytes:
        """The selector byte, then the data; just the data where the selector lies inside it."""
        return self.encode() if self._inside else bytes((self.selector,)) + self.encode()


def number_inside(cls: type[Family], data: Buffer) -> int:
    """The selector of a record whose family keeps it inside.

    Raises:
        TruncatedError: the data end before it.
    """
    place = selector_field(cls).place
    start, end = place.first - cls._base, (place.last or 0) - cls._base + 1
    if len(data) < end:
        raise TruncatedError(f"{cls.__name__}: {len(data)} bytes, at least {end} wanted")
    (piece,) = place.pieces
    return int.from_bytes(data[start:end], "little") >> piece.low & ((1 << piece.width) - 1)


def selector_field(cls: type[Family]) -> Field:
    """The row of a family that holds its selector."""
    for field in cls._fields:
        if field.name == cls._inside:
            if len(field.place.pieces) == 1 and not field.place.open_ended and not field.region:
                return field
            break
    raise LayoutError(f"{cls.__name__}: {cls._inside!r} is no field in one piece that it begins with")


def selectors_inside(cls: type[Message]) -> tuple[str, list[int]]:
    """The row that holds the selector of a member, and the numbers it may have; "" if no row does."""
    if not issubclass(cls, Family) or not cls._inside:
        return "", []
    return cls._inside, [number for number, kind in cls._members.items() if kind is cls]
