"""Hypothesis strategies for every message that is declared; they read the declarations."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from hypothesis import reject
from hypothesis import strategies as st

from baseboard.errors import WireError
from baseboard.wire import Family, Message, OpenEnum, Unknown, UnknownRecord, fields
from baseboard.wire.enums import memo
from baseboard.wire.family import number_inside, selector_field, selectors_inside
from baseboard.wire.kinds import Array, Chosen, Coded, Kind, Nested, Number, kinds
from baseboard.wire.plan import Extent, Plan, Segment, Variable, plan

M = TypeVar("M", bound=Message)
F = TypeVar("F", bound=Family)

# Elements or bytes of a field whose size nothing limits.
_MANY = 24
_ANY = 1 << 32

_REFUSED = object()
_TRIES = 50


def messages(cls: type[M]) -> st.SearchStrategy[M]:
    """Messages of a class: every field over its whole range, bytes that may be missing there or not."""
    return cast("st.SearchStrategy[M]", _messages(cls))


def members(family: type[F]) -> st.SearchStrategy[F | Unknown]:
    """Members of a family, and data whose selector it does not know."""
    declared = sorted({kind.__qualname__: kind for kind in family.members().values()}.items())
    known: list[st.SearchStrategy[F | Unknown]] = [messages(kind) for _, kind in declared]
    return st.one_of([*known, unknown(family)])


def unknown(family: type[Family], low: int = 0, high: int = _MANY) -> st.SearchStrategy[Unknown]:
    """Data that no member of the family is declared for: ``low`` to ``high`` bytes of them."""
    known = family.members()
    if selectors_inside(family)[0]:
        least = max(low, selector_field(family).place.last or 0)
        data = st.binary(min_size=least, max_size=min(high, least + _MANY))
        strange = data.filter(lambda raw: number_inside(family, raw) not in known)
        return strange.map(lambda raw: UnknownRecord(selector=number_inside(family, raw), raw=raw))
    number = st.sampled_from([selector for selector in range(0x100) if selector not in known])
    raw = st.binary(min_size=low, max_size=min(high, low + _MANY))
    return st.builds(Unknown, selector=number, raw=raw)


def encoded(cls: type[Message]) -> st.SearchStrategy[bytes]:
    """Bytes that decode as the class; reserved bits are 0."""
    return messages(cls).map(lambda message: message.encode())


@st.composite
def _messages(draw: st.DrawFn, cls: type[Message]) -> Message:
    made, how = plan(cls), kinds(cls)
    absent = _absent(draw, made)
    values: dict[str, Any] = dict.fromkeys(absent)
    for part in made.variables:
        if part.field.name not in absent:
            values[part.field.name] = _variable(draw, part, how, values, bool(absent))
    inside, numbers = selectors_inside(cls)
    if inside:
        values[inside] = draw(st.sampled_from(numbers))
    for field in fields(cls):
        if field.name not in values:
            values[field.name] = draw(_fixed(how[field.name]))
        if field.selector is not None and values[field.name] is not None:
            values[field.selector] = values[field.name].selector
    return cls(**values)


def _absent(draw: st.DrawFn, made: Plan) -> set[str]:
    """Names of the fields that are missing: from some optional part on, all that are optional."""
    ends: list[list[str]] = []
    for part in made.parts:
        if isinstance(part, Segment) and part.optional:
            ends.append([field.name for field in part.fields])
        elif isinstance(part, Variable) and part.field.optional:
            ends.append([part.field.name])
    present = draw(st.integers(0, len(ends)))
    return {name for names in ends[present:] for name in names}


def _variable(
    draw: st.DrawFn, part: Variable, how: Mapping[str, Kind], values: dict[str, Any], last: bool
) -> Any:
    """A value for a field of variable size; its count goes into ``values``."""
    kind = how[part.field.name]
    if part.extent is Extent.ITSELF:
        return draw(messages(part.field.type))
    if part.extent is Extent.DATA:
        return draw(_sized(kind, 1 if part.field.optional else 0, 0 if last else _ANY))
    low = max(0, part.surplus)
    high = (1 << how[part.counter].field.place.width) - 1 + part.surplus
    if part.counter in values:
        low = high = values[part.counter] + part.surplus
    value = draw(_sized(kind, low, high))
    values[part.counter] = _count(kind, value) - part.surplus
    return value


def _count(kind: Kind, value: Any) -> int:
    if isinstance(kind, Coded):
        return len(kind.codec.encode(value))
    if isinstance(kind, Nested):
        return len(value.encode())
    if isinstance(kind, Chosen):
        return len(value.encode() if kind.beside else value.pack())
    return len(value)


def _sized(kind: Kind, low: int, high: int) -> st.SearchStrategy[Any]:
    """Values with so many bytes; so many elements, if it is an array."""
    if isinstance(kind, Nested):
        return _of_size(kind.field.type, low, high)
    if isinstance(kind, Chosen):
        return _chosen(kind, low, high)
    most = min(high, max(low, _MANY))
    if isinstance(kind, Array):
        return st.lists(_element(kind), min_size=low, max_size=most).map(tuple)
    raw = st.binary(min_size=low, max_size=most)
    return _decoded(kind, raw) if isinstance(kind, Coded) else raw


def _fixed(kind: Kind) -> st.SearchStrategy[Any]:
    """Values for a place of a fixed size."""
    if isinstance(kind, Number):
        return _numbers(kind.type, kind.field.place.width, signed=kind.field.signed)
    if kind.size is not None and kind.wants_bytes():
        step = kind.step or 1 if isinstance(kind, Array) else 1
        return _sized(kind, kind.size // step, kind.size // step)
    return _decoded(kind, st.integers(0, (1 << kind.field.place.width) - 1))


def _numbers(kind: Any, width: int, *, signed: bool = False) -> st.SearchStrategy[Any]:
    if kind is bool:
        return st.booleans()
    low, high = (-1 << width - 1, (1 << width - 1) - 1) if signed else (0, (1 << width) - 1)
    if kind is int:
        return st.integers(low, high)
    declared = [value for value in kind if value <= high]
    if issubclass(kind, OpenEnum | enum.Flag):
        anything = st.integers(low, high).map(memo(kind).__getitem__)
        return st.sampled_from(declared) | anything if declared else anything
    return st.sampled_from(declared)


def _decoded(kind: Any, raw: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """What the codec makes of raw numbers or bytes, as far as it accepts them."""

    def read(number: Any) -> Any:
        try:
            value = kind.codec.decode(number)
            kind.codec.encode(value)  # some read what they would not write
        except (ValueError, LookupError, ArithmeticError, WireError):
            return _REFUSED
        return value

    return _first_good(raw.map(read), lambda value: value is not _REFUSED)


@st.composite
def _first_good(draw: st.DrawFn, some: st.SearchStrategy[Any], good: Callable[[Any], bool]) -> Any:
    """A filter that gives up late, for what is one case in many."""
    for _ in range(_TRIES):
        value = draw(some)
        if good(value):
            return value
    return reject()


def _element(kind: Array) -> st.SearchStrategy[Any]:
    return messages(kind.element) if kind.records else _numbers(kind.element, 8)


def _of_size(cls: type[Message], low: int, high: int) -> st.SearchStrategy[Any]:
    size = plan(cls).size
    if size is not None:
        return messages(cls) if low <= size <= high else st.nothing()
    return _first_good(messages(cls), lambda message: low <= len(message.encode()) <= high)


def _chosen(kind: Chosen, low: int, high: int) -> st.SearchStrategy[Any]:
    """Members of a family, with as many bytes in all, and with selectors that fit where they are told."""
    family, selectors = kind.field.type, 0x100
    if kind.beside:
        beside = next(field for field in fields(kind.cls) if field.name == kind.beside)
        selectors = 1 << beside.place.width
    head = 0 if kind.beside or kind.inside else 1
    known = {member for number, member in family.members().items() if number < selectors}
    fitting = [_of_size(member, low - head, high - head) for member in sorted(known, key=repr)]
    strange = unknown(family, max(low - head, 0), high - head).filter(
        lambda value: value.selector < selectors
    )
    return st.one_of([*fitting, strange])
