"""What `fru` notes for ``--json``."""

from __future__ import annotations

from pathlib import Path

from baseboard.cli.ipmitool.fru import run
from baseboard.cli.results.fru import FieldChange, Image, Inventory
from baseboard.records.fru import read_fru
from tests.cli.ipmitool.scenes import Stage, groups

GIVEN = groups("fru")[0]["given"]


async def found(*words: str) -> list[object]:
    stage = Stage(GIVEN)
    await run(stage.call, list(words))
    return stage.results


async def test_an_inventory_has_fields_extras_and_no_problem() -> None:
    (said,) = await found("print", "0")
    assert isinstance(said, Inventory)
    assert said.fields["Board Serial"] == "BRD-1"
    assert said.extras["Chassis Extra"] == ["extra one"]
    assert (said.problem, said.records) == ("", [])


async def test_a_device_that_is_not_there_says_why() -> None:
    assert await found("print", "6") == [
        Inventory(id=6, problem="Device not present (Parameter out of range)")
    ]


async def test_images_and_fields(tmp_path: Path) -> None:
    path = tmp_path / "fru.bin"
    assert await found("read", "0", str(path)) == [Image(id=0, size=512, file=str(path))]
    assert path.read_bytes().hex() == GIVEN["fru 0"]
    assert await found("write", "0", str(path)) == [Image(id=0, size=512, file=str(path))]
    (area,) = await found("internaluse", "0", "print")
    assert isinstance(area, Image)
    assert area.data == GIVEN["fru 0"][16 : 16 + 64]


async def test_an_edit_leaves_a_sound_inventory() -> None:
    stage = Stage(GIVEN)
    await run(stage.call, ["edit", "0", "field", "p", "4", "SN-0002-LONGER-THAN-BEFORE"])
    assert stage.results == [
        FieldChange(id=0, area="p", index=4, before="SN-0001", after="SN-0002-LONGER-THAN-BEFORE")
    ]
    (written,) = stage.given.written
    fru = read_fru(bytes.fromhex(written.split()[2]))
    assert not fru.problems
    assert fru.product is not None
    assert fru.product.serial_number == "SN-0002-LONGER-THAN-BEFORE"
    assert fru.multirecords is not None
