"""Components as shipped."""

from __future__ import annotations

import pytest

from baseboard.bmc.blueprint import Blueprint, HpmComponentSpec, HpmSpec
from baseboard.bmc.makeups import MAKEUPS
from tests.bmc.fakes import BLUEPRINT


def test_components_are_found_by_their_numbers() -> None:
    spec = HpmSpec(components=(HpmComponentSpec(0, "BMC"), HpmComponentSpec(5, "FPGA")))
    assert spec.component(5).name == "FPGA"
    assert spec.mask == 0b100001
    with pytest.raises(KeyError):
        spec.component(1)


def test_the_controller_alone_unless_it_is_said_otherwise() -> None:
    assert [one.number for one in HpmSpec().components] == [0]
    assert BLUEPRINT.hpm is None
    assert Blueprint(BLUEPRINT.identity).hpm is None


def test_the_make_ups_that_have_it() -> None:
    assert [kind.hpm is not None for kind in MAKEUPS] == [True, True, False]
    rack = MAKEUPS[0].hpm
    assert rack is not None
    assert [(one.name, one.payload_reset) for one in rack.components] == [("BMC", False), ("BIOS", True)]
