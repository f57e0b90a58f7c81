"""The initialization agent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from baseboard.bmc.blueprint.sensors import Init, Traits
from baseboard.bmc.services.events import Events
from baseboard.bmc.services.messaging import Messaging
from baseboard.bmc.services.sdr import SdrRepository
from baseboard.bmc.services.sel import Sel
from baseboard.bmc.services.sensor_initialization import PORTION, InitializationAgent
from baseboard.bmc.services.sensor_template import Settings
from baseboard.bmc.services.sensors import Sensors
from baseboard.records.sdr import (
    FullSensorRecord,
    GlobalInitialization,
    ManagementControllerDeviceLocatorRecord,
    read_sdr,
)
from tests.bmc.services.homes import FakeHome, make_home
from tests.bmc.services.sensor_specs import PRESENCE, TEMPERATURE

NOW = 1_750_000_123
MANY = tuple(replace(TEMPERATURE, number=n, name=f"T{n}") for n in range(1, PORTION + 4))


class Rig:
    """An agent with the services that it works on."""

    def __init__(self, home: FakeHome | None = None, **changes: Any) -> None:
        self.home = home or make_home(**({"sensors": (TEMPERATURE, PRESENCE)} | changes))
        sel = Sel(self.home)
        self.events = Events(self.home, sel, Messaging(self.home))
        self.sensors = Sensors(self.home, self.events, sel)
        self.sdr = SdrRepository(self.home, self.sensors)
        self.agent = InitializationAgent(self.home, self.sdr, self.sensors, self.events)

    def settings(self, number: int = 1, lun: int = 0) -> Settings:
        return self.sensors.settings.of(self.sensors.find(lun, number))

    def change(self, number: int = 1, **changes: Any) -> None:
        sensor = self.sensors.find(0, number)
        self.sensors.configure(sensor, self.sensors.settings.of(sensor)._replace(**changes))

    def add(self, **changes: Any) -> None:
        """Another record of the first sensor."""
        record = read_sdr(self.sensors.find(0, 1).record)
        assert isinstance(record, FullSensorRecord)
        self.sdr.add(record.replace(**changes).encode(), NOW)


def test_33_6_it_sets_what_the_records_say() -> None:
    rig = Rig()
    rig.agent.start()
    rig.change(positive=9, assertions=0, sensor_type=0xC1)
    rig.agent.run()
    assert rig.agent.completed
    assert rig.settings() == rig.sensors.find(0, 1).settings


def test_33_6_it_leaves_what_the_records_do_not_name() -> None:
    spec = replace(TEMPERATURE, traits=Traits(init=Init.EVENTS))
    rig = Rig(sensors=(spec,))
    rig.agent.start()
    rig.change(
        positive=9,
        thresholds=bytes((0, 1, 0, 2, 3, 0)),
        assertions=0,
        scanning_enabled=False,
        sensor_type=0xC1,
    )
    rig.agent.run()
    found = rig.settings()
    assert (found.positive, found.thresholds, found.sensor_type) == (9, bytes((0, 1, 0, 2, 3, 0)), 0xC1)
    assert not found.scanning_enabled
    assert found.assertions == 0x284


def test_33_6_the_last_record_of_a_sensor_counts_and_whatever_else_is_there_is_passed_over() -> None:
    rig = Rig()
    rig.agent.start()
    rig.sdr.add(b"\0\0\x51\x01\x01\x20", NOW)  # of a full sensor record only the beginning
    rig.sdr.add(b"\0\0\x51\x7f\x00", NOW)  # of a type that nobody knows
    rig.add(upper_critical=77)
    rig.agent.run()
    assert rig.settings().thresholds[4] == 77


def test_33_6_it_works_through_many_sensors_in_portions_and_can_begin_anew() -> None:
    rig = Rig(sensors=MANY)
    rig.agent.start()
    for number in (1, PORTION + 1):
        rig.change(number, positive=9)
    rig.agent.run()
    assert not rig.agent.completed
    assert [rig.settings(number).positive for number in (1, PORTION + 1)] == [2, 9]
    rig.change(1, positive=8)
    rig.agent.run()
    assert [rig.settings(number).positive for number in (1, PORTION + 1)] == [2, 9]
    rig.home.clock.advance(0.1)
    assert rig.agent.completed
    assert rig.settings(PORTION + 1).positive == 2
    rig.change(PORTION + 1, positive=9)
    rig.agent.run()
    rig.agent.stop()
    rig.agent.stop()
    assert rig.home.clock.next_due() is None


def test_33_6_a_start_of_the_controller_leaves_what_was_set() -> None:
    rig = Rig()
    rig.agent.start()
    rig.change(positive=9)
    again = Rig(rig.home.again())
    again.agent.start()
    assert again.settings().positive == 9


def test_33_6_records_that_came_since_the_last_run_are_worked_through_at_the_start() -> None:
    rig = Rig()
    rig.agent.start()
    rig.add(upper_critical=77)
    assert rig.settings().thresholds[4] == 50
    slot = rig.sensors.find(1, 2)
    rig.sensors.configure(slot, slot.settings._replace(assertions=0))
    again = Rig(rig.home.again())
    again.agent.start()
    assert again.settings().thresholds[4] == 77
    # sensors without a new record keep what commands have set
    assert again.settings(2, 1).assertions == 0
    again.change(positive=9)
    third = Rig(again.home.again())
    third.agent.start()
    assert third.settings().positive == 9
    third.sdr.delete(0xFFFF, NOW)
    third.agent.run()
    assert third.settings().thresholds[4] == 50
    last = Rig(third.home.again())
    last.change(positive=9)
    last.agent.start()
    assert last.settings().positive == 9


def test_33_6_a_system_that_starts_before_the_controller_is_ready_is_not_forgotten() -> None:
    rig = Rig()
    rig.change(positive=9)
    rig.agent.run()
    assert rig.settings().positive == 9
    rig.agent.start()
    assert rig.settings().positive == 2


def test_43_8_a_new_locator_is_worked_through_at_the_start_too() -> None:
    rig = Rig()
    rig.agent.start()
    rig.sdr.add(locator(GlobalInitialization.DISABLE_EVENTS), NOW)
    again = Rig(rig.home.again())
    again.agent.start()
    assert again.events.receiver == 0xFF
    again.events.set_receiver(0x20, 0)
    third = Rig(again.home.again())
    third.agent.start()
    assert third.events.receiver == 0x20


def locator(how: GlobalInitialization, address: int = 0x20) -> bytes:
    return ManagementControllerDeviceLocatorRecord(
        slave_address=address, global_initialization=how, id_string="MC"
    ).encode()


def test_43_8_the_locator_says_where_events_go() -> None:
    rig = Rig()
    rig.agent.start()
    rig.events.set_receiver(0x52, 1)
    rig.agent.run()
    assert (rig.events.receiver, rig.events.receiver_lun) == (0x20, 0)
    rig.sdr.add(locator(GlobalInitialization.DISABLE_EVENTS), NOW)
    rig.sdr.add(locator(GlobalInitialization.DO_NOT_INITIALIZE, 0x82), NOW)
    rig.agent.run()
    assert rig.events.receiver == 0xFF
    rig.sdr.add(locator(GlobalInitialization.DO_NOT_INITIALIZE), NOW)
    rig.change(positive=9)
    rig.agent.run()
    assert rig.events.receiver == 0xFF
    assert rig.settings().positive == 9
    rig.sdr.clear(NOW)
    rig.agent.run()
    assert rig.events.receiver == 0x20
    assert rig.settings().positive == 9


def test_33_6_sensors_that_share_a_record_are_all_set_by_it() -> None:
    alike = tuple(
        replace(PRESENCE, number=20 + n, lun=0, name=f"Bay {n}", traits=Traits(share="Bay "))
        for n in range(3)
    )
    rig = Rig(sensors=alike)
    assert len(rig.sdr) == 2
    rig.agent.start()
    for number in (20, 22):
        rig.change(number, assertions=0)
    rig.agent.run()
    assert [rig.settings(number).assertions for number in (20, 21, 22)] == [0b11] * 3
