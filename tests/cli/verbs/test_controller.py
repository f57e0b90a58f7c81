"""The rows of controller, chassis, channel and DCMI that ipmitool has not."""

from __future__ import annotations

from baseboard.cli import verbs
from baseboard.cli.console import OURS
from baseboard.cli.verbs.controller import CONTROLLER
from baseboard.commands import commands


def test_every_verb_has_its_module_and_its_commands() -> None:
    assert {verb.words for verb in CONTROLLER} <= OURS.keys()
    assert all(verb.sends for verb in CONTROLLER)
    assert all(verbs.find(verb.words.split()) is verb for verb in CONTROLLER)


def test_a_longer_verb_is_not_taken_for_a_shorter_one() -> None:
    for words in ("mc acpi set", "chassis capabilities set"):
        found = verbs.find([*words.split(), "more"])
        assert found is not None
        assert found.words == words


def test_chassis_and_dcmi_commands_are_all_sent_by_verbs() -> None:
    sent = {name for verb in verbs.VERBS for name in verb.sends}
    ours = {one.request.__name__ for one in commands() if one.group == 0xDC or one.netfn == 0x00}
    assert ours <= sent


def test_what_loses_something_says_so() -> None:
    losing = {verb.words for verb in CONTROLLER if verb.loses}
    assert losing == {"mc manufacturing", "chassis reset", "channel setkg", "channel lockkg"}
