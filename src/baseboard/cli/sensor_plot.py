"""``baseboard sensor plot``: charts of readings over time, in a terminal."""

from __future__ import annotations

import shutil
import sys
from collections import deque
from typing import TYPE_CHECKING, Final

from baseboard.cli import watching
from baseboard.cli.chart import chart
from baseboard.cli.failures import DONE, FAILED
from baseboard.cli.ipmitool.text import printable
from baseboard.cli.long_options import UsageError, number

if TYPE_CHECKING:
    from baseboard.cli.native_call import NativeCall
    from baseboard.client.sensor import Sensor

_INTERVAL: Final = 1.0
_COUNT: Final = 60
_KEPT: Final = 4096
_LOWEST, _HIGHEST = 4, 12
_HOME_AND_CLEAR: Final = "\x1b[H\x1b[J"


async def run(call: NativeCall, words: list[str]) -> int:
    """Read sensors ``--count`` times (60) and draw each; on a terminal the drawing grows."""
    if not words:
        raise UsageError("`sensor plot` needs the name of a sensor; `sensor list` tells them")
    interval = number(call.given, "interval", _INTERVAL, least=0.05)
    count = int(number(call.given, "count", _COUNT))
    bmc = await call.bmc()
    courses: dict[str, deque[float | None]] = {}
    text, drawn = "", False
    async for sensors in watching.readings(bmc, words, interval, count):
        for sensor in sensors:
            courses.setdefault(sensor.name, deque(maxlen=_KEPT)).append(sensor.reading)
            if call.json:
                call.found(watching.found(sensor))
        text = draw(sensors, courses, interval)
        if call.terminal:
            call.out(_HOME_AND_CLEAR + text, end="")
            drawn = True
    if not drawn:
        call.out(text, end="")
    measured = any(value is not None for course in courses.values() for value in course)
    return DONE if measured else FAILED


def draw(sensors: list[Sensor], courses: dict[str, deque[float | None]], interval: float) -> str:
    """A chart for each sensor, as large as the terminal lets them be."""
    size = shutil.get_terminal_size()
    height = max(_LOWEST, min(_HIGHEST, (size.lines - 1) // max(1, len(sensors)) - 2))
    plain = "utf" not in (sys.stdout.encoding or "").lower()
    text = ""
    for sensor in sensors:
        course = list(courses[sensor.name])
        text += printable(
            f"{sensor.name}: {watching.value(sensor)}  ({len(course)} readings, {interval:g} s apart)"
        )
        text += "\n" + "".join(line + "\n" for line in chart(course, size.columns, height, plain=plain))
    return text
