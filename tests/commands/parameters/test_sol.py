"""SOL parameters against their table (Table 26-5)."""

from __future__ import annotations

from baseboard.commands.parameters.sol import BitRate, SolParameter, VolatileBitRate
from tests.commands.parameters.tables import hold, rows


def test_every_row_of_the_table_has_its_class() -> None:
    hold(SolParameter, "sol_params", set())


def test_what_is_read_only_is_so_in_the_table() -> None:
    assert {number for number, member in SolParameter.members().items() if member.read_only} == {
        number for number, row in rows("sol_params").items() if row["access"] == "ro"
    }


def test_a_speed_is_a_code() -> None:
    assert VolatileBitRate(bit_rate=BitRate.BPS_115200).encode() == b"\x0a"
