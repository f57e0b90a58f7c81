"""Every declared message against bytes that somebody else wrote down.

``tests/vectors/commands/*.json`` are lists of ``{message, hex, values, provenance}``:

- ``message``: the class, ``GetDeviceIdResponse``; of a family's member both, ``LanParameter.VlanId``.
- ``hex``: its data bytes as the specification numbers them: a response without its completion code,
  a parameter without its selector. Blanks are for the reader.
- ``values``: every field. Numbers and codes are numbers, bytes are hex, addresses text, records are
  objects, members of a family objects with ``class``.
- ``provenance``: where the bytes are from.
- ``decode_only``: true for bytes that no encoder of ours makes (a device's reserved bits).
"""

from __future__ import annotations

import enum
import importlib
import json
import pkgutil
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import Any

import pytest

import baseboard.commands.parameters
from baseboard.commands import commands
from baseboard.wire import Family, Message

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "commands"


def families() -> list[type[Family]]:
    """Every family of parameters."""
    package = baseboard.commands.parameters
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)
    return [kind for kind in Family.__subclasses__() if kind.__module__.startswith("baseboard.commands")]


def messages() -> dict[str, type[Message]]:
    """Every message that needs a vector, by name."""
    named: dict[str, type[Message]] = {}
    for command in commands():
        for message in (command.request, command.response):
            assert named.setdefault(message.__name__, message) is message
    for family in families():
        for member in family.__subclasses__():
            named[f"{family.__name__}.{member.__name__}"] = member
    return named


MESSAGES = messages()


def entries() -> list[Any]:
    """The vectors, each named by its file and message."""
    return [
        pytest.param(entry, id=f"{path.stem}-{number}-{entry['message']}")
        for path in sorted(VECTORS.glob("*.json"))
        for number, entry in enumerate(json.loads(path.read_text(encoding="utf-8")))
    ]


def plain(value: Any) -> Any:
    """A value the way the files write it."""
    if isinstance(value, Message):
        inside = content(value)
        return {"class": type(value).__name__, **inside} if isinstance(value, Family) else inside
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, IPv4Address | IPv6Address):
        return str(value)
    if isinstance(value, enum.Enum) and isinstance(value, int):
        return int(value)
    return value


def content(value: Message) -> dict[str, Any]:
    """Its fields; the test knows its class."""
    names: Iterable[str] = value.__match_args__
    return {name: plain(getattr(value, name)) for name in names}


@pytest.mark.parametrize("entry", entries())
def test_vector(entry: dict[str, Any]) -> None:
    message = MESSAGES[entry["message"]]
    data = bytes.fromhex(entry["hex"])
    value = message.decode(data)
    assert content(value) == entry["values"]
    if not entry.get("decode_only"):
        assert value.encode() == data


def test_every_message_has_a_vector() -> None:
    written = {param.values[0]["message"] for param in entries()}
    assert not written - set(MESSAGES)
    assert not set(MESSAGES) - written


def test_every_vector_says_where_it_is_from() -> None:
    assert all(len(param.values[0]["provenance"]) > 5 for param in entries())


def test_a_vector_is_written_once() -> None:
    seen = [(param.values[0]["message"], bytes.fromhex(param.values[0]["hex"])) for param in entries()]
    assert len(seen) == len(set(seen))


def test_json_holds_no_field_that_is_not_tested() -> None:
    known = {"message", "hex", "values", "provenance", "decode_only"}
    assert all(set(param.values[0]) <= known for param in entries())
