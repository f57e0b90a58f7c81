"""A whole BMC that filters events, the traps that it sends, and the consoles that set it up."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address
from typing import Any

from baseboard.bmc.blueprint import SensorSpec
from baseboard.bmc.blueprint.pef import FACTORY_FILTERS, NO_POLICY, DestinationSpec, PefSpec
from baseboard.bmc.store import MemoryStore
from baseboard.codes import EventReadingType, SensorType
from baseboard.commands.parameters.pef import (
    AlertPolicy,
    AlertPolicyTable,
    EventFilter,
    EventFilterTable,
    PefActions,
    PefControl,
    PefParameter,
)
from baseboard.commands.sensor.events import PlatformEvent
from baseboard.commands.sensor.pef import GetPefConfigurationParameters, SetPefConfigurationParameters
from baseboard.rmcp.machine import Address
from baseboard.rmcp.snmp_trap import SnmpTrap
from baseboard.testing.clock import VirtualClock
from tests.bmc.fakes import BLUEPRINT
from tests.conformance.bench import CAST, EVERY_TYPE, SUITES, WholeBmc

A = PefActions
RECEIVER = IPv4Address("192.0.2.50")
INLET = SensorSpec(number=0x30, name="Inlet", sensor_type=SensorType.TEMPERATURE, entity_id=0x37)
SENSOR_EVENT = 0x04
FREE = 9
"""The first filter that software may change."""


class Alerting(WholeBmc):
    """A BMC whose traps are kept apart from what it answers."""

    @property
    def traps(self) -> list[tuple[SnmpTrap, Address]]:
        """The traps that left so far."""
        return [(SnmpTrap.decode(data), to) for data, to in self.sent if to[1] == 162]

    def put(self, *parameters: PefParameter) -> None:
        """Set parameters through the system interface."""
        for parameter in parameters:
            self.execute(SetPefConfigurationParameters(parameter=parameter))

    def get(self, selector: int, entry: int = 0, block: int = 0) -> bytes:
        """Read a parameter through the system interface."""
        request = GetPefConfigurationParameters(selector=selector, set_selector=entry, block_selector=block)
        return self.execute(request).data

    def filter(self, actions: PefActions, number: int = FREE, **fields: Any) -> None:
        """Have a filter for what the inlet sensor tells."""
        fields.setdefault("sensor_number", INLET.number)
        fields.setdefault("alert_policy_number", 1)
        entry = EventFilter(enabled=True, actions=actions, **fields)
        self.put(EventFilterTable(filter_number=number, entry=entry))

    def policy(self, entry: int = 1, **fields: Any) -> None:
        """Have an entry of policy 1."""
        described = {"policy_number": 1, "channel": 1, "destination_selector": 1, **fields}
        self.put(AlertPolicyTable(entry_number=entry, entry=AlertPolicy(enabled=True, **described)))

    def happen(self, data: str = "595A58", sensor: int = INLET.number) -> None:
        """The inlet gets too hot, as system software tells."""
        self.raw(SENSOR_EVENT, 0x02, bytes((0x41, 0x04, 0x01, sensor, 0x01)) + bytes.fromhex(data))

    def again(self) -> Alerting:
        """The BMC as it comes back after a crash."""
        self.controller.stop()
        return Alerting(self.blueprint, self.store, self.clock)


def alerting(*destinations: DestinationSpec, on: bool = True, **pef: Any) -> Alerting:
    """A BMC whose filtering is on, with these destinations; the manufacturer's filters are off."""
    lan = replace(
        BLUEPRINT.lan,
        suites=tuple((suite, 4) for suite in SUITES),
        auth_types=EVERY_TYPE,
        destinations=destinations,
        ip="192.0.2.10",
    )
    pef.setdefault("policies", (NO_POLICY,) * 8)
    pef.setdefault("filters", tuple(one.replace(enabled=False) for one in FACTORY_FILTERS))
    blueprint = replace(
        BLUEPRINT, users=CAST, lan=lan, sensors=(INLET,), pef=replace(PefSpec(), **pef), powered=True
    )
    bmc = Alerting(blueprint, MemoryStore(), VirtualClock(now=1000.0))
    if on:
        bmc.put(PefControl(enabled=True))
    bmc.backend.calls.clear()
    return bmc


def temperature(sensor: int = INLET.number, offset: int = 9) -> PlatformEvent:
    """An event message of a threshold sensor."""
    return PlatformEvent(
        sensor_type=SensorType.TEMPERATURE,
        sensor_number=sensor,
        event_type=EventReadingType.THRESHOLD,
        event_data1=0x50 | offset,
        event_data2=0x5A,
        event_data3=0x58,
    )


__all__ = ["FREE", "INLET", "RECEIVER", "SENSOR_EVENT", "A", "Alerting", "alerting", "temperature"]
