"""Verbs of LAN channels that ipmitool has not: every command of the chapter has a verb."""

from __future__ import annotations

from baseboard.cli import verbs
from baseboard.cli.console import OURS
from baseboard.cli.verbs.lan import LAN
from baseboard.commands import commands


def test_every_verb_has_its_function() -> None:
    assert {verb.words for verb in LAN} <= OURS.keys()
    assert all(verbs.find(verb.words.split()) is verb for verb in LAN)


def test_every_command_of_the_chapter_is_sent_by_a_verb_of_the_nouns() -> None:
    sent = {name for noun in ("lan", "lan6") for verb in verbs.of(noun) for name in verb.sends}
    chapter = {one.request.__name__ for one in commands() if one.section.startswith("23.")}
    assert sent >= chapter
    assert len(chapter) == 4
