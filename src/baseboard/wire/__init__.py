"""Bytes and values: a message is declared once, as its table in the specification. Knows no IPMI."""

from __future__ import annotations

from .annotate import Line, ReservedBits, annotate, dump, reserved
from .codecs import BCD, BE, TEXT, Codec, Steps, Text
from .enums import OpenEnum
from .family import Family
from .message import DERIVED, MISSING, Buffer, Field, Message, Record, Unknown, UnknownRecord, at, fields

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
