"""``sel utc-offset``, ``sel auxiliary``, ``sel add-parts``."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cli.simulated import Told

Program = Callable[..., Told]
EVENT = "0000020000000041000409010b03ffff"


def test_the_utc_offset_is_told_and_set(program: Program) -> None:
    assert (
        program("sel", "utc-offset", "set", "--", "-120").out
        == "UTC offset of the SEL's clock: -120 minutes\n"
    )
    assert program("--json", "sel", "utc-offset").document["result"] == {"minutes": -120}
    assert "unspecified" in program("sel", "utc-offset", "set", "unspecified").out
    assert program("--json", "sel", "utc-offset", "get").document["result"] == {"minutes": None}


def test_auxiliary_logs_are_told_and_set(program: Program) -> None:
    told = program("sel", "auxiliary", "set", "mca", "3", "2026-03-01T12:00:00+00:00")
    assert told.out == "mca   last entry: 2026-03-01T12:00:00+00:00, entries: 3\n"
    told = program("sel", "auxiliary", "set", "oem1", "7154", "0102", "2026-03-01T12:00:00+00:00")
    assert "manufacturer: 7154, status: 01 02 00 00 00 00 00 00" in told.out
    found = program("--json", "sel", "auxiliary").document["result"]
    assert [(one["log"], one["entries"], one["manufacturer_id"]) for one in found] == [
        ("mca", 3, None), ("oem1", None, 7154), ("oem2", None, 0),
    ]  # fmt: skip


def test_an_entry_in_two_pieces(program: Program) -> None:
    number = program("--json", "sel", "add-parts", EVENT).document["result"]["record_id"]
    listed = program("--json", "sel", "get", f"0x{number:x}").document["result"][0]
    assert listed["record_id"] == number


@pytest.mark.parametrize(
    "words",
    [
        "sel utc-offset set 1441",
        "sel utc-offset set soon",
        "sel utc-offset put 1",
        "sel auxiliary get nvme",
        "sel auxiliary set mca",
        "sel auxiliary set mca -1",
        "sel auxiliary set mca 1 yesterday",
        "sel auxiliary set oem1 7154 010203040506070809",
        "sel auxiliary set oem1 7154 xy",
        "sel add-parts",
        "sel add-parts 0102",
    ],
)
def test_wrong_words_are_told_and_nothing_is_sent(program: Program, words: str) -> None:
    told = program(*words.split())
    assert told.code == 2
    assert "baseboard: " in told.err
