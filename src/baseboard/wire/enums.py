"""Code lists that devices exceed, and the fast way from number to enumerator."""

from __future__ import annotations

import enum
import functools
from typing import Any, Self

from baseboard.errors import DecodeError

# A peer that sends every 24-bit code there is may not fill memory: an enum remembers codes of a byte,
# a table so many enumerators; what goes beyond is made anew each time.
_KEPT = 0xFF
_ROOM = 1024


class OpenEnum(enum.IntEnum):
    """A list of codes that devices exceed: an unknown one is kept, and shown as ``C3h``."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, int) or value < 0:
            return None
        member = int.__new__(cls, value)
        member._name_, member._value_ = f"{value:02X}h", int(value)
        if value <= _KEPT:
            return cls._value2member_map_.setdefault(member._value_, member)  # type: ignore[return-value]  # a map of members of cls
        return member

    @property
    def known(self) -> bool:
        """Whether the list has this code."""
        return self._name_ in type(self).__members__

    def __str__(self) -> str:
        return self._name_

    def __format__(self, spec: str) -> str:
        return int.__format__(self, spec) if spec else self._name_


class Memo(dict[int, Any]):
    """Enumerators by number, made when first seen: a look-up is 20 times as fast as a call of the class."""

    def __init__(self, kind: type[enum.Enum]) -> None:
        super().__init__()
        self._kind = kind

    def __missing__(self, raw: int) -> Any:
        if raw > _KEPT and issubclass(self._kind, enum.Flag) and issubclass(self._kind, int):
            return self._keep(raw, wide_flag(self._kind, raw))
        try:
            value = self._kind(raw)
        except ValueError as error:
            raise DecodeError(f"{self._kind.__name__}: {raw:02X}h is none of its codes") from error
        return self._keep(raw, value)

    def _keep(self, raw: int, value: Any) -> Any:
        if len(self) < _ROOM:
            self[raw] = value
        return value


@functools.cache
def memo(kind: type[enum.Enum]) -> Memo:
    """The one table of enumerators of ``kind``."""
    return Memo(kind)


def wide_flag(kind: Any, raw: int) -> Any:
    """A combination of flags that the enum itself does not remember, for it would remember every one."""
    if (known := kind._value2member_map_.get(raw)) is not None:
        return known
    names = [flag.name for flag in kind if flag & raw]
    rest = raw & ~sum(flag.value for flag in kind)
    value = int.__new__(kind, raw)
    value._name_ = "|".join([*names, *([hex(rest)] if rest else [])])
    value._value_ = raw
    return value
