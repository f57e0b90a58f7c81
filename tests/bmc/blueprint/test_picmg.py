"""Shelf and chassis as shipped: none, unless a file says so."""

from __future__ import annotations

from baseboard.bmc.blueprint import Blueprint, PicmgSpec, VitaSpec
from baseboard.bmc.makeups import MAKEUPS, makeup
from tests.bmc.fakes import BLUEPRINT


def test_no_make_up_says_that_it_is_in_one() -> None:
    """Consoles change the way they address such a controller."""
    assert (Blueprint(BLUEPRINT.identity).picmg, Blueprint(BLUEPRINT.identity).vita) == (None, None)
    for index in range(len(MAKEUPS)):
        made = makeup(index, "x", bytes(16))
        assert (made.picmg, made.vita) == (None, None)


def test_a_controller_is_at_the_address_that_consoles_expect() -> None:
    assert PicmgSpec().ipmb_address == VitaSpec().ipmb_address == 0x20
