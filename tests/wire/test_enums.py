"""Unknown codes survive, and no peer can make the enumerations grow without bound."""

from __future__ import annotations

import copy
import enum
from typing import Any

import pytest

from baseboard.errors import DecodeError
from baseboard.wire import OpenEnum
from baseboard.wire.enums import memo, wide_flag


class Colour(OpenEnum):
    RED = 1
    BLUE = 2


class Closed(enum.IntEnum):
    ONLY = 1


class Wide(enum.IntFlag):
    LOW = 1
    HIGH = 1 << 20


def test_a_known_code() -> None:
    assert Colour(1) is Colour.RED
    assert Colour.RED.known
    assert str(Colour.RED) == f"{Colour.RED}" == "RED"
    assert f"{Colour.RED:02X}" == "01"


def test_an_unknown_code_is_kept_and_shown_in_hex() -> None:
    strange = Colour(0xC3)
    assert strange == 0xC3
    assert strange is Colour(0xC3)
    assert not strange.known
    assert str(strange) == "C3h"
    assert list(Colour) == [Colour.RED, Colour.BLUE]
    assert copy.deepcopy(strange) == strange


def test_a_long_unknown_code_is_not_remembered() -> None:
    size = len(Colour._value2member_map_)
    assert Colour(0x12345) == 0x12345
    assert len(Colour._value2member_map_) == size


@pytest.mark.parametrize("value", [-1, "RED", None])
def test_what_is_no_code(value: Any) -> None:
    with pytest.raises(ValueError, match="not a valid Colour"):
        Colour(value)


def test_a_table_gives_the_enumerators() -> None:
    assert memo(Colour) is memo(Colour)
    assert memo(Colour)[2] is Colour.BLUE
    assert memo(Colour)[0x99] == 0x99


def test_a_closed_enumeration_refuses_other_codes() -> None:
    assert memo(Closed)[1] is Closed.ONLY
    with pytest.raises(DecodeError, match="Closed: 02h is none of its codes"):
        memo(Closed)[2]


def test_a_table_has_room_for_so_many() -> None:
    table = memo(Wide)
    for raw in range(0x1000, 0x1000 + 3000):
        assert table[raw] == raw
    assert len(table) <= 1024
    assert table[0x2001] == 0x2001


def test_flags_beyond_a_byte_are_not_remembered_by_their_class() -> None:
    size = len(Wide._value2member_map_)
    both = memo(Wide)[0x100001]
    assert both == Wide.LOW | Wide.HIGH
    assert isinstance(both, Wide)
    assert wide_flag(Wide, 1 << 20) is Wide.HIGH
    assert wide_flag(Wide, 1 << 20 | 1).name == "LOW|HIGH"
    assert wide_flag(Wide, 1 << 21 | 1).name == "LOW|0x200000"
    assert len(Wide._value2member_map_) <= size + 1
