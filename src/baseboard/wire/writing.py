"""Writes the functions that make messages and bytes: ``__init__`` and ``encode``; ``==`` and the hash."""

# pyright: reportPrivateUsage=false
# (The modules of this package are one thing: what a message declares is theirs to read.)

from __future__ import annotations

from collections.abc import Iterator, Mapping

from baseboard.errors import LayoutError

from .cells import Cell, cells
from .family import Family
from .kinds import Kind, Number
from .message import DERIVED, MISSING, Field
from .plan import Bits, Extent, Plan, Segment, Variable


def encode_source(plan: Plan, kinds: Mapping[str, Kind]) -> str:
    """The source of ``encode(self)``."""
    lines = ["def encode(self):"]
    pending: list[str] = []  # what is known to follow each other
    begun = False
    for index, part in enumerate(plan.parts):
        optional = part.optional if isinstance(part, Segment) else part.field.optional
        if optional:
            lines.append(f"out {'+=' if begun else '='} " + (" + ".join(pending) or 'b""'))
            begun, pending = True, []
            first = part.fields[0] if isinstance(part, Segment) else part.field
            lines.append(f"if self.{first.name} is None: return out")
        if isinstance(part, Segment):
            arguments: list[str] = []
            for cell in cells(part, kinds):
                before, values = _arguments(cell, kinds)
                lines += before
                arguments += values
            pending.append(f"_pack{index}({', '.join(arguments)})")
        else:
            pending.append(kinds[part.field.name].write(f"self.{part.field.name}"))
    rest = " + ".join((["out"] if begun else []) + pending) or 'b""'
    lines.append(f"return {rest}")
    return "\n    ".join(lines) + "\n\n"


def _arguments(cell: Cell, kinds: Mapping[str, Kind]) -> tuple[list[str], list[str]]:
    """What ``pack`` is given for a cell, and the statements needed before."""
    unit, whole = cell.unit, cell.unit.whole
    if whole is not None and (cell.raw or len(cell.sizes) == 1):
        return [], [kinds[whole.name].write(f"self.{whole.name}")]
    number = " + ".join(_bits(bits, kinds) for bits in unit.bits)
    if not cell.sizes:
        return [], [f'({number}).to_bytes({unit.size}, "little")']
    if len(cell.sizes) == 1:
        return [], [number]
    values: list[str] = []
    shift = 0
    for size in cell.sizes:
        part = f"{unit.name} >> {shift}" if shift else unit.name
        shift += 8 * size
        values.append(part if shift == 8 * unit.size else f"{part} & {(1 << 8 * size) - 1}")
    return [f"{unit.name} = {number}"], values


def _bits(bits: Bits, kinds: Mapping[str, Kind]) -> str:
    """The expression that puts a piece of a field where it belongs in its unit."""
    field, kind = bits.field, kinds[bits.field.name]
    value = kind.write(f"self.{field.name}")
    if isinstance(kind, Number) and kind.flags:
        value = f"(+{value})"  # a plain int: & and | of an IntFlag are Python code
    if bits.shift:
        value = f"({value} >> {bits.shift})"
    if field.signed or bits.shift + bits.width < field.place.width:
        value = f"({value} & {(1 << bits.width) - 1})"
    return f"({value} << {bits.low})" if bits.low else value


def init_source(plan: Plan, kinds: Mapping[str, Kind]) -> str:
    """The source of ``__init__(self, *, ...)``, which refuses what does not fit."""
    fields = plan.cls._fields
    if not fields:
        return "def __init__(self):\n    return\n\n"
    parameters = [
        field.name if field.default is MISSING else f"{field.name}=_v_{field.name}" for field in fields
    ]
    checks = [*_derivations(plan, kinds), *_checks(fields, kinds), *_relations(plan, kinds)]
    values = ", ".join(f"{field.name!r}: {field.name}" for field in fields)
    lines = [f"def __init__(self, *, {', '.join(parameters)}):"]
    lines += ["try:", *(f"    {line}" for line in checks), "except (TypeError, AttributeError) as error:"]
    lines.append(f"    raise _mistyped(self.__class__, {{{values}}}, error) from error")
    lines += [f"self.{field.name} = {field.name}" for field in fields]
    return "\n    ".join(lines) + "\n\n"


def _derivations(plan: Plan, kinds: Mapping[str, Kind]) -> Iterator[str]:
    cls = plan.cls
    for field in cls._fields:
        if field.default is not DERIVED:
            continue
        name = field.name
        counted = next((part for part in plan.variables if part.counter == name), None)
        chosen = next((other for other in cls._fields if other.selector == name), None)
        if counted is not None:
            length = kinds[counted.field.name].length(counted.field.name)
            value = length + (f" {-counted.surplus:+d}" if counted.surplus else "")
        elif chosen is not None:
            value = f"{chosen.name}.selector"
        elif issubclass(cls, Family) and cls._inside == name:
            value = "self.selector"
        else:
            raise LayoutError(
                f"{cls.__name__}.{name} counts and chooses nothing that it could be derived from"
            )
        given = f" and {chosen.name} is not None" if chosen is not None and chosen.optional else ""
        yield f"if {name} is _derived{given}: {name} = {value}"


def _checks(fields: tuple[Field, ...], kinds: Mapping[str, Kind]) -> Iterator[str]:
    for field in fields:
        lines = kinds[field.name].check(field.name)
        if field.optional:
            yield f"if {field.name} is not None:"
            lines = [f"    {line}" for line in lines]
        yield from lines


def _relations(plan: Plan, kinds: Mapping[str, Kind]) -> Iterator[str]:
    """What fields say of each other: counts, and what may be missing only with what follows it."""
    cls = plan.cls
    before: str | None = None
    for part in plan.parts:
        if isinstance(part, Variable):
            name = part.field.name
            if part.extent is Extent.COUNT:
                length = kinds[name].length(name)
                surplus = f" {part.surplus:+d}" if part.surplus else ""
                yield f"if {length} != {part.counter}{surplus}: _refuse({name!r}, {name})"
            if part.field.optional:
                yield f"if {name} is not None and not {kinds[name].write(name)}: _refuse({name!r}, {name})"
            if before is not None:
                given = f"{name} is not None" if part.field.optional else f"_len({kinds[name].write(name)})"
                yield f"if {before} is None and {given}: _refuse({name!r}, {name})"
        elif part.optional:
            names = [field.name for field in part.fields]
            for name in names[1:]:
                yield f"if ({name} is None) is not ({names[0]} is None): _refuse({name!r}, {name})"
            if before is not None:
                yield f"if {before} is None and {names[0]} is not None: _refuse({names[0]!r}, {names[0]})"
            before = names[0]
    if issubclass(cls, Family) and cls._inside:
        name = cls._inside
        yield f"if _members.get({name}) is not self.__class__: _refuse({name!r}, {name})"


def equality_source(fields: tuple[Field, ...]) -> str:
    """The source of ``__eq__``."""
    same = " and ".join(f"self.{field.name} == other.{field.name}" for field in fields) or "True"
    return (
        "def __eq__(self, other):\n"
        "    if other.__class__ is not self.__class__: return NotImplemented\n"
        f"    return {same}\n"
    )


def hash_source(fields: tuple[Field, ...]) -> str:
    """The source of ``__hash__``."""
    values = "".join(f", self.{field.name}" for field in fields)
    return f"def __hash__(self):\n    return hash((self.__class__{values}))\n"
