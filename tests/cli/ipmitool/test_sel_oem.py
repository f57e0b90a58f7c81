"""The file of ``-O``; the expected texts are ipmitool's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from baseboard.cli.ipmitool import sel, sel_oem
from tests.cli.ipmitool.scenes import Stage
from tests.cli.ipmitool.shelf import Shelf, event, oem

TEXTS = (
    '"0xc0","XX","XX","XX","XX","R","R","R","0x41","XX","code","XX","XX","XX","Text c0"\n'
    '"0xe0","0x00","XX","XX","XX","R","R","R","XX","XX","XX","XX","XX","XX","Text e0"\n'
)
REST = bytes.fromhex("00d0006a112233415a435a7f10")
LOG = Shelf(log=[oem(1, 0xC0, REST), oem(2, 0xE0, REST), oem(3, 0xC1, REST), event(4)])


async def listed(path: Path, **options: Any) -> Stage:
    stage = Stage(LOG.given(), sel_file=str(path), **options)
    assert await sel.run(stage.call, ["list"]) == 0
    return stage


async def test_entries_get_their_words(tmp_path: Path) -> None:
    path = tmp_path / "texts"
    path.write_text(TEXTS)
    lines = (await listed(path)).out.splitlines()
    assert lines[0] == "nrecs=2"
    assert lines[1].endswith(" | 332211 | 415a435a7f10 | Text c0 code = 0x41")
    assert lines[2] == "   2 | OEM record e0 | 00d0006a112233415a435a7f10 | Text e0"
    assert lines[3].endswith(" | 332211 | 415a435a7f10")


async def test_with_commas(tmp_path: Path) -> None:
    path = tmp_path / "texts"
    path.write_text(TEXTS)
    lines = (await listed(path, csv=True)).out.splitlines()
    assert lines[1].endswith(',332211,415a435a7f10,"Text c0",code=0x41')
    assert lines[2] == '2,,,OEM record e0,00d0006a112233415a435a7f10,"Text e0"'


async def test_in_blocks_the_words_stand_alone(tmp_path: Path) -> None:
    path = tmp_path / "texts"
    path.write_text(TEXTS)
    assert "[.........CZ..]\n\n | Text e0SEL Record ID" not in (await listed(path, verbose=1)).out
    assert "\n\n | Text e0SEL Record ID          : 0003\n" in (await listed(path, verbose=1)).out


async def test_a_file_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "texts"
    path.write_text('"0xc0","XX"\n')
    stage = await listed(path)
    assert stage.out.startswith("nrecs=1\n   1 | ")
    assert stage.err == f"Encountered problems reading line 1 of {path}\n"


async def test_no_file(tmp_path: Path) -> None:
    path = tmp_path / "texts"
    stage = await listed(path)
    assert stage.err == f"File {path} does not exist\nCould not open {path} file\n"


async def test_the_file_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "texts"
    path.write_text(TEXTS)
    stage = await listed(path)
    assert len(sel_oem.texts_of(stage.call)) == 2
    assert stage.out.count("nrecs") == 1
