"""``sel follow``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from baseboard.cli.sel_follow import found, line
from baseboard.client.sel_entry import SensorNames, describe
from tests.cli.simulated import Told

Program = Callable[..., Told]

THRESHOLD = bytes.fromhex("0100 02 90b3c667 2000 04 01 30 01 57 50 46")
OEM = bytes.fromhex("0200 e0 0102030405060708090a0b0c0d")


@pytest.fixture(autouse=True)
def log(program: Program) -> None:
    """Begin with an empty log, or what its clearing leaves in it."""
    assert program("sel", "clear").code == 0


def add(program: Program, tmp_path: Path, count: int = 1) -> None:
    """Put events into the log."""
    path = tmp_path / "events"
    path.write_text("0x04 0x01 0x30 0x01 0x57 0x50 0x46 # up\n" * count)
    assert program("sel", "add", str(path)).code == 0


def test_a_bookmark_goes_on_where_the_last_call_ended(program: Program, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    words = ("sel", "follow", "--bookmark", str(mark), "--interval", "0.05")
    add(program, tmp_path, 2)
    first = program(*words, "--timeout", "2")
    assert first.code == 0
    assert len(first.out.splitlines()) >= 2
    assert mark.exists()
    add(program, tmp_path)
    second = program(*words, "--count", "1", "--timeout", "20")
    assert second.code == 0
    assert len(second.out.splitlines()) == 1
    assert second.out not in first.out


def test_each_event_is_a_document(program: Program, tmp_path: Path) -> None:
    add(program, tmp_path)
    mark = str(tmp_path / "mark")
    words = ("--bookmark", mark, "--interval", "0.05", "--count", "1", "--timeout", "20")
    result = program("--json", "sel", "follow", *words).document["result"]
    assert len(bytes.fromhex(result["raw"])) == 16


def test_list_and_follow_have_the_same_time(program: Program, tmp_path: Path) -> None:
    add(program, tmp_path)
    words = ("--bookmark", str(tmp_path / "mark"), "--interval", "0.05", "--count", "1", "--timeout", "20")
    followed = program("--json", "sel", "follow", *words).document["result"]
    (listed,) = (
        one
        for one in program("--json", "sel", "elist").document["result"]
        if one["record_id"] == followed["record_id"]
    )
    assert datetime.fromisoformat(listed["time"]).utcoffset() == timedelta(0)
    assert (listed["time"], listed["time_missing"]) == (followed["time"], followed["time_missing"])


def test_a_file_that_is_no_bookmark_is_told(program: Program, tmp_path: Path) -> None:
    (tmp_path / "mark").write_text("nonsense")
    told = program("sel", "follow", "--bookmark", str(tmp_path / "mark"))
    assert told.code == 1
    assert "no bookmark" in told.err
    assert program("sel", "follow", "--bookmark", str(tmp_path)).code == 1


def test_it_takes_no_words(program: Program) -> None:
    assert program("sel", "follow", "me").code == 2


def test_an_event_in_a_line() -> None:
    told = line(describe(THRESHOLD, 1, SensorNames()))
    assert told.startswith("    1  2025-03-04 ")
    assert "#30h" in told
    assert "Upper" in told
    assert "(ended)" not in told
    assert "01 02 03" in line(describe(OEM, 2, SensorNames()))


def test_an_event_as_data() -> None:
    data = found(describe(THRESHOLD, 1, SensorNames()))
    assert (data.record_id, data.raw, data.asserted) == (1, THRESHOLD, True)
    assert found(describe(OEM, 2, SensorNames())).time is None
