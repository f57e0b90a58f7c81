"""System software IDs of generator IDs (Table 5-4)."""

from __future__ import annotations

import pytest

from baseboard.codes import software_text
from baseboard.codes.software import SOFTWARE_IDS


@pytest.mark.parametrize(
    ("identifier", "text"),
    [(0x01, "BIOS"), (0x21, "SMI Handler"), (0x41, "System Management Software"), (0x61, "OEM")],
)
def test_the_kinds_of_software(identifier: int, text: str) -> None:
    assert software_text(identifier) == text


def test_no_id_has_two_meanings_and_each_has_bit_0_set() -> None:
    every = [number for numbers, _ in SOFTWARE_IDS for number in numbers]
    assert len(every) == len(set(every))
    assert all(number & 1 for number in every)
    assert max(every) <= 0xFF
