"""``fru print``, against what ipmitool did in the same scenes."""

from __future__ import annotations

import pytest

from baseboard.cli.ipmitool.fru_print import every
from baseboard.cli.results.fru import Inventory
from tests.cli.ipmitool.scenes import Scene, Stage, replay, scenes


@pytest.mark.parametrize("scene", scenes("fru", only=r"fru( (print|list)( \d.*)?)?$"))
async def test_like_ipmitool(scene: Scene) -> None:
    await replay(scene)


@pytest.mark.parametrize(
    ("answer", "why"), [("d3", ": Destination unavailable"), (None, "")], ids=["refused", "silence"]
)
async def test_a_bmc_that_does_not_say_what_it_is_ends_it(answer: str | None, why: str) -> None:
    stage = Stage({"06/01": answer})
    assert await every(stage.call) == -1
    assert stage.out == "FRU Device Description : Builtin FRU Device (ID 0)\n"
    assert stage.err == f"Get Device ID command failed{why}\n"


MODULE = {
    "06/01": "0020010100022057010001" + "0000000000",
    "0a/20": "00510100000000000000000000000002",
    "0a/22": "000100",
    "0a/23": "00ffff000051110f" + "2003800000100" + "10a0100c444494d4d",
    "0a/10": "00100000",
}


@pytest.mark.parametrize("read", ["0010" + "92" * 16, "0000"], ids=["whole", "nothing more"])
async def test_a_memory_module_is_not_decoded(read: str) -> None:
    stage = Stage({**MODULE, "0a/11": read})
    assert await every(stage.call) == 0
    assert stage.out.endswith("FRU Device Description : DIMM (ID 3)\n Unsupported device\n\n")
    assert stage.results == [Inventory(id=3, name="DIMM", problem="Unsupported device")]


async def test_another_controller_is_asked_for_its_own() -> None:
    record = "00ffff000051120f" + "240000290000002e0100c4" + "5361746c"
    stage = Stage({**MODULE, "0a/23": record, "0a/10": "83"})
    assert await every(stage.call) == -1
    assert stage.out.endswith(
        "FRU Device Description : Satl            \n Device not present (Unknown (0x83))\n\n"
    )
    assert stage.results == [Inventory(id=0, name="Satl", problem="Device not present (Unknown (0x83))")]
