"""Verbs of upgrades, shelves and chassis: every command has one."""

from __future__ import annotations

from baseboard.cli import verbs
from baseboard.cli.ipmitool.main import NOUNS
from baseboard.cli.verbs.hpm import HPM
from baseboard.commands import commands
from baseboard.commands.groups.picmg import PICMG
from baseboard.commands.groups.vita import VITA


def test_every_command_of_picmg_hpm_and_vita_is_sent_by_a_verb() -> None:
    declared = {one.request.__name__ for one in commands() if one.group in (PICMG, VITA)}
    sent = {name for verb in HPM for name in verb.sends}
    assert sent - {"GetDeviceId"} == declared


def test_the_nouns_are_ipmitool_s_and_have_their_modules() -> None:
    assert {verb.words.split()[0] for verb in HPM} == {"hpm", "picmg", "vita"}
    assert all(NOUNS[noun] for noun in ("hpm", "picmg", "vita"))
    assert all(verbs.find(verb.words.split()) is verb for verb in HPM)


def test_what_ends_sessions_or_hosts_says_so() -> None:
    losing = {verb.words for verb in HPM if verb.loses}
    assert losing == {
        "hpm upgrade", "hpm activate", "hpm abort", "hpm rollback", "picmg frucontrol", "picmg deactivate",
        "picmg power set", "vita frucontrol", "vita deactivate",
    }  # fmt: skip
