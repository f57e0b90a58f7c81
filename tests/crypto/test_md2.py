"""MD2 against the check values of RFC 1319."""

from __future__ import annotations

from typing import Any

from baseboard.crypto.md2 import S, md2
from tests.session_vectors import DATA, octets, vectors


@vectors("md2")
def test_md2(given: dict[str, Any], expected: dict[str, Any]) -> None:
    assert md2(octets(given["message"])).hex() == expected["digest"]


def test_table_is_a_permutation() -> None:
    assert S.hex() == DATA["md2_s_table"]
    assert sorted(S) == list(range(256))
