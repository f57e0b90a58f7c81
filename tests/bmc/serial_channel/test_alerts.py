"""Alerts over a serial line: pages by dialling and by TAP (§17.12, Table 25-4)."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.bmc.services.alert_policy import Alert
from baseboard.commands.app.payload import SerialAlerts as SolWishes
from baseboard.commands.app.sessions import SerialActivity
from baseboard.commands.parameters.serial_dialing import (
    DestinationInfo,
    DestinationKind,
    PageBlackoutInterval,
)
from baseboard.commands.sensor.pef import AlertStatus
from baseboard.errors import CompletionError
from tests.serial_benches import ALERT, EVENT, Far, Pager, typist
from tests.serial_line import Drawn, bench, cabled


def test_17_12_a_number_is_dialled() -> None:
    there = Pager()
    there.dial_string(2, "5550911;")
    there.set(DestinationInfo(destination=3, kind=DestinationKind.DIAL_PAGE, upper=2))
    there.send(3)
    assert there.mux() & 0x08  # an alert is in progress
    assert there.serial.activity == SerialActivity.DIAL_OUT_ALERT
    there.bench.advance(5.0)
    assert there.modem.dialled == ["5550911;"]
    assert there.ended == [AlertStatus.NORMAL_END]
    assert not there.mux() & 0x08
    there.bench.advance(10.0)
    assert there.endpoint.ready


def test_17_12_a_number_that_cannot_be_dialled() -> None:
    there = Pager()
    there.modem.refusal = "NO DIALTONE"
    there.dial_string(2, "5550911")
    there.set(DestinationInfo(destination=3, kind=DestinationKind.DIAL_PAGE, upper=2))
    there.send(3)
    there.bench.advance(5.0)
    assert there.ended == [AlertStatus.CALL_RETRIES_FAILED]


def test_25_4_a_page_by_tap_and_what_the_service_said() -> None:
    there = Pager()
    service = there.tap()
    assert there.bench.raw(0x0C, 0x13, b"\x02") == b"\0" + b"000" * 5
    there.send(4)
    assert there.serial.activity == SerialActivity.TAP_PAGE
    there.bench.advance(120.0)
    assert service.pages == [(b"5551234", b"Fan 1 failed")]
    assert there.ended == [AlertStatus.NORMAL_END]
    codes = there.bench.raw(0x0C, 0x13, b"\x02")
    assert b"211" in codes
    assert not service.connected
    assert there.endpoint.ready


def test_25_4_a_service_that_does_not_take_the_page() -> None:
    there = Pager()
    silent = Far()
    there.tap()
    there.modem.network["5550911"] = silent
    there.send(4)
    there.bench.advance(200.0)
    assert there.ended == [AlertStatus.CALL_RETRIES_FAILED]
    assert silent.heard.count(b"\r") == 4
    assert not silent.connected


def test_25_4_a_line_that_is_lost_ends_the_page() -> None:
    there = Pager()
    there.tap()
    silent = Far()
    there.modem.network["5550911"] = silent
    there.send(4)
    there.bench.advance(2.0)
    assert silent.connected
    silent.hang_up()
    assert there.ended == [AlertStatus.CALL_RETRIES_FAILED]
    assert not there.serial.mux.alerting


def test_25_4_a_service_that_cannot_be_reached() -> None:
    there = Pager()
    there.tap()
    del there.modem.network["5550911"]
    there.send(4)
    there.bench.advance(200.0)
    assert there.modem.dialled == ["5550911"] * 2
    assert there.ended == [AlertStatus.CALL_RETRIES_FAILED]


def test_14_after_a_page_there_is_none_for_the_blackout_interval() -> None:
    there = Pager()
    service = there.tap()
    there.set(PageBlackoutInterval(minutes=10))
    there.send(4)
    there.bench.advance(120.0)
    there.send(4)
    assert there.ended == [AlertStatus.NORMAL_END] * 2
    there.bench.advance(120.0)
    assert len(service.pages) == 1
    there.bench.advance(400.0)
    there.send(4)
    there.bench.advance(120.0)
    assert len(service.pages) == 2


def test_an_alert_without_a_string_says_what_happened() -> None:
    there = Pager()
    service = there.tap()
    there.send(4, Alert(EVENT, 0x10, 0))
    there.bench.advance(120.0)
    ((_, text),) = service.pages
    assert text == b"Temperature sensor 30h: event 596070"


def test_17_12_alerts_wait_for_the_end_of_a_session() -> None:
    there = Pager()
    service = there.tap()
    far = there.call()
    typist(far).type("SYS PWD -U admin adminpw")
    assert there.bench.raw(0x04, 0x16, bytes((2, 4, 0))) == b"\x82"  # Alert Immediate
    typist(far).type("SYS PWD -X")
    there.bench.advance(10.0)
    assert there.bench.raw(0x04, 0x16, bytes((2, 4, 0)))[0] == 0
    there.bench.advance(120.0)
    assert len(service.pages) == 1
    assert there.bench.raw(0x04, 0x16, bytes((2, 0x44, 0)))[:2] == b"\0\x01"


@pytest.mark.parametrize("kind", [DestinationKind.PPP_CALLBACK, DestinationKind.BASIC_CALLBACK])
def test_destinations_that_are_none_of_an_alert(kind: DestinationKind) -> None:
    there = Pager()
    there.set(DestinationInfo(destination=3, kind=kind))
    there.send(3)
    assert there.ended == [AlertStatus.CALL_RETRIES_FAILED]
    assert there.endpoint.alerts.kind(3) == kind
    with pytest.raises(CompletionError):
        there.endpoint.alerts.kind(9)


def test_ppp_has_its_place() -> None:
    there, told = Pager(), list[object]()
    there.set(DestinationInfo(destination=3, kind=DestinationKind.PPP_ALERT))

    def send(destination: int, info: DestinationInfo, alert: object, ended: Any) -> None:
        told.append((destination, info.destination, alert, there.mux() & 1))
        ended(AlertStatus.ACKNOWLEDGE_TIMEOUT)

    there.endpoint.alerts.link.send = send  # type: ignore[method-assign]  # only the way to it is looked at
    there.send(3)
    assert told == [(3, 3, ALERT, 1)]
    assert there.ended == [AlertStatus.ACKNOWLEDGE_TIMEOUT]
    assert not there.serial.mux.alerting


def test_without_a_modem_nobody_is_paged() -> None:
    made, endpoint, _ = cabled(bench())
    ended: list[AlertStatus] = []
    endpoint.alerts.send(1, ALERT, ended.append)
    assert ended == [AlertStatus.CALL_RETRIES_FAILED]
    assert made.services.alerts.senders[2] is endpoint.alerts
    assert Drawn()(3)


@pytest.mark.parametrize("wishes", [SolWishes.FAIL, SolWishes.SUCCEED, SolWishes.DEFERRED])
def test_24_1_sol_on_a_shared_line_decides_about_alerts(wishes: SolWishes, monkeypatch: Any) -> None:
    there = Pager(sharing=True)
    service = there.tap()
    sol = there.bench.services.sol
    said: list[SolWishes | None] = [wishes]
    lent: list[bool] = []
    monkeypatch.setattr(type(sol), "serial_alerts", lambda self, instance=1: said[0])
    monkeypatch.setattr(type(sol), "lend", lambda self, instance, *, lent: _note(instance, lent))

    def _note(instance: int, on: bool) -> None:
        assert instance == 1
        lent.append(on)

    there.send(4)
    there.bench.advance(120.0)
    if wishes is SolWishes.FAIL:
        assert there.ended == [AlertStatus.CALL_RETRIES_FAILED]
    elif wishes is SolWishes.SUCCEED:
        assert (there.ended, lent) == ([AlertStatus.NORMAL_END], [True, False])
    else:
        assert there.ended == []
        said[0] = None
        there.bench.advance(120.0)
        assert there.ended == [AlertStatus.NORMAL_END]
        assert len(service.pages) == 1
