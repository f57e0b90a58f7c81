"""Traps: every octet of them, when they are sent again, and what acknowledges them (PET v1.0, §17.16)."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from dataclasses import replace
from ipaddress import IPv4Address
from typing import Any

import pytest

from baseboard.bmc.blueprint import SensorSpec
from baseboard.bmc.blueprint.pef import DestinationSpec
from baseboard.bmc.services.alert_lan import LanAlerts
from baseboard.bmc.services.alert_policy import Alert
from baseboard.bmc.services.events import Event
from baseboard.bmc.services.lan import LanParameters
from baseboard.bmc.services.sel import UTC_OFFSET_UNSPECIFIED, Sel
from baseboard.commands.parameters import lan as p
from baseboard.commands.sensor.pef import AlertStatus, PetAcknowledge
from baseboard.rmcp.snmp_trap import SnmpTrap
from baseboard.testing.clock import VirtualClock
from tests.bmc.fakes import BLUEPRINT
from tests.bmc.services.homes import FakeHome, make_home

GUID = bytes(range(16))
THERE = IPv4Address("192.0.2.50")
# 2011-10-15 13:17:24, the time of a Dell's trap: 435071844 s after 1998.
TIME = 1_318_684_644
ALERT = Alert(Event(0x05, 0x73, 0x6F, bytes.fromhex("8001FF"), generator_id=0x41), 0x00, TIME)
INLET = SensorSpec(number=0x30, name="Inlet", sensor_type=1, entity_id=0x37, entity_instance=2)


class Lan:
    """The service, what left it, and how alerts ended."""

    def __init__(self, home: FakeHome, sel: Sel) -> None:
        self.home, self.sel = home, sel
        self.parameters = LanParameters(home)
        self.sent: list[tuple[float, bytes, tuple[Any, ...]]] = []
        self.ended: list[AlertStatus] = []
        self.alerts = LanAlerts(home, self.parameters, sel, lambda: GUID)

    def take(self, data: bytes, address: Any, via: object = None) -> None:
        self.sent.append((self.home.clock.now(), data, address))

    def send(self, destination: int = 1, alert: Alert = ALERT) -> None:
        self.alerts.send(destination, alert, self.ended.append)

    @property
    def traps(self) -> list[SnmpTrap]:
        return [SnmpTrap.decode(data) for _, data, _ in self.sent]

    @property
    def times(self) -> list[float]:
        return [when for when, _, _ in self.sent]


def make(monkeypatch: pytest.MonkeyPatch, *destinations: DestinationSpec, **changes: Any) -> Lan:
    identity = replace(BLUEPRINT.identity, manufacturer_id=674, product_id=0x0100)
    lan = replace(BLUEPRINT.lan, destinations=destinations, ip="192.0.2.10")
    home = make_home(lan=lan, identity=identity, clock=VirtualClock(now=100.0), **changes)
    made = Lan(home, Sel(home))
    monkeypatch.setattr(type(made.parameters.network), "send", lambda network, *sent: made.take(*sent))
    return made


@pytest.fixture
def lan(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Lan]:
    return lambda *destinations, **changes: make(monkeypatch, *destinations, **changes)


def test_every_octet_is_where_a_real_trap_has_it(lan: Callable[..., Lan]) -> None:
    """A Dell's trap (FreeIPMI's manual page), but for GUID, sequence number and UTC offset."""
    one = lan(DestinationSpec(THERE))
    one.sel.set_utc_offset(UTC_OFFSET_UNSPECIFIED)
    one.home.clock.advance(1.5)
    one.send()
    (_, data, address) = one.sent[0]
    assert address == ("192.0.2.50", 162)
    trap = SnmpTrap.decode(data)
    assert (trap.community, trap.agent, trap.number) == (b"public", IPv4Address("192.0.2.10"), 0x056F00)
    assert trap.uptime == 150
    assert trap.variable == GUID + bytes.fromhex(
        "0001 19EEAB64 FFFF 20 20 00 41 73 0000 8001FF0000000000 19 000002A2 0100 C1"
    )
    assert one.ended == [AlertStatus.NORMAL_END]


def test_an_own_sensors_entity_severity_and_the_string(lan: Callable[..., Lan]) -> None:
    one = lan(DestinationSpec(THERE), sensors=(INLET,))
    one.sel.set_utc_offset(-60)
    event = Event(0x01, 0x30, 0x01, bytes.fromhex("595A58"), deassertion=True)
    one.send(alert=Alert(event, 0x10, TIME, b"hot"))
    trap = one.traps[0]
    assert trap.number == 0x010189
    assert trap.variable[22:24] == bytes.fromhex("FFC4")
    assert trap.variable[26:34] == bytes.fromhex("10 20 30 37 02 595A58")
    assert trap.variable[46:] == bytes.fromhex("80 43 01") + b"hot\xc1"


def test_a_log_whose_clock_was_never_set_gives_no_time(lan: Callable[..., Lan]) -> None:
    one = lan(DestinationSpec(THERE))
    one.send(alert=replace(ALERT, time=77))
    assert one.traps[0].variable[18:22] == bytes(4)


def test_a_long_string_is_cut_to_what_a_trap_holds(lan: Callable[..., Lan]) -> None:
    one = lan(DestinationSpec(THERE))
    one.send(alert=replace(ALERT, text=b"x" * 64))
    assert len(one.traps[0].variable) == 110


def test_each_trap_has_a_number_of_its_own_and_the_community_of_the_channel(lan: Callable[..., Lan]) -> None:
    one = lan(DestinationSpec(THERE), DestinationSpec(IPv4Address("192.0.2.51")))
    one.parameters.set(p.CommunityString(community=b"machine room".ljust(18, b"\0")))
    one.send(1)
    one.send(2)
    assert [trap.variable[16:18] for trap in one.traps] == [b"\0\1", b"\0\2"]
    assert [trap.community for trap in one.traps] == [b"machine room"] * 2
    assert [address[0] for _, _, address in one.sent] == ["192.0.2.50", "192.0.2.51"]


def test_unacknowledged_it_is_sent_once_and_as_often_again_as_it_is_set(lan: Callable[..., Lan]) -> None:
    one = lan(DestinationSpec(THERE, timeout_s=4, retries=2))
    one.send()
    one.home.clock.advance(60)
    assert one.times == [100.0, 104.0, 108.0]
    assert len({data for _, data, _ in one.sent}) == 1
    assert one.ended == [AlertStatus.NORMAL_END]


def test_acknowledged_it_is_repeated_until_nobody_has_answered(lan: Callable[..., Lan]) -> None:
    one = lan(DestinationSpec(THERE, acknowledged=True, timeout_s=2, retries=1))
    one.send()
    one.home.clock.advance(3.9)
    assert (one.times, one.ended) == ([100.0, 102.0], [])
    one.home.clock.advance(0.2)
    assert one.ended == [AlertStatus.ACKNOWLEDGE_TIMEOUT]
    assert not one.alerts.acknowledged(ACKNOWLEDGE)


ACKNOWLEDGE = PetAcknowledge(
    sequence_number=1, local_timestamp=435_071_844, event_source_type=0x20, sensor_device=0x41,
    sensor_number=0x73, event_data1=0x80, event_data2=0x01, event_data3=0xFF,
)  # fmt: skip


def test_an_acknowledge_ends_it(lan: Callable[..., Lan]) -> None:
    one = lan(DestinationSpec(THERE, acknowledged=True, timeout_s=2, retries=7))
    one.send()
    assert one.alerts.acknowledged(ACKNOWLEDGE)
    assert one.ended == [AlertStatus.NORMAL_END]
    one.home.clock.advance(60)
    assert len(one.sent) == 1
    assert not one.alerts.acknowledged(ACKNOWLEDGE)


@pytest.mark.parametrize(
    "change",
    [
        {"sequence_number": 2}, {"local_timestamp": 1}, {"event_source_type": 0x21}, {"sensor_device": 0x20},
        {"sensor_number": 1}, {"event_data1": 0}, {"event_data2": 0}, {"event_data3": 0},
    ],
)  # fmt: skip
def test_all_fields_of_an_acknowledge_must_be_the_traps(
    lan: Callable[..., Lan], change: dict[str, int]
) -> None:
    one = lan(DestinationSpec(THERE, acknowledged=True))
    one.send()
    assert not one.alerts.acknowledged(ACKNOWLEDGE.replace(**change))
    assert one.ended == []


def test_what_wants_no_acknowledge_takes_none(lan: Callable[..., Lan]) -> None:
    one = lan(DestinationSpec(THERE, retries=1))
    one.send()
    assert not one.alerts.acknowledged(ACKNOWLEDGE)


def test_a_destination_without_an_address_fails(
    lan: Callable[..., Lan], caplog: pytest.LogCaptureFixture
) -> None:
    one = lan()
    with caplog.at_level(logging.WARNING):
        one.send()
    assert (one.ended, one.sent) == ([AlertStatus.CALL_RETRIES_FAILED], [])
    assert "no address" in caplog.text


def test_a_makers_destination_type_fails(lan: Callable[..., Lan], caplog: pytest.LogCaptureFixture) -> None:
    one = lan(DestinationSpec(THERE))
    kind = p.DestinationType(
        destination=1, acknowledged=False, kind=p.DestinationKind.OEM_1, timeout=3, retries=0
    )
    one.parameters.set(kind)
    assert one.alerts.kind(1) == 6
    one.send()
    assert one.ended == [AlertStatus.CALL_RETRIES_FAILED]
    assert "a maker's own" in caplog.text


def test_without_pysnmp_alerts_fail_and_say_why(
    lan: Callable[..., Lan], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    one = lan(DestinationSpec(THERE))
    monkeypatch.setitem(sys.modules, "pysnmp.proto.api.v1", None)
    one.send()
    assert (one.ended, one.sent) == ([AlertStatus.CALL_RETRIES_FAILED], [])
    assert "pip install 'baseboard[snmp]'" in caplog.text


def test_numbers_go_round_and_pass_over_those_under_way(lan: Callable[..., Lan]) -> None:
    one = lan(DestinationSpec(THERE, acknowledged=True, timeout_s=1, retries=7))
    one.alerts._sequence = 0xFFFE
    one.send()
    one.send()
    assert [trap.variable[16:18] for trap in one.traps] == [b"\xff\xff", b"\0\1"]
    one.alerts._sequence = 0
    one.send()
    assert one.traps[-1].variable[16:18] == b"\0\2"


def test_the_end_of_the_bmc_ends_it(lan: Callable[..., Lan]) -> None:
    one = lan(DestinationSpec(THERE, retries=7))
    one.send()
    one.alerts.stop()
    one.home.clock.advance(60)
    assert (len(one.sent), one.ended) == (1, [])


def test_another_port_for_receivers_that_may_not_have_162(lan: Callable[..., Lan]) -> None:
    one = lan(DestinationSpec(THERE), pef=replace(BLUEPRINT.pef, trap_port=1162))
    one.send()
    assert one.sent[0][2] == ("192.0.2.50", 1162)


def test_a_trap_for_another_way_waits_for_its_own_acknowledge(lan: Callable[..., Lan]) -> None:
    it = lan()
    told: list[str] = []
    data, sequence = it.alerts.trap(ALERT, THERE, b"office", lambda: told.append("acknowledged"))
    trap = SnmpTrap.decode(data)
    assert (trap.agent, trap.community) == (THERE, b"office")
    other, following = it.alerts.trap(ALERT, THERE, b"office", lambda: told.append("other"))
    assert following != sequence
    assert SnmpTrap.decode(other).variable != trap.variable
    said = PetAcknowledge(
        sequence_number=sequence,
        local_timestamp=int.from_bytes(trap.variable[18:22], "big"),
        event_source_type=0x20,
        sensor_device=0x41,
        sensor_number=0x73,
        event_data1=0x80,
        event_data2=0x01,
        event_data3=0xFF,
    )
    assert not it.alerts.acknowledged(said.replace(sensor_number=0x74))
    assert it.alerts.acknowledged(said)
    assert told == ["acknowledged"]
    it.alerts.forget(sequence)
    it.alerts.forget(sequence)
    assert not it.alerts.acknowledged(said)
