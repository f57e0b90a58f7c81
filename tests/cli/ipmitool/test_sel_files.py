"""The log into files and out of them; the expected texts are ipmitool's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from baseboard.cli.ipmitool import sel
from tests.cli.ipmitool.scenes import Stage, utc
from tests.cli.ipmitool.shelf import Shelf, event, full, oem

REST = bytes.fromhex("00d0006a112233414243444546")
SHELF = Shelf(
    records=[full(1, b"CPU1 Temp")],
    log=[
        event(1),
        event(2, sensor_type=0x08, sensor=9, event_type=0xEF, data=(0, 255, 255)),
        oem(3, 0xC0, REST),
        event(4, event_type=0x70, data=(1, 2, 3)),
    ],
)
LINES = (
    "   1 | 05/10/26 | 03:48:16 UTC | Temperature #0x01 | Upper Critical going high | Asserted\n"
    "   2 | 05/10/26 | 03:48:16 UTC | Power Supply #0x09 | Presence detected | Deasserted\n"
    "   3 | 05/10/26 | 18:35:44 UTC | OEM record c0 | 332211 | 414243444546\n"
    "   4 | 05/10/26 | 03:48:16 UTC | Temperature #0x01 |  | Asserted\n"
)


async def run(*words: str, given: dict[str, str | None] | None = None, **options: Any) -> tuple[int, Stage]:
    known = {"06/01": "0020010100029f570100010000000000", "0a/44": "000500"}
    stage = Stage({**SHELF.given(), **known, **(given or {})}, **options)
    with utc():
        return await sel.run(stage.call, list(words)), stage


async def test_save(tmp_path: Path) -> None:
    path = tmp_path / "log"
    code, stage = await run("save", str(path))
    assert (code, stage.out, stage.err) == (0, LINES, "")
    assert path.read_text() == (
        "0x04 0x01 0x01 0x01 0x59 0x52 0x50 # Temperature #0x01 Upper Critical going high\n"
        "0x04 0x08 0x09 0xef 0x00 0xff 0xff # Power Supply #0x09 Presence detected\n"
        "0x33 0x41 0x42 0x43 0x44 0x45 0x46 # Unknown #0x42 Unknown\n"
        "0x04 0x01 0x01 0x70 0x01 0x02 0x03 # Temperature #0x01 Unknown\n"
    )


async def test_save_where_nothing_can_be_written(tmp_path: Path) -> None:
    code, stage = await run("save", str(tmp_path))
    assert (code, stage.out) == (0, LINES)
    assert stage.err.startswith(f"File {tmp_path} has invalid mode: ")


async def test_raw_files(tmp_path: Path) -> None:
    path = tmp_path / "raw"
    code, stage = await run("writeraw", str(path))
    assert (code, stage.out) == (0, LINES)
    data = path.read_bytes()
    assert data[:32] == b"".join(SHELF.log[:2])
    assert data[32:48].hex() == "0300c000d0006a332211414243444546"
    assert (await run("readraw", str(path)))[1].out == LINES
    extended = (await run("ereadraw", str(path)))[1].out.splitlines()
    assert extended[0].endswith(
        "| Temperature CPU1 Temp | Upper Critical going high | Asserted | Reading 82 > Threshold 80 degrees C"
    )
    path.write_bytes(data[:20])
    code, stage = await run("readraw", str(path))
    assert (code, stage.out) == (1, LINES.splitlines(keepends=True)[0])
    assert stage.err == "ipmitool: incomplete record found in file.\n"


async def test_add(tmp_path: Path) -> None:
    path = tmp_path / "events"
    path.write_text(
        "0x04 0x01 0x30 0x01 0x09 0xff 0xff # a comment\n\n  # nothing\n4 8 9 0xef 0 255 255\nbad line\n"
    )
    code, stage = await run("add", str(path))
    assert code == 0
    assert stage.out == (
        "   0 |  Pre-Init  |0000000000| Temperature #0x30 | Upper Critical going high | Asserted\n"
        "   0 |  Pre-Init  |0000000000| Power Supply #0x09 | Presence detected | Deasserted\n"
    )
    assert stage.err == "Invalid Event: 0000000000000000\n"
    assert stage.given.written == [
        "0a/44 0000020000000041000401300109ffff",
        "0a/44 000002000000004100040809ef00ffff",
    ]


@pytest.mark.parametrize(("answer", "why"), [("c4", ": Out of space"), (None, "")])
async def test_what_cannot_be_added(tmp_path: Path, answer: str | None, why: str) -> None:
    path = tmp_path / "events"
    path.write_text("4 1 2 1 9 255 255\n4 1 2 1 9 255 255\n")
    code, stage = await run("add", str(path), given={"0a/44": answer})
    assert (code, stage.err) == (1, f"Add SEL Entry failed{why}\n")
    assert stage.out.count("\n") == 1


EVENT = "0x001F: Event: at Mar 27 06:41:10 2007;from:(0x9a,0,7);sensor:"
SWAP = "(0xf0,119); event:0x6f(asserted): HotSwap: FRU 2 M3->M4, Cause=0x1\n"


async def test_interpret(tmp_path: Path) -> None:
    path = tmp_path / "shelf"
    path.write_text(
        f"{EVENT}(0x13,119); event:0x6f(asserted): 0xA3 0x00 0x88\n"
        f"{EVENT}(0x01,3); event:0x1(deasserted): 0x57 0x10 0x20\n"
        f"{EVENT}{SWAP}"
    )
    code, stage = await run("interpret", "15000", str(path), "pps")
    assert code == 1
    start = "  1f |  Pre-Init  |0000000000| "
    assert stage.out == (
        f"{start}Critical Interrupt #0x77 | Software NMI | Asserted\n"
        f"{start}Temperature #0x03 | Upper Non-critical going high | Deasserted\n"
        f"{start}Unknown #0x77 | Transition to M4 | Asserted\n"
    )
    stage = (await run("interpret", "1", str(path), "pps", verbose=1))[1]
    assert " Event Data            : a41302\n" in stage.out


@pytest.mark.parametrize("line", ["", "0x1: nonsense", f"{EVENT}(0x01,3); event:0x1(asserted): zero"])
async def test_what_cannot_be_interpreted(tmp_path: Path, line: str) -> None:
    path = tmp_path / "shelf"
    path.write_text(f"{line}\n")
    code, stage = await run("interpret", "1", str(path), "pps")
    assert (code, stage.out, stage.err) == (1, "", "ipmitool: can't guess format.\n")
