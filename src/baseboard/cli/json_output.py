"""``--json``: what a verb found, as one document a host and line; its schema is ``baseboard/1``.

A document says the same whatever was asked: ``schema host command ok exit_code result errors``. The result
is a list for verbs that list, an object for those that find one thing, and null where nothing was found.
"""

from __future__ import annotations

import dataclasses
import enum
import json
import math
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime, time, timedelta
from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING, Any, Final, cast
from uuid import UUID

if TYPE_CHECKING:
    from baseboard.cli.failures import Failure

SCHEMA: Final = "baseboard/1"
"""It grows by new fields and verbs only; what changes or takes one away gets another number."""


def value(found: object) -> Any:
    """A value as JSON has it: enum by name, bytes in hexadecimal, times as ISO 8601.

    Raises:
        TypeError: no rule says how it is written.
    """
    match found:
        case None | bool() | str():
            return found
        case enum.Flag():
            return [member.name for member in found]
        case enum.Enum():
            return found.name
        case int():
            return int(found)
        case float():
            return found if math.isfinite(found) else None
        case bytes() | bytearray():
            return found.hex()
        case datetime() | date() | time():
            return found.isoformat()
        case timedelta():
            return found.total_seconds()
        case IPv4Address() | IPv6Address() | UUID():
            return str(found)
        case _:
            return _collected(found)


def _collected(found: object) -> Any:
    """A value that holds others."""
    if isinstance(found, Mapping):
        pairs = cast("Mapping[object, object]", found)
        return {str(value(key)): value(one) for key, one in pairs.items()}
    if isinstance(found, Sequence | AbstractSet):
        return [value(one) for one in cast("Sequence[object]", found)]
    if dataclasses.is_dataclass(found) and not isinstance(found, type):
        return {field.name: value(getattr(found, field.name)) for field in dataclasses.fields(found)}
    raise TypeError(f"{type(found).__name__} has no form in JSON")


def document(
    host: str,
    command: str,
    exit_code: int,
    results: Sequence[object],
    errors: Sequence[Failure],
    *,
    many: bool,
) -> dict[str, Any]:
    """The document of one host.

    Args:
        command: ipmitool's words for the verb, aliases resolved.
        many: the verb lists; its result is a list even of one.
    """
    result: Any = [value(one) for one in results]
    if not many and len(results) <= 1:
        result = result[0] if result else None
    told = [
        {"class": one.kind, "cause": one.cause, "stage": one.stage or None, "hint": one.hint or None}
        for one in errors
    ]
    return {
        "schema": SCHEMA, "host": host, "command": command, "ok": exit_code == 0, "exit_code": exit_code,
        "result": result, "errors": told,
    }  # fmt: skip


def line(made: dict[str, Any]) -> str:
    """A document as a line of text; not ASCII stays as it is, control characters are escaped."""
    return json.dumps(made, ensure_ascii=False, separators=(",", ":")) + "\n"
