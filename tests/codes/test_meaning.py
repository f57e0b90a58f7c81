"""Look-ups over several tables."""

from __future__ import annotations

import subprocess
import sys

import pytest

import baseboard.codes as codes
from baseboard.codes import Cc, EventReadingType, SensorType, completion_text, event_offset, software_text
from baseboard.codes.generic_offsets import OFFSETS
from baseboard.codes.meaning import specific_offsets


def test_an_offset_means_what_its_event_type_says() -> None:
    own = event_offset(EventReadingType.SENSOR_SPECIFIC, SensorType.PROCESSOR, 1)
    generic = event_offset(EventReadingType.PREDICTIVE_FAILURE, SensorType.PROCESSOR, 1)
    assert own is not None
    assert own.event == "Thermal Trip"
    assert generic is not None
    assert generic.event == "Predictive Failure asserted"
    assert own is specific_offsets()[SensorType.PROCESSOR][1]
    assert generic is OFFSETS[EventReadingType.PREDICTIVE_FAILURE][1]


def test_an_offset_of_the_manufacturers_own_means_nothing_here() -> None:
    assert event_offset(0x70, SensorType.PROCESSOR, 1) is None
    assert event_offset(EventReadingType.SENSOR_SPECIFIC, 0xC0, 1) is None


def test_a_completion_code_says_what_its_row_or_its_range_says() -> None:
    assert completion_text(Cc.TIMEOUT) == Cc.TIMEOUT.text
    assert completion_text(0x85) == "Standard command-specific codes"
    assert completion_text(0xD7) == ""


def test_software_is_told_by_its_byte() -> None:
    assert software_text(0x81) == "Remote Console software 1-7"
    assert software_text(0x82) == ""


def loaded(first: str, then: str) -> list[str]:
    """The modules of codes that the second statement imports, after the first."""
    code = (
        f"import sys, baseboard.codes as codes; {first}; before = set(sys.modules); {then}; "
        "print(*sorted(name for name in {*sys.modules} - before if name.startswith('baseboard.codes')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    return [name.removeprefix("baseboard.codes.") for name in done.stdout.split()]


def test_texts_are_loaded_when_first_asked_for() -> None:
    tables = [
        "generic_offsets",
        "offset",
        "sensor_offsets_05_0f",
        "sensor_offsets_10_1f",
        "sensor_offsets_20_2c",
    ]
    assert (
        loaded("codes.event_offset", "codes.event_offset(1, 1, 0); codes.event_offset(0x6F, 5, 0)") == tables
    )


def test_a_table_is_loaded_when_a_name_of_it_is_first_used() -> None:
    assert loaded("codes", "codes.Privilege; codes.AuthType") == ["code", "sessions"]
    assert loaded("codes", "codes.completion_text") == ["completion", "generic", "meaning"]


def test_what_is_in_no_table_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="Nonsense"):
        _ = getattr(codes, "Nonsense")  # noqa: B009 - a name that no type checker would let pass
    assert {"Privilege", "SensorUnit", "completion_text"} <= set(dir(codes))
