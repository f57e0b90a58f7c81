"""A firewall described."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.bmc.blueprint.firewall import NOTHING_OFF, FirewallRule, FirewallSpec
from tests.bmc.configuration.files import HERE, ONE, assert_mistake, blueprint, loaded

RULE = "[[bmc.firewall.rule]]\n"
HOST, LAN = 'channel = "system_interface"\n', 'channel = "lan"\n'


def firewall(folder: Path, text: str) -> FirewallSpec:
    return blueprint(folder, ONE + text).firewall


def test_without_a_word_nothing_is_off(tmp_path: Path) -> None:
    assert firewall(tmp_path, "") is NOTHING_OFF
    assert firewall(tmp_path, f"[bmc.firewall]\n{RULE}{HOST}") is NOTHING_OFF


def test_commands_by_name_and_by_number_and_parts_of_them(tmp_path: Path) -> None:
    said = (
        f"{RULE}{HOST}disable = ['Cold Reset', 'set lan configuration parameters', '06/47', '2Ch/02h/DCh',\n"
        f"'Chassis Control: power down', 'chassis control:Hard Reset', 'Set Command Enables']\n"
        f"{RULE}{LAN}remove = ['06h/03h']\n"
    )
    assert firewall(tmp_path, said).rules == (
        FirewallRule(0x0C, (0x0602, 0x0C01, 0x0647, 0xDD2C02, 0x0660), ((0x0002, 0), (0x0002, 3))),
        FirewallRule(0x04, (0x0603,), removed=True),
    )


def test_names_with_and_without_the_word_that_the_table_adds(tmp_path: Path) -> None:
    said = f"{RULE}{HOST}disable = ['Set User Password', 'Set User Password Command', 'Forwarded Command']\n"
    assert firewall(tmp_path, said).rules[0].commands == (0x0647, 0x0647, 0x0C30)


def test_a_rule_may_disable_and_remove(tmp_path: Path) -> None:
    said = f"[bmc.serial]\n{RULE}channel = 'serial'\ndisable = ['Cold Reset']\nremove = ['Warm Reset']\n"
    assert firewall(tmp_path, said).rules == (
        FirewallRule(0x05, (0x0602,)),
        FirewallRule(0x05, (0x0603,), removed=True),
    )


def test_who_logs_in_may_be_locked_out_if_it_is_said(tmp_path: Path) -> None:
    said = f"[bmc.firewall]\nlockable = true\n{RULE}{LAN}disable = ['Set Command Enables']\n"
    assert firewall(tmp_path, said) == FirewallSpec((FirewallRule(0x04, (0x0660,)),), lockable=True)
    assert firewall(tmp_path, "[bmc.firewall]\nlockable = true\n") == FirewallSpec(lockable=True)


def test_bmcs_of_one_description_share_it(tmp_path: Path) -> None:
    made = loaded(tmp_path, f"{ONE}count = 3\n{RULE}{HOST}disable = ['Cold Reset']\n").bmcs
    assert len({id(one.blueprint.firewall) for one in made}) == 1


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        (f"{RULE}{HOST}disable = ['Cold Rest'] {HERE}\n", "rule[0].disable[0]", "did you mean Cold Reset?"),
        (f"{RULE}{HOST}disable = ['xyz'] {HERE}\n", "rule[0].disable[0]", "or its numbers"),
        (f"{RULE}{HOST}disable = ['06/ee'] {HERE}\n", "rule[0].disable[0]", "no command of that number"),
        (f"{RULE}{HOST}remove = ['2C/02'] {HERE}\n", "rule[0].remove[0]", "no command of that number"),
        (f"{RULE}{HOST}remove = ['Get Device ID'] {HERE}\n", "rule[0].remove[0]", "cannot be kept out"),
        (
            f"{RULE}{HOST}disable = ['Get Command Enables'] {HERE}\n",
            "rule[0].disable[0]",
            "cannot be kept out",
        ),
        (f"{RULE}{HOST}disable = ['Cold Reset: now'] {HERE}\n", "rule[0].disable[0]", "has no sub-functions"),
        (f"{RULE}{HOST}disable = ['Chassis Control: up'] {HERE}\n", "rule[0].disable[0]", "power up"),
        (f"{RULE}{HOST}remove = ['Chassis Control: power up'] {HERE}\n", "rule[0].remove[0]", "not removed"),
        (f"{RULE}channel = 'serial' {HERE}\n", "rule[0].channel", "no [bmc.serial]"),
        (f"{RULE}{LAN}disable = ['Set Command Enables'] {HERE}\n", "rule[0].disable[0]", "lockable = true"),
        (
            f"{RULE}{HOST}disable = ['Set Command Enables']\n[[bmc.firewall.rule]] {HERE}\n{LAN}"
            "remove = ['Set Command Enables']\n",
            "rule[1]",
            "neither the system interface nor the LAN",
        ),
    ],
)
def test_a_mistake(text: str, key: str, words: str, tmp_path: Path) -> None:
    assert_mistake(tmp_path, ONE + text, f"bmc[0].firewall.{key}", words)
