"""Alerts over a link, where no modem is, and where something is in the way."""

from __future__ import annotations

from typing import Any

from baseboard.bmc.services.alert_policy import Alert
from baseboard.commands.parameters.serial_dialing import (
    DestinationInfo,
    DestinationIpAddress,
    DestinationKind,
)
from baseboard.commands.sensor.pef import AlertStatus
from baseboard.errors import BaseboardError
from tests.conformance.serial.test_ppp_alerts import Office
from tests.ppp_console import OURS, PppLine
from tests.serial_benches import ALERT


def direct(**info: Any) -> tuple[PppLine, list[AlertStatus]]:
    line = PppLine()
    ended: list[AlertStatus] = []
    line.set(
        DestinationIpAddress(set_selector=1, address=OURS),
        DestinationInfo(destination=5, kind=DestinationKind.PPP_ALERT, upper=1, lower=1, **info),
    )
    line.parameter(44, "01 02")
    line.dialer.settle()
    return line, ended


def talk(line: PppLine, seconds: int) -> None:
    for _ in range(seconds):
        line.dialer.hear(line.cable.take())
        line.dialer.settle()
        line.bench.advance(1.0)


def test_without_a_modem_the_line_itself_is_used() -> None:
    line, ended = direct()
    line.endpoint.alerts.send(5, ALERT, ended.append)
    talk(line, 10)
    (trap,) = [datagram for _, datagram in line.dialer.strays if datagram.destination == 162]
    assert b"public" in trap.data
    assert ended == [AlertStatus.NORMAL_END]
    assert not line.dialer.up


def test_an_alert_that_wants_no_acknowledge_is_repeated_as_often_as_is_set() -> None:
    line, ended = direct(alert_retries=2, timeout=0)
    line.endpoint.alerts.send(5, ALERT, ended.append)
    talk(line, 20)
    assert len([1 for _, datagram in line.dialer.strays if datagram.destination == 162]) == 3
    assert ended == [AlertStatus.NORMAL_END]


def test_what_makes_no_trap_is_not_sent(monkeypatch: Any) -> None:
    line, ended = direct()

    def trap(*_: object) -> tuple[bytes, int]:
        raise BaseboardError("no such sensor")

    monkeypatch.setattr(type(line.bench.services.pet), "trap", trap)
    line.endpoint.alerts.send(5, ALERT, ended.append)
    talk(line, 10)
    assert ended == [AlertStatus.CALL_RETRIES_FAILED]


def test_a_bmc_that_ends_sends_nothing_more() -> None:
    line, ended = direct(alert_retries=7)
    line.endpoint.alerts.link.stop()
    line.endpoint.alerts.send(5, ALERT, ended.append)
    talk(line, 2)
    line.endpoint.close()
    line.bench.advance(600.0)
    assert ended == []


def test_a_call_that_is_lost_ends_the_alert() -> None:
    office = Office()
    office.send(5)
    office.talk(4.0)
    assert office.far.connected
    office.far.hang_up()
    office.talk(2.0)
    assert len(office.ended) == 1
    office.endpoint.alerts.link.heard(b"")
    office.endpoint.alerts.link.stop()
    office.endpoint.alerts.link.heard(b"")
    assert len(office.ended) == 1


def test_another_alert_has_a_link_of_its_own() -> None:
    office = Office()
    for turn in range(2):
        office.send(5, Alert(ALERT.event, ALERT.severity, turn))
        office.talk(40.0)
    assert office.ended == [AlertStatus.NORMAL_END] * 2
    assert len(set(office.traps)) == 2
