"""Words for codes, and texts with numbers in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.bmc.configuration.spots import Spot
from baseboard.bmc.configuration.words import code, numbered, unknown_word, varies
from baseboard.codes import EntityId, SensorType
from baseboard.errors import ConfigurationError

SPOT = Spot(Path("x"), 'type = "x"\n', ("type",))


def test_a_word_is_the_tables_name_in_small_letters() -> None:
    assert code(SensorType, "temperature", SPOT) is SensorType.TEMPERATURE
    assert code(EntityId, "disk_drive_bay", SPOT) is EntityId.DISK_DRIVE_BAY


def test_a_number_may_be_any_code() -> None:
    assert code(SensorType, 1, SPOT) is SensorType.TEMPERATURE
    assert code(SensorType, 0xC5, SPOT) == 0xC5


def test_a_wrong_word_has_a_neighbour() -> None:
    with pytest.raises(ConfigurationError) as caught:
        code(SensorType, "Voltag", SPOT)
    assert caught.value.line == 1
    assert caught.value.text.startswith(
        'found "Voltag" (did you mean voltage?); allowed is one of temperature, voltage, current,'
    )
    assert caught.value.text.endswith(", or the code's number")


def test_a_word_without_a_neighbour() -> None:
    assert unknown_word("zzz", ["a", "b"]) == 'found "zzz"; allowed is one of a, b'


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("plain", "plain"),
        ("node-{n}", "node-7"),
        ("node-{n:03}", "node-007"),
        ("{n}/{n:01} of {name}", "7/7 of rack"),
        ("{other} {n:x}", "{other} {n:x}"),
        ("{", "{"),
    ],
)
def test_numbers_and_names_are_put_in(text: str, made: str) -> None:
    assert numbered(text, 7, "rack") == made
    assert varies(text) is (text != made)
