"""The upgrade as the controller sees it: phases, long commands, activation, rollback, time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from baseboard.bmc.blueprint import HpmSpec
from baseboard.codes import Cc, ChassisControl, RestartCause
from baseboard.commands.app.device import ColdReset, GetDeviceId
from baseboard.commands.chassis.control import GetChassisStatus
from baseboard.commands.groups.hpm import (
    AbortFirmwareUpgrade,
    ActivateFirmware,
    FinishFirmwareUpload,
    GetUpgradeStatus,
    HpmAction,
    InitiateManualRollback,
    InitiateUpgradeAction,
    QueryRollbackStatus,
    QuerySelfTestResults,
    UploadFirmwareBlock,
)
from baseboard.errors import CompletionError
from tests.bmc.harness import Bench
from tests.bmc.services.upgrading import (
    LONG,
    SIZE,
    SPEC,
    activate,
    begin,
    blocks,
    board,
    code,
    finish,
    firmware,
    upload,
    versions,
)

D5 = int(Cc.NOT_SUPPORTED_IN_STATE)
BUSY = int(Cc.NODE_BUSY)


def status(bench: Bench) -> tuple[int, int]:
    found = bench.execute(GetUpgradeStatus())
    return found.last_command, found.completion_code


def test_an_upgrade() -> None:
    bench = board()
    assert versions(bench) == ("1.00", "", "")
    upload(bench)
    assert versions(bench) == ("1.00", "", "3.21")
    assert activate(bench) == 0x80
    assert versions(bench) == ("3.21", "1.00", "")
    found = bench.execute(GetDeviceId())
    assert (found.firmware_major, found.firmware_minor, found.aux_firmware) == (3, "21", bytes(4))
    assert bench.execute(QuerySelfTestResults()).result == 0x55
    assert bench.execute(QueryRollbackStatus()).components == 0


def test_a_controller_that_was_never_upgraded_says_what_it_always_said() -> None:
    found = board().execute(GetDeviceId())
    assert (found.firmware_major, found.firmware_minor, found.aux_firmware) == (1, "00", None)
    without = replace(SPEC, components=SPEC.components[1:])
    bench = board(without)
    upload(bench, 1)
    activate(bench)
    assert bench.execute(GetDeviceId()).firmware_major == 1


@pytest.mark.parametrize("action", [HpmAction.BACKUP, HpmAction.PREPARE])
def test_what_takes_long_is_answered_80h_and_asked_for(action: HpmAction) -> None:
    bench = board()
    assert begin(bench, 0, action) == 0x80
    assert status(bench) == (0x31, 0x80)
    assert bench.execute(GetDeviceId()).updating
    for request, refused in (
        (InitiateUpgradeAction(components=1, action=HpmAction.PREPARE), BUSY),
        (UploadFirmwareBlock(number=0, data=b"x"), BUSY),
        (FinishFirmwareUpload(component=0, length=1), BUSY),
        (ActivateFirmware(), BUSY),
        (InitiateManualRollback(), BUSY),
        (AbortFirmwareUpgrade(), 0x80),
    ):
        assert code(bench, request) == refused
    bench.advance(LONG)
    assert status(bench) == (0x31, 0)
    assert not bench.execute(GetDeviceId()).updating


def test_a_controller_may_be_quick() -> None:
    bench = board(replace(SPEC, step_s=0.0, activation_s=0.0))
    assert begin(bench, 0, HpmAction.PREPARE) == 0
    data = firmware()
    begin(bench, 2)
    blocks(bench, data)
    assert code(bench, FinishFirmwareUpload(component=2, length=len(data))) == 0
    assert code(bench, ActivateFirmware()) == 0
    assert versions(bench, 2)[0] == "3.21"
    assert status(bench) == (0x35, 0)


def test_a_backup_is_what_runs() -> None:
    bench = board()
    assert begin(bench, 0, HpmAction.BACKUP) == 0x80
    bench.advance(LONG)
    assert versions(bench) == ("1.00", "1.00", "")


def test_to_prepare_throws_away_what_waited() -> None:
    bench = board()
    upload(bench)
    begin(bench, 0, HpmAction.PREPARE)
    bench.advance(LONG)
    assert versions(bench) == ("1.00", "", "")


@pytest.mark.parametrize(
    ("components", "action", "refused"),
    [
        (0, HpmAction.PREPARE, 0x81),
        (8, HpmAction.PREPARE, 0x81),
        (4, HpmAction.PREPARE, 0x81),
        (4, HpmAction.BACKUP, 0x81),
        (4, HpmAction.UPLOAD_FOR_COMPARE, 0x81),
        (3, HpmAction.UPLOAD_FOR_UPGRADE, 0xCC),
        (1, HpmAction(4), 0xCC),
    ],
)
def test_what_cannot_be_begun(components: int, action: HpmAction, refused: int) -> None:
    assert code(board(), InitiateUpgradeAction(components=components, action=action)) == refused


def test_blocks_come_in_the_order_of_their_numbers_which_begin_anew_after_255() -> None:
    bench = board()
    begin(bench)
    assert code(bench, UploadFirmwareBlock(number=1, data=b"x")) == 0x81
    for number in range(258):
        assert code(bench, UploadFirmwareBlock(number=number & 0xFF, data=b"x")) == 0
    assert code(bench, UploadFirmwareBlock(number=0, data=b"x")) == 0x81


def test_a_block_sent_again_is_taken_once() -> None:
    bench = board()
    data = firmware(content=b"")
    begin(bench)
    for number, start in enumerate(range(0, len(data), 10)):
        for _ in range(2):
            bench.execute(UploadFirmwareBlock(number=number, data=data[start : start + 10]))
    assert code(bench, UploadFirmwareBlock(number=1, data=b"other data")) == 0x81
    assert finish(bench, 0, len(data)) == 0x80
    assert status(bench) == (0x33, 0)


def test_blocks_that_do_not_fit() -> None:
    bench = board()
    begin(bench)
    assert code(bench, UploadFirmwareBlock(number=0, data=b"")) == Cc.INVALID_LENGTH
    blocks(bench, bytes(SIZE))
    assert code(bench, UploadFirmwareBlock(number=SIZE // 200 & 0xFF, data=b"x")) == Cc.OUT_OF_SPACE


def test_the_end_of_an_upload_is_checked() -> None:
    bench = board()
    data = firmware()
    for component, length, refused in ((1, len(data), 0xCC), (0, len(data) + 1, 0x81)):
        begin(bench)
        blocks(bench, data)
        assert finish(bench, component, length) == refused
    begin(bench)
    blocks(bench, data[:-1] + b"?")
    assert finish(bench, 0, len(data)) == 0x80
    assert status(bench) == (0x33, 0x82)
    assert versions(bench) == ("1.00", "", "")
    begin(bench)
    blocks(bench, b"no firmware")
    finish(bench, 0, 11)
    assert status(bench) == (0x33, 0x82)


def test_a_comparison_is_answered_at_once_and_keeps_nothing() -> None:
    bench = board()
    same = firmware(1, "00", content=b"")
    for data, expected in ((same, 0), (firmware(1, "00"), 0x83)):
        begin(bench, 0, HpmAction.UPLOAD_FOR_COMPARE)
        blocks(bench, data)
        assert code(bench, FinishFirmwareUpload(component=0, length=len(data))) == expected
        assert versions(bench) == ("1.00", "", "")
    upload(bench)
    begin(bench, 0, HpmAction.UPLOAD_FOR_COMPARE)
    bench.execute(AbortFirmwareUpgrade())
    assert versions(bench) == ("1.00", "", "")


@pytest.mark.parametrize(
    "request_", [UploadFirmwareBlock(number=0, data=b"x"), FinishFirmwareUpload(component=0, length=1)]
)
def test_what_is_not_under_way_cannot_go_on(request_: Any) -> None:
    assert code(board(), request_) == D5


@pytest.mark.parametrize("request_", [ActivateFirmware(), InitiateManualRollback()])
def test_what_is_under_way_has_to_end_first(request_: Any) -> None:
    bench = board()
    begin(bench)
    assert code(bench, request_) == D5


def test_a_new_upload_takes_the_place_of_one_that_was_left() -> None:
    bench = board()
    begin(bench)
    blocks(bench, firmware()[:700])
    upload(bench)
    assert versions(bench)[2] == "3.21"


def test_an_abort_throws_away_what_is_not_active() -> None:
    bench = board()
    assert code(bench, AbortFirmwareUpgrade()) == 0
    upload(bench)
    begin(bench, 1)
    assert code(bench, AbortFirmwareUpgrade()) == 0
    assert versions(bench) == ("1.00", "", "")
    assert code(bench, UploadFirmwareBlock(number=0, data=b"x")) == D5
    assert not bench.execute(GetDeviceId()).updating


def test_an_upload_that_pauses_too_long_is_given_up() -> None:
    bench = board()
    begin(bench)
    bench.advance(50)
    assert code(bench, UploadFirmwareBlock(number=0, data=b"x")) == 0
    bench.advance(50)
    assert code(bench, UploadFirmwareBlock(number=1, data=b"x")) == 0
    bench.advance(61)
    assert code(bench, UploadFirmwareBlock(number=2, data=b"x")) == D5


def test_nothing_to_activate() -> None:
    bench = board()
    assert activate(bench) == D5
    upload(bench)
    assert activate(bench, 2) == 0xCC


def ask(bench: Bench, request: Any) -> bytes | None:
    """An answer, if there is one."""
    answers: list[bytes] = []

    class Incoming:
        netfn, lun, cmd = request.command.netfn, 0, request.command.cmd
        data = (b"" if request.command.group is None else bytes((request.command.group,))) + request.encode()

    bench.controller.handle(Incoming(), bench.origin(), answers.append)
    return answers[0] if answers else None


def test_nobody_is_answered_while_the_controller_starts_anew() -> None:
    bench = board()
    upload(bench)
    assert code(bench, ActivateFirmware()) == 0x80
    assert status(bench) == (0x35, 0x80)
    assert code(bench, QuerySelfTestResults()) == 0x80
    assert code(bench, QueryRollbackStatus()) == 0x80
    assert code(bench, AbortFirmwareUpgrade()) == 0x80
    bench.advance(0.1)
    assert ask(bench, GetDeviceId()) is None
    assert ask(bench, GetChassisStatus()) is None
    bench.advance(1)
    assert ask(bench, GetDeviceId()) is not None
    assert status(bench) == (0x35, 0)


def test_other_components_leave_the_controller_reachable() -> None:
    bench = board()
    upload(bench, 2)
    assert code(bench, ActivateFirmware()) == 0x80
    bench.advance(0.5)
    assert ask(bench, GetDeviceId()) is not None
    assert versions(bench, 2)[0] == "1.00"
    bench.advance(1)
    assert versions(bench, 2) == ("3.21", "", "")


def test_several_components_go_over_together() -> None:
    bench = board()
    upload(bench, 0)
    upload(bench, 2)
    activate(bench)
    assert (versions(bench, 0)[0], versions(bench, 2)[0]) == ("3.21", "3.21")


def test_what_the_host_runs_waits_for_its_reset() -> None:
    bench = board()
    bench.backend.switch.turn_on()
    upload(bench, 1)
    assert activate(bench) == 0
    assert status(bench) == (0x35, 0)
    assert versions(bench, 1) == ("1.05", "", "3.21")
    assert activate(bench) == D5
    bench.services.chassis.control(ChassisControl.HARD_RESET, RestartCause.CHASSIS_CONTROL)
    assert versions(bench, 1) == ("3.21", "1.05", "")


def test_what_the_host_runs_begins_at_once_while_it_is_off() -> None:
    bench = board()
    upload(bench, 1)
    activate(bench)
    assert versions(bench, 1) == ("3.21", "1.05", "")


def test_firmware_that_fails_gives_way_to_the_backup() -> None:
    bench = board()
    upload(bench, data=firmware(passes=False))
    activate(bench)
    assert versions(bench) == ("1.00", "", "")
    assert bench.execute(QuerySelfTestResults()).result == 0x57
    assert bench.execute(QueryRollbackStatus()).components == 1


def test_unless_the_console_wants_it_all_the_same() -> None:
    bench = board()
    upload(bench, data=firmware(passes=False))
    activate(bench, 1)
    assert versions(bench)[0] == "3.21"
    assert code(bench, QueryRollbackStatus()) == 0x82


@pytest.mark.parametrize(("spec", "component"), [(SPEC, 2), (replace(SPEC, automatic_rollback=False), 0)])
def test_or_there_is_nothing_to_go_back_to(spec: HpmSpec, component: int) -> None:
    bench = board(spec)
    upload(bench, component, firmware(passes=False))
    activate(bench)
    assert versions(bench, component)[0] == "3.21"
    assert code(bench, QueryRollbackStatus()) == 0x81


def test_back_and_forth_by_hand() -> None:
    bench = board()
    assert code(bench, InitiateManualRollback()) == 0x83
    upload(bench)
    activate(bench)
    for expected in (("1.00", "3.21", ""), ("3.21", "1.00", "")):
        assert code(bench, InitiateManualRollback()) == 0x80
        assert status(bench) == (0x38, 0x80)
        bench.advance(LONG)
        assert versions(bench) == expected
        assert bench.execute(QueryRollbackStatus()).components == 1
    assert code(board(replace(SPEC, manual_rollback=False)), InitiateManualRollback()) == 0x83


def test_a_controller_tells_of_its_last_test_after_a_restart_too() -> None:
    bench = board()
    assert code(bench, QuerySelfTestResults()) == D5
    upload(bench, data=firmware(passes=False))
    activate(bench)
    again = bench.reopen()
    assert again.execute(QuerySelfTestResults()).result == 0x57
    assert again.execute(QueryRollbackStatus()).components == 1


def test_a_crash_in_the_middle_of_an_upload_leaves_the_old_one_and_a_new_upgrade_works() -> None:
    bench = board()
    begin(bench)
    blocks(bench, firmware()[:8000])
    again = bench.reopen()
    assert versions(again) == ("1.00", "", "")
    assert code(again, UploadFirmwareBlock(number=40, data=b"x")) == D5
    upload(again)
    activate(again)
    assert versions(again.reopen()) == ("3.21", "1.00", "")


def test_a_crash_during_the_activation_comes_back_with_the_old_one_and_what_waited() -> None:
    bench = board()
    upload(bench)
    assert code(bench, ActivateFirmware()) == 0x80
    bench.advance(0.5)
    again = bench.reopen()
    assert versions(again) == ("1.00", "", "3.21")
    activate(again)
    assert versions(again) == ("3.21", "1.00", "")


def test_what_waits_for_the_host_still_does_after_a_crash() -> None:
    bench = board()
    bench.backend.switch.turn_on()
    upload(bench, 1)
    activate(bench)
    again = bench.reopen()
    again.backend.switch.turn_on()
    assert versions(again, 1)[0] == "3.21"


def test_a_reset_of_the_controller_ends_an_upload_and_what_cannot_wait() -> None:
    bench = board()
    upload(bench, 0)
    upload(bench, 2)
    begin(bench, 1)
    bench.execute(ColdReset())
    bench.advance(LONG)
    assert (versions(bench, 0)[2], versions(bench, 2)[2]) == ("3.21", "")
    assert code(bench, UploadFirmwareBlock(number=0, data=b"x")) == D5
    assert not bench.execute(GetDeviceId()).updating


def test_what_cannot_wait_is_gone_after_a_restart() -> None:
    bench = board()
    upload(bench, 2)
    assert versions(bench, 2)[2] == "3.21"
    assert versions(bench.reopen(), 2) == ("1.00", "", "")


def test_a_component_that_there_is_not() -> None:
    with pytest.raises(CompletionError):
        board().services.hpm.component(5)
