"""Codecs: from the raw number or bytes of a field to its Python value, and back, without loss."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Protocol, runtime_checkable

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv6Address


@runtime_checkable
class Codec(Protocol):
    """Turns the raw number or bytes of a field into its Python value, and back.

    A codec is given the number that the bits make; bytes if it says ``raw = bytes``, if the place is
    longer than 8 bytes or open-ended. It must lose nothing: ``encode(decode(raw)) == raw``.
    ``ValueError`` from ``decode`` becomes ``DecodeError``, from ``encode`` ``EncodeError``.

    Optional attributes:
        raw: ``bytes`` asks for bytes where a number could be had.
        table: a tuple with the value of every raw number; decoding then is an index into it.
        bind: called with the number of bytes (None: open-ended), returns the codec for that size.
    """

    def decode(self, raw: Any, /) -> Any:
        """The value of ``raw``."""
        ...

    def encode(self, value: Any, /) -> Any:
        """The number or bytes of ``value``."""
        ...


class Bcd:
    """Two decimal digits in a byte, as text: 45h is ``"45"``, and FFh, which devices do send, ``"ff"``."""

    table: ClassVar[tuple[str, ...]] = tuple(f"{raw:02x}" for raw in range(256))
    _numbers: ClassVar[dict[str, int]] = {digits: raw for raw, digits in enumerate(table)}

    def decode(self, raw: int, /) -> str:
        """Two digits."""
        return self.table[raw]

    def encode(self, value: str, /) -> int:
        """The byte of two digits."""
        try:
            return self._numbers[value.lower()]
        except KeyError:
            raise ValueError("two digits make a byte") from None


class BigEndian:
    """An unsigned number sent most significant byte first."""

    raw: ClassVar[type] = bytes

    def __init__(self, size: int = 0) -> None:
        self.size = size

    def bind(self, size: int | None, /) -> BigEndian:
        """The codec for a place of ``size`` bytes."""
        if size is None:
            raise ValueError("a number has a known size")
        return BigEndian(size)

    def decode(self, raw: bytes, /) -> int:
        """The number."""
        return int.from_bytes(raw)

    def encode(self, value: int, /) -> bytes:
        """The bytes, most significant first."""
        return value.to_bytes(self.size)


class Text:
    """Latin-1 text, padded with NULs to the size of its place; what is not padding is text."""

    raw: ClassVar[type] = bytes

    def __init__(self, size: int | None = None) -> None:
        self.size = size

    def bind(self, size: int | None, /) -> Text:
        """The codec for a place of ``size`` bytes; without a size there is no padding."""
        return Text(size)

    def decode(self, raw: bytes, /) -> str:
        """The text before the padding."""
        return (raw if self.size is None else raw.rstrip(b"\0")).decode("latin-1")

    def encode(self, value: str, /) -> bytes:
        """The text and its padding; a NUL at the end would be taken for padding."""
        raw = value.encode("latin-1")
        if self.size is None:
            return raw
        if raw.endswith(b"\0") or len(raw) > self.size:
            raise ValueError(f"at most {self.size} characters, the last no NUL")
        return raw.ljust(self.size, b"\0")


class Steps:
    """A quantity counted in equal steps: ``Steps(100)`` reads 5 as 500.

    Args:
        step: what one count is worth.
        start: what a count of 0 is worth.
    """

    def __init__(self, step: int, start: int = 0) -> None:
        self.step, self.start = step, start

    def decode(self, raw: int, /) -> int:
        """The quantity."""
        return self.start + self.step * raw

    def encode(self, value: int, /) -> int:
        """The count; a quantity between two counts is refused."""
        count, rest = divmod(value - self.start, self.step)
        if rest:
            raise ValueError(f"not {self.start} and a multiple of {self.step}")
        return count


class Address:
    """An IP address, as sent: most significant byte first."""

    raw: ClassVar[type] = bytes

    def __init__(self, kind: type[IPv4Address | IPv6Address]) -> None:
        self.kind = kind
        self.size = len(kind(0).packed)

    def bind(self, size: int | None, /) -> Address:
        """Itself, if the place has the size of an address."""
        if size != self.size:
            raise ValueError(f"{self.kind.__name__} takes {self.size} bytes")
        return self

    def decode(self, raw: bytes, /) -> IPv4Address | IPv6Address:
        """The address."""
        return self.kind(raw)

    def encode(self, value: IPv4Address | IPv6Address, /) -> bytes:
        """Its bytes."""
        if not isinstance(value, self.kind):
            raise TypeError(f"{value!r} is no {self.kind.__name__}")
        return value.packed


BCD = Bcd()
BE = BigEndian()
TEXT = Text()


def natural(kind: Any) -> Codec | None:
    """What a field of a type is read with when it names no codec; None where that type needs one."""
    if getattr(kind, "__module__", "") != "ipaddress":
        return None
    import ipaddress  # imported already by whoever declares such a field

    return Address(kind) if kind in (ipaddress.IPv4Address, ipaddress.IPv6Address) else None
