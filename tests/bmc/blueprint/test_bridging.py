"""Other controllers in a blueprint: what they are unless told otherwise."""

from __future__ import annotations

import dataclasses
import inspect
from typing import Any

import pytest

from baseboard.bmc.blueprint.bridging import ConnectorSpec, IcmbSpec, IpmbSpec, SatelliteSpec


@pytest.mark.parametrize("part", [SatelliteSpec, ConnectorSpec, IcmbSpec, IpmbSpec])
def test_every_attribute_is_explained(part: type[Any]) -> None:
    explained = (inspect.getdoc(part) or "").partition("Attributes:")[2]
    assert not [field.name for field in dataclasses.fields(part) if f"{field.name}:" not in explained]


def test_a_satellite_sits_on_the_bmcs_bus_and_sends_its_events_there() -> None:
    satellite = SatelliteSpec(0x82)
    assert (satellite.behind, satellite.channel, satellite.events, satellite.sensors) == (0, 0, True, ())


def test_a_bridge_looks_for_an_address_and_works_from_the_start() -> None:
    bridge = IcmbSpec()
    assert (bridge.address, bridge.enabled, len(bridge.connectors)) == (0, True, 1)


def test_a_bmc_is_20h_and_its_own_event_receiver() -> None:
    assert (IpmbSpec().address, IpmbSpec().receiver, IpmbSpec(0x82).receiver) == (0x20, 0x20, 0x82)
    assert IpmbSpec(0x82, event_receiver=0x20).receiver == 0x20
