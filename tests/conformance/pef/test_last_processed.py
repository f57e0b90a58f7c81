"""Who has processed which events: the postpone timer and the two marks (§17.4, §17.5, §30.2 to §30.6)."""

from __future__ import annotations

import pytest

from baseboard.bmc.blueprint.pef import DestinationSpec
from baseboard.commands.sensor.pef import (
    ArmPefPostponeTimer,
    GetLastProcessedEventId,
    SetLastProcessedEventId,
)
from tests.conformance.bench import ADMIN, OPERATOR
from tests.conformance.marks import exercises
from tests.conformance.pef.alerting import RECEIVER, SENSOR_EVENT, A, Alerting, alerting

NONE = 0xFFFF


def marks(bmc: Alerting) -> tuple[int, int, int]:
    found = bmc.execute(GetLastProcessedEventId())
    return found.last_record_id, found.last_software_processed, found.last_bmc_processed


def resetting() -> Alerting:
    bmc = alerting()
    bmc.filter(A.RESET)
    return bmc


@exercises(ArmPefPostponeTimer)
def test_30_2_software_looks_at_events_first() -> None:
    bmc = resetting()
    assert bmc.execute(ArmPefPostponeTimer(timeout=20)).countdown == 20
    bmc.happen()
    bmc.advance(15)
    assert bmc.execute(ArmPefPostponeTimer(timeout=0xFF)).countdown == 5
    assert bmc.backend.calls == []
    bmc.advance(5)
    assert bmc.backend.calls == ["reset"]


@exercises(ArmPefPostponeTimer, SetLastProcessedEventId)
def test_30_2_who_keeps_up_keeps_pef_away() -> None:
    bmc = resetting()
    bmc.execute(ArmPefPostponeTimer(timeout=20))
    for record in (1, 2, 3):
        bmc.happen()
        bmc.advance(15)
        bmc.execute(SetLastProcessedEventId(record_id=record))
        assert bmc.execute(ArmPefPostponeTimer(timeout=0xFF)).countdown == 20
    bmc.advance(60)
    assert bmc.backend.calls == []


@exercises(ArmPefPostponeTimer)
def test_30_2_00h_has_pef_act_at_once_and_feh_not_at_all() -> None:
    bmc = resetting()
    bmc.execute(ArmPefPostponeTimer(timeout=20))
    bmc.happen()
    assert bmc.execute(ArmPefPostponeTimer(timeout=0)).countdown == 0
    assert bmc.backend.calls == ["reset"]
    assert bmc.execute(ArmPefPostponeTimer(timeout=0xFE)).countdown == 0xFE
    bmc.happen()
    assert bmc.backend.calls == ["reset"]
    bmc.execute(ArmPefPostponeTimer(timeout=0))
    bmc.happen()
    assert bmc.backend.calls == ["reset", "reset"]


@exercises(ArmPefPostponeTimer)
@pytest.mark.parametrize("how", ["reset", "turn_off"])
def test_30_2_a_restart_of_the_system_switches_it_off(how: str) -> None:
    bmc = resetting()
    bmc.execute(ArmPefPostponeTimer(timeout=0xFE))
    getattr(bmc.backend.power, how)()
    assert bmc.execute(ArmPefPostponeTimer(timeout=0xFF)).countdown == 0


@exercises(GetLastProcessedEventId)
def test_30_6_at_first_and_after_events() -> None:
    bmc = resetting()
    assert marks(bmc) == (NONE, NONE, NONE)
    bmc.happen()
    found = bmc.execute(GetLastProcessedEventId())
    assert (found.last_record_id, found.last_bmc_processed) == (1, 1)
    assert found.most_recent_addition == bmc.services.sel.time()


@exercises(SetLastProcessedEventId, GetLastProcessedEventId)
def test_30_5_both_marks_are_kept() -> None:
    bmc = resetting()
    for _ in range(3):
        bmc.happen()
    bmc.execute(SetLastProcessedEventId(record_id=2))
    bmc.execute(SetLastProcessedEventId(by_bmc=True, record_id=3))
    assert marks(bmc) == (3, 2, 3)
    assert marks(bmc.again()) == (3, 2, 3)


@exercises(SetLastProcessedEventId)
def test_17_5_what_was_not_processed_is_processed_after_a_restart() -> None:
    bmc = alerting(DestinationSpec(RECEIVER))
    bmc.filter(A.ALERT)
    bmc.policy()
    for _ in range(3):
        bmc.happen()
    bmc.execute(SetLastProcessedEventId(by_bmc=True, record_id=1))
    bmc.execute(SetLastProcessedEventId(record_id=2))
    again = bmc.again()
    again.advance(1)
    assert len(again.traps) == 1
    assert marks(again)[2] == len(again.services.sel)


@exercises(SetLastProcessedEventId)
def test_17_5_a_power_off_that_is_due_keeps_the_system_off() -> None:
    bmc = alerting()
    bmc.filter(A.POWER_DOWN)
    bmc.happen()
    assert bmc.backend.power is not None
    bmc.backend.power.turn_on()
    bmc.execute(SetLastProcessedEventId(by_bmc=True, record_id=NONE))
    assert not bmc.again().services.chassis.is_on()


@exercises(SetLastProcessedEventId, GetLastProcessedEventId)
def test_30_5_clearing_the_log_clears_them_and_refuses_while_it_lasts() -> None:
    bmc = resetting()
    for _ in range(40):
        bmc.happen()
    bmc.execute(SetLastProcessedEventId(record_id=2))
    bmc.services.sel.clear()
    assert bmc.raw(SENSOR_EVENT, 0x15) == b"\x81"
    assert bmc.raw(SENSOR_EVENT, 0x14, b"\0\x01\0") == b"\x81"
    bmc.advance(1)
    assert marks(bmc)[1:] == (NONE, NONE)


@pytest.mark.parametrize(("cmd", "data"), [(0x11, "FF"), (0x14, "000100"), (0x15, "")])
def test_appendix_g_only_administrators_may(cmd: int, data: str) -> None:
    bmc = alerting()
    for user in (ADMIN, OPERATOR):
        answer = bmc.in_v20(user, level=user.privilege).ask(SENSOR_EVENT, cmd, bytes.fromhex(data))
        assert answer is not None
        assert (answer[0] == 0xD4) == (user is OPERATOR)
