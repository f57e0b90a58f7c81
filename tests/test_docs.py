"""What the documentation shows: files that are right, commands that parse, and a map that is whole."""

from __future__ import annotations

import argparse
import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from baseboard import errors
from baseboard.bmc.configuration import load
from baseboard.cli import bmc, failures, lab, verbs
from baseboard.cli.ipmitool.main import NOUNS
from baseboard.cli.long_options import OPTIONS, SHORT
from baseboard.client import quirks
from tests import console_pages, peers
from tests.interop.lab import lab as running_lab

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
TYPED = [
    pytest.param(page, id=page.stem) for page in PAGES if "```console\n" in page.read_text(encoding="utf-8")
]


def test_there_is_something_to_check() -> None:
    assert len(FILES) >= 4
    assert len(COMMANDS) >= 10
    assert sum(len(console_pages.lines(page)) for page in PAGES) >= 80


@pytest.mark.parametrize("page", TYPED)
def test_every_line_at_a_prompt_prints_what_is_shown(page: Path, tmp_path: Path) -> None:
    typed = console_pages.lines(page)
    if any("jq " in line.command for line in typed):
        peers.require("jq")
    commands, example = [line.command for line in typed], console_pages.example(page)
    if example is None:
        with running_lab("--password", console_pages.PASSWORD) as servers:
            printed = console_pages.followed(commands, servers, tmp_path)
    else:
        with console_pages.run_example(example, tmp_path) as (servers, ports):
            printed = console_pages.followed(commands, servers, tmp_path, ports)
    assert len(printed) == len(typed)
    for line, text in zip(typed, printed, strict=True):
        assert console_pages.agree(line.shown, text), f"$ {line.command}\n{text}"


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


def anchors(path: Path) -> set[str]:
    """The headings of a page, as links name them."""
    heads = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


def test_every_link_leads_somewhere() -> None:
    for path in PAGES:
        text = BLOCK.sub("", path.read_text(encoding="utf-8"))
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            name, _, anchor = target.partition("#")
            if "://" in name:
                continue
            there = (path.parent / name).resolve() if name else path
            assert there.exists(), (path.name, target)
            assert not anchor or anchor in anchors(there), (path.name, target)


def test_every_picture_is_shown_somewhere() -> None:
    shown = {
        (page.parent / target).resolve()
        for page in PAGES
        for target in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", page.read_text(encoding="utf-8"))
    }
    assert shown == {path.resolve() for path in (DOCS / "pictures").iterdir()}


def text_of(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def test_the_command_line_page_has_every_noun_verb_and_option() -> None:
    text = text_of("reference/command-line.md")
    nouns = [*verbs.NOUNS, *(verb.words.split()[0] for verb in verbs.OWN)]
    assert {noun for noun in nouns if f"`{noun}" not in text} == set()
    options = {f"`--{option.name}" for option in OPTIONS}
    options |= {f"`--{option.name}" for verb in (*verbs.VERBS, *verbs.OWN) for option in verb.options}
    assert {option for option in options if option not in text} == set()
    assert {letter for letter, _, _ in SHORT if f"`-{letter}" not in text} == set()


def test_the_exit_codes_page_has_every_code_and_every_error() -> None:
    text = text_of("reference/exit-codes-and-errors.md")
    codes = re.findall(r"^(\d+)  ", str(failures.__doc__), re.MULTILINE)
    assert len(codes) == 13
    assert re.findall(r"^\| (\d+) \|", text, re.MULTILINE) == codes
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    assert {kind.__name__ for kind in kinds if f"`{kind.__name__}`" not in text} == set()


def test_the_personality_page_has_every_noun_that_is_not_there() -> None:
    text = text_of("reference/ipmitool-personality.md")
    assert {noun for noun, module in NOUNS.items() if not module and f"`{noun}`" not in text} == set()


def test_the_quirks_page_has_every_departure_that_needs_consent() -> None:
    text = text_of("topics/quirks-and-profiles.md")
    assert {name for name in (*quirks.NEED_CONSENT, *quirks.AFTER_LOGIN) if f"`{name}`" not in text} == set()


def test_the_json_page_shows_the_fields_that_documents_have() -> None:
    schema: dict[str, Any] = json.loads(text_of("reference/json-schema.json"))
    shown = re.findall(r"^\{.*\}$", text_of("how-to/scripts-with-json.md"), re.MULTILINE)
    assert shown
    for text in shown:
        assert set(schema["required"]) == set(json.loads(text))
