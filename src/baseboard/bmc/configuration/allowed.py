"""What a key may hold, and what was found there instead, in words; made from the layout itself.

This module needs msgspec and is imported when a mistake is to be reported.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from msgspec import inspect

from baseboard.bmc.configuration.lines import Step

SECRET = {"password", "kg"}
"""Keys whose values no error shows."""

_LONGEST = 40
_KINDS: list[tuple[type, str]] = [
    (bool, "true or false"),
    (str, "a string"),
    (int, "a whole number"),
    (float, "a number"),
    (datetime, "a date and time"),
    (date, "a date"),
    (time, "a time of day"),
    (dict, "a table"),
    (list, "a list"),
]


def found(value: object, path: Sequence[Step]) -> str:
    """What stands at a key.

    Args:
        value: as TOML gave it.
        path: of the key; the value of a secret is not shown.
    """
    secret = any(step in SECRET for step in path)
    if isinstance(value, str) and not secret:
        shown = json.dumps(value, ensure_ascii=False)
        return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}... ({len(value)} characters)"
    if isinstance(value, str):
        return f"a string of {len(value)} characters"
    if isinstance(value, bool | int | float) and not secret:
        return json.dumps(value)
    return next((text for kind, text in _KINDS if isinstance(value, kind)), "something else")


def kind_at(layout: type, path: Sequence[Step]) -> inspect.Type | None:
    """The type that the layout has for a key; None where it has none."""
    kind: inspect.Type | None = inspect.type_info(layout)
    for step in path:
        kind = next((inner for inner in map(_inside(step), _choices(kind)) if inner is not None), None)
    return kind


def _choices(kind: inspect.Type | None) -> Iterable[inspect.Type]:
    if isinstance(kind, inspect.Metadata):
        kind = kind.type
    if isinstance(kind, inspect.UnionType):
        return kind.types
    return () if kind is None else (kind,)


def _inside(step: Step) -> Any:
    def inner(kind: inspect.Type) -> inspect.Type | None:
        if isinstance(step, int):
            if isinstance(kind, inspect.TupleType):
                return kind.item_types[step]
            return kind.item_type if isinstance(kind, inspect.ListType) else None
        if isinstance(kind, inspect.DictType):
            return kind.value_type
        if not isinstance(kind, inspect.StructType):
            return None
        return next((one.type for one in kind.fields if one.name == step), None)

    return inner


def keys(layout: type, path: Sequence[Step]) -> list[str]:
    """The keys that a table may have."""
    kinds = _choices(kind_at(layout, path))
    return [one.name for kind in kinds if isinstance(kind, inspect.StructType) for one in kind.fields]


def allowed(kind: inspect.Type | None) -> str:
    """What a key of that type may hold."""
    texts = [_text(one) for one in _choices(kind) if not isinstance(one, inspect.NoneType)]
    return " or ".join(dict.fromkeys(texts)) or "nothing of this kind"


def _text(kind: inspect.Type) -> str:
    match kind:
        case inspect.BoolType():
            return "true or false"
        case inspect.IntType():
            step = "" if kind.multiple_of is None else f", a multiple of {kind.multiple_of:g}"
            return f"a whole number{_range(kind.ge, kind.le)}{step}"
        case inspect.FloatType():
            return f"a number{_range(kind.ge, kind.le)}"
        case inspect.LiteralType(values=(only,)):
            return f"only {only}"
        case inspect.LiteralType():
            return f"one of {', '.join(map(str, kind.values))}"
        case inspect.StrType():
            return _string(kind)
        case inspect.DateTimeType():
            return "a date and time"
        case inspect.ListType():
            least = f" of at least {kind.min_length}" if kind.min_length else ""
            most = "" if kind.max_length is None else f" of at most {kind.max_length}"
            return f"a list{least}{most}, each {allowed(kind.item_type)}"
        case inspect.StructType():
            return f"a table with the keys {', '.join(one.name for one in kind.fields)}"
        case inspect.TupleType():
            return f"a list of {len(kind.item_types)}: {', '.join(map(allowed, kind.item_types))}"
        case inspect.DictType():
            return f"a table, each value {allowed(kind.value_type)}"
        case _:
            return "something else"


def _range(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f" from {_limit(low)} to {_limit(high)}"


def _limit(number: float) -> str:
    return str(number) if isinstance(number, int) else f"{number:g}".replace("e+", "e")


def _string(kind: inspect.StrType) -> str:
    text = "a string"
    if kind.min_length and kind.max_length is not None:
        text += f" of {kind.min_length} to {kind.max_length} characters"
    elif kind.min_length:
        text += " that is not empty"
    elif kind.max_length is not None:
        text += f" of at most {kind.max_length} characters"
    words = PATTERNS.get(kind.pattern or "", "" if kind.pattern is None else f"that matches {kind.pattern}")
    return f"{text} {words}".rstrip()


PATTERNS = {
    r"^[^\s/]{1,15}$": "that names a network interface: at most 15, no blank and no slash",
    r"^([0-9A-Fa-f]{2})*$": "of hexadecimal digits, two a byte",
    "^[0-9A-Fa-f]{8}$": "of eight hexadecimal digits",
    "^[1-9][0-9]?(s|min|h)$": 'such as "15s", "3min" or "1h"',
    r"^[^\x00-\x1f]*$": "without control characters",
    r"^[^\x00-\x1f]+$": "without control characters",
    r"^[^\x00]*$": "without NUL",
    r"^[^\x00]+$": "without NUL",
    r"^[^\x00\s]+$": "without blanks",
    r"^[^\x00/\s]+$": "without blanks and slashes",
    r"^[^\x00\n/]+$": "of one line and without slashes",
    r"^[A-Za-z0-9._+-]+$": "of letters, digits and . _ + -",
    "^pwmchip[0-9]{1,3}$": 'such as "pwmchip0"',
    "^pwm[0-9]{1,3}$": 'such as "pwm1"',
    r"^[\x20-\x7e]*$": "of printable ASCII",
    r"^[!-~]+$": "of printable ASCII without blanks",
    "^[A-Za-z_][A-Za-z0-9_]*$": "that names an environment variable",
    "^[0-9A-Fa-f]{8}(-?[0-9A-Fa-f]{4}){3}-?[0-9A-Fa-f]{12}$": (
        'such as "2f1e8c50-3a4b-4c5d-8e6f-001122334455"'
    ),
    r"^([0-9]|[1-9][0-9]|1[01][0-9]|12[0-7])\.[0-9]{2}$": 'such as "2.10": 0-127, a dot, two digits',
    r"^[0-9]\.[0-9]$": 'such as "2.3"',
    "^[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}$": 'such as "02:00:00:00:00:01"',
}
"""The regular expressions of the layout in words."""


def known_keys(name: str, names: list[str]) -> str:
    """What to say of a key that a table does not have."""
    near = difflib.get_close_matches(name, names, 1)
    hint = f" (did you mean {near[0]}?)" if near else ""
    return f"unknown key{hint}; known here: {', '.join(names)}"
