"""Verbs of the firewall that ipmitool has not: all ten commands have a verb."""

from __future__ import annotations

from baseboard.cli import verbs
from baseboard.cli.console import OURS
from baseboard.cli.verbs.firewall import FIREWALL
from baseboard.commands import commands


def test_every_verb_has_its_module() -> None:
    assert {verb.words for verb in FIREWALL} <= OURS.keys()
    assert all(verbs.find(verb.words.split()) is verb for verb in FIREWALL)


def test_every_command_of_the_chapter_is_sent_by_a_verb_of_the_noun() -> None:
    sent = {name for verb in verbs.of("firewall") for name in verb.sends}
    chapter = {one.request.__name__ for one in commands() if one.section.startswith("21.")}
    assert sent == chapter
    assert len(chapter) == 10
