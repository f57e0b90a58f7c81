"""Alerts of policies and immediate ones, over channels that are slow, busy, or off (§17.12, §30.7)."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest

from baseboard.bmc.services.alert_policy import Alert, Done
from baseboard.bmc.services.alerts import MOST_DEFERRED, Alerts
from baseboard.bmc.services.channels import Channels
from baseboard.bmc.services.events import Event
from baseboard.codes import Cc
from baseboard.commands.parameters.pef import AlertPolicy, AlertPolicyRule
from baseboard.commands.sensor.pef import AlertStatus
from baseboard.errors import CompletionError
from tests.bmc.services.homes import make_home

LAN = 1
EVENT = Event(0x01, 0x30, 0x01, bytes.fromhex("595A58"))
ALERT = Alert(EVENT, 0x10, 1_750_000_000)
S = AlertStatus


class Sender:
    """Notes what it is to send; a test says how it ended, or ``at_end`` does."""

    def __init__(self, at_once: int = 8, ends: AlertStatus | None = None) -> None:
        self.at_once, self.ends = at_once, ends
        self.sent: list[tuple[int, bytes]] = []
        self.open: list[Done] = []

    def kind(self, destination: int) -> int:
        if destination > 4:
            raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)
        return 0

    def send(self, destination: int, alert: Alert, done: Done) -> None:
        self.sent.append((destination, alert.text))
        if self.ends is not None:
            done(self.ends)
        else:
            self.open.append(done)

    def end(self, status: AlertStatus = S.NORMAL_END) -> None:
        self.open.pop(0)(status)


def make(sender: Sender | None = None) -> tuple[Alerts, Channels, Sender]:
    home = make_home()
    channels = Channels(home)
    alerts = Alerts(home, channels)
    sender = sender or Sender()
    alerts.senders[LAN] = sender
    return alerts, channels, sender


def policy(
    *destinations: int, rule: AlertPolicyRule = AlertPolicyRule.ALWAYS, channel: int = LAN
) -> list[AlertPolicy]:
    return [
        AlertPolicy(policy_number=1, enabled=True, rule=rule, channel=channel, destination_selector=one)
        for one in destinations
    ]


def start(alerts: Alerts, entries: list[AlertPolicy], finished: Callable[[], None] = lambda: None) -> None:
    alerts.start(entries, ALERT, lambda entry: b"to %d" % entry.destination_selector, finished)


def test_destinations_are_alerted_one_after_the_other() -> None:
    alerts, _, sender = make()
    over: list[bool] = []
    start(alerts, policy(1, 2), lambda: over.append(True))
    assert (sender.sent, alerts.under_way) == ([(1, b"to 1")], 1)
    sender.end()
    assert sender.sent == [(1, b"to 1"), (2, b"to 2")]
    assert not over
    sender.end(S.CALL_RETRIES_FAILED)
    assert (over, alerts.under_way) == ([True], 0)


@pytest.mark.parametrize(
    ("status", "count"), [(S.NORMAL_END, 1), (S.ACKNOWLEDGE_TIMEOUT, 2), (S.CALL_RETRIES_FAILED, 2)]
)
def test_only_a_normal_end_is_success(status: AlertStatus, count: int) -> None:
    alerts, _, sender = make(Sender(ends=status))
    start(alerts, policy(1) + policy(2, rule=AlertPolicyRule.STOP))
    assert len(sender.sent) == count


def test_a_channel_with_alerting_off_is_no_attempt() -> None:
    alerts, channels, sender = make()
    over: list[bool] = []
    channels.set_access(LAN, stored=False, alerting_disabled=True)
    start(alerts, policy(1), lambda: over.append(True))
    assert (sender.sent, over) == ([], [True])


def test_a_channel_that_cannot_alert_is_passed_over() -> None:
    alerts, _, sender = make()
    start(alerts, policy(1, channel=0) + policy(2))
    assert sender.sent == [(2, b"to 2")]


def test_a_destination_that_there_is_not_is_a_failure(caplog: pytest.LogCaptureFixture) -> None:
    alerts, _, sender = make(Sender(ends=S.NORMAL_END))
    with caplog.at_level(logging.WARNING):
        start(alerts, policy(9) + policy(2, rule=AlertPolicyRule.STOP))
    assert sender.sent == [(2, b"to 2")]
    assert "no alert destination 9" in caplog.text


def test_destination_types_are_told_apart_by_medium_and_kind() -> None:
    alerts, _, sender = make(Sender(ends=S.NORMAL_END))
    table = policy(1) + policy(2, rule=AlertPolicyRule.OTHER_DESTINATION_TYPE) + policy(3) + policy(9)
    start(alerts, table)
    assert [destination for destination, _ in sender.sent] == [1]


def test_at_least_eight_wait_for_a_busy_channel() -> None:
    alerts, _, sender = make(Sender(at_once=1))
    for _ in range(9):
        start(alerts, policy(1))
    assert (len(sender.sent), alerts.under_way) == (1, 9)
    for _ in range(9):
        sender.end()
    assert (len(sender.sent), alerts.under_way) == (9, 0)


def test_too_many_are_dropped_and_told(caplog: pytest.LogCaptureFixture) -> None:
    alerts, _, _ = make()
    over: list[bool] = []
    with caplog.at_level(logging.WARNING):
        for _ in range(MOST_DEFERRED + 2):
            start(alerts, policy(1), lambda: over.append(True))
    assert (alerts.under_way, alerts.dropped, len(over)) == (MOST_DEFERRED, 2, 2)
    assert "an alert is dropped" in caplog.text


def test_many_that_end_at_once_need_no_deep_stack() -> None:
    alerts, _, sender = make(Sender(ends=S.CALL_RETRIES_FAILED))
    alerts.hold(LAN)
    for _ in range(MOST_DEFERRED):
        start(alerts, policy(*[1, 2] * 60))
    alerts.release(LAN)
    assert (len(sender.sent), alerts.under_way) == (MOST_DEFERRED * 120, 0)


def test_alerts_wait_while_a_session_has_the_line() -> None:
    alerts, _, sender = make()
    alerts.hold(LAN)
    start(alerts, policy(1))
    assert (sender.sent, alerts.held(LAN), alerts.held(2)) == ([], True, False)
    alerts.release(LAN)
    assert sender.sent == [(1, b"to 1")]


def test_cancelling_gives_up_what_waits_and_what_would_follow() -> None:
    alerts, _, sender = make(Sender(at_once=1))
    over: list[int] = []
    start(alerts, policy(1, 2), lambda: over.append(1))
    start(alerts, policy(3), lambda: over.append(2))
    alerts.cancel()
    assert (over, alerts.under_way) == ([1, 2], 0)
    sender.end()
    assert (sender.sent, over) == ([(1, b"to 1")], [1, 2])


def refused(call: Callable[[], object]) -> int:
    with pytest.raises(CompletionError) as error:
        call()
    return error.value.code


def test_an_immediate_alert_and_its_status() -> None:
    alerts, channels, sender = make()
    channels.set_access(LAN, stored=False, alerting_disabled=True)
    assert alerts.status(LAN, 1) == S.NONE
    alerts.immediate(LAN, 1, ALERT)
    assert alerts.status(LAN, 1) == S.IN_PROGRESS
    assert alerts.status(LAN, 2) == S.NONE
    assert refused(lambda: alerts.immediate(LAN, 2, ALERT)) == 0x81
    assert refused(lambda: alerts.clear_status(LAN, 1)) == 0x81
    sender.end(S.ACKNOWLEDGE_TIMEOUT)
    assert alerts.status(LAN, 1) == S.ACKNOWLEDGE_TIMEOUT
    alerts.clear_status(LAN, 1)
    assert alerts.status(LAN, 1) == S.NONE


def test_an_immediate_alert_where_there_is_no_way() -> None:
    alerts, _, _ = make(Sender(at_once=1))
    assert refused(lambda: alerts.immediate(0, 1, ALERT)) == 0xCC
    assert refused(lambda: alerts.status(0xF, 1)) == 0xCC
    assert refused(lambda: alerts.immediate(LAN, 5, ALERT)) == 0xC9
    alerts.hold(LAN)
    assert refused(lambda: alerts.immediate(LAN, 1, ALERT)) == 0x82
    alerts.release(LAN)
    start(alerts, policy(1))
    assert refused(lambda: alerts.immediate(LAN, 1, ALERT)) == 0x81
