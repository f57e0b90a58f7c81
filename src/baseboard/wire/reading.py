"""Writes the functions that read: ``decode``, and ``read`` for a record among others."""

# pyright: reportPrivateUsage=false
# (The modules of this package are one thing: what a message declares is theirs to read.)

from __future__ import annotations

from collections.abc import Mapping

from .cells import Cell, cells
from .kinds import Array, Kind
from .message import Field
from .plan import Extent, Plan, Segment, Variable


class Reader:
    """Collects the lines of one reading function.

    ``n`` is the number of bytes, ``p`` the position after the last field of variable size.
    """

    def __init__(self, plan: Plan, kinds: Mapping[str, Kind]) -> None:
        self.plan, self.kinds = plan, kinds
        self.lines: list[str] = []
        self._origin = ""  # the variable that positions are counted from
        self._offset = 0
        self._sizes: list[int] = []  # where the message may end, as offsets

    def decode(self) -> str:
        """The source of ``decode(cls, data, exact)``."""
        self.lines = ["def decode(cls, data, exact=None):", "n = len(data)"]
        size, parts = self.plan.size, self.plan.parts
        if size is not None:
            self.lines.append(f"if n != {size}: _length(cls, n, ({size},), exact)")
        else:
            first = parts[0]
            if isinstance(first, Segment) and not first.optional:
                self.lines.append(f"if n < {first.size}: _length(cls, n, ({first.size},), False)")
            self.lines.append(f"if exact is None: exact = {self.plan.cls._strict}")
        self.lines.append("self = _new(cls)")
        for index, part in enumerate(parts):
            self._part(index, part, checked=index == 0)
        if size is None:
            self._end()
        self.lines.append("return self")
        return "\n    ".join(self.lines) + "\n\n"

    def read(self) -> str:
        """The source of ``read(cls, data, p)``, which returns the record and the position after it."""
        self.lines = ["def read(cls, data, p):", "n = len(data)", "exact = True", "self = _new(cls)"]
        self._origin = "p"
        for index, part in enumerate(self.plan.parts):
            self._part(index, part, checked=False)
        self.lines.append(f"return self, {self._at()}")
        return "\n    ".join(self.lines) + "\n\n"

    def _at(self, further: int = 0) -> str:
        return self._from_origin(self._offset + further)

    def _part(self, index: int, part: Segment | Variable, *, checked: bool) -> None:
        if isinstance(part, Variable):
            self._variable(part)
            return
        if part.optional:
            self._sizes = self._sizes or [self._offset]
            self.lines.append(f"if n >= {self._at(part.size)}:")
            self.lines += [f"    {line}" for line in self._segment(index, part)]
            names = " = ".join(f"self.{field.name}" for field in part.fields)
            self.lines.append(f"else: {names} = None")
            self._sizes.append(self._offset + part.size)
        else:
            if not checked:
                self.lines.append(
                    f"if n < {self._at(part.size)}: _length(cls, n, ({self._at(part.size)},), False)"
                )
            self.lines += self._segment(index, part)
        self._offset += part.size

    def _segment(self, index: int, segment: Segment) -> list[str]:
        targets: list[str] = []
        direct: set[str] = set()
        mine = cells(segment, self.kinds)
        for cell in mine:
            field = cell.unit.whole
            if field is not None and self._identity(field, cell):
                targets.append(f"self.{field.name}")
                direct.add(field.name)
            else:
                targets += cell.names
        lines: list[str] = []
        if targets:
            left = ", ".join(targets) + ("," if len(targets) == 1 else "")
            where = self._at()
            lines.append(f"{left} = _unpack{index}(data{'' if where == '0' else ', ' + where})")
        by_unit = {cell.unit.name: cell for cell in mine}
        joined = (cell for cell in mine if not cell.raw and len(cell.sizes) != 1)
        lines += [f"{cell.unit.name} = {cell.number}" for cell in joined]
        for field in segment.fields:
            if field.name not in direct:
                lines += self._assign(field, self._raw(field, segment, by_unit), "True")
        return lines

    def _identity(self, field: Field, cell: Cell) -> bool:
        """Whether what ``struct`` unpacks is the value."""
        kind = self.kinds[field.name]
        if kind.read("x", "True") != "x":
            return False
        return cell.raw or (len(cell.sizes) == 1 and cell.signed == field.signed)

    def _raw(self, field: Field, segment: Segment, by_unit: Mapping[str, Cell]) -> str:
        """The expression for the field's raw number or bytes."""
        if self.kinds[field.name].wants_bytes():
            return next(unit.name for unit in segment.units if unit.whole is field)
        found = [(bits, unit) for unit in segment.units for bits in unit.bits if bits.field is field]
        found.sort(key=lambda pair: -pair[0].shift)
        parts: list[str] = []
        for bits, unit in found:
            text, width = unit.name, 8 * unit.size
            if field.type is bool:
                top = bits.low == width - 1
                return f"{text} > {(1 << bits.low) - 1}" if top else f"{text} & {1 << bits.low} != 0"
            if bits.low:
                text = f"{text} >> {bits.low}"
            if bits.low + bits.width < width:
                text = f"{text} & {(1 << bits.width) - 1}"
            if bits.shift:
                text = f"(({text}) << {bits.shift})"
            elif len(found) > 1:
                text = f"({text})"
            parts.append(text)
        joined = " + ".join(parts)
        if field.signed and not by_unit[found[0][1].name].signed:
            half = 1 << field.place.width - 1
            return f"(({joined}) ^ {half}) - {half}"
        return joined

    def _assign(self, field: Field, raw: str, exact: str) -> list[str]:
        kind = self.kinds[field.name]
        line = f"self.{field.name} = {kind.read(raw, exact)}"
        if not kind.guarded:
            return [line]
        return [
            "try:",
            f"    {line}",
            "except _Refusals as error:",
            f"    raise _unreadable(cls, {field.name!r}) from error",
        ]

    def _variable(self, part: Variable) -> None:
        field, start = part.field, self._at()
        if part.extent is Extent.ITSELF:
            self.lines.append(f"self.{field.name}, p = _r_{field.name}(data, {start})")
        elif part.extent is Extent.COUNT:
            self._counted(part, start)
        else:
            if len(self._sizes) > 1:
                sizes = ", ".join(map(self._from_origin, self._sizes))
                self.lines.append(f"if exact and n < {start}: _length(cls, n, ({sizes}))")
            self._tail(field, start)
        self._origin, self._offset, self._sizes = "p", 0, []

    def _counted(self, part: Variable, start: str) -> None:
        field, kind = part.field, self.kinds[part.field.name]
        count = f"self.{part.counter}" + (f" {part.surplus:+d}" if part.surplus else "")
        step = kind.step if isinstance(kind, Array) else 1
        if step is None:
            self.lines.append(f"q = {count}")
            self.lines.append(f"if q < 0: _short(cls, {field.name!r}, n, 0, q)")
            self.lines.append(f"self.{field.name}, p = _many(_r_{field.name}, data, {start}, q)")
            return
        self.lines.append(f"q = {start} + " + (f"({count}) * {step}" if step > 1 else count))
        self.lines.append(f"if not {start} <= q <= n: _short(cls, {field.name!r}, n, {start}, q)")
        self.lines += self._assign(field, f"bytes(data[{start}:q])", "True")
        self.lines.append("p = q")

    def _tail(self, field: Field, start: str) -> None:
        kind = self.kinds[field.name]
        if isinstance(kind, Array) and kind.step is None:
            self.lines.append(f"self.{field.name}, p = _many(_r_{field.name}, data, {start}, -1)")
            return
        lines = [f"raw = bytes(data[{start}:])"]
        if isinstance(kind, Array) and kind.step != 1:
            step = kind.step
            lines.append(
                f"if len(raw) % {step}: _short(cls, {field.name!r}, n, 0, n - len(raw) % {step} + {step})"
            )
        lines += self._assign(field, "raw", "exact")
        if field.optional:
            lines = [
                f"if n > {start}:",
                *(f"    {line}" for line in lines),
                f"else: self.{field.name} = None",
            ]
        self.lines += lines

    def _from_origin(self, offset: int) -> str:
        if not self._origin:
            return str(offset)
        return f"{self._origin} + {offset}" if offset else self._origin

    def _end(self) -> None:
        """Refuse surplus bytes, where they are to be refused."""
        last = self.plan.parts[-1]
        if isinstance(last, Variable) and last.extent is Extent.DATA:
            return
        sizes = ", ".join(map(self._from_origin, self._sizes or [self._offset]))
        self.lines.append(f"if exact and n not in ({sizes},): _length(cls, n, ({sizes},))")
