"""The base of a file's tables."""

from __future__ import annotations

import msgspec
import pytest

from baseboard.bmc.configuration.layout_types import Byte, Hex, Table


class _Thing(Table):
    secret: str = ""
    number: Byte = 0
    key: Hex = ""


def test_what_prints_a_table_prints_no_password() -> None:
    assert repr(_Thing(secret="hunter2")) == "<_Thing>"


@pytest.mark.parametrize("wrong", [{"numb": 1}, {"number": 256}, {"number": -1}, {"key": "0"}, {"key": "xy"}])
def test_a_key_that_is_not_named_or_not_in_range_is_a_mistake(wrong: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(wrong, _Thing)


def test_the_ends_of_a_range_belong_to_it() -> None:
    assert msgspec.convert({"number": 255, "key": "00fF"}, _Thing).number == 255
