"""What may stand where, and what stands there, in words."""

from __future__ import annotations

import tomllib
from datetime import datetime
from typing import Annotated, Literal

import pytest
from msgspec import Meta, Struct, inspect

from baseboard.bmc.configuration import allowed
from baseboard.bmc.configuration.layout import File
from baseboard.bmc.configuration.lines import Step

BMC: tuple[Step, ...] = ("bmc", 0)


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ('"text"', '"text"'),
        ('"é"', '"é"'),
        (f'"{"x" * 50}"', f'"{"x" * 39}... (50 characters)'),
        ("true", "true"),
        ("17", "17"),
        ("1.5", "1.5"),
        ("[1]", "a list"),
        ("{ a = 1 }", "a table"),
        ("2025-03-03T11:15:00", "a date and time"),
        ("2025-03-03", "a date"),
        ("11:15:00", "a time of day"),
    ],
)
def test_what_was_found(toml: str, words: str) -> None:
    assert allowed.found(tomllib.loads(f"x = {toml}")["x"], ("x",)) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [("hunter2", "a string of 7 characters"), (1234, "a whole number"), (["hunter2"], "a list")],
)
@pytest.mark.parametrize("key", ["password", "kg"])
def test_a_secret_is_not_shown(value: object, words: str, key: str) -> None:
    assert allowed.found(value, ("bmc", 0, key)) == words


def test_what_is_no_toml_is_something_else() -> None:
    assert allowed.found(None, ()) == "something else"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (("strict",), "true or false"),
        (("count",), "a whole number from 1 to 65536"),
        (("lan", "lockout_s"), "a whole number from 0 to 655350, a multiple of 10"),
        (("host", "boot_seconds"), "a number from 0.1 to 3600"),
        (("sensor", 0, "value"), "a number from -1e12 to 1e12"),
        (("makeup",), "one of blade, rack, veteran"),
        (("sol", "backing"), "one of host, process, pty, serial, tcp, unix"),
        (("name",), "a string of 1 to 32 characters without control characters"),
        (("lan", "address"), "a string"),
        (("lan", "kg_env"), "a string that names an environment variable"),
        (("lan", "suites", 2), "a whole number from 0 to 19 or a table with the keys suite, privilege"),
        (("lan", "suites", 2, "privilege"), "one of administrator, callback, oem, operator, user"),
        (("lan", "v15"), "a list, each one of md2, md5, none, password"),
        (("fru", 3, "board", "manufactured"), "a date and time"),
        (("sensor", 0, "type"), "a string or a whole number from 0 to 255"),
        (("sensor", 0, "curve", 0, 0), "a whole number from 0 to 255"),
        (("sensor", 0, "source", "words", "open", 0), "a whole number from 0 to 14"),
        (("nonsense",), "nothing of this kind"),
        (("name", "nonsense"), "nothing of this kind"),
    ],
)
def test_what_is_allowed(path: tuple[Step, ...], words: str) -> None:
    assert allowed.allowed(allowed.kind_at(File, (*BMC, *path))) == words


class Odd(Struct):
    """Types that our layout does without."""

    limited: Annotated[list[int], Meta(min_length=1, max_length=3)]
    pattern: Annotated[str, Meta(pattern="^x$")]
    filled: Annotated[str, Meta(min_length=1)]
    half: Annotated[int, Meta(ge=1)]
    titled: Annotated[Literal[1, 2], Meta(title="one or two")]
    raw: bytes
    when: datetime | None


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("limited", "a list of at least 1 of at most 3, each a whole number"),
        ("pattern", "a string that matches ^x$"),
        ("filled", "a string that is not empty"),
        ("half", "a whole number"),
        ("titled", "one of 1, 2"),
        ("raw", "something else"),
        ("when", "a date and time"),
    ],
)
def test_other_types_have_words_too(key: str, words: str) -> None:
    kind = allowed.kind_at(Odd, (key,))
    assert isinstance(kind, inspect.Type)
    assert allowed.allowed(kind) == words


def test_keys_of_a_table() -> None:
    assert allowed.keys(File, ()) == ["bmc", "store"]
    assert allowed.keys(File, ("bmc", 0, "lan", "suites", 0)) == ["suite", "privilege"]
    assert allowed.keys(File, ("store",)) == []


def test_an_unknown_key_has_a_neighbour() -> None:
    assert allowed.known_keys("prot", ["port", "kg"]) == (
        "unknown key (did you mean port?); known here: port, kg"
    )
    assert allowed.known_keys("zzz", ["port"]) == "unknown key; known here: port"


def patterns(kind: inspect.Type) -> set[str]:
    match kind:
        case inspect.StrType():
            return {kind.pattern} if kind.pattern else set()
        case inspect.Metadata():
            return patterns(kind.type)
        case inspect.UnionType():
            return set().union(*map(patterns, kind.types))
        case inspect.ListType():
            return patterns(kind.item_type)
        case inspect.StructType():
            return set().union(*(patterns(field.type) for field in kind.fields))
        case _:
            return set()


def test_every_pattern_of_the_layout_has_words() -> None:
    assert patterns(inspect.type_info(File)) == set(allowed.PATTERNS)
