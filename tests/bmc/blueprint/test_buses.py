"""Chips on private buses, as a BMC is shipped with them."""

from __future__ import annotations

from baseboard.bmc.blueprint import FruSpec
from baseboard.bmc.blueprint.buses import Eeprom


def test_a_chip_sits_where_such_chips_begin_unless_it_is_told() -> None:
    assert (Eeprom().bus, Eeprom().address) == (0, 0x50)
    assert hash(Eeprom(1, 0x51)) == hash(Eeprom(1, 0x51))


def test_an_inventory_is_in_the_controllers_own_memory_unless_it_has_a_chip() -> None:
    assert FruSpec(0, "Board", bytes(8)).eeprom is None
    assert FruSpec(0, "Board", bytes(8)).logical
