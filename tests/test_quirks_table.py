"""The page of departures: every id, of the kind that the library says, and tests for all that is built."""

from __future__ import annotations

import re
from pathlib import Path

from baseboard.client.quirks import AFTER_LOGIN, BORNE, EVERY, NEED_CONSENT, NOT_BUILT, OWN_OPTION

TESTS = Path(__file__).parent
PAGE = (TESTS.parent / "docs" / "reference" / "quirks.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(Q-[\w-]+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
ROWS = {found[1]: found for found in ROW.finditer(PAGE)}
ID = re.compile(r"Q-[A-Z0-9]+(?:-[A-Z0-9]+)*")
LISTS = {"test_quirks.py", "test_quirks_table.py", "test_options.py", "test_arguments.py"}
"""Tests that list ids and show nothing about them."""


def test_every_id_is_on_the_page_once() -> None:
    assert ROWS.keys() == EVERY
    assert len(ROW.findall(PAGE)) == len(ROWS)


def test_the_page_says_of_each_what_the_library_does() -> None:
    for quirk, row in ROWS.items():
        kinds = {
            "borne": quirk in BORNE or quirk in {"Q-FORCEPERMSG", "Q-SETINPROGRESS", "Q-CHKSUM"},
            "consent": quirk in NEED_CONSENT or quirk in AFTER_LOGIN,
            "asked for": quirk in OWN_OPTION,
            "not built": quirk in NOT_BUILT,
        }
        assert {kind for kind, so in kinds.items() if so} == {kind for kind in kinds if kind in row[3]}, quirk


def test_all_that_is_built_occurs_in_a_test() -> None:
    found: set[str] = set()
    for path in TESTS.rglob("*.py"):
        if path.name not in LISTS:
            found.update(ID.findall(path.read_text(encoding="utf-8")))
    assert not EVERY - NOT_BUILT.keys() - found


def test_what_is_named_by_its_module_is_there() -> None:
    source = TESTS.parent / "src" / "baseboard"
    for row in ROWS.values():
        for name in re.findall(
            r"`((?:client|rmcp|records|commands|crypto|codes|errors)(?:\.[a-z_0-9]+)*)`", row[4]
        ):
            place = source / name.replace(".", "/")
            assert place.is_dir() or place.with_suffix(".py").is_file(), (row[1], name)
