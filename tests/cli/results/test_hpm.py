"""What `hpm` notes for ``--json``."""

from __future__ import annotations

from pathlib import Path

from baseboard.bmc.blueprint import HpmComponentSpec, HpmSpec
from baseboard.cli.json_output import value
from baseboard.cli.results import shapes
from baseboard.cli.results.hpm import (
    BuiltImage,
    ComponentProperty,
    FirmwareComponent,
    FirmwareDone,
    FirmwareUpload,
    RolledBack,
    SelfTestOfFirmware,
    UpgradeStatus,
    UpgradeTarget,
)
from tests.cli.ipmitool.upgrading import Board, board, hpm, write


async def found(controller: Board, *words: str) -> list[object]:
    told = await hpm(controller, *words)
    assert told.code == 0, told.err
    return told.results


async def test_every_verb_has_its_shape(tmp_path: Path) -> None:
    controller = board()
    image = write(tmp_path, "0=4.21")
    assert await found(controller, "check") == [
        FirmwareComponent(
            component=0, name="BMC", active="1.00", backup=None, deferred=None, image=None, upgradable=None
        )
    ]
    (target,) = await found(controller, "targetcap")
    assert isinstance(target, UpgradeTarget)
    assert (target.components, target.self_test, target.degraded, target.upgrade_timeout_s) == (
        [0],
        True,
        False,
        60,
    )
    assert await found(controller, "compprop", "0", "1") == [
        ComponentProperty(component=0, selector=1, data="010000000000")
    ]
    assert await found(controller, "upgrade", image) == [
        FirmwareUpload(component=0, name="BMC", version="4.21", uploaded=20, same=None)
    ]
    assert await found(controller, "upgstatus") == [UpgradeStatus(command=0x33, completion_code=0)]
    assert await found(controller, "activate") == [FirmwareDone(verb="activate")]
    assert await found(controller, "selftestresult") == [SelfTestOfFirmware(result=0x55, details=0)]
    assert await found(controller, "rollback") == [RolledBack(components=1)]
    assert await found(controller, "rollbackstatus") == [RolledBack(components=1)]
    assert await found(controller, "abort") == [FirmwareDone(verb="abort")]
    (compared,) = await found(controller, "compare", image)
    assert isinstance(compared, FirmwareUpload)
    assert compared.same is False


async def test_versions_that_there_are_not(tmp_path: Path) -> None:
    controller = board(HpmSpec(components=(HpmComponentSpec(0, "BMC", rollback=False),)))
    (one,) = await found(controller, "check", write(tmp_path, "0=4.21"))
    assert value(one) == {
        "component": 0, "name": "BMC", "active": "1.00", "backup": None, "deferred": None, "image": "4.21",
        "upgradable": True,
    }  # fmt: skip


def test_shapes_are_registered() -> None:
    assert shapes()["hpm check"] is FirmwareComponent
    assert shapes()["hpm upgrade"] is shapes()["hpm compare"] is FirmwareUpload
    assert shapes()["firmware build"] is BuiltImage
