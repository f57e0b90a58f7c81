"""The rows of ``serial``."""

from __future__ import annotations

from baseboard.cli.serial import _VERBS
from baseboard.cli.verbs.serial import SERIAL
from baseboard.commands import commands


def test_every_verb_has_its_row_and_its_command() -> None:
    words = {verb.words.removeprefix("serial ") for verb in SERIAL}
    assert words == {*_VERBS, "acknowledge", "callback user"}
    assert all(verb.sends for verb in SERIAL)


def test_all_commands_of_serial_channels_are_sent() -> None:
    sent = {name for verb in SERIAL for name in verb.sends}
    assert sent == {one.request.__name__ for one in commands() if one.section.startswith("25.")}


def test_what_ends_a_session_says_so() -> None:
    assert [verb.words for verb in SERIAL if verb.loses] == ["serial callback"]
