"""The tables about other controllers: what they may say."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.bmc.configuration.bridging_layout import Connector, Icmb, SatelliteBase
from tests.bmc.configuration.files import HERE, ONE, assert_mistake


def test_defaults() -> None:
    satellite, bridge = SatelliteBase(address=0x82), Icmb()
    assert (satellite.firmware, satellite.events, satellite.behind) == ("1.00", True, None)
    assert (bridge.line, bridge.channel, bridge.address, bridge.enabled) == ("icmb", 7, 0, True)
    assert Connector(name="A").type == 0


@pytest.mark.parametrize(
    "line",
    [
        "address = 0x83",
        "address = 0x0E",
        "address = 0xF0",
        'firmware = "1.2"',
        "channel = 12",
        "device_id = 256",
    ],
)
def test_a_satellite_that_cannot_be(tmp_path: Path, line: str) -> None:
    address = "" if line.startswith("address") else "address = 0x82\n"
    assert_mistake(
        tmp_path,
        f"{ONE}[[bmc.satellite]]\n{address}{line} {HERE}\n",
        f"bmc[0].satellite[0].{line.split()[0]}",
    )


@pytest.mark.parametrize("line", ["channel = 0", "address = 0xFFFF", 'line = ""'])
def test_a_bridge_that_cannot_be(tmp_path: Path, line: str) -> None:
    assert_mistake(tmp_path, f"{ONE}[bmc.icmb]\n{line} {HERE}\n", f"bmc[0].icmb.{line.split()[0]}")
