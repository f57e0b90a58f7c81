"""``sdr fill``; the expected texts are ipmitool's."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import pytest

from baseboard.cli.ipmitool import sdr
from tests.cli.ipmitool.scenes import Stage
from tests.cli.ipmitool.shelf import Shelf, compact, full, record

SHELF = Shelf(records=[full(1, b"CPU1 Temp"), compact(2, b"PSU"), record(0xC0, b"maker")])
OWN = {key.replace("0a/23", "04/21"): value for key, value in SHELF.given().items() if "0a/23" in key}
GIVEN = {
    **SHELF.given(),
    **OWN,
    "06/01": "0020810100029357010001000 0000000".replace(" ", ""),
    "04/20": "000201",
    "04/22": "000100",
    "0a/27": "0001",
    "0a/25": "000700",
}


def sent(raw: bytes, number: int) -> list[str]:
    """The requests that add a record."""
    lines = [f"0a/25 010000000000{number:02x}00{raw[2:5].hex()}"]
    for start in range(5, len(raw), 19):
        last = start + 19 >= len(raw)
        lines.append(f"0a/25 01000700{start:02x}{last:02x}{raw[start : start + 19].hex()}")
    return lines


ALL = [line for number, raw in enumerate(SHELF.records, 1) for line in sent(raw, number)]
CLEAR = "0a/27 0100434c52aa"


async def run(*words: str, **changes: str | list[str] | None) -> tuple[int, Stage]:
    given = GIVEN | {key.replace("_", "/"): value for key, value in changes.items()}
    stage = Stage({key: value for key, value in given.items() if value != "none"}, verbose=0)
    with mock.patch("baseboard.cli.ipmitool.sdr_fill._PAUSE", 0):
        return await sdr.run(stage.call, ["fill", *words]), stage


async def test_from_the_controllers_own_records() -> None:
    code, stage = await run("nosat")
    assert (code, stage.out, stage.err) == (0, "SDRR successfully erased\nLoad SDRs from 0x20\n", "")
    assert stage.given.written == [CLEAR, *ALL]


async def test_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "records"
    path.write_bytes(b"".join(bytes((n, 0)) + raw[2:] for n, raw in enumerate(SHELF.records, 1)))
    code, stage = await run("file", str(path), **{"0a_27": ["0000", "0001"]})
    assert (code, stage.err) == (0, "")
    assert stage.out == "Wait for SDRR erasure completed...\nSDRR successfully erased\n"
    assert stage.given.written == [CLEAR, "0a/27 0100434c5200", *ALL]


async def test_a_file_that_is_not_whole_erases_nothing(tmp_path: Path) -> None:
    path = tmp_path / "records"
    path.write_bytes(SHELF.records[0][:20])
    code, stage = await run("file", str(path))
    assert (code, stage.out, stage.err) == (1, "", f"SDR from '{path}' truncated\n")
    code, missing = await run("file", str(tmp_path / "none"))
    assert (code, missing.out) == (1, "")
    assert stage.given.written == missing.given.written == []


async def test_what_cannot_be_erased() -> None:
    code, stage = await run("nosat", **{"0a_27": "d4"})
    assert (code, stage.out) == (1, "")
    assert stage.err == "Unable to clear SDRR: Insufficient privilege level\nCannot erase SDRR. Give up.\n"
    code, stage = await run("nosat", **{"0a_27": None})
    assert stage.err == "Unable to clear SDRR\nCannot erase SDRR. Give up.\n"
    code, stage = await run("range", "0x40", **{"0a_22": "c1"})
    assert stage.err == "Cannot erase SDRR. Give up.\n"
    assert stage.out == "List to scan: (Built-in) 40 \nClearing SDR Repository\n"


async def test_an_erasure_without_an_end() -> None:
    code, stage = await run("nosat", **{"0a_27": "0000"})
    assert (code, stage.err) == (1, "Cannot erase SDRR. Give up.\n")
    assert stage.out == "Wait for SDRR erasure completed...\n" * 5


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ({"0a_25": "c1"}, "ipmitool: partial send error"),
        ({"0a_25": None}, "ipmitool: partial send error"),
        ({"0a_25": ["000700", "d5"]}, "ipmitool: partial add failed"),
    ],
)
async def test_what_cannot_be_added(answers: dict[str, str | list[str] | None], why: str) -> None:
    code, stage = await run("nosat", **answers)
    assert code == 1
    assert stage.err.startswith(f"{why}\nCannot add SDR ID 0x0001 to repository...\n")
    assert stage.err.endswith("Cannot add SDR ID 0x0003 to repository...\n")


async def test_controllers_of_a_range() -> None:
    code, stage = await run("range", "0x28,0x40-0x42")
    assert code == 0
    assert stage.out == (
        "List to scan: (Built-in) 28 40 42 \nClearing SDR Repository\nSDRR successfully erased\n"
        "Sanning built-in sensors..\nLoad SDRs from 0x20\n"
        "Scanning 28h..\nLoad SDRs from 0x28\nScanning 40h..\nLoad SDRs from 0x40\n"
        "Scanning 42h..\nLoad SDRs from 0x42\n"
    )
    assert stage.given.written == [CLEAR, *ALL * 4]


async def test_all_slots() -> None:
    code, stage = await run("sensors")
    assert code == 0
    assert stage.out.count("Load SDRs from") == 22
    assert "Load SDRs from 0xc2\n" not in stage.out
    assert stage.out.endswith("Load SDRs from 0xda\n")


@pytest.mark.parametrize("text", ["40", "0x4", "0xgg", "0x40-", ""])
async def test_what_is_no_range(text: str) -> None:
    code, stage = await run("range", text)
    assert (code, stage.out) == (1, "")
    assert stage.err.endswith("Range - List invalid, cannot be parsed.\n")
    assert stage.given.written == []
