"""The manual pages: as committed, and readable by the programs that show them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from baseboard.cli import verbs
from tests import peers
from tools import man_pages

PAGES = man_pages.pages()


@pytest.mark.parametrize("name", PAGES)
def test_regeneration_equals_what_is_committed(name: str) -> None:
    assert (man_pages.TARGET / name).read_text(encoding="utf-8") == PAGES[name]


@pytest.mark.parametrize("name", PAGES)
def test_mandoc_finds_nothing_wrong(name: str, tmp_path: Path) -> None:
    mandoc = peers.require("mandoc")
    path = tmp_path / name
    path.write_text(PAGES[name], encoding="utf-8")
    done = subprocess.run(
        [mandoc, "-T", "lint", "-W", "warning", str(path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    # Pages that are made have no date of their own.
    wrong = [line for line in done.stdout.splitlines() if "missing date" not in line]
    assert wrong == []


def test_every_verb_is_shown() -> None:
    mandoc = peers.require("mandoc")
    command = [mandoc, "-T", "utf8", "-O", "width=200", str(man_pages.TARGET / "baseboard.1")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    shown = re.sub(".\b", "", done.stdout)
    for verb in (*verbs.OWN, *verbs.VERBS):
        if not verb.words.startswith("power"):
            assert f"{verb.words} {verb.arguments}".rstrip() in shown
    assert "Exit status" in shown or "EXIT STATUS" in shown


def test_signs_of_troff_in_a_text_are_printed() -> None:
    assert man_pages.escaped(".a\\b-c") == "\\&.a\\eb\\-c"
