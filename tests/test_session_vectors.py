"""Every vector of tests/vectors/session.json is somebody's test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.session_vectors import DATA, vectors

TESTS = Path(__file__).parent
KINDS = sorted({vector["kind"] for vector in DATA["vectors"]})


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_used(kind: str) -> None:
    used = [path for path in TESTS.rglob("test_*.py") if f'"{kind}"' in path.read_text()]
    assert used


def test_vectors_have_names_of_their_own() -> None:
    assert len({vector["id"] for vector in DATA["vectors"]}) == len(DATA["vectors"])


def test_a_kind_that_is_not_there() -> None:
    with pytest.raises(AssertionError, match="nonsense"):
        vectors("nonsense")
