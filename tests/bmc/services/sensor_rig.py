"""Sensors in front of readings that a test puts there."""

from __future__ import annotations

from typing import Any

from baseboard.bmc.blueprint import SensorSpec
from baseboard.bmc.services.events import Event, Events
from baseboard.bmc.services.messaging import Messaging
from baseboard.bmc.services.sel import Sel
from baseboard.bmc.services.sensors import Reading, Sensors
from tests.bmc.fakes import FakeSensors
from tests.bmc.services.homes import FakeHome, make_home
from tests.bmc.services.sensor_specs import ALL_KINDS


class Rig:
    """Sensors in front of readings that a test puts there; ``news`` gives the events since last asked."""

    def __init__(self, home: FakeHome) -> None:
        self.home = home
        self.sel = Sel(home)
        self.events = Events(home, self.sel, Messaging(home))
        self.sensors = Sensors(home, self.events, self.sel)
        self.events_seen: list[Event] = []
        self.events.listeners.append(self.events_seen.append)
        assert home.backend.sensors is not None
        self.port: FakeSensors = home.backend.sensors

    def news(self) -> list[tuple[int, str]]:
        """Sensor number, and the event: ``+`` or ``-`` and the three data bytes."""
        seen = [
            (event.sensor_number, "+-"[event.deassertion] + event.data.hex(" ")) for event in self.events_seen
        ]
        self.events_seen.clear()
        return seen

    def show(self, value: float | None, name: str = "Inlet") -> list[tuple[int, str]]:
        self.port.values[name] = value
        self.sensors.scan()
        return self.news()

    def states(self, states: int | None, name: str = "Slot") -> list[tuple[int, str]]:
        self.port.states[name] = states
        self.sensors.scan()
        return self.news()

    def reading(self, number: int = 1, lun: int = 0) -> Reading:
        return self.sensors.reading(self.sensors.find(lun, number))


def rig(*specs: SensorSpec, inlet: float | None = 25.0, **changes: Any) -> Rig:
    home = make_home(sensors=specs or ALL_KINDS, **changes)
    one = Rig(home)
    one.port.values = {"Inlet": inlet, "Watts": 100.0}
    one.port.states = {"Slot": 0b0100, "Stop": 0, "Errors": 0}
    one.sensors.start()
    return one
