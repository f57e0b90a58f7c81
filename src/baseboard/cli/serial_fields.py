"""Parameters of a serial channel in words: their names, and their fields as typed and as shown."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Sequence
from ipaddress import AddressValueError, IPv4Address
from typing import Any, Final

from baseboard.cli.long_options import UsageError
from baseboard.commands.parameters.serial import SerialParameter
from baseboard.errors import EncodeError
from baseboard.wire import Field, fields

SELECTORS: Final = frozenset({"set_selector", "destination", "block_selector"})
"""Fields that say which entry it is, and not what it holds."""

_YES: Final = {
    "yes": True,
    "on": True,
    "true": True,
    "1": True,
    "no": False,
    "off": False,
    "false": False,
    "0": False,
}


def name_of(kind: type[SerialParameter]) -> str:
    """``ConnectionMode`` is ``connection-mode``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", kind.__name__).lower()


def kind_of(word: str) -> type[SerialParameter]:
    """A parameter by its name or its number.

    Raises:
        UsageError: there is none.
    """
    for number, kind in SerialParameter.members().items():
        if word.lower() in (name_of(kind), str(number)):
            return kind
    names = ", ".join(name_of(kind) for _, kind in sorted(SerialParameter.members().items()))
    raise UsageError(f"{word}: there is no such parameter; there are {names}")


def shown(parameter: SerialParameter) -> dict[str, object]:
    """The fields of a parameter, as JSON has them: texts as text, flags as lists."""
    found: dict[str, object] = {}
    for field in fields(type(parameter)):
        found[field.name] = _shown(getattr(parameter, field.name))
    return found


def _shown(value: Any) -> object:
    match value:
        case bytes():
            text = value.rstrip(b"\0")
            return text.decode("ascii") if _is_text(text) else value.hex()
        case enum.Flag():
            return [str(flag.name).lower() for flag in value]
        case bool():
            return value
        case enum.Enum():
            return _word(value)
        case int():
            return int(value)
        case _:
            return str(value)


def _is_text(data: bytes) -> bool:
    return all(0x20 <= byte < 0x7F for byte in data)


def _word(code: enum.Enum) -> str:
    return code.name.lower().replace("_", "-") if code.name else str(code.value)


def words(parameter: SerialParameter) -> str:
    """The fields as `parsed` takes them, those that say which entry it is left out."""
    return " ".join(
        f"{name}={_typed(value)}" for name, value in shown(parameter).items() if name not in SELECTORS
    )


def _typed(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case list():
            return "+".join(map(str, value)) or "none"  # pyright: ignore[reportUnknownArgumentType]  # of texts
        case _:
            text = str(value)
            return f'"{text}"' if " " in text or not text else text


def parsed(kind: type[SerialParameter], typed: Sequence[str]) -> dict[str, object]:
    """Fields as they were typed: ``name=value``.

    Raises:
        UsageError: the parameter has no such field, or the value is none of its kind.
    """
    known = {field.name: field for field in fields(kind) if field.name not in SELECTORS}
    found: dict[str, object] = {}
    for word in typed:
        name, equals, text = word.partition("=")
        field = known.get(name.replace("-", "_"))
        if field is None or not equals:
            raise UsageError(f"{word}: {name_of(kind)} has {', '.join(f'{one}=' for one in known)}")
        found[field.name] = _value(field, text)
    return found


def _value(field: Field, text: str) -> object:
    kind = field.type
    try:
        if kind is bool:
            return _YES[text.lower()]
        if kind is bytes:
            return bytes.fromhex(text[2:]) if text.startswith("0x") else _padded(field, text.encode("ascii"))
        if kind is IPv4Address:
            return IPv4Address(text)
        if issubclass(kind, enum.Flag):
            return _flags(kind, text)
        if kind is not int and issubclass(kind, int):
            return _code(kind, text)
        return int(text, 0)
    except (KeyError, ValueError, AddressValueError):
        raise UsageError(f"{field.name}={text}: {', '.join(_allowed(kind))} is wanted") from None


def _padded(field: Field, text: bytes) -> bytes:
    """A text in a place of a fixed size is filled up."""
    place = field.place
    size = 0 if place.open_ended or place.last is None else place.last - place.first + 1
    return text.ljust(size, b"\0")


def _flags(kind: Any, text: str) -> object:
    found = kind(0)
    for word in text.lower().replace("-", "_").split("+"):
        if word not in ("none", ""):
            found |= kind[word.upper()]
    return found


def _code(kind: Any, text: str) -> object:
    word = text.upper().replace("-", "_")
    return kind[word] if word in kind.__members__ else kind(int(text, 0))


def _allowed(kind: Any) -> Iterator[str]:
    if kind is bool:
        yield from ("yes", "no")
    elif kind is IPv4Address:
        yield "an IPv4 address"
    elif kind is bytes:
        yield "a text, or 0x and hexadecimal digits"
    elif kind is int:
        yield "a number"
    else:
        yield from (str(name).lower().replace("_", "-") for name in kind.__members__)


def made(kind: type[SerialParameter], given: dict[str, object]) -> SerialParameter:
    """A parameter of all its fields.

    Raises:
        UsageError: one is missing, or out of range.
    """
    try:
        return kind(**given)
    except (TypeError, EncodeError) as error:
        raise UsageError(f"{name_of(kind)}: {error}") from None
