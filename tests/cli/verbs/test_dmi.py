"""The rows of ``dmi``."""

from __future__ import annotations

from baseboard.cli.console import OURS
from baseboard.cli.dmi import _VERBS
from baseboard.cli.verbs.dmi import DMI, PLACE


def test_every_verb_has_its_row() -> None:
    assert {verb.words.removeprefix("dmi ") for verb in DMI if verb.words.startswith("dmi ")} == set(_VERBS)
    assert [verb.words for verb in DMI if not verb.words.startswith("dmi ")] == ["event listen"]
    assert "event listen" in OURS


def test_only_what_asks_a_bmc_sends_commands() -> None:
    assert [verb.words for verb in DMI if verb.sends] == ["dmi build"]
    assert {option.name for option in PLACE} <= {option.name for verb in DMI for option in verb.options}
