"""BMCs with other controllers around them, asked in step with virtual time."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any, TypeVar, cast

from baseboard.bmc.blueprint import Physics, SensorSpec, Thresholds
from baseboard.bmc.blueprint.bridging import ConnectorSpec, IcmbSpec, SatelliteSpec
from baseboard.bmc.context import Origin
from baseboard.bmc.services.icmb_line import IcmbLine
from baseboard.bmc.store import MemoryStore
from baseboard.codes import EventReadingType, SensorType, SensorUnit
from baseboard.commands.declaration import Request, Response
from baseboard.errors import CompletionError
from baseboard.testing.clock import VirtualClock
from tests.bmc.fakes import BLUEPRINT
from tests.bmc.harness import Bench

R = TypeVar("R", bound=Response)

TEMPERATURE = SensorSpec(
    number=1,
    name="PSU Temp",
    sensor_type=SensorType.TEMPERATURE,
    base_unit=SensorUnit.DEGREES_C,
    thresholds=Thresholds(lower_critical=5, upper_non_critical=60, upper_critical=70),
    physics=Physics(on=41),
)
"""One degree is one count."""

SLOT = SensorSpec(
    number=2, name="Slot", sensor_type=SensorType.SLOT, event_type=EventReadingType.SENSOR_SPECIFIC,
    states=0b0111, record=2, physics=Physics("state", states=0b0001, states_off=0b0001),
)  # fmt: skip

SATELLITE = SatelliteSpec(
    address=0x82, name="PSU", device_id=0x34, firmware_major=1, firmware_minor="02", manufacturer_id=0x0157,
    product_id=0x1234, sensors=(TEMPERATURE, SLOT),
)  # fmt: skip
FAR = SatelliteSpec(address=0x72, name="far", behind=0x82, channel=7, device_id=0x77)
NEAR = 0x0101
OTHER = 0x0202

_STEPS = 5000


class _Asked:
    def __init__(self, netfn: int, lun: int, cmd: int, data: bytes) -> None:
        self.netfn, self.lun, self.cmd, self.data = netfn, lun, cmd, data


async def answer(
    bench: Bench, netfn: int, cmd: int, data: bytes = b"", *, origin: Origin | None = None, lun: int = 0
) -> bytes:
    """Completion code and data of a request that may take its time; time runs until it is answered."""
    answers: list[bytes] = []
    bench.controller.handle(_Asked(netfn, lun, cmd, data), origin or bench.origin(), answers.append)
    for _ in range(_STEPS):
        if answers:
            return answers[0]
        for _ in range(3):
            await asyncio.sleep(0)
        due = bench.clock.next_due()
        if not answers and due is not None:
            bench.clock.advance_to(due)
    raise AssertionError("nobody answered")


async def execute(bench: Bench, request: Request[R], *, origin: Origin | None = None) -> R:
    """The response to a request that may take its time.

    Raises:
        CompletionError: it was refused.
    """
    known = request.command
    data = await answer(bench, known.netfn, known.cmd, request.encode(), origin=origin)
    if data[0]:
        raise CompletionError(data[0])
    return cast(R, known.response.decode(data[1:]))


def chassis(*addresses: int, line: IcmbLine | None = None, **changes: Any) -> list[Bench]:
    """BMCs on one ICMB and one virtual time, the first with a satellite; address 0 looks for one."""
    clock = VirtualClock(now=1000.0)
    shared = line or IcmbLine(clock)
    made: list[Bench] = []
    for number, address in enumerate(addresses):
        connectors = (ConnectorSpec(f"Port {number}", 1), ConnectorSpec("Spare"))
        blueprint = replace(
            BLUEPRINT,
            identity=replace(BLUEPRINT.identity, name=f"chassis-{number}", device_id=0x40 + number),
            icmb=IcmbSpec(channel=7, address=address, connectors=connectors),
            satellites=(SATELLITE,),
            **changes,
        )
        bench = Bench(blueprint, MemoryStore(), clock)
        bench.services.icmb.join(shared)
        made.append(bench)
    return made
