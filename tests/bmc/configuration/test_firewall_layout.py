"""The firewall's tables."""

from __future__ import annotations

import msgspec
import pytest

from baseboard.bmc.configuration.firewall_layout import Firewall


def test_a_rule_has_a_channel_and_lists() -> None:
    read = msgspec.convert({"rule": [{"channel": "lan", "disable": ["Cold Reset"]}]}, Firewall)
    assert (read.lockable, read.rule[0].disable, read.rule[0].remove) == (False, ["Cold Reset"], [])


@pytest.mark.parametrize(
    "wrong",
    [
        {"rule": [{}]},
        {"rule": [{"channel": 1}]},
        {"rule": [{"channel": "kcs"}]},
        {"rule": [{"channel": "lan", "disable": "Cold Reset"}]},
        {"rule": [{"channel": "lan", "disable": ["x" * 64]}]},
        {"rule": [{"channel": "lan", "remove": ["Cold Reset"] * 257}]},
        {"lockable": 1},
    ],
)
def test_a_mistake(wrong: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(wrong, Firewall)
