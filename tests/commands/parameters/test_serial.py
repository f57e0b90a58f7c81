"""Serial/modem parameters against their table, and what they are made of (Table 25-4)."""

from __future__ import annotations

import pytest

from baseboard.commands.parameters.serial import LineRate, SerialParameter
from tests.commands.parameters.tables import hold, rows

OPEN_ENDED = set[int]()


def test_every_row_of_the_table_has_its_class() -> None:
    hold(SerialParameter, "serial_params", OPEN_ENDED)


def test_what_is_read_only_is_so_in_the_table() -> None:
    members = SerialParameter.members().items()
    access = {number: row["access"].split(" (")[0] for number, row in rows("serial_params").items()}
    assert {number for number, member in members if member.read_only} == {
        number for number, how in access.items() if how == "ro"
    }
    assert {number for number, member in members if member.write_only} == {
        number for number, how in access.items() if how == "wo"
    }


def test_what_only_one_source_tells_is_marked() -> None:
    doubtful = {
        number for number, row in rows("serial_params").items() if row["sources"] in {"wireshark", "none"}
    }
    marked = {number for number, member in SerialParameter.members().items() if member.unverified}
    assert marked == doubtful


@pytest.mark.parametrize(
    ("number", "rate"), [(6, 9600), (7, 19200), (8, 38400), (9, 57600), (10, 115200), (11, 0)]
)
def test_25_4_numbers_of_rates(number: int, rate: int) -> None:
    assert LineRate(number).bits_per_second == rate
