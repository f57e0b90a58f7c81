"""PEF at work: an event comes in by a command, and something is done about it (§17, §30.1 to §30.4)."""

from __future__ import annotations

import pytest

from baseboard.bmc.blueprint.pef import DestinationSpec
from baseboard.codes import SensorType
from baseboard.commands.parameters import pef as p
from baseboard.commands.sensor.events import PlatformEvent
from baseboard.commands.sensor.pef import (
    GetPefCapabilities,
    GetPefConfigurationParameters,
    SetPefConfigurationParameters,
)
from baseboard.errors import CompletionError
from tests.conformance.bench import ADMIN, OPERATOR, VIEWER
from tests.conformance.marks import exercises
from tests.conformance.pef.alerting import FREE, RECEIVER, SENSOR_EVENT, A, alerting, temperature


@exercises(GetPefCapabilities)
def test_30_1_what_it_says_that_it_can_do_it_does() -> None:
    bmc = alerting()
    known = bmc.execute(GetPefCapabilities())
    assert known.pef_version == 0x51
    assert known.event_filter_entries == bmc.get(5)[0] == 16
    assert known.actions == A.ALERT | A.POWER_DOWN | A.RESET | A.POWER_CYCLE | A.DIAGNOSTIC_INTERRUPT
    calls = {A.POWER_DOWN: "turn_off", A.RESET: "reset", A.DIAGNOSTIC_INTERRUPT: "diagnostic_interrupt"}
    for action, call in calls.items():
        one = alerting()
        one.filter(action)
        one.happen()
        assert one.backend.calls == [call]


def test_30_1_a_bmc_without_power_lines_can_only_alert() -> None:
    bmc = alerting()
    bmc.backend.power = None
    bmc.services.pef.oem_action = lambda event, one: None
    assert bmc.execute(GetPefCapabilities()).actions == A.ALERT | A.OEM


@exercises(SetPefConfigurationParameters, PlatformEvent)
@pytest.mark.parametrize("way", ["system interface", "v1.5", "v2.0"])
def test_17_events_are_filtered_whichever_way_they_come(way: str) -> None:
    bmc = alerting()
    bmc.filter(A.RESET)
    if way == "system interface":
        bmc.happen()
    else:
        console = bmc.in_v15(OPERATOR, level=3) if way == "v1.5" else bmc.in_v20(OPERATOR, level=3)
        console.execute(temperature())
    assert bmc.backend.calls == ["reset"]


@exercises(SetPefConfigurationParameters)
def test_30_3_parameter_1_disabled_nothing_happens() -> None:
    bmc = alerting()
    bmc.filter(A.RESET)
    bmc.put(p.PefControl(enabled=False))
    bmc.happen()
    assert bmc.backend.calls == []


@exercises(SetPefConfigurationParameters)
def test_30_3_parameter_1_an_action_is_an_event_itself() -> None:
    bmc = alerting()
    bmc.filter(A.RESET | A.ALERT)
    bmc.put(p.PefControl(enabled=True, event_messages_enabled=True))
    bmc.happen()
    record, _ = bmc.services.sel.read(2)
    assert (record[10], record[12] & 0x7F, record[13] & 0xF, record[14]) == (0x12, 0x6F, 4, 0x05)


@exercises(SetPefConfigurationParameters)
def test_30_3_parameter_2_an_action_that_is_off_is_not_done() -> None:
    bmc = alerting()
    bmc.filter(A.RESET | A.DIAGNOSTIC_INTERRUPT)
    bmc.put(p.PefActionGlobalControl(actions=A.DIAGNOSTIC_INTERRUPT))
    bmc.happen()
    assert bmc.backend.calls == ["diagnostic_interrupt"]


@exercises(SetPefConfigurationParameters)
def test_30_3_parameters_3_and_4_delays_after_the_system_started() -> None:
    bmc = alerting(DestinationSpec(RECEIVER))
    bmc.filter(A.DIAGNOSTIC_INTERRUPT | A.ALERT)
    bmc.policy()
    control = p.PefControl(enabled=True, startup_delay_enabled=True, alert_startup_delay_enabled=True)
    bmc.put(control, p.PefStartupDelay(delay=10), p.PefAlertStartupDelay(delay=20))
    assert bmc.backend.power is not None
    bmc.backend.power.reset()
    bmc.backend.calls.clear()
    bmc.happen()
    bmc.advance(9)
    assert (bmc.backend.calls, bmc.traps) == ([], [])
    bmc.advance(1)
    assert (bmc.backend.calls, bmc.traps) == (["diagnostic_interrupt"], [])
    bmc.advance(10)
    assert len(bmc.traps) == 1


@exercises(SetPefConfigurationParameters)
def test_30_3_parameter_7_switches_a_filter_alone() -> None:
    bmc = alerting()
    bmc.filter(A.RESET)
    bmc.put(p.EventFilterTableData1(filter_number=FREE, enabled=False))
    bmc.happen()
    assert bmc.backend.calls == []
    bmc.put(p.EventFilterTableData1(filter_number=FREE, enabled=True))
    bmc.happen()
    assert bmc.backend.calls == ["reset"]
    assert bmc.get(6, FREE)[2] == A.RESET


@exercises(SetPefConfigurationParameters, GetPefConfigurationParameters)
def test_30_3_parameter_10_traps_carry_another_guid() -> None:
    bmc = alerting(DestinationSpec(RECEIVER))
    bmc.filter(A.ALERT)
    bmc.policy()
    bmc.put(p.SystemGuid(use_this_guid=True, guid=bytes(range(16))))
    bmc.happen()
    bmc.put(p.SystemGuid(use_this_guid=False, guid=bytes(range(16))))
    bmc.happen()
    (first, _), (second, _) = bmc.traps
    assert first.variable[:16] == bytes(range(16))
    assert second.variable[:16] == bmc.raw(0x06, 0x37)[1:]
    assert bmc.get(10) == b"\0" + bytes(range(16))


@exercises(SetPefConfigurationParameters)
def test_17_13_an_event_specific_string_is_the_filters() -> None:
    bmc = alerting(DestinationSpec(RECEIVER))
    bmc.filter(A.ALERT)
    bmc.filter(A.ALERT, number=10, sensor_number=0x31)
    bmc.policy(event_specific_string=True, alert_string=5)
    for string, number, text in ((1, FREE, b"inlet"), (2, 10, b"outlet")):
        bmc.put(
            p.AlertStringKeys(string_selector=string, filter_number=number, string_set=5),
            p.AlertStrings(string_selector=string, block=1, data=text.ljust(16, b"\0")),
        )
    bmc.happen()
    bmc.happen(sensor=0x31)
    assert [trap.variable[49:-1] for trap, _ in bmc.traps] == [b"inlet", b"outlet"]


def test_17_8_several_destinations_of_the_lowest_policy() -> None:
    bmc = alerting(DestinationSpec(RECEIVER), DestinationSpec(RECEIVER + 1), DestinationSpec(RECEIVER + 2))
    bmc.filter(A.ALERT, alert_policy_number=2, severity=p.EventSeverity.CRITICAL)
    bmc.filter(A.ALERT, number=10, alert_policy_number=3, severity=p.EventSeverity.NON_RECOVERABLE)
    for entry, (number, destination) in enumerate(((3, 3), (2, 1), (2, 2)), 1):
        bmc.policy(entry, policy_number=number, destination_selector=destination)
    bmc.happen()
    assert [to[0] for _, to in bmc.traps] == ["192.0.2.50", "192.0.2.51"]
    assert {trap.variable[26] for trap, _ in bmc.traps} == {0x10}


def test_22_22_the_channels_switch_keeps_alerts_back() -> None:
    bmc = alerting(DestinationSpec(RECEIVER))
    bmc.filter(A.ALERT)
    bmc.policy()
    bmc.raw(0x06, 0x40, bytes.fromhex("01A200"))
    bmc.happen()
    assert bmc.traps == []
    bmc.raw(0x06, 0x40, bytes.fromhex("018200"))
    bmc.happen()
    assert len(bmc.traps) == 1


# ---- what the commands refuse


def refusal(call: object) -> int:
    with pytest.raises(CompletionError) as error:
        call()  # type: ignore[operator]  # a call that is refused
    return error.value.code


@pytest.mark.parametrize(
    ("selector", "entry", "block", "code"),
    [
        (16, 0, 0, 0x80), (96, 0, 0, 0x80), (127, 0, 0, 0x80), (6, 0, 0, 0xC9), (6, 17, 0, 0xC9),
        (7, 0, 0, 0xC9), (9, 0, 0, 0xC9), (9, 9, 0, 0xC9), (12, 9, 0, 0xC9), (13, 1, 0, 0xC9),
        (15, 5, 0, 0xC9),
    ],
)  # fmt: skip
def test_30_4_what_is_not_there(selector: int, entry: int, block: int, code: int) -> None:
    assert refusal(lambda: alerting().get(selector, entry, block)) == code


@exercises(GetPefConfigurationParameters)
def test_30_4_the_revision_alone() -> None:
    bmc = alerting()
    assert bmc.raw(SENSOR_EVENT, 0x13, b"\x81\0\0") == b"\0\x11"
    assert bmc.raw(SENSOR_EVENT, 0x13, b"\xe0\0\0") == b"\x80"


@exercises(GetPefConfigurationParameters)
def test_30_4_the_set_selector_comes_back_first() -> None:
    bmc = alerting()
    sizes = {6: 21, 7: 2, 9: 4, 12: 3, 15: 11}
    for selector, size in sizes.items():
        data = bmc.get(selector, 2)
        assert (data[0], len(data)) == (2, size)
    assert bmc.get(13, 2, 3)[:2] == b"\x02\x03"


@exercises(SetPefConfigurationParameters)
@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("05 01", 0x82), ("08 01", 0x82), ("0B 01", 0x82), ("0E 01", 0x82), ("60 00", 0x80), ("10 00", 0x80),
        ("01", 0xC7), ("06 09 80", 0xC7), ("09 01 18 11", 0xC7),
    ],
)  # fmt: skip
def test_30_3_what_cannot_be_set(data: str, code: int) -> None:
    assert alerting().raw(SENSOR_EVENT, 0x12, bytes.fromhex(data))[0] == code


@exercises(SetPefConfigurationParameters)
def test_30_3_set_in_progress_is_refused_to_the_second() -> None:
    bmc = alerting()
    assert bmc.raw(SENSOR_EVENT, 0x12, b"\x00\x01") == b"\0"
    assert bmc.raw(SENSOR_EVENT, 0x12, b"\x00\x01") == b"\x81"
    assert bmc.raw(SENSOR_EVENT, 0x12, b"\x00\x00") == b"\0"
    assert bmc.get(0) == b"\0"


@exercises(SetPefConfigurationParameters)
def test_17_7_of_a_manufacturers_filter_only_the_switch_changes() -> None:
    bmc = alerting()
    now = bmc.get(6, 1)
    assert now[1] & 0x60 == 0x40
    changed = now[:3] + bytes((now[3] ^ 1,)) + now[4:]
    assert bmc.raw(SENSOR_EVENT, 0x12, b"\x06" + changed)[0] == 0x82
    off = bytes((1, now[1] & 0x7F)) + now[2:]
    assert bmc.raw(SENSOR_EVENT, 0x12, b"\x06" + off) == b"\0"
    assert bmc.get(6, 1) == off


@exercises(SetPefConfigurationParameters)
def test_30_3_what_was_set_is_there_after_a_restart() -> None:
    bmc = alerting()
    bmc.filter(A.RESET, sensor_type=SensorType.TEMPERATURE)
    bmc.policy(3)
    before = [bmc.get(*which) for which in ((1,), (6, FREE), (9, 3))]
    again = bmc.again()
    assert [again.get(*which) for which in ((1,), (6, FREE), (9, 3))] == before
    again.backend.calls.clear()
    again.happen()
    assert again.backend.calls == ["reset"]


@pytest.mark.parametrize(("cmd", "data", "level"), [(0x10, "", 2), (0x13, "010000", 3), (0x12, "0101", 4)])
def test_appendix_g_who_may(cmd: int, data: str, level: int) -> None:
    bmc = alerting()
    for user in (ADMIN, OPERATOR, VIEWER):
        for console in (bmc.in_v20(user, level=user.privilege), bmc.in_v15(user, level=user.privilege)):
            answer = console.ask(SENSOR_EVENT, cmd, bytes.fromhex(data))
            assert answer is not None
            assert (answer[0] == 0xD4) == (user.privilege < level)
