"""The firewall, as a BMC is shipped with it."""

from __future__ import annotations

from baseboard.bmc.blueprint import Blueprint, Identity
from baseboard.bmc.blueprint.firewall import NOTHING_OFF, FirewallRule, FirewallSpec


def test_bmcs_that_are_told_nothing_share_an_empty_one() -> None:
    one, other = (Blueprint(Identity(name, bytes(16))) for name in ("one", "other"))
    assert one.firewall is other.firewall is NOTHING_OFF
    assert (NOTHING_OFF.rules, NOTHING_OFF.lockable) == ((), False)


def test_equal_ones_are_made_into_masks_once() -> None:
    rules = (FirewallRule(4, (0x0602,), ((0x0002, 0),)),)
    assert hash(FirewallSpec(rules)) == hash(FirewallSpec((FirewallRule(4, (0x0602,), ((0x0002, 0),)),)))
