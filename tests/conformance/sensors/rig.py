"""A BMC with a sensor of each kind, whose readings a test says, and requests byte by byte."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from baseboard.bmc.blueprint import LanSpec, Physics, SensorSpec, Thresholds
from baseboard.bmc.blueprint.sensors import Traits
from baseboard.bmc.store import MemoryStore
from baseboard.codes import EntityId, EventReadingType, NetFn, SensorType, SensorUnit
from baseboard.testing.clock import VirtualClock
from tests.bmc.fakes import BLUEPRINT, FakePower, FakeSensors
from tests.conformance.bench import CAST, EVERY_TYPE, WholeBmc

SENSOR = int(NetFn.SENSOR_EVENT)
OK = b"\0"

INLET = SensorSpec(
    number=0x01, name="Inlet", sensor_type=SensorType.TEMPERATURE, base_unit=SensorUnit.DEGREES_C, nominal=25,
    thresholds=Thresholds(
        lower_non_critical=10, lower_critical=5, upper_non_critical=40, upper_critical=50,
        upper_non_recoverable=60,
    ),
    hysteresis=2,
)  # fmt: skip
"""One degree is one count; no lower non-recoverable threshold."""

BAY = SensorSpec(
    number=0x02, name="Bay", sensor_type=SensorType.DRIVE_SLOT, event_type=EventReadingType.SENSOR_SPECIFIC,
    states=0b0111, entity_id=EntityId.DISK_DRIVE_BAY, record=2,
    physics=Physics("state", states=1, states_off=1),
)  # fmt: skip
LATCH = SensorSpec(
    number=0x03, name="Errors", sensor_type=SensorType.MEMORY, event_type=EventReadingType.SENSOR_SPECIFIC,
    states=0x4003, auto_rearm=False, record=2,
)  # fmt: skip
TOLD = SensorSpec(
    number=0x04, name="Stop", sensor_type=SensorType.OS_STOP, event_type=EventReadingType.SENSOR_SPECIFIC,
    states=0b0010, record=3, entity_id=EntityId.OPERATING_SYSTEM,
)  # fmt: skip
WATCHDOG = SensorSpec(
    number=0x05, name="Watchdog", sensor_type=SensorType.WATCHDOG_2, event_type=0x6F, states=0x10F, record=2,
    physics=Physics("state", rule="watchdog"),
)  # fmt: skip
PLAIN = SensorSpec(
    number=0x06, name="Watts", sensor_type=SensorType.OTHER_UNITS_BASED_SENSOR, base_unit=SensorUnit.WATTS
)
ELSEWHERE = replace(INLET, number=0x01, lun=1, name="Outlet")
DISK = replace(
    INLET, number=0x07, lun=3, name="Disk", entity_id=EntityId.DISK_DRIVE_BAY, traits=Traits(removable=True)
)
EVERY = (INLET, BAY, LATCH, TOLD, WATCHDOG, PLAIN, ELSEWHERE, DISK)


class Sensors(WholeBmc):
    """A BMC whose readings a test says."""

    @property
    def port(self) -> FakeSensors:
        """Where its readings come from."""
        assert self.backend.sensors is not None
        return self.backend.sensors

    @property
    def power(self) -> FakePower:
        """The system's power lines."""
        assert self.backend.power is not None
        return self.backend.power

    def ask(self, cmd: int, data: str | bytes, lun: int = 0) -> bytes:
        """Completion code and data of a sensor command through the system interface."""
        return self.raw(SENSOR, cmd, bytes.fromhex(data) if isinstance(data, str) else data, lun)

    def show(self, value: float | None, name: str = "Inlet") -> None:
        """A sensor measures this now, and was scanned since."""
        self.port.values[name] = value
        self.advance(10)

    def hold(self, states: int, name: str = "Bay") -> None:
        """These states hold now, and were scanned since."""
        self.port.states[name] = states
        self.advance(10)

    def news(self) -> list[str]:
        """Sensor number, direction and type, event data of the log's entries; then it is cleared."""
        sel = self.services.sel
        entries = [record.hex(" ") for record in self.entries()]
        sel.clear()
        return entries

    def entries(self) -> list[bytes]:
        """The log's entries from the sensor number on."""
        found, following = [], 0
        while following != 0xFFFF and self.services.sel:
            answer = self.raw(0x0A, 0x43, bytes((0, 0)) + following.to_bytes(2, "little") + b"\x00\xff")
            if answer[0]:
                break
            following = int.from_bytes(answer[1:3], "little")
            found.append(answer[3:][11:16])
        return found

    def restarted(self) -> Sensors:
        """The BMC as it comes back after a crash, with readings as they were."""
        values, states = self.port.values, self.port.states
        self.controller.stop()
        again = Sensors(self.blueprint, self.store, self.clock)
        again.port.values, again.port.states = values, states
        return again


def sensors(*specs: SensorSpec, strict: bool = False, **changes: Any) -> Sensors:
    """A BMC with these sensors, or with one of each kind."""
    lan = replace(LanSpec(), suites=((17, 4),), auth_types=EVERY_TYPE)
    blueprint = replace(BLUEPRINT, users=CAST, lan=lan, sensors=specs or EVERY, strict=strict, **changes)
    bmc = Sensors(blueprint, MemoryStore(), VirtualClock(now=1000.0))
    bmc.port.values |= {"Inlet": 25.0, "Watts": 100.0, "Outlet": 30.0, "Disk": 28.0}
    bmc.port.states |= {"Bay": 1, "Errors": 0, "Stop": 0}
    bmc.advance(10)
    return bmc
