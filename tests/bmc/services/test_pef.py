"""What is done about events, when, and what is left of it after a restart (§17)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from baseboard.bmc.blueprint import SensorSpec
from baseboard.bmc.blueprint.pef import PefSpec
from baseboard.bmc.services.alert_policy import Alert, Done
from baseboard.bmc.services.alerts import MOST_DEFERRED
from baseboard.bmc.services.events import Event
from baseboard.bmc.services.pef_marks import MOST_OPEN
from baseboard.codes import RestartCause, SensorType
from baseboard.commands.parameters.pef import (
    AlertPolicy,
    EventFilter,
    EventSeverity,
    GroupControl,
    GroupControlTable,
    PefActions,
    PefControl,
)
from baseboard.commands.sensor.pef import AlertStatus
from tests.bmc.harness import Bench, make_bmc

A = PefActions
HOT = Event(0x01, 0x30, 0x01, bytes.fromhex("595A58"))
POLICY = AlertPolicy(policy_number=1, enabled=True, channel=1, destination_selector=1)
SYSTEM_EVENT = SensorSpec(
    number=0x77, name="PEF", sensor_type=SensorType.SYSTEM_EVENT, event_type=0x6F, states=1 << 4
)


def a_filter(actions: PefActions, **fields: Any) -> EventFilter:
    """A filter for temperatures."""
    fields.setdefault("sensor_type", SensorType.TEMPERATURE)
    return EventFilter(enabled=True, actions=actions, alert_policy_number=1, **fields)


class Sender:
    """The LAN channel's alerts, kept."""

    at_once = 8

    def __init__(self) -> None:
        self.told: list[Alert] = []
        self.open: list[Done] = []
        self.slow = False

    def kind(self, destination: int) -> int:
        return 0

    def send(self, destination: int, alert: Alert, done: Done) -> None:
        self.told.append(alert)
        if self.slow:
            self.open.append(done)
        else:
            done(AlertStatus.NORMAL_END)


def make(*filters: EventFilter, on: bool = True, **pef: Any) -> tuple[Bench, Sender]:
    """A BMC with these filters, whose system is on."""
    spec = replace(PefSpec(enabled=True, filters=filters, policies=(POLICY,)), **pef)
    bench = make_bmc(pef=spec, sensors=(SYSTEM_EVENT,), powered=True)
    sender = Sender()
    bench.services.alerts.senders[1] = sender
    if on:
        assert bench.services.chassis.is_on()
    else:
        bench.backend.power.turn_off()  # type: ignore[union-attr]  # the bench's host has power lines
    bench.backend.calls.clear()
    return bench, sender


def happen(bench: Bench, event: Event = HOT) -> None:
    bench.services.events.receive(event)


def log(bench: Bench) -> list[bytes]:
    sel, found, following = bench.services.sel, [], 0
    while following != 0xFFFF:
        record, following = sel.read(following)
        found.append(record)
    return found


@pytest.mark.parametrize(
    ("actions", "calls"),
    [
        (A.POWER_DOWN, ["turn_off"]),
        (A.POWER_CYCLE, ["turn_off", "turn_on"]),
        (A.RESET, ["reset"]),
        (A.DIAGNOSTIC_INTERRUPT, ["diagnostic_interrupt"]),
        (A.RESET | A.POWER_DOWN, ["turn_off"]),
        (A.ALERT, []),
    ],
)
def test_the_system_is_switched(actions: PefActions, calls: list[str]) -> None:
    bench, _ = make(a_filter(actions))
    happen(bench)
    bench.advance(30)
    assert bench.backend.calls == calls


@pytest.mark.parametrize(
    ("action", "cause"), [(A.RESET, RestartCause.PEF_RESET), (A.POWER_CYCLE, RestartCause.PEF_POWER_CYCLE)]
)
def test_why_the_system_starts_again_is_told(action: PefActions, cause: RestartCause) -> None:
    bench, _ = make(a_filter(action))
    happen(bench)
    bench.advance(30)
    assert bench.services.chassis.restart_cause == cause


@pytest.mark.parametrize("action", [A.RESET, A.POWER_CYCLE, A.POWER_DOWN, A.DIAGNOSTIC_INTERRUPT])
def test_a_system_that_is_off_stays_as_it_is(action: PefActions) -> None:
    bench, _ = make(a_filter(action), on=False)
    happen(bench)
    assert bench.backend.calls == []


def test_an_event_that_no_filter_matches_counts_as_processed() -> None:
    bench, sender = make(a_filter(A.ALERT, sensor_number=1))
    happen(bench)
    assert (sender.told, bench.services.pef.marks.bmc) == ([], 1)


@pytest.mark.parametrize("state", ["off", "manufacturing", "initializing", "SDR update", "suspended"])
def test_it_is_inactive_then_and_the_mark_follows(state: str) -> None:
    bench, sender = make(a_filter(A.RESET | A.ALERT), enabled=state != "off")
    services = bench.services
    services.device.manufacturing = state == "manufacturing"
    services.device.initializing = state == "initializing"
    if state == "SDR update":
        services.sdr.enter_update_mode((0xF, 0))
    if state == "suspended":
        assert services.pef.arm(0xFE) == 0xFE
    happen(bench)
    assert (bench.backend.calls, sender.told) == ([], [])
    assert services.pef.marks.bmc == 1


def test_an_event_that_could_not_be_logged_is_filtered_and_marked_0000h() -> None:
    bench, sender = make(a_filter(A.ALERT))
    bench.services.messaging.enables = 0
    happen(bench)
    assert (len(sender.told), bench.services.pef.marks.bmc) == (1, 0)


def test_an_alert_tells_what_happened_how_bad_it_is_and_when() -> None:
    bench, sender = make(a_filter(A.ALERT, severity=EventSeverity.CRITICAL))
    happen(bench)
    assert sender.told == [Alert(HOT, 0x10, bench.services.sel.time())]


# ---- events of its own


def test_actions_are_logged_as_events_where_that_is_on() -> None:
    bench, _ = make(a_filter(A.RESET | A.ALERT), event_messages=True)
    happen(bench)
    # Table 42-3, sensor type 12h, offset 4: byte 2 has a bit for each action.
    assert log(bench)[1][7:] == bytes.fromhex("2000 04 12 77 6F C405FF")


def test_its_own_events_are_filtered_too_but_not_told_of_again() -> None:
    own = a_filter(A.ALERT, sensor_number=0x77, severity=EventSeverity.MONITOR)
    own = own.replace(sensor_type=SensorType.SYSTEM_EVENT)
    bench, sender = make(a_filter(A.RESET), own, event_messages=True)
    happen(bench)
    assert [alert.event.sensor_number for alert in sender.told] == [0x77]
    assert len(log(bench)) == 2
    assert bench.services.pef.marks.bmc == 2


# ---- start-up delays


def restarted(bench: Bench) -> None:
    bench.backend.power.reset()  # type: ignore[union-attr]  # the bench's host has power lines
    bench.backend.calls.clear()


def test_power_actions_wait_for_the_startup_delay_and_the_highest_is_done() -> None:
    bench, _ = make(
        a_filter(A.RESET),
        a_filter(A.POWER_DOWN, sensor_number=0x31),
        startup_delay_s=60,
        startup_delay_enabled=True,
    )
    restarted(bench)
    bench.advance(50)
    happen(bench)
    happen(bench, replace(HOT, sensor_number=0x31))
    assert (bench.backend.calls, bench.services.pef.marks.bmc) == ([], 0xFFFF)
    bench.advance(10)
    assert (bench.backend.calls, bench.services.pef.marks.bmc) == (["turn_off"], 2)


def test_after_the_delay_actions_are_done_at_once() -> None:
    bench, _ = make(a_filter(A.RESET), startup_delay_s=60, startup_delay_enabled=True)
    restarted(bench)
    bench.advance(60)
    happen(bench)
    assert bench.backend.calls == ["reset"]


def test_alerts_have_a_delay_of_their_own() -> None:
    bench, sender = make(
        a_filter(A.RESET | A.ALERT), alert_startup_delay_s=20, alert_startup_delay_enabled=True
    )
    restarted(bench)
    happen(bench)
    assert (bench.backend.calls, sender.told) == (["reset"], [])
    bench.advance(20)
    assert len(sender.told) == 1


def test_disabling_it_cancels_what_it_still_had_to_do() -> None:
    bench, sender = make(
        a_filter(A.RESET | A.ALERT), startup_delay_s=60, startup_delay_enabled=True,
        alert_startup_delay_s=60, alert_startup_delay_enabled=True,
    )  # fmt: skip
    restarted(bench)
    happen(bench)
    bench.services.pef.set(PefControl(enabled=False))
    bench.services.pef.set(PefControl(enabled=True))
    bench.advance(100)
    assert (bench.backend.calls, sender.told) == ([], [])
    assert bench.services.pef.marks.bmc == 1


def test_a_flood_before_the_delay_is_over_takes_no_memory(caplog: pytest.LogCaptureFixture) -> None:
    bench, sender = make(
        a_filter(A.DIAGNOSTIC_INTERRUPT | A.ALERT), startup_delay_s=60, startup_delay_enabled=True,
        alert_startup_delay_s=60, alert_startup_delay_enabled=True,
    )  # fmt: skip
    restarted(bench)
    for _ in range(MOST_OPEN + 10):
        happen(bench)
    bench.advance(60)
    assert bench.backend.calls == ["diagnostic_interrupt"]
    assert len(sender.told) == MOST_DEFERRED
    assert "an alert is dropped" in caplog.text


# ---- alerts and power


def test_an_alert_waits_until_a_power_down_finished() -> None:
    bench, sender = make(a_filter(A.POWER_DOWN | A.ALERT))
    power = bench.backend.power
    assert power is not None
    power.turn_off = lambda: bench.backend.calls.append("asked")  # type: ignore[method-assign]  # a host that takes its time
    happen(bench)
    assert (bench.backend.calls, sender.told) == (["asked"], [])
    power.on = False
    bench.backend.board.power_changed(False)
    assert len(sender.told) == 1


def test_an_alert_does_not_wait_for_ever() -> None:
    bench, sender = make(a_filter(A.POWER_DOWN | A.ALERT))
    power = bench.backend.power
    assert power is not None
    power.turn_off = lambda: None  # type: ignore[method-assign]  # a host that does not obey
    happen(bench)
    bench.advance(29)
    assert sender.told == []
    bench.advance(1)
    assert len(sender.told) == 1


# ---- OEM action and group control


def test_the_oem_action_is_a_hook_that_the_capabilities_tell_of() -> None:
    bench, _ = make(a_filter(A.OEM))
    pef = bench.services.pef
    assert A.OEM not in pef.settings.supported
    assert pef.oem_action is None
    done: list[tuple[Event, EventFilter]] = []
    pef.oem_action = lambda event, one: done.append((event, one))
    assert A.OEM in pef.settings.supported
    happen(bench)
    assert done == [(HOT, a_filter(A.OEM))]


def test_group_control_is_remembered_and_handed_on() -> None:
    bench, _ = make(
        a_filter(A.GROUP_CONTROL, group_control_selector=2),
        a_filter(A.GROUP_CONTROL, group_control_selector=7),
    )
    pef = bench.services.pef
    entry = pef.settings.group(2).replace(operation=2, group_id0=0xFF)
    pef.set(GroupControlTable(entry_number=2, entry=entry))
    happen(bench)
    assert list(pef.groups) == [entry]
    done: list[GroupControl] = []
    pef.group_action = done.append
    happen(bench)
    assert done == [entry]


# ---- the postpone timer


def test_software_may_look_first() -> None:
    bench, _ = make(a_filter(A.RESET))
    pef = bench.services.pef
    assert pef.arm(10) == 10
    happen(bench)
    bench.advance(5)
    pef.software_processed(1)
    bench.advance(60)
    assert (bench.backend.calls, pef.marks.software, pef.marks.bmc) == ([], 1, 0xFFFF)
    happen(bench)
    bench.advance(10)
    assert (bench.backend.calls, pef.marks.bmc) == (["reset"], 2)


@pytest.mark.parametrize("how", ["reset", "turn_off"])
def test_a_restart_of_the_system_ends_postponing_and_suspending(how: str) -> None:
    bench, _ = make()
    for value in (10, 0xFE):
        bench.services.pef.arm(value)
        getattr(bench.backend.power, how)()
        assert bench.services.pef.postpone.present == 0
        bench.backend.power.turn_on()  # type: ignore[union-attr]  # the bench's host has power lines


# ---- restarts of the BMC


def crashed(bench: Bench) -> Bench:
    """The BMC as it comes back, before anything is sent."""
    return bench.reopen()


def test_alerts_that_were_not_sent_are_sent_again() -> None:
    bench, sender = make(a_filter(A.ALERT | A.RESET))
    sender.slow = True
    happen(bench)
    happen(bench, replace(HOT, sensor_number=0x31))
    sender.open.pop(0)(AlertStatus.NORMAL_END)
    assert bench.services.pef.marks.bmc == 1
    again, after = crashed(bench), Sender()
    again.services.alerts.senders[1] = after
    again.backend.calls.clear()
    again.advance(1)
    assert [alert.event.sensor_number for alert in after.told] == [0x31]
    assert "reset" not in again.backend.calls
    assert again.services.pef.marks.bmc == len(again.services.sel)


def test_an_overdue_power_off_keeps_the_system_off() -> None:
    bench, _ = make(a_filter(A.POWER_DOWN), startup_delay_s=60, startup_delay_enabled=True)
    restarted(bench)
    happen(bench)
    assert crashed(bench).services.chassis.is_on() is False


def test_what_was_processed_is_not_processed_again() -> None:
    bench, _ = make(a_filter(A.POWER_DOWN))
    happen(bench, replace(HOT, sensor_type=0x04))
    bench.services.pef.software_processed(1)
    happen(bench)
    bench.backend.power.turn_on()  # type: ignore[union-attr]  # the bench's host has power lines
    assert crashed(bench).services.chassis.is_on()


@pytest.mark.parametrize("way", ["disabled", "no event"])
def test_other_records_and_other_times_leave_the_system_alone(way: str) -> None:
    bench, _ = make(a_filter(A.POWER_DOWN, sensor_number=0xFF), enabled=way != "disabled")
    record = log_record(0x02 if way == "disabled" else 0xC0)
    bench.services.sel.add(record)
    again = crashed(bench)
    assert again.services.chassis.is_on()


def log_record(kind: int) -> bytes:
    return bytes((0, 0, kind)) + bytes(4) + HOT.record()[7:]


def test_a_record_that_software_adds_is_no_event() -> None:
    bench, _ = make(a_filter(A.POWER_DOWN))
    number = bench.services.sel.add(log_record(0x02))
    bench.services.pef.added(number)
    assert bench.services.pef.marks.bmc == number
    assert crashed(bench).services.chassis.is_on()


def test_a_record_that_is_added_while_an_alert_is_under_way_moves_no_mark() -> None:
    bench, sender = make(a_filter(A.ALERT))
    sender.slow = True
    happen(bench)
    bench.services.pef.added(bench.services.sel.add(log_record(0x02)))
    assert bench.services.pef.marks.bmc == 0xFFFF


def test_the_end_of_the_bmc_ends_every_timer() -> None:
    bench, sender = make(a_filter(A.RESET | A.ALERT), startup_delay_s=60, startup_delay_enabled=True)
    restarted(bench)
    happen(bench)
    bench.services.pef.stop()
    before: Callable[[], int] = lambda: len(bench.backend.calls)  # noqa: E731 - one line
    count = before()
    bench.advance(100)
    assert before() == count
    assert len(sender.told) == 1
