"""Kinds of fields: how raw numbers or bytes become values, values raw again, and what is refused.

A kind writes the Python expressions that the compiler puts together. In them ``_k_x`` is the class
of field x, ``_m_x`` its table of enumerators or values, ``_d_x`` and ``_e_x`` its functions.
"""

# pyright: reportPrivateUsage=false
# (The modules of this package are one thing: what a message declares is theirs to read.)

from __future__ import annotations

import abc
import enum
import functools
import typing
from typing import Any, ClassVar

from baseboard.errors import LayoutError

from .codecs import Codec, natural
from .enums import memo
from .family import Family
from .message import Field, Message, Unknown
from .plan import Extent, Plan, Variable, plan


class Kind(abc.ABC):
    """How the values of one field are made; a subclass per sort of type.

    Attributes:
        raw: the field is read as bytes, not as a number.
        guarded: reading may raise what is not a ``DecodeError`` yet.
        size: bytes of its place; None if that is of variable size or not whole bytes.
        names: what the expressions refer to.
    """

    raw: ClassVar[bool] = False
    guarded: bool = False

    def __init__(self, cls: type[Message], field: Field, variable: Variable | None) -> None:
        self.cls, self.field, self.variable = cls, field, variable
        self.where = f"{cls.__name__}.{field.name}"
        self.size = field.place.width // 8 if field.place.whole and not field.place.open_ended else None
        self.names: dict[str, Any] = {}
        if self.wants_bytes() and not field.place.whole:
            raise LayoutError(f"{self.where}: {field.hint} takes whole bytes, not {field.column}")
        if not self.wants_bytes() and field.place.open_ended:
            raise LayoutError(f"{self.where}: {field.hint} needs a last byte in {field.column!r}")
        if variable is not None and variable.extent is Extent.ITSELF and not isinstance(self, Nested):
            raise LayoutError(f"{self.where} has no count, but other fields follow it")

    def wants_bytes(self) -> bool:
        """Whether the field is read as bytes."""
        return self.raw

    @abc.abstractmethod
    def read(self, raw: str, exact: str) -> str:
        """The expression for the value of the expression ``raw``."""

    @abc.abstractmethod
    def write(self, value: str) -> str:
        """The expression for the raw number or bytes of the expression ``value``."""

    @abc.abstractmethod
    def check(self, value: str) -> list[str]:
        """Statements that refuse what does not fit, or turn it into what does."""

    def length(self, value: str) -> str:
        """The expression for what the count counts."""
        return f"_len({self.write(value)})"

    def _refuse(self, condition: str) -> str:
        return f"if {condition}: _refuse({self.field.name!r}, {self.field.name})"


class Number(Kind):
    """``int``, ``bool``, enumerations: what the bits make."""

    def __init__(self, cls: type[Message], field: Field, variable: Variable | None) -> None:
        super().__init__(cls, field, variable)
        self.type: Any = field.type
        self.flags = issubclass(self.type, enum.Flag)
        if self.type is bool and field.place.width != 1:
            raise LayoutError(f"{self.where}: a bool is one bit, not {field.column}")
        if field.signed and self.type is not int:
            raise LayoutError(f"{self.where}: {self.type.__name__} has no sign")
        self.coded = issubclass(self.type, enum.Enum)
        if self.coded:
            self.names = {f"_k_{field.name}": self.type, f"_m_{field.name}": memo(self.type)}

    def read(self, raw: str, exact: str) -> str:
        """An enumerator from its table, or the number itself."""
        return f"_m_{self.field.name}[{raw}]" if self.coded else raw

    def write(self, value: str) -> str:
        """The number itself."""
        return value

    def check(self, value: str) -> list[str]:
        """In range; a plain int for an enumerator becomes one."""
        name, width = self.field.name, self.field.place.width
        if self.coded:
            # A comparison, for & of an IntFlag is Python code.
            return [
                self._refuse(f"not 0 <= {value} < {1 << width}"),
                f"if {value}.__class__ is not _k_{name}:"
                f" {value} = _coerce(_m_{name}, _refuse, {name!r}, {value})",
            ]
        if self.field.signed:
            return [self._refuse(f"not {-1 << width - 1} <= {value} < {1 << width - 1}")]
        return [self._refuse(f"{value} & {-1 << width}")]


class Coded(Kind):
    """What a codec makes of the number or the bytes."""

    def __init__(self, cls: type[Message], field: Field, variable: Variable | None) -> None:
        codec: Any = field.codec or natural(field.type)
        place = field.place
        size = None if place.open_ended or not place.whole else place.width // 8
        self.bytes = place.open_ended or getattr(codec, "raw", None) is bytes or (size or 0) > 8
        super().__init__(cls, field, variable)
        if hasattr(codec, "bind"):
            try:
                codec = codec.bind(self.size)
            except ValueError as error:
                raise LayoutError(f"{self.where}: {error}") from error
        self.codec: Codec = codec
        table: tuple[Any, ...] = getattr(codec, "table", ())
        self.tabled = bool(table) and not self.bytes and not field.signed
        self.names = {f"_e_{field.name}": codec.encode}
        if self.tabled:
            if len(table) < 1 << place.width:
                raise LayoutError(f"{self.where}: the table of its codec has no value for every number")
            self.names[f"_m_{field.name}"] = table
        else:
            self.guarded = True
            self.names[f"_d_{field.name}"] = codec.decode

    def wants_bytes(self) -> bool:
        """As the codec says, and the size of the place allows."""
        return self.bytes

    def read(self, raw: str, exact: str) -> str:
        """From the codec's table, or by its function."""
        return f"_m_{self.field.name}[{raw}]" if self.tabled else f"_d_{self.field.name}({raw})"

    def write(self, value: str) -> str:
        """By the codec's function."""
        return f"_e_{self.field.name}({value})"

    def check(self, value: str) -> list[str]:
        """What the codec makes of it has to fit the place."""
        limits = str(self.size) if self.bytes else f"{self.field.place.width}, {self.field.signed}"
        test = "_fits_bytes" if self.bytes else "_fits_bits"
        return [self._refuse(f"not {test}(_e_{self.field.name}, {value}, {limits})")]


class Octets(Kind):
    """``bytes``."""

    raw = True

    def read(self, raw: str, exact: str) -> str:
        """The bytes themselves."""
        return raw

    def write(self, value: str) -> str:
        """The bytes themselves."""
        return value

    def check(self, value: str) -> list[str]:
        """Of the place's size; other buffers become bytes."""
        lines = [f"if {value}.__class__ is not _bytes: {value} = _octets({value})"]
        return lines if self.size is None else [*lines, self._refuse(f"_len({value}) != {self.size}")]


class Nested(Kind):
    """A record inside."""

    raw = True

    def __init__(self, cls: type[Message], field: Field, variable: Variable | None) -> None:
        super().__init__(cls, field, variable)
        inner = plan(field.type)
        self.fixed = inner.size
        if None not in (self.fixed, self.size) and self.fixed != self.size:
            here = f"its place {self.size}"
            raise LayoutError(f"{self.where}: {field.type.__name__} has {self.fixed} bytes, {here}")
        if variable is not None and variable.extent is Extent.ITSELF and not inner.self_delimiting:
            raise LayoutError(f"{self.where}: {field.type.__name__} does not say where it ends")
        self.names = {f"_k_{field.name}": field.type}

    def read(self, raw: str, exact: str) -> str:
        """As the record decodes."""
        return f"_d_{self.field.name}({raw}, {exact})"

    def write(self, value: str) -> str:
        """As the record encodes."""
        return f"{value}.encode()"

    def check(self, value: str) -> list[str]:
        """A record of the class, and of the place's size."""
        lines = [self._refuse(f"not _isinstance({value}, _k_{self.field.name})")]
        if self.size is not None and self.fixed is None:
            lines.append(self._refuse(f"_len({value}.encode()) != {self.size}"))
        return lines


class Chosen(Kind):
    """A member of a family."""

    raw = True

    def __init__(self, cls: type[Message], field: Field, variable: Variable | None) -> None:
        super().__init__(cls, field, variable)
        family: type[Family] = field.type
        self.inside = bool(family._inside)
        self.beside = field.selector
        if self.inside and self.beside:
            raise LayoutError(f"{self.where}: {family.__name__} has its selector inside")
        reader = family.parse if self.beside else family.unpack
        self.names = {f"_k_{field.name}": (family, Unknown), f"_d_{field.name}": reader}

    def read(self, raw: str, exact: str) -> str:
        """As the family reads what its selector, here or in another field, selects."""
        selector = f"self.{self.beside}, " if self.beside else ""
        return f"_d_{self.field.name}({selector}{raw}, {exact})"

    def write(self, value: str) -> str:
        """The data, after its selector unless that is another field."""
        return f"{value}.encode()" if self.beside else f"{value}.pack()"

    def check(self, value: str) -> list[str]:
        """A member, with the selector that the other field has."""
        lines = [self._refuse(f"not _isinstance({value}, _k_{self.field.name})")]
        if self.beside:
            lines.append(self._refuse(f"{value}.selector != {self.beside}"))
        elif not self.inside:
            lines.append(self._refuse(f"not 0 <= {value}.selector <= 255"))
        if self.size is not None:
            lines.append(self._refuse(f"_len({self.write(value)}) != {self.size}"))
        return lines


class Array(Kind):
    """``tuple[X, ...]``: bytes, each a number or an enumerator, or records one after the other.

    Attributes:
        element: the type of the elements.
        step: bytes of each; None if the elements themselves say how long they are.
    """

    raw = True

    def __init__(self, cls: type[Message], field: Field, variable: Variable | None) -> None:
        super().__init__(cls, field, variable)
        arguments = typing.get_args(field.type)
        if len(arguments) != 2 or arguments[1] is not Ellipsis:
            raise LayoutError(f"{self.where}: an array is tuple[type, ...], not {field.hint}")
        self.element: Any = arguments[0]
        name = field.name
        self.records = _is(self.element, Message)
        self.step: int | None = 1
        if self.records:
            inner = plan(self.element)
            self.step = inner.size
            if not inner.least or not inner.self_delimiting:
                raise LayoutError(f"{self.where}: {inner.cls.__name__} does not say where it ends")
            self.names = {f"_k_{name}": self.element}
        elif self.element is not int:
            if not (_is(self.element, int) and _is(self.element, enum.Enum)):
                raise LayoutError(f"{self.where}: elements are int, int enumerations or records")
            self.names = {f"_m_{name}": memo(self.element)}
        if self.size is not None and (self.step is None or self.size % self.step):
            raise LayoutError(f"{self.where}: its elements do not fill bytes {field.column}")

    def read(self, raw: str, exact: str) -> str:
        """The elements, each of the same size."""
        name = self.field.name
        if self.element is int:
            return f"_tuple({raw})"
        if not self.records:
            return f"_tuple([_m_{name}[_one] for _one in {raw}])"
        return f"_split(_d_{name}, {raw}, {self.step})"

    def write(self, value: str) -> str:
        """The elements' bytes, one after the other."""
        return f'b"".join([_one.encode() for _one in {value}])' if self.records else f"_bytes({value})"

    def length(self, value: str) -> str:
        """A count is of elements."""
        return f"_len({value})"

    def check(self, value: str) -> list[str]:
        """A tuple of the right elements, as many as the place holds."""
        lines = [f"if {value}.__class__ is not _tuple: {value} = _tuple({value})"]
        if self.records:
            each = f"_isinstance(_one, _k_{self.field.name}) for _one in {value}"
            lines.append(self._refuse(f"not _all([{each}])"))
        else:
            lines.append(self._refuse(f"{value} and not 0 <= _min({value}) <= _max({value}) <= 255"))
        if self.size is not None:
            lines.append(self._refuse(f"_len({value}) != {self.size // (self.step or 1)}"))
        return lines


def _is(hint: Any, kind: type) -> bool:
    return isinstance(hint, type) and issubclass(hint, kind)


def _sort(cls: type[Message], field: Field) -> type[Kind]:
    hint = field.type
    if field.codec is not None or natural(hint) is not None:
        return Coded
    if hint is bytes:
        return Octets
    if typing.get_origin(hint) is tuple:
        return Array
    if _is(hint, Family) and Family in hint.__bases__:
        return Chosen
    if _is(hint, Message):
        return Nested
    if _is(hint, int):
        return Number
    raise LayoutError(f"{cls.__name__}.{field.name}: {field.hint} needs a codec")


@functools.cache
def kinds(cls: type[Message]) -> dict[str, Kind]:
    """The kind of each field.

    Raises:
        LayoutError: a type does not fit its place.
    """
    made: Plan = plan(cls)
    variables = {part.field.name: part for part in made.variables}
    return {field.name: _sort(cls, field)(cls, field, variables.get(field.name)) for field in cls._fields}
