"""The table of verbs."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from baseboard.cli import verbs
from baseboard.cli.ipmitool.main import NOUNS


def test_every_noun_of_the_table_is_done_by_a_module_and_every_module_is_in_the_table() -> None:
    done = {noun for noun, module in NOUNS.items() if module}
    assert done - {"echo"} == {*verbs.NOUNS, *verbs.ALIASES} - set(verbs.OWN_NOUNS)
    assert all(find_spec(module) for module in verbs.OWN_NOUNS.values())
    assert set(verbs.OWN_NOUNS) <= set(verbs.NOUNS)


def test_every_verb_stands_once_and_under_a_noun() -> None:
    words = [verb.words for verb in (*verbs.VERBS, *verbs.OWN)]
    assert len(words) == len(set(words))
    assert {verb.words.split()[0] for verb in verbs.VERBS} == set(verbs.NOUNS)
    assert all(verb.summary and not verb.summary.endswith(".") for verb in verbs.VERBS)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("chassis power on", "chassis power on"),
        ("chassis power on now", "chassis power on"),
        ("bmc info", "mc info"),
        ("raw 6 1", "raw"),
        ("lan alert print 1", "lan alert print"),
        ("sel", "sel"),
        ("chassis nonsense", "chassis nonsense"),
    ],
)
def test_a_line_has_the_name_of_its_verb(line: str, name: str) -> None:
    assert verbs.name_of(line.split()) == name


def test_what_is_no_verb_is_not_found() -> None:
    assert verbs.find([]) is None
    assert verbs.find(["chassis", "nonsense"]) is None
    assert verbs.find(["nonsense"]) is None


def test_a_noun_has_its_verbs_by_its_alias_too() -> None:
    assert [verb.words for verb in verbs.of("bmc")] == [verb.words for verb in verbs.of("mc")]
    assert "mc info" in [verb.words for verb in verbs.of("mc")]


def test_a_verb_that_stops_the_host_says_what_is_lost() -> None:
    for line in ("chassis power off", "power cycle", "sel clear", "chassis power soft"):
        verb = verbs.find(line.split())
        assert verb is not None
        assert verb.loses
    harmless = verbs.find(["chassis", "power", "status"])
    assert harmless is not None
    assert not harmless.loses
