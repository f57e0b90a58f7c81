"""Turns a message's plan into straight-line Python, a method at a time, when first needed.

The generated functions are what a careful person would write by hand: one precompiled ``struct`` call
per segment, shifts and masks in place, slots set directly.
"""

# pyright: reportPrivateUsage=false
# (The modules of this package are one thing: what a message declares is theirs to read.)

from __future__ import annotations

import functools
import struct
from collections.abc import Callable
from typing import Any

from baseboard.errors import LayoutError

from . import faults
from .cells import segment_format
from .family import Family, selector_field
from .kinds import Array, Chosen, Nested, kinds
from .message import COMPILED, DERIVED, Message
from .plan import Extent, Segment, plan
from .reading import Reader
from .writing import encode_source, equality_source, hash_source, init_source

_NAMES: dict[str, Any] = {
    "_new": object.__new__,
    "_derived": DERIVED,
    "_Refusals": (ValueError, LookupError, ArithmeticError),
    "_length": faults.length,
    "_short": faults.short,
    "_unreadable": faults.unreadable,
    "_mistyped": faults.mistyped,
    "_split": faults.split,
    "_many": faults.many,
    "_fits_bits": faults.fits_bits,
    "_fits_bytes": faults.fits_bytes,
    "_octets": faults.octets,
    "_coerce": faults.coerce,
    # A parameter of __init__ has its field's name, which may be that of a built-in function.
    **{f"_{name.__name__}": name for name in (all, bytes, int, isinstance, len, max, min, tuple)},
}


@functools.cache
def compiled(cls: type[Message], name: str) -> Callable[..., Any]:
    """The function for one of a message's methods; the class has it from now on, unless it wrote its own.

    Raises:
        LayoutError: the declaration cannot be laid out.
    """
    function = _run(cls, name, source(cls, name))
    if name not in cls._by_hand:
        setattr(cls, name, classmethod(function) if name == "decode" else function)
    return function


def install(cls: type[Message]) -> None:
    """Compile all methods of a message, which shows whether its declaration can be laid out.

    Raises:
        LayoutError: it cannot.
    """
    for name in COMPILED:
        compiled(cls, name)


def source(cls: type[Message], name: str) -> str:
    """The Python text of one of a message's methods."""
    made, how = plan(cls), kinds(cls)
    match name:
        case "__init__":
            return init_source(made, how)
        case "decode":
            return Reader(made, how).decode()
        case "encode":
            return encode_source(made, how)
        case "__eq__":
            return equality_source(cls._fields)
        case _:
            return hash_source(cls._fields)


@functools.cache
def reader(cls: type[Message]) -> Callable[[Any, int], tuple[Any, int]]:
    """The function that reads a self-delimiting record at a position, and says where it ends."""
    return functools.partial(_run(cls, "read", Reader(plan(cls), kinds(cls)).read()), cls)


def _run(cls: type[Message], name: str, text: str) -> Callable[..., Any]:
    """The function of that name which the text defines."""
    found: dict[str, Any] = {}
    exec(compile(text, f"<{cls.__qualname__}.{name}>", "exec"), _scope(cls), found)  # our own text
    function: Callable[..., Any] = found[name]
    return function


@functools.cache
def _scope(cls: type[Message]) -> dict[str, Any]:
    """What the generated functions refer to."""
    _check(cls)
    made, how = plan(cls), kinds(cls)
    scope = {**_NAMES, "_refuse": faults.refuser(cls)}
    for index, part in enumerate(made.parts):
        if isinstance(part, Segment):
            packer = struct.Struct(segment_format(part, how))
            scope[f"_unpack{index}"], scope[f"_pack{index}"] = packer.unpack_from, packer.pack
    for field in cls._fields:
        kind = how[field.name]
        scope |= kind.names
        scope[f"_v_{field.name}"] = field.default
        inner = kind.element if isinstance(kind, Array) and kind.records else field.type
        if isinstance(kind, Nested) or (isinstance(kind, Array) and kind.records):
            compiled(inner, "decode")  # first, or its decode would be the one that compiles
            scope[f"_d_{field.name}"] = inner.decode
        by_itself = kind.variable is not None and kind.variable.extent is Extent.ITSELF
        if by_itself or (isinstance(kind, Array) and kind.step is None):
            scope[f"_r_{field.name}"] = reader(inner)
    if issubclass(cls, Family):
        scope["_members"] = cls._members
    return scope


def _check(cls: type[Message]) -> None:
    """Refuse what has parts and types, but no meaning."""
    made, how = plan(cls), kinds(cls)
    if issubclass(cls, Family) and cls._inside:
        selector_field(cls)
    after_optional = False
    for part in made.parts:
        if isinstance(part, Segment):
            after_optional = after_optional or part.optional
            continue
        field, kind = part.field, how[part.field.name]
        where = f"{cls.__name__}.{field.name}"
        if after_optional and not field.optional and isinstance(kind, Nested | Chosen):
            raise LayoutError(f"{where}: follows optional bytes, so it is optional")
