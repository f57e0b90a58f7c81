"""What a verb says that it sends."""

from __future__ import annotations

from baseboard.cli import verbs
from baseboard.cli.verbs.verb import Verb
from baseboard.commands import commands


def test_what_a_verb_sends_is_a_command_by_its_name() -> None:
    # The broadcast shares its number with Get Device ID, and goes by the name of its row.
    known = {command.request.__name__ for command in commands()} | {"Broadcast Get Device ID"}
    assert not [(verb.words, name) for verb in verbs.VERBS for name in verb.sends if name not in known]


def test_a_verb_loses_nothing_and_has_no_options_unless_it_says_so() -> None:
    verb = Verb("mc info", "", "device ID")
    assert not verb.loses
    assert verb.options == verb.sends == ()
