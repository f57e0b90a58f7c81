"""HPM.1: preparation, upgrade and activation of firmware, and what interrupts them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from baseboard.commands.app.device import GetDeviceId
from baseboard.commands.declaration import Request
from baseboard.commands.groups.hpm import (
    AbortFirmwareUpgrade,
    ActivateFirmware,
    FinishFirmwareUpload,
    GetComponentProperties,
    GetTargetUpgradeCapabilities,
    GetUpgradeStatus,
    HpmAction,
    HpmProperty,
    InitiateManualRollback,
    InitiateUpgradeAction,
    QueryRollbackStatus,
    QuerySelfTestResults,
    UploadFirmwareBlock,
)
from tests.bmc.harness import make_bmc
from tests.bmc.services.upgrading import (
    LONG,
    SPEC,
    activate,
    begin,
    blocks,
    board,
    code,
    finish,
    firmware,
    upload,
)
from tests.conformance.hpm.boards import ADMINISTRATOR, LAN, OPERATOR, USER, levels, running, told
from tests.conformance.marks import exercises

LOOKS = (
    GetTargetUpgradeCapabilities(),
    GetComponentProperties(component=0, selector=HpmProperty.GENERAL),
    GetUpgradeStatus(),
    QuerySelfTestResults(),
    QueryRollbackStatus(),
)
CHANGES = (
    AbortFirmwareUpgrade(),
    InitiateUpgradeAction(components=1, action=HpmAction.UPLOAD_FOR_UPGRADE),
    UploadFirmwareBlock(number=0, data=b"x"),
    FinishFirmwareUpload(component=0, length=1),
    ActivateFirmware(),
    InitiateManualRollback(),
)


@exercises(GetTargetUpgradeCapabilities)
def test_3_2_capabilities_tell_what_there_is_and_how_long_it_takes() -> None:
    found = board(replace(SPEC, undesirable=True)).execute(GetTargetUpgradeCapabilities())
    assert (found.version, found.components) == (0, 0b111)
    assert found.capabilities == 0x80 | 0x40 | 0x10 | 0x04 | 0x02 | 0x01
    assert found.upgrade_timeout * 5 == SPEC.upgrade_timeout_s
    assert code(make_bmc(), GetTargetUpgradeCapabilities()) == 0xC1


@exercises(GetComponentProperties)
def test_3_2_properties_follow_what_an_upgrade_does() -> None:
    bench = board()
    version, backup, deferred = (
        HpmProperty.CURRENT_VERSION, HpmProperty.ROLLBACK_VERSION, HpmProperty.DEFERRED_VERSION,
    )  # fmt: skip
    assert [told(bench, 0, one) for one in (version, backup, deferred)] == [
        "010000000000",
        "ff" * 6,
        "ff" * 6,
    ]
    upload(bench)
    assert [told(bench, 0, one) for one in (version, deferred)] == ["010000000000", "032100000000"]
    activate(bench)
    assert [told(bench, 0, one) for one in (version, backup, deferred)] == [
        "032100000000", "010000000000", "ff" * 6,
    ]  # fmt: skip


@exercises(InitiateUpgradeAction, UploadFirmwareBlock, FinishFirmwareUpload, ActivateFirmware, GetDeviceId)
def test_3_3_what_was_uploaded_and_activated_is_what_get_device_id_tells() -> None:
    bench = board()
    data = firmware(7, "05")
    assert begin(bench) == 0
    blocks(bench, data, 23)
    assert finish(bench, 0, len(data)) == 0x80
    assert running(bench) == "1.00"
    assert activate(bench) == 0x80
    assert running(bench) == "7.05"
    assert running(bench.reopen()) == "7.05"


@exercises(GetUpgradeStatus, InitiateUpgradeAction)
def test_3_3_a_long_command_is_in_progress_until_it_has_ended() -> None:
    bench = board()
    assert begin(bench, 0, HpmAction.PREPARE) == 0x80
    found = bench.execute(GetUpgradeStatus())
    assert (found.last_command, found.completion_code) == (0x31, 0x80)
    assert bench.execute(GetDeviceId()).updating
    bench.advance(LONG)
    assert bench.execute(GetUpgradeStatus()).completion_code == 0
    assert not bench.execute(GetDeviceId()).updating


@exercises(UploadFirmwareBlock)
def test_3_3_blocks_are_numbered_and_one_sent_twice_is_taken_once() -> None:
    bench = board()
    data = firmware(content=b"")
    begin(bench)
    assert code(bench, UploadFirmwareBlock(number=1, data=data)) == 0x81
    for _ in range(2):
        assert code(bench, UploadFirmwareBlock(number=0, data=data)) == 0
    assert finish(bench, 0, len(data)) == 0x80


@exercises(FinishFirmwareUpload, GetUpgradeStatus)
@pytest.mark.parametrize(("more", "spoiled", "found"), [(1, False, 0x81), (0, True, 0x82)])
def test_3_3_an_image_of_another_length_or_that_does_not_add_up_is_not_kept(
    more: int, spoiled: bool, found: int
) -> None:
    bench = board()
    data = firmware()
    begin(bench)
    blocks(bench, data[:-1] + b"?" if spoiled else data)
    answered = finish(bench, 0, len(data) + more)
    assert found in (answered, bench.execute(GetUpgradeStatus()).completion_code)
    assert told(bench, 0, HpmProperty.DEFERRED_VERSION) == "ff" * 6


@exercises(InitiateUpgradeAction, FinishFirmwareUpload)
@pytest.mark.parametrize(("data", "found"), [(firmware(1, "00", content=b""), 0), (firmware(), 0x83)])
def test_3_3_a_comparison_tells_of_differences(data: bytes, found: int) -> None:
    bench = board()
    begin(bench, 0, HpmAction.UPLOAD_FOR_COMPARE)
    blocks(bench, data)
    assert finish(bench, 0, len(data)) == found
    assert running(bench) == "1.00"


@exercises(InitiateUpgradeAction)
def test_3_3_a_backup_makes_what_runs_the_rollback_copy() -> None:
    bench = board()
    begin(bench, 0, HpmAction.BACKUP)
    bench.advance(LONG)
    assert told(bench, 0, HpmProperty.ROLLBACK_VERSION) == "010000000000"


@exercises(AbortFirmwareUpgrade)
def test_3_3_an_abort_leaves_what_was_active() -> None:
    bench = board()
    upload(bench)
    begin(bench, 1)
    bench.execute(AbortFirmwareUpgrade())
    assert code(bench, UploadFirmwareBlock(number=0, data=b"x")) == 0xD5
    assert activate(bench) == 0xD5
    assert running(bench) == "1.00"


@exercises(ActivateFirmware, QuerySelfTestResults, QueryRollbackStatus)
def test_3_4_firmware_that_fails_its_self_test_is_rolled_back() -> None:
    bench = board()
    upload(bench, data=firmware(passes=False))
    activate(bench)
    assert bench.execute(QuerySelfTestResults()).result == 0x57
    assert bench.execute(QueryRollbackStatus()).components == 1
    assert running(bench) == "1.00"


@exercises(ActivateFirmware, QueryRollbackStatus)
def test_3_4_unless_the_console_overrides_that() -> None:
    bench = board()
    upload(bench, data=firmware(passes=False))
    activate(bench, 1)
    assert code(bench, QueryRollbackStatus()) == 0x82
    assert running(bench) == "3.21"


@exercises(QuerySelfTestResults)
def test_3_4_without_an_activation_there_is_no_result() -> None:
    bench = board()
    assert code(bench, QuerySelfTestResults()) == 0xD5
    upload(bench)
    activate(bench)
    assert bench.execute(QuerySelfTestResults()).result == 0x55


@exercises(InitiateManualRollback, QueryRollbackStatus)
def test_3_4_a_rollback_by_hand() -> None:
    bench = board()
    assert code(bench, InitiateManualRollback()) == 0x83
    upload(bench)
    activate(bench)
    assert code(bench, InitiateManualRollback()) == 0x80
    assert code(bench, QueryRollbackStatus()) == 0x80
    bench.advance(LONG)
    assert bench.execute(QueryRollbackStatus()).components == 1
    assert running(bench) == "1.00"


@exercises(UploadFirmwareBlock, ActivateFirmware)
def test_whatever_ends_the_controller_leaves_the_old_firmware_or_the_new() -> None:
    data = firmware(7, "05")
    for step in range(6):
        bench = board()
        begin(bench)
        if step == 0:
            blocks(bench, data[: len(data) // 2])
        else:
            blocks(bench, data)
            if step > 1:
                finish(bench, 0, len(data))
            if step > 2:
                code(bench, ActivateFirmware())
                bench.advance((0.0, 0.5, LONG)[step - 3])
        again = bench.reopen()
        assert running(again) == ("7.05" if step == 5 else "1.00")
        assert code(again, AbortFirmwareUpgrade()) == 0
        upload(again, data=firmware(8))
        activate(again)
        assert running(again) == "8.21"


@exercises(*(type(one) for one in LOOKS))
@pytest.mark.parametrize("request_", LOOKS, ids=lambda one: type(one).__name__)
def test_a_user_may_look(request_: Request[Any]) -> None:
    bench = board()
    assert levels(bench, request_) == [USER, OPERATOR, ADMINISTRATOR]
    for one in LOOKS:
        code(bench, one)


@exercises(*(type(one) for one in CHANGES))
@pytest.mark.parametrize("request_", CHANGES, ids=lambda one: type(one).__name__)
def test_an_administrator_may_change(request_: Request[Any]) -> None:
    bench = board()
    assert levels(bench, request_) == [ADMINISTRATOR]
    for one in CHANGES:
        code(bench, one, channel=LAN, privilege=ADMINISTRATOR)
