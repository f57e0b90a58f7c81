"""Readings of chosen sensors, again and again: what ``sensor watch`` and ``sensor plot`` have in common."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from baseboard.cli.results.native import WatchedReading
from baseboard.client.deadline import remaining
from baseboard.errors import DeadlinePassed
from baseboard.transports import waiting

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc
    from baseboard.client.sensor import Sensor


T = TypeVar("T")


async def until_over(items: AsyncIterator[T], *, endless: bool) -> AsyncIterator[T]:
    """Give what comes; of what has no end of its own, the end of the time given is the end.

    Raises:
        DeadlinePassed: the time is over, and not all came.
    """
    try:
        async for item in items:
            yield item
    except DeadlinePassed:
        if not endless:
            raise


async def readings(bmc: Bmc, names: list[str], interval: float, count: int) -> AsyncIterator[list[Sensor]]:
    """Read sensors every so many seconds.

    Args:
        names: of the sensors; none for all.
        count: how often; 0 = for ever.

    Raises:
        NotFound: there is no sensor of that name.
    """
    chosen = [await bmc.sensors.find(name) for name in names]
    loop = waiting.running()
    done, due = 0, loop.time()
    while True:
        if names:
            yield [await bmc.sensors.read(sensor, thresholds=False) for sensor in chosen]
        else:
            yield list(await bmc.sensors.list())
        done += 1
        if done == count:
            return
        # A slow BMC is not asked faster for that it is slow.
        due = max(due + interval, loop.time())
        await waiting.sleep(remaining(max(0.0, due - loop.time())))


def found(sensor: Sensor) -> WatchedReading:
    """A sensor's reading as data."""
    return WatchedReading(
        time=datetime.now(UTC).isoformat(timespec="milliseconds"),
        name=sensor.name,
        reading=sensor.reading,
        unit=sensor.unit,
        states=sensor.states,
        status=sensor.status,
        why=sensor.why,
    )


def value(sensor: Sensor) -> str:
    """What a sensor says, in words."""
    if sensor.reading is not None:
        return f"{sensor.reading:.6g} {sensor.unit}".rstrip()
    return ", ".join(sensor.states) or sensor.why or "-"
