"""Codes outside their table survive and know the range they lie in."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.codes import EntityId, Manufacturer, Privilege


def test_a_known_code_has_the_words_of_its_row() -> None:
    assert EntityId.POWER_SUPPLY.text == "power supply"
    assert EntityId(0x0A) is EntityId.POWER_SUPPLY


def test_an_unknown_code_survives_with_the_words_of_its_range() -> None:
    entity = EntityId(0xD3)
    assert entity == 0xD3
    assert entity.name == "D3h"
    assert entity.text == "OEM System Integrator defined"


def test_a_code_in_no_range_has_no_words() -> None:
    assert Manufacturer(9).text == ""
    assert Privilege(0x0A).text == ""


def test_aliases_are_one_code() -> None:
    assert Privilege.NONE is Privilege.RESERVED is Privilege.HIGHEST


def test_what_is_no_number_is_no_code() -> None:
    wrong: list[Any] = ["8", -1]
    for value in wrong:
        with pytest.raises(ValueError, match="is not a valid EntityId"):
            EntityId(value)
