"""Which events are sent, and with what data."""

from __future__ import annotations

from dataclasses import replace

from baseboard.bmc.blueprint import SensorSpec
from baseboard.bmc.services.events import Event, Events
from baseboard.bmc.services.messaging import Messaging
from baseboard.bmc.services.sel import Sel
from baseboard.bmc.services.sensor_publishing import Publisher
from baseboard.bmc.services.sensor_settings import SensorSettings
from baseboard.bmc.services.sensor_template import Catalogue
from baseboard.bmc.services.sensor_watch import Watch
from baseboard.bmc.services.sensor_writing import EventDataWritten
from baseboard.codes import SensorType
from tests.bmc.services.homes import make_home
from tests.bmc.services.sensor_specs import PRESENCE, TEMPERATURE, WATCHDOG

BOOTED = SensorSpec(number=9, name="Boot", sensor_type=SensorType.SYSTEM_BOOT_INITIATED, event_type=0x6F)
EXPIRED = Event(SensorType.WATCHDOG_2, 4, 0x6F, b"\xc1\x24\xff")


class Rig:
    """A publisher, and what reached the event receiver."""

    def __init__(self, *specs: SensorSpec) -> None:
        home = make_home(sensors=specs)
        self.events = Events(home, Sel(home), Messaging(home))
        self.catalogue = Catalogue(specs)
        self.settings = SensorSettings(home.journal, self.catalogue)
        self.watch = Watch(len(specs))
        self.publisher = Publisher(self.events, self.catalogue, self.settings, self.watch)
        self.seen: list[Event] = []
        self.events.listeners.append(self.seen.append)

    def news(self) -> list[str]:
        told = ["+-"[event.deassertion] + event.data.hex(" ") for event in self.seen]
        self.seen.clear()
        return told


def test_29_7_threshold_events_hold_reading_and_threshold_and_go_out_in_order() -> None:
    rig = Rig(TEMPERATURE)
    (inlet,) = rig.catalogue.sensors
    rig.publisher.send(inlet, 60, 1 << 7 | 1 << 9, 1 << 2)
    assert rig.news() == ["-52 3c 05", "+57 3c 28", "+59 3c 32"]


def test_29_7_event_data_of_the_writer() -> None:
    rig = Rig(PRESENCE)
    (slot,) = rig.catalogue.sensors
    rig.publisher.send(slot, 0, 1, 0)
    rig.publisher.send(slot, 0, 2, 0, EventDataWritten(b"\xa5\x11\x22", keep_offset=True))
    rig.publisher.send(slot, 0, 2, 0, EventDataWritten(b"\xa5\x11\x22", keep_offset=False))
    assert rig.news() == ["+00 ff ff", "+a1 11 22", "+a5 11 22"]


def test_35_10_what_is_switched_off_is_not_sent() -> None:
    rig = Rig(PRESENCE)
    (slot,) = rig.catalogue.sensors
    rig.settings.put(slot, slot.settings._replace(assertions=0b10, deassertions=0b01))
    rig.publisher.send(slot, 0, 0b11, 0b11)
    assert rig.news() == ["-00 ff ff", "+01 ff ff"]
    rig.settings.put(slot, slot.settings._replace(events_enabled=False))
    rig.publisher.send(slot, 0, 0b11, 0b11)
    assert rig.news() == []


def test_35_10_events_of_other_services_can_be_switched_off_too() -> None:
    rig = Rig(WATCHDOG)
    (dog,) = rig.catalogue.sensors
    rig.events.publish(EXPIRED)
    assert rig.news() == ["+c1 24 ff"]
    for changes in ({"assertions": 0x10D}, {"events_enabled": False}, {"scanning_enabled": False}):
        rig.settings.put(dog, dog.settings._replace(**changes))
        rig.events.publish(EXPIRED)
        assert rig.news() == []
        assert rig.watch.held(dog) == 0b10
    rig.settings.put(dog, dog.settings._replace(deassertions=0))
    rig.events.publish(replace(EXPIRED, deassertion=True))
    assert rig.news() == []
    assert rig.watch.held(dog) == 0


def test_35_15_events_of_other_services_have_the_type_that_was_set() -> None:
    rig = Rig(replace(WATCHDOG, lun=1))
    (dog,) = rig.catalogue.sensors
    rig.settings.put(dog, dog.settings._replace(sensor_type=0xC1, event_type=0x70))
    rig.events.publish(EXPIRED)
    (event,) = rig.seen
    assert (event.sensor_type, event.event_type, event.generator_id) == (0xC1, 0x70, 0x120)


def test_what_no_sensor_is_about_goes_out_as_it_is() -> None:
    rig = Rig(WATCHDOG, BOOTED)
    others = (
        replace(EXPIRED, sensor_number=77),
        replace(EXPIRED, sensor_type=SensorType.FAN),
        replace(EXPIRED, generator_id=0x41),
        Event(SensorType.SYSTEM_BOOT_INITIATED, 9, 0x6F, b"\xf7\x01\x01"),
    )
    for event in others:
        rig.events.publish(event)
    assert rig.seen == list(others)
    assert rig.watch.held(rig.catalogue.sensors[0]) == 0
