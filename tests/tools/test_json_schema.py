"""The JSON Schema: as committed, and every verb's output against it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from baseboard.cli import program as face
from baseboard.cli import verbs
from baseboard.cli.results import shapes
from tests.cli.simulated import Simulated, Told, running
from tools import json_schema

SCHEMA = json_schema.schema()
SHAPES = shapes()
# Verbs that may find nothing: no event comes, no IPv6 to save, nothing of the firewall or of DCMI.
NOTHING = {"sel follow", "lan6 save", "firewall info", "dcmi get_temp_reading"}


def test_regeneration_equals_what_is_committed() -> None:
    assert json_schema.TARGET.read_text(encoding="utf-8") == json_schema.text()


# ---- a validator for what the schema uses, and nothing else

KINDS: dict[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
}
KNOWN = {
    "$comment", "$defs", "$ref", "additionalProperties", "allOf", "anyOf", "const", "description", "enum",
    "if", "items", "maximum", "minimum", "properties", "required", "then", "title", "type",
}  # fmt: skip


def mistakes(value: Any, schema: dict[str, Any], place: str = "$") -> Iterator[str]:
    """Where a value does not follow a schema."""
    assert schema.keys() <= KNOWN
    if "$ref" in schema:
        yield from mistakes(value, SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]], place)
    kinds = schema.get("type", [])
    if kinds and not any(KINDS[kind](value) for kind in ([kinds] if isinstance(kinds, str) else kinds)):
        yield f"{place}: {value!r} is no {kinds}"
    if ("const" in schema and value != schema["const"]) or ("enum" in schema and value not in schema["enum"]):
        yield f"{place}: {value!r} is not allowed"
    if "anyOf" in schema:
        tries = [list(mistakes(value, one, place)) for one in schema["anyOf"]]
        if all(tries):
            yield from min(tries, key=len)
    for one in schema.get("allOf", []):
        yield from mistakes(value, one, place)
    if "if" in schema and not list(mistakes(value, schema["if"], place)):
        yield from mistakes(value, schema["then"], place)
    if isinstance(value, dict):
        yield from _object(value, schema, place)
    if isinstance(value, list) and "items" in schema:
        for number, element in enumerate(value):
            yield from mistakes(element, schema["items"], f"{place}[{number}]")


def _object(value: dict[str, Any], schema: dict[str, Any], place: str) -> Iterator[str]:
    known = schema.get("properties", {})
    yield from (f"{place}: {name} is missing" for name in schema.get("required", []) if name not in value)
    for name, one in value.items():
        more = schema.get("additionalProperties", {})
        if name not in known and more is False:
            yield f"{place}: {name} is too much"
        yield from mistakes(one, known.get(name, more or {}), f"{place}.{name}")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"ok": 1}, "is no boolean"),
        ({"schema": "baseboard/2"}, "not allowed"),
        ({"more": 1}, "too much"),
        ({"result": {"power_on": "yes"}}, "power_on"),
        ({"result": {}}, "missing"),
        ({"errors": [{}]}, "class is missing"),
    ],
)
def test_the_validator_finds_mistakes(change: dict[str, Any], complaint: str) -> None:
    good = {
        "schema": "baseboard/1", "host": "h", "command": "chassis power status", "ok": True, "exit_code": 0,
        "result": {"power_on": True}, "errors": [],
    }  # fmt: skip
    assert not list(mistakes(good, SCHEMA))
    assert any(complaint in mistake for mistake in mistakes({**good, **change}, SCHEMA))


# ---- every verb

# What a verb needs to find something, or at least to be carried out.
ARGUMENTS = {
    "mc getsysinfo": "system_name", "mc watchdog set": "timeout=10 use=sms", "mc setenables": "oem0=off",
    "mc setsysinfo": "system_name here", "chassis identify": "1", "chassis policy": "list",
    "chassis bootdev": "pxe", "chassis bootparam get": "5", "chassis bootparam set": "bootflag none",
    "chassis bootmbox get": "", "sdr type": "Temperature", "sdr entity": "7.1", "sdr get": "'Inlet Temp'",
    "sensor get": "'Inlet Temp'", "sensor reading": "'Inlet Temp'", "sensor plot": "'Inlet Temp' --count 1",
    "sensor watch": "'Inlet Temp' --count 1", "sel get": "1", "sel follow": "--timeout 0.2", "sel list": "",
    "fru print": "", "fru internaluse": "0 info", "user set name": "5 somebody",
    "user set password": "5 somebodys", "user enable": "5", "user disable": "5", "user priv": "5 2 1",
    "user test": "2 20 adminpw", "channel authcap": "1 4", "channel getaccess": "1 2",
    "channel setaccess": "1 5 privilege=2", "channel getciphers": "ipmi 1", "lan print": "1",
    "lan set": "1 arp interval 4", "lan alert print": "1", "lan alert set": "1 1 retry 1",
    "lan stats get": "1", "lan stats clear": "1", "lan6 print": "1", "lan6 save": "1", "sol info": "1",
    "sol set": "retry-count 3 1", "sol payload": "status 1 2", "session info": "all", "event": "1",
    "pef filter enable": "1", "pef filter disable": "1", "pef policy enable": "1", "pef policy disable": "1",
    "sensor thresh": "'CPU1 Temp' ucr 95", "sel delete": "1", "sel time set": "now", "i2c": "0x20 1 1",
    "firewall enable": "channel 1 lun 0 netfn 6 command 1", "firewall info": "channel 1",
    "firewall disable": "channel 1 lun 0 netfn 6 command 1", "raw": "6 1", "dcmi thermalpolicy get": "7 1",
}  # fmt: skip
# They open a console, read or write files, prompt, restart the controller, or take it away from the others.
LEFT_OUT = {
    "sol activate", "sol looptest", "sol log", "sol watch", "sol deactivate", "exec", "shell", "mc reset",
    "sdr dump", "sdr fill", "sel save", "sel writeraw", "sel readraw", "sel interpret", "sel add", "fru read",
    "fru write", "fru edit", "fru upgEkey",
}  # fmt: skip


@pytest.fixture(scope="module")
def bmc() -> Iterator[Simulated]:
    with running() as simulated:
        yield simulated


@pytest.mark.parametrize(
    "words",
    [verb.words for verb in (*verbs.VERBS, verbs.Verb("doctor", "", "")) if verb.words not in LEFT_OUT],
)
def test_what_a_verb_prints_follows_the_schema(
    words: str,
    bmc: Simulated,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Any,
) -> None:
    for name in ("XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("IPMITOOL_PASSWORD", bmc.password)
    arguments = [one.strip("'") for one in re.findall(r"'[^']*'|\S+", ARGUMENTS.get(words, ""))]
    code = face.main([*bmc.login, "--json", *words.split(), *arguments])
    told = Told(code, *capsys.readouterr())
    assert told.documents
    for document in told.documents:
        assert list(mistakes(document, SCHEMA)) == []
        assert document["command"] == words
        if code == 0 and words in SHAPES and words not in NOTHING:
            assert document["result"]
    assert "Traceback" not in told.err


def test_a_dry_run_follows_the_schema(bmc: Simulated, capsys: pytest.CaptureFixture[str]) -> None:
    assert face.main([*bmc.login, "--json", "--dry-run", "chassis", "power", "off"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["result"]
    assert list(mistakes(document, SCHEMA)) == []
