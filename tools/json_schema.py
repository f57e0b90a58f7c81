#!/usr/bin/env python3
"""Write docs/reference/json-schema.json: what `--json` prints, as JSON Schema (draft 2020-12).

It is made of the dataclasses in baseboard.cli.results and of the table of verbs. Run it after a change of
either; a test compares what it would write with what is committed, and holds real output against it.
"""

from __future__ import annotations

import dataclasses
import enum
import json
import sys
import types
import typing
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import Any
from uuid import UUID

from baseboard.cli import verbs
from baseboard.cli.dry_run import DryRequest
from baseboard.cli.json_output import SCHEMA
from baseboard.cli.results import shapes
from baseboard.cli.results.native import SpecifiedCommand

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "reference" / "json-schema.json"

Schema = dict[str, Any]

# `sel get` shows the sensor of each event behind it,
# and `dcmi sensors` each sensor of a place.
BESIDE = {"sel get": ("sensor get", "sdr get"), "dcmi sensors": ("sensor get", "sdr get")}
# Verbs that go on print a document for each thing that they find.
GOING_ON = ("sel follow", "sensor watch", "sensor plot", "discover", "pet listen")

TEXTS = (str, bytes, datetime, date, time, IPv4Address, IPv6Address, UUID)


class Definitions:
    """The shapes met so far, by name."""

    def __init__(self) -> None:
        self.made: dict[str, Schema] = {}
        self._classes: dict[str, type] = {}

    def of(self, hint: Any) -> Schema:
        """The schema of a type."""
        origin, arguments = typing.get_origin(hint), typing.get_args(hint)
        if origin in (typing.Union, types.UnionType):
            return {"anyOf": [self.of(one) for one in arguments]}
        if origin is typing.Literal:
            return {"enum": list(arguments)}
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return {"type": "object", "additionalProperties": self.of(arguments[1])}
        if isinstance(origin, type) and issubclass(origin, Sequence | set | frozenset):
            return {"type": "array", "items": self.of(arguments[0])}
        return self._plain(hint)

    def _plain(self, hint: Any) -> Schema:
        if hint in (None, type(None)):
            return {"type": "null"}
        if hint in (Any, object):
            return {}
        if not isinstance(hint, type):
            raise TypeError(f"{hint} has no schema")
        if dataclasses.is_dataclass(hint):
            return self.reference(hint)
        if issubclass(hint, enum.Flag):
            return {"type": "array", "items": {"type": "string"}}
        # A name; codes that no table knows are named by their number.
        if issubclass(hint, enum.Enum):
            return {"type": "string"}
        for kinds, name in (
            (bool, "boolean"),
            (int, "integer"),
            ((float, timedelta), "number"),
            (TEXTS, "string"),
        ):
            if issubclass(hint, kinds):
                return {"type": ["number", "null"]} if name == "number" else {"type": name}
        raise TypeError(f"{hint} has no schema")

    def reference(self, cls: type) -> Schema:
        """A reference to a dataclass's own schema."""
        name = cls.__name__
        if self._classes.setdefault(name, cls) is not cls:
            raise TypeError(f"two shapes are called {name}")
        if name not in self.made:
            self.made[name] = {}
            hints = typing.get_type_hints(cls)
            fields = [field.name for field in dataclasses.fields(cls)]
            self.made[name] = {
                "description": str(cls.__doc__).split("\n", 1)[0],
                "type": "object",
                "properties": {field: self.of(hints[field]) for field in fields},
                "required": fields,
                "additionalProperties": False,
            }
        return {"$ref": f"#/$defs/{name}"}


def results(definitions: Definitions) -> list[Schema]:
    """What the result of each verb is like."""
    dry: Schema = {"type": "array", "items": definitions.reference(DryRequest)}
    table = {verb.words: verb for verb in (*verbs.VERBS, *verbs.OWN)}
    cases: list[Schema] = []
    found = shapes()
    for words, cls in found.items():
        one = definitions.reference(cls)
        beside = [definitions.reference(found[verb]) for verb in BESIDE.get(words, ()) if verb in found]
        items: Schema = {"anyOf": [one, *beside]} if beside else one
        many = words in table and table[words].many
        forms: list[Schema] = [{"type": "array", "items": items}] if many else []
        forms += [one] if not many or words in GOING_ON else []
        result: Schema = {"anyOf": [*forms, dry, {"type": "null"}]}
        cases.append(
            {
                "if": {"properties": {"command": {"const": words}}},
                "then": {"properties": {"result": result}},
            }
        )
    return cases


def schema() -> Schema:
    """The schema of a document."""
    definitions = Definitions()
    cases = results(definitions)
    # `commands` asks no BMC: it prints the table itself, a list of these.
    definitions.reference(SpecifiedCommand)
    text: Schema = {"type": "string"}
    error: Schema = {
        "type": "object",
        "properties": {"class": text, "cause": text, "stage": {"type": ["string", "null"]},
                       "hint": {"type": ["string", "null"]}},
        "required": ["class", "cause", "stage", "hint"],
        "additionalProperties": False,
    }  # fmt: skip
    properties: Schema = {
        "schema": {"const": SCHEMA},
        "host": text,
        "command": text,
        "ok": {"type": "boolean"},
        "exit_code": {"type": "integer", "minimum": 0, "maximum": 255},
        "result": {"type": ["object", "array", "null"]},
        "errors": {"type": "array", "items": error},
    }
    return {
        "$comment": "JSON Schema, draft 2020-12; made by tools/json_schema.py",
        "title": SCHEMA,
        "description": "A line of `baseboard --json`: one BMC, or one thing that a verb which goes on found.",
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
        "allOf": cases,
        "$defs": dict(sorted(definitions.made.items())),
    }


def text() -> str:
    """The file."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    """Write the file if it differs."""
    if not TARGET.exists() or TARGET.read_text(encoding="utf-8") != text():
        TARGET.parent.mkdir(parents=True, exist_ok=True)
        TARGET.write_text(text(), encoding="utf-8")
        print(f"wrote {TARGET.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
