"""Bytes and values: a message is declared once, as its table in the specification. Knows no IPMI."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .codecs import BCD, BE, TEXT, Codec, Steps, Text
from .enums import OpenEnum
from .family import Family
from .message import DERIVED, MISSING, Buffer, Field, Message, Record, Unknown, UnknownRecord, at, fields

if TYPE_CHECKING:
    from .annotation import Line, ReservedBits, annotate, dump, reserved
else:

    def __getattr__(name: str) -> object:
        # Who explains no bytes does not pay for the explaining.
        if name not in {"Line", "ReservedBits", "annotate", "dump", "reserved"}:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from . import annotation

        value = globals()[name] = getattr(annotation, name)
        return value


__all__ = [
    "BCD",
    "BE",
    "DERIVED",
    "MISSING",
    "TEXT",
    "Buffer",
    "Codec",
    "Family",
    "Field",
    "Line",
    "Message",
    "OpenEnum",
    "Record",
    "ReservedBits",
    "Steps",
    "Text",
    "Unknown",
    "UnknownRecord",
    "annotate",
    "at",
    "dump",
    "fields",
    "reserved",
]
