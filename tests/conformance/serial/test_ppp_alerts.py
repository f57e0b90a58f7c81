"""Alerts and callbacks over PPP: the BMC dials, the link comes up (§17.12, §25.10, Table 25-4)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from baseboard.commands.parameters.serial import ConnectionMode
from baseboard.commands.parameters.serial_dialing import (
    DestinationInfo,
    DestinationIpAddress,
    DestinationKind,
)
from baseboard.commands.sensor.pef import AlertStatus, PetAcknowledge
from baseboard.commands.transport.serial import Callback, SetSerialModemConfiguration
from baseboard.links.ppp import Proof
from baseboard.records.pet import PlatformEventTrap
from baseboard.rmcp.snmp_trap import SnmpTrap
from tests.conformance.marks import exercises
from tests.ppp_console import BMC, OURS, SETTINGS, Dialer
from tests.serial_benches import ALERT, NUMBER, Far, Pager

PPP_SETTINGS = replace(SETTINGS, wanted=Proof.CHAP_MD5, secret={b"rack": b"secret"}.get)
SET = 0x10


class Office(Pager):
    """A BMC with a modem, and a number at which a machine speaks PPP."""

    def __init__(self, number: str = "5550177", **info: Any) -> None:
        super().__init__()
        self.far = Far()
        self.dialer = Dialer(self.bench.clock, self.far.type, PPP_SETTINGS)
        self.modem.network[number] = self.far
        self.dial_string(3, number)
        for selector, data in (
            (38, b"\x02\x03"), (40, b"\x02rack"), (42, b"\x02secret"), (43, b"\x02\x01"), (44, b"\x02\x05"),
        ):  # fmt: skip
            assert self.bench.raw(0x0C, SET, bytes((2, selector)) + data) == b"\0"
        self.set(
            DestinationIpAddress(set_selector=1, address=OURS),
            DestinationInfo(destination=5, kind=DestinationKind.PPP_ALERT, upper=1, lower=2, **info),
        )

    def talk(self, seconds: float) -> None:
        """Let time pass, and the machine answer."""
        for _ in range(int(seconds * 4)):
            if self.far.connected:
                self.dialer.hear(bytes(self.far.heard))
                self.far.heard.clear()
                self.dialer.settle()
            self.bench.advance(0.25)

    @property
    def traps(self) -> list[bytes]:
        return [datagram.data for _, datagram in self.dialer.strays if datagram.destination == 162]


@exercises(SetSerialModemConfiguration)
def test_an_alert_dials_logs_in_and_sends_a_trap() -> None:
    office = Office()
    office.send(5)
    office.talk(4.0)
    assert office.far.connected
    assert office.dialer.events[0].peer == b"rack"  # type: ignore[union-attr]  # the link came up
    (data,) = office.traps
    trap = SnmpTrap.decode(data)
    assert (trap.agent, trap.community) == (BMC, b"public")
    assert PlatformEventTrap.decode(trap.variable).sensor_number == ALERT.event.sensor_number
    assert office.ended == []
    office.talk(20.0)
    assert office.ended == [AlertStatus.NORMAL_END]
    assert not office.far.connected
    assert not office.serial.mux.alerting


@exercises(SetSerialModemConfiguration)
def test_44_the_link_stays_as_long_as_the_account_says() -> None:
    office = Office()
    assert office.bench.raw(0x0C, SET, b"\x02\x2c\x02\x28") == b"\0"  # 40 s
    office.send(5)
    office.talk(30.0)
    assert office.dialer.up
    office.talk(40.0)
    assert not office.dialer.up
    assert office.ended == [AlertStatus.NORMAL_END]


@exercises(SetSerialModemConfiguration)
def test_17_an_alert_that_nobody_acknowledges_is_repeated() -> None:
    office = Office(acknowledged=True, alert_retries=2, timeout=1)
    office.send(5)
    office.talk(40.0)
    assert len(office.traps) == 3
    assert len(set(office.traps)) == 1
    assert office.ended == [AlertStatus.ACKNOWLEDGE_TIMEOUT]


@exercises(PetAcknowledge, SetSerialModemConfiguration)
def test_30_8_an_acknowledge_ends_the_repetitions() -> None:
    office = Office(acknowledged=True, alert_retries=7, timeout=9)
    office.send(5)
    office.talk(10.0)
    (data,) = office.traps
    trap = PlatformEventTrap.decode(SnmpTrap.decode(data).variable)
    told = PetAcknowledge(
        sequence_number=trap.sequence_number, local_timestamp=trap.local_timestamp,
        event_source_type=trap.event_source_type, sensor_device=trap.sensor_device,
        sensor_number=trap.sensor_number, event_data1=0x59, event_data2=0x60, event_data3=0x70,
    )  # fmt: skip
    wrong = told.replace(event_data3=0x71)
    assert office.bench.raw(4, 0x17, wrong.encode()) != b"\0"
    assert office.bench.raw(4, 0x17, told.encode()) == b"\0"
    office.talk(30.0)
    assert len(office.traps) == 1
    assert office.ended == [AlertStatus.NORMAL_END]
    assert office.bench.raw(4, 0x17, told.encode()) != b"\0"


@pytest.mark.parametrize("why", ["nobody", "secret"])
@exercises(SetSerialModemConfiguration)
def test_an_alert_without_a_link_has_failed(why: str) -> None:
    office = Office(call_retries=0)
    if why == "nobody":
        office.modem.network.clear()
    else:
        office.bench.raw(0x0C, SET, b"\x02\x2a\x02wrong")
    office.send(5)
    office.talk(120.0)
    assert office.traps == []
    assert office.ended == [AlertStatus.CALL_RETRIES_FAILED]
    assert not office.far.connected


@exercises(Callback, SetSerialModemConfiguration)
def test_25_10_a_console_is_called_back_in_ppp() -> None:
    office = Office(NUMBER)
    office.dialer.link.settings = SETTINGS
    office.set(
        ConnectionMode(direct=False, basic=True, terminal=True, ppp=True),
        DestinationInfo(destination=1, kind=DestinationKind.PPP_CALLBACK, lower=2),
    )
    assert office.callback() == b"\0"
    office.talk(20.0)
    assert office.dialer.up
    console = office.dialer.console()
    told = console.ask(6, 0x3D, b"\0")
    assert told is not None
    assert told[7:13] == b"\x01\x01" + OURS.packed  # callback messaging, destination 1
    assert console.ask(6, 0x01) is not None
    office.dialer.hang_up()
    office.talk(5.0)
    assert not office.far.connected
