"""What compiled codecs call when bytes or values do not fit, and the loops they share."""

# pyright: reportPrivateUsage=false
# (The modules of this package are one thing: what a message declares is theirs to read.)

from __future__ import annotations

from collections.abc import Callable, Sized
from typing import TYPE_CHECKING, Any, NoReturn

from baseboard.errors import DecodeError, EncodeError, TruncatedError

from .message import DERIVED

if TYPE_CHECKING:
    from .message import Message

# What a codec may raise for a value, or raw bytes, that it cannot take.
REFUSALS = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError)


def length(cls: type[Message], got: int, wanted: tuple[int, ...], exact: bool | None = True) -> None:
    """Judge a number of bytes that is not the usual one.

    Args:
        cls: the message.
        got: bytes there are.
        wanted: the sizes it may have, in rising order.
        exact: surplus bytes are an error; None: as the class says.

    Raises:
        TruncatedError: there are fewer than the smallest size.
        DecodeError: they are none of the sizes.
    """
    if got < wanted[0]:
        raise TruncatedError(f"{cls.__name__}: {got} bytes, at least {wanted[0]} wanted")
    if (cls._strict if exact is None else exact) and got not in wanted:
        sizes = " or ".join(map(str, wanted))
        error = DecodeError(f"{cls.__name__}: {got} bytes, {sizes} wanted")
        error.wrong_length = True
        raise error


def short(cls: type[Message], name: str, got: int, start: int, end: int) -> NoReturn:
    """A field of variable size ends beyond the data, or before its own start.

    Raises:
        DecodeError: always; ``TruncatedError`` when bytes are missing.
    """
    if end < start:
        raise DecodeError(f"{cls.__name__}.{name}: {end - start} bytes are said to follow")
    raise TruncatedError(f"{cls.__name__}.{name}: {got} bytes, at least {end} wanted")


def unreadable(cls: type[Message], name: str) -> DecodeError:
    """The error for raw bytes that the codec of a field refused."""
    return DecodeError(f"{cls.__name__}.{name}: its codec refuses byte {_column(cls, name)}")


def split(decode: Callable[[Any, bool], Any], raw: bytes, step: int) -> tuple[Any, ...]:
    """Read records of the same size, one after the other."""
    return tuple([decode(raw[start : start + step], True) for start in range(0, len(raw), step)])


def many(read: Callable[[Any, int], Any], data: Any, start: int, count: int) -> tuple[tuple[Any, ...], int]:
    """Read records that say themselves how long they are.

    Args:
        read: reads one at a position, returns it and the position after it.
        data: all bytes.
        start: position of the first record.
        count: how many; -1: up to the end of the data.
    """
    found: list[Any] = []
    end = len(data)
    while (start < end) if count < 0 else (len(found) < count):
        value, start = read(data, start)
        found.append(value)
    return tuple(found), start


def fits_bits(encode: Callable[[Any], Any], value: Any, width: int, signed: bool) -> bool:
    """Whether the codec makes a number of ``width`` bits out of the value."""
    try:
        raw = encode(value)
        return bool(-1 << width - 1 <= raw < 1 << width - 1 if signed else 0 <= raw < 1 << width)
    except REFUSALS:
        return False


def fits_bytes(encode: Callable[[Any], Any], value: Any, size: int | None) -> bool:
    """Whether the codec makes ``size`` bytes out of the value; None: any number of them."""
    try:
        raw = encode(value)
    except REFUSALS:
        return False
    return isinstance(raw, bytes) and size in (None, len(raw))


def octets(value: Any) -> bytes:
    """The bytes of another buffer.

    Raises:
        TypeError: it is no buffer.
    """
    return bytes(memoryview(value))


def coerce(memo: dict[int, Any], refuse: Callable[[str, Any], NoReturn], name: str, value: int) -> Any:
    """The enumerator of a plain number; a closed enumeration may have none."""
    try:
        return memo[int(value)]
    except DecodeError:
        refuse(name, value)


def _column(cls: type[Message], name: str) -> str:
    return next(field.column for field in cls._fields if field.name == name)


def _shown(value: object) -> str:
    """A value in an error's text: numbers only, for bytes and text may be somebody's password."""
    if value is None or isinstance(value, int):
        return repr(value)
    return f"{len(value)} of {type(value).__name__}" if isinstance(value, Sized) else type(value).__name__


def refuser(cls: type[Message]) -> Callable[[str, Any], NoReturn]:
    """What ``__init__`` of the class calls with a field's name and a value that does not fit it."""

    def refuse(name: str, value: object) -> NoReturn:
        raise EncodeError(f"{cls.__name__}.{name}: {_shown(value)} does not fit byte {_column(cls, name)}")

    return refuse


def mistyped(cls: type[Message], values: dict[str, Any], error: Exception) -> EncodeError:
    """The error for values among which one has a type that the checks cannot even compare."""
    for field in cls._fields:
        value = values[field.name]
        kind: type[Any] = field.type if isinstance(field.type, type) else tuple
        kind = int if issubclass(kind, int) else kind
        fits = isinstance(value, kind) or value is DERIVED or (field.optional and value is None)
        if not fits:
            text = f"{_shown(value)} does not fit byte {field.column}"
            return EncodeError(f"{cls.__name__}.{field.name}: {text}")
    lost = [field.name for field in cls._fields if values[field.name] is DERIVED]
    return EncodeError(f"{cls.__name__}: {f'{lost[0]} follows from nothing here' if lost else error}")
