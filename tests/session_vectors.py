"""The vectors of sessions: tests/vectors/session.json, read once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

DATA: dict[str, Any] = json.loads((Path(__file__).parent / "vectors" / "session.json").read_text())
ALGORITHMS = {"none": 0, "sha1": 1, "md5": 2, "sha256": 3}
AUTH_TYPES = {"none": 0, "md2": 1, "md5": 2, "straight": 4}
INTEGRITY = {"hmac-sha1-96": 1, "hmac-md5-128": 2, "md5-128": 3, "hmac-sha256-128": 4, "sha1-96": 1}


def vectors(*kinds: str) -> pytest.MarkDecorator:
    """Parametrize a test by ``given`` and ``expected`` of every vector of these kinds."""
    chosen = [vector for vector in DATA["vectors"] if vector["kind"] in kinds]
    assert chosen, kinds
    return pytest.mark.parametrize(
        ("given", "expected"),
        [pytest.param(vector["inputs"], vector["expected"], id=vector["id"]) for vector in chosen],
    )


def octets(text: str) -> bytes:
    return bytes.fromhex(text)


def number(wire: str) -> int:
    """A session ID that the vectors give as its bytes on the wire."""
    return int.from_bytes(bytes.fromhex(wire), "little")
