"""What the documentation shows: files that are right, commands that parse, and a map that is whole."""

from __future__ import annotations

import argparse
import re
import shlex
from pathlib import Path

import pytest

from baseboard.bmc.configuration import load
from baseboard.cli import bmc, lab

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])
BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
# A command of ours as it is typed; one with a form to fill in is no example.
COMMAND = re.compile(r"^(?:\$ )?(?:\./)?baseboard (lab|bmc)\b([^\[\]|]*?)(?:>.*)?$", re.MULTILINE)


def blocks(page: Path, language: str) -> list[str]:
    return [found[3] for found in BLOCK.finditer(page.read_text(encoding="utf-8")) if found[2] == language]


FILES = [
    pytest.param(text, id=f"{page.stem}-{number}")
    for page in PAGES
    for number, text in enumerate(blocks(page, "toml"))
]
COMMANDS = sorted(
    {
        (found[1], found[2].strip())
        for page in PAGES
        for text in [*blocks(page, ""), *blocks(page, "sh")]
        for found in COMMAND.finditer(text)
    }
)


def test_there_is_something_to_check() -> None:
    assert len(FILES) >= 4
    assert len(COMMANDS) >= 10


@pytest.mark.parametrize("text", FILES)
def test_every_file_shown_is_right(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in re.findall(r'^\w+_env = "(\w+)"', text, re.MULTILINE):
        monkeypatch.setenv(variable, "00112233")
    for file in re.findall(r'^password_file = "([^"]+)"', text, re.MULTILINE):
        (tmp_path / file).write_text("secret\n", encoding="utf-8")
    path = tmp_path / "shown.toml"
    path.write_text(text, encoding="utf-8")
    assert load([path]).bmcs


@pytest.mark.parametrize(("verb", "words"), COMMANDS)
def test_every_command_shown_parses(verb: str, words: str) -> None:
    parser = argparse.ArgumentParser(exit_on_error=False)
    {"lab": lab, "bmc": bmc}[verb].configure(parser)
    assert parser.parse_args(shlex.split(words.replace("&", ""), comments=True))


def test_the_map_leads_to_every_page() -> None:
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    pages = {str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md")} - {"index.md"}
    assert {page for page in pages if f"]({page})" not in index} == set()


def test_every_decision_has_its_number_its_parts_and_its_title_in_the_map() -> None:
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    decisions = sorted((DOCS / "decisions").glob("*.md"))
    assert [path.name[:4] for path in decisions] == [f"{n:04}" for n in range(1, len(decisions) + 1)]
    for path in decisions:
        text = path.read_text(encoding="utf-8")
        title = text.partition("\n")[0].removeprefix("# ")
        assert title.startswith(f"{path.name[:4]}: ")
        assert f"- [{title}](decisions/{path.name})" in index
        for part in ("**Context.**", "**Decision.**", "**Cost.**"):
            assert text.count(part) == 1, (path.name, part)


def test_every_picture_is_shown_somewhere() -> None:
    shown = {
        (page.parent / target).resolve()
        for page in PAGES
        for target in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", page.read_text(encoding="utf-8"))
    }
    assert shown == {path.resolve() for path in (DOCS / "pictures").iterdir()}
