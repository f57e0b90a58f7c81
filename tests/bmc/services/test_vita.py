"""A module in a VPX chassis."""

from __future__ import annotations

from baseboard.bmc.blueprint import PicmgSpec, VitaSpec
from tests.bmc.harness import make_bmc


def test_its_frus_are_its_own_even_beside_those_of_a_shelf() -> None:
    bench = make_bmc(vita=VitaSpec(modules=1, leds=2), picmg=PicmgSpec(modules=3))
    vita, picmg = bench.services.vita, bench.services.picmg
    assert (vita.modules.highest, vita.modules.leds) == (1, 2)
    assert (picmg.modules.highest, picmg.modules.leds) == (3, 4)
    vita.modules.activate(1, 0, 1)
    assert (vita.modules.active(1), picmg.modules.active(1)) == (False, True)
    again = bench.reopen()
    assert (again.services.vita.modules.active(1), again.services.picmg.modules.active(1)) == (False, True)


def test_a_bmc_without_it_has_none() -> None:
    assert make_bmc().services.vita is None
