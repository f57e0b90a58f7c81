"""That every worked vector of records.json is tried by a test here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.records.vectors import DATA, GROUPS

HERE = Path(__file__).parent
ALL = {(group, one["id"]) for group, found in GROUPS.items() for one in found}

# What is nothing but a link's frames or an interface's numbers is tried where that link is.
LINKS = [HERE.parent / "links", HERE.parent / "transports"]


@cache
def tried() -> frozenset[tuple[str, str]]:
    """The vectors that the test modules name."""
    return frozenset(named())


def named() -> Iterator[tuple[str, str]]:
    """What stands in a call of ``vector``, ``vectors``, ``entry`` or ``entries``."""
    for path in (path for folder in (HERE, *LINKS) for path in folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            words = [
                arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
            ]
            if not words or words[0] not in GROUPS:
                continue
            group, names = words[0], tuple(words[1:])
            if node.func.id in {"vector", "entry"}:
                yield from ((group, name) for name in names)
            elif node.func.id in {"vectors", "entries"}:
                yield from ((group, one["id"]) for one in GROUPS[group] if one["id"].startswith(names or ""))


def test_the_file_is_whole() -> None:
    assert {group: len(found) for group, found in GROUPS.items()} == DATA["meta"]["groups"]
    assert len(ALL) == sum(DATA["meta"]["groups"].values())


def test_every_vector_is_tried() -> None:
    assert tried() == ALL


@pytest.mark.parametrize("group", sorted(GROUPS))
def test_every_group_is_tried(group: str) -> None:
    assert group in {name for name, _ in tried()}
