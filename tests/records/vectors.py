"""The worked vectors of records: tests/vectors/records.json, read once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

DATA: dict[str, Any] = json.loads((Path(__file__).parent.parent / "vectors" / "records.json").read_text())
GROUPS: dict[str, list[dict[str, Any]]] = DATA["groups"]


def octets(text: str) -> bytes:
    """Bytes of hex digits; ``|`` and ``->`` only group them."""
    return bytes.fromhex(text.replace("|", "").replace("->", ""))


def entries(group: str, *prefixes: str) -> list[dict[str, Any]]:
    """The vectors of a group whose ids begin so; all without a prefix."""
    chosen = [one for one in GROUPS[group] if one["id"].startswith(prefixes or "")]
    assert chosen, (group, prefixes)
    return chosen


def entry(group: str, name: str) -> dict[str, Any]:
    """One vector, as the file has it."""
    (found,) = (one for one in GROUPS[group] if one["id"] == name)
    return found


def vector(group: str, name: str) -> tuple[bytes, dict[str, Any]]:
    """The bytes and the meaning of one vector."""
    found = entry(group, name)
    return octets(found["hex"]), found["decoded"]


def vectors(group: str, *prefixes: str) -> pytest.MarkDecorator:
    """Parametrize a test by ``raw`` and ``decoded`` of the vectors of a group whose ids begin so."""
    return pytest.mark.parametrize(
        ("raw", "decoded"),
        [pytest.param(octets(one["hex"]), one["decoded"], id=one["id"]) for one in entries(group, *prefixes)],
    )
