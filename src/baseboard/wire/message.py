"""Messages: a class per table of the specification, a line per row."""

# pyright: reportPrivateUsage=false
# (The modules of this package are one thing: what a message declares is theirs to read.)

from __future__ import annotations

import re
import sys
import types
import typing
from collections.abc import Callable
from typing import Any, ClassVar, Self, TypeAlias, dataclass_transform

from baseboard.errors import LayoutError, TruncatedError

from .layout import Place, parse

if typing.TYPE_CHECKING:
    from .codecs import Codec

Buffer: TypeAlias = bytes | bytearray | memoryview


class _Marker:
    """A default that is no value."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return self._name


MISSING: Any = _Marker("MISSING")
# The default of a count, or of a selector: what the counted or chosen field makes it.
DERIVED: Any = _Marker("DERIVED")

_PLAIN: dict[str, tuple[Any, bool]] = {
    "int": (int, False),
    "bool": (bool, False),
    "bytes": (bytes, False),
    "str": (str, False),
    "int | None": (int, True),
    "bool | None": (bool, True),
    "bytes | None": (bytes, True),
    "str | None": (str, True),
}


class Field:
    """One row of a table.

    Attributes:
        place: where it lies, parsed; ``column`` is the text.
        note: what the row says.
        default: the value when none is given; ``MISSING``, ``DERIVED``.
        signed: the number is a two's complement.
        codec: what makes the value of the raw number or bytes.
        count: the field that says how many elements or bytes this one has (``"length"``, ``"length-2"``).
        group: a word; the optional fields that share it are there together or not at all.
        selector: the earlier field that chooses the member of this field's family.
        secret: its bytes are somebody's password or key, and not shown.
        owner: the class that declares the row; ``hint`` is the annotation there.
        region: how many fields of variable size lie before it.
    """

    __slots__ = (
        "_resolved", "codec", "column", "count", "default", "group", "hint", "name", "note", "owner", "place",
        "region", "secret", "selector", "signed",
    )  # fmt: skip

    def __init__(
        self,
        place: Place,
        column: str,
        note: str,
        default: Any,
        signed: bool,
        codec: Codec | None,
        count: str | None,
        group: str | None,
        selector: str | None,
        secret: bool,
    ) -> None:
        self.place, self.column, self.note = place, column, note
        self.default, self.signed, self.codec = default, signed, codec
        self.count, self.group, self.selector, self.secret = count, group, selector, secret
        self.name, self.region = "", 0
        self.owner: Any = None
        self.hint: Any = None
        self._resolved: tuple[Any, bool] | None = None

    @property
    def type(self) -> Any:
        """The Python type, without ``| None`` and ``| Unknown``."""
        return self._resolve()[0]

    @property
    def optional(self) -> bool:
        """Whether its bytes may be missing at the end."""
        return self._resolve()[1]

    def refers_to(self, name: str) -> bool:
        """Whether its count or its selector is the field of that name."""
        return name == self.selector or name == re.split("[+-]", self.count or "")[0]

    def _resolve(self) -> tuple[Any, bool]:
        if self._resolved is None:
            hint = self.hint
            if isinstance(hint, str):
                hint = _PLAIN.get(hint) or self._evaluate(hint)
            self._resolved = hint if isinstance(hint, tuple) else self._split(hint)
        return self._resolved

    def _evaluate(self, hint: str) -> Any:
        owner = self.owner
        inside: dict[str, Any] = {**vars(owner)}
        if "IPv" in hint:
            # Modules of many messages leave this import to those who use one of the few with an address.
            from ipaddress import IPv4Address, IPv6Address

            inside |= {"IPv4Address": IPv4Address, "IPv6Address": IPv6Address}
        try:
            return eval(hint, vars(sys.modules[owner.__module__]), inside)  # noqa: S307  # the class's own annotation
        except NameError as error:
            raise LayoutError(f"{owner.__name__}.{self.name}: {error}") from error

    def _split(self, hint: Any) -> tuple[Any, bool]:
        if typing.get_origin(hint) not in (types.UnionType, typing.Union):
            return hint, False
        kinds = [kind for kind in typing.get_args(hint) if kind not in (types.NoneType, Unknown)]
        if len(kinds) != 1:
            raise LayoutError(f"{self.name}: {hint} is neither a type nor a type | None")
        return kinds[0], types.NoneType in typing.get_args(hint)


def at(
    place: str,
    note: str = "",
    *,
    default: Any = MISSING,
    signed: bool = False,
    codec: Codec | None = None,
    count: str | None = None,
    group: str | None = None,
    selector: str | None = None,
    secret: bool = False,
) -> Any:
    """Place a field.

    Args:
        place: the specification's byte column (see ``baseboard.wire.layout``).
        note: what the row says.
        default: the value when none is given; ``DERIVED`` for a count or a selector that follows from
            the field it counts or chooses.
        signed: the number is a two's complement.
        codec: makes the value of the raw number or bytes.
        count: the earlier field that says how many elements (of a tuple) or bytes there are, with a
            constant added or taken away if the table says so: ``"length-2"``.
        group: optional fields that share this word are there together or not at all.
        selector: the earlier field that chooses the member of a family.
        secret: the bytes are somebody's password or key: ``repr`` tells how many there are.
    """
    return Field(parse(place), place, note, default, signed, codec, count, group, selector, secret)


@dataclass_transform(eq_default=True, frozen_default=True, kw_only_default=True, field_specifiers=(at,))
class MessageType(type):
    """Collects the rows of a message; its codec is compiled when first used."""

    _fields: tuple[Field, ...]
    _by_hand: frozenset[str]
    _base: int

    def __new__(
        mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **options: Any
    ) -> MessageType:
        rows = {key: value for key, value in namespace.items() if isinstance(value, Field)}
        for key in rows:
            if key in _TAKEN or key.startswith("_"):
                raise LayoutError(f"{name}.{key} is no name for a field")
            del namespace[key]
        parents = [base for base in bases if isinstance(base, MessageType)]
        known = {field.name: field for base in reversed(parents) for field in base._fields}
        namespace.setdefault("__slots__", tuple(key for key in rows if key not in known))
        if parents:
            by_hand = {key for key in COMPILED if key in namespace}.union(
                *(base._by_hand for base in parents)
            )
            namespace["_by_hand"] = frozenset(by_hand)
            for key in COMPILED:
                if key not in by_hand:
                    namespace[key] = Message.__dict__[key]
        cls = super().__new__(mcs, name, bases, namespace, **options)
        if rows:
            _declare(cls, rows)
            cls._fields = tuple({**known, **rows}.values())
        elif known:
            cls._fields = tuple(known.values())
        if "__match_args__" not in namespace:
            type.__setattr__(cls, "__match_args__", tuple(field.name for field in cls._fields))
        _arrange(cls)
        return cls


def _declare(cls: Any, rows: dict[str, Field]) -> None:
    hints: dict[str, Any] = cls.__annotations__
    for key, field in rows.items():
        if key not in hints:
            raise LayoutError(f"{cls.__name__}.{key} has no type")
        if field.owner is not None:
            raise LayoutError(f"{cls.__name__}.{key} is also {field.owner.__name__}.{field.name}")
        field.name, field.owner, field.hint = key, cls, hints[key]


def _arrange(cls: MessageType) -> None:
    """Count the regions between fields of variable size, and see that no two fields share a bit."""
    ends: list[Field] = []  # the field of variable size that ends each region
    for field in cls._fields:
        place = field.place
        if place.relative and not ends:
            raise LayoutError(_where(cls, field) + " follows no field of variable size")
        field.region = len(ends) if place.relative else 0
        if place.open_ended:
            if field.region < len(ends):
                after = f" lies after {ends[field.region].name}: count it from there, with '+'"
                raise LayoutError(_where(cls, field) + after)
            ends.append(field)
    taken = [0] * (len(ends) + 1)
    for field in cls._fields:
        place, region = field.place, field.region
        if place.first < (1 if region else cls._base):
            raise LayoutError(_where(cls, field) + " lies before the first")
        if place.last is None:
            continue
        if region < len(ends) and place.last >= ends[region].place.first:
            raise LayoutError(_where(cls, field) + f" overlaps {ends[region].name}")
        if taken[region] & place.mask:
            others = (f.name for f in cls._fields if f.region == region and f.place.mask & place.mask)
            raise LayoutError(_where(cls, field) + f" overlaps {next(others)}")
        taken[region] |= place.mask


def _where(cls: MessageType, field: Field) -> str:
    return f"{cls.__name__}.{field.name}: byte {field.column}"


class Message(metaclass=MessageType):
    """A value that knows its layout: frozen for the type checker, plain slots at run time.

    Class attributes for kinds of messages:
        _base: the number that the tables give to the first data byte.
        _strict: whether surplus bytes at the end are an error when ``decode`` is not told.
        _last: the number of the last mandatory byte, where that byte is reserved.
    """

    _fields: ClassVar[tuple[Field, ...]] = ()
    _base: ClassVar[int] = 1
    _strict: ClassVar[bool] = False
    _last: ClassVar[int] = 0
    _by_hand: ClassVar[frozenset[str]] = frozenset()

    # The five methods of COMPILED stand in every class until it is first used.

    def __init__(self, **values: Any) -> None:
        _compiled(type(self), "__init__")(self, **values)

    @classmethod
    def decode(cls, data: Buffer, exact: bool | None = None) -> Self:
        """Read the message from the data bytes that its table numbers.

        Args:
            data: the bytes from number ``_base`` on.
            exact: whether surplus bytes are an error; by default as the class says (``_strict``).

        Raises:
            TruncatedError: mandatory bytes are missing.
            DecodeError: the bytes do not fit otherwise.
        """
        message: Self = _compiled(cls, "decode")(cls, data, exact)
        return message

    def encode(self) -> bytes:
        """The data bytes, in the order of the table."""
        data: bytes = _compiled(type(self), "encode")(self)
        return data

    def __eq__(self, other: object) -> bool:
        same: bool = _compiled(type(self), "__eq__")(self, other)
        return same

    def __hash__(self) -> int:
        number: int = _compiled(type(self), "__hash__")(self)
        return number

    def __repr__(self) -> str:
        values = [(field, getattr(self, field.name)) for field in self._fields]
        inner = ", ".join(
            f"{field.name}=<{len(value)} bytes>" if field.secret and value else f"{field.name}={value!r}"
            for field, value in values
        )
        return f"{type(self).__name__}({inner})"

    def replace(self, **changes: Any) -> Self:
        """A copy with some fields changed, checked as a new one is; counts follow what they count."""
        values = {field.name: getattr(self, field.name) for field in self._fields} | changes
        for field in self._fields:
            if field.default is DERIVED and field.name not in changes:
                leaders = [other.name for other in self._fields if other.refers_to(field.name)]
                if any(values[name] is not None for name in leaders):
                    values[field.name] = DERIVED
        return type(self)(**values)


COMPILED = ("__init__", "decode", "encode", "__eq__", "__hash__")
_TAKEN = frozenset(("decode", "encode", "replace", "pack", "unpack", "parse", "of", "members"))


def _compiled(cls: type[Message], name: str) -> Callable[..., Any]:
    # Imported here because the compiler reads declarations; it also keeps a start without messages short.
    from .compiler import compiled

    return compiled(cls, name)


def fields(cls: type[Message]) -> tuple[Field, ...]:
    """The rows of a message, in the order of their declaration."""
    return cls._fields


class Record(Message):
    """A stored structure (SDR, SEL entry, FRU area): numbered from byte 1."""


class Unknown(Message):
    """Data whose selector nobody declared, kept as it came.

    Attributes:
        selector: the number that chose it.
        raw: the bytes it chose, without the selector where that is a byte of its own before them.
    """

    __slots__ = ("raw", "selector")

    selector: int
    raw: bytes

    def __init__(self, *, selector: int, raw: bytes) -> None:
        self.selector = selector  # type: ignore[misc]  # frozen for checkers only
        self.raw = raw  # type: ignore[misc]  # likewise

    @classmethod
    def decode(cls, data: Buffer, exact: bool | None = None) -> Self:
        """Read selector byte and data, of any length."""
        if not data:
            raise TruncatedError(f"{cls.__name__}: 0 bytes, at least 1 wanted")
        return cls(selector=data[0], raw=bytes(data[1:]))

    def encode(self) -> bytes:
        """The data, as the members of a family encode theirs: without the selector."""
        return self.raw

    def pack(self) -> bytes:
        """The selector byte, then the data."""
        return bytes((self.selector,)) + self.raw

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self.selector == other.selector and self.raw == other.raw

    def __hash__(self) -> int:
        return hash((type(self), self.selector, self.raw))

    def __repr__(self) -> str:
        return f"{type(self).__name__}(selector={self.selector}, raw={self.raw!r})"


# For checkers the arguments are by keyword only, and so nothing to match by position.
type.__setattr__(Unknown, "__match_args__", ("selector", "raw"))


class UnknownRecord(Unknown):
    """A stored record of a type that nobody declared: ``raw`` is the whole of it, its type included."""

    __slots__ = ()

    def pack(self) -> bytes:
        """The record."""
        return self.raw
