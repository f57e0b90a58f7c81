"""A controller's own SDRs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from baseboard.bmc.blueprint import Physics, SensorSpec
from baseboard.bmc.blueprint.sensors import Traits
from baseboard.bmc.services.events import Events
from baseboard.bmc.services.messaging import Messaging
from baseboard.bmc.services.sdr import SdrRepository
from baseboard.bmc.services.sdr_device import LAST, DeviceSdrs
from baseboard.bmc.services.sel import Sel
from baseboard.bmc.services.sensors import Sensors
from baseboard.codes import Cc, EntityId, SensorType
from baseboard.errors import CompletionError
from tests.bmc.services.homes import FakeHome, make_home
from tests.bmc.services.sensor_specs import EVENT_ONLY, PRESENCE, TEMPERATURE

NOW = 1_750_000_123
BAY = SensorSpec(
    number=8, name="Bay", sensor_type=SensorType.DRIVE_SLOT, event_type=0x6F, states=0b01,
    entity_id=EntityId.DISK_DRIVE_BAY, record=2, physics=Physics("state"),
)  # fmt: skip
DISK = replace(
    TEMPERATURE,
    number=9,
    name="Disk",
    lun=3,
    entity_id=EntityId.DISK_DRIVE_BAY,
    traits=Traits(removable=True),
)


def device(home: FakeHome) -> DeviceSdrs:
    sel = Sel(home)
    return SdrRepository(home, Sensors(home, Events(home, sel, Messaging(home)), sel)).device


def listed(device: DeviceSdrs) -> list[int]:
    """The record IDs in the order in which a console comes upon them."""
    found, following = [], 0
    while following != LAST:
        record, following = device.read(following)
        found.append(int.from_bytes(record[:2], "little"))
    return found


def refused(code: int) -> Any:
    return pytest.raises(CompletionError, match=f"^{code:02X}h")


def test_35_2_device_sdrs_are_as_shipped_whatever_the_repository_holds() -> None:
    home = make_home(sensors=(TEMPERATURE, PRESENCE, EVENT_ONLY))
    sel = Sel(home)
    sdr = SdrRepository(home, Sensors(home, Events(home, sel, Messaging(home)), sel))
    sdr.clear(NOW)
    assert not sdr.device.dynamic
    assert len(sdr.device) == 4
    assert [sdr.device.sensors(lun) for lun in range(4)] == [2, 1, 0, 0]
    assert listed(sdr.device) == [1, 2, 3, 4]
    assert sdr.device.read(LAST) == sdr.device.read(4)
    for unknown in (5, 0xFFFE):
        with refused(Cc.NOT_PRESENT):
            sdr.device.read(unknown)


def test_35_2_sensors_that_are_not_there_have_no_records_and_others_keep_theirs() -> None:
    home = make_home(sensors=(BAY, DISK, PRESENCE))
    assert home.backend.sensors is not None
    states = home.backend.sensors.states
    states["Bay"] = 1
    sdrs = device(home)
    assert sdrs.dynamic
    assert (listed(sdrs), sdrs.sensors(3), sdrs.changes) == ([1, 2, 3, 4], 1, 0)
    held = sdrs.reservation.take()
    states["Bay"] = 0
    assert (listed(sdrs), sdrs.sensors(3), sdrs.changes) == ([1, 3, 4], 0, 1)
    with refused(Cc.RESERVATION_CANCELLED):
        sdrs.reservation.check(held)
    with refused(Cc.NOT_PRESENT):
        sdrs.read(2)
    assert sdrs.read(0)[1] == 3
    states["Bay"] = 1
    assert (listed(sdrs), sdrs.changes) == ([1, 2, 3, 4], 2)


def test_35_2_the_change_indicator_goes_on_after_a_restart() -> None:
    home = make_home(sensors=(BAY, DISK))
    assert home.backend.sensors is not None
    home.backend.sensors.states["Bay"] = 0
    assert device(home).changes == 1
    again = home.again()
    assert again.backend.sensors is not None
    again.backend.sensors.states["Bay"] = 0
    assert device(again).changes == 1
    again.backend.sensors.states["Bay"] = 1
    assert device(again.again()).changes == 2
