"""The system interface as shipped."""

from __future__ import annotations

from baseboard.bmc.blueprint.interfaces import SMALLEST_INPUT, SMALLEST_OUTPUT, InterfaceSpec


def test_an_interface_carries_more_than_it_must() -> None:
    made = InterfaceSpec()
    assert made.input_size > SMALLEST_INPUT
    assert made.output_size > SMALLEST_OUTPUT


def test_bt_has_a_sequence_number_besides() -> None:
    assert [InterfaceSpec(kind).overhead for kind in ("kcs", "smic", "ssif", "bt")] == [2, 2, 2, 3]
