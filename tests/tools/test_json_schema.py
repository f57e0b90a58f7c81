"""The JSON Schema: as committed, and every verb's output against it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from baseboard.cli import program as face
from baseboard.cli import verbs
from baseboard.cli.results import shapes
from tests.cli.simulated import EVERYTHING, SHELF, Simulated, Told, running
from tests.cli.verbs.lines import LINES
from tools import json_schema

SCHEMA = json_schema.schema()
SHAPES = shapes()
# Verbs that find nothing here: no event comes, no IPv6 to save, no temperature of DCMI, no other chassis, no
# trap to acknowledge.
NOTHING = {"sel follow", "lan6 save", "dcmi get_temp_reading", "icmb discover", "pef pet ack"}

RECORD = bytes.fromhex("0000 51 c0 0a f21b00 01020304050607")


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
    "chassis bootmbox get": "", "hpm upgrade": "image.hpm force",
    "sdr type": "Temperature", "sdr entity": "7.1", "sdr get": "'Inlet Temp'",
    "sensor get": "'Inlet Temp'", "sensor reading": "'Inlet Temp'", "sensor plot": "'Inlet Temp' --count 1",
    "sensor watch": "'Inlet Temp' --count 1", "sel get": "0", "sel follow": "--timeout 0.2", "sel list": "",
    "fru print": "", "fru internaluse": "0 info", "user set name": "5 somebody",
    "user set password": "5 somebodys", "user enable": "5", "user disable": "5", "user priv": "5 2 1",
    "user test": "2 20 adminpw", "channel authcap": "1 4", "channel getaccess": "1 2",
    "channel setaccess": "1 5 privilege=2", "channel getciphers": "ipmi 1", "lan print": "1",
    "lan set": "1 arp interval 4", "lan alert print": "1", "lan alert set": "1 1 retry 1",
    "lan stats get": "1", "lan stats clear": "1", "lan6 print": "1", "lan6 save": "1", "sol info": "1",
    "sol set": "retry-count 3 1", "sol payload": "status 1 2", "session info": "all", "event": "1",
    "pef filter enable": "1", "pef filter disable": "1", "pef policy enable": "1", "pef policy disable": "1",
    "sensor thresh": "'CPU1 Temp' ucr 95", "sel delete": "0", "sel time set": "now",
    "firewall enable": "channel 1 lun 0 netfn 6 command 1", "firewall info": "channel 1 lun 0 netfn 0",
    "firewall disable": "channel 1 lun 0 netfn 6 command 1", "raw": "6 1", "dcmi thermalpolicy get": "7 1",
    "dmi show": "--from tables", "dmi find": "--from tables",
}  # fmt: skip
# Elsewhere a verb gets the words of tests/cli/verbs/lines.py.
Answers = Callable[[bytes], bytes]
EVENT = bytes.fromhex("0100 02 00000000 2000 04 01 30 01 575046")
# What only the host's software may ask, or what has no other side here, is answered by a script.
ANSWERED: dict[str, dict[tuple[int, int], bytes | Answers]] = {
    "chassis power cycle": {(0x00, 0x02): b"\0"}, "chassis power reset": {(0x00, 0x02): b"\0"},
    "chassis power diag": {(0x00, 0x02): b"\0"}, "power cycle": {(0x00, 0x02): b"\0"},
    "power reset": {(0x00, 0x02): b"\0"}, "power diag": {(0x00, 0x02): b"\0"},
    "chassis reset": {(0x00, 0x03): b"\0"}, "i2c": {(0x06, 0x52): bytes(5)},
    "user authcode": {(0x06, 0x3F): bytes(17)},
    "message flags": {(0x06, 0x31): b"\0\x0b"}, "message receive": {(0x06, 0x32): b"\0\x01\x01"},
    "message get": {(0x06, 0x33): bytes.fromhex("00 40 1c638a 0601 5f")},
    "message event": {(0x06, 0x35): b"\0" + EVENT},
    "icmb exchange": {(0x02, 0x0C): b"\0\0\x02\xc4Rack"}, "icmb request": {(0x02, 0x20): b"\0\0\x01"},
    "forward send": {(0x0C, 0x30): b"\0\0\x20"},
    "payload oem": {(0x06, 0x50): bytes.fromhex("00 20 f21b00 0000 10")},
    "payload suspend": {(0x06, 0x55): b"\0"}, "payload resume": {(0x06, 0x55): b"\0"},
    "payload new-iv": {(0x06, 0x55): b"\0"}, "payload activating": {(0x0C, 0x20): b"\0"},
    "sdr device": {
        (0x04, 0x20): b"\0\x01\x01",
        (0x04, 0x22): b"\0\x01\0",
        (0x04, 0x21): lambda request: b"\0\xff\xff" + RECORD[request[4] : request[4] + request[5]],
    },
    "hpm activate": {(0x2C, 0x35): bytes(2)},
    "hpm rollback": {(0x2C, 0x38): bytes(2), (0x2C, 0x37): b"\0\0\x01"},
    "hpm selftestresult": {(0x2C, 0x36): b"\0\0\x55\0"},
    "serial proxy": {
        (0x0C, 0x14): b"\0",
        (0x0C, 0x15): bytes(17),
        (0x0C, 0x16): b"\0",
        (0x0C, 0x17): lambda request: b"\0\x01\0" if request[1] & 0x7F == 0 else b"\0\x55",
    },
}  # fmt: skip
# What is to be there before.
IMAGE = "firmware build image.hpm 0=99.00"
TABLES = "dmi build --output tables"
BEFORE = {
    "forward info": "forward add 0x30 0x10", "hpm upgrade": IMAGE, "hpm compare": IMAGE,
    "dmi show": TABLES, "dmi find": TABLES,
    **dict.fromkeys(("sel list", "sel elist", "sel get", "sel delete"), "event 1"),
    "mc watchdog reset": "mc watchdog set timeout=10 use=sms",
}  # fmt: skip
# They open a console, read or write files, prompt, restart the controller, or take it away from the others;
# events come only to the controller's own host.
LEFT_OUT = {
    "sol activate", "sol looptest", "sol log", "sol watch", "sol deactivate", "exec", "shell", "mc reset",
    "sdr dump", "sdr fill", "sel save", "sel writeraw", "sel readraw", "sel interpret", "sel add", "fru read",
    "fru write", "fru edit", "fru upgEkey", "event listen",
}  # fmt: skip


@pytest.fixture(scope="module")
def bmc() -> Iterator[Simulated]:
    with running(**EVERYTHING) as simulated:
        yield simulated


@pytest.fixture(scope="module")
def shelf() -> Iterator[Simulated]:
    with running(**SHELF) as simulated:
        yield simulated


@pytest.mark.parametrize(
    "words",
    [verb.words for verb in (*verbs.VERBS, verbs.Verb("doctor", "", "")) if verb.words not in LEFT_OUT],
)
def test_what_a_verb_prints_follows_the_schema(
    words: str,
    bmc: Simulated,
    shelf: Simulated,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Any,
) -> None:
    for name in ("XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("IPMITOOL_PASSWORD", bmc.password)
    monkeypatch.chdir(tmp_path)
    lines = (ARGUMENTS[words],) if words in ARGUMENTS else LINES.get(words, ("",))
    there = shelf if words.split()[0] in SHELF else bmc
    if words in BEFORE:
        assert face.main([*there.login, *BEFORE[words].split()]) == 0
    capsys.readouterr()
    told: list[Told] = []
    with there.answers(ANSWERED.get(words, {})):
        for line in lines:
            code = face.main([*there.login, "--json", "--yes", *words.split(), *shlex.split(line)])
            told.append(Told(code, *capsys.readouterr()))
    for one in told:
        assert one.documents
        assert "Traceback" not in one.err
        for document in one.documents:
            assert list(mistakes(document, SCHEMA)) == []
            assert document["command"] == words
            assert words in SHAPES or not document["result"]
    if words in SHAPES and words not in NOTHING:
        assert any(document["result"] for one in told for document in one.documents), told


def test_a_dry_run_follows_the_schema(bmc: Simulated, capsys: pytest.CaptureFixture[str]) -> None:
    assert face.main([*bmc.login, "--json", "--dry-run", "chassis", "power", "off"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["result"]
    assert list(mistakes(document, SCHEMA)) == []
