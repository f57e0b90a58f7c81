"""The file that ``-S`` names."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.cli.ipmitool import sdr_file
from tests.cli.ipmitool.scenes import Stage
from tests.cli.ipmitool.shelf import compact, full

RECORDS = full(1, b"CPU")[:], compact(2, b"Fan")


def stage(tmp_path: Path, data: bytes) -> Stage:
    path = tmp_path / "sdrs"
    path.write_bytes(data)
    return Stage({}, sdr_file=str(path))


async def test_records_are_read_once(tmp_path: Path) -> None:
    where = stage(tmp_path, b"".join(RECORDS))
    first = sdr_file.records_of(where.call)
    assert first is not None
    assert [entry.named(b"CPU") for entry in first] == [True, False]
    (tmp_path / "sdrs").unlink()
    assert sdr_file.records_of(where.call) is first
    assert not where.err


async def test_without_the_option_there_is_none() -> None:
    assert sdr_file.records_of(Stage({}).call) is None


async def test_a_file_that_cannot_be_read_is_told_once(tmp_path: Path) -> None:
    name = str(tmp_path / "none")
    where = Stage({}, sdr_file=name)
    for _ in range(2):
        assert sdr_file.records_of(where.call) is None
    assert where.err == f"File {name} does not exist\nUnable to open SDR cache {name} for reading\n"


@pytest.mark.parametrize(
    ("data", "err"),
    [
        (b"\1\0\x51", "header read 3 bytes, expected 5\n"),
        (b"\1\0\x33\1\5", "invalid sdr header version 33\n"),
        (b"\1\0\x51\1\5abc", "record 0001 read 3 bytes, expected 5\n"),
        (b"\1\0\x51\1\0", ""),
    ],
)
async def test_a_damaged_file_is_read_as_far_as_it_goes(tmp_path: Path, data: bytes, err: str) -> None:
    where = stage(tmp_path, RECORDS[0] + data)
    found = sdr_file.records_of(where.call)
    assert found is not None
    assert len(found) == 1
    assert where.err == err
