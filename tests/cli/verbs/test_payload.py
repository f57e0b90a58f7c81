"""The rows of ``payload``."""

from __future__ import annotations

from baseboard.cli.payload import _VERBS
from baseboard.cli.verbs.payload import PAYLOAD


def test_every_verb_has_its_row_and_its_command() -> None:
    assert {verb.words.removeprefix("payload ") for verb in PAYLOAD} == set(_VERBS)
    assert all(verb.sends for verb in PAYLOAD)


def test_what_ends_somebodys_payload_says_so() -> None:
    assert [verb.words for verb in PAYLOAD if verb.loses] == ["payload deactivate"]
