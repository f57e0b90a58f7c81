"""``sdr info``, against what ipmitool did in the same scenes; ``sdr dump``."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.cli.ipmitool import sdr
from baseboard.cli.results.sdr import SdrItem
from tests.cli.ipmitool.scenes import Scene, Stage, replay, scenes
from tests.cli.ipmitool.shelf import Shelf, full, record

READING = b"\x00\x20\xc0\xc0"


@pytest.mark.parametrize("scene", scenes("sdr_stored"))
async def test_like_ipmitool(scene: Scene) -> None:
    await replay(scene)


async def test_a_dump_is_read_back(tmp_path: Path) -> None:
    shelf = Shelf(records=[full(1, b"CPU1 Temp"), record(0xC0, b"maker's own")], readings={1: READING})
    given = shelf.given() | {"06/01": "0020010100029f570100010000000000"}
    stage, path = Stage(given), tmp_path / "dump"
    assert await sdr.run(stage.call, ["dump", str(path)]) == 0
    assert stage.out == f"Dumping Sensor Data Repository to '{path}'\n"
    assert path.read_bytes() == b"".join(bytes((n, 0)) + raw[2:] for n, raw in enumerate(shelf.records, 1))
    # With that file nobody asks the controller for records.
    known = {key: answer for key, answer in given.items() if not key.startswith("0a/")}
    stage = Stage(known, sdr_file=str(path))
    assert await sdr.run(stage.call, ["list"]) == 0
    assert stage.out == "CPU1 Temp        | 32 degrees C      | ok\n"
    assert stage.results == [
        SdrItem(
            record_id=1,
            record_type="full",
            name="CPU1 Temp",
            entity="7.1",
            entity_name="System Board",
            sensor_number=1,
            sensor_type="Temperature",
            status="ok",
            raw=32,
            value=32.0,
            unit="degrees C",
        )
    ]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("01005101", "header read 4 bytes, expected 5"),
        ("0100440102aabb", "invalid sdr header version 44"),
        ("0100510140aabb", "record 0001 read 2 bytes, expected 64"),
    ],
)
async def test_a_file_that_is_no_dump(tmp_path: Path, data: str, why: str) -> None:
    path = tmp_path / "dump"
    path.write_bytes(bytes.fromhex(data))
    stage = Stage({}, sdr_file=str(path))
    assert await sdr.run(stage.call, ["list"]) == 0
    assert (stage.out, stage.err) == ("", f"{why}\n")


async def test_without_the_file_the_controller_is_asked(tmp_path: Path) -> None:
    stage = Stage({"06/01": "c1"}, sdr_file=str(tmp_path / "none"))
    assert await sdr.run(stage.call, ["list"]) == 1
    assert stage.err.startswith(
        f"File {tmp_path / 'none'} does not exist\n"
        f"Unable to open SDR cache {tmp_path / 'none'} for reading\nGet Device ID command failed"
    )


async def test_an_empty_repository_stays_empty() -> None:
    given = Shelf().given() | {"06/01": "0020010100029f570100010000000000"}
    stage = Stage(given)
    assert await sdr.run(stage.call, ["list"]) == 0
    assert (stage.out, stage.err, stage.given.written) == ("", "", [])


async def test_an_info_without_an_answer() -> None:
    stage = Stage({"0a/20": None})
    assert await sdr.run(stage.call, ["info"]) == 1
    assert stage.err == "Get SDR Repository Info command failed\n"
