"""The table of verbs."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from baseboard.cli import verbs
from baseboard.cli.console import OURS
from baseboard.cli.ipmitool.main import NOUNS
from baseboard.cli.long_options import OPTIONS


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


def test_a_line_may_begin_with_one_to_three_words_the_longest_first() -> None:
    assert verbs.names(["bmc", "acpi", "set", "s0"]) == ["mc acpi set", "mc acpi", "mc"]
    assert verbs.names([]) == []


def test_each_noun_has_its_rows_from_the_modules_that_have_them() -> None:
    for noun in verbs.NOUNS:
        assert verbs.of(noun) == [verb for verb in verbs.VERBS if verb.words.split()[0] == noun]


def test_no_verb_of_ipmitools_begins_with_one_of_ours() -> None:
    # So that whose verb a line has is known without the rows.
    theirs = [verb.words for verb in verbs.VERBS if verb.words not in OURS]
    assert not [words for words in theirs if not OURS.keys().isdisjoint(verbs.names(words.split()))]


def test_options_of_verbs_have_names_of_their_own() -> None:
    own = {option.name for verb in (*verbs.VERBS, *verbs.OWN) for option in verb.options}
    assert own.isdisjoint(option.name for option in OPTIONS)


def test_there_is_nothing_else_in_the_table() -> None:
    with pytest.raises(AttributeError, match="NONSENSE"):
        _ = verbs.NONSENSE  # type: ignore[attr-defined]  # asked for on purpose


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
