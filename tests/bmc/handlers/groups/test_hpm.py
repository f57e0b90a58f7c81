"""Firmware upgrades as commands: capabilities, properties, and who may do what."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from baseboard.bmc.blueprint import HpmComponentSpec, HpmSpec
from baseboard.bmc.dispatch import handlers
from baseboard.commands.declaration import Request, commands
from baseboard.commands.groups.hpm import (
    AbortFirmwareUpgrade,
    ActivateFirmware,
    FinishFirmwareUpload,
    GetComponentProperties,
    GetTargetUpgradeCapabilities,
    GetUpgradeStatus,
    HpmAction,
    HpmCapability,
    HpmGeneral,
    HpmProperty,
    InitiateManualRollback,
    InitiateUpgradeAction,
    QueryRollbackStatus,
    QuerySelfTestResults,
    UploadFirmwareBlock,
)
from tests.bmc.harness import make_bmc
from tests.bmc.services.upgrading import SPEC, activate, board, code, upload

ALL = HpmCapability.SELF_TEST | HpmCapability.AUTOMATIC_ROLLBACK | HpmCapability.ROLLBACK_OVERRIDE
REST = HpmCapability.MANUAL_ROLLBACK | HpmCapability.DEFERRED_ACTIVATION


def test_time_outs_are_rounded_up_to_units_of_five_seconds() -> None:
    found = board(replace(SPEC, upgrade_timeout_s=61)).execute(GetTargetUpgradeCapabilities())
    assert (found.upgrade_timeout, found.self_test_timeout) == (13, 3)
    assert (found.rollback_timeout, found.inaccessibility_timeout, found.components) == (6, 6, 7)


@pytest.mark.parametrize(
    ("spec", "flags"),
    [
        (SPEC, ALL | REST),
        (replace(SPEC, automatic_rollback=False, manual_rollback=False), HpmCapability(0x11)),
        (replace(SPEC, services_affected=True, undesirable=True), ALL | REST | HpmCapability(0x88)),
        (
            HpmSpec(components=(HpmComponentSpec(0, "x", deferred=False),)),
            ALL | HpmCapability.MANUAL_ROLLBACK,
        ),
    ],
)
def test_capabilities(spec: HpmSpec, flags: HpmCapability) -> None:
    assert board(spec).execute(GetTargetUpgradeCapabilities()).capabilities == flags


def test_properties() -> None:
    bench = board()

    def found(component: int, selector: HpmProperty) -> bytes:
        return bench.execute(GetComponentProperties(component=component, selector=selector)).data

    assert found(0, HpmProperty.GENERAL)[0] == 0x1D
    assert HpmGeneral.PAYLOAD_COLD_RESET in HpmGeneral(found(1, HpmProperty.GENERAL)[0])
    assert found(2, HpmProperty.GENERAL) == b"\0"
    assert found(1, HpmProperty.DESCRIPTION) == b"BIOS" + bytes(8)
    assert found(1, HpmProperty.CURRENT_VERSION) == bytes.fromhex("01 05 00000000")
    assert found(0, HpmProperty.ROLLBACK_VERSION) == found(0, HpmProperty.DEFERRED_VERSION) == b"\xff" * 6
    upload(bench)
    assert found(0, HpmProperty.DEFERRED_VERSION) == bytes.fromhex("03 21 00000000")
    activate(bench)
    assert found(0, HpmProperty.ROLLBACK_VERSION) == bytes.fromhex("01 00 00000000")


@pytest.mark.parametrize(
    ("component", "selector", "refused"),
    [(3, 0, 0x82), (2, 3, 0x83), (2, 4, 0x83), (0, 5, 0x83), (0, 0xC0, 0x83)],
)
def test_properties_that_there_are_not(component: int, selector: int, refused: int) -> None:
    request = GetComponentProperties(component=component, selector=HpmProperty(selector))
    assert code(board(), request) == refused


@pytest.mark.parametrize(
    "request_",
    [
        AbortFirmwareUpgrade(),
        InitiateUpgradeAction(components=1, action=HpmAction.PREPARE),
        UploadFirmwareBlock(number=0, data=b"x"),
        FinishFirmwareUpload(component=0, length=0),
        ActivateFirmware(),
        InitiateManualRollback(),
        GetUpgradeStatus(),
        QuerySelfTestResults(),
        QueryRollbackStatus(),
    ],
    ids=lambda one: type(one).__name__,
)
def test_a_bmc_without_components_knows_none_of_them(request_: Request[Any]) -> None:
    assert code(make_bmc(), request_) == 0xC1


def test_every_command_of_the_document_has_its_handler() -> None:
    answered = {entry.request for entry in handlers.table.values()}
    assert {one.request for one in commands() if one.section.startswith("HPM.1")} <= answered
